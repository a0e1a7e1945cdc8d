/** Whether an ingested trace is still what its metadata says. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { InputError } from '../model/diagnostic.ts';
import { IS_REQUEST_ROW } from '../sources/group-list.ts';
import type { OrderedTrace } from '../sources/source.ts';
import type { TraceFacts } from '../sources/trace-facts.ts';
import type { InputFile } from './inputs.ts';
import { damagedParquet } from './parquet.ts';

/**
 * Counts a trace's rows: a run that its metadata does not name would never be read.
 * @throws InputError when its rows are not those that its metadata says, or cannot be read
 */
export async function checkTrace(
  connection: DuckDBConnection,
  file: InputFile,
  { facts, run }: OrderedTrace,
): Promise<void> {
  const isRequest = facts.acts ? IS_REQUEST_ROW : 'true';
  const found = await connection
    .runAndReadAll(
      `SELECT run::DOUBLE, count(*)::DOUBLE, count_if(${isRequest})::DOUBLE,
        epoch_ms(min(timestamp) FILTER (${isRequest}))::DOUBLE, epoch_ms(max(timestamp) FILTER (${isRequest}))::DOUBLE
        FROM ${run(file.path).sql} GROUP BY run ORDER BY run`,
    )
    .catch((error: Error) => {
      throw damagedParquet(file, error);
    });
  const problem = differing(facts, found.getRows() as number[][]);
  if (problem === undefined) return;
  const message = `${problem}; another program has changed the trace: ingest the logs again`;
  throw new InputError([{ severity: 'error', message, where: { file: file.name } }]);
}

function differing(
  { runs, rows: requests, first, last }: TraceFacts,
  found: readonly (readonly number[])[],
): string | undefined {
  const rows = (counts: readonly number[]): string => (counts.length === 0 ? 'no rows' : `${counts.join(' + ')} rows`);
  const counts = found.map(([, count]) => count!);
  if (found.some(([run], at) => run !== at) || counts.join() !== runs.join())
    return `the trace has ${rows(counts)}, its metadata says ${rows(runs)}`;
  const there = found.reduce((sum, [, , count]) => sum + count!, 0);
  if (there !== requests) return `the trace has ${there} requests, its metadata says ${requests}`;
  // A run may hold nothing but what S3 did by itself.
  const isWithin = found.every(
    ([, , , min, max]) => (min ?? Infinity) >= Date.parse(first) && (max ?? 0) <= Date.parse(last),
  );
  return isWithin ? undefined : `there are requests before ${first} or after ${last}, which its metadata does not say`;
}
