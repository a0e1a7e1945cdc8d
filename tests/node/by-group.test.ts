/** The bulk engine tells groups as the library does in memory, of logs and of traces. */
import { rmSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Comparison } from '../../src/model/comparison.ts';
import { type GroupBy, groupByText } from '../../src/model/grouping.ts';
import { ingestFiles } from '../../src/node/ingest.ts';
import { regionPrices } from '../../src/node/price-files.ts';
import { namedPolicy } from '../../src/policies/index.ts';
import { renderCsv } from '../../src/reports/csv.ts';
import { parseComparison, renderJson } from '../../src/reports/json.ts';
import { compare } from '../../src/simulate.ts';
import { readCsv } from '../../src/sources/read-trace.ts';
import { writeInventory } from '../inventories.ts';
import { logFields, logLine, logTime, tampered } from '../sources/access-log-lines.ts';
import { documentOf, record, records } from '../sources/cloudtrail-records.ts';
import { csv, rows } from './random-rows.ts';
import { HEADER, refusal, runFiles, testFolder } from './run-files.ts';

const { path, write } = testFolder();
const policies = [namedPolicy('as-is'), namedPolicy('intelligent-tiering')];

function shown({ groupBy, results }: Comparison): unknown {
  return [groupBy, results.map(({ policy, groups }) => [policy, groups])];
}

const bucket = fc.constantFrom('', 'one', 'two', "o'three");

test('of any rows', { timeout: 300_000 }, async () => {
  const trace = path('groups.parquet');
  const ways = fc.constantFrom<GroupBy>(
    { kind: 'prefix', depth: 1 },
    { kind: 'prefix', depth: 3 },
    { kind: 'tag', key: 'team a' },
    { kind: 'tag', key: 'b' },
    { kind: 'class' },
    { kind: 'size' },
  );
  const key = fc.constantFrom('a', '/a', 'x/y/z', "logs/o'neill", 'logs/2/a', 'x//y', 'line\nbreak/a', '🪣/ä', 'logs/');
  await fc.assert(
    fc.asyncProperty(
      fc
        .tuple(rows(24), fc.array(fc.record({ bucket, key }), { minLength: 24, maxLength: 24 }))
        .map(([some, names]) => some.map((one, at) => ({ ...one, ...names[at]! }))),
      ways,
      fc.integer({ min: 1, max: 4 }),
      async (rows, groupBy, topGroups) => {
        const text = csv(rows);
        const log = write('groups.csv', text);
        const options = { onBadRow: 'skip', groupBy, topGroups, baseline: 'as-is' } as const;
        const expected = compare(readCsv(text, { onBadRow: 'skip' }), policies, regionPrices('us-east-1'), options);
        const bulk = await runFiles(log, options, policies);
        expect([groupByText(groupBy), shown(bulk.comparison)]).toEqual([groupByText(groupBy), shown(expected)]);
        rmSync(trace, { force: true });
        await ingestFiles({ inputs: [log], output: trace, append: false, renames: {} });
        expect(shown((await runFiles(trace, options, policies)).comparison)).toEqual(shown(expected));
      },
    ),
    { numRuns: 40, seed: 9 },
  );
});

test('of more rows and groups than a chunk holds', { timeout: 60_000 }, async () => {
  const lines = Array.from({ length: 30_000 }, (_, i) => {
    const at = new Date(Date.UTC(2025, 0, 1) + i * 60_000).toISOString();
    return `${at},${i < 9000 ? 'PUT' : 'GET'},p${(i % 9000) % 700}/k${i % 9000},${((i % 9000) % 700) * 1000}`;
  });
  const log = write('many.csv', `${[HEADER, ...lines].join('\n')}\n`);
  const { comparison } = await runFiles(log, { groupBy: { kind: 'prefix', depth: 1 }, topGroups: 3 });
  // 9,000 keys in 700 folders: 13 in those below 600, 12 in the others, which have more bytes.
  expect(comparison.groupBy!.groups).toEqual([
    { name: 'p699/', objects: 12, bytes: String(12 * 699_000) },
    { name: 'p698/', objects: 12, bytes: String(12 * 698_000) },
    { name: 'p697/', objects: 12, bytes: String(12 * 697_000) },
    { name: 'other', others: 697, objects: 9000 - 36, bytes: comparison.groupBy!.groups[3]!.bytes },
  ]);
});

/** A comparison without its groups. */
function whole({ groupBy: _, results, ...rest }: Comparison): unknown {
  return { ...rest, results: results.map(({ groups: _, ...result }) => result) };
}

const prefix = { kind: 'prefix', depth: 1 } as const;

test('of logs, beside which nothing changes', { timeout: 60_000 }, async () => {
  const line = fc.oneof({ weight: 6, arbitrary: logFields.map(logLine) }, tampered(logFields.map(logLine)));
  const start = Array.from({ length: 10 }, (_, i) => logLine({ time: logTime(i) }));
  for (let seed = 20; seed < 24; seed++) {
    const lines = [...start, ...fc.sample(line, { numRuns: 600, seed })];
    const log = write('groups.log', `${[...lines, ...lines.slice(0, 200)].join('\n')}\n`);
    const charges = { account: '123456789012', requesterPays: true };
    const options = { onBadRow: 'skip', charges } as const;
    const plain = await runFiles(log, options, policies);
    const grouped = await runFiles(log, { ...options, groupBy: prefix }, policies);
    expect(plain.comparison.workload.duplicateRows).toBeGreaterThan(0);
    expect([seed, whole(grouped.comparison)]).toEqual([seed, whole(plain.comparison)]);
    expect(grouped.rejected).toEqual(plain.rejected);
  }
});

test('of CloudTrail, whose sizes may be those of reads', { timeout: 60_000 }, async () => {
  for (let seed = 40; seed < 43; seed++) {
    const log = write('groups.json', documentOf([record(), ...fc.sample(records, { numRuns: 400, seed })], seed % 6));
    const plain = await runFiles(log, { onBadRow: 'skip' }, policies);
    const grouped = await runFiles(log, { onBadRow: 'skip', groupBy: prefix }, policies);
    expect(plain.comparison.workload.sizesFromReads).toBeGreaterThan(0);
    expect([seed, whole(grouped.comparison)]).toEqual([seed, whole(plain.comparison)]);
    expect(grouped.rejected).toEqual(plain.rejected);
  }
});

test('of an inventory, alone and with requests after it', async () => {
  const { manifest } = writeInventory(path('.'), {
    columns: 'Bucket, Key, Size, LastModifiedDate, StorageClass',
    files: [
      ['a/1|1000000|2025-01-01T00:00:00.000Z|STANDARD', 'b/1|5000|2025-02-01T00:00:00.000Z|GLACIER'],
      // Changed after the inventory was begun: the requests tell of it.
      ['a/2|2000000|2025-03-10T02:00:00.000Z|STANDARD'],
    ],
  });
  const alone = await runFiles(manifest, { groupBy: prefix }, policies);
  expect(alone.comparison.groupBy!.groups).toEqual([
    { name: 'a/', objects: 2, bytes: '3000000' },
    { name: 'b/', objects: 1, bytes: '5000' },
  ]);
  expect(whole(alone.comparison)).toEqual(whole((await runFiles(manifest, {}, policies)).comparison));
  const log = write('after.csv', `${HEADER}\n2025-03-10T02:00:00Z,PUT,a/2,2000000\n2025-03-12T00:00:00Z,DELETE,b/1,\n`);
  const joined = { inventories: [manifest] };
  const both = await runFiles(log, { ...joined, groupBy: prefix }, policies);
  expect(both.comparison.workload.inventory).toMatchObject({ listed: 2, hasRequests: true });
  expect(both.comparison.groupBy!.groups.map(({ name, objects }) => [name, objects])).toEqual([
    ['a/', 2],
    ['b/', 1],
  ]);
  expect(whole(both.comparison)).toEqual(whole((await runFiles(log, joined, policies)).comparison));
});

test('a bad row is named by its file and line, and left out when it may be', async () => {
  const log = write(
    'bad.csv',
    `${HEADER}\n2025-01-01T00:00:00Z,PUT,a/b,10\nyesterday,GET,a/b,\n2025-01-02T00:00:00Z,GET,c/d,\n`,
  );
  const groupBy = { kind: 'prefix', depth: 1 } as const;
  expect(await refusal(runFiles(log, { groupBy }))).toMatch(/^bad\.csv:3: timestamp 'yesterday'/);
  const { comparison, rejected } = await runFiles(log, { groupBy, onBadRow: 'skip' });
  expect(rejected.map(({ where }) => where!.line)).toEqual([3, 4]);
  expect([comparison.workload.rejectedRows, comparison.groupBy!.groups.map(({ name }) => name)]).toEqual([2, ['a/']]);
});

test('as a document and as lines, whose sums are those of the bill', async () => {
  const log = write('lines.csv', `${HEADER}\n2025-01-01T00:00:00Z,PUT,=a/b,1000\n2025-01-20T00:00:00Z,PUT,c,3000\n`);
  const { comparison } = await runFiles(log, { groupBy: { kind: 'prefix', depth: 1 } });
  expect(parseComparison(renderJson(comparison), 'result.json')).toEqual(comparison);
  const [header, ...lines] = renderCsv(comparison).trimEnd().split('\r\n');
  expect(header).toBe(
    'policy,month,usage_type,operation,component,usage_quantity,usage_unit,pricing_quantity,pricing_unit,rate_usd,cost_usd,group',
  );
  // 20 days of 1,000 bytes; 1 day of 3,000.
  expect(lines.filter((line) => line.includes('ByteHrs'))).toEqual([
    expect.stringMatching(/,storage,259200000,byte-seconds,0\.0000000901,GB-Mo,0\.023,0\.000000002,\(no folder\)$/),
    expect.stringMatching(/,storage,1728000000,byte-seconds,0\.0000006009,GB-Mo,0\.023,0\.000000014,'=a\/$/),
  ]);
});
