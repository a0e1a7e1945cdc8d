import { isUtf8 } from 'node:buffer';
import { InputError } from '../model/diagnostic.ts';
import { type CsvShape, recordReader } from '../sources/csv.ts';
import { type CsvRecord, CsvRecords } from '../sources/csv-records.ts';
import type { EventRow } from '../trace/memory-trace.ts';
import type { InputFile } from './inputs.ts';
import { decompressed } from './text-stream.ts';

/** A row of an input as the careful readers see it. */
export interface CarefulRow {
  readonly file: string;
  /** Line of a text the row begins on (the header is line 1), or number of a Parquet row, from 1. */
  readonly line: number;
  /** The row's own bytes, as CSV. */
  readonly raw: Uint8Array;
  /** The row, or what is wrong with it. */
  readonly row: EventRow | string;
}

const BOM = Buffer.from('\ufeff').toString('latin1');

/**
 * Reads a CSV record by record: slower than the bulk engine by far, but with the line of everything it says. A row that
 * is not UTF-8 is a bad row: reading it anyway would merge different keys.
 * @throws InputError when the text as a whole cannot be read: damaged compression, a line that does not end
 */
export async function* carefulRows(file: InputFile, shape: CsvShape): AsyncGenerator<CarefulRow> {
  const read = recordReader(shape);
  let isHeader = true;
  for await (const record of binaryRecords(file, shape.delimiter)) {
    const raw = Buffer.from(record.raw, 'latin1');
    const row = isUtf8(raw) ? read(decoded(record)) : 'the text is not UTF-8';
    if (!isHeader) yield { file: file.name, line: record.line, raw, row };
    isHeader = false;
  }
}

/** Records with one character per byte, so that what is not UTF-8 in one of them spoils no other. */
async function* binaryRecords(file: InputFile, delimiter: string): AsyncGenerator<CsvRecord> {
  const records = new CsvRecords(delimiter);
  let isStart = true;
  try {
    for await (const chunk of decompressed(file)) {
      const text = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).toString('latin1');
      yield* records.read(isStart && text.startsWith(BOM) ? text.slice(BOM.length) : text);
      isStart = false;
    }
    yield* records.read('', true);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new InputError([
      { severity: 'error', message: `this is no CSV: ${error.message}`, where: { file: file.name } },
    ]);
  }
}

function decoded({ fields, raw }: CsvRecord): CsvRecord['fields'] {
  if (typeof fields === 'string' || !/[\u0080-\u00ff]/.test(raw)) return fields;
  return fields.map((field) => Buffer.from(field, 'latin1').toString('utf8'));
}
