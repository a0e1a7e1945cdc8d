import { describe, expect, it } from 'vitest';
import { predatedNotices, pricesInWords, specialPrices } from '../../src/reports/prices-used.ts';

const plain = { region: 'eu-west-1', effectiveDate: '2024-09-25' };

describe('prices in words', () => {
  it('are short where there is nothing special about them', () => {
    expect(pricesInWords(plain)).toBe('eu-west-1 from 25 September 2024');
    expect(specialPrices(plain)).toBe('');
  });

  it('say whose they are', () => {
    expect(specialPrices({ ...plain, file: 'mine.json' })).toBe('as in mine.json');
    expect(specialPrices({ ...plain, freeTier: true })).toBe('with the free tier');
    expect(
      specialPrices({
        ...plain,
        file: 'deal\u001b[31m.json',
        extends: 'eu-west-1',
        discounts: [
          { usageType: 'TimedStorage-*', percent: '12.50', from: '2025-01-01' },
          { usageType: 'Requests-Tier4', operation: 'S3-GIRTransition', percent: '5' },
        ],
        periods: ['2025-01-01'],
        freeTier: true,
      }),
    ).toBe(
      'as changed by deal\\u{1b}[31m.json: 12.5% off TimedStorage-* from 1 January 2025, ' +
        '5% off Requests-Tier4 S3-GIRTransition, others from 1 January 2025 on, with the free tier',
    );
  });

  it('name three of many', () => {
    const discounts = ['A', 'B', 'C', 'D', 'E'].map((usageType) => ({ usageType, percent: '1' }));
    expect(specialPrices({ ...plain, discounts })).toBe('1% off A, 1% off B, 1% off C and 2 more');
    expect(specialPrices({ ...plain, discounts: discounts.slice(0, 4) })).toMatch(/1% off C, 1% off D$/);
  });
});

describe('months before the prices', () => {
  it('are named, and what was billed where it is not everything', () => {
    const predated = [
      { effectiveDate: '2024-09-25', firstMonth: '2023-11', lastMonth: '2023-12', usageTypes: ['Requests-Tier1'] },
      { effectiveDate: '2025-04-10', firstMonth: '2025-04', lastMonth: '2025-04', usageTypes: ['Upload-XZ'] },
    ];
    expect(predatedNotices({ ...plain, predated })).toEqual([
      'no prices are known before those of 25 September 2024, at which November to December 2023 was billed',
      'no prices are known before those of 10 April 2025, at which April 2025 was billed (Upload-XZ)',
    ]);
    expect(predatedNotices(plain)).toEqual([]);
  });
});
