import { describe, expect, it } from 'vitest';
import virginia from '../../pricing/us-east-1.json' with { type: 'json' };
import usEast2 from '../../pricing/us-east-2.json' with { type: 'json' };
import type { LineItem } from '../../src/model/comparison.ts';
import { withFreeTier } from '../../src/pricing/free-tier.ts';
import { parsePriceList } from '../../src/pricing/price-list.ts';
import { pricesUsed } from '../../src/pricing/prices-used.ts';

const item = (month: string, usageType: string, operation = 'any') => ({ month, usageType, operation }) as LineItem;

describe('what a result says of its prices', () => {
  it('is the region and the day, of bundled prices', () => {
    expect(pricesUsed(parsePriceList(usEast2), [item('2025-01', 'USE2-Requests-Tier1')])).toEqual({
      region: 'us-east-2',
      effectiveDate: '2024-09-25',
    });
  });

  it('is the file, its discounts and periods, and the free tier', () => {
    const list = parsePriceList(
      {
        extends: 'us-east-1',
        discounts: [{ usageType: 'TimedStorage-*', percent: 12.5 }],
        periods: [
          { from: '2025-07-01', discounts: [{ usageType: 'Requests-Tier5', operation: 'RestoreObject', percent: 1 }] },
        ],
      },
      'contract.json',
      () => {
        const { prices, ...rest } = virginia;
        const bulk = { usageType: 'Requests-Tier5', operation: 'RestoreObject', unit: 'Requests', usd: '1' };
        return parsePriceList({ ...rest, prices: [...prices, { ...bulk, source: 'price-page' }] });
      },
    );
    expect(pricesUsed(withFreeTier(list), [])).toEqual({
      region: 'us-east-1',
      effectiveDate: '2024-09-25',
      file: 'contract.json',
      extends: 'us-east-1',
      discounts: [
        { usageType: 'TimedStorage-*', percent: '12.5' },
        { usageType: 'Requests-Tier5', operation: 'RestoreObject', percent: '1', from: '2025-07-01' },
      ],
      periods: ['2025-07-01'],
      freeTier: true,
    });
  });

  it('is which months have prices of a later day', () => {
    // The list is of 25 September 2024, Express One Zone of 10 April 2025: a bill's month begins on its first.
    const { predated } = pricesUsed(parsePriceList(virginia), [
      item('2024-08', 'Requests-Tier1'),
      item('2024-09', 'TimedStorage-ByteHrs'),
      item('2024-10', 'Requests-Tier2'),
      item('2025-04', 'Upload-XZ'),
      item('2025-03', 'TimedStorage-XZ-ByteHrs'),
      item('2025-05', 'Retrieval-XZ'),
    ]);
    expect(predated).toEqual([
      {
        effectiveDate: '2024-09-25',
        firstMonth: '2024-08',
        lastMonth: '2024-09',
        usageTypes: ['Requests-Tier1', 'TimedStorage-ByteHrs'],
      },
      {
        effectiveDate: '2025-04-10',
        firstMonth: '2025-03',
        lastMonth: '2025-04',
        usageTypes: ['TimedStorage-XZ-ByteHrs', 'Upload-XZ'],
      },
    ]);
  });

  it('is by the day of each price, the earliest first, whatever the prefix and the order of the lines', () => {
    const prices = usEast2.prices.map((price) =>
      price.usageType === 'Requests-Tier2' ? { ...price, effectiveDate: '2025-04-01' } : price,
    );
    const list = parsePriceList({ ...usEast2, prices });
    const { predated } = pricesUsed(list, [
      item('2025-03', 'USE2-Requests-Tier2'),
      item('2025-04', 'USE2-Requests-Tier2'),
      item('2024-08', 'USE2-Requests-Tier1'),
      item('2024-07', 'USE2-never-priced'),
    ]);
    // Those of 1 April 2025 are in force all April.
    expect(predated).toEqual([
      {
        effectiveDate: '2024-09-25',
        firstMonth: '2024-07',
        lastMonth: '2024-08',
        usageTypes: ['USE2-Requests-Tier1', 'USE2-never-priced'],
      },
      { effectiveDate: '2025-04-01', firstMonth: '2025-03', lastMonth: '2025-03', usageTypes: ['USE2-Requests-Tier2'] },
    ]);
  });

  it('names no discounts where there are none', () => {
    const list = parsePriceList({ extends: 'us-east-1' }, 'contract.json', () => parsePriceList(virginia));
    expect(pricesUsed(list, [])).toEqual({
      region: 'us-east-1',
      effectiveDate: '2024-09-25',
      file: 'contract.json',
      extends: 'us-east-1',
    });
  });
});
