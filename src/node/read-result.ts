import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { Comparison } from '../model/comparison.ts';
import { InputError } from '../model/diagnostic.ts';
import { parseComparison } from '../reports/json.ts';
import { STANDARD_INPUT } from './expand.ts';

/**
 * Reads a result that `--json` saved.
 * @throws InputError when there is none
 */
export async function readResult(file: string): Promise<Comparison> {
  if (file === STANDARD_INPUT) return parseComparison(await text(process.stdin), 'standard input');
  const content = await readFile(file, 'utf8').catch(({ code, message }: NodeJS.ErrnoException) => {
    const reason = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'this is a directory' : message;
    throw new InputError([{ severity: 'error', message: reason, where: { file } }]);
  });
  return parseComparison(content, file);
}
