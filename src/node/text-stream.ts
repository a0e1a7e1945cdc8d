import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Decompress } from 'fzstd';
import { InputError } from '../model/diagnostic.ts';
import type { InputFile } from './inputs.ts';

/**
 * The decompressed bytes of a text file.
 * @throws InputError (from the stream) when the compressed data is cut off or damaged
 */
export async function* decompressed(file: InputFile): AsyncGenerator<Uint8Array> {
  try {
    const source = createReadStream(file.path);
    if (file.container === 'gzip') yield* source.pipe(createGunzip());
    else if (file.container === 'zstd') yield* unzstd(source);
    else yield* source;
  } catch (error) {
    const message =
      file.container === 'plain'
        ? (error as Error).message
        : `the ${file.container} data is cut off or damaged (${(error as Error).message})`;
    throw new InputError([{ severity: 'error', message, where: { file: file.name } }]);
  }
}

async function* unzstd(source: Readable): AsyncGenerator<Uint8Array> {
  let chunks: Uint8Array[] = [];
  let ended = false;
  const decompressor = new Decompress((chunk, final) => {
    chunks.push(chunk);
    ended ||= final === true;
  });
  for await (const chunk of source) {
    decompressor.push(chunk);
    yield* chunks;
    chunks = [];
  }
  decompressor.push(new Uint8Array(), true);
  yield* chunks;
  if (!ended) throw new Error('unexpected end of file');
}

/** Text of a file's first bytes, enough for its header. */
export async function firstText(file: InputFile, bytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of decompressed(file)) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= bytes) break;
  }
  return Buffer.concat(chunks).toString('utf8');
}
