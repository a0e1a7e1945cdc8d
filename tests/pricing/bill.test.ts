import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import usEast1 from '../../pricing/us-east-1.json' with { type: 'json' };
import usEast2 from '../../pricing/us-east-2.json' with { type: 'json' };
import { InputError } from '../../src/model/diagnostic.ts';
import { formatNanoUSD, parseNanoUSD } from '../../src/model/money.ts';
import { GLACIER } from '../../src/model/storage-class.ts';
import { billingMonths } from '../../src/model/time.ts';
import type { Usage } from '../../src/model/usage.ts';
import {
  EARLY_DELETE,
  GLACIER_RESTORE,
  MONITORED,
  REQUESTED,
  STORED,
  TAGGED,
  TRANSFERRED_OUT,
  TRANSITION,
  USAGE_KINDS,
} from '../../src/model/usage-type.ts';
import { bill, componentsOf } from '../../src/pricing/bill.ts';
import { parsePriceList } from '../../src/pricing/price-list.ts';

const GB = 2n ** 30n;
const seconds = (date: string) => Date.parse(`${date}T00:00:00Z`) / 1000;
const months = billingMonths({ from: seconds('2025-01-01'), until: seconds('2025-04-01') });
const JANUARY = 31n * 86_400n;

/** Usage of January, February and March 2025, a record of quantities by kind for each; in an order no bill has. */
function usage(...quantities: Record<number, bigint>[]): Usage {
  return {
    months: quantities.map((record, index) => ({
      month: months[index]!,
      quantities: new Map(
        Object.entries(record)
          .map(([kind, quantity]): [number, bigint] => [Number(kind), quantity])
          .reverse(),
      ),
    })),
  };
}

const virginia = parsePriceList(usEast1);
const ohio = parsePriceList(usEast2);

describe('bill', () => {
  it('writes a line item in the words of the bill', () => {
    // 1 GB kept through January in Ohio: 1,073,741,824 bytes × 2,678,400 seconds; 1 GB-Mo × $0.023.
    const { lineItems, totalNanoUSD } = bill(usage({ [STORED.standard]: GB * JANUARY }), ohio);
    expect(lineItems).toEqual([
      {
        month: '2025-01',
        usageType: 'USE2-TimedStorage-ByteHrs',
        operation: 'StandardStorage',
        component: 'storage',
        usageQuantity: '2875910101401600',
        usageUnit: 'byte-seconds',
        pricingQuantity: '1',
        pricingUnit: 'GB-Mo',
        rateUSD: '0.023',
        costUSD: '0.023000000',
      },
    ]);
    expect(formatNanoUSD(totalNanoUSD)).toBe('0.023000000');
  });

  it('divides by the seconds of the calendar month', () => {
    // 1,000 GB for 28 days: a whole month in February 2025, 28/31 of one in January. × $0.023
    const quantity = 1000n * GB * 28n * 86_400n;
    const { lineItems } = bill(usage({ [STORED.standard]: quantity }, { [STORED.standard]: quantity }), virginia);
    expect(lineItems.map((item) => [item.pricingQuantity, item.costUSD])).toEqual([
      ['903.2258064516', '20.774193548'],
      ['1000', '23.000000000'],
    ]);
  });

  it('sells early deletes alone by the months they are told to have', () => {
    // A GB for the 31 days of January: 1 GB-Mo of storage at $0.023; of an early delete by months of 30 days 31/30 at $0.0036.
    const month = { [STORED.standard]: GB * JANUARY, [EARLY_DELETE[GLACIER]!]: GB * JANUARY };
    const { lineItems } = bill(usage(month), { ...virginia, earlyDeleteDays: 30 });
    expect(lineItems.map((item) => [item.component, item.pricingQuantity])).toEqual([
      ['storage', '1'],
      ['early delete', '1.0333333333'],
    ]);
  });

  it('prorates monitoring by time', () => {
    // 100 objects on 1 day of 31: a captured cost and usage report shows 3.2258 objects. × $0.0000025
    const { lineItems } = bill(usage({ [MONITORED]: 100n * 86_400n }), virginia);
    expect(lineItems[0]).toMatchObject({
      pricingQuantity: '3.2258064516',
      pricingUnit: 'Objects-Mo',
      costUSD: '0.000008065',
    });
  });

  it('sells tags by the tag-month', () => {
    // 10,000 tags through January: 10,000 tag-months × $0.00000065 = $0.0065, as the price page puts it.
    const { lineItems } = bill(usage({ [TAGGED]: 10_000n * JANUARY }), ohio);
    expect(lineItems).toEqual([
      {
        month: '2025-01',
        usageType: 'USE2-TagStorage-TagHrs',
        operation: '',
        component: 'storage',
        usageQuantity: '26784000000',
        usageUnit: 'tag-seconds',
        pricingQuantity: '10000',
        pricingUnit: 'Tag-Mo',
        rateUSD: '0.00000065',
        costUSD: '0.006500000',
      },
    ]);
  });

  it('fills a volume tier with all operations of the usage type, each with a share of its own', () => {
    // 51,199 GB of objects, 2 GB of names, 1 GB of copies through January: one GB of the names ends the first tier.
    const { lineItems } = bill(
      usage({
        [STORED.glacierName]: 2n * GB * JANUARY,
        [STORED.glacierCopy]: GB * JANUARY,
        [STORED.standard]: 51_199n * GB * JANUARY,
      }),
      virginia,
    );
    expect(lineItems.map((item) => [item.operation, item.pricingQuantity, item.rateUSD, item.costUSD])).toEqual([
      ['StandardStorage', '51199', '0.023', '1177.577000000'],
      ['GlacierS3ObjectOverhead', '1', '0.023', '0.023000000'],
      ['GlacierS3ObjectOverhead', '1', '0.022', '0.022000000'],
      ['RestoreObject', '1', '0.022', '0.022000000'],
    ]);
  });

  it('keeps the volumes of different usage types and months apart', () => {
    const half = { [STORED.standard]: 40_000n * GB * JANUARY, [STORED.frequent]: 40_000n * GB * JANUARY };
    const { lineItems } = bill(usage(half, {}, half), virginia);
    expect(lineItems.map((item) => [item.month, item.rateUSD])).toEqual([
      ['2025-01', '0.023'],
      ['2025-01', '0.023'],
      ['2025-03', '0.023'],
      ['2025-03', '0.023'],
    ]);
  });

  it('puts a byte-second on either side of a tier edge', () => {
    const { lineItems } = bill(usage({ [STORED.standard]: 51_200n * GB * JANUARY + 1n }), virginia);
    expect(lineItems.map((item) => item.usageQuantity)).toEqual([(51_200n * GB * JANUARY).toString(), '1']);
    expect(lineItems[1]).toMatchObject({ pricingQuantity: '0', rateUSD: '0.022', costUSD: '0.000000000' });
  });

  it('lists what is free at a rate of zero', () => {
    const { request, bytes } = GLACIER_RESTORE.bulk;
    const { lineItems, components } = bill(usage({ [request]: 5n, [bytes]: 3n * GB, [TRANSFERRED_OUT]: GB }), virginia);
    expect(lineItems.map((item) => [item.usageType, item.pricingQuantity, item.rateUSD, item.costUSD])).toEqual([
      ['Requests-Tier5', '5', '0', '0.000000000'],
      ['Bulk-Retrieval-Bytes', '3', '0', '0.000000000'],
      ['DataTransfer-Out-Bytes', '1', '0', '0.000000000'],
    ]);
    expect(components).toEqual({ retrieval: '0.000000000', 'data transfer': '0.000000000' });
  });

  it('adds up by month and by component', () => {
    // January: 1 GB-Mo × 0.023 + 1,000 PUT × 0.000005 + 1,000 moves to Standard-IA × 0.00001; March: 1,000 PUT.
    const put = REQUESTED.put[0]!;
    const january = { [STORED.standard]: GB * JANUARY, [put]: 1000n, [TRANSITION[1]!]: 1000n };
    const result = bill(usage(january, {}, { [put]: 1000n }), virginia);
    expect(result.months).toEqual([
      {
        month: '2025-01',
        totalUSD: '0.038000000',
        components: { storage: '0.023000000', requests: '0.005000000', transitions: '0.010000000' },
      },
      { month: '2025-02', totalUSD: '0.000000000', components: {} },
      { month: '2025-03', totalUSD: '0.005000000', components: { requests: '0.005000000' } },
    ]);
    expect(Object.entries(result.components)).toEqual([
      ['storage', '0.023000000'],
      ['requests', '0.010000000'],
      ['transitions', '0.010000000'],
    ]);
    expect(componentsOf(result.lineItems.slice(0, 1))).toEqual({ storage: '0.023000000' });
    expect(formatNanoUSD(result.totalNanoUSD)).toBe('0.043000000');
  });

  it('leaves out what was not used', () => {
    expect(bill(usage({ [STORED.standard]: 0n }), virginia)).toMatchObject({ lineItems: [], totalNanoUSD: 0n });
    expect(bill(usage({ [STORED.express]: 0n }), ohio).lineItems).toEqual([]);
  });

  it('refuses usage without a price, naming all of it once', () => {
    const express = { [STORED.express]: 1n, [REQUESTED.get[7]!]: 1n, [STORED.standard]: 1n };
    const price = () => bill(usage(express, express), ohio);
    expect(price).toThrow(InputError);
    expect(price).toThrow(
      [
        'the price list of us-east-2 of 2024-09-25 has no price for USE2-TimedStorage-XZ-ByteHrs (operation ExpressOneZoneStorage); unpriced is not free',
        'the price list of us-east-2 of 2024-09-25 has no price for USE2-Requests-XZ-Tier2 (operation GetObject); unpriced is not free',
      ].join('\n'),
    );
  });

  it('names the file of a list of the user’s own', () => {
    const own = { ...ohio, own: { file: 'contract.json', discounts: [] } };
    try {
      bill(usage({ [STORED.express]: 1n }), own);
      throw new Error('not refused');
    } catch (error) {
      expect((error as InputError).diagnostics).toEqual([
        {
          severity: 'error',
          message:
            'the price list of us-east-2 of 2024-09-25 in contract.json has no price for USE2-TimedStorage-XZ-ByteHrs (operation ExpressOneZoneStorage); unpriced is not free',
        },
      ]);
    }
  });

  it('names no operation where the bill has none', () => {
    const untagged = { ...ohio, prices: ohio.prices.filter(({ usageType }) => usageType !== 'TagStorage-TagHrs') };
    expect(() => bill(usage({ [TAGGED]: 1n }), untagged)).toThrow('has no price for USE2-TagStorage-TagHrs; unpriced');
  });

  it('takes negative usage for the bug it is', () => {
    const negative = () => bill(usage({ [STORED.standard]: -1n }), virginia);
    expect(negative).toThrow(new RangeError('negative usage of TimedStorage-ByteHrs: -1'));
  });
});

describe('volume tiers', () => {
  const [put, post, copy, list] = [REQUESTED.put[0]!, REQUESTED.post[0]!, REQUESTED.copy[0]!, REQUESTED.list];
  const tiered = fc.record({
    edges: fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { maxLength: 4 }),
    rates: fc.array(fc.integer({ min: 0, max: 999 }), { minLength: 5, maxLength: 5 }),
    counts: fc.array(fc.integer({ min: 0, max: 15 }), { minLength: 4, maxLength: 4 }),
  });

  it('cost what counting one request after the other costs', () => {
    fc.assert(
      fc.property(tiered, ({ edges, rates, counts }) => {
        const ends = [...edges].sort((a, b) => a - b);
        const kinds = [put, post, copy, list];
        const prices = parsePriceList({
          region: 'us-east-1',
          prefix: '',
          effectiveDate: '2025-01-01',
          sources: { made: 'up' },
          prices: [
            {
              usageType: 'Requests-Tier1',
              unit: 'Requests',
              source: 'made',
              tiers: [...ends, null].map((to, i) => ({
                from: String(ends[i - 1] ?? 0),
                to: to === null ? null : String(to),
                usd: `0.${String(rates[i]).padStart(3, '0')}`,
              })),
            },
          ],
        });

        // One request at a time, operations as the bill orders them; rates are whole thousandths of a dollar.
        const expected = new Map<string, number>();
        let number = 0;
        for (const [i, kind] of kinds.entries()) {
          for (let request = 0; request < counts[i]!; request++, number++) {
            const tier = ends.filter((end) => end <= number).length;
            const key = `${USAGE_KINDS[kind]!.operation} tier ${tier} at ${rates[tier]}`;
            expected.set(key, (expected.get(key) ?? 0) + 1);
          }
        }
        const thousandths = [...expected].reduce((sum, [key, count]) => sum + count * Number(key.split(' at ')[1]), 0);

        const requests = Object.fromEntries(kinds.map((kind, i) => [kind, BigInt(counts[i]!)]));
        const result = bill(usage(requests), prices);
        expect(result.lineItems.map((item) => Number(item.usageQuantity))).toEqual([...expected.values()]);
        expect(result.totalNanoUSD).toBe(BigInt(thousandths) * 1_000_000n);
      }),
    );
  });

  it('leave the quantities whole, and the line items add up to the total', () => {
    const quantities = fc.dictionary(
      fc.integer({ min: 0, max: USAGE_KINDS.length - 1 }).map(String),
      fc.bigInt(0n, 2n ** 80n),
      { maxKeys: 20 },
    );
    fc.assert(
      fc.property(fc.array(quantities, { minLength: 1, maxLength: 3 }), (records) => {
        const result = bill(usage(...records), virginia);
        const total = result.lineItems.reduce((sum, item) => sum + parseNanoUSD(item.costUSD), 0n);
        expect(result.totalNanoUSD).toBe(total);
        expect(result.months.reduce((sum, month) => sum + parseNanoUSD(month.totalUSD), 0n)).toBe(total);
        expect(Object.values(result.components).reduce((sum, usd) => sum + parseNanoUSD(usd), 0n)).toBe(total);
        for (const [index, record] of records.entries()) {
          for (const [kind, quantity] of Object.entries(record)) {
            const { usageType, operation } = USAGE_KINDS[Number(kind)]!;
            const shares = result.lineItems.filter(
              (item) =>
                item.month === months[index]!.month && item.usageType === usageType && item.operation === operation,
            );
            expect(shares.reduce((sum, item) => sum + BigInt(item.usageQuantity), 0n)).toBe(quantity);
          }
        }
      }),
    );
  });
});
