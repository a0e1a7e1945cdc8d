/** The file of an ingested trace: written whole, and opened again to be added to. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { InputError } from '../model/diagnostic.ts';
import { VERSION } from '../model/version.ts';
import type { ColumnNames } from '../sources/columns.ts';
import { literal } from '../sources/projection.ts';
import type { OrderedTrace } from '../sources/source.ts';
import { INPUTS_KEY, TRACE_KEY, TRACE_SCHEMA, type TraceFacts } from '../sources/trace-facts.ts';
import { orderMilliseconds } from '../trace/trace.ts';
import type { EventFacts } from './event-table.ts';
import { inspectInput } from './inputs.ts';
import { type Input, openInputs } from './open-inputs.ts';
import { parquetMetadata } from './parquet.ts';
import type { WrittenRun } from './trace-runs.ts';

/** A trace's file and what it says of itself. */
export interface OpenTrace extends Pick<Input, 'file' | 'source' | 'opened'> {
  readonly trace: OrderedTrace;
  readonly columns: ColumnNames;
  /** Lines of its metadata, one for each of its inputs. */
  readonly inputs: readonly string[];
}

/**
 * Opens a file; undefined when it is no trace.
 * @param folder for temporary files
 */
export async function openTrace(
  connection: DuckDBConnection,
  path: string,
  folder: string,
): Promise<OpenTrace | undefined> {
  const file = await inspectInput(path, path, false);
  if (file.container !== 'parquet') return undefined;
  const { inputs } = await openInputs(connection, [file], { renames: {} }, folder);
  const { source, opened } = inputs[0]!;
  if (!('read' in opened) || !opened.trace) return undefined;
  const metadata = await parquetMetadata(connection, file);
  const lines = (metadata.get(INPUTS_KEY) ?? '').split('\n').filter((line) => line !== '');
  return { file, source, opened, trace: opened.trace, columns: opened.columns, inputs: lines };
}

/** Facts of a trace that are not in its rows. */
export type Provenance = Pick<TraceFacts, 'formats' | 'onBadRow' | 'rejectedRows' | 'counts' | 'horizon'>;

/** What a trace is once a run is added to it. */
export function traceFacts(run: WrittenRun, added: EventFacts, told: Provenance, old?: TraceFacts): TraceFacts {
  const iso = (order: number | null): string | undefined =>
    order === null ? undefined : new Date(orderMilliseconds(order)).toISOString();
  const times = [old?.first, old?.last, iso(added.first), iso(added.last)].filter((time) => time !== undefined).sort();
  const acts = run.acts.reduce((sum, { rows }) => sum + rows, 0);
  return {
    schema: TRACE_SCHEMA,
    tiercast: VERSION,
    rows: run.runs.reduce((sum, rows) => sum + rows, 0) - acts,
    objects: run.objects,
    first: times[0]!,
    last: times.at(-1)!,
    namesVersions: added.namesVersions || (old?.namesVersions ?? false),
    hasTags: added.hasTags || (old?.hasTags ?? false),
    ...(acts > 0 && { acts: run.acts }),
    runs: run.runs,
    ...told,
  };
}

/** @throws InputError when the file cannot be written */
export async function writeTrace(
  connection: DuckDBConnection,
  path: string,
  { sql }: WrittenRun,
  facts: TraceFacts,
  inputs: readonly string[],
): Promise<void> {
  const metadata = { [TRACE_KEY]: JSON.stringify(facts), [INPUTS_KEY]: inputs.join('\n') };
  const pairs = Object.entries(metadata).map(([key, value]) => `${literal(key)}: ${literal(value)}`);
  const options = `FORMAT parquet, COMPRESSION zstd, PARQUET_VERSION 'V2', KV_METADATA {${pairs.join(', ')}}`;
  await connection.run(`COPY (${sql}) TO ${literal(path)} (${options})`).catch((error: Error) => {
    const reason = error.message.split('\n')[0]!;
    if (/No space left|disk full/i.test(reason)) throw new InputError('cannot write the trace: the disk is full');
    throw /^IO Error/.test(reason) ? new InputError(`cannot write the trace: ${reason}`) : error;
  });
}
