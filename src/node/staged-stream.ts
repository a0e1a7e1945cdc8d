/** Rows of inputs on their way to where they are put in order: the engine keeps only those it has to look at again. */
import type {
  DuckDBAppender,
  DuckDBBlobValue,
  DuckDBConnection,
  DuckDBDataChunk,
  DuckDBListValue,
  DuckDBValue,
} from '@duckdb/node-api';
import { isAct, operationOf } from '../model/operation.ts';
import { isPartWithoutSize } from '../sources/copies.ts';
import { READABLE } from '../sources/projection.ts';
import { orderOperation } from '../trace/trace.ts';
import { chunksOf, columnsOf, type Items, words } from './chunks.ts';
import type { Connect } from './duckdb.ts';
import { duckdbApi } from './duckdb-api.ts';
import { type GrowingRows, ORDER_OR_NAN, type SortedRows } from './row-shape.ts';

/** SQL: whether a staged row was not understood. */
export const IS_BAD: string = `NOT (kind IS NOT NULL OR coalesce(${READABLE}, false))`;

/** Staged rows of one file. */
export interface FileCounts {
  rows: number;
  /** Of their text. */
  bytes: number;
  /** Rows that were not understood, whose text there is. */
  left: number;
  /** Such of which there is none. */
  lost: number;
}

/** What there was in rows that were added to a table as they were read. */
export interface StreamedRows {
  /** Rows that are no requests, by kind. */
  readonly kinds: ReadonlyMap<string, number>;
  /** Whether requests were added of a bucket that is not told, and the buckets of the others. */
  readonly isOfFirstBucket: boolean;
  readonly buckets: ReadonlySet<string>;
  /** Parts of uploads without a size among those that were added. */
  readonly partsWithoutSize: number;
  /** Of all rows, by file; the last is of rows without one. */
  readonly files: readonly FileCounts[];
}

export interface StreamOptions {
  /** SQL of the staged rows. */
  readonly staged: string;
  /** Table that gets the rows that are not added. */
  readonly table: string;
  readonly connect: Connect;
  /** Those of the shape. */
  readonly columns: readonly string[];
  readonly add: NonNullable<GrowingRows<SortedRows>['add']>;
  readonly files: number;
}

/** What becomes of a row. */
const [PLAIN, NO_REQUEST, LEFT, LOST, OF_COPY] = [0, 1, 2, 3, 4];
const WHAT = 7;

/** Added where the bucket of a row is told. */
const HAS_BUCKET = 8;

/** In a list, as few rows have one of them; as bytes: a text would lose a byte order mark, and all that follows a NUL. */
const TEXTS = `CASE WHEN kind IS NOT NULL OR bucket IS NOT NULL OR raw IS NOT NULL
  THEN [encode(kind), encode(bucket), encode(raw)] END`;

/** Bits of both; those that follow are the file. */
const CODE_BITS = 4;

/** What most rows are comes first. */
const CODE = `(CASE WHEN raw IS NULL AND kind IS NULL AND ${READABLE} THEN ${PLAIN} WHEN kind IS NOT NULL THEN ${NO_REQUEST}
  WHEN ${IS_BAD} THEN CASE WHEN raw IS NULL THEN ${LOST} ELSE ${LEFT} END ELSE ${OF_COPY} END
  + CASE WHEN bucket IS NULL THEN 0 ELSE ${HAS_BUCKET} END)`;

/** In one number, as a column costs more than its bytes: the low word has file and code, the high one the bytes of the text. */
function placeSql(files: number): string {
  return `((row_bytes::UBIGINT << 32) | (coalesce(file, ${files})::UBIGINT << ${CODE_BITS}) | ${CODE}::UBIGINT)`;
}

/** Adds staged requests to a table, and keeps those that were not understood, or are of a copy, in another of the engine. */
export async function streamRows(connection: DuckDBConnection, options: StreamOptions): Promise<StreamedRows> {
  const { staged, table, connect, columns, files } = options;
  await connection.run(
    `CREATE OR REPLACE TABLE ${table} AS SELECT * REPLACE (encode(bucket) AS bucket, encode(raw) AS raw) FROM (${staged}) LIMIT 0`,
  );
  const held = new HeldRows(table, connect, columns.indexOf('w'));
  const stream = new RowStream(options, held);
  const list = [...columns.map((column) => (column === 'w' ? ORDER_OR_NAN : column)), placeSql(files), TEXTS];
  try {
    for await (const chunk of chunksOf(connection, `SELECT ${list.join(', ')} FROM (${staged})`)) {
      stream.take(chunk);
      await held.write();
    }
    await held.write(true);
    held.close();
  } catch (error) {
    held.abandon();
    throw error;
  }
  await connection.run(
    `ALTER TABLE ${table} ALTER bucket TYPE VARCHAR USING decode(bucket); ALTER TABLE ${table} ALTER raw TYPE VARCHAR USING decode(raw)`,
  );
  return stream;
}

class RowStream implements StreamedRows {
  readonly kinds = new Map<string, number>();
  isOfFirstBucket = false;
  readonly buckets = new Set<string>();
  partsWithoutSize = 0;
  readonly files: readonly FileCounts[];
  private readonly columns: number;
  private readonly order: number;
  private readonly size: number;
  private readonly add: StreamOptions['add'];
  private readonly held: HeldRows;

  constructor({ columns, add, files }: StreamOptions, held: HeldRows) {
    this.files = Array.from({ length: files + 1 }, () => ({ rows: 0, bytes: 0, left: 0, lost: 0 }));
    this.columns = columns.length;
    this.order = columns.indexOf('w');
    this.size = columns.indexOf('size');
    this.add = add;
    this.held = held;
  }

  take(chunk: DuckDBDataChunk): void {
    const { columns } = this;
    const rows = columnsOf(chunk, columns + 1);
    const places = words(rows.pop()!);
    const order = rows[this.order] as Float64Array;
    const { rowCount } = chunk;
    let from = 0;
    for (let row = 0; row < rowCount; row++) {
      const place = places[2 * row]!;
      const file = place >>> CODE_BITS;
      const counts = this.files[file]!;
      const bytes = places[2 * row + 1]!;
      counts.rows++;
      counts.bytes += bytes;
      const what = place & WHAT;
      if (what === PLAIN) {
        if ((place & HAS_BUCKET) === 0) this.isOfFirstBucket ||= !isActAt(order[row]!);
        else if (!isActAt(order[row]!)) this.buckets.add(textOf(textsOf(chunk, row)[1]));
        continue;
      }
      if (what === NO_REQUEST) {
        const name = textOf(textsOf(chunk, row)[0]);
        this.kinds.set(name, (this.kinds.get(name) ?? 0) + 1);
      } else if (what === LOST) {
        // Neither added nor held: there is nothing of it but that it was there.
        counts.lost++;
      } else {
        if (what === LEFT) counts.left++;
        this.held.add(chunk, row, file, bytes);
      }
      this.addRows(rows, from, row);
      from = row + 1;
    }
    this.addRows(rows, from, rowCount);
  }

  private addRows(rows: readonly Items[], from: number, end: number): void {
    if (from === end) return;
    const [order, size] = [rows[this.order], rows[this.size]] as [Float64Array, Float64Array];
    for (let row = from; row < end; row++) {
      if (isPartWithoutSize(order[row]!, size[row]!)) this.partsWithoutSize++;
    }
    this.add(rows, from, end);
  }
}

function isActAt(order: number): boolean {
  return isAct(operationOf(orderOperation(order)));
}

/** `kind`, `bucket` and `raw` of a row that has one of them. */
function textsOf(chunk: DuckDBDataChunk, row: number): readonly DuckDBValue[] {
  return (chunk.getColumnVector(chunk.columnCount - 1).getItem(row) as DuckDBListValue).items;
}

function textOf(value: DuckDBValue | undefined): string {
  return Buffer.from((value as DuckDBBlobValue).bytes).toString();
}

/** Rows given to the engine at once, and bytes of their texts; a chunk has as many rows at most. */
const HELD_ROWS = 2048;
const HELD_BYTES = 2 ** 24;

/** Rows on their way back to a table of the engine. */
class HeldRows {
  private readonly table: string;
  private readonly connect: Connect;
  private readonly order: number;
  private rows: DuckDBValue[][] = [];
  private bytes = 0;
  private types: readonly ReturnType<DuckDBAppender['columnType']>[] = [];
  private appender: DuckDBAppender | undefined;

  /** @param order position of `w`, whose NaN is NULL again */
  constructor(table: string, connect: Connect, order: number) {
    this.table = table;
    this.connect = connect;
    this.order = order;
  }

  /** @param chunk of the columns of the shape, the row's place and its texts */
  add(chunk: DuckDBDataChunk, row: number, file: number, bytes: number): void {
    const values = Array.from({ length: chunk.columnCount - 2 }, (_, column) =>
      chunk.getColumnVector(column).getItem(row),
    );
    if (Number.isNaN(values[this.order])) values[this.order] = null;
    this.rows.push([...values, ...textsOf(chunk, row), file, bytes]);
    this.bytes += bytes;
  }

  /** Writes rows once they are many. The connection of a result that is read has no other business. */
  async write(isLast = false): Promise<void> {
    const isFull = this.rows.length >= HELD_ROWS || this.bytes >= HELD_BYTES;
    if (this.rows.length === 0 || !(isLast || isFull)) return;
    const { DuckDBDataChunk } = duckdbApi();
    if (!this.appender) {
      const appender = await (await this.connect()).createAppender(this.table);
      this.types = Array.from({ length: appender.columnCount }, (_, column) => appender.columnType(column));
      this.appender = appender;
    }
    const { appender, types } = this;
    for (let from = 0; from < this.rows.length; from += HELD_ROWS) {
      const chunk = DuckDBDataChunk.create(types);
      chunk.setRows(this.rows.slice(from, from + HELD_ROWS));
      appender.appendDataChunk(chunk);
    }
    this.rows = [];
    this.bytes = 0;
  }

  close(): void {
    this.appender?.closeSync();
  }

  /** Closes what failed, or is not wanted: why is known. */
  abandon(): void {
    try {
      this.close();
    } catch {}
  }
}
