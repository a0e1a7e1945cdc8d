/** The bulk path and the in-memory path are two readers of one format: they agree, whatever the order and the threads. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { DEFAULT_SWITCHES } from '../../src/model/assumptions.ts';
import { OWNER_PAYS } from '../../src/model/charges.ts';
import type { Comparison } from '../../src/model/comparison.ts';
import { InputError } from '../../src/model/diagnostic.ts';
import { type CompareFilesOptions, compareFiles } from '../../src/node/compare.ts';
import { withEngine } from '../../src/node/duckdb.ts';
import { regionPrices } from '../../src/node/price-files.ts';
import { namedPolicy, parsePolicyFile } from '../../src/policies/index.ts';
import { compare } from '../../src/simulate.ts';
import { csvRelation } from '../../src/sources/csv.ts';
import { CsvRecords } from '../../src/sources/csv-records.ts';
import { readCsv } from '../../src/sources/read-trace.ts';
import { VERSIONING_STATES } from '../../src/trace/trace.ts';
import { BEGIN, csv, row, rows } from './random-rows.ts';

const folder = mkdtempSync(join(tmpdir(), 'tiercast-bulk-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const prices = regionPrices('us-east-1');
const rule = (ID: string, Filter: object, Days: number, StorageClass: string): object => ({
  ID,
  Status: 'Enabled',
  Filter,
  Transitions: [{ Days, StorageClass }],
});
const rules = {
  Rules: [
    rule('prefix', { Prefix: "logs/o'" }, 3, 'GLACIER_IR'),
    rule('tag', { Tag: { Key: 'team a', Value: 'x=y' } }, 5, 'GLACIER'),
    rule('small', { ObjectSizeLessThan: 1000 }, 1, 'DEEP_ARCHIVE'),
  ],
};
const policies = [
  namedPolicy('as-is'),
  namedPolicy('glacier'),
  namedPolicy('intelligent-tiering'),
  parsePolicyFile(JSON.stringify(rules), { name: 'rules' }).policy!,
];

async function bulk(path: string | string[], more: Partial<CompareFilesOptions> = {}): Promise<Comparison> {
  const { comparison } = await compareFiles(policies, prices, {
    inputs: [path].flat(),
    renames: {},
    onBadRow: 'fail',
    restoreTier: 'standard',
    restoreDays: 1,
    egress: false,
    switches: DEFAULT_SWITCHES,
    baseline: 'as-is',
    leftOut: [],
    ...more,
  });
  return comparison;
}

function withoutInputs({ workload, ...rest }: Comparison): unknown {
  return { ...rest, workload: { ...workload, inputs: [], formats: [] } };
}

const DAY_MS = 86_400_000;
test('the bulk reader and the in-memory reader give the same comparison', { timeout: 120_000 }, async () => {
  const path = join(folder, 'random.csv');
  await fc.assert(
    fc.asyncProperty(
      rows(30),
      fc.constantFrom(undefined, ...VERSIONING_STATES),
      fc.constantFrom(OWNER_PAYS, { account: '111122223333', requesterPays: true }),
      async (rows, state, charges) => {
        const text = csv(rows);
        writeFileSync(path, text);
        const versioning = state === undefined ? {} : { versioning: state };
        const trace = readCsv(text, { charges, onBadRow: 'skip', file: path });
        const found = await bulk(path, { ...versioning, charges, onBadRow: 'skip' });
        const expected = compare(trace, policies, prices, { baseline: 'as-is', ...versioning });
        expect(withoutInputs(found)).toEqual(withoutInputs(expected));
      },
    ),
    { numRuns: 120, seed: 11 },
  );
});

test('both readers refuse the same rows', { timeout: 120_000 }, async () => {
  const path = join(folder, 'hostile.csv');
  const odd = fc.constantFrom(
    'epoch',
    '2024/01/01 00:00:00',
    'infinity',
    '1_000',
    '0x10',
    '+5',
    'nan',
    'inf',
    '-1',
    '1.5',
    '24-01-01',
    '1e400',
    '12:00',
    "'; DROP TABLE x",
    '٣',
    '2025-01-01T24:00:00Z',
    '2025-01-01T23:59:60Z',
    '1969-12-31T00:00:00Z',
    '99999-01-01T00:00:00Z',
    '2025-01-01',
    '2025-1-1T00:00:00Z',
    '2024/01/01T00:00:00Z',
    '2024/01/01 00:00:00',
    '2025-01-01T00:00:00.9999999Z',
    '2025-01-01T00:00:00 NZ',
    '2025-01-01 00:00:00 UTC',
    '2025-01-01T00:00:00+15:30',
    '2025-01-01T00:00:00+16:00',
    '2025-01-01T00:00:00-99:99',
    ' 2025-01-01T00:00:00Z ',
    '2025-01-01T1:02:03z',
    '2025-01-01T1:02:03Z',
    '2025-01-01T\t1:02:03Z',
    '2025-01-01T 1:02:03Z',
    '2025-01-01 \t1:02:03',
    '2025-01-01 01:02:03Z',
    '2025-01-01T01:02:3.000Z',
    '2025-01-01T01:2:03.0Z',
    '2025-01-01T01:02:03.Z',
    '2025-01-01T01:02:3.',
    '02025-1-1T01:02:03Z',
    '2025-01-01T00:00Z',
    '2025-01-01Z',
    '-025-01-01T00:00:00Z',
    '2199-12-31T23:59:59.999Z',
    '2200-01-01T00:00:00Z',
    '7258118399.999',
    '7258118400',
    '1735689600000000',
    '9'.repeat(400),
    '-0',
    '+-5',
    '1__0',
    '1_0.5_0',
    '1e1_0',
    '.5e1',
    '5.',
    ' 5 ',
    '\t5',
    '5\u00a0',
    '54975581388800',
    '54975581388801',
    '1e-400',
    '"',
    '',
    ' ',
  );
  const field = fc.constantFrom('timestamp', 'size', 'bytes', 'count', 'status', 'operation', 'storage_class');
  await fc.assert(
    fc.asyncProperty(row, field, odd, async (good, name, text) => {
      const document = csv([{ ...good, [name]: text }]);
      writeFileSync(path, document);
      const outcome = async (run: () => Comparison | Promise<Comparison>): Promise<string> => {
        try {
          const { workload, results } = await run();
          // An object without a size: the in-memory reader leaves it out.
          return workload.rejectedRows > 0 ? 'refused' : results.map(({ totalUSD }) => totalUSD).join(' ');
        } catch (error) {
          if (error instanceof InputError) return 'refused';
          throw error;
        }
      };
      const inMemory = await outcome(() => compare(readCsv(document), policies, prices, { baseline: 'as-is' }));
      expect([name, text, await outcome(() => bulk(path))]).toEqual([name, text, inMemory]);
    }),
    { numRuns: 300, seed: 5 },
  );
});

test('both readers take the same rows out of a text that was tampered with', { timeout: 120_000 }, async () => {
  const path = join(folder, 'tampered.csv');
  const splice = fc.record({
    at: fc.nat(),
    text: fc.constantFrom('"', ',', '\n', '\r', ' ', 'x', '"', ';', '""', '\u0007'),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { minLength: 1, maxLength: 6 }),
      fc.array(splice, { minLength: 1, maxLength: 4 }),
      async (rows, splices) => {
        let text = csv(rows);
        const header = text.indexOf('\n');
        for (const { at, text: inserted } of splices) {
          const place = header + 1 + (at % (text.length - header));
          text = text.slice(0, place) + inserted + text.slice(place);
        }
        writeFileSync(path, text);
        const trace = readCsv(text, { onBadRow: 'skip', file: path });
        const taken = await bulk(path, { onBadRow: 'skip' }).catch((error: Error) => error.message);
        if (trace.span.rows === 0) expect(taken).toMatch(/rows can be read$/);
        else
          expect(withoutInputs(taken as Comparison)).toEqual(
            withoutInputs(compare(trace, policies, prices, { baseline: 'as-is' })),
          );
      },
    ),
    { numRuns: 80, seed: 17 },
  );
});

test('every placement of quotes, blanks and separators is read alike', { timeout: 120_000 }, async () => {
  const path = join(folder, 'quotes.csv');
  const texts = ['', ...combinations(['"', ' ', 'x', ',', '\n'], 4)].flatMap((odd) => [`1,${odd},3\n`, `1,2,${odd}\n`]);
  const { sql } = csvRelation([path], { header: ['a', 'b', 'c'], columns: {}, delimiter: ',' }, 'none');
  let accepted = 0;
  await withEngine({ temporaryFolder: folder }, async (connection) => {
    for (const text of texts) {
      writeFileSync(path, `a,b,c\n${text}`);
      const found = await connection.runAndReadAll(`FROM ${sql}`).catch(() => undefined);
      if (!found) continue;
      accepted++;
      const records = [...new CsvRecords(',').read(text, true)].map(({ fields }) => fields.slice(0, 3));
      expect([text, found.getRows().map((values) => values.map((value) => value ?? ''))]).toEqual([text, records]);
    }
  });
  expect(accepted).toBeGreaterThan(300);
});

/** Every text of one to `length` of some pieces. */
function combinations(pieces: readonly string[], length: number): string[] {
  const shorter = length === 1 ? [''] : ['', ...combinations(pieces, length - 1)];
  return shorter.flatMap((start) => pieces.map((piece) => start + piece));
}

test('order of rows, threads, memory and the number of files change nothing, over several chunks', {
  timeout: 120_000,
}, async () => {
  const n = 300_000;
  const line = (i: number): string => {
    const at = new Date(BEGIN + ((i * 7919) % 60) * DAY_MS + (i % 86_400) * 1000).toISOString();
    const operation = ['PUT', 'GET', 'GET', 'GET', 'DELETE'][(i * 31) % 5]!;
    const key = `${i % 5 === 0 ? 'logs/' : ''}key-${(i * 48_271) % 20_011}`;
    return `${at},${operation},${i % 7 === 0 ? `"${key}\nand ""more"", i"` : key},${(i * 69_621) % 4_000_000}`;
  };
  const lines = Array.from({ length: n }, (_, i) => line(i));
  const shuffled = lines.map((_, i) => lines[(i * 100_003) % n]!);
  const write = (name: string, part: readonly string[]): string => {
    writeFileSync(join(folder, name), `timestamp,operation,key,size\n${part.join('\n')}\n`);
    return join(folder, name);
  };
  const expected = withoutInputs(await bulk(write('in-order.csv', lines), { threads: 1 }));
  const other = write('shuffled.csv', shuffled);
  expect(withoutInputs(await bulk(other, { threads: 2 }))).toEqual(expected);
  const [alone, beside] = await Promise.all(
    [1, 3].map((threads) => bulk(other, { threads, groupBy: { kind: 'size' } })),
  );
  expect(withoutInputs(beside!)).toEqual(withoutInputs(alone!));
  expect(withoutInputs(await bulk(other, { threads: 2, memoryLimit: '50MB' }))).toEqual(expected);
  await expect(bulk(other, { memoryLimit: '5MB' })).rejects.toThrow('raise --memory-limit');
  const halves = [write('half-1.csv', shuffled.slice(0, n / 3)), write('half-2.csv', shuffled.slice(n / 3))];
  expect(withoutInputs(await bulk(halves))).toEqual(expected);
  const parquet = join(folder, 'shuffled.parquet');
  await withEngine({ temporaryFolder: folder }, async (connection) => {
    await connection.run(`COPY (FROM '${other}') TO '${parquet}' (FORMAT parquet)`);
  });
  expect(withoutInputs(await bulk(parquet))).toEqual(expected);
});
