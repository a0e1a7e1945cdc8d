/** A comparison of files: the pipeline of `simulate.ts`, fed by the bulk engine. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Comparison } from '../model/comparison.ts';
import { type Diagnostic, InputError, quoted } from '../model/diagnostic.ts';
import type { Horizon } from '../model/time.ts';
import type { Policy } from '../policies/policy.ts';
import type { PriceList } from '../pricing/price-list.ts';
import { type ComparisonHeader, Simulation, type SimulationOptions, traceHorizon } from '../simulate.ts';
import type { Renames } from '../sources/columns.ts';
import { type CsvShape, csvShape } from '../sources/csv.ts';
import { Marks } from '../trace/trace.ts';
import { withTemporaryFolder, writeAtomically } from './atomic-file.ts';
import { CLEAN_HEADER, type CleaningResult, carefulRecords, LISTED_ROWS, writeClean } from './careful-csv.ts';
import { type EngineOptions, withEngine } from './duckdb.ts';
import { expandInputs } from './expand.ts';
import type { InputFile } from './inputs.ts';
import { parquetRelation } from './parquet.ts';
import { firstText } from './text-stream.ts';
import { csvRelation, type Relation, TraceTable } from './trace-table.ts';

export interface CompareFilesOptions
  extends Omit<SimulationOptions, 'horizon'>,
    Omit<EngineOptions, 'temporaryFolder'>,
    Pick<ComparisonHeader, 'baseline' | 'leftOut'> {
  /** Names, globs, `-`. */
  readonly inputs: readonly string[];
  readonly renames: Renames;
  /** UTC seconds; the trace's own where absent. */
  readonly from?: number;
  readonly until?: number;
  readonly onBadRow: 'fail' | 'skip';
  /** File that gets the rows that are left out. */
  readonly rejects?: string;
  readonly onProgress?: (progress: RunProgress) => void;
}

export interface RunProgress {
  readonly step: 'reading' | 'simulating';
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
  const files = await expandInputs(connection, options.inputs, folder);
  const marks = new Marks(policies.map((policy) => policy.marks));
  const loaded = await load(connection, folder, files, marks, options);
  const { table } = loaded;
  if (table.span.rows === 0) throw new InputError(`${files.map(({ name }) => name).join(', ')}: there is no row in it`);
  const horizon = chosenHorizon(table, options);
  const simulation = new Simulation(policies, table.span, { ...options, horizon });
  await table.scan(
    marks,
    (batch) => simulation.add(batch),
    (rows) => options.onProgress?.({ step: 'simulating', done: rows / table.span.rows, total: table.span.rows }),
  );
  if (simulation.unsized && options.onBadRow === 'fail') await refuseUnsized(loaded, simulation.unsized.order);
  const comparison = simulation.compare(prices, {
    ...options,
    inputs: files.map(({ name }) => name),
    rejectedRows: loaded.rejectedRows,
  });
  return { comparison, rejected: loaded.rejected };
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

interface Loaded {
  readonly table: TraceTable;
  readonly csvFiles: readonly CsvInput[];
  readonly rejectedRows: number;
  readonly rejected: readonly Diagnostic[];
}

type CsvInput = readonly [file: InputFile, shape: CsvShape];

/** Bytes of a text in which its header must end. */
const HEADER_BYTES = 2 ** 20;

async function load(
  connection: DuckDBConnection,
  folder: string,
  files: readonly InputFile[],
  marks: Marks,
  options: CompareFilesOptions,
): Promise<Loaded> {
  const parquet: Relation[] = [];
  const csvFiles: CsvInput[] = [];
  for (const file of files) {
    if (file.container === 'parquet') parquet.push(await parquetRelation(connection, file, options.renames));
    else csvFiles.push([file, csvShape(await firstText(file, HEADER_BYTES), options.renames, file.name)]);
  }
  const salt = randomBytes(8).toString('hex');
  const progress = reportReading(connection, files, options);
  try {
    const table = await TraceTable.load(connection, [...parquet, ...relationsOf(csvFiles)], marks, salt).catch(
      (error: Error) => {
        if (csvFiles.length === 0 || !/^(Invalid Input|Conversion) Error/.test(error.message)) throw engineError(error);
        return undefined;
      },
    );
    if (table?.badRows === 0) return { table, csvFiles, rejectedRows: 0, rejected: [] };
    return await loadCarefully(connection, folder, parquet, csvFiles, marks, salt, options);
  } finally {
    progress.stop();
  }
}

/** CSV files of one shape are read together. */
function relationsOf(csvFiles: readonly CsvInput[]): Relation[] {
  const groups = new Map<string, CsvInput[]>();
  for (const input of csvFiles) {
    const [file, shape] = input;
    const likeness = JSON.stringify([file.container, shape.delimiter, shape.header]);
    groups.set(likeness, [...(groups.get(likeness) ?? []), input]);
  }
  return [...groups.values()].map((group) => {
    const [file, { header, columns, delimiter }] = group[0]!;
    const compression = file.container === 'gzip' || file.container === 'zstd' ? file.container : 'none';
    return csvRelation(
      group.map(([{ path }]) => path),
      header,
      columns,
      delimiter,
      compression,
    );
  });
}

/**
 * The slow way, for inputs with something wrong in them: reads record by record, and stops at the bad rows with their
 * lines, or leaves them out.
 */
async function loadCarefully(
  connection: DuckDBConnection,
  folder: string,
  parquet: readonly Relation[],
  csvFiles: readonly CsvInput[],
  marks: Marks,
  salt: string,
  { onBadRow, rejects }: CompareFilesOptions,
): Promise<Loaded> {
  const clean = join(folder, 'clean.csv');
  const limit = onBadRow === 'fail' ? LISTED_ROWS : Infinity;
  const cleaning = (rejectsPath: string): Promise<CleaningResult> => writeClean(csvFiles, clean, rejectsPath, limit);
  const { rejected, diagnostics } = await (rejects === undefined || onBadRow === 'fail'
    ? cleaning(join(folder, 'rejects'))
    : writeAtomically(rejects, cleaning));
  if (rejected > 0 && onBadRow === 'fail') throw new InputError(diagnostics);
  const columns = Object.fromEntries(CLEAN_HEADER.map((column) => [column, column]));
  const relation = csvRelation([clean], CLEAN_HEADER, columns, ',', 'none');
  const relations = csvFiles.length > 0 ? [...parquet, relation] : parquet;
  const table = await TraceTable.load(connection, relations, marks, salt).catch((error: Error) => {
    throw engineError(error);
  });
  if (table.badRows > 0 && onBadRow === 'fail') {
    throw new InputError(
      `${table.badRows} rows of the Parquet input have no readable timestamp, operation, key or size; --on-bad-row skip leaves them out`,
    );
  }
  return { table, csvFiles, rejectedRows: rejected + table.badRows, rejected: diagnostics };
}

/** An object of which no row says the size cannot be billed; a zero would be a guess. */
async function refuseUnsized({ csvFiles }: Loaded, order: number): Promise<never> {
  const message = 'the size of this object is never given';
  for (const [file, shape] of csvFiles) {
    for await (const { row, line } of carefulRecords(file, shape)) {
      if (typeof row === 'string' || row.order !== order || !Number.isNaN(row.size)) continue;
      throw new InputError([
        { severity: 'error', message: `${message} (key ${quoted(row.key)})`, where: { file: file.name, line } },
      ]);
    }
  }
  throw new InputError(message);
}

function reportReading(
  connection: DuckDBConnection,
  files: readonly InputFile[],
  { onProgress }: CompareFilesOptions,
): { stop(): void } {
  if (!onProgress) return { stop() {} };
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const timer = setInterval(() => {
    onProgress({ step: 'reading', done: Math.max(connection.progress.percentage, 0) / 100, total });
  }, 100);
  return {
    stop() {
      clearInterval(timer);
    },
  };
}

/** What the bulk engine refuses for want of memory or disk, in words that help. */
function engineError(error: Error): InputError {
  const [reason] = error.message.split('\n');
  if (/^Out of Memory/.test(error.message)) {
    return new InputError('the bulk engine ran out of memory; raise --memory-limit or lower --threads');
  }
  return new InputError(reason!);
}
