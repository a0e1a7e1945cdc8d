/** The bulk engine and the careful reader read CloudTrail's records alike, row for row. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { withEngine } from '../../src/node/duckdb.ts';
import { binaryText } from '../../src/sources/bytes.ts';
import { cloudTrail } from '../../src/sources/cloudtrail.ts';
import { FUZZ_TIMEOUT, fuzzLines } from '../fuzz.ts';
import { documentOf, records } from '../sources/cloudtrail-records.ts';
import { asBulkRow, bulkReadings } from './bulk-rows.ts';
import { testFolder } from './run-files.ts';

const folder = testFolder();

/** Records that are read; more by hand. */
const RECORDS = fuzzLines(20_000);

test('row for row, in any layout of a file', { timeout: FUZZ_TIMEOUT }, async () => {
  const opened = cloudTrail.open('', { file: '', renames: {} });
  const names = Object.keys(opened.columns).filter((name) => name !== 'timestamp');
  let [rows, taken, rejected] = [0, 0, 0];
  await withEngine({ temporaryFolder: folder.path('.') }, async (connection) => {
    for (let seed = 0; rows < RECORDS; seed++) {
      const text = documentOf(fc.sample(records, { numRuns: 1000, seed }), seed % 6);
      const binary = binaryText(new TextEncoder().encode(text));
      const bulk = await bulkReadings(connection, opened, folder.path('x.json'), binary);
      const careful = [...opened.rows().read(binary, true)];
      expect([seed, bulk.length]).toEqual([seed, careful.length]);
      bulk.forEach(({ raw: bulkRaw, row }, at) => {
        const { raw, reading } = careful[at]!;
        rows++;
        if (typeof reading === 'string') rejected++;
        expect([raw, typeof opened.readRaw!(bulkRaw)]).toEqual([raw, typeof reading]);
        if (row === undefined) return;
        taken++;
        const expected = asBulkRow(reading, names);
        if (typeof expected === 'string') expect([raw, row]).toBe(expected);
        else if (row.kind === null) expect([raw, row]).toEqual([raw, expected]);
        else expect([raw, row.kind, row.at]).toEqual([raw, (expected as typeof row).kind, (expected as typeof row).at]);
      });
    }
  });
  expect(rejected / rows).toBeGreaterThan(0.2);
  expect(taken / (rows - rejected)).toBeGreaterThan(0.2);
});
