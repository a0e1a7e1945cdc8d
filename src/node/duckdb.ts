import { availableParallelism } from 'node:os';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { InputError } from '../model/diagnostic.ts';
import { duckdbApi } from './duckdb-api.ts';

export interface EngineOptions {
  /** Threads of the bulk engine; all processors when absent. */
  readonly threads?: number;
  /** Memory of the bulk engine before it spills to disk, as DuckDB writes it (`1GB`); rows put in order take no more. */
  readonly memoryLimit?: string;
  /** Folder it spills to. */
  readonly temporaryFolder: string;
}

/** Memory of the bulk engine, and of rows put in order, unless told otherwise: with the program's own, a run stays under 2 GB. */
const DEFAULT_MEMORY_LIMIT = '1GB';

/**
 * What of a result is made ahead of its use. With less the engine's threads wait for the one that takes it; with more they
 * wait for each other until it is full for the first time.
 */
const STREAMED_AHEAD = '32MB';

/** Opens another session of the same engine: one session streams one result at a time. */
export type Connect = () => Promise<DuckDBConnection>;

/** Opens the embedded engine in memory, which keeps the order of rows, with every session's zone UTC, and closes it when `use` is done. */
export async function withEngine<T>(
  options: EngineOptions,
  use: (connection: DuckDBConnection, connect: Connect) => Promise<T>,
): Promise<T> {
  const { DuckDBInstance } = duckdbApi();
  let instance: DuckDBInstance | undefined;
  const connections: DuckDBConnection[] = [];
  const connect = async (): Promise<DuckDBConnection> => {
    const connection = await instance!.connect();
    connections.push(connection);
    await connection.run(`SET TimeZone = 'UTC'; SET streaming_buffer_size = '${STREAMED_AHEAD}'`);
    return connection;
  };
  try {
    instance = await DuckDBInstance.create(':memory:', {
      threads: String(options.threads ?? availableParallelism()),
      memory_limit: options.memoryLimit ?? DEFAULT_MEMORY_LIMIT,
      temp_directory: options.temporaryFolder,
    });
    return await use(await connect(), connect);
  } finally {
    for (const connection of connections) connection.closeSync();
    instance?.closeSync();
  }
}

const UNITS: Readonly<Record<string, number>> = {
  bytes: 1,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
};

/** Bytes of memory before the bulk engine spills to disk. */
export async function memoryLimit(connection: DuckDBConnection): Promise<number> {
  const reader = await connection.runAndReadAll("SELECT current_setting('memory_limit')");
  const [number, unit] = String(reader.getRows()[0]![0]).split(' ');
  return Number(number) * (UNITS[unit!] ?? Number.POSITIVE_INFINITY);
}

/** What the bulk engine refuses for want of memory or disk, in words that help; a bug of ours stays one. */
export function engineError(error: Error): Error {
  if (error instanceof InputError) return error;
  const [reason = ''] = error.message.replace(/^Failed to append: /, '').split('\n');
  if (/^(?:Out of Memory|failed to (?:allocate|offload|pin))/.test(reason)) {
    return /max_temp_directory_size|No space left/.test(error.message)
      ? new InputError('the folder for temporary files is full; TMPDIR names another')
      : new InputError('the bulk engine ran out of memory; raise --memory-limit or lower --threads');
  }
  if (/No space left|disk full/i.test(reason)) {
    return new InputError('the folder for temporary files is full; TMPDIR names another');
  }
  return /^IO Error/.test(reason)
    ? new InputError(`cannot read the input: ${reason.slice('IO Error: '.length)}`)
    : error;
}
