/** A comparison of files: the pipeline of `simulate.ts`, fed by the bulk engine. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { OWNER_PAYS } from '../model/charges.ts';
import type { Comparison } from '../model/comparison.ts';
import { type Diagnostic, InputError, quoted } from '../model/diagnostic.ts';
import { type GroupBy, TOP_GROUPS } from '../model/grouping.ts';
import { formatDate, type Horizon, midnightBefore } from '../model/time.ts';
import type { Policy } from '../policies/policy.ts';
import type { PriceList } from '../pricing/price-list.ts';
import { type ComparisonHeader, Simulation, type SimulationOptions, traceHorizon } from '../simulate.ts';
import type { RowGroupBy } from '../sources/group-list.ts';
import { type Groups, objectGroups } from '../trace/groups.ts';
import { Marks } from '../trace/trace.ts';
import { type CarefulRow, isRequest } from './careful-rows.ts';
import type { Rejects } from './clean-rows.ts';
import { engineError } from './duckdb.ts';
import { checkHorizon, inventoryHorizon, spanSince, withInventory } from './inventories.ts';
import { type Loaded, loadTrace } from './load.ts';
import { orderedInput, orderedRows } from './ordered-rows.ts';
import {
  byReason,
  formatsOf,
  namesOf,
  nothingIn,
  type Reading,
  type ReadOptions,
  rejectedBefore,
  reportReading,
  toldHorizon,
  withReading,
} from './reading.ts';
import { ReplayThreads } from './replay-threads.ts';
import { TraceFile } from './trace-file.ts';
import { type TraceRows, TraceTable } from './trace-table.ts';
import { unsizedRows } from './unsized.ts';

export interface CompareFilesOptions
  extends Omit<SimulationOptions, 'horizon' | 'groups'>,
    ReadOptions,
    Pick<ComparisonHeader, 'baseline' | 'leftOut'> {
  /** UTC seconds; the trace's own where absent. */
  readonly from?: number;
  readonly until?: number;
  /** By what the bills are told by groups of objects. */
  readonly groupBy?: GroupBy;
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
  return withReading(options, (reading, rejects) => {
    const choice = choose(knownOf(reading));
    return replay({ ...choice, ...reading, prices, options }, rejects);
  });
}

function knownOf({ inputs, snapshots }: Reading): KnownInputs {
  return {
    presentClasses: inputs.some(({ snapshot }) => snapshot?.hasClasses),
    ...(snapshots && { inventoryDay: midnightBefore(snapshots.latest / 1000) }),
  };
}

type RunOptions = Omit<CompareFilesOptions, 'baseline' | 'leftOut'>;

interface Run extends Reading, Choice {
  readonly prices: PriceList;
  readonly options: RunOptions;
}

async function replay(run: Run, rejects: Rejects): Promise<CompareFilesResult> {
  const { connection, policies, prices, options, inputs, snapshots, onBadRow } = run;
  const marks = new Marks(policies.map((policy) => policy.marks));
  const loaded = await traceOf(run, marks, rejects);
  const { table, listed, groups } = loaded;
  if (table.span.rows === 0) throw new InputError(nothingIn(inputs, rejects));
  const horizon = chosenHorizon(table, run);
  // Rows that were there twice are rows of the inputs, though a trace that was made of them has them once.
  const rows = table.span.rows + rejects.tally.duplicates;
  const span = { ...spanSince(table.span, snapshots), rows };
  const simulation = new Simulation(policies, span, { ...options, horizon, ...(groups && { groups }) });
  const threads = new ReplayThreads(simulation, policies, options.threads);
  try {
    rejects.tally.duplicates += await table.scan(
      marks,
      (batch) => threads.add(batch),
      (rows) =>
        options.onProgress?.({ step: 'simulating', done: Math.min(rows / table.span.rows, 1), total: table.span.rows }),
    );
    await threads.end();
  } catch (error) {
    throw engineError(error as Error);
  } finally {
    await threads.close();
  }
  const rejectedRows = rejects.count + rejectedBefore(inputs);
  const unsized = { objects: 0, reads: 0 };
  try {
    for await (const row of unsizedRows(loaded, simulation, horizon.until)) {
      if (row.lists) unsized[row.lists]++;
      if (row.lists !== 'reads') await rejects.add(row, unsizedProblem(row));
      if (onBadRow === 'fail' && rejects.isListFull) break;
    }
  } catch (error) {
    throw engineError(error as Error);
  }
  if (onBadRow === 'fail' && rejects.count > 0) throw new InputError(rejects.listed);
  const comparison = simulation.compare(prices, {
    baseline: run.baseline,
    leftOut: run.leftOut,
    inputs: namesOf(options),
    formats: formatsOf(inputs),
    skippedFiles: byReason(run.skipped),
    rejectedRows,
    rowCounts: rejects.tally.counts(),
  });
  const said = snapshots ? withInventory(comparison, snapshots, listed, unsized) : comparison;
  if (table instanceof TraceTable) {
    await options.onFinished?.({ connection, table, simulation, comparison: said }).catch((error: Error) => {
      throw engineError(error);
    });
  }
  return { comparison: said, rejected: rejects.listed };
}

/** The rows of a run in their order, and the groups they are told by. */
interface Told extends Loaded<TraceRows> {
  readonly groups?: Groups;
}

async function traceOf(run: Run, marks: Marks, rejects: Rejects): Promise<Told> {
  const { connection, options, inputs, folder, onBadRow, snapshots } = run;
  const { groupBy } = options;
  const byRow = groupBy?.kind === 'prefix' || groupBy?.kind === 'tag' ? groupBy : undefined;
  const byObject = groupBy?.kind === 'class' || groupBy?.kind === 'size' ? objectGroups(groupBy.kind) : undefined;
  const told = byObject && { groups: byObject };
  // What explains objects looks for them in a table.
  if (!options.onFinished && (byRow || orderedInput(run)))
    return { ...(await orderedTrace(run, byRow, rejects)), ...told };
  const progress = reportReading(run);
  const isKept = options.onFinished !== undefined;
  const reading = {
    ...options,
    folder,
    connect: run.connect,
    onBadRow,
    isKept,
    marks: marks.all,
    ...(snapshots && { snapshots }),
  };
  const loaded = await loadTrace(connection, inputs, rejects, reading).finally(() => progress.stop());
  for (const [kind, rows] of loaded.table.acts) rejects.tally.other(kind, rows);
  return { ...loaded, ...told };
}

async function orderedTrace(run: Run, byRow: RowGroupBy | undefined, rejects: Rejects): Promise<Told> {
  const { connection, connect, options } = run;
  const { charges = OWNER_PAYS, topGroups = TOP_GROUPS } = options;
  const { file, trace, ...loaded } = await orderedRows(run, rejects);
  const table = new TraceFile(connect, file, trace, { charges, ...options });
  const groups = byRow && (await table.groupBy(connection, byRow, topGroups));
  return { ...loaded, table, ...(groups && { groups }) };
}

function chosenHorizon({ span }: TraceRows, { options: { from, until }, inputs, snapshots }: Run): Horizon {
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

/** An object of which no row says the size cannot be billed; a zero would be a guess. */
function unsizedProblem({ row }: CarefulRow): string {
  const key = isRequest(row) ? row.key : '';
  return `the size of this object is never given (key ${quoted(key)})`;
}
