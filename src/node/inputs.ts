import { open, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { InputError } from '../model/diagnostic.ts';

/** What a file is, by its first bytes. */
type Container = 'plain' | 'gzip' | 'zstd' | 'parquet';

export interface InputFile {
  /** Where it is read; absolute. */
  readonly path: string;
  /** As the user named it. */
  readonly name: string;
  readonly container: Container;
  readonly bytes: number;
  /** Whether it was named only by a folder it is in. */
  readonly inFolder: boolean;
  /** Tells two files apart, and one file under two names not. */
  readonly identity: string;
  /** MD5 its bytes must have, in lower-case hexadecimal, where a manifest says so. */
  readonly md5?: string;
}

const MAGIC: readonly (readonly [Container, readonly number[]])[] = [
  ['gzip', [0x1f, 0x8b]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  ['parquet', [0x50, 0x41, 0x52, 0x31]],
];

/** What people take for an input, by its first bytes, and what to do about it. */
const REFUSED: readonly (readonly [message: string, magic: readonly number[]])[] = [
  ['the text is UTF-16; save it as UTF-8', [0xff, 0xfe]],
  ['the text is UTF-16; save it as UTF-8', [0xfe, 0xff]],
  ['this is a ZIP archive (or a spreadsheet); unpack it, or save it as CSV', [0x50, 0x4b, 0x03, 0x04]],
  ['the file is compressed with bzip2; use gzip or zstd', [0x42, 0x5a, 0x68]],
  ['the file is compressed with xz; use gzip or zstd', [0xfd, 0x37, 0x7a, 0x58, 0x5a]],
];

/** Bytes of a file that are looked at for what it is. */
const START_BYTES = 4096;

/**
 * Looks at a file before it is read.
 * @param inFolder whether it was named only by a folder it is in; then it may be empty
 * @throws InputError for what cannot be an input: absent, a directory, an archive, empty
 */
export async function inspectInput(path: string, name: string, inFolder: boolean): Promise<InputFile> {
  const facts = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw problem(name, REASONS[error.code ?? ''] ?? error.message);
  });
  if (facts.isDirectory()) throw problem(name, 'this is a directory');
  const identity = `${facts.dev} ${facts.ino}`;
  if (facts.size === 0) {
    if (!inFolder) throw problem(name, 'the file is empty');
    return { path: resolve(path), name, container: 'plain', bytes: 0, inFolder, identity };
  }
  const head = Buffer.alloc(START_BYTES);
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    throw problem(name, REASONS[error.code ?? ''] ?? error.message);
  });
  const { bytesRead } = await file.read(head, 0, head.length, 0).finally(() => file.close());
  const start = head.subarray(0, bytesRead);
  const container = MAGIC.find(([, magic]) => startsWith(start, magic))?.[0] ?? 'plain';
  if (container === 'plain') refuseKnown(start, name);
  return { path: resolve(path), name, container, bytes: facts.size, inFolder, identity };
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EACCES: 'no permission to read it',
  ENAMETOOLONG: 'there is no such file: the name is too long',
  ELOOP: 'this is a symbolic link to itself',
};

/** @throws InputError when a file that should be a text begins like something else */
export function refuseBinary(bytes: Uint8Array, name: string): void {
  const start = bytes.subarray(0, START_BYTES);
  refuseKnown(start, name);
  const zero = start.indexOf(0);
  if (zero >= 0)
    throw problem(name, `this is a binary file (a zero byte at offset ${zero}), neither a text nor Parquet`);
}

function refuseKnown(start: Uint8Array, name: string): void {
  const refused = REFUSED.find(([, magic]) => startsWith(start, magic));
  if (refused) throw problem(name, refused[0]);
}

function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, i) => bytes[i] === byte);
}

function problem(name: string, message: string): InputError {
  return new InputError([{ severity: 'error', message, where: { file: name } }]);
}
