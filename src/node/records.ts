import type { DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api';
import { InputError } from '../model/diagnostic.ts';
import type { OpenedRecords, RecordField, RecordSource } from '../sources/source.ts';
import { duckdbApi } from './duckdb-api.ts';
import type { InputFile } from './inputs.ts';
import type { Input } from './open-inputs.ts';
import { decompressed } from './text-stream.ts';

/** Rows of a chunk of the engine. */
const CHUNK_ROWS = 2048;

let tables = 0;

/**
 * Copies the records of a file to a table of the engine.
 * @throws InputError when the last record is not whole, or compressed data is damaged
 */
export async function openRecords(
  connection: DuckDBConnection,
  file: InputFile,
  source: RecordSource,
  opened: OpenedRecords,
): Promise<Input> {
  const table = `records_${tables++}`;
  const columns = opened.fields.map(({ name, type }) => `${name} ${type}`);
  await connection.run(`CREATE TEMP TABLE ${table} (${columns.join(', ')})`);
  const appender = await connection.createAppender(table);
  const bytes = CHUNK_ROWS * source.recordBytes;
  let records = 0;
  for await (const chunk of chunksOf(file, bytes)) {
    const rest = chunk.length % source.recordBytes;
    records += Math.floor(chunk.length / source.recordBytes);
    if (rest !== 0) {
      const message = `the file is cut off: ${rest} bytes follow the last of ${records} records of ${source.recordBytes} bytes`;
      throw new InputError([{ severity: 'error', message, where: { file: file.name } }]);
    }
    appender.appendDataChunk(dataChunk(chunk, source.recordBytes, opened.fields));
  }
  appender.closeSync();
  return { file: { ...file, path: table, container: 'plain' }, source, opened };
}

/** The bytes of a file in pieces of one length, but for the last. */
async function* chunksOf(file: InputFile, length: number): AsyncGenerator<Buffer> {
  let pieces: Uint8Array[] = [];
  let held = 0;
  for await (const piece of decompressed(file)) {
    pieces.push(piece);
    held += piece.length;
    if (held < length) continue;
    const all = Buffer.concat(pieces);
    let at = 0;
    for (; at + length <= all.length; at += length) yield all.subarray(at, at + length);
    pieces = [all.subarray(at)];
    held = all.length - at;
  }
  if (held > 0) yield Buffer.concat(pieces);
}

function dataChunk(bytes: Buffer, recordBytes: number, fields: readonly RecordField[]): DuckDBDataChunk {
  const rows = bytes.length / recordBytes;
  // A copy begins at a whole word. Words are little-endian, as those of every machine the engine runs on.
  const words = new Uint32Array(new Uint8Array(bytes).buffer);
  const step = recordBytes / 4;
  const api = duckdbApi();
  const chunk = api.DuckDBDataChunk.create(
    fields.map(({ type }) => api[type]),
    rows,
  );
  fields.forEach(({ word, type }, column) => {
    const vector = chunk.getColumnVector(column) as unknown as { items: Uint32Array | BigUint64Array; flush(): void };
    const { items } = vector;
    const target = new Uint32Array(items.buffer, items.byteOffset, items.byteLength / 4);
    const width = type === 'UBIGINT' ? 2 : 1;
    for (let row = 0; row < rows; row++) {
      for (let part = 0; part < width; part++) target[row * width + part] = words[row * step + word + part]!;
    }
    vector.flush();
  });
  return chunk;
}
