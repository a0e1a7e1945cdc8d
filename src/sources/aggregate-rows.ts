/**
 * Rows that add up a day: `count` requests of one kind on one key, and the `bytes` they moved together. They become
 * requests at noon UTC: uploads one after the other, since a `count` of an event's upload would be so many objects;
 * anything else one row of so many repetitions, or two where the bytes cannot be divided evenly.
 */
import { OWNER_PAYS } from '../model/charges.ts';
import { quoted } from '../model/diagnostic.ts';
import { isUpload, OPERATIONS, operationCode } from '../model/operation.ts';
import type { ColumnNames } from './columns.ts';
import { name, operationSql } from './projection.ts';
import { LARGEST_COUNT, type RowFields, readReading, wholeNumber } from './row.ts';
import type { Relation, RowReading } from './source.ts';

/** Uploads of one key on one day: more would be a mistake, and millions of rows. */
const MOST_UPLOADS = 100_000;

/** Bytes that can be told apart, somewhat under 8 PiB. */
const MOST_BYTES = 2 ** 53 - 1;

/** A day, as a date or as its midnight. */
const DAY = String.raw`\d{4}-\d{2}-\d{2}([T ]00:00(:00(\.0+)?)?)?\s*(Z|UTC|\+00(:?00)?)?`;

/** The requests of a row, or what is wrong with it, once: by its fields under the names of event columns, `timestamp` being the day. */
export function aggregateRows(fields: RowFields): readonly RowReading[] {
  const requests = requestsOf(fields);
  const [first] = requests;
  const problem = first && readReading(first, { charges: OWNER_PAYS });
  return typeof problem === 'string' ? [problem] : requests;
}

function requestsOf(fields: RowFields): readonly RowReading[] {
  const day = fields.timestamp?.trim() ?? '';
  if (!new RegExp(`^${DAY}$`, 'i').test(day))
    return [`day ${quoted(fields.timestamp ?? '')} is not a date such as 2025-01-31`];
  const noon = { ...fields, timestamp: `${day.slice(0, 10)}T12:00:00Z` };
  const count = wholeNumber(fields.count, 1, LARGEST_COUNT);
  if (count === undefined || Number.isNaN(count)) {
    return [`count ${quoted(fields.count ?? '')} is not a whole number from 1 to ${LARGEST_COUNT}`];
  }
  const operation = operationCode(fields.operation ?? '');
  if (operation !== undefined && isUpload(operation)) return uploads(noon, count);
  const bytes = wholeNumber(fields.bytes, 0, MOST_BYTES);
  if (bytes === undefined) return [`bytes ${quoted(fields.bytes ?? '')} is not a whole number of bytes, or over 8 PiB`];
  const part = (count: number, bytes: number): RowReading => ({
    fields: { ...noon, count: String(count), bytes: Number.isNaN(bytes) ? '' : String(bytes) },
  });
  if (Number.isNaN(bytes)) return [part(count, bytes)];
  const rest = bytes % count;
  const each = (bytes - rest) / count;
  return rest === 0 ? [part(count, each)] : [part(count - rest, each), part(rest, each + 1)];
}

function uploads(fields: RowFields, count: number): readonly RowReading[] {
  if (count > MOST_UPLOADS) return [`count ${count} is more than ${MOST_UPLOADS} uploads of one key on one day`];
  return Array.from({ length: count }, () => ({ fields: { ...fields, count: '1', bytes: '' } }));
}

/** The event columns of the requests, where the rows have these. */
export function aggregateColumns(columns: ColumnNames): ColumnNames {
  const names = [...Object.keys(columns), 'timestamp', 'count', 'bytes'];
  return Object.fromEntries(names.map((name) => [name, name]));
}

/** The same in SQL, of a relation in which `timestamp` is the day. What cannot be read stays so. */
export function aggregateRelation({ sql, columns, time }: Relation): Relation {
  const kept = Object.entries(columns).filter(([column]) => !['timestamp', 'count', 'bytes'].includes(column));
  const bytes = columns.bytes ? 'part.bytes' : 'NULL::DOUBLE';
  return {
    sql: `(SELECT ${noon(name(columns.timestamp!), time)} AS timestamp, part.count AS count, ${bytes} AS bytes,
      ${kept.map(([column, header]) => `${name(header)} AS ${column}`).join(', ')}
      FROM (SELECT *, unnest(${parts(columns)}) AS part FROM ${sql}))`,
    columns: aggregateColumns(columns),
    time,
  };
}

function noon(day: string, time: Relation['time']): string {
  if (time === 'timestamp') return `CASE WHEN ${day} = date_trunc('day', ${day}) THEN ${day} + INTERVAL 12 HOURS END`;
  return `CASE WHEN regexp_full_match(trim(${day}), '${DAY}', 'i') THEN substr(trim(${day}), 1, 10) || 'T12:00:00Z' END`;
}

const UPLOADS = OPERATIONS.flatMap((_, code) => (isUpload(code) ? [code] : []));

/** A list of the parts a row becomes; a count of -1 cannot be read. */
function parts(columns: ColumnNames): string {
  const count = name(columns.count!);
  const bytes = columns.bytes ? name(columns.bytes) : 'NULL::DOUBLE';
  const part = (count: string, bytes: string): string => `{'count': ${count}, 'bytes': ${bytes}}`;
  return `CASE
    WHEN NOT coalesce(${count} BETWEEN 1 AND ${LARGEST_COUNT} AND ${count} = trunc(${count}), false) THEN [${part('-1.0::DOUBLE', 'NULL::DOUBLE')}]
    WHEN coalesce(${operationSql(columns)}, -1) IN (${UPLOADS.join(', ')}) THEN
      CASE WHEN ${count} > ${MOST_UPLOADS} THEN [${part('-1.0::DOUBLE', 'NULL::DOUBLE')}]
      ELSE list_transform(range(${count}::BIGINT), lambda _: ${part('1.0::DOUBLE', 'NULL::DOUBLE')}) END
    WHEN ${bytes} < 0 OR ${bytes} > ${MOST_BYTES} OR ${bytes} <> trunc(${bytes}) THEN [${part('-1.0::DOUBLE', 'NULL::DOUBLE')}]
    WHEN ${bytes} IS NULL OR ${bytes} % ${count} = 0 THEN [${part(count, `${bytes} / ${count}`)}]
    ELSE [${part(`${count} - ${bytes} % ${count}`, `trunc(${bytes} / ${count})`)}, ${part(`${bytes} % ${count}`, `trunc(${bytes} / ${count}) + 1`)}] END`;
}
