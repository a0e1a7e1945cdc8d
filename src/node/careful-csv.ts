import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { type CsvError, parse } from 'csv-parse';
import { type Diagnostic, formatDiagnostic, InputError } from '../model/diagnostic.ts';
import { OPERATIONS } from '../model/operation.ts';
import { STORAGE_CLASSES } from '../model/storage-class.ts';
import type { EventColumn } from '../sources/columns.ts';
import { CSV_OPTIONS, type CsvShape, fieldPicker } from '../sources/csv.ts';
import { type RowFields, readRow } from '../sources/row.ts';
import type { EventRow } from '../trace/memory-trace.ts';
import { orderMilliseconds } from '../trace/trace.ts';
import type { InputFile } from './inputs.ts';
import { decompressed } from './text-stream.ts';

/** A record as the careful reader sees it. */
export interface CarefulRecord {
  readonly file: string;
  /** Line the record begins on; the header is line 1. */
  readonly line: number;
  /** The record's own text. */
  readonly raw: string;
  readonly fields: RowFields;
  /** The row, or what is wrong with it. */
  readonly row: EventRow | string;
}

interface ParsedRecord {
  readonly record: string[];
  readonly info: { readonly lines: number };
  readonly raw: string;
}

/**
 * Reads a CSV record by record: slower than the bulk engine by far, but with the line of everything it says.
 * @throws InputError when the text as a whole cannot be read: a quote never closed, damaged compression, not UTF-8
 */
export async function* carefulRecords(file: InputFile, shape: CsvShape): AsyncGenerator<CarefulRecord> {
  const pick = fieldPicker(shape);
  const parser = parse({ ...CSV_OPTIONS, raw: true, from: 2, delimiter: shape.delimiter, relax_quotes: false });
  const piping = pipeline(Readable.from(utf8(file)), parser);
  piping.catch(() => {});
  let line = 1;
  try {
    for await (const { record, info, raw } of parser as AsyncIterable<ParsedRecord>) {
      const fields = pick(record);
      const row = typeof fields === 'string' ? fields : readRow(fields);
      const breaks = raw.trimEnd().split('\n').length - 1;
      line = info.lines;
      yield {
        file: file.name,
        line: line - breaks,
        raw: raw.replace(/\r?\n$/, ''),
        fields: typeof fields === 'string' ? {} : fields,
        row,
      };
    }
    await piping;
  } catch (error) {
    if (error instanceof InputError) throw error;
    const { message, lines } = error as CsvError & { lines?: number };
    throw new InputError([{ severity: 'error', message, where: { file: file.name, line: lines ?? line + 1 } }]);
  }
}

/** @throws InputError when a file is not UTF-8: reading it anyway would merge different keys */
async function* utf8(file: InputFile): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const decode = (chunk?: Uint8Array): string => {
    try {
      return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
    } catch {
      throw new InputError([{ severity: 'error', message: 'the text is not UTF-8', where: { file: file.name } }]);
    }
  };
  for await (const chunk of decompressed(file)) yield decode(chunk);
  yield decode();
}

/** The columns {@link writeClean} writes. */
export const CLEAN_HEADER: readonly EventColumn[] = [
  'timestamp',
  'operation',
  'key',
  'size',
  'bytes',
  'bucket',
  'storage_class',
  'status',
  'tags',
  'count',
];

export interface CleaningResult {
  /** Rows left out. */
  readonly rejected: number;
  /** The first of them. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Rows whose faults a run lists; the others it counts. */
export const LISTED_ROWS = 10;

/**
 * Writes the rows that can be read to one CSV the bulk engine reads without fail, and the others, as they are, to a
 * second file, each after a line `# file:line: reason`.
 * @param limit bad rows after which reading stops
 */
export async function writeClean(
  inputs: readonly (readonly [file: InputFile, shape: CsvShape])[],
  cleanPath: string,
  rejectsPath: string,
  limit: number,
): Promise<CleaningResult> {
  const diagnostics: Diagnostic[] = [];
  let rejected = 0;
  const rejects = createWriteStream(rejectsPath);
  async function* lines(): AsyncGenerator<string> {
    yield `${CLEAN_HEADER.join(',')}\n`;
    let text = '';
    for (const [file, shape] of inputs) {
      for await (const record of carefulRecords(file, shape)) {
        if (typeof record.row !== 'string') {
          text += cleanLine(record.row, record.fields);
        } else {
          rejected++;
          if (!rejects.write(rejectText(record))) await once(rejects, 'drain');
          if (diagnostics.length < LISTED_ROWS) diagnostics.push(rowDiagnostic(record));
          if (rejected >= limit) return;
        }
        if (text.length > 65_536) {
          yield text;
          text = '';
        }
      }
    }
    yield text;
  }
  await pipeline(lines, createWriteStream(cleanPath));
  rejects.end();
  await finished(rejects);
  return { rejected, diagnostics };
}

function rejectText(record: CarefulRecord): string {
  const reason = formatDiagnostic(rowDiagnostic(record)).replaceAll('\n', '\\n');
  return `# ${reason}\n${record.raw}\n`;
}

function rowDiagnostic({ file, line, row }: CarefulRecord): Diagnostic {
  return { severity: 'error', message: String(row), where: { file, line } };
}

function cleanLine(row: EventRow, fields: RowFields): string {
  const values: readonly string[] = [
    new Date(orderMilliseconds(row.order)).toISOString(),
    OPERATIONS[Math.floor((row.order % 64) / 4)]!,
    quotedField(row.key),
    number(row.size),
    number(row.bytes),
    quotedField(row.bucket),
    STORAGE_CLASSES[row.storageClass] ?? '',
    fields.status?.trim() ?? '',
    quotedField(row.tags),
    String(row.count),
  ];
  return `${values.join(',')}\n`;
}

function number(value: number): string {
  return Number.isNaN(value) ? '' : String(value);
}

function quotedField(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}
