/**
 * The SQL that turns rows of an input into the columns of a trace, made of the same tables of spellings and limits that
 * `row.ts` reads with.
 */
import { ACCESS_DENIED, ANONYMOUS, type Charges, UNBILLED_ERRORS, UNBILLED_STATUSES } from '../model/charges.ts';
import {
  GET,
  isAct,
  isRead,
  LIST,
  OPERATION_SPELLINGS,
  OPERATIONS,
  OTHER_READ,
  OTHER_WRITE,
} from '../model/operation.ts';
import { LARGEST_OBJECT_BYTES, NO_CLASS, STORAGE_CLASSES } from '../model/storage-class.ts';
import { LAST_INSTANT } from '../model/time.ts';
import { MARKS_PER_WORD, type Mark, NO_VERSION, NULL_VERSION, ORDER_STEP, packOrder } from '../trace/trace.ts';
import type { ColumnNames, EventColumn } from './columns.ts';
import { LARGEST_COUNT } from './row.ts';
import type { Snapshots } from './snapshots.ts';
import type { Listing } from './source.ts';

/** How an input holds its times: text as in a CSV, an SQL timestamp, or a number since 1970. */
export type TimeType = 'text' | 'timestamp' | 'epoch';

export interface Projection {
  /** Columns of the input, as its reader names them. */
  readonly columns: ColumnNames;
  readonly time: TimeType;
  /** Random text: makes the second half of object ids unpredictable to whoever chose the keys. */
  readonly salt: string;
  readonly marks: readonly Mark[];
  readonly charges: Charges;
  /** The operation is its code, and every number is one that a row may have. */
  readonly isExact?: boolean;
  /** Inventories the trace begins with. */
  readonly snapshots?: Snapshots | undefined;
  /** What the rows are, when they are an inventory's. */
  readonly lists?: Listing['of'] | undefined;
}

/** Value of `w` in an inventory's row that is left out, since requests tell of its object; no time is a half. */
export const LEFT_OUT = -0.5;

/** Columns of a trace that are only there when an input has them; the others have one value throughout. */
export const OPTIONAL_TRACE_COLUMNS = [
  'bytes',
  'count',
  'storage_class',
  'version',
  'tag_count',
  'key_bytes',
  'request',
] as const;

/**
 * The select list of a trace whose rows come as they may: `id` and `id2` (an object's id, 128 bits of hashes of bucket and key), `w` (time and
 * operation; NULL in a row that cannot be read), `size`, then those of `withColumns`, then words of marks `m0`, `m1` ….
 */
export function selectList(projection: Projection, withColumns: readonly string[]): string {
  return [objectIds(projection), `${checkedOrder(projection)} AS w`, ...rowList(projection, withColumns)].join(',\n  ');
}

/** The select list of a trace whose rows were read before and are in order: `object`, the object's number, then as {@link selectList} from `w` on, and `grouped`, the number of the row's group, by SQL. */
export function orderedSelectList(
  projection: Omit<Projection, 'salt'>,
  withColumns: readonly string[],
  group?: string,
): string {
  const list = ['object', `${order(projection)} AS w`, ...rowList(projection, withColumns)];
  return [...list, ...(group ? [`${group} AS grouped`] : [])].join(',\n  ');
}

/** `size` and what follows it. */
function rowList(projection: Omit<Projection, 'salt'>, withColumns: readonly string[]): string[] {
  const { columns, lists } = projection;
  const optional: Readonly<Record<string, string>> = {
    bytes: bytesMoved(columns, projection.isExact),
    count: columns.count ? `coalesce(${name(columns.count)}, 1)` : '1::DOUBLE',
    storage_class: storageClass(columns),
    version: version(columns),
    tag_count: tagCount(columns),
    key_bytes: `strlen(coalesce(${name(columns.key!)}, ''))::UINTEGER`,
    request: request(columns),
  };
  return [
    `coalesce(${name(columns.size!)}, 'nan'::DOUBLE) AS size`,
    ...withColumns.map((column) => `${optional[column]!} AS ${column}`),
    ...markWords(projection),
    ...(lists ? [`${literal(lists)} AS lists`] : []),
  ];
}

/** Time and operation of a row; NULL when it cannot be read. */
export function checkedOrder(projection: Timing): string {
  const faults = unreadable(projection.columns, projection.isExact).map((condition) => `WHEN ${condition} THEN NULL`);
  return `CASE ${faults.join(' ')} ELSE ${unlessAfter(order(projection), projection)} END`;
}

/**
 * The select list by which rows of a trace are given the names of what they are about: `id` and `id2` as in
 * {@link selectList}, `bucket` (empty for none), `key`, and `version_id` with the number that stands for it, `version`.
 */
export function nameList(projection: Pick<Projection, 'columns' | 'salt' | 'snapshots'>): string {
  const { columns, snapshots } = projection;
  const { key, version_id: versionId } = columns;
  const text = (column: string | undefined): string => (column ? `coalesce(${name(column)}, '')` : "''");
  return [
    objectIds(projection),
    `${bucketOf(columns, snapshots)} AS bucket`,
    `${text(key)} AS key`,
    `trim(${text(versionId)}) AS version_id`,
    `${version(columns)} AS version`,
  ].join(',\n  ');
}

/** SQL of an object's id, in two halves. */
export function objectIds({ columns, salt, snapshots }: Pick<Projection, 'columns' | 'salt' | 'snapshots'>): string {
  const key = objectKey(columns, snapshots?.bucket);
  return `hash(${key}) AS id,\n  hash(concat(${literal(salt)}, ${key})) AS id2`;
}

/** UTC milliseconds of a row. */
export function instant({ columns, time }: Pick<Projection, 'columns' | 'time'>): string {
  return TIME[time](name(columns.timestamp!));
}

/**
 * A number by which a record that is there twice is known; 0 where there is no request id. One request may remove several
 * versions of a key.
 */
function request({ request_id: column, version_id: version, size, bytes }: ColumnNames): string {
  if (!column) return '0::UBIGINT';
  const id = version ? `nullif(nullif(trim(${name(version)}), ''), '-')` : 'NULL::VARCHAR';
  const said = `hash(${name(column)}, ${id}, ${name(size!)}, ${bytes ? name(bytes) : 'NULL::DOUBLE'})`;
  return `CASE WHEN coalesce(${name(column)}, '') = '' THEN 0 ELSE ${said} END`;
}

/** @param unnamed bucket of rows that name none */
function objectKey({ key, bucket }: ColumnNames, unnamed = ''): string {
  const path = `coalesce(${name(key!)}, '')`;
  const inBucket = (bucket: string): string => `concat(${bucket}, chr(0), ${path})`;
  const withoutBucket = unnamed === '' ? path : inBucket(literal(unnamed));
  if (!bucket) return withoutBucket;
  return `CASE WHEN coalesce(${name(bucket)}, '') = '' THEN ${withoutBucket} ELSE ${inBucket(name(bucket))} END`;
}

/** The `w` of an inventory's row, or {@link LEFT_OUT}, as `Snapshots.join` has it. */
function unlessAfter(w: string, projection: Timing): string {
  if (!projection.lists || !projection.snapshots?.isJoined) return w;
  return `CASE WHEN ${w} >= ${snapshotOrder(projection)} THEN ${LEFT_OUT} ELSE ${w} END`;
}

/** The `w` of the first instant after the inventory of a row's bucket; 0 where it has none. */
export function snapshotOrder({ columns, snapshots }: Pick<Projection, 'columns' | 'snapshots'>): string {
  const cases = snapshots!.all.map(({ bucket, takenAt }) => `WHEN ${literal(bucket)} THEN ${packOrder(takenAt, 0)}`);
  return `(CASE ${bucketOf(columns, snapshots)} ${cases.join(' ')} ELSE 0 END)`;
}

/** The bucket of a row; that of the inventory where it names none. */
export function bucketOf({ bucket }: ColumnNames, snapshots: Snapshots | undefined): string {
  const unnamed = literal(snapshots?.bucket ?? '');
  return bucket ? `coalesce(nullif(${name(bucket)}, ''), ${unnamed})` : unnamed;
}

/** What the time and operation of a row depend on. */
type Timing = Omit<Projection, 'salt' | 'marks'>;

/** Time and operation of a row that can be read, as `packOrder` packs them. */
export function order({ columns, time, charges, isExact }: Timing): string {
  const milliseconds = TIME[time](name(columns.timestamp!));
  return `(${milliseconds} * ${ORDER_STEP} + ${operationSql(columns, isExact)} * 4 + ${flags(columns, charges)})::DOUBLE`;
}

/**
 * What a text is like that DuckDB's cast to TIMESTAMP can be trusted with: it drops an offset without a word, and takes
 * `2025/01/31`, a blank before an hour, seconds of one digit or followed by a point and nothing.
 */
const PLAIN_TIME = '????-??-?[0-9]T[0-2]?:??:?[0-9]';

/**
 * Milliseconds since 1970. Only what is sure to be like `2025-01-31T10:30:00Z`, `2025-01-31T10:30:00.000Z` or
 * `2025-01-31 10:30:00` is cast to TIMESTAMP. The cast to TIMESTAMPTZ (in a session whose zone is UTC) is right but slow.
 * In milliseconds an instant just before 1970 would be 1970: the engine rounds towards 0.
 */
const TIME: Readonly<Record<TimeType, (column: string) => string>> = {
  text: (column) => `CASE
    WHEN ${column} >= '1970' AND (${column} GLOB '${PLAIN_TIME}Z' OR ${column} GLOB '${PLAIN_TIME}.[0-9]*Z' OR ${column} GLOB '${PLAIN_TIME.replace('T', '[T ]')}')
      THEN epoch_ms(TRY_CAST(${column} AS TIMESTAMP))
    WHEN regexp_full_match(trim(${column}), '\\d+(\\.\\d+)?') THEN ${sinceEpoch(`CAST(trim(${column}) AS DOUBLE)`)}
    WHEN regexp_full_match(trim(${column}), ${literal(ISO_TIME)}, 'i') THEN floor(epoch_us(TRY_CAST(trim(${column}) AS TIMESTAMPTZ)) / 1000) END`,
  timestamp: (column) => `epoch_ms(${column})`,
  epoch: sinceEpoch,
};

/** What `parseTimestamp` reads besides numbers; DuckDB's cast takes more than that (`epoch`, `2024/01/01`). */
const ISO_TIME = String.raw`\d{4}-\d{1,2}-\d{1,2}([T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?)?\s*(Z|[+-](0\d|1[0-5])(:?[0-5]\d)?)?`;

/** The largest value of `w` that is an instant from 1970 to 2199. */
export const LARGEST_ORDER: number = packOrder(LAST_INSTANT, 31) + 3;

/** Values of `w` that are such an instant; every other row cannot be read. */
export const READABLE: string = `w BETWEEN 0 AND ${LARGEST_ORDER}`;

/** Remainder of `w`, divided by {@link ORDER_STEP}, that is the first of a request; below it are S3's own acts. */
export const ACTS_END: number = LIST * 4;

/** Whether a readable row of that time and operation is S3's own act. */
export function isActOrder(w: string): string {
  return `((${w}::BIGINT % ${ORDER_STEP}) < ${ACTS_END})`;
}

export const IS_ACT: string = isActOrder('w');

function sinceEpoch(number: string): string {
  return `floor(CASE WHEN ${number} < 1e11 THEN ${number} * 1000 ELSE ${number} END)`;
}

/** NULL for an unknown operation. Exact spellings first: rows that need upper-casing are rare. */
export function operationSql({ operation }: ColumnNames, isExact = false): string {
  /** Code of the operation; NULL for an unknown one. Exact spellings first: rows that need upper-casing are rare. */
  const column = name(operation!);
  if (isExact) return column;
  const common = OPERATIONS.map((short, code) => ({ short, code })).sort(
    (a, b) => commonness(b.code) - commonness(a.code),
  );
  const exact = common.map(({ short, code }) => `WHEN ${literal(short)} THEN ${code}`).join(' ');
  const spelled = OPERATIONS.flatMap((short, code) =>
    OPERATION_SPELLINGS[short].map((text) => `WHEN ${literal(text)} THEN ${code}`),
  ).join(' ');
  return `(CASE ${column} ${exact} ELSE CASE upper(trim(${column})) ${spelled} END END)`;
}

function commonness(code: number): number {
  return code === GET ? 2 : code === LIST ? 0 : isAct(code) ? -1 : 1;
}

/** FAILED is 1, UNCHARGED is 2, as `packOrder` packs them; what `chargeFlags` says of a row. */
function flags({ status, error_code: errorCode, requester }: ColumnNames, charges: Charges): string {
  const success = charges.requesterPays ? `CASE WHEN ${isOtherAccount(requester, charges)} THEN 2 ELSE 0 END` : '0';
  if (!status) return `(${success})`;
  const column = name(status);
  const denied = `(trim(${name(errorCode ?? status)}) = ${literal(ACCESS_DENIED)} AND ${isOutsider(requester, charges)})`;
  const unbilled = errorCode ? `coalesce(${isUnbilled(column, name(errorCode))} OR ${denied}, false)` : 'false';
  return `(CASE WHEN ${column} IS NULL OR ${column} < 300 THEN ${success}
    WHEN ${column} >= 500 OR ${isOneOf(column, UNBILLED_STATUSES.map(String))} THEN 3
    WHEN ${column} <> 304 THEN CASE WHEN ${unbilled} THEN 3 ELSE 1 END ELSE ${success} END)`;
}

/** As IN, which the engine makes a join of: joins keep no order of rows. */
function isOneOf(value: string, values: readonly string[]): string {
  return `list_contains([${values.join(', ')}], ${value})`;
}

function isUnbilled(status: string, errorCode: string): string {
  const ofStatus = Object.entries(UNBILLED_ERRORS).map(
    ([code, errors]) => `WHEN ${code} THEN ${isOneOf(`trim(${errorCode})`, errors.map(literal))}`,
  );
  return `CASE ${status} ${ofStatus.join(' ')} ELSE false END`;
}

function isOutsider(requester: string | undefined, charges: Charges): string {
  return requester ? `(${isAnonymous(requester)} OR ${isOtherAccount(requester, charges)})` : 'false';
}

function isAnonymous(requester: string): string {
  return isOneOf(`lower(trim(coalesce(${name(requester)}, '')))`, ANONYMOUS.map(literal));
}

/** Somebody with an account, other than the owner's. */
function isOtherAccount(requester: string | undefined, { account }: Charges): string {
  if (!requester || account === undefined) return 'false';
  const text = `trim(coalesce(${name(requester)}, ''))`;
  return `(NOT ${isOneOf(text, ["''", literal(account)])} AND NOT ${isAnonymous(requester)} AND NOT contains(${text}, ${literal(`::${account}:`)}))`;
}

/** A number that stands for a version id within its object: 52 bits of its hash, which two of one object do not share. */
function version({ version_id: column }: ColumnNames): string {
  if (!column) return `${NO_VERSION}::DOUBLE`;
  const id = `trim(coalesce(${name(column)}, ''))`;
  const given = `CASE ${id} WHEN '' THEN ${NO_VERSION} WHEN '-' THEN ${NO_VERSION} WHEN 'null' THEN ${NULL_VERSION} ELSE ${NULL_VERSION + 1} + (hash(${id}) >> 12) END`;
  return `(CASE WHEN ${name(column)} IS NULL THEN ${NO_VERSION} ELSE ${given} END)::DOUBLE`;
}

export function tagCount({ tags }: ColumnNames): string {
  if (!tags) return '0::UTINYINT';
  const pairs = `string_split(coalesce(${name(tags)}, ''), '&')`;
  return `least(len(list_distinct([${decoded("split_part(pair, '=', 1)")} FOR pair IN ${pairs} IF pair <> ''])), 255)::UTINYINT`;
}

/** Bytes a row says it moved; NaN when it does not say. */
export function bytesMoved(columns: ColumnNames, isExact = false): string {
  const given = columns.bytes ? name(columns.bytes) : 'NULL';
  if (!columns.status) return `coalesce(${given}, 'nan'::DOUBLE)`;
  const reads = OPERATIONS.map((_, code) => code).filter(isRead);
  const read = isOneOf(operationSql(columns, isExact), reads.map(String));
  return `coalesce(${given}, CASE WHEN ${name(columns.status)} = 304 AND ${read} THEN 0 ELSE 'nan'::DOUBLE END)`;
}

function storageClass({ storage_class: column }: ColumnNames): string {
  if (!column) return `${NO_CLASS}::UTINYINT`;
  const classes = STORAGE_CLASSES.map((text, code) => `WHEN ${literal(text)} THEN ${code}`).join(' ');
  return `(CASE WHEN ${isEmpty(column)} THEN ${NO_CLASS} ELSE CASE upper(trim(${name(column)})) ${classes} END END)::UTINYINT`;
}

/**
 * Conditions of a row that `readRow` would not read; an unknown time or operation makes `w` NULL by itself. A CASE keeps
 * costly conditions for the rows that need them, where AND and OR try their sides in any order.
 */
function unreadable(columns: ColumnNames, isExact = false): string[] {
  const conditions = [
    `CASE WHEN coalesce(${name(columns.key!)}, '') = '' THEN ${operationSql(columns, isExact)} NOT IN (${LIST}, ${OTHER_READ}, ${OTHER_WRITE}) ELSE false END`,
  ];
  const whole = (column: string, least: number, most: number): void => {
    const value = name(column);
    conditions.push(`${value} < ${least} OR ${value} > ${most} OR ${value} <> trunc(${value})`);
  };
  if (!isExact) {
    whole(columns.size!, 0, LARGEST_OBJECT_BYTES);
    if (columns.bytes) whole(columns.bytes, 0, LARGEST_OBJECT_BYTES);
    if (columns.count) whole(columns.count, 1, LARGEST_COUNT);
    if (columns.status) whole(columns.status, 100, 599);
  }
  if (columns.storage_class) {
    conditions.push(`CASE WHEN ${isEmpty(columns.storage_class)} THEN false ELSE ${storageClass(columns)} IS NULL END`);
  }
  return conditions;
}

function isEmpty(column: string): string {
  return `trim(coalesce(${name(column)}, '')) = ''`;
}

function markWords({ columns, marks }: Pick<Projection, 'columns' | 'marks'>): string[] {
  const words: string[] = [];
  for (let first = 0; first < marks.length; first += MARKS_PER_WORD) {
    const bits = marks
      .slice(first, first + MARKS_PER_WORD)
      .map((mark, bit) => `(CASE WHEN ${matches(mark, columns)} THEN ${2 ** bit} ELSE 0 END)`);
    words.push(`(${bits.join(' + ')})::INTEGER AS m${words.length}`);
  }
  return words;
}

function matches(mark: Mark, { key, tags }: ColumnNames): string {
  if (mark.kind === 'prefix') return `starts_with(coalesce(${name(key!)}, ''), ${literal(mark.prefix)})`;
  if (!tags) return 'false';
  return `list_contains(${tagPairs(tags)}, [${literal(mark.key)}, ${literal(mark.value)}])`;
}

/** What `parseTags` makes of a key or a value. */
function decoded(text: string): string {
  return `coalesce(try(url_decode(${text})), ${text})`;
}

/** SQL of the tags in a column, as a list of keys with their values. */
export function tagPairs(tags: string): string {
  const pairs = `string_split(coalesce(${name(tags)}, ''), '&')`;
  const key = "split_part(pair, '=', 1)";
  return `[[${decoded(key)}, ${decoded(`substr(pair, length(${key}) + 2)`)}] FOR pair IN ${pairs}]`;
}

/** The SQL type an event column is read as out of text. */
export function columnType(column: EventColumn): string {
  return ['size', 'bytes', 'count', 'status'].includes(column) ? 'DOUBLE' : 'VARCHAR';
}

/** A column's name, quoted for SQL. */
export function name(column: string): string {
  return `"${column.replaceAll('"', '""')}"`;
}

/** A text, quoted for SQL, which a zero character would end. */
export function literal(text: string): string {
  const parts = text.split('\0').map((part) => `'${part.replaceAll("'", "''")}'`);
  return parts.length === 1 ? parts[0]! : `(${parts.join(' || chr(0) || ')})`;
}

/** A file's path, quoted for SQL that reads files, where `*`, `?` and `[` in it stand for themselves. */
export function pathLiteral(path: string): string {
  return literal(path.replace(/[*?[]/g, '[$&]'));
}
