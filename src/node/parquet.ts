import type { DuckDBConnection } from '@duckdb/node-api';
import { InputError, quoted } from '../model/diagnostic.ts';
import { findColumns, type Renames } from '../sources/columns.ts';
import { name, pathLiteral } from '../sources/projection.ts';
import type { InputFile } from './inputs.ts';
import type { Relation } from './trace-table.ts';

const NUMERIC = /^(U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|FLOAT|DOUBLE|DECIMAL.*)$/;

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
  const source = `read_parquet(${pathLiteral(file.path)})`;
  const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${source}`).catch((error: Error) => {
    return fail(`the Parquet file is cut off or damaged (${error.message.split('\n')[0]})`);
  });
  const types = new Map(described.getRows().map(([column, type]) => [String(column), String(type)]));
  const { columns, diagnostics } = findColumns([...types.keys()], renames, file.name);
  if (diagnostics.length > 0)
    throw new InputError(
      diagnostics.map(({ message }) => ({ severity: 'error', message, where: { file: file.name } })),
    );
  const timeType = types.get(columns.timestamp!)!;
  const time = timeType.startsWith('TIMESTAMP') ? 'timestamp' : NUMERIC.test(timeType) ? 'epoch' : 'text';
  const casts = Object.entries(columns).map(([column, header]) => {
    const type = types.get(header)!;
    const text = type === 'VARCHAR' || type.startsWith('ENUM');
    if (['size', 'bytes', 'count', 'status'].includes(column)) {
      if (!NUMERIC.test(type)) fail(`column ${quoted(header)} is ${type}, not a number`);
      return `CAST(${name(header)} AS DOUBLE) AS ${name(header)}`;
    }
    if (column === 'timestamp')
      return time === 'epoch' ? `CAST(${name(header)} AS DOUBLE) AS ${name(header)}` : name(header);
    return text
      ? `CAST(${name(header)} AS VARCHAR) AS ${name(header)}`
      : fail(`column ${quoted(header)} is ${type}, not text`);
  });
  return { sql: `(SELECT ${casts.join(', ')} FROM ${source})`, columns, time };
}
