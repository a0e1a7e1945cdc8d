/** Calculations as a person reads them; every number can be checked with a pocket calculator. */
import { describe, expect, it } from 'vitest';
import virginia from '../../pricing/us-east-1.json' with { type: 'json' };
import { billingMonths } from '../../src/model/time.ts';
import { MONITORED, REQUESTED, RETRIEVED, STORED, TAGGED } from '../../src/model/usage-type.ts';
import { bill } from '../../src/pricing/bill.ts';
import { derivations } from '../../src/pricing/derivation.ts';
import { type PriceList, parsePriceList } from '../../src/pricing/price-list.ts';
import { renderWhy } from '../../src/reports/why.ts';

const GB = 2n ** 30n;
const [FEBRUARY] = billingMonths({ from: Date.UTC(2024, 1, 1) / 1000, until: Date.UTC(2024, 2, 1) / 1000 });
const SECONDS = 29n * 86_400n;
const prices = parsePriceList({
  ...virginia,
  sources: Object.fromEntries(Object.keys(virginia.sources).map((key) => [key, `Source ${key}.`])),
});

function why(usageType: string, quantities: Record<number, bigint>, list: PriceList = prices): string {
  const used = new Map(Object.entries(quantities).map(([kind, quantity]) => [Number(kind), quantity]));
  const { lineItems } = bill({ months: [{ month: FEBRUARY!, quantities: used }] }, list);
  return renderWhy(usageType, derivations(lineItems, list, usageType));
}

describe('a calculation', () => {
  it('of storage converts byte-seconds, fills tiers, and rounds once', () => {
    // 29 days × 86,400 = 2,505,600 seconds. Names take the last GB-Mo below the edge and 1/3 above it.
    const text = why('TimedStorage-ByteHrs', {
      [STORED.standard]: 51_199n * GB * SECONDS,
      [STORED.glacierName]: (GB * SECONDS * 4n) / 3n,
    });
    expect(text).toBe(`TimedStorage-ByteHrs, February 2024: $1,177.607333333

  1 GB-Mo = 1,073,741,824 bytes (2^30) × 2,505,600 seconds (February 2024, 29 days) = 2,690,367,514,214,400 byte-seconds

  StandardStorage, 0 to 51,200 GB-Mo of the month
    137,744,126,360,263,065,600 byte-seconds ÷ 2,690,367,514,214,400 = 51,199 GB-Mo
    51,199 GB-Mo × $0.023 = $1,177.577

  GlacierS3ObjectOverhead, 0 to 51,200 GB-Mo of the month, from 51,199 on
    2,690,367,514,214,400 byte-seconds ÷ 2,690,367,514,214,400 = 1 GB-Mo
    1 GB-Mo × $0.023 = $0.023

  GlacierS3ObjectOverhead, 51,200 to 512,000 GB-Mo of the month
    896,789,171,404,800 byte-seconds ÷ 2,690,367,514,214,400 ≈ 0.333333333333 GB-Mo
    0.333333333333 GB-Mo × $0.022 ≈ $0.007333333333333
    rounded half to even to a billionth of a dollar: $0.007333333

  together: $1,177.577 + $0.023 + $0.007333333 = $1,177.607333333

  price of 25 September 2024: Source price-page.
  rule: Bytes in S3 Standard over time: objects, restored copies and the 8 KB that archived objects leave there, together.
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/aws-usage-report-understand.html
`);
  });

  it('of requests has nothing to convert', () => {
    expect(why('Requests-Tier2', { [REQUESTED.get[0]!]: 3n, [REQUESTED.head[0]!]: 2n })).toBe(
      `Requests-Tier2, February 2024: $0.000002

  GetObject
    3 Requests × $0.0000004 = $0.0000012

  HeadObject
    2 Requests × $0.0000004 = $0.0000008

  together: $0.0000012 + $0.0000008 = $0.000002

  price of 25 September 2024: Source price-page.
  rule: Requests by class and kind; LIST and what concerns tags and buckets are those of S3 Standard, errors are charged but for those AWS lists.
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/aws-usage-report-understand.html
`,
    );
  });

  it.each([
    ['Retrieval-GIR', RETRIEVED[4]!, GB / 2n, '1 GB = 1,073,741,824 bytes (2^30)', '0.5 GB × $0.03 = $0.015'],
    [
      'Monitoring-Automation-INT',
      MONITORED,
      1000n * SECONDS,
      '1 Objects-Mo = 1 object × 2,505,600 seconds (February 2024, 29 days)',
      '1,000 Objects-Mo × $0.0000025 = $0.0025',
    ],
    [
      'TagStorage-TagHrs',
      TAGGED,
      10_000n * SECONDS,
      '1 Tag-Mo = 1 tag × 2,505,600 seconds (February 2024, 29 days)',
      '10,000 Tag-Mo × $0.00000065 = $0.0065',
    ],
  ])('of %s names its unit', (usageType, kind, quantity, unit, product) => {
    const text = why(usageType, { [kind]: quantity });
    expect(text).toContain(`\n  ${unit}\n`);
    expect(text).toContain(`    ${product}\n`);
    expect(text).not.toMatch(/ +\n|, \n/);
  });

  it('shows the discount, and the source of a user’s price in one line', () => {
    const deal = parsePriceList(
      {
        extends: 'x',
        sources: { deal: 'Agreement\n\u001b[31m17' },
        prices: [{ usageType: 'Requests-Tier1', unit: 'Requests', usd: '0.004', source: 'deal' }],
        discounts: [{ usageType: 'Requests-*', percent: '2.5' }],
      },
      'deal.json',
      () => prices,
    );
    const text = why('Requests-Tier1', { [REQUESTED.list]: 2n }, deal);
    expect(text).toContain('    2 Requests × $0.0039 ($0.004 less 2.5%) = $0.0078\n');
    expect(text).toContain('price of 25 September 2024: Agreement\\u{a}\\u{1b}[31m17\n');
  });

  it('of what was not used says so', () => {
    expect(why('Upload-XZ', { [REQUESTED.list]: 2n })).toBe('Upload-XZ: nothing of it was used\n');
  });
});
