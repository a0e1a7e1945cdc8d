import type { DuckDBConnection } from '@duckdb/node-api';
import { describe, expect, test } from 'vitest';
import { columnsOf } from '../../src/node/chunks.ts';
import { withEngine } from '../../src/node/duckdb.ts';
import { type RowFunction, withRowFunction } from '../../src/node/row-function.ts';
import { testFolder } from './run-files.ts';

const folder = testFolder();
const ROWS = 300_000;

/** Sum and number of what was handed over, and what `use` gave. */
async function handedOver<T>(
  use: (call: RowFunction, connection: DuckDBConnection) => Promise<T>,
  fail = (_rows: number): void => {},
): Promise<{ sum: number; rows: number; result: T }> {
  return withEngine({ temporaryFolder: folder.path(''), threads: 3 }, async (connection) => {
    let [sum, rows] = [0, 0];
    const take = (values: Float64Array): void => {
      rows += values.length;
      for (const value of values) sum += value;
      fail(rows);
    };
    try {
      const result = await withRowFunction(
        connection,
        (chunk) => take(columnsOf(chunk, 1)[0] as Float64Array),
        (call) => use(call, connection),
      );
      return { sum, rows, result };
    } finally {
      expect((await connection.runAndReadAll("SELECT current_setting('threads')")).getRows()).toEqual([[3n]]);
    }
  });
}

describe('a function that SQL hands rows over by', () => {
  test('gets each row once, rows with NULL and those that are not wanted too', async () => {
    const { sum, rows, result } = await handedOver(async (call, connection) => {
      const numbers = `SELECT i, CASE WHEN i % 3 = 0 THEN NULL ELSE 'text' END AS text FROM range(${ROWS}) t(i)`;
      const wanted = `SELECT i FROM (SELECT i, ${call(['i::DOUBLE', 'text'])} AS taken FROM (${numbers}))
        WHERE CASE WHEN taken IS NOT NULL THEN i % 100000 = 7 END`;
      return (await connection.runAndReadAll(wanted)).getRows();
    });
    expect({ sum, rows }).toEqual({ sum: (ROWS * (ROWS - 1)) / 2, rows: ROWS });
    // In their order, whatever thread had them.
    expect(result).toEqual([[7n], [100_007n], [200_007n]]);
  });

  test('ends in the very error of what takes rows, which gets none after it', async () => {
    const error = new RangeError('no room');
    let last = 0;
    const failing = handedOver(
      (call, connection) => connection.run(`SELECT max(${call(['i::DOUBLE'])}) FROM range(${ROWS}) t(i)`),
      (rows) => {
        last = rows;
        if (rows > 10_000) throw error;
      },
    );
    await expect(failing).rejects.toBe(error);
    expect(last).toBeLessThan(20_000);
  });

  test("ends in the engine's error", async () => {
    const failing = handedOver((call, connection) =>
      connection.run(
        `SELECT max(${call(['i::DOUBLE'])}) FROM (SELECT CASE WHEN i = 250000 THEN error('boom') ELSE i END AS i FROM range(${ROWS}) t(i))`,
      ),
    );
    await expect(failing).rejects.toThrow('boom');
  });
});
