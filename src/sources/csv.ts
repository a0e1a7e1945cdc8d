import { type Diagnostic, InputError } from '../model/diagnostic.ts';
import { type ColumnNames, EVENT_COLUMNS, type EventColumn, findColumns, type Renames } from './columns.ts';
import { CsvRows, isRagged, readCsvFiles } from './csv-files.ts';
import { CsvRecords } from './csv-records.ts';
import { columnType } from './projection.ts';
import type { RowFields } from './row.ts';
import type { Compression, OpenedText, Relation, RowReading, SourceSettings, TextSource } from './source.ts';

/** Rows with a header of event columns, told apart by comma, semicolon, tab or bar. */
export const csv: TextSource = {
  name: 'csv',
  title: 'CSV',
  holds: 'text',
  onBadRow: 'fail',
  recognise: (start) => csvHeaders(start).some((header) => knownColumns(header) >= RECOGNISED_BY),
  open: (start, settings) => openCsv(start, settings),
};

/**
 * Opens a CSV with a header.
 * @param readings what a row's reading becomes
 * @throws InputError naming the columns that are missing or there twice
 */
export function openCsv(
  start: string,
  { file, renames }: SourceSettings,
  readings: (reading: RowReading) => readonly RowReading[] = (reading) => [reading],
): OpenedText {
  const shape = csvShape(start, renames, file);
  const read = fieldsReader(shape);
  return {
    columns: shape.columns,
    likeness: JSON.stringify([shape.delimiter, shape.header]),
    relation: (paths, compression) => csvRelation(paths, shape, compression),
    rows: () => new CsvRows(shape.delimiter, true, (record) => readings(read(record))),
  };
}

/** The header of a text, by every delimiter it may have. */
export function csvHeaders(start: string): (readonly string[])[] {
  const headers = DELIMITERS.map((delimiter) => headerOf(start, delimiter));
  return headers.flatMap((header) => ('fault' in header ? [] : [header]));
}

/** Event columns by which a header is one. */
const RECOGNISED_BY = 2;

function knownColumns(header: readonly string[]): number {
  return Object.keys(findColumns(header, {}, '').columns).length;
}

/** CSV files of one shape, in every column's type. */
export function csvRelation(paths: readonly string[], shape: CsvShape, compression: Compression): Relation {
  const { header, columns, delimiter } = shape;
  const eventColumns = new Map(Object.entries(columns).map(([column, header]) => [header, column]));
  const types = header.map((column, at): [string, string] => {
    const event = eventColumns.get(column);
    return event ? [column, columnType(event as keyof ColumnNames)] : [`ignored ${at}`, 'VARCHAR'];
  });
  return { sql: readCsvFiles(paths, compression, { delimiter, hasHeader: true, types }), columns, time: 'text' };
}

/** How the fields of a CSV are told apart: what both readers are told. */
export interface CsvShape {
  readonly delimiter: string;
  readonly header: readonly string[];
  readonly columns: ColumnNames;
}

const DELIMITERS = [',', ';', '\t', '|'] as const;

/**
 * Reads the header, with the delimiter that finds most of the event columns.
 * @param start the beginning of the text, its first record at least
 * @throws InputError naming the columns that are missing or there twice
 */
function csvShape(start: string, renames: Renames, file: string): CsvShape {
  if (start.trim() === '') throw new InputError([{ severity: 'error', message: 'the file is empty', where: { file } }]);
  const readings = DELIMITERS.map((delimiter) => {
    const header = headerOf(start, delimiter);
    if (!('fault' in header)) return { delimiter, header, ...findColumns(header, renames, file) };
    const fault: Diagnostic = { severity: 'error', message: header.fault, where: { file, line: header.line } };
    return { delimiter, header: [], columns: {}, diagnostics: [fault] };
  });
  const best = readings.reduce((a, b) => (knows(b) > knows(a) ? b : a));
  if (best.diagnostics.length > 0) throw new InputError(best.diagnostics);
  return best;
}

/** How well a header is understood: by event columns, then by columns. */
function knows({ header, columns }: Omit<CsvShape, 'delimiter'>): number {
  return Object.keys(columns).length + Math.min(header.length, 1000) / 1001;
}

function headerOf(start: string, delimiter: string): readonly string[] | { fault: string; line: number } {
  const [first] = new CsvRecords(delimiter).read(withoutBom(start), true);
  const { fields, line } = first ?? { fields: [], line: 1 };
  return typeof fields === 'string' ? { fault: fields, line } : fields;
}

/** A byte order mark says that a text is UTF-8 and is no part of its first column's name. */
function withoutBom(text: string): string {
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

/** Picks the event columns out of a record, in which empty fields may follow the last. */
function fieldPicker({ header, columns }: CsvShape): (record: readonly string[]) => RowFields | string {
  const positions = EVENT_COLUMNS.flatMap((column): [EventColumn, number][] => {
    const name = columns[column];
    return name === undefined ? [] : [[column, header.indexOf(name)]];
  });
  return (record) => {
    if (isRagged(record, header.length)) return `${record.length} fields where the header has ${header.length}`;
    const fields: Partial<Record<EventColumn, string>> = {};
    for (const [column, position] of positions) fields[column] = record[position]!;
    return fields;
  };
}

function fieldsReader(shape: CsvShape): (record: readonly string[]) => RowReading {
  const pick = fieldPicker(shape);
  return (record) => {
    const picked = pick(record);
    return typeof picked === 'string' ? picked : { fields: picked };
  };
}
