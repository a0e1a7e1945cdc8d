/** Rows handed over as the bulk engine reads them, by a function that its SQL calls. */
import type { DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api';
import { duckdbApi } from './duckdb-api.ts';

/** Takes rows in no order. Their memory is not ours to keep. */
export type TakeRows = (chunk: DuckDBDataChunk) => void;

/** SQL that hands over values of a row, and is some number, never NULL, that says nothing. */
export type RowFunction = (values: readonly string[]) => string;

/** Functions have names of their own, as an engine keeps them until it is closed. */
let functions = 0;

/**
 * Lets SQL hand over rows. A result that is streamed takes as much work, but lets all threads but one wait while it is made
 * ahead for the first time; here a thread waits for its own rows alone, and there is one more for that.
 * @throws what `take` threw, and what `use` throws
 */
export async function withRowFunction<T>(
  connection: DuckDBConnection,
  take: TakeRows,
  use: (call: RowFunction) => Promise<T>,
): Promise<T> {
  const { ANY, DuckDBScalarFunction, UTINYINT } = duckdbApi();
  const name = `take_rows_${++functions}`;
  let taking: TakeRows | undefined = take;
  let problem: unknown;
  const rows = DuckDBScalarFunction.create({
    name,
    varArgsType: ANY,
    returnType: UTINYINT,
    // Gets NULL like other values, and all rows each time.
    specialHandling: true,
    volatile: true,
    mainFunction: (_info, chunk) => {
      // Other threads hand over what they have while the engine is being stopped.
      if (problem !== undefined) return;
      try {
        taking!(chunk);
      } catch (error) {
        problem = error;
        throw error;
      }
    },
  });
  connection.registerScalarFunction(rows);
  const threads = await threadsOf(connection);
  if (threads > 1) await connection.run(`SET threads = ${threads + 1}`);
  try {
    return await use((values) => `${name}(${values.join(', ')})`);
  } catch (error) {
    throw problem ?? error;
  } finally {
    // The engine keeps the function, which is not to keep what takes its rows.
    taking = undefined;
    // Fails where the engine is being interrupted, which is on its way already.
    await connection.run(`SET threads = ${threads}`).catch(() => {});
  }
}

async function threadsOf(connection: DuckDBConnection): Promise<number> {
  return Number((await connection.runAndReadAll("SELECT current_setting('threads')")).getRows()[0]![0]);
}
