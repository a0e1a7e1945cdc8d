import { readFile } from 'node:fs/promises';
import { InputError } from '../model/diagnostic.ts';

/**
 * The text of a small file.
 * @throws InputError naming the file when it cannot be read
 */
export async function readText(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(({ code, message }: NodeJS.ErrnoException) => {
    throw new InputError([{ severity: 'error', message: REASONS[code ?? ''] ?? message, where: { file } }]);
  });
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'this is a directory',
  EACCES: 'no permission to read it',
};
