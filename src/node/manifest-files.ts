/** Where the files of a manifest are: people download a bucket as it is, or put all files in one folder. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { type Diagnostic, InputError, quoted } from '../model/diagnostic.ts';
import type { ManifestFile } from '../sources/source.ts';
import { type InputFile, inspectInput } from './inputs.ts';

/** Missing files that are named; the others are counted. */
const NAMED_FILES = 5;

/**
 * Finds the files a manifest names: below the manifest's folder or one above it, under an end of their keys.
 * @throws InputError naming each that is not there, or has another size than the manifest says
 */
export async function manifestFiles(manifest: InputFile, files: readonly ManifestFile[]): Promise<InputFile[]> {
  const found: InputFile[] = [];
  const problems: Diagnostic[] = [];
  const folder = dirname(manifest.path);
  let place: Place | undefined;
  for (const file of files) {
    place = await placeOf(file.key, folder, place);
    if (!place) {
      problems.push({ severity: 'error', message: missing(file.key), where: { file: manifest.name } });
      continue;
    }
    const path = pathAt(place, file.key);
    const shown = join(dirname(manifest.name), relative(folder, path));
    const input = await inspectInput(path, shown, false);
    if (file.bytes !== undefined && input.bytes !== file.bytes) {
      const message = `the file has ${input.bytes} bytes, ${manifest.name} says ${file.bytes}; download it again`;
      problems.push({ severity: 'error', message, where: { file: shown } });
    }
    found.push({ ...input, ...(file.md5 !== undefined && { md5: file.md5 }) });
  }
  if (problems.length > NAMED_FILES + 1) {
    const more = problems.length - NAMED_FILES;
    const message = `and ${more} more of its ${files.length} files`;
    problems.splice(NAMED_FILES, more, { severity: 'error', message, where: { file: manifest.name } });
  }
  if (problems.length > 0) throw new InputError(problems);
  return found;
}

function missing(key: string): string {
  const name = key.split('/').at(-1)!;
  return `the inventory's file ${quoted(name)} is missing; download it to the manifest's folder, or to the place its key has there (${quoted(key)})`;
}

/** Below which folder a key was found, and how many of its last segments are the path there. */
interface Place {
  readonly folder: string;
  readonly segments: number;
}

/** Looks where the file before was found first: the files of a manifest lie together. */
async function placeOf(key: string, folder: string, previous: Place | undefined): Promise<Place | undefined> {
  if (previous && (await isFile(pathAt(previous, key)))) return previous;
  const segments = segmentsOf(key);
  if (segments.some((segment) => segment === '.' || segment === '..' || /[\\\0]/.test(segment))) return undefined;
  let above = folder;
  for (let level = 0; level <= segments.length; level++) {
    for (let length = segments.length; length > 0; length--) {
      const place = { folder: above, segments: length };
      if (await isFile(pathAt(place, key))) return place;
    }
    if (dirname(above) === above) return undefined;
    above = dirname(above);
  }
  return undefined;
}

function pathAt({ folder, segments }: Place, key: string): string {
  return join(folder, ...segmentsOf(key).slice(-segments));
}

function segmentsOf(key: string): string[] {
  return key.split('/').filter((segment) => segment !== '');
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (facts) => facts.isFile(),
    () => false,
  );
}

/** Where S3 writes the MD5 of a manifest. */
export function checksumOf({ path }: InputFile): string {
  return path.replace(/(\.json)?$/, '.checksum');
}

/**
 * Compares a manifest with the `manifest.checksum` S3 writes next to it, if that is there.
 * @throws InputError when they differ
 */
export async function checkManifest(manifest: InputFile, text: Uint8Array): Promise<void> {
  const expected = await readFile(checksumOf(manifest), 'utf8').catch(() => undefined);
  if (expected === undefined) return;
  const is = createHash('md5').update(text).digest('hex');
  if (is !== expected.trim().toLowerCase()) throw differs(manifest.name, is, expected.trim(), 'its manifest.checksum');
}

/**
 * Compares a file with its MD5.
 * @throws InputError when they differ
 */
export async function checkMd5(file: InputFile, expected: string, signal?: AbortSignal): Promise<void> {
  const hash = createHash('md5');
  for await (const chunk of createReadStream(file.path, { highWaterMark: 2 ** 20 })) {
    if (signal?.aborted) return;
    hash.update(chunk);
  }
  const is = hash.digest('hex');
  if (is !== expected) throw differs(file.name, is, expected, 'the manifest');
}

function differs(file: string, is: string, expected: string, who: string): InputError {
  const message = `the file is not the one S3 wrote: its MD5 is ${is}, ${who} says ${quoted(expected)}; download it again`;
  return new InputError([{ severity: 'error', message, where: { file } }]);
}
