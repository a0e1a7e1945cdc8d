/** What the bulk engine gives, chunk by chunk, as columns of memory. */
import type { DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api';
import type { RowColumns } from '../trace/batch-builder.ts';

export type Chunks = AsyncGenerator<DuckDBDataChunk, void>;

/** One chunk of a result after the other; the engine fetches the next while one is at work. */
export async function* chunksOf(connection: DuckDBConnection, sql: string): Chunks {
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

type Items = Float64Array | Int32Array | Uint32Array | Uint16Array | Uint8Array | BigUint64Array;

/** A column's values as they lie in memory. */
export function items(chunk: DuckDBDataChunk, column: number): Items {
  return (chunk.getColumnVector(column) as unknown as { items: Items }).items;
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

/**
 * The columns `w`, `size`, those that not every trace has, and words of marks, which follow each other in a chunk.
 * @param first position of `w`
 */
export function rowColumns(
  chunk: DuckDBDataChunk,
  first: number,
  optional: readonly string[],
  markWords: number,
): Omit<RowColumns, 'object'> {
  const at = first + 2 + optional.length;
  const columns: Record<string, unknown> = {};
  optional.forEach((column, i) => {
    const field = FIELDS[column];
    if (field) columns[field] = items(chunk, first + 2 + i);
  });
  return {
    order: items(chunk, first) as Float64Array,
    size: items(chunk, first + 1) as Float64Array,
    ...columns,
    marks: Array.from({ length: markWords }, (_, word) => items(chunk, at + word) as Int32Array),
  };
}
