/** A user's own prices: overrides, discounts, periods. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import frankfurt from '../../pricing/eu-central-1.json' with { type: 'json' };
import { InputError, UsageError } from '../../src/model/diagnostic.ts';
import { formatDecimal } from '../../src/model/money.ts';
import { type PriceList, parsePriceList, priceOf, pricesIn } from '../../src/pricing/price-list.ts';

const base = parsePriceList(frankfurt);

function known(region: string): PriceList {
  if (region !== 'eu-central-1') throw new UsageError(`no prices for region '${region}'`);
  return base;
}

const own = (changes: object): PriceList =>
  parsePriceList({ extends: 'eu-central-1', ...changes }, 'contract.json', known);

/** Rates of a usage type in a month, tier by tier. */
function rates(list: PriceList, usageType: string, { operation = 'any', month = '2025-01' } = {}): string[] {
  return priceOf(pricesIn(list, month), usageType, operation)!.tiers.map(({ usd }) => formatDecimal(usd));
}

const storage = (usd: string) => ({ usageType: 'TimedStorage-ByteHrs', unit: 'GB-Mo', usd });

describe('a file that extends a region', () => {
  it('changes what it names and takes over the rest, prefix and dates as well', () => {
    const list = own({ prices: [storage('0.02')] });
    expect(rates(list, 'TimedStorage-ByteHrs')).toEqual(['0.02']);
    expect(rates(list, 'TimedStorage-SIA-ByteHrs')).toEqual(['0.0135']);
    expect(list).toMatchObject({
      region: 'eu-central-1',
      prefix: 'EUC1-',
      effectiveDate: '2024-09-25',
      own: { file: 'contract.json', extends: 'eu-central-1', discounts: [] },
    });
    expect(list.prices).toHaveLength(base.prices.length);
    expect(list.sources[priceOf(list, 'TimedStorage-ByteHrs', '')!.source]).toBe('The price file contract.json.');
  });

  it('names its own sources', () => {
    const list = own({ sources: { deal: 'Agreement 17' }, prices: [{ ...storage('0.02'), source: 'deal' }] });
    expect(list.sources[priceOf(list, 'TimedStorage-ByteHrs', '')!.source]).toBe('Agreement 17');
  });

  it('replaces the price of one operation alone', () => {
    const operation = 'S3-GIRTransition';
    const list = own({ prices: [{ usageType: 'Requests-Tier4', operation, unit: 'Requests', usd: '0.00001' }] });
    expect(rates(list, 'Requests-Tier4', { operation })).toEqual(['0.00001']);
    expect(rates(list, 'Requests-Tier4', { operation: 'S3-SIATransition' })).toEqual(['0.00001']);
    expect(rates(base, 'Requests-Tier4', { operation })).toEqual(['0.00002']);
  });

  it('can price what the region does not', () => {
    const list = own({ prices: [{ usageType: 'TimedStorage-XZ-ByteHrs', unit: 'GB-Mo', usd: '0.12' }] });
    expect(rates(list, 'TimedStorage-XZ-ByteHrs')).toEqual(['0.12']);
  });
});

describe('discounts', () => {
  it('come off exactly, tier by tier', () => {
    // 10 % off 0.0245, 0.0235, 0.0225; 12.5 % off 0.0135 is 0.0135 × 0.875 = 0.0118125.
    const list = own({
      discounts: [
        { usageType: 'TimedStorage-ByteHrs', percent: 10 },
        { usageType: 'TimedStorage-SIA-*', percent: '12.5' },
      ],
    });
    expect(rates(list, 'TimedStorage-ByteHrs')).toEqual(['0.02205', '0.02115', '0.02025']);
    expect(rates(list, 'TimedStorage-SIA-ByteHrs')).toEqual(['0.0118125']);
    expect(rates(list, 'TimedStorage-SIA-SmObjects')).toEqual(['0.0118125']);
    expect(rates(list, 'TimedStorage-ZIA-ByteHrs')).toEqual(['0.0108']);
    expect(priceOf(list, 'TimedStorage-ByteHrs', '')).toMatchObject({
      discountPercent: { digits: 10n, scale: 0 },
      tiers: [{ listUSD: { digits: 245n, scale: 4 } }, {}, {}],
    });
  });

  it('apply to own prices too, and the first that fits counts', () => {
    const list = own({
      prices: [storage('0.02')],
      discounts: [
        { usageType: 'TimedStorage-ByteHrs', percent: 50 },
        { usageType: '*', percent: 1 },
      ],
    });
    expect(rates(list, 'TimedStorage-ByteHrs')).toEqual(['0.01']);
    expect(rates(list, 'Retrieval-GIR')).toEqual(['0.0297']);
  });

  it('can be of one operation', () => {
    const discounts = [{ usageType: 'Standard-Retrieval-Bytes', operation: 'RestoreObject', percent: 100 }];
    const list = own({ discounts });
    expect(rates(list, 'Standard-Retrieval-Bytes', { operation: 'RestoreObject' })).toEqual(['0']);
    expect(rates(list, 'Standard-Retrieval-Bytes', { operation: 'DeepArchiveRestoreObject' })).toEqual(['0.024']);
  });

  it('are of every operation where they name none', () => {
    const list = own({ discounts: [{ usageType: 'Standard-Retrieval-Bytes', percent: 50 }] });
    expect(rates(list, 'Standard-Retrieval-Bytes', { operation: 'RestoreObject' })).toEqual(['0.006']);
    expect(rates(list, 'Standard-Retrieval-Bytes', { operation: 'DeepArchiveRestoreObject' })).toEqual(['0.012']);
  });

  it('leave whole dollars whole', () => {
    const list = own({ prices: [storage('20')], discounts: [{ usageType: 'TimedStorage-ByteHrs', percent: 50 }] });
    expect(rates(list, 'TimedStorage-ByteHrs')).toEqual(['10']);
  });

  it.each([
    ['ab*ba', 'abba', true],
    ['ab*ba', 'aba', false],
    ['x*a*b', 'xab', true],
    ['x*ab*b', 'xab', false],
    ['*b*b*', 'b', false],
    ['*b*b*', 'bb', true],
  ])('%s is of %s: %s', (pattern, usageType, is) => {
    const json = { ...frankfurt, prices: [{ ...storage('1'), usageType, source: 'price-page' }] };
    const parse = () => parsePriceList({ ...json, discounts: [{ usageType: pattern, percent: 10 }] });
    if (is) expect(rates(parse(), usageType)).toEqual(['0.9']);
    else expect(parse).toThrow('fits no price');
  });

  it('may stand in a whole list', () => {
    const list = parsePriceList({ ...frankfurt, discounts: [{ usageType: '*-SmObjects', percent: 50 }] }, 'whole.json');
    expect(rates(list, 'TimedStorage-SIA-SmObjects')).toEqual(['0.00675']);
    expect(rates(list, 'TimedStorage-SIA-ByteHrs')).toEqual(['0.0135']);
    expect(list.own).toMatchObject({ file: 'whole.json', discounts: [{ usageType: '*-SmObjects' }] });
  });

  it('are what fractions of whole numbers give', () => {
    const cases = fc.record({
      rate: fc.bigInt(0n, 10n ** 12n),
      places: fc.integer({ min: 0, max: 12 }),
      percent: fc.bigInt(0n, 100n * 10n ** 4n),
    });
    fc.assert(
      fc.property(cases, ({ rate, places, percent }) => {
        const usd = formatDecimal({ digits: rate, scale: places });
        const off = formatDecimal({ digits: percent, scale: 4 });
        const list = own({ prices: [storage(usd)], discounts: [{ usageType: 'TimedStorage-ByteHrs', percent: off }] });
        const { digits, scale } = list.prices.find(({ usageType }) => usageType === 'TimedStorage-ByteHrs')!.tiers[0]!
          .usd;
        // digits / 10^scale = rate / 10^places × (1,000,000 − percent) / 1,000,000
        expect(digits * 10n ** BigInt(places) * 1_000_000n).toBe(rate * (1_000_000n - percent) * 10n ** BigInt(scale));
      }),
    );
  });

  it('find usage types as a search for every split would', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', '-'), minLength: 1, maxLength: 6 });
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '-', '*'), minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(word, pattern, (usageType, glob) => {
        const json = { ...frankfurt, prices: [{ ...storage('1'), usageType, source: 'price-page' }] };
        const parse = () => parsePriceList({ ...json, discounts: [{ usageType: glob, percent: 10 }] });
        if (new RegExp(`^${glob.replaceAll('*', '.*')}$`).test(usageType))
          expect(parse().prices[0]!.tiers).toBeDefined();
        else expect(parse).toThrow('fits no price');
      }),
    );
  });
});

describe('periods', () => {
  const list = () =>
    own({
      prices: [storage('0.03')],
      discounts: [{ usageType: 'Requests-*', percent: 50 }],
      periods: [
        { from: '2025-03-01', prices: [storage('0.02')] },
        { from: '2025-06-15', discounts: [{ usageType: 'TimedStorage-ByteHrs', percent: 5 }] },
        { from: '2025-09-01', prices: [storage('0.01')], discounts: [] },
      ],
    });

  it.each([
    ['2020-01', '0.03', '0.0000027'],
    ['2025-02', '0.03', '0.0000027'],
    ['2025-03', '0.02', '0.0000027'],
    ['2025-06', '0.02', '0.0000027'], // The change of the 15th comes into the bill of July.
    ['2025-07', '0.019', '0.0000054'],
    ['2025-08', '0.019', '0.0000054'],
    ['2025-09', '0.01', '0.0000054'],
    ['2031-12', '0.01', '0.0000054'],
  ])('%s is billed at the prices in force on its first day', (month, gb, put) => {
    expect(rates(list(), 'TimedStorage-ByteHrs', { month })).toEqual([gb]);
    expect(rates(list(), 'Requests-Tier1', { month })).toEqual([put]);
    expect(rates(list(), 'TimedStorage-ZIA-ByteHrs', { month })).toEqual(['0.0108']);
  });

  it('date what they change', () => {
    const dates = ['2025-02', '2025-03', '2025-07', '2025-09'].map(
      (month) => priceOf(pricesIn(list(), month), 'TimedStorage-ByteHrs', '')!.effectiveDate,
    );
    expect(dates).toEqual([undefined, '2025-03-01', '2025-03-01', '2025-09-01']);
  });

  it('of an extended list and of the file are in order of time', () => {
    const later = { from: '2025-06-01', prices: [{ ...storage('0.2'), source: 'price-page' }] };
    const dated = parsePriceList({ ...frankfurt, periods: [later] });
    const earlier = { from: '2025-03-01', prices: [storage('0.3')] };
    const both = parsePriceList({ extends: 'x', periods: [earlier] }, 'file.json', () => dated);
    expect(both.periods!.map(({ from }) => from)).toEqual(['2025-03-01', '2025-06-01']);
    expect(Object.keys(own({ prices: [storage('0.3')] }))).not.toContain('periods');
  });

  it('are told by a list, the discounts that go on once', () => {
    const discounts = [{ usageType: 'Requests-*', percent: 50 }];
    const periods = [{ from: '2025-03-01', prices: [storage('0.02')] }];
    expect(own({ discounts, periods }).own!.discounts.map(({ from }) => from)).toEqual([undefined]);
  });

  it('of an extended list go on', () => {
    const dated = parsePriceList({
      ...frankfurt,
      periods: [{ from: '2025-02-01', prices: [{ ...storage('0.2'), source: 'price-page' }] }],
    });
    const twice = parsePriceList(
      {
        extends: 'x',
        prices: [{ usageType: 'Retrieval-SIA', unit: 'GB', usd: '0.5' }],
        periods: [{ from: '2025-03-01', prices: [storage('0.3')] }],
      },
      'file.json',
      () => dated,
    );
    const months = ['2025-01', '2025-02', '2025-03'];
    expect(months.map((month) => rates(twice, 'TimedStorage-ByteHrs', { month })[0])).toEqual(['0.0245', '0.2', '0.3']);
    expect(months.map((month) => rates(twice, 'Retrieval-SIA', { month })[0])).toEqual(['0.5', '0.5', '0.5']);
  });
});

describe('refuses', () => {
  const gb = { usageType: 'Standard-Retrieval-Bytes', unit: 'GB', usd: '0.01' };
  it.each<[string, object, string]>([
    ['an unknown field', { price: [] }, "has an unknown field 'price'"],
    ...['Put Object', 'PutObject ', ' PutObject'].map((operation): [string, object, string] => [
      `the operation ${JSON.stringify(operation)}`,
      { discounts: [{ usageType: '*', operation, percent: 5 }] },
      `discounts[0].operation: '${operation}' is not an operation such as GetObject`,
    ]),
    [
      'a usage type with something behind it',
      { discounts: [{ usageType: 'TimedStorage-* ', percent: 5 }] },
      "discounts[0].usageType: 'TimedStorage-* ' is not a usage type such as TimedStorage-*",
    ],
    [
      'a percentage that is none',
      { discounts: [{ usageType: '*', percent: null }] },
      "discounts[0].percent: object 'null' is not a percentage",
    ],
    ['an effective date, which is the region’s', { effectiveDate: '2025-01-01' }, "unknown field 'effectiveDate'"],
    [
      'a usage type that is not metered',
      { prices: [{ ...storage('1'), usageType: 'TimedStorge-ByteHrs' }] },
      "prices[0].usageType: 'TimedStorge-ByteHrs' is never metered; did you mean 'TimedStorage-ByteHrs'?",
    ],
    [
      'a price that would change nothing',
      { prices: [storage('1'), gb] },
      'prices[1]: Standard-Retrieval-Bytes is priced by operation (DeepArchiveRestoreObject, RestoreObject); name the one',
    ],
    ['tiers and a price', { prices: [{ ...storage('1'), tiers: [] }] }, "prices[0]: has 'tiers' and 'usd'"],
    ['no price', { prices: [{ usageType: 'Retrieval-SIA', unit: 'GB' }] }, "prices[0]: has no field 'tiers'"],
    ['a source it does not say', { prices: [{ ...storage('1'), source: 'x' }] }, "'x' is not among the sources"],
    [
      'a discount that fits nothing',
      { discounts: [{ usageType: 'EUC1-TimedStorage-*', percent: 5 }] },
      "discounts[0]: 'EUC1-TimedStorage-*' fits no price; usage types stand here without the region's prefix",
    ],
    [
      'an operation that fits nothing',
      { discounts: [{ usageType: 'Requests-*', operation: 'Put', percent: 5 }] },
      "'Requests-*' (operation 'Put') fits no price",
    ],
    ['a discount over 100 %', { discounts: [{ usageType: '*', percent: '100.1' }] }, "'100.1' is not from 0 to 100"],
    [
      'a surcharge',
      { discounts: [{ usageType: '*', percent: -5 }] },
      "discounts[0].percent: '-5' is not from 0 to 100",
    ],
    ['a percentage in words', { discounts: [{ usageType: '*', percent: '5 %' }] }, "'5 %' is not a percentage"],
    ['an exponent', { discounts: [{ usageType: '*', percent: 1e-7 }] }, "'1e-7' is not a percentage"],
    ['a pattern of other characters', { discounts: [{ usageType: '.*', percent: 5 }] }, "'.*' is not a usage type"],
    ['no list', { discounts: { '*': 5 } }, 'discounts: object'],
    ['periods out of order', { periods: [{ from: '2025-03-01' }, { from: '2025-03-01' }] }, 'periods[1].from'],
    [
      'a period before the list',
      { periods: [{ from: '2024-09-25' }] },
      "periods[0].from: '2024-09-25' is not after 2024-09-25, when the prices before it begin",
    ],
    ['a period without a date', { periods: [{ prices: [] }] }, "periods[0]: has no field 'from'"],
    ['what is wrong in a period', { periods: [{ from: '2025-01-01', prices: [{}] }] }, 'periods[0].prices[0]: has no'],
  ])('%s', (_, changes, message) => {
    expect(() => own(changes)).toThrow(InputError);
    expect(() => own(changes)).toThrow(`contract.json: price list: `);
    expect(() => own(changes)).toThrow(message);
  });

  it('a region where there is none to extend', () => {
    expect(() => parsePriceList({ extends: 'eu-central-1' })).toThrow('extends: there are no prices to extend here');
    expect(() => own({ extends: 'mars-1' })).toThrow("no prices for region 'mars-1'");
  });
});
