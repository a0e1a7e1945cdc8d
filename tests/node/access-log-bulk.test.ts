/** The bulk engine and the careful reader read server access logs alike, row for row. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { withEngine } from '../../src/node/duckdb.ts';
import { LineRows } from '../../src/sources/lines.ts';
import { readAccessLogLine, s3AccessLog } from '../../src/sources/s3-access-log.ts';
import { FUZZ_TIMEOUT, fuzzLines } from '../fuzz.ts';
import { logFields, logLine, tampered } from '../sources/access-log-lines.ts';
import { asBulkRow, bulkReadings } from './bulk-rows.ts';
import { testFolder } from './run-files.ts';

const folder = testFolder();

/** Lines that are read; more by hand. */
const LINES = fuzzLines(40_000);

test('row for row, lines as they should be and tampered with', { timeout: FUZZ_TIMEOUT }, async () => {
  const opened = s3AccessLog.open('', { file: '', renames: {} });
  const names = Object.keys(opened.relation([], 'none').columns).filter((name) => name !== 'timestamp');
  const line = fc.oneof(logFields.map(logLine), tampered(logFields.map(logLine)), tampered(fc.constant(logLine())));
  let [rows, taken, rejected] = [0, 0, 0];
  await withEngine({ temporaryFolder: folder.path('.') }, async (connection) => {
    for (let seed = 0; rows < LINES; seed++) {
      const lines = fc.sample(line, { numRuns: 5000, seed });
      const text = Buffer.from(`${lines.join('\n')}\n`, 'utf8').toString('latin1');
      const bulk = await bulkReadings(connection, opened, folder.path('x.log'), text);
      const careful = [...new LineRows(readAccessLogLine).read(text, true)];
      expect([seed, bulk.length]).toEqual([seed, careful.length]);
      bulk.forEach(({ row }, at) => {
        const { raw, reading } = careful[at]!;
        rows++;
        if (typeof reading === 'string') rejected++;
        if (row === undefined) return;
        taken++;
        expect([raw, row]).toEqual([raw, asBulkRow(reading, names)]);
      });
    }
  });
  expect(rejected / rows).toBeGreaterThan(0.2);
  expect(taken / (rows - rejected)).toBeGreaterThan(0.5);
});
