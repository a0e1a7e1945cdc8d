import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { isAbsolute, join, relative } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { InputError, quoted } from '../model/diagnostic.ts';
import { type InputFile, inspectInput } from './inputs.ts';

/** What stands for standard input among file names. */
export const STANDARD_INPUT = '-';

export interface ExpandedInputs {
  readonly files: readonly InputFile[];
  /** Files in folders that hold no data by the look of them. */
  readonly skipped: readonly SkippedFile[];
}

/** A file in a folder that is no input. */
export interface SkippedFile {
  readonly name: string;
  readonly reason: string;
}

/** A file before it is looked at. */
interface Found {
  readonly path: string;
  /** As the user would name it. */
  readonly name: string;
  /** Its path in the folder that was named instead of it. */
  readonly inFolder?: string;
}

/**
 * The files that names, folders, globs and `-` stand for, each looked at, in order and without repetition.
 * @param folder where standard input and pipes are kept while they are read
 * @throws InputError for a name that stands for no file
 */
export async function expandInputs(names: readonly string[], folder: string): Promise<ExpandedInputs> {
  const files = new Map<string, InputFile>();
  const skipped: SkippedFile[] = [];
  for (const name of new Set(names)) {
    const found = await filesOf(name, folder);
    const reasons = found.map(({ inFolder }) => (inFolder === undefined ? undefined : noDataByName(inFolder)));
    const inspected = await inOrder(found, async ({ path, name, inFolder }, at) =>
      reasons[at] === undefined ? inspectInput(path, name, inFolder !== undefined) : undefined,
    );
    let taken = 0;
    inspected.forEach((file, at) => {
      if (!file || file.bytes === 0) {
        skipped.push({ name: found[at]!.name, reason: reasons[at] ?? 'empty' });
      } else {
        taken++;
        if (!files.has(file.identity)) files.set(file.identity, file);
      }
    });
    if (taken === 0) throw new InputError([{ severity: 'error', message: nothingIn(found), where: { file: name } }]);
  }
  return { files: [...files.values()], skipped };
}

function nothingIn(found: readonly Found[]): string {
  return found.length === 0
    ? 'the folder holds no file'
    : `the folder holds no data: of its ${found.length} files, all are empty, hidden or of another kind (${quoted(found[0]!.name)})`;
}

async function filesOf(name: string, folder: string): Promise<Found[]> {
  const explicitly = (path: string, shown: string): Found => ({ path, name: shown });
  if (name === STANDARD_INPUT) return [explicitly(await keep(process.stdin, join(folder, 'input')), 'standard input')];
  const facts = await stat(name).catch(() => undefined);
  if (facts?.isFIFO() || facts?.isSocket() || facts?.isCharacterDevice()) {
    const path = join(folder, `input ${name.replaceAll(/\W/g, '-').slice(-100)}`);
    return [explicitly(await keep(createReadStream(name), path), name)];
  }
  if (facts?.isDirectory()) return folderFiles(name);
  if (facts || !/[*?[{]/.test(name)) return [explicitly(name, name)];
  const matches = await globbed(name);
  if (matches.length === 0) throw new InputError(`no file matches ${quoted(name)}`);
  const found = await inOrder(matches, async (path) =>
    path.endsWith('/') ? folderFiles(path) : [explicitly(path, path)],
  );
  return found.flat();
}

/** All files below a folder, links followed. */
async function folderFiles(folder: string): Promise<Found[]> {
  const { glob } = await import('tinyglobby');
  const paths = await glob('**', { cwd: folder, dot: true });
  return paths.sort().map((path) => ({ path: join(folder, path), name: join(folder, path), inFolder: path }));
}

/** What matches a glob, folders with a `/` at their end. */
async function globbed(pattern: string): Promise<string[]> {
  const { glob } = await import('tinyglobby');
  const paths = await glob(pattern, { absolute: true, onlyFiles: false, expandDirectories: false });
  const shown = paths.map((path) =>
    isAbsolute(pattern) ? path : relative('.', path) + (path.endsWith('/') ? '/' : ''),
  );
  return shown.sort();
}

/** Files that lie about in folders of data: what programs leave behind, and what people write for people. */
const NO_DATA =
  /(^|\/)CloudTrail-Digest\/|\.(md|html?|pdf|png|jpe?g|gif|svg|sh|py|sql|xml|ya?ml|toml|ini|crc|md5|sha256|tmp|checksum|log\.lock)$|(^|\/)hive\/.*symlink\.txt$|(^|\/)(readme|licen[cs]e|changelog|notice|makefile|desktop\.ini|thumbs\.db)(\.txt)?$/i;

/** Why a file found in a folder is no data, if its name says so. */
function noDataByName(path: string): string | undefined {
  if (/(^|\/)[._]/.test(path)) return 'hidden';
  return NO_DATA.test(path) ? 'no data by the name' : undefined;
}

/** Files looked at at the same time. */
const AT_ONCE = 16;

async function inOrder<T, R>(items: readonly T[], use: (item: T, at: number) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let first = 0; first < items.length; first += AT_ONCE) {
    const some = items.slice(first, first + AT_ONCE);
    results.push(...(await Promise.all(some.map((item, at) => use(item, first + at)))));
  }
  return results;
}

/** What can be read only once is kept in a file: it is read more than once. */
async function keep(stream: Readable, path: string): Promise<string> {
  await pipeline(stream, createWriteStream(path)).catch((error: Error) => {
    throw new InputError(`cannot read the input: ${error.message}`);
  });
  return path;
}
