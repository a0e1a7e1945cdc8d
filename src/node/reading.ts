/** What every command that reads inputs does first: finds them, opens them, and takes note of what is left out of them. */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Charges } from '../model/charges.ts';
import type { Workload } from '../model/comparison.ts';
import { InputError, UsageError } from '../model/diagnostic.ts';
import type { Horizon } from '../model/time.ts';
import { s3Inventory } from '../sources/s3-inventory.ts';
import type { Snapshots } from '../sources/snapshots.ts';
import type { OrderedTrace } from '../sources/source.ts';
import { withTemporaryFolder, writeAtomically } from './atomic-file.ts';
import { Rejects } from './clean-rows.ts';
import { type Connect, type EngineOptions, withEngine } from './duckdb.ts';
import { type ExpandedInputs, expandInputs, STANDARD_INPUT } from './expand.ts';
import { snapshotsOf } from './inventories.ts';
import { filesOf, refuseDamaged } from './load.ts';
import { type Input, type OpenOptions, openInputs } from './open-inputs.ts';
import type { ActRows } from './row-shape.ts';
import { isOfTheFile } from './trace-file.ts';

/** What a run is told about reading its inputs. */
export interface ReadOptions extends OpenOptions, Omit<EngineOptions, 'temporaryFolder'> {
  /** Names, folders, globs, `-`. */
  readonly inputs: readonly string[];
  /** Manifests of inventories, which inputs may be as well. */
  readonly inventories?: readonly string[];
  /** Who is charged for requests; the bucket's owner for all that AWS bills, by default. */
  readonly charges?: Charges;
  /** The buckets whose requests are replayed; all by default. */
  readonly buckets?: readonly string[];
  /** What a row that cannot be read does; as its format has it when absent. */
  readonly onBadRow?: 'fail' | 'skip';
  /** File that gets the rows that are left out. */
  readonly rejects?: string;
  readonly onProgress?: (progress: RunProgress) => void;
}

export interface RunProgress {
  readonly step: 'reading' | 'simulating' | 'explaining' | 'writing' | 'profiling';
  /** Share done, 0 to 1. */
  readonly done: number;
  /** Bytes of the inputs while reading, rows while simulating. */
  readonly total: number;
}

/** Inputs that are about to be read. */
export interface Reading {
  readonly connection: DuckDBConnection;
  readonly connect: Connect;
  /** A folder for what is written again. */
  readonly folder: string;
  readonly options: ReadOptions;
  readonly inputs: readonly Input[];
  readonly snapshots?: Snapshots;
  readonly skipped: ExpandedInputs['skipped'];
  readonly onBadRow: 'fail' | 'skip';
}

/**
 * Opens the inputs and hands them to `use`, with what takes the rows that cannot be read.
 * @throws InputError when an input cannot be used; UsageError for options that contradict each other
 */
export async function withReading<T>(
  options: ReadOptions,
  use: (reading: Reading, rejects: Rejects) => Promise<T>,
): Promise<T> {
  return withTemporaryFolder((folder) =>
    withEngine({ ...options, temporaryFolder: folder }, async (connection, connect) => {
      const { inputs, skipped } = await openAll(connection, folder, options);
      const snapshots = snapshotsOf(inputs);
      const onBadRow = options.onBadRow ?? defaultOnBadRow(inputs);
      if (options.rejects !== undefined && onBadRow === 'fail') throw new UsageError(REJECTS_NEED_SKIP);
      const opened = { connection, connect, folder, options, inputs, skipped, onBadRow };
      const reading = { ...opened, ...(snapshots && { snapshots }) };
      return withRejects(options.rejects, (rejects) => {
        countBefore(inputs, rejects);
        return use(reading, rejects).catch(async (error: Error) => {
          if (isOfTheFile(error)) await refuseDamaged(connection, inputs, error);
          throw error;
        });
      });
    }),
  );
}

/** The inventories and the other inputs, each once. */
async function openAll(
  connection: DuckDBConnection,
  folder: string,
  options: ReadOptions,
): Promise<Pick<Reading, 'inputs' | 'skipped'>> {
  const manifests = await expandInputs(options.inventories ?? [], folder);
  const expanded = await expandInputs(options.inputs, folder);
  const named = new Set(manifests.files.map(({ identity }) => identity));
  const files = expanded.files.filter(({ identity }) => !named.has(identity));
  const ofManifests = { renames: options.renames, format: s3Inventory.name };
  const inventories = await openInputs(connection, manifests.files, ofManifests, folder);
  const { inputs, ...opened } = await openInputs(connection, files, options, folder);
  const { buckets } = options;
  if (buckets) checkBuckets(inputs);
  const skipped = [...expanded.skipped, ...opened.skipped];
  const all = [...inventories.inputs, ...inputs];
  return { inputs: all.filter(({ snapshot }) => !snapshot || !buckets || buckets.includes(snapshot.bucket)), skipped };
}

async function withRejects<T>(path: string | undefined, use: (rejects: Rejects) => Promise<T>): Promise<T> {
  if (path === undefined) return use(new Rejects());
  return writeAtomically(path, async (temporary) => {
    const rejects = new Rejects(temporary);
    try {
      return await use(rejects);
    } finally {
      await rejects.close();
    }
  });
}

/** Takes in what was counted when the inputs that are ingested traces were made. */
function countBefore(inputs: readonly Input[], { tally }: Rejects): void {
  for (const { facts } of tracesIn(inputs)) tally.add({ ...facts.counts, buckets: [] });
  // The rows of a trace beside others are counted as they are now.
  if (inputs.length > 1 && tally.bytes !== 0) tally.bytes = Number.NaN;
}

/** Rows that were left out when the inputs that are ingested traces were made. */
export function rejectedBefore(inputs: readonly Input[]): number {
  return tracesIn(inputs).reduce((sum, { facts }) => sum + facts.rejectedRows, 0);
}

/** The ingested traces among some inputs. */
export function tracesIn(inputs: readonly Input[]): OrderedTrace[] {
  return inputs.flatMap(({ opened }) => ('trace' in opened && opened.trace ? [opened.trace] : []));
}

/** Why rows that are left out cannot be kept. */
const REJECTS_NEED_SKIP = '--rejects needs --on-bad-row skip: otherwise a bad row ends the run';

function checkBuckets(inputs: readonly Input[]): void {
  const without = inputs.filter(({ opened }) => opened.columns.bucket === undefined);
  if (without.length === 0) return;
  throw new InputError(
    without.slice(0, 10).map(({ file }) => ({
      severity: 'error',
      message: "there is no column 'bucket' to pick by (--bucket)",
      where: { file: file.name },
    })),
  );
}

/** A row that one of the formats must not lose ends the run; of inventories beside requests, those decide. */
function defaultOnBadRow(inputs: readonly Input[]): 'fail' | 'skip' {
  const requests = inputs.filter(({ snapshot }) => !snapshot);
  const deciding = requests.length > 0 ? requests : inputs;
  const skips = ({ source, opened }: Input): boolean =>
    ('trace' in opened && opened.trace ? opened.trace.facts : source).onBadRow === 'skip';
  return deciding.every(skips) ? 'skip' : 'fail';
}

/** The inputs by the names the user gave them. */
export function namesOf({ inventories = [], inputs }: ReadOptions): string[] {
  return [...inventories, ...inputs].map((name) => (name === STANDARD_INPUT ? 'standard input' : name));
}

/** The files the user named, each as it was read: a manifest for the files it names. */
function namedFiles(inputs: readonly Input[]): Pick<Input, 'file' | 'source' | 'opened'>[] {
  const files = new Map(inputs.map(({ file, manifest = file, source, opened }) => [manifest, { source, opened }]));
  return [...files].map(([file, read]) => ({ file, ...read }));
}

/** The formats of the inputs, in the order in which they come. */
export function formatsOf(inputs: readonly Input[]): Workload['formats'] {
  const formats = new Map<string, { name: string; title: string; files: number }>();
  for (const { source, opened } of namedFiles(inputs)) {
    const title = opened.remark === undefined ? source.title : `${source.title}, ${opened.remark}`;
    const format = formats.get(title) ?? { name: source.name, title, files: 0 };
    formats.set(title, format);
    format.files++;
  }
  return [...formats.values()];
}

export function byReason(skipped: Reading['skipped']): Workload['skippedFiles'] {
  const reasons = new Map<string, { files: number; example: string }>();
  for (const { name, reason } of skipped) {
    const found = reasons.get(reason);
    if (found) found.files++;
    else reasons.set(reason, { files: 1, example: name });
  }
  return [...reasons].map(([reason, { files, example }]) => ({ reason, files, example }));
}

/**
 * What is wrong with inputs in which there is no request.
 * @param acts rows of S3's own lifecycle that are not counted yet
 */
export function nothingIn(inputs: readonly Input[], { count, tally }: Rejects, acts: ActRows = new Map()): string {
  const files = namedFiles(inputs);
  const more = files.length > 3 ? ` and ${files.length - 3} more` : '';
  const names = `${files
    .slice(0, 3)
    .map(({ file }) => file.name)
    .join(', ')}${more}`;
  for (const [kind, rows] of acts) tally.other(kind, rows);
  const kinds = tally.counts().otherRows.map(({ kind, rows }) => `${rows} ${kind}`);
  if (kinds.length > 0)
    return `${names}: none of the ${count + tally.otherRows} rows is a request that is replayed: ${[...(count > 0 ? [`${count} cannot be read`] : []), ...kinds.slice(0, 5)].join(', ')}`;
  return count > 0 ? `${names}: none of the ${count} rows can be read` : `${names}: there is no row in it`;
}

/** The days that inputs say they are about; undefined when none says so. */
export function toldHorizon(inputs: readonly Pick<Input, 'horizon'>[]): Horizon | undefined {
  const told = inputs.flatMap(({ horizon }) => horizon ?? []);
  if (told.length === 0) return undefined;
  return { from: Math.min(...told.map(({ from }) => from)), until: Math.max(...told.map(({ until }) => until)) };
}

/** Tells how far the bulk engine is with the inputs, until it is stopped. */
export function reportReading({ connection, inputs, options: { onProgress } }: Reading): { stop(): void } {
  if (!onProgress) return { stop() {} };
  const total = filesOf(inputs).reduce((sum, { bytes }) => sum + bytes, 0);
  const timer = setInterval(() => {
    onProgress({ step: 'reading', done: Math.min(Math.max(connection.progress.percentage, 0) / 100, 1), total });
  }, 100);
  return {
    stop() {
      clearInterval(timer);
    },
  };
}
