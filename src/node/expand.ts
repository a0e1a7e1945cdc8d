import { createReadStream, createWriteStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import { InputError, quoted } from '../model/diagnostic.ts';
import { literal } from '../sources/projection.ts';
import { type InputFile, inspectInput } from './inputs.ts';

/** What stands for standard input among file names. */
export const STANDARD_INPUT = '-';

/**
 * The files that names, globs and `-` stand for, each looked at, in order and without repetition.
 * @param folder where standard input and pipes are kept while they are read
 * @throws InputError for a name that stands for no file
 */
export async function expandInputs(
  connection: DuckDBConnection,
  names: readonly string[],
  folder: string,
): Promise<InputFile[]> {
  const files = new Map<string, InputFile>();
  for (const name of new Set(names)) {
    for (const [path, shown] of await pathsOf(connection, name, folder)) {
      const file = await inspectInput(path, shown);
      const real = await realpath(path);
      if (!files.has(real)) files.set(real, file);
    }
  }
  return [...files.values()];
}

async function pathsOf(connection: DuckDBConnection, name: string, folder: string): Promise<[string, string][]> {
  if (name === STANDARD_INPUT) return [[await keep(process.stdin, join(folder, 'input')), 'standard input']];
  const found = await stat(name).catch(() => undefined);
  if (found?.isFIFO() || found?.isSocket() || found?.isCharacterDevice()) {
    return [
      [await keep(createReadStream(name), join(folder, `input ${name.replaceAll(/\W/g, '-').slice(-100)}`)), name],
    ];
  }
  if (found || !/[*?[]/.test(name)) return [[name, name]];
  const reader = await connection.runAndReadAll(`SELECT file FROM glob(${literal(name)}) ORDER BY file`);
  const paths = reader.getRows().map(([path]) => String(path));
  if (paths.length === 0) throw new InputError(`no file matches ${quoted(name)}`);
  return paths.map((path) => [path, path]);
}

/** What can be read only once is kept in a file: it is read more than once. */
async function keep(stream: Readable, path: string): Promise<string> {
  await pipeline(stream, createWriteStream(path)).catch((error: Error) => {
    throw new InputError(`cannot read the input: ${error.message}`);
  });
  return path;
}
