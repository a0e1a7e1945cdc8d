/** What is free each month: the free tier of S3 Standard, and 100 GB of data transfer out. */
import { describe, expect, it } from 'vitest';
import tokyo from '../../pricing/ap-northeast-1.json' with { type: 'json' };
import seoul from '../../pricing/ap-northeast-2.json' with { type: 'json' };
import singapore from '../../pricing/ap-southeast-1.json' with { type: 'json' };
import virginia from '../../pricing/us-east-1.json' with { type: 'json' };
import { formatNanoUSD } from '../../src/model/money.ts';
import { billingMonths } from '../../src/model/time.ts';
import type { Usage } from '../../src/model/usage.ts';
import { REQUESTED, STORED, TRANSFERRED_OUT } from '../../src/model/usage-type.ts';
import { type Bill, bill } from '../../src/pricing/bill.ts';
import { withFreeTier } from '../../src/pricing/free-tier.ts';
import { type PriceList, parsePriceList } from '../../src/pricing/price-list.ts';

const GB = 2n ** 30n;
const MONTH = 31n * 86_400n;

function billOf(prices: PriceList, quantities: Record<number, bigint>, months = 1): Bill {
  const from = Date.UTC(2025, 0, 1) / 1000;
  const until = Date.UTC(2025, months, 1) / 1000;
  const used: Usage = {
    months: billingMonths({ from, until }).map((month) => ({
      month,
      quantities: new Map(Object.entries(quantities).map(([kind, quantity]) => [Number(kind), quantity])),
    })),
  };
  return bill(used, prices);
}

const shares = ({ lineItems }: Bill) =>
  lineItems.map((item) => [item.operation, item.pricingQuantity, item.rateUSD, item.costUSD]);

const list = parsePriceList(virginia);
const free = () => withFreeTier(list);

describe('--free-tier', () => {
  it('bills the first 5 GB-Mo, 2,000 PUT and 20,000 GET at $0, in items of their own', () => {
    const used = {
      [STORED.standard]: 12n * GB * MONTH,
      [REQUESTED.put[0]!]: 2_500n,
      [REQUESTED.get[0]!]: 20_001n,
    };
    // 7 GB-Mo × 0.023; 500 × 0.000005; 1 × 0.0000004
    expect(shares(billOf(free(), used))).toEqual([
      ['StandardStorage', '5', '0', '0.000000000'],
      ['StandardStorage', '7', '0.023', '0.161000000'],
      ['PutObject', '2000', '0', '0.000000000'],
      ['PutObject', '500', '0.000005', '0.002500000'],
      ['GetObject', '20000', '0', '0.000000000'],
      ['GetObject', '1', '0.0000004', '0.000000400'],
    ]);
  });

  it('is shared by all operations of the usage type, as the bill orders them', () => {
    const used = { [REQUESTED.put[0]!]: 1_500n, [REQUESTED.copy[0]!]: 300n, [REQUESTED.list]: 400n };
    expect(shares(billOf(free(), used)).map(([operation, quantity, rate]) => [operation, quantity, rate])).toEqual([
      ['PutObject', '1500', '0'],
      ['CopyObject', '300', '0'],
      ['ListBucket', '200', '0'],
      ['ListBucket', '200', '0.000005'],
    ]);
  });

  it('comes before the volume tiers, which begin after it', () => {
    // 51,210 GB-Mo: 5 free, 51,200 × 0.023, 5 × 0.022
    const used = { [STORED.standard]: 51_210n * GB * MONTH };
    expect(shares(billOf(free(), used)).map(([, quantity, rate]) => [quantity, rate])).toEqual([
      ['5', '0'],
      ['51200', '0.023'],
      ['5', '0.022'],
    ]);
  });

  it('is given anew every month, and not beyond', () => {
    const { months } = billOf(free(), { [REQUESTED.put[0]!]: 2_100n }, 2);
    expect(months.map(({ totalUSD }) => totalUSD)).toEqual(['0.000500000', '0.000500000']);
  });

  it('leaves the other classes and their requests alone', () => {
    const used = { [STORED.standardIA]: GB * MONTH, [REQUESTED.put[1]!]: 1n, [REQUESTED.get[4]!]: 1n };
    expect(shares(billOf(free(), used))).toEqual(shares(billOf(list, used)));
  });

  it('reaches the prices of every period', () => {
    const usd = { usageType: 'Requests-Tier1', unit: 'Requests', usd: '0.001', source: 'price-page' };
    const dated = parsePriceList({ ...virginia, periods: [{ from: '2025-02-01', prices: [usd] }] });
    const { months } = billOf(withFreeTier(dated), { [REQUESTED.put[0]!]: 2_100n }, 2);
    // 100 × 0.000005, then 100 × 0.001
    expect(months.map(({ totalUSD }) => totalUSD)).toEqual(['0.000500000', '0.100000000']);
  });

  it('is off unless asked for', () => {
    expect(shares(billOf(list, { [REQUESTED.put[0]!]: 1n }))).toEqual([['PutObject', '1', '0.000005', '0.000005000']]);
  });
});

describe('data transfer out', () => {
  // https://aws.amazon.com/s3/pricing/: 100 GB free, then 10 TB, 40 TB and 100 TB, then the rest.
  const tiersOf = (json: unknown, gigabytes: bigint) =>
    billOf(parsePriceList(json), { [TRANSFERRED_OUT]: gigabytes * GB }).lineItems.map(({ costUSD }) => costUSD);

  it.each([
    ['us-east-1', virginia, ['0', '921.60', '3481.60', '7168.00', '170.00']],
    ['Tokyo', tokyo, ['0', '1167.36', '3645.44', '8806.40', '285.60']],
    ['Seoul', seoul, ['0', '1290.24', '4997.12', '11980.80', '367.20']],
    ['Singapore', singapore, ['0', '1228.80', '3481.60', '8396.80', '272.00']],
  ])(
    'of 157,000 GB beyond the free 100 costs in %s what Infracost’s golden file says, tier by tier',
    (_, json, usd) => {
      const golden = usd.map((amount) => formatNanoUSD((BigInt(amount.replace('.', '')) * 10_000_000n) as never));
      expect(tiersOf(json, 157_100n)).toEqual(golden);
    },
  );

  it.each([
    // Each edge is the last GB of its tier; the next GB is dearer or cheaper.
    [100n, ['100']],
    [101n, ['100', '1']],
    [10_340n, ['100', '10240']],
    [10_341n, ['100', '10240', '1']],
    [51_300n, ['100', '10240', '40960']],
    [51_301n, ['100', '10240', '40960', '1']],
    [153_700n, ['100', '10240', '40960', '102400']],
    [153_701n, ['100', '10240', '40960', '102400', '1']],
  ])('of %d GB falls into tiers of %j', (gigabytes, quantities) => {
    const { lineItems } = billOf(list, { [TRANSFERRED_OUT]: gigabytes * GB });
    expect(lineItems.map(({ pricingQuantity }) => pricingQuantity)).toEqual(quantities);
    expect(lineItems.map(({ rateUSD }) => rateUSD)).toEqual(
      ['0', '0.09', '0.085', '0.07', '0.05'].slice(0, quantities.length),
    );
  });

  it('of 62 TB costs $5,256.36', () => {
    // The FAQ's example with today's free 100 GB: 10,240 × 0.09 + 40,960 × 0.085 + 12,188 × 0.07
    expect(formatNanoUSD(billOf(list, { [TRANSFERRED_OUT]: 62n * 1024n * GB }).totalNanoUSD)).toBe('5256.360000000');
  });
});
