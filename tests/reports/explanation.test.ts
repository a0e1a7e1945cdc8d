/** An explanation as a person reads it: whole output, and what hostile names become in it. */
import { describe, expect, test } from 'vitest';
import { accountLines } from '../../src/reports/account-lines.ts';
import { costSoFar } from '../../src/reports/cost-so-far.ts';
import { accountVerdict, dearestVerdict, renderExplanation } from '../../src/reports/explanation.ts';
import { renderExplanationCsv } from '../../src/reports/explanation-csv.ts';
import { renderExplanationJson } from '../../src/reports/json.ts';
import { lanesOf, timelineInWords } from '../../src/reports/timeline.ts';
import { hostileDearest, lifeOf, muchRead, versionsOf } from './explanations.ts';

const PLAIN = { color: false };

describe('in a terminal', () => {
  test('the life of an object', () => {
    const [, , , , ...lines] = renderExplanation(lifeOf('exports/q1.parquet'), PLAIN).split('\n');
    // 700 MiB are 0.68359375 GB. In Standard for 28 d 14:47:55 of January's 31 days and 2 of February's 28:
    // 0.68359375 × (2,472,475/2,678,400 + 2/28) = 0.6798647353 GB-months, at $0.023 = $0.0156368889.
    expect(lines.join('\n')).toBe(
      `
exports/q1.parquet: 700 MiB, 10 requests, 7 of them reads
$0.07 of $0.07 (100%): storage $0.04, requests $0.000019, transitions $0.00003, retrieval $0.03, early delete $0.0028

when (UTC)           what                                                 usage type                    quantity  unit               USD
────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
2025-01-03 09:12:05  PutObject of 700 MiB into STANDARD                   Requests-Tier1                       1  Requests  $0.000005000
2025-01-03 09:12:05  stored in STANDARD, 30.6 days to 2025-02-03 00:00    TimedStorage-ByteHrs      0.6798647353  GB-Mo     $0.015636889
2025-01-03 09:12:05  has 2 tags, 150.3 days to 2025-06-02 15:20           TagStorage-TagHrs         9.9554920849  Tag-Mo    $0.000006471
2025-01-04 10:00     5 × GetObject (3.42 GiB), the last 2025-01-20 10:00  Requests-Tier2                       5  Requests  $0.000002000
2025-01-21 08:30     HeadObject                                           Requests-Tier2                       1  Requests  $0.000000400
2025-02-03 00:00     moved to STANDARD_IA by rule 'cool-down'             Requests-Tier4                       1  Requests  $0.000010000
2025-02-03 00:00     stored in STANDARD_IA, 60 days to 2025-04-04 00:00   TimedStorage-SIA-ByteHrs    1.38671875  GB-Mo     $0.017333984
2025-02-18 11:00     GetObject (700 MiB)                                  Requests-SIA-Tier2                   1  Requests  $0.000001000
                       GetObject                                          Retrieval-SIA               0.68359375  GB        $0.006835938
2025-04-04 00:00     moved to GLACIER_IR by rule 'cool-down'              Requests-Tier4                       1  Requests  $0.000020000
2025-04-04 00:00     stored in GLACIER_IR, 59.6 days to 2025-06-02 15:20  TimedStorage-GIR-ByteHrs  1.3361725984  GB-Mo     $0.005344691
2025-05-20 07:45     GetObject (700 MiB)                                  Requests-GIR-Tier2                   1  Requests  $0.000010000
                       GetObject                                          Retrieval-GIR               0.68359375  GB        $0.020507812
2025-06-02 15:20     deleted, before its minimum duration was over        EarlyDelete-GIR           0.6918221933  GB-Mo     $0.002767289
2025-06-30 15:20     GetObject (not found)                                Requests-Tier2                       1  Requests  $0.000000400
total                                                                                                                       $0.068481874
`,
    );
  });

  test('versions with the ids that requests give', () => {
    const text = renderExplanation(versionsOf('site/index.html'), PLAIN);
    expect(text).toContain('site/index.html: 572 MiB, the last of 3, 3 requests');
    for (const told of [
      "2025-01-31 00:00  #1 expired by rule 'old'",
      "2025-02-20 00:00  #3 delete marker created by rule 'new'",
      '2025-02-20 00:00  #2 no longer the current version',
      '2025-03-31 00:00  #2 HeadObject (not found)',
    ]) {
      expect(text).toContain(told);
    }
    expect(text.split('\n').slice(-5)).toEqual([
      '    created           which    version id',
      '─────────────────────────────────────────',
      '#1  2025-01-01 00:00  version  first-id',
      '#2  2025-01-11 00:00  version  second-id',
      '',
    ]);
  });

  test('the dearest objects, hostile names as harmless text', () => {
    const text = renderExplanation(hostileDearest('a/'), PLAIN);
    expect(text).toContain('a/: 4 objects, 9.31 GiB');
    expect(text).toContain("a/=cmd|' /C calc'!A0");
    expect(text).toContain('abc\\u{202e}txt.exe');
    expect(text).not.toContain('\u202e');
    expect(renderExplanation(hostileDearest(), PLAIN)).toContain('(requests of the bucket itself)');
  });
});

test('the verdicts', () => {
  const life = lifeOf('exports/q1.parquet');
  expect(accountVerdict(life.objects[0]!, life)).toBe(
    'exports/q1.parquet costs $0.07, 100% of the bill of $0.07, most of it for storage ($0.04).',
  );
  const long = lifeOf(`${'x'.repeat(500)}/end`);
  expect(accountVerdict(long.objects[0]!, long)).toMatch(/^x{39}…x{35}\/end costs/);
  // 1, 2, 3 and 4 GB of Standard: 10e9/2^30 × $0.023 = $0.214
  expect(dearestVerdict(hostileDearest('a/'))).toBe(
    'The 4 dearest of 4 objects under a/ cost $0.21, 100% of their $0.21.',
  );
});

describe('requests alike', () => {
  test('that follow each other are one line, which costs what they cost', () => {
    const [share] = lifeOf('k').objects;
    const lines = accountLines(share!);
    const reads = share!.rows!.filter(({ at, event }) => event === 'request' && at < '2025-01-21');
    expect(reads).toHaveLength(5);
    expect(lines.find(({ words }) => words.startsWith('5 × GetObject'))).toMatchObject({
      at: reads[0]!.at,
      costUSD: '0.000002000',
      usages: [{ usageType: 'Requests-Tier2', pricingQuantity: '5' }],
    });
  });

  test('are not drawn together when others come between', () => {
    expect(accountLines(muchRead('k').objects[0]!)).toHaveLength(302);
  });
});

describe('as data', () => {
  test('CSV has every row by month and usage type, and no formula', () => {
    const explanation = lifeOf("=cmd|' /C calc'!A0", '@rule');
    const [header, ...rows] = renderExplanationCsv(explanation).trimEnd().split('\r\n');
    expect(header!.split(',')).toHaveLength(19);
    const items = explanation.objects[0]!.rows!.reduce((sum, row) => sum + Math.max(row.items.length, 1), 0);
    expect(rows).toHaveLength(items);
    expect(rows.every((row) => row.startsWith(",'=cmd"))).toBe(true);
    expect(rows.some((row) => row.includes(",'@rule,"))).toBe(true);
    const costs = rows.map((row) => BigInt(row.split(',').at(-1)!.replace('.', '')));
    expect(costs.reduce((sum, cost) => sum + cost)).toBe(BigInt(explanation.objects[0]!.totalUSD.replace('.', '')));
  });

  test('CSV of the dearest has each one’s share of every line item', () => {
    const explanation = hostileDearest();
    const rows = renderExplanationCsv(explanation).trimEnd().split('\r\n').slice(1);
    expect(rows).toHaveLength(explanation.objects.reduce((sum, { lineItems }) => sum + lineItems.length, 0));
    expect(new Set(rows.map((row) => row.replaceAll(/"[^"]*(""[^"]*)*"/g, '').split(',').length))).toEqual(
      new Set([19]),
    );
  });

  test('JSON names its schema and is the document itself', () => {
    const explanation = versionsOf('k');
    expect(JSON.parse(renderExplanationJson(explanation))).toEqual(explanation);
    expect(explanation.schema).toBe('tiercast.explanation/1');
  });
});

describe('the picture', () => {
  test('has the bands, the marks and the ticks of what is told', () => {
    const [share] = lifeOf('k').objects;
    const [lane, ...others] = lanesOf(share!, false);
    expect(others).toEqual([]);
    expect(lane!.bands.map(({ place }) => place)).toEqual(['STANDARD', 'STANDARD_IA', 'GLACIER_IR']);
    expect(lane!.marks.map(({ shape }) => shape)).toEqual(['begin', 'move', 'move', 'end']);
    expect(lane!.reads).toHaveLength(9);
    expect(timelineInWords(share!)).toContain("2025-02-03 moved to STANDARD_IA by rule 'cool-down'");
  });

  test('has a lane for each version and marker', () => {
    const lanes = lanesOf(versionsOf('k').objects[0]!, true);
    expect(lanes.map(({ name, bands }) => [name, bands.map(({ place }) => place)])).toEqual([
      ['#1', ['STANDARD']],
      ['#2', ['STANDARD']],
      ['#3', ['delete marker']],
    ]);
  });

  test('has a line that ends at the total', () => {
    const { objects, workload } = lifeOf('k');
    const [from, until] = [Date.parse(workload.from), Date.parse(workload.until)];
    const points = costSoFar(objects[0]!.rows!, from, until);
    expect(points[0]).toEqual({ time: from, usd: 0 });
    expect(points.at(-1)!.time).toBe(until);
    expect(points.at(-1)!.usd).toBeCloseTo(Number(objects[0]!.totalUSD), 12);
    expect(points.every(({ usd }, i) => i === 0 || usd >= points[i - 1]!.usd - 1e-15)).toBe(true);
  });
});
