/** A comparison of files: the pipeline of `simulate.ts`, fed by the bulk engine. */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Charges } from '../model/charges.ts';
import type { Comparison, Workload } from '../model/comparison.ts';
import { type Diagnostic, InputError, quoted, UsageError } from '../model/diagnostic.ts';
import { formatDate, type Horizon, midnightBefore } from '../model/time.ts';
import type { Policy } from '../policies/policy.ts';
import type { PriceList } from '../pricing/price-list.ts';
import { type ComparisonHeader, Simulation, type SimulationOptions, traceHorizon } from '../simulate.ts';
import { s3Inventory } from '../sources/s3-inventory.ts';
import type { Snapshots } from '../sources/snapshots.ts';
import { Marks } from '../trace/trace.ts';
import { withTemporaryFolder, writeAtomically } from './atomic-file.ts';
import { type CarefulRow, isRequest } from './careful-rows.ts';
import { Rejects } from './clean-rows.ts';
import { type EngineOptions, engineError, withEngine } from './duckdb.ts';
import { type ExpandedInputs, expandInputs, STANDARD_INPUT } from './expand.ts';
import { checkHorizon, inventoryHorizon, snapshotsOf, spanSince, withInventory } from './inventories.ts';
import { filesOf, loadTrace } from './load.ts';
import { type Input, type OpenOptions, openInputs } from './open-inputs.ts';
import type { TraceTable } from './trace-table.ts';
import { unsizedRows } from './unsized.ts';

export interface CompareFilesOptions
  extends Omit<SimulationOptions, 'horizon'>,
    Omit<EngineOptions, 'temporaryFolder'>,
    OpenOptions,
    Pick<ComparisonHeader, 'baseline' | 'leftOut'> {
  /** Names, globs, `-`. */
  readonly inputs: readonly string[];
  /** Manifests of inventories, which inputs may be as well. */
  readonly inventories?: readonly string[];
  /** Who is charged for requests; the bucket's owner for all that AWS bills, by default. */
  readonly charges?: Charges;
  /** The buckets whose requests are replayed; all by default. */
  readonly buckets?: readonly string[];
  /** UTC seconds; the trace's own where absent. */
  readonly from?: number;
  readonly until?: number;
  /** What a row that cannot be read does; as its format has it when absent. */
  readonly onBadRow?: 'fail' | 'skip';
  /** File that gets the rows that are left out. */
  readonly rejects?: string;
  readonly onProgress?: (progress: RunProgress) => void;
  /** Called when the bills are done, while the trace is still at hand. */
  readonly onFinished?: (run: FinishedRun) => Promise<void>;
}

/** A run that is done, and what it was made from. */
export interface FinishedRun {
  readonly connection: DuckDBConnection;
  readonly table: TraceTable;
  readonly simulation: Simulation;
  readonly comparison: Comparison;
}

export interface RunProgress {
  readonly step: 'reading' | 'simulating' | 'explaining';
  /** Share done, 0 to 1. */
  readonly done: number;
  /** Bytes of the inputs while reading, rows while simulating. */
  readonly total: number;
}

export interface CompareFilesResult {
  readonly comparison: Comparison;
  /** The first of the rows that were left out. */
  readonly rejected: readonly Diagnostic[];
}

/** What is known of the inputs once they were recognised. */
export interface KnownInputs {
  /** The class each object is in at present: what `as-is` prices. */
  readonly presentClasses: boolean;
  /** UTC seconds of the day on which the inventories begin; absent when there are none. */
  readonly inventoryDay?: number;
}

/** What a run compares. */
export interface Choice extends Pick<ComparisonHeader, 'baseline' | 'leftOut'> {
  readonly policies: readonly Policy[];
}

/**
 * Replays files through policies.
 * @throws InputError when an input cannot be used, or holds a bad row and `onBadRow` is `fail`, or a usage has no price;
 *   UsageError for options that contradict each other
 */
export async function compareFiles(
  policies: readonly Policy[],
  prices: PriceList,
  options: CompareFilesOptions,
): Promise<CompareFilesResult> {
  return compareInputs(() => ({ ...options, policies }), prices, options);
}

/**
 * The same with policies that are chosen once the inputs were recognised.
 * @throws as {@link compareFiles}, and what `choose` throws
 */
export async function compareInputs(
  choose: (known: KnownInputs) => Choice,
  prices: PriceList,
  options: RunOptions,
): Promise<CompareFilesResult> {
  return withTemporaryFolder((folder) =>
    withEngine({ ...options, temporaryFolder: folder }, async (connection) => {
      const { inputs, skipped } = await openAll(connection, folder, options);
      const snapshots = snapshotsOf(inputs);
      const choice = choose(knownOf(inputs, snapshots));
      const onBadRow = options.onBadRow ?? defaultOnBadRow(inputs);
      if (options.rejects !== undefined && onBadRow === 'fail') throw new UsageError(REJECTS_NEED_SKIP);
      return withRejects(options.rejects, (rejects) =>
        replay({ ...choice, connection, folder, prices, options, inputs, snapshots, skipped, onBadRow }, rejects),
      );
    }),
  );
}

/** The inventories and the other inputs, each once. */
async function openAll(
  connection: DuckDBConnection,
  folder: string,
  options: RunOptions,
): Promise<Pick<Run, 'inputs' | 'skipped'>> {
  const manifests = await expandInputs(options.inventories ?? [], folder);
  const expanded = await expandInputs(options.inputs, folder);
  const named = new Set(manifests.files.map(({ identity }) => identity));
  const files = expanded.files.filter(({ identity }) => !named.has(identity));
  const ofManifests = { renames: options.renames, format: s3Inventory.name };
  const inventories = await openInputs(connection, manifests.files, ofManifests, folder);
  const { inputs, unknown } = await openInputs(connection, files, options, folder);
  const { buckets } = options;
  if (buckets) checkBuckets(inputs);
  const skipped = [...expanded.skipped, ...unknown.map(({ name }) => ({ name, reason: 'of no known format' }))];
  const all = [...inventories.inputs, ...inputs];
  return { inputs: all.filter(({ snapshot }) => !snapshot || !buckets || buckets.includes(snapshot.bucket)), skipped };
}

function knownOf(inputs: readonly Input[], snapshots: Snapshots | undefined): KnownInputs {
  return {
    presentClasses: inputs.some(({ snapshot }) => snapshot?.hasClasses),
    ...(snapshots && { inventoryDay: midnightBefore(snapshots.latest / 1000) }),
  };
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

type RunOptions = Omit<CompareFilesOptions, 'baseline' | 'leftOut'>;

interface Run extends Choice {
  readonly connection: DuckDBConnection;
  readonly folder: string;
  readonly prices: PriceList;
  readonly options: RunOptions;
  readonly inputs: readonly Input[];
  readonly snapshots: Snapshots | undefined;
  readonly skipped: ExpandedInputs['skipped'];
  readonly onBadRow: 'fail' | 'skip';
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
  return deciding.every(({ source }) => source.onBadRow === 'skip') ? 'skip' : 'fail';
}

async function replay(run: Run, rejects: Rejects): Promise<CompareFilesResult> {
  const { connection, policies, prices, options, inputs, snapshots, onBadRow } = run;
  const marks = new Marks(policies.map((policy) => policy.marks));
  const progress = reportReading(connection, inputs, options);
  const loaded = await loadTrace(connection, inputs, rejects, {
    ...options,
    folder: run.folder,
    onBadRow,
    marks: marks.all,
    ...(snapshots && { snapshots }),
  }).finally(() => progress.stop());
  const { table, listed } = loaded;
  if (table.span.rows === 0) throw new InputError(nothingIn(inputs, rejects));
  const horizon = chosenHorizon(table, run);
  const simulation = new Simulation(policies, spanSince(table.span, snapshots), { ...options, horizon });
  rejects.tally.duplicates = await table
    .scan(
      marks,
      (batch) => simulation.add(batch),
      (rows) => options.onProgress?.({ step: 'simulating', done: rows / table.span.rows, total: table.span.rows }),
    )
    .catch((error: Error) => {
      throw engineError(error);
    });
  const rejectedRows = rejects.count;
  const unsized = unsizedRows(loaded, simulation, horizon.until);
  for await (const row of unsized) {
    await rejects.add(row, unsizedProblem(row));
    if (onBadRow === 'fail' && rejects.isListFull) break;
  }
  if (onBadRow === 'fail' && rejects.count > 0) throw new InputError(rejects.listed);
  const comparison = simulation.compare(prices, {
    baseline: run.baseline,
    leftOut: run.leftOut,
    inputs: [...(options.inventories ?? []), ...options.inputs].map((name) =>
      name === STANDARD_INPUT ? 'standard input' : name,
    ),
    formats: formatsOf(inputs),
    skippedFiles: byReason(run.skipped),
    rejectedRows,
    rowCounts: rejects.tally.counts(),
  });
  const said = snapshots ? withInventory(comparison, snapshots, listed) : comparison;
  await options.onFinished?.({ connection, table, simulation, comparison: said }).catch((error: Error) => {
    throw engineError(error);
  });
  return { comparison: said, rejected: rejects.listed };
}

/** The files the user named, each as it was read: a manifest for the files it names. */
function namedFiles(inputs: readonly Input[]): Pick<Input, 'file' | 'source' | 'opened'>[] {
  const files = new Map(inputs.map(({ file, manifest = file, source, opened }) => [manifest, { source, opened }]));
  return [...files].map(([file, read]) => ({ file, ...read }));
}

/** The formats of the inputs, in the order in which they come. */
function formatsOf(inputs: readonly Input[]): Workload['formats'] {
  const formats = new Map<string, { name: string; title: string; files: number }>();
  for (const { source, opened } of namedFiles(inputs)) {
    const title = opened.remark === undefined ? source.title : `${source.title}, ${opened.remark}`;
    const format = formats.get(title) ?? { name: source.name, title, files: 0 };
    formats.set(title, format);
    format.files++;
  }
  return [...formats.values()];
}

function byReason(skipped: Run['skipped']): Workload['skippedFiles'] {
  const reasons = new Map<string, { files: number; example: string }>();
  for (const { name, reason } of skipped) {
    const found = reasons.get(reason);
    if (found) found.files++;
    else reasons.set(reason, { files: 1, example: name });
  }
  return [...reasons].map(([reason, { files, example }]) => ({ reason, files, example }));
}

function nothingIn(inputs: readonly Input[], { count, tally }: Rejects): string {
  const files = namedFiles(inputs);
  const more = files.length > 3 ? ` and ${files.length - 3} more` : '';
  const names = `${files
    .slice(0, 3)
    .map(({ file }) => file.name)
    .join(', ')}${more}`;
  const kinds = tally.counts().otherRows.map(({ kind, rows }) => `${rows} ${kind}`);
  if (kinds.length > 0)
    return `${names}: none of the ${count + tally.otherRows} rows is a request that is replayed: ${[...(count > 0 ? [`${count} cannot be read`] : []), ...kinds.slice(0, 5)].join(', ')}`;
  return count > 0 ? `${names}: none of the ${count} rows can be read` : `${names}: there is no row in it`;
}

function chosenHorizon({ span }: TraceTable, { options: { from, until }, inputs, snapshots }: Run): Horizon {
  const own = snapshots ? inventoryHorizon(snapshots, span.last) : (toldHorizon(inputs) ?? traceHorizon(span));
  const horizon = { from: from ?? own.from, until: until ?? own.until };
  if (horizon.from >= horizon.until) {
    throw new InputError(
      `nothing to bill: the horizon begins on ${formatDate(horizon.from)} and ends on ${formatDate(horizon.until)} (the trace covers ${formatDate(own.from)} to ${formatDate(own.until)})`,
    );
  }
  if (snapshots) checkHorizon(snapshots, horizon);
  return horizon;
}

/** The days that inputs say they are about; undefined when none says so. */
function toldHorizon(inputs: readonly Input[]): Horizon | undefined {
  const told = inputs.flatMap(({ horizon }) => horizon ?? []);
  if (told.length === 0) return undefined;
  return { from: Math.min(...told.map(({ from }) => from)), until: Math.max(...told.map(({ until }) => until)) };
}

/** An object of which no row says the size cannot be billed; a zero would be a guess. */
function unsizedProblem({ row }: CarefulRow): string {
  const key = isRequest(row) ? row.key : '';
  return `the size of this object is never given (key ${quoted(key)})`;
}

function reportReading(
  connection: DuckDBConnection,
  inputs: readonly Input[],
  { onProgress }: RunOptions,
): { stop(): void } {
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
