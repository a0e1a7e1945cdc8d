import { parse } from 'csv-parse/browser/esm/sync';
import { type Diagnostic, InputError } from '../model/diagnostic.ts';
import { type EventRow, MemoryTrace } from '../trace/memory-trace.ts';
import { type ColumnNames, EVENT_COLUMNS, type EventColumn, findColumns, type Renames } from './columns.ts';
import { type RowFields, readRow } from './row.ts';

/** How the fields of a CSV are told apart: what csv-parse and DuckDB are both told. */
export interface CsvShape {
  readonly delimiter: string;
  readonly header: readonly string[];
  readonly columns: ColumnNames;
}

const DELIMITERS = [',', ';', '\t', '|'] as const;

/** csv-parse's options for every reading of a trace: RFC 4180, with the line of each record. */
export const CSV_OPTIONS = { bom: true, info: true, relax_column_count: true, skip_empty_lines: true } as const;

/**
 * Reads the header, with the delimiter that finds most of the event columns (the comma where several do).
 * @param start the beginning of the text, its first record at least
 * @throws InputError naming the columns that are missing or there twice
 */
export function csvShape(start: string, renames: Renames, file: string): CsvShape {
  const record = firstRecord(start);
  const readings = DELIMITERS.map((delimiter) => {
    const header = headerOf(record, delimiter, file);
    return { delimiter, header, ...findColumns(header, renames, file) };
  });
  const best = readings.reduce((a, b) => (Object.keys(b.columns).length > Object.keys(a.columns).length ? b : a));
  if (best.diagnostics.length > 0) throw new InputError(best.diagnostics);
  return best;
}

/** Up to the first line break outside quotes, blank lines before it included. */
function firstRecord(text: string): string {
  let isQuoted = false;
  let isBlank = true;
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (character === '"') isQuoted = !isQuoted;
    if (character === '\n' && !isQuoted && !isBlank) return text.slice(0, at + 1);
    if (!/\s/.test(character)) isBlank = false;
  }
  return text;
}

function headerOf(start: string, delimiter: string, file: string): string[] {
  try {
    const [record] = parse(start, { bom: true, delimiter, to: 1, relax_column_count: true, skip_empty_lines: true });
    return (record as unknown as string[] | undefined) ?? [];
  } catch (error) {
    throw new InputError([{ severity: 'error', message: (error as Error).message, where: { file, line: 1 } }]);
  }
}

/** Picks the event columns out of a record. */
export function fieldPicker({ header, columns }: CsvShape): (record: readonly string[]) => RowFields | string {
  const positions = EVENT_COLUMNS.flatMap((column): [EventColumn, number][] => {
    const name = columns[column];
    return name === undefined ? [] : [[column, header.indexOf(name)]];
  });
  return (record) => {
    if (record.length !== header.length) return `${record.length} fields where the header has ${header.length}`;
    const fields: Partial<Record<EventColumn, string>> = {};
    for (const [column, position] of positions) fields[column] = record[position]!;
    return fields;
  };
}

export interface ReadCsvOptions {
  /** Other names of columns. */
  readonly renames?: Renames;
  /** What to do about a row that cannot be read: throw (the default), or leave it out and count it. */
  readonly onBadRow?: 'fail' | 'skip';
  /** Name for messages. */
  readonly file?: string;
}

/**
 * Reads a CSV held in memory into a trace.
 * @throws InputError naming file, line and the offending text
 */
export function readCsv(text: string, options: ReadCsvOptions = {}): MemoryTrace {
  const file = options.file ?? 'csv';
  if (text.trim() === '') throw new InputError([{ severity: 'error', message: 'the file is empty', where: { file } }]);
  const shape = csvShape(text, options.renames ?? {}, file);
  const pick = fieldPicker(shape);
  const rows: EventRow[] = [];
  const bad: Diagnostic[] = [];
  let line = 1;
  for (const { record, info } of records(text, shape.delimiter, file)) {
    const fields = pick(record);
    const row = typeof fields === 'string' ? fields : readRow(fields);
    if (typeof row === 'string') bad.push({ severity: 'error', message: row, where: { file, line: line + 1 } });
    else rows.push(row);
    line = info.lines;
  }
  if (bad.length > 0 && options.onBadRow !== 'skip') throw new InputError(bad.slice(0, 10));
  return new MemoryTrace(rows, bad);
}

interface CsvRecord {
  readonly record: string[];
  readonly info: { readonly lines: number };
}

function records(text: string, delimiter: string, file: string): CsvRecord[] {
  try {
    return parse(text, { ...CSV_OPTIONS, delimiter, from: 2 }) as unknown as CsvRecord[];
  } catch (error) {
    const { message, lines } = error as Error & { lines?: number };
    throw new InputError([{ severity: 'error', message, where: { file, ...(lines ? { line: lines } : {}) } }]);
  }
}
