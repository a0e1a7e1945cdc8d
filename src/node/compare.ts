/** A comparison of files: the pipeline of `simulate.ts`, fed by the bulk engine. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { type Charges, OWNER_PAYS } from '../model/charges.ts';
import type { Comparison, Workload } from '../model/comparison.ts';
import { type Diagnostic, InputError, quoted } from '../model/diagnostic.ts';
import type { Horizon } from '../model/time.ts';
import type { Policy } from '../policies/policy.ts';
import type { PriceList } from '../pricing/price-list.ts';
import { type ComparisonHeader, Simulation, type SimulationOptions, traceHorizon } from '../simulate.ts';
import { csvRelation } from '../sources/csv.ts';
import { Marks } from '../trace/trace.ts';
import { withTemporaryFolder, writeAtomically } from './atomic-file.ts';
import { type CarefulRow, carefulTextRows, isRequest } from './careful-rows.ts';
import { CLEAN_CHARGES, CLEAN_HEADER, Rejects, writeClean } from './clean-rows.ts';
import { type EngineOptions, withEngine } from './duckdb.ts';
import { type ExpandedInputs, expandInputs, STANDARD_INPUT } from './expand.ts';
import { type Input, type OpenOptions, openInputs, relationsOf } from './open-inputs.ts';
import { carefulTableRows, damagedParquet, readThrough } from './parquet.ts';
import { checkCompression, damagedText } from './text-stream.ts';
import { type TraceReading, TraceTable } from './trace-table.ts';
import { unsizedRows } from './unsized.ts';

export interface CompareFilesOptions
  extends Omit<SimulationOptions, 'horizon'>,
    Omit<EngineOptions, 'temporaryFolder'>,
    OpenOptions,
    Pick<ComparisonHeader, 'baseline' | 'leftOut'> {
  /** Names, globs, `-`. */
  readonly inputs: readonly string[];
  /** Who is charged for requests; the bucket's owner for all that AWS bills, by default. */
  readonly charges?: Charges;
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

/**
 * Replays files through policies.
 * @throws InputError when an input cannot be used, or holds a bad row and `onBadRow` is `fail`, or a usage has no price
 */
export async function compareFiles(
  policies: readonly Policy[],
  prices: PriceList,
  options: CompareFilesOptions,
): Promise<CompareFilesResult> {
  return withTemporaryFolder((folder) =>
    withEngine({ ...options, temporaryFolder: folder }, (connection) =>
      compareWith(connection, folder, policies, prices, options),
    ),
  );
}

async function compareWith(
  connection: DuckDBConnection,
  folder: string,
  policies: readonly Policy[],
  prices: PriceList,
  options: CompareFilesOptions,
): Promise<CompareFilesResult> {
  const { files, skipped } = await expandInputs(options.inputs, folder);
  const inputs = await openInputs(connection, files, options);
  const onBadRow = options.onBadRow ?? defaultOnBadRow(inputs);
  const run = { connection, folder, policies, prices, options, inputs, skipped, onBadRow };
  if (options.rejects === undefined || onBadRow === 'fail') return replay(run, new Rejects());
  return writeAtomically(options.rejects, async (temporary) => {
    const rejects = new Rejects(temporary);
    try {
      return await replay(run, rejects);
    } finally {
      await rejects.close();
    }
  });
}

interface Run {
  readonly connection: DuckDBConnection;
  readonly folder: string;
  readonly policies: readonly Policy[];
  readonly prices: PriceList;
  readonly options: CompareFilesOptions;
  readonly inputs: readonly Input[];
  readonly skipped: ExpandedInputs['skipped'];
  readonly onBadRow: 'fail' | 'skip';
}

/** A row that one of the formats must not lose ends the run. */
function defaultOnBadRow(inputs: readonly Input[]): 'fail' | 'skip' {
  return inputs.every(({ source }) => source.onBadRow === 'skip') ? 'skip' : 'fail';
}

async function replay(run: Run, rejects: Rejects): Promise<CompareFilesResult> {
  const { connection, policies, prices, options, inputs, onBadRow } = run;
  const marks = new Marks(policies.map((policy) => policy.marks));
  const table = await load(run, inputs, marks, rejects);
  if (table.span.rows === 0) throw new InputError(nothingIn(inputs, rejects));
  const horizon = chosenHorizon(table, options);
  const simulation = new Simulation(policies, table.span, { ...options, horizon });
  await table
    .scan(
      marks,
      (batch) => simulation.add(batch),
      (rows) => options.onProgress?.({ step: 'simulating', done: rows / table.span.rows, total: table.span.rows }),
    )
    .catch((error: Error) => {
      throw engineError(error);
    });
  const rejectedRows = rejects.count;
  const unsized = unsizedRows(() => carefully(connection, inputs, options.charges), simulation, horizon.until);
  for await (const row of unsized) {
    await rejects.add(row, unsizedProblem(row));
    if (onBadRow === 'fail' && rejects.isListFull) break;
  }
  if (onBadRow === 'fail' && rejects.count > 0) throw new InputError(rejects.listed);
  const comparison = simulation.compare(prices, {
    ...options,
    inputs: options.inputs.map((name) => (name === STANDARD_INPUT ? 'standard input' : name)),
    formats: formatsOf(inputs),
    skippedFiles: byReason(run.skipped),
    rejectedRows,
  });
  await options.onFinished?.({ connection, table, simulation, comparison }).catch((error: Error) => {
    throw engineError(error);
  });
  return { comparison, rejected: rejects.listed };
}

/** The formats of the inputs, in the order in which they come. */
function formatsOf(inputs: readonly Input[]): Workload['formats'] {
  const files = new Map<Input['source'], number>();
  for (const { source } of inputs) files.set(source, (files.get(source) ?? 0) + 1);
  return [...files].map(([{ name, title }, files]) => ({ name, title, files }));
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

function nothingIn(inputs: readonly Input[], { count }: Rejects): string {
  const more = inputs.length > 3 ? ` and ${inputs.length - 3} more` : '';
  const names = `${inputs
    .slice(0, 3)
    .map(({ file }) => file.name)
    .join(', ')}${more}`;
  return count > 0 ? `${names}: none of the ${count} rows can be read` : `${names}: there is no row in it`;
}

function chosenHorizon(table: TraceTable, { from, until }: CompareFilesOptions): Horizon {
  const own = traceHorizon(table.span);
  const horizon = { from: from ?? own.from, until: until ?? own.until };
  if (horizon.from >= horizon.until) {
    const shown = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 10);
    throw new InputError(
      `nothing to bill: the horizon begins on ${shown(horizon.from)} and ends on ${shown(horizon.until)} (the trace covers ${shown(own.from)} to ${shown(own.until)})`,
    );
  }
  return horizon;
}

/** The bulk engine's reading of all inputs; the careful one when a row is bad, or may be. */
async function load(run: Run, inputs: readonly Input[], marks: Marks, rejects: Rejects): Promise<TraceTable> {
  const { connection, options } = run;
  const reading = { charges: OWNER_PAYS, ...options, marks: marks.all, salt: randomBytes(8).toString('hex') };
  const progress = reportReading(connection, inputs, options);
  const checks = checkAll(connection, inputs);
  try {
    const table = await TraceTable.load(connection, relationsOf(inputs), reading).catch(async (error: Error) => {
      if (checks.damage) throw checks.damage;
      await refuseDamaged(connection, inputs, error);
      if (!mayBeOfARow(error, inputs)) throw engineError(error);
      return undefined;
    });
    if (table?.badRows === 0) {
      await checks.done;
      return table;
    }
    checks.stop();
    return await loadCarefully(run, inputs, reading, rejects);
  } finally {
    checks.stop();
    progress.stop();
  }
}

/** Checks compressed inputs while the engine reads them, and interrupts it when one is damaged. */
function checkAll(
  connection: DuckDBConnection,
  inputs: readonly Input[],
): { readonly done: Promise<void>; damage: Error | undefined; stop(): void } {
  const controller = new AbortController();
  const checkEach = async (): Promise<void> => {
    for (const { file } of inputs) await checkCompression(file, controller.signal);
  };
  const checks = {
    damage: undefined as Error | undefined,
    done: checkEach().catch((error: Error) => {
      checks.damage = error;
      if (!controller.signal.aborted) connection.interrupt();
      throw error;
    }),
    stop: () => controller.abort(),
  };
  checks.done.catch(() => {});
  return checks;
}

/** Whether an error of the engine can be one bad row's: then reading carefully says which. */
function mayBeOfARow(error: Error, inputs: readonly Input[]): boolean {
  if (/^(Invalid Input|Conversion|Out of Range) Error/.test(error.message)) return true;
  return /^IO Error/.test(error.message) && inputs.some(({ file }) => file.container === 'gzip');
}

/** The engine's errors name no file of several; reading one by one does. */
async function refuseDamaged(connection: DuckDBConnection, inputs: readonly Input[], error: Error): Promise<void> {
  if (/^Out of Memory/.test(error.message)) return;
  for (const input of inputs) {
    const { file, source } = input;
    if (source.holds === 'table') {
      await readThrough(connection, file).catch((damage: Error) => {
        throw damagedParquet(file, damage);
      });
    } else if (file.container === 'zstd') {
      await connection.run(`SELECT count(*) FROM ${relationsOf([input])[0]!.sql}`).catch((damage: Error) => {
        if (/^IO Error/.test(damage.message)) throw damagedText(file, damage.message.slice('IO Error: '.length));
      });
    }
  }
}

/**
 * The slow way, for inputs with something wrong in them: reads record by record, and stops at the bad rows with their
 * lines, or leaves them out.
 */
async function loadCarefully(
  { connection, folder, onBadRow, options }: Run,
  inputs: readonly Input[],
  reading: TraceReading,
  rejects: Rejects,
): Promise<TraceTable> {
  const clean = join(folder, 'clean.csv');
  await writeClean(
    carefully(connection, inputs, options.charges),
    clean,
    rejects,
    () => onBadRow === 'fail' && rejects.isListFull,
  );
  if (rejects.count > 0 && onBadRow === 'fail') throw new InputError(rejects.listed);
  const columns = Object.fromEntries(CLEAN_HEADER.map((column) => [column, column]));
  const relation = csvRelation([clean], { header: CLEAN_HEADER, columns, delimiter: ',' }, 'none');
  return TraceTable.load(connection, [relation], { ...reading, charges: CLEAN_CHARGES }).catch((error: Error) => {
    throw engineError(error);
  });
}

async function* carefully(
  connection: DuckDBConnection,
  inputs: readonly Input[],
  charges: Charges = OWNER_PAYS,
): AsyncGenerator<CarefulRow> {
  for (const { file, source, opened } of inputs) {
    if ('rows' in opened) yield* carefulTextRows(file, source.title, opened, charges);
    else yield* carefulTableRows(connection, file, opened, charges);
  }
}

/** An object of which no row says the size cannot be billed; a zero would be a guess. */
function unsizedProblem({ row }: CarefulRow): string {
  const key = isRequest(row) ? row.key : '';
  return `the size of this object is never given (key ${quoted(key)})`;
}

function reportReading(
  connection: DuckDBConnection,
  inputs: readonly Input[],
  { onProgress }: CompareFilesOptions,
): { stop(): void } {
  if (!onProgress) return { stop() {} };
  const total = inputs.reduce((sum, { file }) => sum + file.bytes, 0);
  const timer = setInterval(() => {
    onProgress({ step: 'reading', done: Math.min(Math.max(connection.progress.percentage, 0) / 100, 1), total });
  }, 100);
  return {
    stop() {
      clearInterval(timer);
    },
  };
}

/** What the bulk engine refuses for want of memory or disk, in words that help; a bug of ours stays one. */
function engineError(error: Error): Error {
  const [reason = ''] = error.message.split('\n');
  if (/^Out of Memory/.test(reason)) {
    return /max_temp_directory_size|No space left/.test(error.message)
      ? new InputError('the folder for temporary files is full; TMPDIR names another')
      : new InputError('the bulk engine ran out of memory; raise --memory-limit or lower --threads');
  }
  if (/No space left|disk full/i.test(reason)) {
    return new InputError('the folder for temporary files is full; TMPDIR names another');
  }
  return /^IO Error/.test(reason)
    ? new InputError(`cannot read the input: ${reason.slice('IO Error: '.length)}`)
    : error;
}
