/** The inputs of a run as one trace in order, which holds their keys. */
import { join } from 'node:path';
import { OWNER_PAYS } from '../model/charges.ts';
import { InputError } from '../model/diagnostic.ts';
import type { OrderedTrace } from '../sources/source.ts';
import type { Rejects } from './clean-rows.ts';
import type { InputFile } from './inputs.ts';
import { carefully, type Loaded, loadEvents } from './load.ts';
import { formatsOf, nothingIn, type Reading, reportReading, tracesIn } from './reading.ts';
import { NOTHING_LISTED } from './row-shape.ts';
import { firstRun } from './trace-runs.ts';
import { openTrace, traceFacts, writeTrace } from './trace-writer.ts';

/** A trace in order. */
export interface OrderedRows extends Pick<Loaded<unknown>, 'listed' | 'rowsOf' | 'complete'> {
  readonly file: InputFile;
  readonly trace: OrderedTrace;
}

/** The input, when it is an ingested trace that is read alone and whole. */
export function orderedInput({ inputs, options, snapshots }: Reading): Pick<OrderedRows, 'file' | 'trace'> | undefined {
  const [first, ...others] = inputs;
  if (!first || others.length > 0 || snapshots || options.buckets) return undefined;
  const [trace] = tracesIn([first]);
  return trace && { file: first.file, trace };
}

/**
 * The inputs as a trace in order: the input, when it is one, or else a temporary file.
 * @throws InputError when an input cannot be used
 */
export async function orderedRows(reading: Reading, rejects: Rejects): Promise<OrderedRows> {
  const ordered = orderedInput(reading);
  if (!ordered) return writtenRows(reading, rejects);
  const { connection, inputs, options } = reading;
  const { charges = OWNER_PAYS } = options;
  for (const { kind, rows } of ordered.trace.facts.acts ?? []) rejects.tally.other(kind, rows);
  for (const bucket of ordered.trace.facts.counts.buckets) rejects.tally.buckets.add(bucket);
  const rowsOf = async () => () => carefully(connection, inputs, { charges });
  return { ...ordered, listed: NOTHING_LISTED, rowsOf, complete: (rows) => rows };
}

async function writtenRows(reading: Reading, rejects: Rejects): Promise<OrderedRows> {
  const { connection, folder, inputs, options, onBadRow } = reading;
  const progress = reportReading(reading);
  const { table, ...loaded } = await loadEvents(connection, inputs, rejects, { ...options, ...reading }).finally(() =>
    progress.stop(),
  );
  for (const [kind, rows] of table.acts) rejects.tally.other(kind, rows);
  const found = await table.facts();
  if (found.rows === 0) throw new InputError(nothingIn(inputs, rejects));
  const run = firstRun(table, found);
  rejects.tally.duplicates += run.duplicates;
  const counts = rejects.tally.counts();
  const told = { formats: formatsOf(inputs), onBadRow, rejectedRows: rejects.count, counts };
  const path = join(folder, 'trace.parquet');
  await writeTrace(connection, path, run, traceFacts(run, found, told), []);
  const { file, trace } = (await openTrace(connection, path, folder))!;
  return { ...loaded, file, trace };
}
