/** What the bulk engine and the careful reader each make of the rows of a text. */
import { writeFileSync } from 'node:fs';
import type { DuckDBConnection } from '@duckdb/node-api';
import { OPERATIONS } from '../../src/model/operation.ts';
import type { OpenedText, RowReading } from '../../src/sources/source.ts';

/** A row as the bulk engine reads it; undefined: it leaves the row to the careful reader. */
export async function bulkReadings(
  connection: DuckDBConnection,
  opened: OpenedText,
  path: string,
  text: string,
): Promise<{ readonly raw: string; readonly row: Record<string, unknown> | undefined }[]> {
  writeFileSync(path, text, 'latin1');
  const { sql, columns } = opened.relation([path], 'none');
  const names = Object.keys(columns).filter((column) => column !== 'timestamp');
  await connection.run('DROP TABLE IF EXISTS reject_errors; DROP TABLE IF EXISTS reject_scans');
  const found = await connection.runAndReadAll(
    `SELECT raw, epoch_ms(timestamp)::DOUBLE AS at, kind, ${names.join(', ')} FROM ${sql}`,
  );
  return found.getRows().map(([raw, at, kind, ...values]) => ({
    raw: String(raw),
    row:
      at === null
        ? undefined
        : {
            at,
            kind,
            ...Object.fromEntries(
              names.map((name, i) => [name, name !== 'key' && values[i] === '' ? null : values[i]]),
            ),
          },
  }));
}

/** The careful reading in the same form. */
export function asBulkRow(reading: RowReading, names: readonly string[]): Record<string, unknown> | string {
  if (typeof reading === 'string') return reading;
  const { fields, kind } = reading;
  const numbers = ['size', 'bytes', 'status', 'count'];
  const value = (name: string): unknown => {
    const text = fields[name as keyof typeof fields] ?? '';
    if (name === 'key') return text;
    if (name === 'operation') return kind === undefined ? (OPERATIONS as readonly string[]).indexOf(text) : null;
    if (text === '') return null;
    return numbers.includes(name) ? Number(text) : text;
  };
  return {
    at: Date.parse(fields.timestamp!),
    kind: kind ?? null,
    ...Object.fromEntries(names.map((name) => [name, value(name)])),
  };
}
