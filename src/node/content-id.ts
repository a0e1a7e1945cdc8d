import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { InputError } from '../model/diagnostic.ts';
import type { InputFile } from './inputs.ts';

/** What tells a file's content from any other: the first half of its SHA-256, in hexadecimal. */
export async function contentId(file: InputFile): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file.path, { highWaterMark: 2 ** 20 }), hash).catch((error: Error) => {
    throw new InputError([{ severity: 'error', message: error.message, where: { file: file.name } }]);
  });
  return hash.digest('hex').slice(0, 32);
}
