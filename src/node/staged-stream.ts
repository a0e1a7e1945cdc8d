/** Rows of inputs on their way to where they are put in order: the engine keeps only those it has to look at again. */
import type {
  DuckDBAppender,
  DuckDBBlobValue,
  DuckDBConnection,
  DuckDBDataChunk,
  DuckDBValue,
  DuckDBVector,
} from '@duckdb/node-api';
import { isAct, operationOf } from '../model/operation.ts';
import { isPartWithoutSize } from '../sources/copies.ts';
import { READABLE } from '../sources/projection.ts';
import { orderOperation } from '../trace/trace.ts';
import { columnsOf, type Items, words } from './chunks.ts';
import type { Connect } from './duckdb.ts';
import { duckdbApi } from './duckdb-api.ts';
import { withRowFunction } from './row-function.ts';
import { type GrowingRows, ORDER_OR_NAN, type SortedRows } from './row-shape.ts';

/** SQL: whether a staged row was not understood; whether its text is there. */
export const IS_BAD: string = `NOT (kind IS NOT NULL OR coalesce(${READABLE}, false))`;
export const IS_LEFT: string = `(raw IS NOT NULL AND ${IS_BAD})`;

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
  /** SQL of `raw` and `file` of those that were not understood, in the order of the inputs. */
  readonly left: string;
}

export interface StreamOptions {
  /** SQL of the staged rows. */
  readonly staged: string;
  /** Table that gets the rows of copies, which are not added. */
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

/** Few rows have one of them, unless there are several buckets; as bytes: a text would lose a byte order mark, and all that follows a NUL. */
const TEXTS = ['encode(kind)', 'encode(bucket)', 'encode(raw)'];
const [KIND, BUCKET] = [0, 1];

/** Bits of both numbers; those that follow are the file. */
const CODE_BITS = 4;

/** What most rows are comes first. */
const CODE = `(CASE WHEN raw IS NULL AND kind IS NULL AND ${READABLE} THEN ${PLAIN} WHEN kind IS NOT NULL THEN ${NO_REQUEST}
  WHEN ${IS_LEFT} THEN ${LEFT} WHEN ${IS_BAD} THEN ${LOST} ELSE ${OF_COPY} END
  + CASE WHEN bucket IS NULL THEN 0 ELSE ${HAS_BUCKET} END)`;

/** In one number, as a column costs more than its bytes: the low word has file and code, the high one the bytes of the text. */
function placeSql(files: number): string {
  return `((row_bytes::UBIGINT << 32) | (coalesce(file, ${files})::UBIGINT << ${CODE_BITS}) | ${CODE}::UBIGINT)`;
}

const LEFT_ROWS = 'left_rows';

/** Adds staged requests to a table, and keeps those of copies, and what was not understood, in others of the engine. */
export async function streamRows(connection: DuckDBConnection, options: StreamOptions): Promise<StreamedRows> {
  const { staged, table, connect, columns, files } = options;
  await connection.run(
    `CREATE OR REPLACE TABLE ${table} AS SELECT * REPLACE (encode(bucket) AS bucket, encode(raw) AS raw) FROM (${staged}) LIMIT 0`,
  );
  const held = new HeldRows(await (await connect()).createAppender(table), columns.indexOf('w'));
  const rows = new RowStream(options, held);
  const values = [...columns.map((column) => (column === 'w' ? ORDER_OR_NAN : column)), placeSql(files), ...TEXTS];
  try {
    await withRowFunction(
      connection,
      (chunk) => rows.take(chunk),
      (call) =>
        connection.run(
          // What does not depend on the function would be asked before it, and keep rows from it.
          `CREATE OR REPLACE TABLE ${LEFT_ROWS} AS
            SELECT raw, file FROM (SELECT raw, file, ${IS_LEFT} AS is_left, ${call(values)} AS taken FROM (${staged}))
            WHERE CASE WHEN taken IS NOT NULL THEN is_left END`,
        ),
    );
    held.close();
  } catch (error) {
    held.abandon();
    throw error;
  }
  await connection.run(
    `ALTER TABLE ${table} ALTER bucket TYPE VARCHAR USING decode(bucket); ALTER TABLE ${table} ALTER raw TYPE VARCHAR USING decode(raw)`,
  );
  return rows;
}

class RowStream implements StreamedRows {
  readonly kinds = new Map<string, number>();
  isOfFirstBucket = false;
  readonly buckets = new Set<string>();
  partsWithoutSize = 0;
  readonly files: readonly FileCounts[];
  readonly left: string = `SELECT raw, file FROM ${LEFT_ROWS}`;
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
    // For rows that are looked at one by one.
    let columnVectors: readonly DuckDBVector[] | undefined;
    const vectors = (): readonly DuckDBVector[] => {
      columnVectors ??= vectorsOf(chunk);
      return columnVectors;
    };
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
        else if (!isActAt(order[row]!)) this.buckets.add(textAt(vectors(), BUCKET, row));
        continue;
      }
      if (what === NO_REQUEST) {
        const name = textAt(vectors(), KIND, row);
        this.kinds.set(name, (this.kinds.get(name) ?? 0) + 1);
      } else if (what === LOST) {
        // Neither added nor kept: there is nothing of it but that it was there.
        counts.lost++;
      } else if (what === LEFT) counts.left++;
      else this.held.add(vectors(), row, file, bytes);
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

function vectorsOf(chunk: DuckDBDataChunk): DuckDBVector[] {
  return Array.from({ length: chunk.columnCount }, (_, column) => chunk.getColumnVector(column));
}

/** @param text which of {@link TEXTS}, the last columns */
function textAt(vectors: readonly DuckDBVector[], text: number, row: number): string {
  const { bytes } = vectors.at(text - TEXTS.length)!.getItem(row) as DuckDBBlobValue;
  return Buffer.from(bytes).toString();
}

function isActAt(order: number): boolean {
  return isAct(operationOf(orderOperation(order)));
}

/** Rows given to the engine at once; a chunk has as many at most. */
const HELD_ROWS = 2048;

/** Rows on their way back to a table of the engine. */
class HeldRows {
  private readonly appender: DuckDBAppender;
  private readonly order: number;
  private readonly types: readonly ReturnType<DuckDBAppender['columnType']>[];
  private rows: DuckDBValue[][] = [];

  /** @param order position of `w`, whose NaN is NULL again */
  constructor(appender: DuckDBAppender, order: number) {
    this.appender = appender;
    this.order = order;
    this.types = Array.from({ length: appender.columnCount }, (_, column) => appender.columnType(column));
  }

  /** @param vectors columns of the shape, the rows' places and their texts */
  add(vectors: readonly DuckDBVector[], row: number, file: number, bytes: number): void {
    const values = vectors.map((vector) => vector.getItem(row));
    if (Number.isNaN(values[this.order])) values[this.order] = null;
    values.splice(-TEXTS.length - 1, 1);
    this.rows.push([...values, file, bytes]);
    if (this.rows.length === HELD_ROWS) this.write();
  }

  close(): void {
    this.write();
    this.appender.closeSync();
  }

  /** Closes what failed, or is not wanted: why is known. */
  abandon(): void {
    try {
      this.appender.closeSync();
    } catch {}
  }

  private write(): void {
    const chunk = duckdbApi().DuckDBDataChunk.create(this.types);
    chunk.setRows(this.rows);
    this.appender.appendDataChunk(chunk);
    this.rows = [];
  }
}
