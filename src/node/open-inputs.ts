import type { DuckDBConnection } from '@duckdb/node-api';
import { InputError, quoted } from '../model/diagnostic.ts';
import type { Renames } from '../sources/columns.ts';
import { namedSource, recogniseTable, recogniseText } from '../sources/index.ts';
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

/**
 * Finds out each file's format and reads its beginning.
 * @throws InputError for a file that cannot be of its format
 */
export async function openInputs(
  connection: DuckDBConnection,
  files: readonly InputFile[],
  options: OpenOptions,
): Promise<Input[]> {
  const forced = options.format === undefined ? undefined : namedSource(options.format);
  const inputs: Input[] = [];
  for (const file of files) inputs.push(await openInput(connection, file, forced, options.renames));
  return inputs;
}

async function openInput(
  connection: DuckDBConnection,
  file: InputFile,
  forced: Source | undefined,
  renames: Renames,
): Promise<Input> {
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
  const source = forced?.holds === 'text' ? forced : recogniseText(start.slice(0, RECOGNISED_BY), file.name);
  return { file, source, opened: source.open(start, settings) };
}

/** The relations of some inputs: files of one likeness are read together. */
export function relationsOf(inputs: readonly Input[]): Relation[] {
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
    return opened.relation(
      group.map(({ file }) => file.path),
      compressionOf(file),
    );
  });
}

/** How a text file is packed, as the bulk engine is told. */
function compressionOf({ container }: InputFile): Compression {
  return container === 'gzip' || container === 'zstd' ? container : 'none';
}
