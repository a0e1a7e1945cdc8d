/** From inputs to a sorted trace: in bulk wherever that can be, carefully where a row needs it. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { type Charges, OWNER_PAYS } from '../model/charges.ts';
import { InputError } from '../model/diagnostic.ts';
import { COPY, operationOf } from '../model/operation.ts';
import type { ColumnNames } from '../sources/columns.ts';
import { csvRelation } from '../sources/csv.ts';
import type { RowSettings } from '../sources/row.ts';
import { sizesOfReads } from '../sources/sizes-of-reads.ts';
import { CHANGED_AFTER, type Snapshots } from '../sources/snapshots.ts';
import type { Relation } from '../sources/source.ts';
import { type EventRow, isActRow } from '../trace/memory-trace.ts';
import { orderOperation } from '../trace/trace.ts';
import { type CarefulRow, carefulTextRows, isRequest } from './careful-rows.ts';
import { CLEAN_HEADER, type Rejects, writeClean } from './clean-rows.ts';
import { type Connect, engineError } from './duckdb.ts';
import { type EventTable, eventTables } from './event-table.ts';
import type { InputFile } from './inputs.ts';
import { checkMd5 } from './manifest-files.ts';
import { groupsOf, type Input, type InputGroup } from './open-inputs.ts';
import { carefulTableRows, damagedParquet, readThrough } from './parquet.ts';
import {
  type GrowingRows,
  type ListedRows,
  NOTHING_LISTED,
  type RowShape,
  type SortedRows,
  selectRows,
  type TracePart,
} from './row-shape.ts';
import { type IdReading, rowsOfObjects } from './rows-of-objects.ts';
import { secondLook } from './second-look.ts';
import { type Leftover, type PairedCopies, type StageOptions, Staging, stagedRequests } from './staging.ts';
import { checkCompression, damagedText } from './text-stream.ts';
import { type TraceReading, type TraceTable, traceTables } from './trace-table.ts';

export interface LoadOptions {
  readonly charges?: Charges;
  /** The buckets whose requests are replayed; all when absent. */
  readonly buckets?: readonly string[];
  /** Inventories the trace begins with. */
  readonly snapshots?: Snapshots;
  readonly onBadRow: 'fail' | 'skip';
  /** A folder for what is written again, and what finds no place in memory. */
  readonly folder: string;
  readonly connect: Connect;
}

/** Inputs in a table. */
export interface Loaded<Rows> {
  readonly table: Rows;
  /** What of it is of inventories. */
  readonly listed: ListedRows;
  /** Reads again the rows of all objects that have a row of one of these orders, in the order of the inputs; it may give others besides. */
  rowsOf(orders: ReadonlySet<number>): Promise<() => AsyncIterable<CarefulRow>>;
  /** Gives the rows of an object the sizes that other records tell. */
  complete<T extends EventRow>(rows: readonly T[]): readonly T[];
}

/**
 * The trace of some inputs.
 * @throws InputError when an input cannot be used, or holds a bad row and `onBadRow` is `fail`
 */
export async function loadTrace(
  connection: DuckDBConnection,
  inputs: readonly Input[],
  rejects: Rejects,
  options: LoadOptions & Pick<TraceReading, 'marks' | 'versioning' | 'isKept'>,
): Promise<Loaded<TraceTable>> {
  return loadRows(connection, inputs, rejects, options, (columns, ids) =>
    traceTables(columns, { ...options, ...ids, snapshots: options.snapshots }),
  );
}

/**
 * All that the rows of some inputs say.
 * @throws InputError as {@link loadTrace}
 */
export async function loadEvents(
  connection: DuckDBConnection,
  inputs: readonly Input[],
  rejects: Rejects,
  options: LoadOptions,
): Promise<Loaded<EventTable>> {
  return loadRows(connection, inputs, rejects, options, eventTables);
}

async function loadRows<Rows extends SortedRows>(
  connection: DuckDBConnection,
  inputs: readonly Input[],
  rejects: Rejects,
  options: LoadOptions,
  shapeOf: (columns: readonly ColumnNames[], ids: IdReading) => RowShape<Rows>,
): Promise<Loaded<Rows>> {
  const checks = checkAll(connection, inputs);
  const { charges = OWNER_PAYS, snapshots } = options;
  const reading = { salt: randomBytes(8).toString('hex'), charges, snapshots };
  const columns = inputs.map(({ opened }) => opened.columns);
  try {
    const loader = new Loader(connection, inputs, rejects, options, shapeOf(columns, reading), reading, checks.done);
    const table = await loader.load().catch(async (error: Error) => {
      throw checks.damage ?? engineError(error);
    });
    return {
      table,
      listed: loader.listed,
      rowsOf: (orders) => loader.rowsOf(table, orders),
      complete: (rows) => loader.complete(rows),
    };
  } finally {
    checks.stop();
  }
}

class Loader<Rows extends SortedRows> {
  /** Rows of inventories that are in the trace, or left out of it. */
  readonly listed: { -readonly [Rows in keyof ListedRows]: number } = { ...NOTHING_LISTED };
  private readonly connection: DuckDBConnection;
  private readonly inputs: readonly Input[];
  private readonly rejects: Rejects;
  private readonly options: LoadOptions;
  private readonly shape: RowShape<Rows>;
  private readonly reading: IdReading;
  private readonly settings: RowSettings;
  private readonly sizes: Promise<TextSizes>;
  /** Logs that are read carefully from their beginning to their end. */
  private readonly careful = new Set<Input>();
  private setAside: readonly Input[] = [];
  private copySizes: PairedCopies['sizes'] = new Map();
  private leftovers: Staging['leftovers'] = new Map();
  /** What the staged rows are of. */
  private staged: readonly Relation[] = [];
  /** The table to which those were added that are no longer staged. */
  private growing: GrowingRows<Rows> | undefined;

  /** @param sizes of the inputs' texts, once all compressed ones are known to be whole */
  constructor(
    connection: DuckDBConnection,
    inputs: readonly Input[],
    rejects: Rejects,
    options: LoadOptions,
    shape: RowShape<Rows>,
    reading: IdReading,
    sizes: Promise<TextSizes>,
  ) {
    this.sizes = sizes;
    this.shape = shape;
    this.reading = reading;
    const { buckets, snapshots } = options;
    const { charges } = reading;
    this.connection = connection;
    this.inputs = inputs;
    this.rejects = rejects;
    this.options = options;
    this.settings = { charges, ...(buckets && { buckets }), ...(snapshots && { snapshots }) };
  }

  async load(): Promise<Rows> {
    const logs = this.inputs.filter(({ opened }) => 'readRaw' in opened);
    const tables = groupsOf(this.inputs.filter((input) => !logs.includes(input)));
    const withBuckets = tables.filter((group) => this.isStaged(group));
    const plain = tables.filter((group) => !withBuckets.includes(group));
    const again: Relation[] = [];
    const isWhole = plain.length === 0;
    let staging = await this.stageLogs(logs, withBuckets, isWhole);
    if (withBuckets.length > 0 && (!staging || staging.badRows > 0)) {
      again.push(await this.readCarefully(withBuckets));
      staging = await this.stageLogs(logs, [], isWhole);
    }
    if (staging) await this.lookAgain(staging);
    if (isWhole) await this.sizes;
    const table = isWhole ? await this.sort(again, staging) : await this.sortWith(plain, again, staging);
    if (staging && plain.length + again.length > 0)
      this.rejects.tally.sizesFromReads -= await staging.sizedElsewhere(table, this.shape);
    return table;
  }

  /** Sorts staged rows and those of other inputs, which are read once more if one of them cannot be read. */
  private async sortWith(
    plain: readonly InputGroup[],
    again: readonly Relation[],
    staging: Staging | undefined,
  ): Promise<Rows> {
    const parts = plain.map(({ relation, lists }) => ({ ...relation, ...(lists && { lists }) }));
    const table = await this.unlessOfARow(this.sort([...parts, ...again], staging));
    if (table?.badRows !== 0) return this.sort([await this.readCarefully(plain), ...again], staging);
    await this.sizes;
    this.listed.objects += table.listed.objects;
    this.listed.reads += table.listed.reads;
    this.rejects.tally.other(CHANGED_AFTER, table.listed.changedAfter);
    return table;
  }

  /** Requests whose bucket is to be told, or whose inventory; an inventory's own rows are of one bucket. */
  private isStaged({ relation, lists }: InputGroup): boolean {
    const isJoined = this.options.snapshots?.isJoined === true;
    return !lists && (relation.columns.bucket !== undefined || isJoined);
  }

  /**
   * Logs before they are sorted, but for texts that the engine cannot take whole, and tables beside them.
   * @param isWhole whether they are all there is
   */
  private async stageLogs(
    logs: readonly Input[],
    tables: readonly InputGroup[],
    isWhole: boolean,
  ): Promise<Staging | undefined> {
    this.growing = undefined;
    const bulk = logs.filter((log) => !this.careful.has(log) && !isTooLarge(log));
    for (const log of logs) if (!bulk.includes(log)) this.careful.add(log);
    const groups = [...groupsOf(bulk), ...tables];
    if (groups.length > 0) {
      const staging = await this.stage(groups, isWhole);
      if (staging) return staging;
      const broken = await this.brokenOf(bulk);
      if (broken.length === 0 && tables.length > 0) return undefined;
      for (const log of broken.length > 0 ? broken : bulk) this.careful.add(log);
      return this.stageLogs(logs, tables, isWhole);
    }
    if (logs.length === 0) return undefined;
    const relation = await this.write('careful.csv', this.counted([...this.careful]));
    this.setAside = [...this.careful];
    this.careful.clear();
    this.staged = [relation];
    return Staging.load(this.connection, [{ relation, inputs: logs }], this.restaging);
  }

  /** Those of which the engine cannot read a text to its end. */
  private async brokenOf(logs: readonly Input[]): Promise<Input[]> {
    const broken: Input[] = [];
    for (const group of logs.flatMap((log) => groupsOf([log]))) {
      await this.connection
        .run(`SELECT count(raw) FROM ${group.relation.sql}`)
        .catch(() => broken.push(...group.inputs));
    }
    return broken;
  }

  /** See {@link Loaded}. */
  async rowsOf(table: Rows, orders: ReadonlySet<number>): Promise<() => AsyncIterable<CarefulRow>> {
    const { connection, inputs, shape, reading, settings, leftovers, setAside } = this;
    const bulk = groupsOf(inputs.filter((input) => 'readRaw' in input.opened && !setAside.includes(input)));
    const others = inputs.filter((input) => !('readRaw' in input.opened) || setAside.includes(input));
    const found = await rowsOfObjects(connection, bulk, orders, { table, shape, reading, settings, leftovers });
    return async function* () {
      yield* found;
      yield* carefully(connection, others, settings);
    };
  }

  /** See {@link Loaded}. */
  complete<T extends EventRow>(rows: readonly T[]): readonly T[] {
    const isCopy = ({ order, size }: T): boolean => Number.isNaN(size) && operationOf(orderOperation(order)) === COPY;
    const copied = rows.map((row) =>
      isCopy(row) ? { ...row, size: this.copySizes.get(row.requestId) ?? row.size } : row,
    );
    return this.inputs.some(hasSizesOfReads) ? sizesOfReads(copied).rows : copied;
  }

  /** The rows of some inputs before they are sorted; undefined when there is none, or the engine fails at one. */
  private async stage(groups: readonly InputGroup[], isWhole: boolean): Promise<Staging | undefined> {
    const { connection, shape, settings } = this;
    const { connect } = this.options;
    this.staged = groups.map(({ relation }) => relation);
    const isSizedByReads = groups.some(({ inputs }) => inputs.some(hasSizesOfReads));
    if (isWhole && !isSizedByReads) this.growing = await shape.begin(connection, false);
    const add = this.growing?.add?.bind(this.growing);
    const staging = await this.unlessOfARow(
      Staging.load(connection, groups, { shape, ...settings, ...(add && { growing: { add, connect } }) }),
    );
    if (!staging) this.growing = undefined;
    return staging;
  }

  /** How rows are staged that were read carefully: what is of another bucket is not among them. */
  private get restaging(): StageOptions {
    const { snapshots } = this.options;
    return { shape: this.shape, ...(snapshots && { snapshots }) };
  }

  /** Sorts all rows into a trace. */
  private async sort(parts: readonly TracePart[], staging: Staging | undefined): Promise<Rows> {
    const { connection, shape } = this;
    const staged = staging && { relations: this.staged, select: stagedRequests, again: staging.again };
    const growing = this.growing ?? (await shape.begin(connection, staging !== undefined));
    return growing.sort(selectRows(shape, parts, staged));
  }

  private async unlessOfARow<T>(reading: Promise<T>): Promise<T | undefined> {
    return reading.catch(async (error: Error) => {
      await refuseDamaged(this.connection, this.inputs, error);
      if (!mayBeOfARow(error, this.inputs)) throw error;
      return undefined;
    });
  }

  /** Takes in what the careful reader makes of the rows the engine left to it, and counts all of them. */
  private async lookAgain(staging: Staging): Promise<void> {
    const { tally } = this.rejects;
    tally.bytes += staging.bytes;
    for (const [kind, rows] of await staging.others()) tally.other(kind, rows);
    const leftovers = withSilentlyLost(staging, await this.sizes);
    this.leftovers = leftovers;
    if (leftovers.size > 0 || this.careful.size > 0) {
      const rows = [secondLook(staging, leftovers, this.settings), this.counted([...this.careful])];
      const relation = await this.write('left.csv', inTurn(rows));
      this.staged = [...this.staged, relation];
      await staging.add(relation, this.restaging);
    }
    const { unknown, sizes } = await staging.pairCopies();
    tally.unknownCopies += unknown + (await staging.partsWithoutSize());
    this.copySizes = sizes;
    tally.sizesFromReads += await staging.takeSizesOfReads();
    this.setAside = [...this.setAside, ...this.careful];
    for (const bucket of await staging.buckets()) tally.buckets.add(bucket);
  }

  /**
   * The slow way, for inputs with something wrong in them: reads row by row, and stops at the bad rows with their lines,
   * or leaves them out.
   */
  private async readCarefully(groups: readonly InputGroup[]): Promise<Relation> {
    const inputs = groups.flatMap(({ inputs }) => inputs);
    await checkSums(inputs);
    return this.write('clean.csv', this.counted(inputs));
  }

  private async *counted(inputs: readonly Input[]): AsyncGenerator<CarefulRow> {
    const { tally } = this.rejects;
    for (const input of inputs) {
      const { lists } = input;
      for await (const row of carefully(this.connection, [input], this.settings)) {
        tally.bytes += row.raw.length;
        if (isRequest(row.row) && lists) this.listed[lists]++;
        else if (isRequest(row.row) && !isActRow(row.row) && row.row.bucket !== '') tally.buckets.add(row.row.bucket);
        yield row;
      }
    }
  }

  /** Writes requests to a file of the relation that is returned, and counts the other rows. */
  private async write(file: string, rows: AsyncIterable<CarefulRow>): Promise<Relation> {
    const { rejects, options } = this;
    const path = join(options.folder, file);
    await writeClean(rows, path, rejects, () => options.onBadRow === 'fail' && rejects.isListFull);
    if (rejects.count > 0 && options.onBadRow === 'fail') throw new InputError(rejects.listed);
    return csvRelation([path], { header: CLEAN_HEADER, columns: CLEAN_COLUMNS, delimiter: ',' }, 'none');
  }
}

function hasSizesOfReads({ opened }: Input): boolean {
  return 'hasSizesOfReadsOnly' in opened;
}

/** Bytes of texts, where they are known. */
type TextSizes = ReadonlyMap<InputFile, number>;

/** What the engine may leave out without a word is a line longer than its buffer of 32 MB. */
const SILENT_BYTES = 2 ** 24;

/** What is left of inputs, with those of which the engine gave far less than there is: nobody knows how many rows that is. */
function withSilentlyLost({ leftovers, bytesOf }: Staging, sizes: TextSizes): Map<Input, Leftover> {
  const all = new Map(leftovers);
  for (const [input, bytes] of bytesOf) {
    const missing = (sizes.get(input.file) ?? 0) - bytes;
    if (missing > SILENT_BYTES) all.set(input, { rows: all.get(input)?.rows ?? 0, lost: Number.NaN });
  }
  return all;
}

function isTooLarge({ opened, ...input }: Input): boolean {
  const { mostBytes } = opened as { mostBytes?: number };
  return mostBytes !== undefined && 'textBytes' in input && (input.textBytes ?? 0) > mostBytes;
}

async function* inTurn<T>(all: readonly AsyncIterable<T>[]): AsyncGenerator<T> {
  for (const one of all) yield* one;
}

const CLEAN_COLUMNS: ColumnNames = Object.fromEntries(CLEAN_HEADER.map((column) => [column, column]));

/** Reads inputs row by row. */
export async function* carefully(
  connection: DuckDBConnection,
  inputs: readonly Input[],
  settings: RowSettings,
): AsyncGenerator<CarefulRow> {
  for (const { file, source, opened, lists } of inputs) {
    const ofInput = { ...settings, ...(lists && { lists }) };
    if ('rows' in opened) yield* carefulTextRows(file, source.title, opened, ofInput);
    else yield* carefulTableRows(connection, file, opened, ofInput);
  }
}

/** Checks compressed inputs, and those with a checksum, while the engine reads them, and interrupts it when one is damaged. */
function checkAll(
  connection: DuckDBConnection,
  inputs: readonly Input[],
): { readonly done: Promise<TextSizes>; damage: Error | undefined; stop(): void } {
  const controller = new AbortController();
  const checkEach = async (): Promise<TextSizes> => {
    const sizes = new Map<InputFile, number>();
    for (const file of filesOf(inputs)) {
      const bytes = await checkFile(file, controller.signal);
      if (bytes !== undefined) sizes.set(file, bytes);
    }
    return sizes;
  };
  const checks = {
    damage: undefined as Error | undefined,
    done: checkEach().catch((error: Error) => {
      checks.damage = error;
      if (controller.signal.aborted) throw error;
      // What looks for the cause of an interruption would read on.
      const interrupt = (): void => connection.interrupt();
      interrupt();
      const timer = setInterval(interrupt, 100);
      controller.signal.addEventListener('abort', () => clearInterval(timer));
      throw error;
    }),
    stop: () => controller.abort(),
  };
  checks.done.catch(() => {});
  return checks;
}

async function checkFile(file: InputFile, signal: AbortSignal): Promise<number | undefined> {
  if (file.md5 === undefined) return checkCompression(file, signal);
  await checkMd5(file, file.md5, signal);
  return undefined;
}

/** Finds the file that is not the one its manifest names; a careful reading does not. */
async function checkSums(inputs: readonly Input[]): Promise<void> {
  for (const file of filesOf(inputs)) if (file.md5 !== undefined) await checkMd5(file, file.md5);
}

/** An inventory's list is an input for its objects, and one for its reads. */
export function filesOf(inputs: readonly Input[]): InputFile[] {
  return inputs.flatMap(({ file, lists }) => (lists === 'reads' ? [] : [file]));
}

/** Whether an error of the engine can be one bad row's: then reading carefully says which. */
function mayBeOfARow(error: Error, inputs: readonly Input[]): boolean {
  if (/^(Invalid Input|Conversion|Out of Range) Error/.test(error.message)) return true;
  return /^IO Error/.test(error.message) && inputs.some(({ file }) => file.container === 'gzip');
}

/**
 * The engine's errors name no file of several; reading one by one does.
 * @throws InputError naming the one that is damaged
 */
export async function refuseDamaged(
  connection: DuckDBConnection,
  inputs: readonly Input[],
  error: Error,
): Promise<void> {
  if (/^Out of Memory/.test(error.message)) return;
  await checkSums(inputs);
  for (const input of inputs) {
    const { file, source } = input;
    if (source.holds === 'table') {
      await readThrough(connection, file).catch((damage: Error) => {
        throw damagedParquet(file, damage);
      });
    } else if (file.container === 'zstd') {
      await connection.run(`SELECT count(*) FROM ${groupsOf([input])[0]!.relation.sql}`).catch((damage: Error) => {
        if (/^IO Error/.test(damage.message)) throw damagedText(file, damage.message.slice('IO Error: '.length));
      });
    }
  }
}
