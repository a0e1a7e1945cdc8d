import { describe, expect, test } from 'vitest';
import { chunksOf } from '../../src/node/chunks.ts';
import { withEngine } from '../../src/node/duckdb.ts';
import { testFolder } from './run-files.ts';

const folder = testFolder();

/** Rows of a result of which little is made ahead. */
async function rowsOf(sql: string, stopAt = Number.POSITIVE_INFINITY): Promise<number> {
  return withEngine({ temporaryFolder: folder.path('') }, async (connection) => {
    await connection.run("SET streaming_buffer_size = '1MB'");
    let rows = 0;
    for await (const chunk of chunksOf(connection, sql)) {
      rows += chunk.rowCount;
      if (rows >= stopAt) break;
    }
    // Whatever became of the result, the connection is as it was.
    expect((await connection.runAndReadAll('SELECT 7')).getRows()).toEqual([[7]]);
    return rows;
  });
}

describe('chunks of a result', () => {
  test('are all of its rows', async () => {
    expect(await rowsOf('SELECT * FROM range(3000000)')).toBe(3_000_000);
    expect(await rowsOf('SELECT 1 WHERE false')).toBe(0);
  });

  test('may be left before its end', async () => {
    expect(await rowsOf('SELECT * FROM range(3000000)', 5000)).toBeLessThan(10_000);
  });

  test.each([0, 2_900_000])('end in the error of row %d, however many came before it', async (row) => {
    const failing = `SELECT CASE WHEN i = ${row} THEN error('boom') ELSE i END FROM range(3000000) t(i)`;
    await expect(rowsOf(failing)).rejects.toThrow('boom');
  });
});
