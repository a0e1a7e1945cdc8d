/** Totals become cohorts whose bill has the very amounts that were told. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Comparison } from '../../src/model/comparison.ts';
import { DAY_SECONDS } from '../../src/model/time.ts';
import { namedPolicy } from '../../src/policies/index.ts';
import { refusal, runFiles, testFolder } from './run-files.ts';

const folder = testFolder();
const GiB = 2 ** 30;

async function bill(
  text: string,
  ...more: Parameters<typeof runFiles> extends [unknown, ...infer M] ? M : never
): Promise<Comparison> {
  return (await runFiles(folder.write('totals.yaml', text), ...more)).comparison;
}

/** What is used of a usage type in each month. */
function used({ results }: Comparison, usageType: string, operation?: string): number[] {
  const months = new Map<string, number>();
  for (const item of results[0]!.lineItems) {
    if (item.usageType !== usageType || (operation && item.operation !== operation)) continue;
    months.set(item.month, (months.get(item.month) ?? 0) + Number(item.usageQuantity));
  }
  return [...months.values()];
}

test('every amount is on the bill of every month', async () => {
  const comparison = await bill(
    `totals: 1
start: 2025-02
months: 2
groups:
  documents:
    stored: { GB: 100, objects: 1000 }
    uploads: { GB: 28, objects: 2800 }
    reads: { requests: 4321, GB: 2 }
    lists: 77
`,
    { egress: true },
  );
  expect(used(comparison, 'Requests-Tier1', 'PutObject')).toEqual([2800, 2800]);
  expect(used(comparison, 'Requests-Tier1', 'ListBucket')).toEqual([77, 77]);
  expect(used(comparison, 'Requests-Tier2', 'GetObject')).toEqual([4321, 4321]);
  // Bytes of a read are whole.
  for (const bytes of used(comparison, 'DataTransfer-Out-Bytes'))
    expect(Math.abs(bytes / (2 * GiB) - 1)).toBeLessThan(1e-6);
  // 28 days of February: 100 GB throughout, and 1 GB more at each noon, on average 14 GB.
  const [february] = used(comparison, 'TimedStorage-ByteHrs', 'StandardStorage');
  const object = Math.round((28 * GiB) / 2800);
  const stored = Math.round((100 * GiB) / 1000);
  expect(february).toBe(stored * 1000 * 28 * DAY_SECONDS + object * 2800 * 14 * DAY_SECONDS);
  expect(comparison.workload).toMatchObject({
    objects: 1000 + 2 * 2800,
    from: '2025-02-01T00:00:00Z',
    until: '2025-04-01T00:00:00Z',
    formats: [{ name: 'totals', title: 'totals', files: 1 }],
  });
});

test('a bucket in balance stays as large as it is', async () => {
  const comparison = await bill(`totals: 1
months: 12
groups:
  logs:
    size: 1 MB
    stored: { GB: 90 }
    uploads: { objects: 31130 }
    retention: 90
`);
  // 31,130 MB a month and 90 days of them: 90 GB, but for months of 28 to 31 days.
  const gigabytes = used(comparison, 'TimedStorage-ByteHrs', 'StandardStorage').map(
    (byteSeconds, at) => byteSeconds / GiB / DAY_SECONDS / [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][at]!,
  );
  for (const held of gigabytes) expect(Math.abs(held - 90)).toBeLessThan(3);
});

test('sizes in shares, a class, and reads of the young', async () => {
  const comparison = await bill(
    `{
    "totals": 1, "months": 3, "start": "2025-01-01",
    "groups": { "a, \\"b\\"": {
      "storageClass": "STANDARD_IA",
      "sizes": [{ "size": 65536, "share": 0.25 }, { "size": "1 MB", "share": "75%" }],
      "uploads": { "objects": 4000 },
      "reads": { "requests": 1000, "objects": "10%", "youngerThan": 7 } } } }`,
    {},
    [namedPolicy('as-is')],
  );
  expect(comparison.workload.bytes).toBe(String(3 * (1000 * 65536 + 3000 * 2 ** 20)));
  expect(used(comparison, 'Requests-SIA-Tier2')).toEqual([1000, 1000, 1000]);
});

test('the sample', async () => {
  const { comparison } = await runFiles('samples/totals.yaml');
  expect(used(comparison, 'Requests-Tier1', 'PutObject')).toEqual(Array(12).fill(400_000));
  expect(used(comparison, 'Requests-Tier2', 'GetObject')).toEqual(Array(12).fill(250_000));
  expect(readFileSync('README.md', 'utf8')).toContain('samples/totals.yaml');
});

/** Aliases of aliases, ten times each. */
function bomb(): string {
  const lines = Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(10).fill(`*a${i}`).join(', ')}]`);
  return `totals: 1\na0: &a0 [x]\n${lines.join('\n')}\ngroups: *a9\n`;
}

describe('what is wrong is said by its line', () => {
  const group = (lines: string): string => `totals: 1\ngroups:\n  a:\n${lines.replaceAll(/^/gm, '    ')}`;
  test.each<[string, string]>([
    ['totals: 2\ngroups: {a: {}}', "totals.yaml:1: totals: version '2' is not known; this is version 1"],
    ['totals: 1', 'totals.yaml:1: groups: there is no group'],
    ['totals: 1\ngroups: [a]', `totals.yaml:2: groups: '["a"]' is not a list of names and values`],
    ['totals: 1\nmonth: 3\ngroups: {}', 'totals.yaml:2: month: no such name; did you mean months?'],
    ['totals: 1\nmonths: 0.5\ngroups: {}', "totals.yaml:2: months: '0.5' is not a whole number from 1 to 120"],
    ['totals: 1\nstart: 2025-01-15\ngroups: {}', "totals.yaml:2: start: '2025-01-15' is not the first day of a month"],
    ['totals: 1\ngroups:\n  a: {uploads: {GB: 1\n', 'totals.yaml:'],
    [group('retention: 3'), 'totals.yaml:4: groups.a: nothing is stored and nothing is uploaded'],
    [
      group('uploads: { GB: 1 }'),
      'totals.yaml:4: groups.a.uploads: objects is missing (or a size, or sizes, of the group)',
    ],
    [
      group('size: 1 MB\nuploads: { GB: 1, objects: 1 }'),
      'totals.yaml:5: groups.a.uploads: GB and objects are given besides',
    ],
    [group('size: huge\nuploads: { GB: 1 }'), "totals.yaml:4: groups.a.size: 'huge' is not a size such as 64 KB"],
    [group('size: 51 TB\nuploads: { GB: 1 }'), "totals.yaml:4: groups.a.size: '51 TB' is not a size such as 64 KB"],
    [
      group('sizes:\n- { size: 1, share: 30% }\n- { size: 2, share: 60% }\nuploads: { objects: 1 }'),
      'totals.yaml:5: groups.a.sizes: the shares add up to 90%, not 100%',
    ],
    [group('uploads: { GB: 1, objects: 1 }\nreads: { GB: 1 }'), 'totals.yaml:5: groups.a.reads: requests is missing'],
    [
      group('uploads: { GB: 1, objects: 1 }\nreads: { requests: 5, objects: 0 }'),
      "totals.yaml:5: groups.a.reads.objects: '0' is not a part such as 20% or 0.2",
    ],
    [
      group('uploads: { GB: 1, objects: 10 }\nreads: { requests: 1, GB: 2 }'),
      'totals.yaml: groups.a.reads: in 2025-01 the objects that are read hold less than that many GB',
    ],
    [
      group('stored: { GB: 1, objects: 10, oldest: 90 }\nreads: { requests: 1, youngerThan: 1 }'),
      'totals.yaml: groups.a.reads: in 2025-01 there is nothing to read',
    ],
    [
      group('storageClass: STANDARD_I\nuploads: { GB: 1, objects: 1 }'),
      "totals.yaml:4: groups.a.storageClass: 'STANDARD_I' is no storage class; did you mean STANDARD_IA?",
    ],
    [
      group('stored: { GB: 1, objects: 1, oldest: 31 }\nretention: 30'),
      'groups.a.stored.oldest: objects of 31 days where they are deleted after 30',
    ],
    [group('uploads: { GB: -1, objects: 1 }'), "groups.a.uploads.GB: '-1' is not a number from 0 to"],
    ['totals: 1\na: &a [*a]\ngroups: {a: *a}', 'totals.yaml:'],
    ['totals: 1\ngroups:\n\t- x', 'totals.yaml:'],
    ['totals: 1\ngroups: *b', 'totals.yaml:1: Unresolved alias'],
    [group('size: { toString: 1 }'), `totals.yaml:4: groups.a.size: '{"toString":1}' is not a size such as 64 KB`],
    [group('size: 5 iB'), "totals.yaml:4: groups.a.size: '5 iB' is not a size such as 64 KB"],
    ['totals: 1\nstart: { toString: 1 }\ngroups: {}', `totals.yaml:2: start: '{"toString":1}' is not the first day`],
    [group('storageClass: { toString: 1 }'), `totals.yaml:4: groups.a.storageClass: '{"toString":1}' is no storage`],
    [bomb(), 'totals.yaml:1: Excessive alias count'],
  ])('%j', async (text, message) => {
    expect(await refusal(bill(text))).toContain(message);
  });

  test.each(['[', '{"a":', '\n - ', '\n ? '])('lists within too many lists: %j', async (begin) => {
    const text = `totals: 1\ngroups: ${begin}${begin.trimStart().repeat(20_000)}`;
    expect(await refusal(bill(text))).toBe('totals.yaml: more than 64 lists within lists');
  });
});

test('any totals: nothing is lost, no row is bad', async () => {
  const totals = fc.record({
    months: fc.integer({ min: 1, max: 5 }),
    stored: fc.integer({ min: 1, max: 5000 }),
    oldest: fc.integer({ min: 0, max: 400 }),
    uploads: fc.integer({ min: 1, max: 100_000 }),
    reads: fc.integer({ min: 0, max: 1_000_000 }),
    share: fc.integer({ min: 50, max: 1000 }),
    retention: fc.option(fc.integer({ min: 400, max: 500 }), { nil: undefined }),
    name: fc.string({ minLength: 1, maxLength: 8, unit: 'grapheme' }).filter((name) => !/[\p{Cc}\p{Cs}]/u.test(name)),
  });
  await fc.assert(
    fc.asyncProperty(totals, async ({ months, stored, oldest, uploads, reads, share, retention, name }) => {
      const document = {
        totals: 1,
        months,
        groups: {
          [name]: {
            sizes: [
              { size: '3 KB', share: '20%' },
              { size: 200_000, share: 0.8 },
            ],
            stored: { objects: stored, oldest },
            uploads: { objects: uploads },
            reads: { requests: reads, objects: `${share / 10}%` },
            ...(retention && { retention }),
          },
        },
      };
      const comparison = await bill(JSON.stringify(document));
      expect(comparison.workload.objects).toBe(stored + months * uploads);
      expect(used(comparison, 'Requests-Tier1', 'PutObject')).toEqual(Array(months).fill(uploads));
      expect(used(comparison, 'Requests-Tier2', 'GetObject')).toEqual(reads === 0 ? [] : Array(months).fill(reads));
    }),
    { numRuns: 20 },
  );
}, 60_000);
