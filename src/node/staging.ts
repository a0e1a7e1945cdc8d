/**
 * A table of rows before they are sorted: requests, rows that are no requests, and the text of those the bulk engine
 * left to the careful reader. Everything is read once.
 */
import type { DuckDBConnection } from '@duckdb/node-api';
import {
  IS_COPY_WITHOUT_SIZE,
  IS_OF_COPY,
  IS_PART_WITHOUT_SIZE,
  IS_READ_WITHOUT_BYTES,
  SIZE_MADE,
  SIZE_READ,
} from '../sources/copies.ts';
import { bucketOf, IS_ACT, instant, literal, name, READABLE, snapshotOrder } from '../sources/projection.ts';
import { OTHER_BUCKET } from '../sources/row.ts';
import { HAS_SIZE, IS_READ, IS_SUCCESSFUL, LARGEST_READ } from '../sources/sizes-of-reads.ts';
import { BEFORE_INVENTORY, type Snapshots } from '../sources/snapshots.ts';
import type { Relation } from '../sources/source.ts';
import { ORDER_STEP } from '../trace/trace.ts';
import { chunksOf } from './chunks.ts';
import type { Connect } from './duckdb.ts';
import type { Input, InputGroup } from './open-inputs.ts';
import type { RowShape, SortedRows, StagedRows } from './row-shape.ts';
import {
  type FileCounts,
  IS_BAD,
  IS_LEFT,
  type StreamedRows,
  type StreamOptions,
  streamRows,
} from './staged-stream.ts';

export interface StageOptions {
  /** What the rows are made into. */
  readonly shape: Pick<RowShape<SortedRows>, 'list' | 'columns'>;
  /** The buckets whose requests are replayed; all when absent. */
  readonly buckets?: readonly string[];
  /** Inventories the trace begins with. */
  readonly snapshots?: Snapshots;
  /** The table requests are added to as they are read, but for those the engine has to look at again. */
  readonly growing?: Streaming;
}

/** A table that takes rows as they are read, and how another session of the engine is opened meanwhile. */
interface Streaming {
  readonly add: StreamOptions['add'];
  readonly connect: Connect;
}

/** What the careful reader has to look at in an input. */
export interface Leftover {
  /** Rows the engine gave and did not understand. */
  rows: number;
  /** Rows the engine did not give; NaN where their number is not known. */
  lost: number;
}

/**
 * The staged rows: `id`, `id2`, `w` and so on as their shape has them; of a row that is no request its `kind`; as `raw` the text of
 * one that was not understood, and the request id of one of a copy's two. Of rows that were streamed only those of copies are
 * among them.
 */
export class Staging {
  /** Rows the engine gave, and their bytes where it gave their text. */
  readonly rows: number;
  readonly bytes: number;
  /** Rows that cannot be read, of inputs that leave none to the careful reader. */
  readonly badRows: number;
  readonly leftovers: ReadonlyMap<Input, Leftover>;
  /** Bytes of each input's text, its ends of lines included. */
  readonly bytesOf: ReadonlyMap<Input, number>;
  private readonly connection: DuckDBConnection;
  private readonly inputs: readonly Input[];
  private readonly firstBucket: string | undefined;
  /** SQL that reads all rows anew. */
  private readonly sql: string;
  private readonly streamed: StreamedRows | undefined;

  private constructor(
    connection: DuckDBConnection,
    inputs: readonly Input[],
    firstBucket: string | undefined,
    sql: string,
    streamed: StreamedRows | undefined,
    counts: Counts,
  ) {
    this.connection = connection;
    this.inputs = inputs;
    this.firstBucket = firstBucket;
    this.sql = sql;
    this.streamed = streamed;
    ({
      rows: this.rows,
      bytes: this.bytes,
      badRows: this.badRows,
      leftovers: this.leftovers,
      bytesOf: this.bytesOf,
    } = counts);
  }

  static async load(
    connection: DuckDBConnection,
    groups: readonly InputGroup[],
    options: StageOptions,
  ): Promise<Staging> {
    await connection.run('DROP TABLE IF EXISTS reject_errors; DROP TABLE IF EXISTS reject_scans');
    const first = (await firstBucket(connection, groups)) ?? options.snapshots?.bucket;
    const inputs: Input[] = [];
    const selects = groups.map((group) => {
      const select = stagedSelect(group, options, first, inputs.length);
      inputs.push(...group.inputs);
      return select;
    });
    const sql = selects.join('\nUNION ALL ');
    const { growing, shape } = options;
    const streamed =
      growing &&
      (await streamRows(connection, {
        ...growing,
        staged: sql,
        table: STAGED,
        columns: shape.columns,
        files: inputs.length,
      }));
    if (!streamed) await connection.run(`CREATE OR REPLACE TABLE ${STAGED} AS ${sql}`);
    const files = streamed?.files ?? (await countFiles(connection, inputs.length));
    const counts = countsOf(inputs, files, await droppedLines(connection, inputs));
    return new Staging(connection, inputs, first, sql, streamed, counts);
  }

  /** See {@link StagedRows}. */
  get again(): StagedRows['again'] {
    return this.streamed && ((columns) => requestsOf(columns, `(${this.sql})`));
  }

  /** Rows that are no requests, by kind. */
  async others(): Promise<Map<string, number>> {
    if (this.streamed) return new Map([...this.streamed.kinds].sort(([a], [b]) => (a < b ? -1 : 1)));
    const found = await this.connection.runAndReadAll(
      `SELECT kind, count(*)::DOUBLE FROM ${STAGED} WHERE kind IS NOT NULL GROUP BY kind ORDER BY kind`,
    );
    return new Map(found.getRows() as [string, number][]);
  }

  /** The buckets of the requests. */
  async buckets(): Promise<string[]> {
    if (this.firstBucket === undefined) return [];
    const found = await this.connection.runAndReadAll(
      `SELECT DISTINCT coalesce(bucket, ${literal(this.firstBucket)}) FROM ${STAGED} WHERE kind IS NULL AND ${READABLE} AND NOT ${IS_ACT}`,
    );
    const buckets = new Set(this.streamed?.buckets);
    if (this.streamed?.isOfFirstBucket) buckets.add(this.firstBucket);
    for (const [bucket] of found.getRows()) buckets.add(String(bucket));
    return [...buckets].filter((bucket) => bucket !== '');
  }

  /** The text of rows that were not understood, in the order of the inputs. */
  async *left(): AsyncGenerator<{ readonly input: Input; readonly raw: string }> {
    const sql = this.streamed?.left ?? `SELECT raw, file FROM ${STAGED} WHERE ${IS_LEFT}`;
    for await (const chunk of chunksOf(this.connection, sql)) {
      for (const [raw, file] of chunk.getRows()) yield { input: this.inputs[Number(file)]!, raw: String(raw) };
    }
  }

  /** Adds requests that are of a relation of their own. */
  async add(relation: Relation, options: StageOptions): Promise<void> {
    const group = { relation, inputs: this.inputs };
    await this.connection.run(`INSERT INTO ${STAGED} ${stagedSelect(group, options, this.firstBucket, 0)}`);
  }

  /** Parts of uploads of which no record of a log tells the bytes. */
  async partsWithoutSize(): Promise<number> {
    if (!this.inputs.some(({ source }) => source.isLog)) return 0;
    const found = await this.connection.runAndReadAll(
      `SELECT count(*)::DOUBLE FROM ${STAGED} WHERE kind IS NULL AND ${READABLE} AND ${IS_PART_WITHOUT_SIZE}`,
    );
    return Number(found.getRows()[0]![0]) + (this.streamed?.partsWithoutSize ?? 0);
  }

  /**
   * Does what `sizesOfReads` does.
   * @returns objects whose size is that of their largest read
   */
  async takeSizesOfReads(): Promise<number> {
    if (!this.inputs.some(({ opened }) => 'hasSizesOfReadsOnly' in opened)) return 0;
    await this.connection.run(`CREATE OR REPLACE TEMP TABLE reads AS SELECT id AS id_read, id2 AS id2_read, ${LARGEST_READ} AS largest,
      ${HAS_SIZE} AS has_size FROM ${STAGED} WHERE kind IS NULL AND ${READABLE} GROUP BY id, id2 HAVING ${LARGEST_READ} > 0`);
    await this.connection.run(`UPDATE ${STAGED} SET size = largest FROM reads
      WHERE id = id_read AND id2 = id2_read AND kind IS NULL AND isnan(size) AND ${IS_READ}`);
    const found = await this.connection.runAndReadAll('SELECT count(*)::DOUBLE FROM reads WHERE NOT has_size');
    return Number(found.getRows()[0]![0]);
  }

  /** Objects, of those whose size is that of their largest read, of which other rows of the sorted trace tell a size. */
  async sizedElsewhere(table: SortedRows, { hasSize }: Pick<RowShape<SortedRows>, 'hasSize'>): Promise<number> {
    if (!this.inputs.some(({ opened }) => 'hasSizesOfReadsOnly' in opened)) return 0;
    const found = await this.connection.runAndReadAll(
      `SELECT count(*)::DOUBLE FROM reads WHERE NOT has_size AND (id_read, id2_read) IN (
        SELECT (id, id2) FROM (${table.objects(`${hasSize} AND ${IS_SUCCESSFUL} AND NOT ${IS_READ}`)}))`,
    );
    return Number(found.getRows()[0]![0]);
  }

  /** Does what `pairCopies` does, where records leave out what another of their request tells. */
  async pairCopies(): Promise<PairedCopies> {
    const none = { unknown: 0, sizes: new Map() };
    if (!this.inputs.some(hasCopiesInPairs)) return none;
    const read = async (sql: string): Promise<JsRow[]> => (await this.connection.runAndReadAll(sql)).getRows();
    const lacking = `kind IS NULL AND NOT ${IS_BAD} AND (${IS_COPY_WITHOUT_SIZE} OR ${IS_READ_WITHOUT_BYTES})`;
    if (Number((await read(`SELECT count(*) FROM ${STAGED} WHERE ${lacking}`))[0]![0]) === 0) return none;
    await read(`CREATE OR REPLACE TEMP TABLE copies AS SELECT raw AS copied, ${SIZE_READ} AS size_read, ${SIZE_MADE} AS size_made
      FROM ${STAGED} WHERE kind IS NULL AND NOT isnan(size) AND NOT ${IS_BAD} AND raw IN (SELECT raw FROM ${STAGED} WHERE ${lacking})
      GROUP BY raw`);
    const told = (what: string, column: string, where: string): Promise<JsRow[]> =>
      read(
        `UPDATE ${STAGED} SET ${what} = ${column} FROM copies WHERE raw = copied AND ${column} IS NOT NULL AND ${where}`,
      );
    await told('size', 'size_read', IS_COPY_WITHOUT_SIZE);
    await told('bytes', 'size_made', IS_READ_WITHOUT_BYTES);
    const untold = `kind IS NULL AND NOT ${IS_BAD} AND raw IS NOT NULL AND ${IS_READ_WITHOUT_BYTES}`;
    const unknown = Number((await read(`SELECT count(*) FROM ${STAGED} WHERE ${untold}`))[0]![0]);
    await read(`UPDATE ${STAGED} SET bytes = 0 WHERE ${untold}`);
    const sizes = (await read('SELECT copied, size_read FROM copies WHERE size_read IS NOT NULL')) as [
      string,
      number,
    ][];
    return { unknown, sizes: new Map(sizes) };
  }
}

export interface PairedCopies {
  /** Reads of which no record tells the bytes: they are taken to have moved none. */
  readonly unknown: number;
  /** By request id, the size of what was copied, where the record of the copy does not tell it. */
  readonly sizes: ReadonlyMap<string, number>;
}

type JsRow = readonly unknown[];

function hasCopiesInPairs({ opened }: Input): boolean {
  return 'hasCopiesInPairs' in opened && opened.hasCopiesInPairs === true;
}

const STAGED = 'staged_rows';

/** SQL of the requests among the staged rows. */
export function stagedRequests(columns: readonly string[]): string {
  return requestsOf(columns, STAGED);
}

function requestsOf(columns: readonly string[], rows: string): string {
  return `SELECT ${columns.join(', ')} FROM ${rows} WHERE kind IS NULL AND ${READABLE}`;
}

function stagedSelect(
  { relation, inputs }: InputGroup,
  { shape, buckets, snapshots }: StageOptions,
  first: string | undefined,
  firstFile: number,
): string {
  const { sql, columns, time, leavesRest } = relation;
  const inPairs = columns.request_id !== undefined && inputs.some(hasCopiesInPairs);
  const rows = `SELECT ${shape.list(relation)},
    ${leavesRest ? 'kind' : 'NULL::VARCHAR'} AS kind, ${bucketOf(columns, snapshots)} AS bucket,
    ${snapshots ? `${instant({ columns, time })} * ${ORDER_STEP} < ${snapshotOrder({ columns, snapshots })}` : 'false'} AS is_before,
    ${inPairs ? copyId(relation) : 'NULL::VARCHAR'} AS copy_id,
    ${leavesRest ? 'raw' : 'NULL::VARCHAR'} AS raw, ${leavesRest ? `file + ${firstFile}` : 'NULL'}::UINTEGER AS file FROM ${sql}`;
  const isRead = `(kind IS NOT NULL OR ${READABLE})`;
  const isOther = buckets ? `bucket NOT IN (${buckets.map(literal).join(', ')})` : 'false';
  const kind =
    buckets || snapshots
      ? `CASE WHEN NOT ${isRead} THEN kind WHEN ${isOther} THEN ${literal(OTHER_BUCKET)} WHEN kind IS NULL AND is_before THEN ${literal(BEFORE_INVENTORY)} ELSE kind END`
      : 'kind';
  return `SELECT * EXCLUDE (is_before, copy_id) REPLACE (${kind} AS kind,
    CASE WHEN ${isRead} THEN copy_id ELSE raw END AS raw,
    CASE WHEN ${isRead} AND bucket <> ${literal(first ?? '')} THEN bucket END AS bucket),
    coalesce(strlen(raw), 0)::UINTEGER AS row_bytes FROM (${rows})`;
}

/** SQL: the request id of a row that may be one of a copy's two records. */
function copyId({ columns, leavesRest }: Relation): string {
  return leavesRest ? 'copy_id' : `CASE WHEN ${IS_OF_COPY} THEN ${name(columns.request_id!)} END`;
}

/** The bucket of some request: where all are of that bucket, no other is kept. */
async function firstBucket(connection: DuckDBConnection, groups: readonly InputGroup[]): Promise<string | undefined> {
  for (const { opened } of groups.flatMap(({ inputs }) => inputs)) {
    if ('someBucket' in opened && opened.someBucket !== undefined) return opened.someBucket;
  }
  for (const {
    relation: { sql, columns },
  } of groups) {
    if (!columns.bucket) continue;
    const found = await connection.runAndReadAll(
      `SELECT ${name(columns.bucket)} FROM ${sql} WHERE ${name(columns.timestamp!)} IS NOT NULL AND ${name(columns.bucket)} <> '' LIMIT 1`,
    );
    const [row] = found.getRows();
    if (row) return String(row[0]);
  }
  return undefined;
}

type Counts = Pick<Staging, 'rows' | 'bytes' | 'badRows' | 'leftovers' | 'bytesOf'>;

/** Counts the staged rows of each file; the last are those without one. */
async function countFiles(connection: DuckDBConnection, files: number): Promise<FileCounts[]> {
  const counts = Array.from({ length: files + 1 }, () => ({ rows: 0, bytes: 0, left: 0, lost: 0 }));
  const found = await connection.runAndReadAll(
    `SELECT coalesce(file, ${files}), count(*)::DOUBLE, sum(row_bytes)::DOUBLE, count_if(${IS_LEFT})::DOUBLE,
      count_if(raw IS NULL AND ${IS_BAD})::DOUBLE FROM ${STAGED} GROUP BY ALL`,
  );
  for (const [file, rows, bytes, left, lost] of found.getRows() as number[][])
    counts[Number(file)] = { rows: rows!, bytes: bytes!, left: left!, lost: lost! };
  return counts;
}

function countsOf(
  inputs: readonly Input[],
  files: readonly FileCounts[],
  dropped: readonly (readonly [Input, number])[],
): Counts {
  const leftovers = new Map<Input, Leftover>();
  const bytesOf = new Map<Input, number>();
  const { rows: rest, bytes: restBytes, lost: badRows } = files[inputs.length]!;
  let [rows, bytes] = [rest, restBytes];
  inputs.forEach((input, i) => {
    const found = files[i]!;
    if (found.rows === 0) return;
    rows += found.rows - found.lost;
    // The engine writes JSON anew.
    bytes += ('textBytes' in input ? input.textBytes : undefined) ?? found.bytes;
    bytesOf.set(input, found.bytes + found.rows);
    if (found.left + found.lost > 0) leftovers.set(input, { rows: found.left, lost: found.lost });
  });
  for (const [input, lost] of dropped) {
    const found = leftovers.get(input);
    if (found) found.lost += lost;
    else leftovers.set(input, { rows: 0, lost });
  }
  return { rows, bytes, badRows, leftovers, bytesOf };
}

/** Lines the engine dropped and noted: what is not UTF-8, or too long. */
async function droppedLines(connection: DuckDBConnection, inputs: readonly Input[]): Promise<[Input, number][]> {
  const tables = await connection.runAndReadAll(
    `SELECT count(*)::DOUBLE FROM duckdb_tables() WHERE table_name = 'reject_errors'`,
  );
  if (tables.getRows()[0]![0] === 0) return [];
  const found = await connection.runAndReadAll(
    `SELECT file_path, count(DISTINCT line)::DOUBLE FROM reject_errors JOIN reject_scans USING (scan_id, file_id) GROUP BY file_path`,
  );
  const byPath = new Map(inputs.map((input) => [input.file.path, input]));
  return found.getRows().map(([path, lines]) => [byPath.get(String(path))!, Number(lines)]);
}
