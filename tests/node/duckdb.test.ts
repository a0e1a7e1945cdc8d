import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { memoryLimit, withEngine } from '../../src/node/duckdb.ts';

/** The engine tells its limit to a tenth of a unit: `953.6 MiB` for `1GB`. */
test.each([
  ['300kB', 3e5],
  ['64MB', 64e6],
  ['1GB', 1e9],
  ['1.5 TiB', 1.5 * 2 ** 40],
  ['90000TB', Number.POSITIVE_INFINITY],
])('a memory limit of %s is so many bytes', async (memoryLimitText, bytes) => {
  const found = await withEngine({ temporaryFolder: tmpdir(), memoryLimit: memoryLimitText }, (connection) =>
    memoryLimit(connection),
  );
  if (bytes === Number.POSITIVE_INFINITY) expect(found).toBe(bytes);
  else expect(Math.abs(found / bytes - 1)).toBeLessThan(0.001);
});
