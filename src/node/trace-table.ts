import type { DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api';
import { isAct, operationOf } from '../model/operation.ts';
import type { ColumnNames } from '../sources/columns.ts';
import { IS_ACT, OPTIONAL_TRACE_COLUMNS, type Projection, READABLE, selectList } from '../sources/projection.ts';
import type { Relation } from '../sources/source.ts';
import { BatchBuilder, type RowColumns } from '../trace/batch-builder.ts';
import {
  type Marks,
  markWords,
  NULL_VERSION,
  orderMilliseconds,
  orderOperation,
  type TraceBatch,
  type TraceSpan,
  type Versioning,
} from '../trace/trace.ts';
import { chunksOf, items, rowColumns, words } from './chunks.ts';
import {
  type ActRows,
  actRows,
  countActs,
  countListed,
  type ListedRows,
  NOTHING_LISTED,
  type RowShape,
  type SelectedRows,
  selectRows,
} from './row-shape.ts';

/** The table of the rows of a trace. */
const TRACE_ROWS = 'trace_rows';

/** What its rows are ordered by: requests of one object at one time are in no order, and a third column costs as much as half the sort. */
const ROW_ORDER = 'id, w';

/** How rows become those of a trace. */
export interface TraceReading extends Pick<Projection, 'marks' | 'salt' | 'charges' | 'snapshots'> {
  /** What the bucket does about versions; absent: what its rows show. */
  readonly versioning?: Versioning;
}

/** How a trace table is made of inputs of these columns. */
export function traceTables(inputs: readonly ColumnNames[], reading: TraceReading): RowShape<TraceTable> {
  const optional = optionalColumns(inputs, reading.versioning);
  const columns = traceColumns(optional, markWords(reading.marks.length));
  const list: RowShape<TraceTable>['list'] = (part) => selectList({ ...part, ...reading }, optional);
  return {
    columns,
    list,
    sort: (connection, parts, staged) =>
      TraceTable.load(connection, selectRows({ columns, list }, parts, staged), optional, reading),
    objects: (condition) => `SELECT DISTINCT id, id2 FROM ${TRACE_ROWS} WHERE ${condition}`,
    isOf: (orders) => `w IN (SELECT unnest([${orders.join(', ')}]::DOUBLE[]))`,
    hasSize: 'NOT isnan(size)',
  };
}

/** The rows of a trace in the bulk engine, in order. */
export interface TraceRows {
  /** Of the requests: what S3's own lifecycle did is not among them. */
  readonly span: TraceSpan;
  /**
   * Hands the trace over in batches of whole objects; `progress` is told the rows so far.
   * @returns the rows that were there twice, and were handed over once
   */
  scan(marks: Marks, consume: (batch: TraceBatch) => void, progress: (rows: number) => void): Promise<number>;
}

/**
 * All rows of some relations, narrow and ordered by object, time and operation, in the bulk engine (which spills to
 * disk when memory runs out).
 */
export class TraceTable implements TraceRows {
  readonly span: TraceSpan;
  /** Rows that could not be read; they are not part of {@link span}. */
  readonly badRows: number;
  /** Where its rows come from, and what made their ids. */
  readonly origin: TraceOrigin;
  readonly listed: ListedRows;
  readonly acts: ActRows;
  private readonly connection: DuckDBConnection;
  private readonly optional: readonly string[];

  private constructor(
    connection: DuckDBConnection,
    origin: TraceOrigin,
    optional: readonly string[],
    span: TraceSpan,
    badRows: number,
    listed: ListedRows,
    acts: ActRows,
  ) {
    this.acts = acts;
    this.listed = listed;
    this.connection = connection;
    this.origin = origin;
    this.optional = optional;
    this.span = span;
    this.badRows = badRows;
  }

  /** @param selected the rows, in no order */
  static async load(
    connection: DuckDBConnection,
    { sql, lists, relations }: SelectedRows,
    optional: readonly string[],
    { salt, snapshots }: TraceReading,
  ): Promise<TraceTable> {
    await connection.run(`CREATE OR REPLACE TEMP TABLE ${TRACE_ROWS} AS ${sql} ORDER BY ${ROW_ORDER}`);
    const reader = await connection.runAndReadAll(
      `SELECT count(*)::DOUBLE, min(w), max(w), (SELECT count(*) FROM ${TRACE_ROWS})::DOUBLE,
        ${optional.includes('version') ? `max(version) > ${NULL_VERSION}` : 'false'},
        ${optional.includes('tag_count') ? 'max(tag_count) > 0' : 'false'} FROM ${TRACE_ROWS} WHERE ${READABLE} AND NOT ${IS_ACT}`,
    );
    const [rows, first, last, all, namesVersions, hasTags] = reader.getRows()[0] as [
      number,
      number | null,
      number | null,
      number,
      boolean | null,
      boolean | null,
    ];
    const span = {
      rows,
      first: orderMilliseconds(first ?? 0),
      last: orderMilliseconds(last ?? 0),
      namesVersions: namesVersions === true,
      hasTags: hasTags === true,
    };
    const listed = lists ? await countListed(connection, TRACE_ROWS) : NOTHING_LISTED;
    const acts = await countActs(connection, TRACE_ROWS);
    const badRows = all - rows - actRows(acts) - listed.changedAfter;
    return new TraceTable(connection, { relations, salt, snapshots }, optional, span, badRows, listed, acts);
  }

  async scan(marks: Marks, consume: (batch: TraceBatch) => void, progress: (rows: number) => void): Promise<number> {
    const splitter = new ObjectSplitter(new BatchBuilder(marks.words, consume), this.optional, marks.words);
    return this.stream(splitter, marks, progress);
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
    const ids = new ObjectIds();
    const builder = new BatchBuilder(marks.words, (batch) => {
      consume(batch, ids);
      ids.drop(batch.objects);
    });
    await this.stream(new ObjectSplitter(builder, this.optional, marks.words, ids), marks, progress, chosen);
  }

  private async stream(
    splitter: ObjectSplitter,
    marks: Marks,
    progress: (rows: number) => void,
    chosen?: string,
  ): Promise<number> {
    const columns = traceColumns(this.optional, marks.words);
    const where = this.badRows + this.listed.changedAfter > 0 ? `WHERE ${READABLE}` : '';
    // A join keeps no order; the table as a whole has it.
    const [of, order] = chosen ? [`SEMI JOIN ${chosen} USING (id, id2)`, `ORDER BY ${ROW_ORDER}`] : ['', ''];
    const chunks = chunksOf(this.connection, `SELECT ${columns.join(', ')} FROM ${TRACE_ROWS} ${of} ${where} ${order}`);
    let rows = 0;
    for await (const chunk of chunks) {
      splitter.add(chunk);
      rows += chunk.rowCount;
      progress(rows);
    }
    splitter.end();
    return splitter.duplicates;
  }
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

/** An object of a trace table: the decimal digits of its `id` and `id2`. */
export type ObjectId = readonly [id: string, id2: string];

/** The ids of the objects of a batch, and of those that follow. */
export class ObjectIds {
  private readonly words: number[] = [];

  add(low: number, high: number, low2: number, high2: number): void {
    this.words.push(low, high, low2, high2);
  }

  of(object: number): ObjectId {
    const [low, high, low2, high2] = this.words.slice(4 * object, 4 * object + 4).map(BigInt) as [
      bigint,
      bigint,
      bigint,
      bigint,
    ];
    return [`${(high << 32n) + low}`, `${(high2 << 32n) + low2}`];
  }

  /** Forgets the first of them: those of a batch that is done with. */
  drop(objects: number): void {
    this.words.splice(0, 4 * objects);
  }
}

/** An object whose first 64 bits of id are those of another, row by row. */
interface Stray {
  readonly low2: number;
  readonly high2: number;
  readonly rows: RowColumns[];
}

/**
 * Cuts rows ordered by the first half of the object id into objects. Where two objects share that half, the rows of the
 * second wait until the first is through: different keys are never merged.
 */
export class ObjectSplitter {
  /** Rows that say again what the row before them said. */
  duplicates = 0;
  private readonly builder: BatchBuilder;
  private readonly optional: readonly string[];
  private readonly markWords: number;
  private readonly ids: ObjectIds | undefined;
  private readonly strays = new Map<string, Stray>();
  /** Number of the present object; 0 before the first. */
  private object = 0;
  /** Numbers of the objects of a chunk's rows. */
  private objects = new Uint32Array(0);
  private idLow = 0;
  private idHigh = 0;
  private id2Low = 0;
  private id2High = 0;
  private previousOrder = -1;
  /** Of the object's rows of the same time and operation. */
  private readonly requests = new RequestIds();

  /** @param ids gets the id of each object as it begins */
  constructor(builder: BatchBuilder, optional: readonly string[], markWords: number, ids?: ObjectIds) {
    this.builder = builder;
    this.optional = optional;
    this.markWords = markWords;
    this.ids = ids;
  }

  add(chunk: DuckDBDataChunk): void {
    const rows = chunk.rowCount;
    if (this.objects.length < rows) this.objects = new Uint32Array(rows);
    const { objects } = this;
    const id = words(items(chunk, 0));
    const id2 = words(items(chunk, 1));
    const columns = { object: objects, ...rowColumns(chunk, 2, this.optional, this.markWords) };
    const { order } = columns;
    const requestColumn = this.optional.indexOf('request');
    const request = requestColumn < 0 ? undefined : words(items(chunk, 4 + requestColumn));
    let from = 0;
    for (let row = 0; row < rows; row++) {
      const low = id[row * 2]!;
      const high = id[row * 2 + 1]!;
      const low2 = id2[row * 2]!;
      const high2 = id2[row * 2 + 1]!;
      if (low !== this.idLow || high !== this.idHigh || this.object === 0) {
        if (this.strays.size > 0) {
          this.builder.addRows(columns, from, row);
          from = row;
          this.addStrays();
        }
        this.idLow = low;
        this.idHigh = high;
        this.id2Low = low2;
        this.id2High = high2;
        this.previousOrder = -1;
        this.object++;
        this.ids?.add(low, high, low2, high2);
      } else if (low2 !== this.id2Low || high2 !== this.id2High) {
        this.stash(columns, row, low2, high2);
        this.builder.addRows(columns, from, row);
        from = row + 1;
        continue;
      }
      if (request && this.isDuplicate(order[row]!, request[row * 2]!, request[row * 2 + 1]!)) {
        this.duplicates++;
        this.builder.addRows(columns, from, row);
        from = row + 1;
        continue;
      }
      objects[row] = this.object;
    }
    this.builder.addRows(columns, from, rows);
  }

  end(): void {
    this.addStrays();
    this.builder.flush();
  }

  /** Whether a row has the request id of one before it, of the same time and operation, and is no act of S3's own. */
  private isDuplicate(order: number, low: number, high: number): boolean {
    if (order !== this.previousOrder) this.requests.clear();
    this.previousOrder = order;
    return (low !== 0 || high !== 0) && !isAct(operationOf(orderOperation(order))) && !this.requests.add(low, high);
  }

  private stash(columns: RowColumns, row: number, low2: number, high2: number): void {
    const name = `${high2} ${low2}`;
    const stray = this.strays.get(name) ?? { low2, high2, rows: [] };
    this.strays.set(name, stray);
    stray.rows.push(rowOf(columns, row));
  }

  private addStrays(): void {
    for (const { low2, high2, rows } of this.strays.values()) {
      this.object++;
      this.ids?.add(this.idLow, this.idHigh, low2, high2);
      for (const row of rows) {
        row.object[0] = this.object;
        this.builder.addRows(row, 0, 1);
      }
    }
    this.strays.clear();
  }
}

/** A row by itself: the memory of a chunk is not ours to keep. */
function rowOf({ marks, ...columns }: RowColumns, row: number): RowColumns {
  const alone = Object.entries(columns).map(([name, column]) => [name, column?.slice(row, row + 1)]);
  return { ...Object.fromEntries(alone), marks: marks.map((word) => word.slice(row, row + 1)) };
}

/** Ids looked through one by one; a set takes the others. */
const FEW = 8;

/** Numbers of 64 bits, hardly ever more than one. */
class RequestIds {
  private readonly words = new Uint32Array(2 * FEW);
  private length = 0;
  private readonly many = new Set<bigint>();

  /** @returns whether it was not among them */
  add(low: number, high: number): boolean {
    const { words, many } = this;
    for (let i = 0; i < this.length; i += 2) if (words[i] === low && words[i + 1] === high) return false;
    if (this.length < words.length) {
      words[this.length++] = low;
      words[this.length++] = high;
      return true;
    }
    const before = many.size;
    return many.add((BigInt(high) << 32n) | BigInt(low)).size > before;
  }

  clear(): void {
    this.length = 0;
    if (this.many.size > 0) this.many.clear();
  }
}
