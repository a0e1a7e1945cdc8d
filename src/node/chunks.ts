/** What the bulk engine gives, chunk by chunk, as columns of memory. */
import type { DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api';
import { InputError } from '../model/diagnostic.ts';
import { OPTIONAL_COLUMNS, type OptionalColumn } from '../trace/batch.ts';
import type { RowColumns } from '../trace/batch-builder.ts';

export type Chunks = AsyncGenerator<DuckDBDataChunk, void>;

/**
 * One chunk of a result after the other; the engine fetches the next while one is at work.
 * @throws the engine's error, also in the middle of the result
 */
export async function* chunksOf(connection: DuckDBConnection, sql: string): Chunks {
  await connection.run('BEGIN');
  try {
    yield* streamed(connection, sql);
    // A result that fails after its first rows ends like a whole one: only its transaction knows.
    await connection.run('SELECT 1').catch(async () => {
      await connection.run('ROLLBACK');
      throw await errorOf(connection, sql);
    });
  } finally {
    await connection.run('COMMIT').catch(() => {});
  }
}

async function* streamed(connection: DuckDBConnection, sql: string): Chunks {
  const result = await connection.stream(sql);
  const fetch = (): Promise<DuckDBDataChunk | null> => {
    const chunk = result.fetchChunk();
    // Who stops early does not wait for it.
    chunk.catch(() => {});
    return chunk;
  };
  for (let next = fetch(); ; ) {
    const chunk = await next;
    if (!chunk || chunk.rowCount === 0) return;
    next = fetch();
    yield chunk;
  }
}

/** Why a query failed, which is not told of a result that was streamed: it is made once more, at once. */
async function errorOf(connection: DuckDBConnection, sql: string): Promise<Error> {
  try {
    await connection.run(`SELECT max(hash(COLUMNS(*))) FROM (${sql})`);
  } catch (error) {
    return error as Error;
  }
  return new InputError(
    'the bulk engine stopped in the middle of the input; raise --memory-limit, or name a folder with more room (TMPDIR)',
  );
}

export type Items = Float64Array | Int32Array | Uint32Array | Uint16Array | Uint8Array | BigUint64Array;

/** A chunk's columns, or the first of them, as they lie in memory, which is not ours to keep. */
export function columnsOf(chunk: DuckDBDataChunk, first = chunk.columnCount): Items[] {
  return Array.from(
    { length: first },
    (_, column) => (chunk.getColumnVector(column) as unknown as { items: Items }).items,
  );
}

/** The same memory as 32-bit words: reading a bigint allocates one. */
export function words(ids: Items): Uint32Array {
  return new Uint32Array(ids.buffer, ids.byteOffset, ids.length * 2);
}

const FIELDS: Readonly<Record<string, keyof RowColumns>> = {
  bytes: 'bytes',
  count: 'count',
  storage_class: 'storageClass',
  version: 'version',
  tag_count: 'tags',
  key_bytes: 'keyBytes',
};

/** Those of some columns of a trace that are optional in a batch, by its names. */
export function batchColumns(optional: readonly string[]): OptionalColumn[] {
  return OPTIONAL_COLUMNS.filter((name) => optional.some((column) => FIELDS[column] === name));
}

/**
 * The columns `w`, `size`, those that not every trace has, and words of marks, which follow each other.
 * @param first position of `w`
 */
export function rowColumns(
  found: readonly Items[],
  first: number,
  optional: readonly string[],
  markWords: number,
): Omit<RowColumns, 'object'> {
  const at = first + 2 + optional.length;
  const columns: Record<string, unknown> = {};
  optional.forEach((column, i) => {
    const field = FIELDS[column];
    if (field) columns[field] = found[first + 2 + i];
  });
  return {
    order: found[first] as Float64Array,
    size: found[first + 1] as Float64Array,
    ...columns,
    marks: Array.from({ length: markWords }, (_, word) => found[at + word] as Int32Array),
  };
}
