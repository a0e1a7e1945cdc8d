import { createWriteStream } from 'node:fs';
import { dirname } from 'node:path';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { type WorkloadChunk, workloadCsv } from '../generators/index.ts';
import { InputError, quoted, UsageError } from '../model/diagnostic.ts';
import { literal, pathLiteral } from '../sources/projection.ts';
import { withTemporaryFile, writeAtomically } from './atomic-file.ts';
import { withEngine } from './duckdb.ts';

const WRITERS: Readonly<Record<string, (chunks: Iterable<WorkloadChunk>, path: string) => Promise<void>>> = {
  '.csv': async (chunks, path) => pipeline(workloadCsv(chunks), createWriteStream(path)),
  '.csv.gz': async (chunks, path) => pipeline(workloadCsv(chunks), createGzip(), createWriteStream(path)),
  '.parquet': writeParquet,
};

/**
 * Writes a workload to a file, whole or not at all, in memory that does not grow with it. The name's ending says the
 * format: `.csv`, `.csv.gz` or `.parquet` (columns timestamp TIMESTAMP in UTC, operation, key, size and bytes BIGINT).
 *
 * @throws UsageError for another ending, InputError when the file cannot be written
 */
export async function writeWorkload(chunks: Iterable<WorkloadChunk>, path: string): Promise<void> {
  const ending = Object.keys(WRITERS).find((name) => path.toLowerCase().endsWith(name));
  if (!ending) throw new UsageError(`${quoted(path)} does not end in .csv, .csv.gz or .parquet`);
  await writeAtomically(path, (temporary) => WRITERS[ending]!(chunks, temporary));
}

/** Writes a workload as CSV to a stream and leaves it open. A reader who has seen enough (`| head`) is no error. */
export async function streamWorkload(chunks: Iterable<WorkloadChunk>, output: Writable): Promise<void> {
  try {
    await pipeline(workloadCsv(chunks), output, { end: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
  }
}

/** By way of a CSV file beside it, which DuckDB reads and writes in pieces. */
async function writeParquet(chunks: Iterable<WorkloadChunk>, path: string): Promise<void> {
  await withTemporaryFile(path, async (csv) => {
    await WRITERS['.csv']!(chunks, csv);
    const copy = `COPY (FROM read_csv(${pathLiteral(csv)}, auto_detect = false, header = true, delim = ',',
        quote = '"', escape = '"', new_line = '\\n', compression = 'none', columns = {'timestamp': 'TIMESTAMP',
        'operation': 'VARCHAR', 'key': 'VARCHAR', 'size': 'BIGINT', 'bytes': 'BIGINT'}))
      TO ${literal(path)} (FORMAT parquet, COMPRESSION zstd)`;
    await withEngine({ temporaryFolder: dirname(path) }, async (connection) => {
      await connection.run(copy).catch((error: Error) => {
        throw new InputError(`cannot write Parquet: ${error.message}`);
      });
    });
  });
}
