import { expect, test } from 'vitest';
import { UsageError } from '../../src/model/diagnostic.ts';
import { namedSource } from '../../src/sources/index.ts';
import { GOOD, refusal, runFiles, sql, testFolder } from './run-files.ts';

const folder = testFolder();

test('the format of each file is recognised by its content and said', async () => {
  const text = folder.write('a.parquet', GOOD);
  const table = folder.path('a.csv');
  await sql(`COPY (FROM read_csv('${text}')) TO '${table}' (FORMAT parquet)`);
  const { comparison } = await runFiles([text, table, folder.write('b', GOOD)]);
  expect(comparison.workload.formats).toEqual([
    { name: 'csv', title: 'CSV', files: 2 },
    { name: 'parquet', title: 'Parquet', files: 1 },
  ]);
  expect(comparison.workload.events).toBe(6);
});

test('a format that was named is not looked for', async () => {
  const text = folder.write('c.csv', GOOD);
  const { comparison } = await runFiles(text, { format: 'csv' });
  expect(comparison.workload.formats).toEqual([{ name: 'csv', title: 'CSV', files: 1 }]);
  expect(await refusal(runFiles(text, { format: 'parquet' }))).toBe(
    "c.csv: this is a text, not Parquet (--format 'parquet')",
  );
});

test('a name of no format', () => {
  expect(namedSource('CSV').name).toBe('csv');
  expect(() => namedSource('parket')).toThrow(new UsageError("no format 'parket'; did you mean 'parquet'?"));
  expect(() => namedSource('orc-files')).toThrow(/^no format 'orc-files'; there is parquet, csv/);
});
