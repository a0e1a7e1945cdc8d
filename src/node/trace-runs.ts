/**
 * How the rows of a trace are laid out in its file. What is added later is a run of its own after those that are there,
 * which are copied as they are. Objects keep their numbers, new ones take the next: so runs are merged by number as they
 * are read. A run that is not larger than what is added is sorted together with it: there are never more runs than the
 * number of rows has digits in binary, and a row is sorted no more often than that.
 */
import type { DuckDBConnection } from '@duckdb/node-api';
import { OWNER_PAYS } from '../model/charges.ts';
import type { ColumnNames, EventColumn } from '../sources/columns.ts';
import { IDENTITY, traceOrder, UNPACKED } from '../sources/event-list.ts';
import { readParquet } from '../sources/parquet.ts';
import { isActOrder, order } from '../sources/projection.ts';
import { TRACE_TYPES } from '../sources/tiercast-trace.ts';
import type { TraceFacts } from '../sources/trace-facts.ts';
import type { EventFacts, EventTable } from './event-table.ts';
import { type ActRows, actRows } from './row-shape.ts';
import type { OpenTrace } from './trace-writer.ts';

/** All rows of a trace about to be written. */
export interface WrittenRun {
  /** SQL of all columns in their order. */
  readonly sql: string;
  /** Rows of each run. */
  readonly runs: readonly number[];
  readonly objects: number;
  /** Rows of S3's own lifecycle, by the names logs have for them. */
  readonly acts: NonNullable<TraceFacts['acts']>;
  /** Requests that were not there before. */
  readonly added: number;
  /** Log records that came again. */
  readonly duplicates: number;
}

/** A trace of new rows alone. */
export function firstRun(events: EventTable, { rows, objects, duplicates }: EventFacts): WrittenRun {
  const sql = `SELECT ${columns('n', 0, UNPACKED, events.kept)} FROM ${events.sql}`;
  const { acts } = events;
  return { sql, runs: [rows + actRows(acts)], objects, acts: kinds(acts), added: rows, duplicates };
}

/** A trace and what is added to it. */
export async function addedRun(
  connection: DuckDBConnection,
  old: OpenTrace,
  events: EventTable,
  found: EventFacts,
): Promise<WrittenRun> {
  const { runs, acts = [] } = old.trace.facts;
  const addedActs = actRows(events.acts);
  const left = runsLeft(runs, found.rows + addedActs);
  const objects = await numberObjects(connection, old, events);
  const kept = (Object.keys(TRACE_TYPES) as EventColumn[]).filter(
    (column) => events.kept.includes(column) || (isKept(column) && old.columns[column] !== undefined),
  );
  const added = await sortRun(connection, old, events, kept, left);
  const first = `SELECT ${columns('object', 'run', ['timestamp', 'operation'], kept, old.columns)} FROM ${readParquet([old.file.path])} WHERE run < ${left}`;
  const last = `SELECT ${columns('object', left, UNPACKED, kept)} FROM ${RUN}`;
  const merged = runs.slice(left).reduce((sum, rows) => sum + rows, 0);
  return {
    sql: left === 0 ? last : `${first} UNION ALL ${last}`,
    runs: [...runs.slice(0, left), merged + added],
    objects,
    acts: kinds(events.acts, acts),
    added: added - addedActs,
    duplicates: found.duplicates + found.rows + addedActs - added,
  };
}

/** Acts and those that were there before. */
function kinds(acts: ActRows, before: WrittenRun['acts'] = []): WrittenRun['acts'] {
  const all = new Map(before.map(({ kind, rows }) => [kind, rows]));
  for (const [kind, rows] of acts) all.set(kind, (all.get(kind) ?? 0) + rows);
  return [...all].map(([kind, rows]) => ({ kind, rows }));
}

const OBJECTS = 'added_objects';
const RUN = 'added_rows';

function isKept(column: EventColumn): boolean {
  return column !== 'timestamp' && column !== 'operation';
}

/** How many runs are left as they are when some rows are added. */
function runsLeft(runs: readonly number[], added: number): number {
  let left = runs.length;
  for (let rows = added; left > 0 && runs[left - 1]! <= rows; left--) rows += runs[left - 1]!;
  return left;
}

/** Gives the objects of new rows the numbers they have in the trace, or the next ones. Returns how many objects there are. */
async function numberObjects(connection: DuckDBConnection, old: OpenTrace, events: EventTable): Promise<number> {
  const bucketOf = (has: boolean): string => (has ? `coalesce(bucket, '')` : `''`);
  const hasBucket = events.kept.includes('bucket');
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE ${OBJECTS} AS
      WITH added AS (SELECT n, key, ${bucketOf(hasBucket)} AS bucket FROM ${events.sql} WHERE begins),
      known AS (SELECT DISTINCT object, key, ${bucketOf(old.columns.bucket !== undefined)} AS bucket
        FROM ${readParquet([old.file.path])} SEMI JOIN added USING (key))
      SELECT n, coalesce(object, ${old.trace.facts.objects} - 1 + row_number() OVER (PARTITION BY object IS NULL ORDER BY n))::UINTEGER AS object,
        object IS NULL AS is_new FROM added LEFT JOIN known USING (key, bucket)`,
  );
  const reader = await connection.runAndReadAll(`SELECT count_if(is_new)::DOUBLE FROM ${OBJECTS}`);
  return old.trace.facts.objects + (reader.getRows()[0]![0] as number);
}

/** Sorts the new rows, together with those of the runs from `left` on. Returns how many are new. */
async function sortRun(
  connection: DuckDBConnection,
  old: OpenTrace,
  events: EventTable,
  kept: readonly EventColumn[],
  left: number,
): Promise<number> {
  const from = readParquet([old.file.path]);
  const oldOrder = order({ columns: old.columns, time: 'timestamp', charges: OWNER_PAYS });
  const value = (column: EventColumn, has: boolean): string =>
    has ? column : `NULL::${TRACE_TYPES[column]} AS ${column}`;
  const added = `SELECT object, w, ${kept.map((column) => value(column, events.kept.includes(column))).join(', ')} FROM ${events.sql} JOIN ${OBJECTS} USING (n)`;
  const isAgain =
    kept.includes('request_id') && old.columns.request_id !== undefined && events.kept.includes('request_id');
  const identity = IDENTITY.filter((column) => kept.includes(column));
  const known = identity.map((column) => value(column, old.columns[column] !== undefined)).join(', ');
  const same = ['object', 'w', ...identity].map((column) => `added.${column} IS NOT DISTINCT FROM known.${column}`);
  const unknown = isAgain
    ? `SELECT * FROM (${added}) AS added ANTI JOIN (SELECT object, ${oldOrder} AS w, ${known} FROM ${from} WHERE request_id IS NOT NULL) AS known ON NOT ${isActOrder('added.w')} AND ${same.join(' AND ')}`
    : added;
  const merged = `SELECT object, ${oldOrder} AS w, ${kept.map((column) => value(column, old.columns[column] !== undefined)).join(', ')} FROM ${from} WHERE run >= ${left}`;
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE ${RUN} AS SELECT * FROM (${unknown}${left < old.trace.facts.runs.length ? ` UNION ALL ${merged}` : ''})
      ORDER BY ${traceOrder(['object'], kept)}`,
  );
  const reader = await connection.runAndReadAll(`SELECT count(*)::DOUBLE FROM ${RUN}`);
  const merges = old.trace.facts.runs.slice(left).reduce((sum, rows) => sum + rows, 0);
  return (reader.getRows()[0]![0] as number) - merges;
}

/** The select list of a trace's file. */
function columns(
  object: string,
  run: number | string,
  unpacked: readonly string[],
  kept: readonly EventColumn[],
  has?: ColumnNames,
): string {
  const list = kept.map((column) =>
    has && has[column] === undefined ? `NULL::${TRACE_TYPES[column]} AS ${column}` : column,
  );
  return [`${object}::UINTEGER AS object`, `${run}::UTINYINT AS run`, ...unpacked, ...list].join(', ');
}
