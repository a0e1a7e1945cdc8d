import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Decompress } from 'fzstd';
import { InputError } from '../model/diagnostic.ts';
import { type InputFile, refuseBinary } from './inputs.ts';

/**
 * The decompressed bytes of a text file.
 * @throws InputError (from the stream) when the compressed data is cut off or damaged
 */
export async function* decompressed(file: InputFile): AsyncGenerator<Uint8Array> {
  const source = createReadStream(file.path);
  try {
    if (file.container === 'gzip') yield* gunzip(source);
    else if (file.container === 'zstd') yield* unzstd(source);
    else yield* source;
  } catch (error) {
    throw damagedText(file, (error as Error).message);
  } finally {
    source.destroy();
  }
}

/** Large pieces: fewer round trips between threads. */
const PIECE_BYTES = 2 ** 20;

async function* gunzip(source: Readable): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: PIECE_BYTES });
  source.on('error', (error) => gunzip.destroy(error));
  yield* source.pipe(gunzip);
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
async function firstText(file: InputFile, bytes: number): Promise<string> {
  const start = await firstBytes(file, bytes);
  refuseBinary(start, file.name);
  return start.toString('utf8');
}

/** A file's first bytes, decompressed. */
export async function firstBytes(file: InputFile, bytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of decompressed(file)) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= bytes) break;
  }
  return Buffer.concat(chunks);
}

/** Bytes of a text that is read as a whole. */
const WHOLE_BYTES = 2 ** 28;

/**
 * A text file that is read as a whole.
 * @throws InputError when it is too long for that
 */
export async function wholeText(file: InputFile): Promise<string> {
  const text = await firstText(file, WHOLE_BYTES);
  if (text.length < WHOLE_BYTES) return text;
  const message = `the file is longer than ${WHOLE_BYTES / 2 ** 20} MB`;
  throw new InputError([{ severity: 'error', message, where: { file: file.name } }]);
}

/** Bytes of a text, as far as the ends of its file tell: of gzip in one piece below 4 GB, of zstd in one frame that says so. */
export async function textSize({ path, container, bytes }: InputFile): Promise<number | undefined> {
  if (container === 'plain') return bytes;
  const handle = await open(path);
  const piece = Buffer.alloc(18);
  try {
    await handle.read(piece, 0, 18, container === 'gzip' ? Math.max(bytes - 4, 0) : 0);
  } finally {
    await handle.close();
  }
  if (container === 'gzip') return piece.readUInt32LE(0);
  const size = contentSize(piece);
  return Number.isNaN(size) ? undefined : size;
}

/**
 * Reads compressed data for the sake of its end and its checksum: the bulk engine takes data that is cut off for all
 * there is.
 * @returns the bytes of the text; undefined where that is not known
 * @throws InputError when it is cut off or damaged
 */
export async function checkCompression(file: InputFile, signal: AbortSignal): Promise<number | undefined> {
  if (file.container === 'zstd') return checkFrames(file);
  if (file.container === 'plain') return file.bytes;
  if (file.container !== 'gzip') return undefined;
  let bytes = 0;
  for await (const piece of decompressed(file)) {
    if (signal.aborted) return undefined;
    bytes += piece.length;
  }
  return bytes;
}

const FRAME = 0xfd2fb528;
const SKIPPABLE = 0x184d2a5;

/**
 * Walks over the blocks of Zstandard frames (RFC 8878, 3.1.1) without decompressing them: the engine checks the blocks,
 * not the end.
 * @returns the bytes of the text, where all frames tell theirs
 */
async function checkFrames(file: InputFile): Promise<number | undefined> {
  const handle = await open(file.path);
  const header = Buffer.alloc(18);
  let at = 0;
  let bytes = 0;
  const read = async (bytes: number): Promise<Buffer> => {
    const { bytesRead } = await handle.read(header, 0, bytes, at);
    return header.subarray(0, bytesRead);
  };
  try {
    while (at < file.bytes) {
      const start = await read(18);
      if (start.length < 8) break;
      const magic = start.readUInt32LE(0);
      if (magic >>> 4 === SKIPPABLE) {
        at += 8 + start.readUInt32LE(4);
        continue;
      }
      if (magic !== FRAME) throw damagedText(file, 'it goes on with something else');
      const descriptor = start[4]!;
      bytes += contentSize(start);
      at += 5 + headerBytes(descriptor);
      for (let isLast = false; !isLast; ) {
        const block = await read(3);
        if (block.length < 3) throw damagedText(file, 'unexpected end of file');
        const facts = block.readUIntLE(0, 3);
        const isRepeated = ((facts >> 1) & 3) === 1;
        isLast = (facts & 1) === 1;
        at += 3 + (isRepeated ? 1 : facts >> 3);
      }
      if (descriptor & 4) at += 4;
    }
    if (at !== file.bytes) throw damagedText(file, 'unexpected end of file');
    return Number.isNaN(bytes) ? undefined : bytes;
  } finally {
    await handle.close();
  }
}

/** Bytes of a frame's text; NaN where its header does not tell. */
function contentSize(frame: Buffer): number {
  const descriptor = frame[4]!;
  const sizeBytes = [descriptor & 32 ? 1 : 0, 2, 4, 8][descriptor >> 6]!;
  const at = 5 + headerBytes(descriptor) - sizeBytes;
  if (sizeBytes === 0 || at + sizeBytes > frame.length) return Number.NaN;
  return sizeBytes === 8
    ? Number(frame.readBigUInt64LE(at))
    : frame.readUIntLE(at, sizeBytes) + (sizeBytes === 2 ? 256 : 0);
}

/** Bytes of a frame's window descriptor, dictionary id and content size. */
function headerBytes(descriptor: number): number {
  const isSingleSegment = (descriptor & 32) !== 0;
  const sizeFlag = descriptor >> 6;
  return (isSingleSegment ? 0 : 1) + [0, 1, 2, 4][descriptor & 3]! + [isSingleSegment ? 1 : 0, 2, 4, 8][sizeFlag]!;
}

/** What is said of a file whose compressed data, or whose text, cannot be read. */
export function damagedText(file: InputFile, reason: string): InputError {
  const message = file.container === 'plain' ? reason : `the ${file.container} data is cut off or damaged (${reason})`;
  return new InputError([{ severity: 'error', message, where: { file: file.name } }]);
}
