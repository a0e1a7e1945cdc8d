import type { DuckDBConnection } from '@duckdb/node-api';
import { InputError, quoted } from '../model/diagnostic.ts';
import { type EventColumn, findColumns, type Renames } from '../sources/columns.ts';
import { name, pathLiteral, type TimeType } from '../sources/projection.ts';
import { type RowFields, readRow } from '../sources/row.ts';
import type { CarefulRow } from './careful-csv.ts';
import type { InputFile } from './inputs.ts';
import type { Relation } from './trace-table.ts';

const NUMERIC = /^(U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|FLOAT|DOUBLE|DECIMAL.*)$/;
const INSTANT = /^(TIMESTAMP.*|DATE)$/;
const NUMBERS: readonly string[] = ['size', 'bytes', 'count', 'status'];

/**
 * A Parquet file's event columns, cast to what a trace needs.
 * @throws InputError for missing columns, for columns of a type that cannot be one, and for a damaged file
 */
export async function parquetRelation(
  connection: DuckDBConnection,
  file: InputFile,
  renames: Renames,
): Promise<Relation> {
  const fail = (message: string): never => {
    throw new InputError([{ severity: 'error', message, where: { file: file.name } }]);
  };
  const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${source(file)}`).catch((error: Error) => {
    throw damagedParquet(file, error);
  });
  const types = new Map(described.getRows().map(([column, type]) => [String(column), String(type)]));
  const { columns, diagnostics } = findColumns([...types.keys()], renames, file.name);
  if (diagnostics.length > 0)
    throw new InputError(
      diagnostics.map(({ message }) => ({ severity: 'error', message, where: { file: file.name } })),
    );
  const time = timeType(types.get(columns.timestamp!)!);
  const casts = Object.entries(columns).map(([column, header]) => {
    const type = types.get(header)!;
    const isText = type === 'VARCHAR' || type.startsWith('ENUM');
    const isNumber = NUMBERS.includes(column) || (column === 'timestamp' && time === 'epoch');
    if (isNumber && !NUMERIC.test(type)) fail(`column ${quoted(header)} is ${type}, not a number`);
    if (!isNumber && !isText && !(column === 'timestamp' && time === 'timestamp')) {
      fail(`column ${quoted(header)} is ${type}, not ${column === 'timestamp' ? 'a time' : 'text'}`);
    }
    return `CAST(${name(header)} AS ${isNumber ? 'DOUBLE' : isText ? 'VARCHAR' : 'TIMESTAMP'}) AS ${name(header)}`;
  });
  return { sql: `(SELECT ${casts.join(', ')} FROM ${source(file)})`, columns, time };
}

function timeType(type: string): TimeType {
  if (INSTANT.test(type)) return 'timestamp';
  return NUMERIC.test(type) ? 'epoch' : 'text';
}

/** Reads all of a file and throws away what it reads. Rejects with the engine's error when the file is damaged. */
export async function readThrough(connection: DuckDBConnection, file: InputFile): Promise<void> {
  await connection.run(`SELECT max(hash(COLUMNS(*))) FROM ${source(file)}`);
}

export function damagedParquet(file: InputFile, error: Error): InputError {
  const reason = error.message.split('\n')[0]!.replaceAll(file.path, file.name);
  const message = `the Parquet file is cut off or damaged (${reason})`;
  return new InputError([{ severity: 'error', message, where: { file: file.name } }]);
}

/** Reads a Parquet file row by row, as {@link carefulRows} reads a text. */
export async function* carefulParquetRows(
  connection: DuckDBConnection,
  file: InputFile,
  { columns }: Pick<Relation, 'columns'>,
): AsyncGenerator<CarefulRow> {
  const names = Object.entries(columns) as [EventColumn, string][];
  const texts = names.map(([column, header]) => textOf(column, name(header)));
  const result = await connection.stream(`SELECT ${texts.join(', ')} FROM ${source(file)}`);
  for (let line = 1; ; ) {
    const chunk = await result.fetchChunk();
    if (!chunk || chunk.rowCount === 0) return;
    for (const values of chunk.getRows()) {
      const fields = Object.fromEntries(names.map(([column], at) => [column, values[at] ?? ''])) as RowFields;
      const raw = Buffer.from(names.map(([column]) => csvField(fields[column]!)).join(','));
      yield { file: file.name, line: line++, raw, row: readRow(fields) };
    }
  }
}

/** A whole number without its `.0`, a time as DuckDB prints it, which is as ISO 8601 has it. */
function textOf(column: EventColumn, value: string): string {
  const text = `CAST(${value} AS VARCHAR)`;
  return NUMBERS.includes(column) ? `regexp_replace(${text}, '\\.0$', '')` : text;
}

function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function source(file: InputFile): string {
  return `read_parquet(${pathLiteral(file.path)})`;
}
