import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/model/diagnostic.ts';
import { formatDecimal } from '../../src/model/money.ts';
import { parsePriceList, priceOf } from '../../src/pricing/price-list.ts';

const file = () => ({
  region: 'eu-central-1',
  prefix: 'EUC1-',
  effectiveDate: '2024-09-25',
  sources: { page: 'the price page' },
  prices: [
    {
      usageType: 'TimedStorage-ByteHrs',
      unit: 'GB-Mo',
      tiers: [
        { from: '0', to: '51200', usd: '0.0245' },
        { from: '51200', to: null as string | null, usd: '0.0235' },
      ],
      source: 'page',
    },
    {
      usageType: 'Requests-GDA-Tier1',
      unit: 'Requests',
      tiers: [{ from: '0', to: null, usd: '0.00006' }],
      source: 'page',
    },
    {
      usageType: 'Requests-GDA-Tier1',
      operation: 'UploadPart',
      unit: 'Requests',
      tiers: [{ from: '0', to: null, usd: '0.0000054' }],
      source: 'page',
      effectiveDate: '2025-01-01',
    },
    {
      usageType: 'Requests-Tier4',
      operation: 'S3-SIATransition',
      unit: 'Requests',
      tiers: [{ from: '0', to: null, usd: '0.00001' }],
      source: 'page',
    },
  ],
});

/** The good file with the value at a path replaced; `undefined` removes it. */
function withValue(path: string, value: unknown): unknown {
  const json: unknown = file();
  const keys = path.split('.');
  const last = keys.pop()!;
  const parent = keys.reduce((inner, key) => (inner as Record<string, unknown>)[key], json) as Record<string, unknown>;
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return json;
}

describe('parsePriceList', () => {
  it('reads tiers as exact numbers', () => {
    const list = parsePriceList(file());
    expect(list.region).toBe('eu-central-1');
    expect(list.prices[0]!.tiers).toEqual([
      { from: 0n, to: 51_200n, usd: { digits: 245n, scale: 4 } },
      { from: 51_200n, to: null, usd: { digits: 235n, scale: 4 } },
    ]);
    expect(list.prices[2]).toMatchObject({ operation: 'UploadPart', effectiveDate: '2025-01-01' });
    expect(list.prices[1]).not.toHaveProperty('operation');
  });

  it('reads regions of any number', () => {
    expect(parsePriceList(withValue('region', 'eu-central-12')).region).toBe('eu-central-12');
  });

  it('says that an error is one, and of which file', () => {
    for (const [name, where] of [
      ['prices.json', { file: 'prices.json' }],
      [undefined, {}],
    ] as const) {
      try {
        parsePriceList(withValue('prices', {}), name);
        throw new Error('not refused');
      } catch (error) {
        expect((error as InputError).diagnostics).toMatchObject([{ severity: 'error', where }]);
      }
    }
  });

  it('names the source of own prices without a file', () => {
    const own = { extends: 'eu-central-1', prices: [{ usageType: 'Requests-Tier2', unit: 'Requests', usd: '1' }] };
    expect(parsePriceList(own, undefined, () => parsePriceList(file())).sources).toEqual({
      page: 'the price page',
      own: 'A price file.',
    });
  });

  it.each<[string, unknown, string]>([
    ['region', 'Frankfurt', "region: 'Frankfurt' is not a region such as us-east-1"],
    ['region', '../us-east-1', "region: '../us-east-1' is not a region"],
    ['region', 'eu-central-1x', "region: 'eu-central-1x' is not a region"],
    ['effectiveDate', 'x2024-09-25', "effectiveDate: 'x2024-09-25' is not a date such as 2024-09-25"],
    ['effectiveDate', '2024-09-25T', "effectiveDate: '2024-09-25T' is not a date such as 2024-09-25"],
    ['prices.1.usageType', 'Requests Tier1', "prices[1].usageType: 'Requests Tier1' is not a usage type"],
    ['prices.1.operation', 'Put Object', "prices[1].operation: 'Put Object' is not an operation such as GetObject"],
    ['prices.1.operation', ' PutObject', "prices[1].operation: ' PutObject' is not an operation such as GetObject"],
    ['prices.1.operation', 'PutObject ', "prices[1].operation: 'PutObject ' is not an operation such as GetObject"],
    ['prices.0.source', undefined, "prices[0]: has no field 'source'"],
    ['prices.0.tiers.0.from', ' 0', "prices[0].tiers[0].from: ' 0' is not a whole number as a string"],
    ['prices.0.tiers.0.from', '0 ', "prices[0].tiers[0].from: '0 ' is not a whole number as a string"],
    ['prefix', 'EUC1', "prefix: 'EUC1' is not a usage type prefix such as EUC1-"],
    ['effectiveDate', '2024-02-30', "effectiveDate: '2024-02-30' is not a day"],
    ['effectiveDate', '25.9.2024', "effectiveDate: '25.9.2024' is not a date such as 2024-09-25"],
    ['sources', ['page'], 'sources: object \'["page"]\' is not an object'],
    ['sources.page', 1, "sources.page: number '1' is not a text"],
    ['prices', {}, "prices: object '{}' is not a list"],
    ['prices', undefined, "has no field 'prices'"],
    ['currency', 'EUR', "has an unknown field 'currency'"],
    ['prices.1.operations', 'PutObject', "prices[1]: has an unknown field 'operations'"],
    ['prices.1.operation', null, "prices[1].operation: object 'null' is not an operation such as GetObject"],
    ['prices.1.usageType', '=1+1', "prices[1].usageType: '=1+1' is not a usage type"],
    ['prices.1.unit', 'Bucket-Mo', "prices[1].unit: 'Bucket-Mo' is not one of GB-Mo, Objects-Mo, Tag-Mo, Requests, GB"],
    ['prices.0.unit', 'GB', "prices[0].unit: 'GB' is not what TimedStorage-ByteHrs is priced in, GB-Mo"],
    ['prices.0.source', 'rumour', "prices[0].source: 'rumour' is not among the sources"],
    ['prices.0.source', 'toString', "prices[0].source: 'toString' is not among the sources"],
    ['prices.0.tiers', [], 'prices[0].tiers: has no tier'],
    ['prices.0.tiers.0.usd', 0.0245, "prices[0].tiers[0].usd: number '0.0245' is not a decimal as a string"],
    ['prices.0.tiers.0.usd', '2.45e-2', "prices[0].tiers[0].usd: '2.45e-2' is not a decimal as a string"],
    ['prices.0.tiers.0.usd', '-0.0245', "prices[0].tiers[0].usd: '-0.0245' is negative"],
    ['prices.0.tiers.0.from', '1', "prices[0].tiers[0].from: '1' does not continue the tiers, which reach 0"],
    [
      'prices.0.tiers.1.from',
      '51201',
      "prices[0].tiers[1].from: '51201' does not continue the tiers, which reach 51200",
    ],
    ['prices.0.tiers.0.to', '0', "prices[0].tiers[0].to: '0' is not above the tier's beginning, 0"],
    ['prices.0.tiers.0.to', null, "prices[0].tiers[1].from: '51200' does not continue the tiers, which reach no end"],
    ['prices.0.tiers.0.to', 'Inf', "prices[0].tiers[0].to: 'Inf' is not a whole number as a string"],
    ['prices.0.tiers.1.to', '99999', 'prices[0].tiers: end at 99999: usage beyond would have no price'],
    ['prices.2.operation', undefined, "prices: has two prices for 'Requests-GDA-Tier1'"],
  ])('refuses %s = %j', (path, value, message) => {
    const parse = () => parsePriceList(withValue(path, value), 'prices.json');
    expect(parse).toThrow(InputError);
    expect(parse).toThrow(`prices.json: price list: ${message}`);
  });

  it.each([null, [], 'us-east-1', 7])('refuses %j as a whole', (json) => {
    expect(() => parsePriceList(json)).toThrow(/^price list: .* is not an object$/);
  });
});

describe('priceOf', () => {
  const usd = (usageType: string, operation: string) => {
    const price = priceOf(parsePriceList(file()), usageType, operation);
    return price && formatDecimal(price.tiers[0]!.usd);
  };

  it('prefers the price of the operation, else that of any operation', () => {
    expect(usd('Requests-GDA-Tier1', 'UploadPart')).toBe('0.0000054');
    expect(usd('Requests-GDA-Tier1', 'PutObject')).toBe('0.00006');
    expect(usd('TimedStorage-ByteHrs', 'RestoreObject')).toBe('0.0245');
  });

  it('has none for another operation of a usage type priced by operation, nor for an unknown usage type', () => {
    expect(usd('Requests-Tier4', 'S3-GIRTransition')).toBeUndefined();
    expect(usd('Requests-Tier1', 'PutObject')).toBeUndefined();
  });
});
