import { InputError } from '../model/diagnostic.ts';
import { type RowFields, type RowSettings, readReading } from '../sources/row.ts';
import type { Listing, OpenedText, RowReading } from '../sources/source.ts';
import type { EventRow } from '../trace/memory-trace.ts';
import type { InputFile } from './inputs.ts';
import { decompressed } from './text-stream.ts';

/** A row of an input as the careful readers see it. */
export interface CarefulRow {
  readonly file: string;
  /** Line of a text the row begins on (the first is 1), or number of a Parquet row, from 1. */
  readonly line: number;
  /** The row's own bytes. */
  readonly raw: Uint8Array;
  /** The row, what it is if it is no request of a user, or what is wrong with it. */
  readonly row: EventRow | { readonly kind: string } | string;
  /** What it says, where it can be read. */
  readonly fields?: RowFields;
  /** What it is, when it is an inventory's. */
  readonly lists?: Listing['of'];
}

/** Whether a row is a request. */
export function isRequest(row: CarefulRow['row']): row is EventRow {
  return typeof row !== 'string' && 'order' in row;
}

/** Reads a row's fields on. */
export function carefulRow(
  { name }: InputFile,
  line: number,
  raw: Uint8Array,
  reading: RowReading,
  settings: RowSettings,
): CarefulRow {
  const said = typeof reading === 'string' ? {} : { fields: reading.fields };
  const { lists } = settings;
  return { file: name, line, raw, row: readReading(reading, settings), ...said, ...(lists && { lists }) };
}

/**
 * Reads a text row by row: slower than the bulk engine by far, but with the line of everything it says.
 * @param isWanted whether to read a row, by its own text, one character per byte; others may be read besides
 * @throws InputError when the text as a whole cannot be read: damaged compression, a line that does not end
 */
export async function* carefulTextRows(
  file: InputFile,
  title: string,
  opened: OpenedText,
  settings: RowSettings,
  isWanted?: (raw: string) => boolean,
): AsyncGenerator<CarefulRow> {
  const reader = opened.rows(isWanted);
  try {
    for await (const chunk of decompressed(file)) {
      const piece = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).toString('latin1');
      for (const { line, raw, reading } of reader.read(piece))
        yield carefulRow(file, line, Buffer.from(raw, 'latin1'), reading, settings);
    }
    for (const { line, raw, reading } of reader.read('', true))
      yield carefulRow(file, line, Buffer.from(raw, 'latin1'), reading, settings);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const message = `this is no ${title}: ${error.message}`;
    throw new InputError([{ severity: 'error', message, where: { file: file.name } }]);
  }
}
