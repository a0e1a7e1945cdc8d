import { InputError, quoted } from '../model/diagnostic.ts';
import { type ColumnNames, type EventColumn, findColumns, type Renames } from './columns.ts';
import { name, pathLiteral, type TimeType } from './projection.ts';
import type { OpenedTable, Relation, RowReading, SourceSettings, TableSource } from './source.ts';

/** A table of the event columns. */
export const parquet: TableSource = {
  name: 'parquet',
  title: 'Parquet',
  holds: 'table',
  onBadRow: 'fail',
  recognise: () => true,
  open: (types, settings) => openParquet(types, settings),
};

/**
 * Opens a table of event columns.
 * @param readings what a row's reading becomes
 * @throws InputError for columns that are missing, or of a type that cannot be one
 */
export function openParquet(
  types: ReadonlyMap<string, string>,
  { file, renames }: SourceSettings,
  readings: (reading: RowReading) => readonly RowReading[] = (reading) => [reading],
): OpenedTable {
  const columns = columnsOf(types, renames, file);
  const names = Object.entries(columns) as [EventColumn, string][];
  const time = timeType(types.get(columns.timestamp!)!);
  const casts = names.map(([column, header]) => cast(column, header, types.get(header)!, time, file));
  return {
    columns,
    likeness: JSON.stringify([...types]),
    from: (path) => readParquet([path]),
    relation: (paths): Relation => ({
      sql: `(SELECT ${casts.join(', ')} FROM ${readParquet(paths)})`,
      columns,
      time,
    }),
    select: names.map(([column, header]) => textOf(column, name(header))),
    read: (values) => readings({ fields: Object.fromEntries(names.map(([column], at) => [column, values[at] ?? ''])) }),
  };
}

const NUMERIC = /^(U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|FLOAT|DOUBLE|DECIMAL.*)$/;
const INSTANT = /^(TIMESTAMP.*|DATE)$/;
const NUMBERS: readonly string[] = ['size', 'bytes', 'count', 'status'];

/**
 * The event columns among a table's.
 * @throws InputError for columns that are missing
 */
export function columnsOf(types: ReadonlyMap<string, string>, renames: Renames, file: string): ColumnNames {
  const { columns, diagnostics } = findColumns([...types.keys()], renames, file);
  if (diagnostics.length === 0) return columns;
  throw new InputError(diagnostics.map(({ message }) => ({ severity: 'error', message, where: { file } })));
}

/**
 * SQL of a column in the type its event column needs, under its own name.
 * @throws InputError when its type cannot be one
 */
export function cast(column: EventColumn, header: string, type: string, time: TimeType, file: string): string {
  const fail = (message: string): never => {
    throw new InputError([{ severity: 'error', message, where: { file } }]);
  };
  const isText = type === 'VARCHAR' || type.startsWith('ENUM');
  const isNumber = NUMBERS.includes(column) || (column === 'timestamp' && time === 'epoch');
  if (isNumber && !NUMERIC.test(type)) fail(`column ${quoted(header)} is ${type}, not a number`);
  if (!isNumber && !isText && !(column === 'timestamp' && time === 'timestamp')) {
    fail(`column ${quoted(header)} is ${type}, not ${column === 'timestamp' ? 'a time' : 'text'}`);
  }
  return `CAST(${name(header)} AS ${isNumber ? 'DOUBLE' : isText ? 'VARCHAR' : 'TIMESTAMP'}) AS ${name(header)}`;
}

/** How a column of an SQL type holds times. */
export function timeType(type: string): TimeType {
  if (INSTANT.test(type)) return 'timestamp';
  return NUMERIC.test(type) ? 'epoch' : 'text';
}

/** SQL of a value as the careful reader wants it: a whole number without its `.0`, a time as DuckDB prints it, which is as ISO 8601 has it. */
export function textOf(column: EventColumn, value: string): string {
  const text = `CAST(${value} AS VARCHAR)`;
  return NUMBERS.includes(column) ? `regexp_replace(${text}, '\\.0$', '')` : text;
}

/** SQL that reads Parquet files of the same columns. */
export function readParquet(paths: readonly string[]): string {
  return `read_parquet([${paths.map(pathLiteral).join(', ')}])`;
}
