import type { DuckDBConnection } from '@duckdb/node-api';
import { InputError } from '../model/diagnostic.ts';
import { readParquet } from '../sources/parquet.ts';
import { pathLiteral } from '../sources/projection.ts';
import type { RowSettings } from '../sources/row.ts';
import type { OpenedTable, TableMetadata } from '../sources/source.ts';
import { type CarefulRow, carefulRow } from './careful-rows.ts';
import { chunksOf } from './chunks.ts';
import type { InputFile } from './inputs.ts';

/**
 * A Parquet file's columns and their SQL types.
 * @throws InputError for a damaged file
 */
export async function parquetTypes(connection: DuckDBConnection, file: InputFile): Promise<Map<string, string>> {
  const described = await connection
    .runAndReadAll(`DESCRIBE SELECT * FROM ${readParquet([file.path])}`)
    .catch((error: Error) => {
      throw damagedParquet(file, error);
    });
  return new Map(described.getRows().map(([column, type]) => [String(column), String(type)]));
}

/** What a Parquet file says of itself under keys of ours. */
export async function parquetMetadata(connection: DuckDBConnection, file: InputFile): Promise<TableMetadata> {
  const found = await connection.runAndReadAll(
    `SELECT * FROM (SELECT try(decode(key)) AS key, coalesce(try(decode(value)), '') AS value FROM parquet_kv_metadata(${pathLiteral(file.path)}))
      WHERE starts_with(key, 'tiercast.')`,
  );
  return new Map(found.getRows().map(([key, value]) => [String(key), String(value)]));
}

/** Reads all of a file and throws away what it reads. Rejects with the engine's error when the file is damaged. */
export async function readThrough(connection: DuckDBConnection, file: InputFile): Promise<void> {
  await connection.run(`SELECT max(hash(COLUMNS(*))) FROM ${readParquet([file.path])}`);
}

export function damagedParquet(file: InputFile, error: Error): InputError {
  const reason = error.message.split('\n')[0]!.replaceAll(file.path, file.name);
  const message = `the Parquet file is cut off or damaged (${reason})`;
  return new InputError([{ severity: 'error', message, where: { file: file.name } }]);
}

/** Before each text: the engine's binding drops a byte order mark that a text begins with, and keys would be one. */
const MARK = '.';

/** Reads a table row by row. A row's line is its number, its own bytes are the values as CSV. */
export async function* carefulTableRows(
  connection: DuckDBConnection,
  file: InputFile,
  { from, select, read }: OpenedTable,
  settings: RowSettings,
): AsyncGenerator<CarefulRow> {
  const list = select.map((value) => `concat('${MARK}', ${value})`);
  let line = 1;
  for await (const chunk of chunksOf(connection, `SELECT ${list.join(', ')} FROM ${from(file.path)}`)) {
    for (const row of chunk.getRows()) {
      const values = row.map((value) => String(value).slice(MARK.length));
      const raw = Buffer.from(values.map(csvField).join(','));
      for (const reading of read(values)) yield carefulRow(file, line, raw, reading, settings);
      line++;
    }
  }
}

function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
