import { mkdirSync, symlinkSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { UsageError } from '../../src/model/diagnostic.ts';
import { namedSources } from '../../src/sources/index.ts';
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
  expect(namedSources('CSV').map(({ name }) => name)).toEqual(['csv']);
  expect(() => namedSources('parket')).toThrow(new UsageError("no format 'parket'; did you mean 'parquet'?"));
  expect(() => namedSources('orc-files')).toThrow(
    /^no format 'orc-files'; there is tiercast-trace, aggregate, parquet, .*csv$/,
  );
});

test('folders and globs stand for the files below them; what is no data is skipped and said', async () => {
  for (const path of ['logs/a/b', 'logs/.cache', 'more', 'none/.git'])
    mkdirSync(folder.path(path), { recursive: true });
  for (const name of [
    'logs/1',
    'logs/a/2.csv',
    'logs/a/b/3.csv',
    'logs/.cache/4.csv',
    'logs/README.md',
    'logs/.keep',
  ]) {
    folder.write(name, name.endsWith('keep') ? '' : GOOD);
  }
  folder.write('logs/a/empty', '');
  folder.write('none/.git/config', 'x');
  symlinkSync('../logs/1', folder.path('more/link'));
  const of = async (...names: string[]): Promise<unknown> => {
    const { comparison } = await runFiles(names.map(folder.path));
    const { formats, skippedFiles, inputs } = comparison.workload;
    expect(inputs).toEqual(names.map(folder.path));
    return [formats[0]!.files, ...skippedFiles.map(({ reason, files }) => `${files} ${reason}`)];
  };
  expect(await of('logs')).toEqual([3, '2 hidden', '1 no data by the name', '1 empty']);
  expect(await of('logs/', 'logs/a', 'more')).toEqual([3, '2 hidden', '1 no data by the name', '2 empty']);
  expect(await of('logs/**/*.csv')).toEqual([2]);
  expect(await of('logs/{1,a/*.csv}')).toEqual([2]);
  expect(await of('lo*/a*')).toEqual([2, '1 empty']);
  symlinkSync('..', folder.path('logs/a/loop'));
  expect(await of('logs')).toContain(3);
  expect(await refusal(runFiles(folder.path('none')))).toMatch(/^none: the folder holds no data: of its 1 files/);
  expect(await refusal(runFiles(folder.path('lo*s/*.tsv')))).toBe("no file matches 'lo*s/*.tsv'");
});

test('JSON of another kind is no table: skipped and said in a folder, refused by itself', async () => {
  mkdirSync(folder.path('kept'));
  folder.write('kept/1.csv', GOOD);
  const rules = folder.write('kept/rules.json', '{ "Rules": [{ "ID": "old", "Status": "Enabled" }] }');
  const rows = folder.write('kept/rows.ndjson', '[{"timestamp":"2025-01-01","operation":"PUT","key":"a","size":1}]');
  const { comparison } = await runFiles(folder.path('kept'));
  expect(comparison.workload).toMatchObject({
    rows: 2,
    skippedFiles: [{ reason: 'of no known format', files: 2, example: rows }],
  });
  for (const path of [rules, rows])
    expect(await refusal(runFiles(path))).toMatch(
      /^kept\/\w+\.\w+: this JSON is of no known format: tiercast-trace, .*, csv$/,
    );
});

test('a text without a line in it is as empty as a file without a byte', async () => {
  mkdirSync(folder.path('batches'));
  const empty = folder.write('batches/1.csv.gz', gzipSync(''));
  folder.write('batches/2.log', '\n\n');
  expect(await refusal(runFiles(folder.path('batches')))).toBe('batches/1.csv.gz: the file is empty');
  folder.write('batches/3.csv', GOOD);
  const { comparison } = await runFiles(folder.path('batches'));
  expect(comparison.workload).toMatchObject({
    rows: 2,
    skippedFiles: [{ reason: 'empty', files: 2, example: empty }],
  });
});
