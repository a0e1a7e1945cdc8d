/** Prices from the command line: a user's own, and what can be said of them. */
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';

const CLI = new URL('../../dist/cli.js', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'tiercast-prices-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function tiercast(...args: readonly string[]): SpawnSyncReturns<string> {
  const env = { ...process.env, NO_COLOR: '1' };
  return spawnSync(process.execPath, [CLI, ...args], { cwd: folder, encoding: 'utf8', env });
}

function file(name: string, content: string | Uint8Array | object): string {
  const isText = typeof content === 'string' || content instanceof Uint8Array;
  writeFileSync(join(folder, name), isText ? content : JSON.stringify(content));
  return name;
}

/** A GiB put on the first of January 2025 and read on the last; the horizon is the month. */
const TRACE = file(
  'trace.csv',
  'timestamp,operation,key,size\n2025-01-01T00:00:00Z,PUT,a,1073741824\n2025-01-31T12:00:00Z,GET,a,\n',
);
const MINE = {
  extends: 'eu-central-1',
  discounts: [{ usageType: 'TimedStorage-*', percent: 10 }],
  prices: [{ usageType: 'Requests-Tier1', unit: 'Requests', usd: '0.001' }],
};

describe('--prices', () => {
  test('bills at the file’s prices, and every output says so', () => {
    file('mine.json', MINE);
    const { stdout, stderr } = tiercast('simulate', TRACE, '--prices', 'mine.json', '--json', '-');
    expect(stderr).toBe('');
    const comparison = JSON.parse(stdout);
    // 1 GB-Mo × 0.0245 × 0.9, 1 PUT × 0.001, 1 GET × 0.00000043
    expect(comparison.results[0].lineItems.map((item: { costUSD: string }) => item.costUSD)).toEqual([
      '0.022050000',
      '0.001000000',
      '0.000000430',
    ]);
    expect(comparison.prices).toEqual({
      region: 'eu-central-1',
      effectiveDate: '2024-09-25',
      file: 'mine.json',
      extends: 'eu-central-1',
      discounts: [{ usageType: 'TimedStorage-*', percent: '10' }],
    });
    file('result.json', stdout);
    const said = 'prices as changed by mine.json: 10% off TimedStorage-*';
    expect(tiercast('simulate', TRACE, '--prices', 'mine.json').stdout).toContain(said);
    expect(tiercast('report', 'result.json').stdout).toContain(said);
  });

  test('takes a whole list, and --region only when it is the list’s', () => {
    const requests = (usageType: string) => ({ usageType, unit: 'Requests', usd: '2', source: 'x' });
    file('whole.json', {
      region: 'us-east-2',
      prefix: 'USE2-',
      effectiveDate: '2025-01-01',
      sources: { x: 'made up' },
      prices: [
        requests('Requests-Tier1'),
        requests('Requests-Tier2'),
        { usageType: 'TimedStorage-ByteHrs', unit: 'GB-Mo', usd: '3', source: 'x' },
      ],
    });
    const run = (...more: string[]) => tiercast('simulate', TRACE, '--prices', 'whole.json', ...more);
    expect(JSON.parse(run('--json', '-').stdout).results[0].totalUSD).toBe('7.000000000');
    expect(run('--region', 'us-east-2').status).toBe(0);
    expect(run('--region', 'us-east-1')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("--prices 'whole.json' has the prices of us-east-2, not of 'us-east-1'"),
    });
  });

  test.each<[string, string | object, string]>([
    ['broken JSON', '{', 'not valid JSON'],
    ['an offer', { offerCode: 'AmazonS3' }, "'tiercast prices import' makes a price file of it"],
    ['an unknown region', { extends: 'eu-centrl-1' }, "extends: no prices for region 'eu-centrl-1'; did you mean"],
    ['a typing mistake', { ...MINE, discount: [] }, "price list: has an unknown field 'discount'"],
    ['no object', '7', "number '7' is not an object"],
  ])('refuses %s by name', (_, content, message) => {
    const { status, stderr, stdout } = tiercast('compare', TRACE, '--prices', file('bad.json', content));
    expect(stderr).toContain('bad.json: ');
    expect(stderr).toContain(message);
    expect([status, stdout]).toEqual([1, '']);
  });

  test('refuses what is not there, and to write over it', () => {
    expect(tiercast('compare', TRACE, '--prices', 'no.json')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('no.json: there is no such file'),
    });
    file('mine.json', MINE);
    expect(tiercast('compare', TRACE, '--prices', 'mine.json', '--json', 'mine.json')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('is an input; an output would replace it'),
    });
  });

  test('an unpriced usage names the file’s region', () => {
    const { status, stderr } = tiercast('compare', TRACE, '--prices', file('mine.json', MINE), '-p', 'express-onezone');
    expect(stderr).toContain('of 2024-09-25 in mine.json has no price for EUC1-TimedStorage-XZ-ByteHrs');
    expect(status).toBe(1);
  });
});

test('--free-tier takes the free part off, and says so', () => {
  const { stdout } = tiercast('simulate', TRACE, '--free-tier');
  expect(stdout).toContain('prices with the free tier');
  expect(stdout).toMatch(/^total +\$0\.00$/m);
});

const OFFERS = new URL('../pricing/offers/', import.meta.url).pathname;
const offer = (name: string) => join(OFFERS, name);
const ALL = ['AmazonS3.json', 'AmazonS3GlacierDeepArchive.json', 'AWSDataTransfer.json'].map(offer);

describe('prices import', () => {
  test('writes a price file that bills, and says what it left out', () => {
    const { status, stdout, stderr } = tiercast(
      'prices',
      'import',
      ...ALL,
      '--region',
      'eu-central-1',
      '-o',
      'imported.json',
    );
    expect([status, stdout]).toEqual([0, '']);
    expect(stderr).toContain('eu-central-1 (usage types EUC1-…): 31 prices of 1 June 2026, written to imported.json\n');
    expect(stderr).toMatch(/no price for 46 usage types that can be metered: TimedStorage-SIA-ByteHrs, /);
    expect(stderr).toContain('Bulk-Retrieval-Bytes (RestoreObject), ');
    expect(stderr).toMatch(
      /^ +3 +a usage type that is never metered +EUC1-Tables-TimedStorage-ByteHrs \(SKU MADE0+4, /m,
    );
    const run = tiercast('simulate', TRACE, '--prices', 'imported.json', '--egress', '--json', '-');
    expect(run.stderr).toBe('');
    // 1 GB-Mo × 0.0245, 1 PUT × 0.0000054, 1 GET × 0.00000043; 1 GB out is among the free 100.
    expect(JSON.parse(run.stdout).results[0].totalUSD).toBe('0.024505830');
    expect(tiercast('simulate', TRACE, '--prices', 'imported.json').stdout).toContain(
      '! no prices are known before those of 1 June 2026, at which January 2025 was billed',
    );
  });

  test('reads what is compressed, whatever its name, and prints without -o', () => {
    const packed = file('offer', gzipSync(readFileSync(offer('AmazonS3-eu-west-1.csv'))));
    const { stdout, stderr } = tiercast('prices', 'import', packed);
    expect(JSON.parse(stdout)).toMatchObject({
      region: 'eu-west-1',
      prices: [{ usageType: 'TimedStorage-ByteHrs' }, {}],
    });
    expect(stderr).toContain('EU-Requests-Tier3 (SKU MADECSV00000T300, offer:11)');
  });

  test('writes a file per region into a folder, and needs one for several', () => {
    expect(tiercast('prices', 'import', ...ALL)).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining('several regions (eu-central-1, us-east-1); name one with --region, or a folder'),
    });
    expect(tiercast('prices', 'import', ...ALL, '-o', 'regions/').status).toBe(0);
    expect(readdirSync(join(folder, 'regions')).sort()).toEqual(['eu-central-1.json', 'us-east-1.json']);
    expect(tiercast('prices', 'import', ...ALL, '-o', 'regions').status).toBe(0);
  });

  test('refuses what is no offer, an unknown region, and to write over its input', () => {
    expect(tiercast('prices', 'import', TRACE)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("trace.csv: this is no offer of AWS's Price List"),
    });
    expect(tiercast('prices', 'import', 'no.json')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('no.json: there is no such file'),
    });
    expect(tiercast('prices', 'import', ...ALL, '--region', 'eu-west-1')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("no prices of 'eu-west-1'; they have eu-central-1"),
    });
    expect(tiercast('prices', 'import', ALL[0]!, '--region', 'us-east-1', '-o', ALL[0]!)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('is an input'),
    });
    expect(tiercast('prices', 'import', ...ALL, '--region', 'us-east-1', '-o', 'no/such/file.json')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('there is no such folder'),
    });
  });
});

describe('prices diff', () => {
  test('compares regions and files, as a table and as JSON', () => {
    const { stdout, status } = tiercast('prices', 'diff', 'eu-central-1', file('mine.json', MINE));
    expect(status).toBe(0);
    expect(stdout).toContain(
      'eu-central-1 from 25 September 2024 against eu-central-1 from 25 September 2024 (mine.json)',
    );
    expect(stdout).toMatch(/^TimedStorage-SIA-ByteHrs .* \$0\.0135 +\$0\.01215 +-10% +GB-Mo$/m);
    const json = JSON.parse(tiercast('prices', 'diff', 'us-east-1', 'us-west-2', '--json').stdout);
    expect(json).toMatchObject({ schema: 'tiercast.price-diff/1', changed: [], added: [], unchanged: 58 });
    expect(json.vanished.map(({ usageType }: { usageType: string }) => usageType)).toContain('Upload-XZ');
  });

  test.each([
    [['us-east-1', 'eu-wst-1'], 2, "did you mean 'eu-west-1'?"],
    [['us-east-1', 'no.json'], 1, 'no.json: there is no such file'],
    [['us-east-1'], 2, 'missing required argument'],
  ])('%j', (args, code, message) => {
    const { status, stderr } = tiercast('prices', 'diff', ...args);
    expect([status, stderr]).toEqual([code, expect.stringContaining(message)]);
  });
});

describe('--why', () => {
  test('prints the calculation after the bill, or alone', () => {
    const bill = tiercast('simulate', TRACE, '--why', 'TimedStorage-ByteHrs');
    const alone = tiercast('simulate', TRACE, '--why', 'TimedStorage-ByteHrs', '--quiet');
    expect(alone.stdout).toBe(`TimedStorage-ByteHrs, January 2025: $0.023

  1 GB-Mo = 1,073,741,824 bytes (2^30) × 2,678,400 seconds (January 2025, 31 days) = 2,875,910,101,401,600 byte-seconds

  StandardStorage, 0 to 51,200 GB-Mo of the month
    2,875,910,101,401,600 byte-seconds ÷ 2,875,910,101,401,600 = 1 GB-Mo
    1 GB-Mo × $0.023 = $0.023

${alone.stdout.slice(alone.stdout.indexOf('  price of 25 September 2024: '))}`);
    expect(bill.stdout.endsWith(`\n\n${alone.stdout}`)).toBe(true);
    expect(bill.stdout).toContain('\ntotal ');
  });

  test('takes the region’s prefix or none, several usage types, and several policies', () => {
    const run = (...more: string[]) =>
      tiercast('compare', TRACE, '-p', 'standard', '-p', 'standard-ia', ...more).stdout;
    const stdout = run('--region', 'eu-west-1', '--why', 'EU-Retrieval-SIA', '--why', 'Requests-Tier1', '--quiet');
    expect(stdout.match(/^\S.*$/gm)).toEqual([
      'policy standard-ia',
      'EU-Retrieval-SIA, January 2025: $0.01',
      'EU-Requests-Tier1: nothing of it was used',
      'policy standard',
      'EU-Retrieval-SIA: nothing of it was used',
      'EU-Requests-Tier1, January 2025: $0.000005',
    ]);
  });

  test('names the nearest usage type, and does not mix with a document', () => {
    expect(tiercast('simulate', 'no.csv', '--why', 'TimedStorge-ByteHrs')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("no usage type 'TimedStorge-ByteHrs'; did you mean 'TimedStorage-ByteHrs'?"),
    });
    expect(tiercast('simulate', TRACE, '--why', 'Requests-Tier1', '--json', '-')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('--why prints to standard output'),
    });
  });
});
