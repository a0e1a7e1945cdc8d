import type { DuckDBConnection } from '@duckdb/node-api';
import { InputError, quoted } from '../model/diagnostic.ts';
import type { Renames } from '../sources/columns.ts';
import { fallback, formatNames, namedSource, recogniseTable, recogniseText } from '../sources/index.ts';
import type {
  Compression,
  OpenedTable,
  OpenedText,
  Relation,
  Source,
  TableSource,
  TextSource,
} from '../sources/source.ts';
import type { InputFile } from './inputs.ts';
import { parquetTypes } from './parquet.ts';
import { firstText } from './text-stream.ts';

/** A file, its format, and what its beginning says. */
export type Input =
  | { readonly file: InputFile; readonly source: TextSource; readonly opened: OpenedText }
  | { readonly file: InputFile; readonly source: TableSource; readonly opened: OpenedTable };

/** Bytes of a text in which its header must end. */
const HEADER_BYTES = 2 ** 20;

/** Characters by which a text is recognised. */
const RECOGNISED_BY = 2 ** 16;

export interface OpenOptions {
  readonly renames: Renames;
  /** Name of the format of all files; recognised by content when absent. */
  readonly format?: string;
}

export interface OpenedInputs {
  readonly inputs: readonly Input[];
  /** Texts in folders that are of no format. */
  readonly unknown: readonly InputFile[];
}

/**
 * Finds out each file's format and reads its beginning.
 * @throws InputError for a file that cannot be of its format, or where there is none of any
 */
export async function openInputs(
  connection: DuckDBConnection,
  files: readonly InputFile[],
  options: OpenOptions,
): Promise<OpenedInputs> {
  const forced = options.format === undefined ? undefined : namedSource(options.format);
  const inputs: Input[] = [];
  const unknown: InputFile[] = [];
  for (const file of files) {
    const input = await openInput(connection, file, forced, options.renames);
    if (input) inputs.push(input);
    else unknown.push(file);
  }
  if (inputs.length === 0)
    throw new InputError(`${unknown[0]!.name}: this is of no known format: ${formatNames.join(', ')}`);
  return { inputs, unknown };
}

/** A text among data that may as well be a note for people. */
const NOTE = /\.(txt|text|rst|adoc|info)$/i;

async function openInput(
  connection: DuckDBConnection,
  file: InputFile,
  forced: Source | undefined,
  renames: Renames,
): Promise<Input | undefined> {
  const settings = { file: file.name, renames };
  const isTable = file.container === 'parquet';
  if (forced && (forced.holds === 'table') !== isTable) {
    const found = isTable ? 'a Parquet file' : 'a text';
    const message = `this is ${found}, not ${forced.title} (--format ${quoted(forced.name)})`;
    throw new InputError([{ severity: 'error', message, where: { file: file.name } }]);
  }
  if (isTable) {
    const types = await parquetTypes(connection, file);
    const source = forced?.holds === 'table' ? forced : recogniseTable([...types.keys()], file.name);
    return { file, source, opened: source.open(types, settings) };
  }
  const start = await firstText(file, HEADER_BYTES);
  const recognised = forced?.holds === 'text' ? forced : recogniseText(start.slice(0, RECOGNISED_BY), file.name);
  if (!recognised && file.inFolder && NOTE.test(file.name)) return undefined;
  const source = recognised ?? fallback;
  return { file, source, opened: source.open(start, settings) };
}

/** Inputs that are read together. */
export interface InputGroup {
  readonly relation: Relation;
  readonly inputs: readonly Input[];
}

/** Inputs of one likeness are read together. */
export function groupsOf(inputs: readonly Input[]): InputGroup[] {
  const groups = new Map<string, Input[]>();
  for (const input of inputs) {
    const { file, source, opened } = input;
    const likeness = JSON.stringify([source.name, file.container, opened.likeness]);
    const group = groups.get(likeness);
    if (group) group.push(input);
    else groups.set(likeness, [input]);
  }
  return [...groups.values()].map((group) => {
    const [{ opened, file }] = group as [Input];
    const paths = group.map(({ file }) => file.path);
    return { relation: opened.relation(paths, compressionOf(file)), inputs: group };
  });
}

/** How a text file is packed, as the bulk engine is told. */
function compressionOf({ container }: InputFile): Compression {
  return container === 'gzip' || container === 'zstd' ? container : 'none';
}
