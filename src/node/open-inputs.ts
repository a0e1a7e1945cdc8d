import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { InputError, quoted } from '../model/diagnostic.ts';
import type { Horizon } from '../model/time.ts';
import type { Renames } from '../sources/columns.ts';
import { csv } from '../sources/csv.ts';
import {
  fallback,
  formatNames,
  isTextual,
  logNames,
  namedSources,
  recogniseRecords,
  recogniseTable,
  recogniseText,
} from '../sources/index.ts';
import type {
  Compression,
  Listing,
  ManifestSource,
  OpenedTable,
  OpenedText,
  Relation,
  Snapshot,
  Source,
  SourceSettings,
  SummarySource,
} from '../sources/source.ts';
import type { TraceClock } from '../sources/trace-clock.ts';
import type { SkippedFile } from './expand.ts';
import { type InputFile, refuseBinary } from './inputs.ts';
import { checkManifest, checksumOf, manifestFiles } from './manifest-files.ts';
import { parquetMetadata, parquetTypes } from './parquet.ts';
import { openRecords } from './records.ts';
import { firstBytes, textSize, wholeText } from './text-stream.ts';
import { checkTrace } from './trace-check.ts';

/** A file, its format, and what its beginning says. */
export interface Input {
  readonly file: InputFile;
  readonly source: Source;
  readonly opened: OpenedText | OpenedTable;
  /** The file the user named, when a manifest named this one. */
  readonly manifest?: InputFile;
  /** The bucket it lists, when it is a part of an inventory. */
  readonly snapshot?: Snapshot;
  /** What of that is read. */
  readonly lists?: Listing['of'];
  /** Bytes of its text, where they matter and the end of the file tells. */
  readonly textBytes?: number;
  /** The days it is about, when it says so. */
  readonly horizon?: Horizon;
}

/** Bytes of a text in which its header must end. */
const HEADER_BYTES = 2 ** 20;

/** Characters by which a text is recognised. */
const RECOGNISED_BY = 2 ** 16;

export interface OpenOptions {
  readonly renames: Renames;
  /** Name of the format of all files; recognised by content when absent. */
  readonly format?: string;
  /** What is known of the clock of traces with times of their own. */
  readonly clock?: TraceClock;
}

export interface OpenedInputs {
  readonly inputs: readonly Input[];
  /** Texts in folders that are of no format, or hold nothing. */
  readonly skipped: readonly SkippedFile[];
}

/**
 * Finds out each file's format and reads its beginning. A manifest stands for the files it names, a summary for requests.
 * @param folder where the requests of summaries are kept
 * @throws InputError for a file that cannot be of its format, or where there is none of any
 */
export async function openInputs(
  connection: DuckDBConnection,
  files: readonly InputFile[],
  options: OpenOptions,
  folder: string,
): Promise<OpenedInputs> {
  const forced = options.format === undefined ? undefined : namedSources(options.format);
  const opened = new Map<InputFile, readonly Input[] | SkippedFile>();
  const manifests = files.filter(({ name }) => /\.json$/i.test(name));
  const open = (file: InputFile): ReturnType<typeof openInput> => openInput(connection, file, forced, options, folder);
  for (const file of manifests) opened.set(file, await open(file));
  const inputsOf = (file: InputFile): readonly Input[] => {
    const found = opened.get(file) ?? [];
    return 'reason' in found ? [] : found;
  };
  const belongs = belongsTo(manifests.flatMap(inputsOf));
  const others = files.filter((file) => !opened.has(file) && !belongs(file));
  for (const file of others) opened.set(file, await open(file));
  const inputs = files.flatMap(inputsOf);
  const skipped = files.flatMap((file) => {
    const found = opened.get(file) ?? [];
    return 'reason' in found ? [found] : [];
  });
  if (inputs.length === 0 && skipped[0]) throw new InputError(nothingOf(skipped[0]));
  refuseTwoLogs(inputs);
  return { inputs, skipped };
}

function nothingOf({ name, reason }: SkippedFile): string {
  return reason === NO_FORMAT
    ? `${name}: this is ${reason}: ${formatNames.join(', ')}`
    : `${name}: the file is ${reason}`;
}

/** Whether a file came along with a manifest, as in a folder that holds an inventory: it is read with that, or not at all. */
function belongsTo(inputs: readonly Input[]): (file: InputFile) => boolean {
  const listed = inputs.filter(({ manifest }) => manifest);
  const identities = new Set(listed.map(({ file }) => file.identity));
  const checksums = new Set(listed.map(({ manifest }) => checksumOf(manifest!)));
  return ({ identity, path }) => identities.has(identity) || checksums.has(path);
}

/**
 * Two kinds of logs record the same requests: together they would count twice.
 * @throws InputError naming a file of each
 */
export function refuseTwoLogs(inputs: readonly Pick<Input, 'file' | 'source' | 'opened'>[]): void {
  const firsts = new Map<string, { readonly title: string; readonly file: InputFile }>();
  for (const { file, source, opened } of inputs) {
    const formats = 'trace' in opened && opened.trace ? opened.trace.facts.formats : [source];
    for (const { name, title } of formats)
      if (logNames.includes(name) && !firsts.has(name)) firsts.set(name, { title, file });
  }
  if (firsts.size < 2) return;
  const found = [...firsts.values()].map(({ title, file }) => `${title} (${quoted(file.name)})`).join(' and ');
  throw new InputError(`${found} record the same requests, which would count twice: name the files of one of them`);
}

/** A text among data that may as well be a note for people. */
const NOTE = /\.(txt|text|rst|adoc|info)$/i;

const NO_FORMAT = 'of no known format';

/** JSON, which is no table. */
const JSON_TEXT = /^\ufeff?\s*(\{\s*["}]|\[\s*[{\]])/;

async function openInput(
  connection: DuckDBConnection,
  file: InputFile,
  forced: readonly Source[] | undefined,
  { renames, clock }: OpenOptions,
  folder: string,
): Promise<readonly Input[] | SkippedFile> {
  const settings = { file: file.name, renames, ...(clock && { clock }) };
  const isTable = file.container === 'parquet';
  const named = forced?.find(({ holds }) => (holds === 'table') === isTable);
  if (forced && !named) {
    const found = isTable ? 'a Parquet file' : 'a text';
    throw refusal(file, `this is ${found}, not ${forced[0]!.title} (--format ${quoted(forced[0]!.name)})`);
  }
  if (isTable) {
    const types = await parquetTypes(connection, file);
    const metadata = await parquetMetadata(connection, file);
    const source = named?.holds === 'table' ? named : recogniseTable([...types.keys()], file.name, metadata);
    const opened = source.open(types, settings, metadata);
    if (opened.trace) await checkTrace(connection, file, opened.trace);
    const horizon = opened.trace?.facts.horizon;
    return [{ file, source, opened, ...(horizon && { horizon }) }];
  }
  const bytes = await firstBytes(file, HEADER_BYTES);
  const records = named ? (named.holds === 'records' ? named : undefined) : recogniseRecords(bytes, file.name);
  if (records) return [await openRecords(connection, file, records, records.open(bytes, settings))];
  refuseBinary(bytes, file.name);
  const start = bytes.toString('utf8');
  const recognised = named && isTextual(named) ? named : recogniseText(start.slice(0, RECOGNISED_BY), file.name);
  const isJson = !recognised && JSON_TEXT.test(start);
  if (file.inFolder && bytes.length < HEADER_BYTES && start.trim() === '') return { name: file.name, reason: 'empty' };
  if (!recognised && file.inFolder && (isJson || NOTE.test(file.name))) return { name: file.name, reason: NO_FORMAT };
  if (isJson) throw refusal(file, `this JSON is of no known format: ${formatNames.join(', ')}`);
  const source = recognised ?? fallback;
  if (source.holds === 'manifest') {
    if (file.name === 'standard input') throw refusal(file, 'a manifest names files near it; give its path');
    return openManifest(connection, file, source, renames);
  }
  if (source.holds === 'summary') return [await openSummary(file, source, settings, folder)];
  const opened = source.open(start, settings);
  const textBytes = opened.mostBytes === undefined ? undefined : await textSize(file);
  return [{ file, source, opened, ...(textBytes !== undefined && { textBytes }) }];
}

/** Opens a text that stands for requests: they are kept in a file. */
async function openSummary(
  file: InputFile,
  source: SummarySource,
  settings: SourceSettings,
  folder: string,
): Promise<Input> {
  const text = await wholeText(file);
  const { csv: rows, horizon } = await source.open(text, settings);
  const path = join(folder, `summary ${file.identity}.csv`);
  await writeFile(path, rows);
  const kept: InputFile = { ...file, path, container: 'plain', bytes: Buffer.byteLength(rows) };
  return { file: kept, source, opened: csv.open(rows.slice(0, HEADER_BYTES), { ...settings, renames: {} }), horizon };
}

/**
 * Opens the files that an inventory's manifest names.
 * @throws InputError when it is no manifest, or a file is not there
 */
async function openManifest(
  connection: DuckDBConnection,
  manifest: InputFile,
  source: ManifestSource,
  renames: Renames,
): Promise<Input[]> {
  const bytes = await readFile(manifest.path);
  await checkManifest(manifest, bytes);
  const { files, snapshot, contents } = source.open(bytes.toString('utf8'), { file: manifest.name, renames });
  const inputs: Input[] = [];
  for (const file of await manifestFiles(manifest, files)) {
    const isTable = file.container === 'parquet';
    if (isTable !== (contents.holds === 'table')) {
      throw refusal(file, `this is ${isTable ? 'a Parquet file' : 'a text'}, not what ${manifest.name} says`);
    }
    const listings: readonly Listing[] =
      contents.holds === 'text'
        ? contents.listings
        : contents.open(await parquetTypes(connection, file), { file: file.name, renames });
    for (const { of, opened } of listings) inputs.push({ file, source, opened, manifest, snapshot, lists: of });
  }
  return inputs;
}

function refusal(file: InputFile, message: string): InputError {
  return new InputError([{ severity: 'error', message, where: { file: file.name } }]);
}

/** Inputs that are read together. */
export interface InputGroup {
  readonly relation: Relation;
  readonly inputs: readonly Input[];
  /** What they list, when they are of inventories. */
  readonly lists?: Listing['of'];
}

/** Inputs of one likeness are read together. */
export function groupsOf(inputs: readonly Input[]): InputGroup[] {
  const groups = new Map<string, Input[]>();
  for (const input of inputs) {
    const { file, source, opened, lists } = input;
    const likeness = JSON.stringify([source.name, file.container, opened.likeness, lists]);
    const group = groups.get(likeness);
    if (group) group.push(input);
    else groups.set(likeness, [input]);
  }
  return [...groups.values()].map((group) => {
    const [{ opened, file, lists }] = group as [Input];
    const paths = group.map(({ file }) => file.path);
    const sizes = group.flatMap(({ textBytes }) => textBytes ?? []);
    const largest = sizes.length === group.length ? sizes.reduce((a, b) => Math.max(a, b), 0) : undefined;
    const relation = 'rows' in opened ? opened.relation(paths, compressionOf(file), largest) : opened.relation(paths);
    return { relation, inputs: group, ...(lists && { lists }) };
  });
}

/** How a text file is packed, as the bulk engine is told. */
function compressionOf({ container }: InputFile): Compression {
  return container === 'gzip' || container === 'zstd' ? container : 'none';
}
