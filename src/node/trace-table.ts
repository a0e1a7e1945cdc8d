import { setImmediate } from 'node:timers/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { ColumnNames } from '../sources/columns.ts';
import { literal, OPTIONAL_TRACE_COLUMNS, type Projection, selectList } from '../sources/projection.ts';
import type { Relation } from '../sources/source.ts';
import type { Batch } from '../trace/batch.ts';
import { BatchBuilder, type BatchConsumer } from '../trace/batch-builder.ts';
import { type Marks, markWords, type TraceBatch, type TraceSpan, type Versioning } from '../trace/trace.ts';
import { batchColumns, chunksOf, columnsOf, type Items } from './chunks.ts';
import { memoryLimit } from './duckdb.ts';
import { ObjectIds, ObjectSplitter } from './object-splitter.ts';
import { type CountedColumns, LISTED_CODES, RowCounts } from './row-counts.ts';
import { RowPartitions } from './row-partitions.ts';
import {
  type ActRows,
  type GrowingRows,
  type ListedRows,
  ORDER_OR_NAN,
  type RowShape,
  type SelectedRows,
} from './row-shape.ts';

/** The table of the rows of a trace, where it is kept. */
const TRACE_ROWS = 'trace_rows';

/** How rows become those of a trace. */
export interface TraceReading extends Pick<Projection, 'marks' | 'salt' | 'charges' | 'snapshots'> {
  /** What the bucket does about versions; absent: what its rows show. */
  readonly versioning?: Versioning;
  /** A folder for rows that find no place in memory. */
  readonly folder: string;
  /** Whether rows of some objects are asked for later. */
  readonly isKept?: boolean;
}

/** How a trace table is made of inputs of these columns. */
export function traceTables(inputs: readonly ColumnNames[], reading: TraceReading): RowShape<TraceTable> {
  const optional = optionalColumns(inputs, reading.versioning);
  const columns = traceColumns(optional, markWords(reading.marks.length));
  const list: RowShape<TraceTable>['list'] = (part) => selectList({ ...part, ...reading }, optional);
  return {
    columns,
    list,
    async begin(connection, isStaged) {
      const mostBytes = (await memoryLimit(connection)) / (reading.isKept || isStaged ? 2 : 1);
      return new GrowingTable(connection, { columns, optional }, reading, mostBytes);
    },
    isOf: (orders) => `w IN (SELECT unnest([${orders.join(', ')}]::DOUBLE[]))`,
    hasSize: 'NOT isnan(size)',
  };
}

/** The rows of a trace, in order. */
export interface TraceRows {
  /** Of the requests: what S3's own lifecycle did is not among them. */
  readonly span: TraceSpan;
  /**
   * Hands the trace over in batches of whole objects; `progress` is told the rows so far.
   * @returns the rows that were there twice, and were handed over once
   */
  scan(marks: Marks, consume: BatchConsumer, progress: (rows: number) => void): Promise<number>;
}

/** All rows of some relations, narrow, parsed by the bulk engine and ordered by object, time and operation. */
export class TraceTable implements TraceRows {
  readonly span: TraceSpan;
  /** Rows that could not be read; they are not part of {@link span}. */
  readonly badRows: number;
  /** Where its rows come from, and what made their ids. */
  readonly origin: TraceOrigin;
  readonly listed: ListedRows;
  readonly acts: ActRows;
  private readonly connection: DuckDBConnection;
  private readonly names: ColumnLists;
  private readonly folder: string;
  /** SQL of the rows in no order. */
  private readonly unordered: string;
  private readonly rows: RowPartitions;

  constructor(
    connection: DuckDBConnection,
    origin: TraceOrigin,
    names: ColumnLists,
    folder: string,
    unordered: string,
    { partitions, counts: { span, badRows, listed, acts } }: RowTaker,
  ) {
    this.acts = acts;
    this.listed = listed;
    this.connection = connection;
    this.origin = origin;
    this.names = names;
    this.folder = folder;
    this.unordered = unordered;
    this.rows = partitions;
    this.span = span;
    this.badRows = badRows;
  }

  /** SQL of `id` and `id2` of the objects that have a row of which a condition holds. */
  objects(condition: string): string {
    return `SELECT DISTINCT id, id2 FROM ${this.unordered} WHERE ${condition}`;
  }

  async scan(marks: Marks, consume: BatchConsumer, progress: (rows: number) => void): Promise<number> {
    const builder = new BatchBuilder(marks.words, consume, { optional: batchColumns(this.names.optional) });
    return handOver(this.rows, new ObjectSplitter(builder, this.names.optional, marks.words), progress);
  }

  /**
   * Hands over some of the objects, with their ids.
   * @param chosen table of their `id` and `id2`; absent: all objects
   */
  async scanNamed(
    marks: Marks,
    consume: (batch: TraceBatch, ids: ObjectIds) => void,
    progress: (rows: number) => void,
    chosen?: string,
  ): Promise<void> {
    const { connection, names, unordered, folder } = this;
    const ids = new ObjectIds();
    const take = (batch: Batch): void => {
      consume(batch, ids);
      ids.drop(batch.objects);
    };
    const builder = new BatchBuilder(marks.words, take, { optional: batchColumns(names.optional) });
    let { rows } = this;
    if (chosen) {
      rows = new RowPartitions((await memoryLimit(connection)) / 2, folder);
      const those = `(SELECT * FROM ${unordered} SEMI JOIN ${chosen} USING (id, id2))`;
      await new RowTaker(names, rows).takeAll(connection, those);
    }
    await handOver(rows, new ObjectSplitter(builder, names.optional, marks.words, ids), progress);
  }
}

/** Names of a table's columns. */
interface ColumnLists {
  readonly columns: readonly string[];
  /** Those that not every trace has. */
  readonly optional: readonly string[];
}

/** Makes a {@link TraceTable}. */
class GrowingTable implements GrowingRows<TraceTable> {
  readonly add?: NonNullable<GrowingRows<TraceTable>['add']>;
  private readonly connection: DuckDBConnection;
  private readonly names: ColumnLists;
  private readonly reading: TraceReading;
  private readonly taker: RowTaker;

  /** @param mostBytes memory of its rows */
  constructor(connection: DuckDBConnection, names: ColumnLists, reading: TraceReading, mostBytes: number) {
    this.connection = connection;
    this.names = names;
    this.reading = reading;
    this.taker = new RowTaker(names, new RowPartitions(mostBytes, reading.folder));
    if (!reading.isKept) this.add = (columns, from, end) => this.taker.take(columns, from, end);
  }

  async sort({ sql, added, lists, relations }: SelectedRows): Promise<TraceTable> {
    const { connection, names, taker } = this;
    const { salt, snapshots, folder, isKept = false } = this.reading;
    if (isKept) await connection.run(`CREATE OR REPLACE TEMP TABLE ${TRACE_ROWS} AS ${sql}`);
    const rows = isKept ? TRACE_ROWS : `(${sql})`;
    await taker.takeAll(connection, rows, lists);
    // Rows of copies are among both, which is one to whom objects() asks; explain, which scans them, keeps a table.
    const unordered = added ? `(${sql} UNION ALL ${added})` : rows;
    return new TraceTable(connection, { relations, salt, snapshots }, names, folder, unordered, taker);
  }
}

/** Counts rows, and puts them in order that can be read. */
class RowTaker {
  readonly counts = new RowCounts();
  readonly partitions: RowPartitions;
  private readonly columns: readonly string[];
  private readonly order: number;
  private readonly version: number;
  private readonly tags: number;

  constructor({ columns }: ColumnLists, partitions: RowPartitions) {
    this.columns = columns;
    this.order = columns.indexOf('w');
    this.version = columns.indexOf('version');
    this.tags = columns.indexOf('tag_count');
    this.partitions = partitions;
  }

  /**
   * Takes some of the rows of a chunk.
   * @param lists what of an inventory each is
   */
  take(rows: readonly Items[], from: number, end: number, lists?: Items): void {
    const counted = { order: rows[this.order], version: rows[this.version], tags: rows[this.tags], lists };
    this.counts.add(counted as CountedColumns, from, end, (from, end) => this.partitions.add(rows, from, end));
  }

  /**
   * Takes all rows of an SQL relation.
   * @param hasLists whether a column tells what of an inventory a row is
   */
  async takeAll(connection: DuckDBConnection, relation: string, hasLists = false): Promise<void> {
    const codes = Object.entries(LISTED_CODES).map(([of, code]) => `WHEN ${literal(of)} THEN ${code}`);
    const list = [
      ...this.columns.map((column) => (column === 'w' ? ORDER_OR_NAN : column)),
      ...(hasLists ? [`(CASE lists ${codes.join(' ')} ELSE 0 END)::UTINYINT`] : []),
    ];
    for await (const chunk of chunksOf(connection, `SELECT ${list.join(', ')} FROM ${relation}`)) {
      const rows = columnsOf(chunk);
      const lists = hasLists ? rows.pop() : undefined;
      this.take(rows, 0, chunk.rowCount, lists);
    }
  }
}

/** Rows after which whoever waits has a turn. */
const ROWS_AT_ONCE = 65_536;

/** Hands over rows that are in order. Returns how many were there twice. */
async function handOver(
  partitions: RowPartitions,
  splitter: ObjectSplitter,
  progress: (rows: number) => void,
): Promise<number> {
  let rows = 0;
  let told = 0;
  for (const piece of partitions.inOrder()) {
    splitter.add(piece);
    rows += piece.rows;
    if (rows - told < ROWS_AT_ONCE) continue;
    told = rows;
    progress(rows);
    // Signals, and threads that ended, are heard of in between.
    await setImmediate();
  }
  splitter.end();
  return splitter.duplicates;
}

function traceColumns(optional: readonly string[], markWords: number): string[] {
  return ['id', 'id2', 'w', 'size', ...optional, ...Array.from({ length: markWords }, (_, word) => `m${word}`)];
}

/** The optional columns that a trace of inputs of these columns has. */
export function optionalColumns(inputs: readonly ColumnNames[], versioning?: Versioning): string[] {
  return OPTIONAL_TRACE_COLUMNS.filter((column) => inputs.some((columns) => isNeeded(column, columns, versioning)));
}

function isNeeded(
  column: (typeof OPTIONAL_TRACE_COLUMNS)[number],
  columns: ColumnNames,
  versioning: Versioning | undefined,
): boolean {
  const isVersioned = versioning === undefined ? columns.version_id !== undefined : versioning !== 'unversioned';
  switch (column) {
    case 'bytes':
      return columns.bytes !== undefined || columns.status !== undefined;
    case 'version':
      return isVersioned && columns.version_id !== undefined;
    case 'key_bytes':
      return isVersioned;
    case 'tag_count':
      return columns.tags !== undefined;
    case 'request':
      return columns.request_id !== undefined;
    default:
      return columns[column] !== undefined;
  }
}

/** Where the rows of a table come from. */
export interface TraceOrigin extends Pick<TraceReading, 'salt' | 'snapshots'> {
  readonly relations: readonly Relation[];
}
