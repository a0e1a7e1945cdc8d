import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { engineError, memoryLimit, withEngine } from '../../src/node/duckdb.ts';

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

/** What the engine says for want of room, as it was seen to. */
test.each([
  ['Out of Memory Error: could not allocate block of size 256.0 KiB (28.5 MiB/28.6 MiB used)', 'raise --memory-limit'],
  [
    "Out of Memory Error: failed to offload data block of size 256.0 KiB (3.7 MiB/3.7 MiB used).\nThis limit was set by the 'max_temp_directory_size' setting.",
    'TMPDIR',
  ],
  [
    "Failed to append: failed to offload data block of size 256.0 KiB (3.7 MiB/3.7 MiB used).\nThis limit was set by the 'max_temp_directory_size' setting.",
    'TMPDIR',
  ],
  ['Failed to append: failed to allocate data of size 256.0 KiB (28.5 MiB/28.6 MiB used)', 'raise --memory-limit'],
  ['IO Error: No space left on device', 'TMPDIR'],
])('of %s is said what helps', (message, advice) => {
  expect(engineError(new Error(message)).message).toContain(advice);
});

test('what is a bug stays one', () => {
  const bug = new Error('INTERNAL Error: Failed to append: a column too many');
  expect(engineError(bug)).toBe(bug);
});
