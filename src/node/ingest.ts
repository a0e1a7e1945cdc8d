/** Logs into one sorted trace, written once and read by every later run. */
import { stat } from 'node:fs/promises';
import { type Diagnostic, InputError } from '../model/diagnostic.ts';
import { RowTally } from '../model/row-tally.ts';
import type { TraceFacts } from '../sources/trace-facts.ts';
import { writeAtomically } from './atomic-file.ts';
import type { Rejects } from './clean-rows.ts';
import { contentId } from './content-id.ts';
import { engineError } from './duckdb.ts';
import { loadEvents } from './load.ts';
import { type Input, refuseTwoLogs } from './open-inputs.ts';
import { damagedParquet, readThrough } from './parquet.ts';
import {
  byReason,
  formatsOf,
  nothingIn,
  type Reading,
  type ReadOptions,
  rejectedBefore,
  reportReading,
  toldHorizon,
  withReading,
} from './reading.ts';
import { isOfTheFile } from './trace-file.ts';
import { addedRun, firstRun } from './trace-runs.ts';
import { type OpenTrace, openTrace, type Provenance, traceFacts, writeTrace } from './trace-writer.ts';

export interface IngestOptions extends Omit<ReadOptions, 'charges' | 'inventories'> {
  /** The trace that is written. */
  readonly output: string;
  /** Add to the trace that is there, if one is. */
  readonly append: boolean;
}

export interface IngestResult {
  /** What the trace is now. */
  readonly facts: TraceFacts;
  /** Requests that were added. */
  readonly added: number;
  /** Bytes of the trace's file. */
  readonly bytes: number;
  /** Inputs the trace had already, by their content. */
  readonly known: readonly string[];
  /** Files in folders that hold no data by the look of them, by reason. */
  readonly skipped: ReturnType<typeof byReason>;
  /** The first of the rows that were left out. */
  readonly rejected: readonly Diagnostic[];
}

/**
 * Writes the requests of some inputs as one trace in order of objects and time, whole or not at all.
 * @throws InputError when an input cannot be used, or holds a bad row and `onBadRow` is `fail`, or the trace to add to is none
 */
export async function ingestFiles(options: IngestOptions): Promise<IngestResult> {
  return withReading(options, async (reading, rejects) => {
    refuseInventories(reading);
    const before = await stateOf(options.output);
    const old = options.append && before !== undefined ? await traceAt(reading, options.output) : undefined;
    return ingest(reading, rejects, options, old, before).catch(async (error: Error) => {
      if (options.append) await refuseReplaced(options.output, before);
      if (old && isOfTheFile(error)) await refuseDamage(reading, old);
      throw engineError(error);
    });
  });
}

async function ingest(
  reading: Reading,
  rejects: Rejects,
  options: IngestOptions,
  old: OpenTrace | undefined,
  before: string | undefined,
): Promise<IngestResult> {
  const { connection } = reading;
  const { inputs, known } = await unknownInputs(reading.inputs, old);
  if (old) refuseTwoLogs([old, ...inputs]);
  const skipped = byReason(reading.skipped);
  if (old && inputs.length === 0) {
    const { size } = await stat(options.output);
    return { facts: old.trace.facts, added: 0, bytes: size, known, skipped, rejected: [] };
  }
  const identified = identify(inputs);
  identified.catch(() => {});
  const progress = reportReading({ ...reading, inputs });
  const { table } = await loadEvents(connection, inputs, rejects, { ...options, ...reading }).finally(() =>
    progress.stop(),
  );
  const found = await table.facts();
  if (found.rows === 0 && (!old || table.acts.size === 0)) throw new InputError(nothingIn(inputs, rejects, table.acts));
  const run = old ? await addedRun(connection, old, table, found) : firstRun(table, found);
  rejects.tally.duplicates += run.duplicates;
  const told = provenance({ ...reading, inputs }, rejects, old?.trace.facts);
  const facts = traceFacts(run, found, told, old?.trace.facts);
  const lines = [...(old?.inputs ?? []), ...(await identified)];
  options.onProgress?.({ step: 'writing', done: 0, total: facts.rows });
  await writeAtomically(options.output, async (temporary) => {
    await writeTrace(connection, temporary, run, facts, lines);
    if (options.append) await refuseReplaced(options.output, before);
  });
  const { size } = await stat(options.output);
  return { facts, added: run.added, bytes: size, known, skipped, rejected: rejects.listed };
}

/** @throws InputError naming an inventory, which is no log of requests */
function refuseInventories({ inputs }: Reading): void {
  const listed = inputs.find(({ snapshot }) => snapshot);
  if (!listed) return;
  const message =
    'an inventory holds no requests to ingest; name it beside the trace when that is compared (--inventory)';
  throw new InputError([{ severity: 'error', message, where: { file: (listed.manifest ?? listed.file).name } }]);
}

/** What changes when a file is replaced or written to; undefined where there is none. */
async function stateOf(path: string): Promise<string | undefined> {
  const facts = await stat(path).catch(() => undefined);
  return facts && [facts.dev, facts.ino, facts.size, facts.mtimeMs].join(' ');
}

/**
 * Two that add to one trace at a time number their objects by the same rows: the later one would lose what the other added.
 * @throws InputError when the trace is no longer what it was
 */
async function refuseReplaced(path: string, before: string | undefined): Promise<void> {
  if ((await stateOf(path)) === before) return;
  const message = 'another program has written the trace meanwhile; nothing is added: do it again';
  throw new InputError([{ severity: 'error', message, where: { file: path } }]);
}

/** @throws InputError when a file is no trace */
async function traceAt({ connection, folder }: Reading, path: string): Promise<OpenTrace> {
  const open = await openTrace(connection, path, folder);
  if (open) return open;
  const message = 'this is no trace that tiercast ingest wrote, so that nothing can be added to it';
  throw new InputError([{ severity: 'error', message, where: { file: path } }]);
}

async function refuseDamage({ connection }: Reading, { file }: OpenTrace): Promise<void> {
  await readThrough(connection, file).catch((damage: Error) => {
    throw damagedParquet(file, damage);
  });
}

/** A line of the trace's metadata for each of its inputs. */
async function identify(inputs: readonly Input[]): Promise<string[]> {
  const lines: string[] = [];
  for (const { file } of inputs) lines.push(inputLine(await contentId(file), file.bytes, file.name));
  return lines;
}

function inputLine(id: string, bytes: number, name: string): string {
  return `${id} ${bytes} ${JSON.stringify(name)}`;
}

/** Inputs whose content the trace does not have yet, and the names of the others. */
async function unknownInputs(
  all: readonly Input[],
  old: OpenTrace | undefined,
): Promise<{ readonly inputs: readonly Input[]; readonly known: readonly string[] }> {
  if (!old) return { inputs: all, known: [] };
  const ids = new Set(old.inputs.map((line) => line.split(' ', 2).join(' ')));
  const sizes = new Set(old.inputs.map((line) => line.split(' ', 2)[1]));
  const inputs: Input[] = [];
  const known: string[] = [];
  for (const input of all) {
    const { file } = input;
    const isKnown = sizes.has(String(file.bytes)) && ids.has(`${await contentId(file)} ${file.bytes}`);
    if (isKnown) known.push(file.name);
    else inputs.push(input);
  }
  return { inputs, known };
}

function provenance({ inputs, onBadRow }: Reading, rejects: Rejects, old: TraceFacts | undefined): Provenance {
  const tally = new RowTally();
  if (old) tally.add(old.counts);
  tally.add(rejects.tally.counts());
  const told = toldHorizon([...inputs, ...(old?.horizon ? [{ horizon: old.horizon }] : [])]);
  return {
    formats: addedFormats(old?.formats ?? [], formatsOf(inputs)),
    onBadRow: old?.onBadRow === 'fail' ? 'fail' : onBadRow,
    rejectedRows: (old?.rejectedRows ?? 0) + rejects.count + rejectedBefore(inputs),
    counts: tally.counts(),
    ...(told && { horizon: told }),
  };
}

function addedFormats(old: TraceFacts['formats'], more: TraceFacts['formats']): TraceFacts['formats'] {
  const formats = new Map(old.map((format) => [format.title, format]));
  for (const format of more) {
    const files = format.files + (formats.get(format.title)?.files ?? 0);
    formats.set(format.title, { ...format, files });
  }
  return [...formats.values()];
}
