import type { DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api';
import type { Charges } from '../model/charges.ts';
import { InputError } from '../model/diagnostic.ts';
import {
  groupCount,
  groupNumber,
  IS_REQUEST_ROW,
  largestGroups,
  mostRead,
  type RowGroupBy,
} from '../sources/group-list.ts';
import { orderedSelectList } from '../sources/projection.ts';
import type { OrderedTrace, Relation } from '../sources/source.ts';
import { BatchBuilder, type BatchConsumer, type RowColumns } from '../trace/batch-builder.ts';
import { type Groups, rowGroups } from '../trace/groups.ts';
import type { Marks, TraceSpan, Versioning } from '../trace/trace.ts';
import { batchColumns, type Chunks, chunksOf, columnsOf, rowColumns } from './chunks.ts';
import type { Connect } from './duckdb.ts';
import type { InputFile } from './inputs.ts';
import { damagedParquet } from './parquet.ts';
import { optionalColumns, type TraceRows } from './trace-table.ts';

interface Reading {
  readonly charges: Charges;
  readonly versioning?: Versioning;
}

/** An ingested trace: its rows are in order already, in one run or in several that are merged as they are read. */
export class TraceFile implements TraceRows {
  readonly span: TraceSpan;
  private readonly connect: Connect;
  private readonly file: InputFile;
  private readonly trace: OrderedTrace;
  private readonly reading: Reading;
  /** SQL of the number of a row's group. */
  private group: string | undefined;

  constructor(connect: Connect, file: InputFile, trace: OrderedTrace, reading: Reading) {
    const { rows, first, last, namesVersions, hasTags } = trace.facts;
    this.span = { rows, first: Date.parse(first), last: Date.parse(last), namesVersions, hasTags };
    this.connect = connect;
    this.file = file;
    this.trace = trace;
    this.reading = reading;
  }

  /** SQL of all requests, in no order, and the columns they have. */
  get rows(): Pick<Relation, 'sql' | 'columns'> {
    const { sql, columns } = this.trace.run(this.file.path);
    return { sql: this.trace.facts.acts ? `(SELECT * FROM ${sql} WHERE ${IS_REQUEST_ROW})` : sql, columns };
  }

  /**
   * Tells rows by groups from now on: those of the most bytes, at most `top`, and all others.
   * @param alsoRead how many of the groups with the most reads are told apart besides
   */
  async groupBy(connection: DuckDBConnection, by: RowGroupBy, top: number, alsoRead = 0): Promise<Groups> {
    const { sql, columns } = this.rows;
    const read = async (query: string): Promise<unknown[][]> => (await connection.runAndReadAll(query)).getRows();
    const withBucket = await this.hasBuckets(connection);
    const found = await read(largestGroups(by, columns, withBucket, sql, top));
    const names = new Set(found.map(([name]) => String(name)));
    const groups = Number(found[0]?.[1] ?? 0);
    if (groups > names.size && alsoRead > 0) {
      for (const [name] of await read(mostRead(by, columns, withBucket, sql, alsoRead))) names.add(String(name));
    }
    this.group = groupNumber(by, columns, withBucket, [...names]);
    return rowGroups(by, [...names], groups - names.size);
  }

  /** How many groups there are. */
  async countGroups(connection: DuckDBConnection, by: RowGroupBy): Promise<number> {
    const { sql, columns } = this.rows;
    const reader = await connection.runAndReadAll(groupCount(by, columns, await this.hasBuckets(connection), sql));
    return Number(reader.getRows()[0]![0]);
  }

  private async hasBuckets(connection: DuckDBConnection): Promise<boolean> {
    const { sql, columns } = this.rows;
    if (!columns.bucket) return false;
    const reader = await connection.runAndReadAll(`SELECT DISTINCT coalesce(bucket, '') FROM ${sql} LIMIT 2`);
    return reader.getRows().length > 1;
  }

  async scan(marks: Marks, consume: BatchConsumer, progress: (rows: number) => void): Promise<number> {
    let rows = 0;
    const optional = this.optionalColumns();
    const own = batchColumns(optional);
    const builder = new BatchBuilder(marks.words, consume, { optional: this.group ? [...own, 'group'] : own });
    try {
      const runs = await Promise.all(this.trace.facts.runs.map((_, run) => this.open(run, marks, optional)));
      let left = runs.filter((run) => !run.isOver);
      while (left.length > 0) {
        rows += left.length === 1 ? left[0]!.addChunk(builder) : addLowest(left, builder);
        for (const run of left) {
          if (!run.isRead) continue;
          await run.next();
          if (run.isOver) left = left.filter((one) => one !== run);
          progress(rows);
        }
      }
    } catch (error) {
      if (error instanceof RangeError) throw this.changed(error.message);
      throw isOfTheFile(error as Error) ? damagedParquet(this.file, error as Error) : error;
    }
    builder.flush();
    return 0;
  }

  private optionalColumns(): string[] {
    const needed = optionalColumns([this.rows.columns], this.reading.versioning);
    return needed.filter((column) => column !== 'request');
  }

  private async open(run: number, marks: Marks, optional: readonly string[]): Promise<RunReader> {
    const connection = await this.connect();
    const relation = this.trace.run(this.file.path, run);
    const list = orderedSelectList({ ...relation, ...this.reading, marks: marks.all }, optional, this.group);
    const reader = new RunReader(
      chunksOf(connection, `SELECT ${list} FROM ${relation.sql}`),
      optional,
      marks.words,
      this.group !== undefined,
    );
    await reader.next();
    return reader;
  }

  private changed(what: string): InputError {
    const text = `${what}; another program has changed the trace: ingest the logs again`;
    return new InputError([{ severity: 'error', message: text, where: { file: this.file.name } }]);
  }
}

/** Whether an error of the engine can be a damaged file's: what was ingested has no bad row. */
export function isOfTheFile({ message }: Error): boolean {
  return /^(Invalid|Invalid Input|IO|Serialization|Conversion|Out of Range) Error: (?!.*(No space left|disk full))/i.test(
    message,
  );
}

/** Reads one run of a trace. */
class RunReader {
  /** Whether there is no more row. */
  isOver = false;
  private readonly chunks: Chunks;
  private readonly optional: readonly string[];
  private readonly markWords: number;
  private readonly hasGroups: boolean;
  private columns: RowColumns | undefined;
  private row = 0;
  private rows = 0;

  constructor(chunks: Chunks, optional: readonly string[], markWords: number, hasGroups: boolean) {
    this.chunks = chunks;
    this.hasGroups = hasGroups;
    this.optional = optional;
    this.markWords = markWords;
  }

  /** Whether the rows at hand are used up. */
  get isRead(): boolean {
    return this.row === this.rows;
  }

  async next(): Promise<void> {
    const { value: chunk } = await this.chunks.next();
    this.isOver = chunk === undefined;
    if (!chunk) return;
    this.columns = rowsOf(chunk, this.optional, this.markWords, this.hasGroups);
    this.row = 0;
    this.rows = chunk.rowCount;
  }

  /** Number of the object the next row is of. */
  get object(): number {
    return this.columns!.object[this.row]!;
  }

  /** Order of the next row. */
  get order(): number {
    return this.columns!.order[this.row]!;
  }

  /** Hands over all rows at hand. Returns how many. */
  addChunk(builder: BatchBuilder): number {
    return this.addUpTo(builder, this.rows);
  }

  /** Hands over rows at hand of objects before one. */
  addBefore(builder: BatchBuilder, object: number): number {
    let end = this.row;
    while (end < this.rows && this.columns!.object[end]! < object) end++;
    return this.addUpTo(builder, end);
  }

  /** Hands over rows at hand of the present object up to an order, that of a row of another run; one at least. */
  addThrough(builder: BatchBuilder, order: number): number {
    const { object } = this;
    let end = this.row + 1;
    while (end < this.rows && this.columns!.object[end] === object && this.columns!.order[end]! <= order) end++;
    return this.addUpTo(builder, end);
  }

  private addUpTo(builder: BatchBuilder, end: number): number {
    const count = end - this.row;
    builder.addRows(this.columns!, this.row, end);
    this.row = end;
    return count;
  }
}

/** Hands over what comes first of several runs, as far as it is at hand. Returns how many rows. */
function addLowest(runs: readonly RunReader[], builder: BatchBuilder): number {
  const [first, second] = runs.toSorted((a, b) => a.object - b.object || a.order - b.order) as [RunReader, RunReader];
  if (first.object < second.object) return first.addBefore(builder, second.object);
  return first.addThrough(builder, second.order);
}

function rowsOf(
  chunk: DuckDBDataChunk,
  optional: readonly string[],
  markWords: number,
  hasGroups: boolean,
): RowColumns {
  const found = columnsOf(chunk);
  const columns = { object: found[0] as Uint32Array, ...rowColumns(found, 1, optional, markWords) };
  return hasGroups ? { ...columns, group: found[3 + optional.length + markWords] as Uint16Array } : columns;
}
