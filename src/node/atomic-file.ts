import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdir, realpath, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { InputError, quoted } from '../model/diagnostic.ts';

/**
 * Writes a file whole or not at all: `write` fills a temporary file in the same folder, which takes the place of `path`
 * when it is complete. When `write` fails, or the process ends or is told to (SIGINT, SIGTERM), the temporary file is
 * removed and what was at `path` stays. A symbolic link keeps pointing where it does; a pipe or a device is written to
 * as it is.
 *
 * @param write gets the path to write to, and need not create a file that is to stay as it is
 * @throws InputError when the file system refuses; anything else `write` throws
 */
export async function writeAtomically<T>(path: string, write: (temporary: string) => Promise<T>): Promise<T> {
  return naming(path, async () => {
    const target = await targetOf(path);
    if (!target.replaceable) return write(target.path);
    return withTemporaryFile(target.path, async (temporary) => {
      const result = await write(temporary);
      await rename(temporary, target.path);
      return result;
    });
  });
}

/** Runs `use` with the path of a file that does not exist yet, in the folder of `beside`, and removes it afterwards, whatever happens. */
export async function withTemporaryFile<T>(beside: string, use: (temporary: string) => Promise<T>): Promise<T> {
  const temporary = join(dirname(beside), `.${basename(beside)}.${randomBytes(6).toString('hex')}.tmp`);
  keepTrackOf(temporary);
  try {
    return await use(temporary);
  } finally {
    await rm(temporary, { force: true });
    forget(temporary);
  }
}

/** Runs `use` with a new folder in the system's folder for temporary files, and removes it afterwards, whatever happens. */
export async function withTemporaryFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = join(tmpdir(), `tiercast-${randomBytes(8).toString('hex')}`);
  keepTrackOf(folder);
  try {
    await mkdir(folder, { mode: 0o700 });
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
    forget(folder);
  }
}

async function targetOf(path: string): Promise<{ readonly path: string; readonly replaceable: boolean }> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (!found) return { path: resolve(path), replaceable: true };
  if (found.isDirectory()) throw new InputError(`cannot write ${quoted(path)}: it is a folder`);
  return found.isFile() ? { path: await realpath(path), replaceable: true } : { path, replaceable: false };
}

const REFUSALS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such folder',
  ENOTDIR: 'a part of its path is not a folder',
  EACCES: 'no permission',
  EPERM: 'no permission',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  ENAMETOOLONG: 'its name is too long',
  EFBIG: 'the file system takes no file so large',
};

async function naming<T>(path: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    const refusal = REFUSALS[(error as NodeJS.ErrnoException | undefined)?.code ?? ''];
    if (refusal) throw new InputError(`cannot write ${quoted(path)}: ${refusal}`);
    throw error;
  }
}

const unfinished = new Set<string>();

function keepTrackOf(temporary: string): void {
  if (unfinished.size === 0) {
    process.on('exit', removeUnfinished);
    for (const signal of SIGNALS) process.on(signal, endBySignal);
  }
  unfinished.add(temporary);
}

function forget(temporary: string): void {
  unfinished.delete(temporary);
  if (unfinished.size === 0) stopListening();
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

function stopListening(): void {
  process.off('exit', removeUnfinished);
  for (const signal of SIGNALS) process.off(signal, endBySignal);
}

function removeUnfinished(): void {
  for (const temporary of unfinished) rmSync(temporary, { recursive: true, force: true });
}

/** Ends the process as the signal would have, had nobody listened; somebody else who listens decides himself. */
function endBySignal(signal: NodeJS.Signals): void {
  removeUnfinished();
  stopListening();
  if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
}
