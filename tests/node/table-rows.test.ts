/** Tables and records of any content: rows in are rows understood and rows rejected; damaged files are refused in words. */
import { readFileSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Comparison } from '../../src/model/comparison.ts';
import { LAST_INSTANT } from '../../src/model/time.ts';
import type { CompareFilesOptions } from '../../src/node/compare.ts';
import { ingestFiles } from '../../src/node/ingest.ts';
import { namedPolicy } from '../../src/policies/index.ts';
import { CsvRecords } from '../../src/sources/csv-records.ts';
import { literal } from '../../src/sources/projection.ts';
import { changedJson, FUZZ_TIMEOUT, fuzzLines } from '../fuzz.ts';
import { writeManifest } from '../inventories.ts';
import { INVENTORY_LINES, INVENTORY_SCHEMA, ODD_LINES } from '../sources/odd-lines.ts';
import { csv, row } from './random-rows.ts';
import { refusal, runFiles, sql, testFolder } from './run-files.ts';

const folder = testFolder();
const policies = [namedPolicy('standard'), namedPolicy('glacier-ir')];

async function run(path: string, options: Partial<CompareFilesOptions> = {}): Promise<Comparison> {
  return (await runFiles(path, { onBadRow: 'skip', ...options }, policies)).comparison;
}

function expectSum({ workload }: Comparison): void {
  const others = workload.otherRows.reduce((sum, { rows }) => sum + rows, 0);
  const understood = workload.events + (workload.inventory?.listed ?? 0);
  expect(understood + workload.rejectedRows + workload.duplicateRows + others).toBe(workload.rows);
}

/** A comparison but for what differs where rows are left out. */
function answer({ workload, ...rest }: Comparison): unknown {
  const { inputs, formats, rowBytes, rejections, rows, rejectedRows, ...same } = workload;
  return { ...rest, workload: same };
}

test('records of an oracleGeneral trace', { timeout: FUZZ_TIMEOUT }, async () => {
  const word = fc.integer({ min: 0, max: 2 ** 32 - 1 });
  const record = fc.tuple(word, fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), word);
  const least = fuzzLines(3000);
  const [startMs, stepMs] = [Date.UTC(2025, 0, 1), 60_000];
  for (let seed = 0, read = 0; read < least; seed++) {
    const records = fc.sample(record, { numRuns: Math.min(least, 20_000), seed });
    // It is recognised by the first thousand: their times do not go back.
    const first = records
      .slice(0, 1000)
      .map(([time]) => time % 1000)
      .sort((a, b) => a - b);
    const bytes = Buffer.alloc(records.length * 24, 0xff);
    let bad = 0;
    records.forEach(([time, object, size], at) => {
      const told = first[at] ?? time;
      if (startMs + told * stepMs > LAST_INSTANT) bad++;
      bytes.writeUInt32LE(told, at * 24);
      bytes.writeBigUInt64LE(object, at * 24 + 4);
      bytes.writeUInt32LE(size, at * 24 + 12);
    });
    const path = folder.write('odd.oracleGeneral', bytes);
    const options = { format: 'oracle-general', clock: { startMs, stepMs } };
    const comparison = await run(path, options);
    expectSum(comparison);
    expect([seed, comparison.workload.rows, comparison.workload.rejectedRows]).toEqual([seed, records.length, bad]);
    const rest = 1 + (seed % 23);
    const cut = folder.write('cut.oracleGeneral', bytes.subarray(0, bytes.length - rest));
    expect(await refusal(run(cut, options))).toContain(
      `${24 - rest} bytes follow the last of ${records.length - 1} records`,
    );
    read += records.length;
  }
});

/** Rows of a CSV as a table, every column in one of the types that it may have. */
async function table(
  name: string,
  text: string,
  header: readonly string[],
  types: Readonly<Record<string, string>>,
  where = 'true',
): Promise<string> {
  const records = [...new CsvRecords(',').read(text, true)].flatMap(({ fields }) =>
    Array.isArray(fields) ? [fields] : [],
  );
  const whole = records.filter((fields) => fields.length === header.length);
  const quoted = whole.map((fields) => fields.map((field) => `"${field.replaceAll('"', '""')}"`).join(','));
  writeFileSync(folder.path('rows.csv'), `${quoted.join('\n')}\n`);
  const columns = header.map((column) => `TRY_CAST("${column}" AS ${types[column] ?? 'VARCHAR'}) AS "${column}"`);
  const columnTypes = `{${header.map((column) => `'${column}': 'VARCHAR'`).join(', ')}}`;
  const rows = `read_csv(${literal(folder.path('rows.csv'))}, auto_detect=false, header=false, delim=',', quote='"', escape='"', columns=${columnTypes})`;
  await sql(
    `COPY (SELECT * EXCLUDE (n) FROM (SELECT ${columns.join(', ')}, row_number() OVER () AS n FROM ${rows}) WHERE ${where} ORDER BY n) TO ${literal(folder.path(name))} (FORMAT parquet)`,
  );
  return folder.path(name);
}

const NUMBERS = { size: 'DOUBLE', bytes: 'DOUBLE', count: 'DOUBLE', status: 'DOUBLE' };
const TYPES = [
  NUMBERS,
  { ...NUMBERS, timestamp: 'TIMESTAMP', size: 'BIGINT' },
  { ...NUMBERS, timestamp: 'DOUBLE', bytes: 'HUGEINT', status: 'SMALLINT' },
  { ...NUMBERS, timestamp: 'TIMESTAMPTZ', size: 'DECIMAL(38, 2)', count: 'INTEGER' },
];

/** Lines of rows whose rejections name what is wrong with them: numbers of rows. */
async function badRows(path: string, options: Partial<CompareFilesOptions> = {}): Promise<Set<number>> {
  const rejects = folder.path('rejects.csv');
  await run(path, { ...options, rejects });
  const lines = readFileSync(rejects, 'utf8').matchAll(/^# .*?\.parquet:(\d+): (?!the size of this object)/gm);
  return new Set([...lines].map(([, line]) => Number(line)));
}

test('rows of Parquet, of events and of inventories', { timeout: FUZZ_TIMEOUT }, async () => {
  const least = fuzzLines(1000);
  const batch = Math.min(least / 4, 5000);
  const events = ODD_LINES['csv ,']!;
  const listed = INVENTORY_SCHEMA.split(', ').map((name) => name.replaceAll(/\B[A-Z]/g, '_$&').toLowerCase());
  const schema = `message s3.inventory { ${listed.map((name) => `optional binary ${name} (UTF8);`).join(' ')} }`;
  const of = { bucket: 'pictures', takenAt: '2025-03-10T01:00:00Z', format: 'Parquet', schema };
  const manifest = folder.path('manifest.json');
  const inventory = (path: string): string => {
    writeManifest(manifest, of, folder.path('.'), [path.slice(folder.path('.').length + 1)]);
    return manifest;
  };
  for (let seed = 0, read = 0; read < least; seed++) {
    const isEvents = seed % 2 === 0;
    const { header, line } = isEvents ? events : INVENTORY_LINES;
    const columns = isEvents ? header.split(',') : listed;
    const types = isEvents
      ? TYPES[(seed / 2) % TYPES.length]!
      : { size: 'BIGINT', is_delete_marker: 'BOOLEAN', last_modified_date: 'TIMESTAMP' };
    const text = `${fc.sample(line, { numRuns: batch, seed }).join('\n')}\n`;
    const path = await table('odd.parquet', text, columns, types);
    const whole = isEvents ? path : inventory(path);
    const comparison = await run(whole);
    expectSum(comparison);
    const bad = await badRows(whole);
    const good = await table(
      'good.parquet',
      text,
      columns,
      types,
      bad.size === 0 ? 'true' : `n NOT IN (${[...bad].join(', ')})`,
    );
    const clean = await run(isEvents ? good : inventory(good));
    expect([seed, answer(clean)]).toEqual([seed, answer(comparison)]);
    expect([seed, clean.workload.rows]).toEqual([seed, comparison.workload.rows - bad.size]);
    read += comparison.workload.rows;
  }
});

/** Bytes that are other bytes, or not there. */
const damage = fc.tuple(
  fc.nat(),
  fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }), fc.constantFrom(1, 1, 4, 64)), {
    minLength: 1,
    maxLength: 3,
  }),
  fc.integer({ min: 0, max: 9 }),
);

function damaged(
  bytes: Buffer,
  [cut, splices, how]: readonly [number, readonly (readonly [number, number, number])[], number],
): Buffer {
  if (how === 0) return bytes.subarray(0, cut % bytes.length);
  const changed = Buffer.from(bytes);
  // The end of a Parquet file says where all of it is.
  for (const [at, byte, length] of splices) {
    const place = how < 5 ? at % bytes.length : bytes.length - 1 - (at % Math.min(bytes.length, 1500));
    changed.fill(byte, place, Math.min(place + length, bytes.length));
  }
  return changed;
}

describe('a damaged file', () => {
  const ROWS = 500;
  const text = csv(fc.sample(row, { numRuns: ROWS, seed: 1 }));

  test.each(['events.parquet', 'trace.parquet'])('%s', { timeout: FUZZ_TIMEOUT }, async (name) => {
    const from = folder.write('rows.csv', text);
    if (name === 'trace.parquet') {
      await ingestFiles({ inputs: [from], output: folder.path(name), append: false, renames: {}, onBadRow: 'skip' });
    } else
      await table(name, text.slice(text.indexOf('\n') + 1), Object.keys(fc.sample(row, { numRuns: 1 })[0]!), NUMBERS);
    const bytes = readFileSync(folder.path(name));
    let refused = 0;
    const files = Math.ceil(fuzzLines(5000) / ROWS);
    for (const how of fc.sample(damage, { numRuns: files, seed: 2 })) {
      const path = folder.write('damaged.parquet', damaged(bytes, how));
      const said = await run(path).then(expectSum, (error: Error) => refusal(Promise.reject(error)));
      if (said !== undefined) refused++;
    }
    expect(refused).toBeGreaterThan(0);
  });

  test('a trace that says other things of itself', { timeout: FUZZ_TIMEOUT }, async () => {
    const trace = folder.path('whole.parquet');
    const from = folder.write('rows.csv', text);
    const { facts } = await ingestFiles({
      inputs: [from],
      output: trace,
      append: false,
      renames: {},
      onBadRow: 'skip',
    });
    const other = changedJson(JSON.stringify(facts));
    let refused = 0;
    const files = Math.ceil(fuzzLines(5000) / ROWS);
    for (const said of fc.sample(other, { numRuns: files, seed: 3 })) {
      const path = folder.path('other.parquet');
      await sql(
        `COPY (FROM read_parquet(${literal(trace)})) TO ${literal(path)} (FORMAT parquet, KV_METADATA {'tiercast.trace': ${literal(said)}})`,
      );
      const answered = await run(path).catch((error: Error) => refusal(Promise.reject(error)));
      if (typeof answered === 'string') refused++;
      else {
        expectSum(answered);
        expect(answered.workload.events).toBe(facts.rows);
      }
    }
    expect(refused).toBeGreaterThan(0);
  });
});
