/** AWS's own price files: what is taken from them, and what is not. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { InputError, UsageError } from '../../src/model/diagnostic.ts';
import { formatDecimal } from '../../src/model/money.ts';
import { formatPriceList } from '../../src/pricing/format-price-list.ts';
import { type ImportedOffers, importOffers } from '../../src/pricing/import-offers.ts';
import { parseOfferCsv } from '../../src/pricing/offer-csv.ts';
import { parseOfferJson } from '../../src/pricing/offer-json.ts';
import { type PriceList, parsePriceList, priceOf } from '../../src/pricing/price-list.ts';
import { knownPrefix, regionAt } from '../../src/pricing/regions.ts';

const read = (name: string): string => readFileSync(new URL(`offers/${name}`, import.meta.url), 'utf8');
const offer = (name: string) =>
  name.endsWith('.csv') ? parseOfferCsv(read(name), name) : parseOfferJson(read(name), name);

/** Tiers of a price as `from–to: usd`, in the offer's own digits. */
function tiers(list: PriceList, usageType: string, operation = 'any'): string[] | undefined {
  return priceOf(list, usageType, operation)?.tiers.map(
    ({ from, to, usd }) => `${from}–${to ?? ''}: ${formatDecimal(usd)}`,
  );
}

/** Reasons and how many products have each. */
function reasons({ notUnderstood }: ImportedOffers): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { reason } of notUnderstood) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}

describe('the made offers', () => {
  const made = () => {
    const imported = importOffers(
      ['AWSDataTransfer.json', 'AmazonS3.json', 'AmazonS3GlacierDeepArchive.json'].map(offer),
    );
    const [frankfurt, virginia] = imported.regions.map(({ list }) => list) as [PriceList, PriceList];
    return { imported, frankfurt, virginia };
  };

  it('give a list per region, with the prefix their usage types have', () => {
    const { imported, virginia } = made();
    expect(imported.regions.map(({ list }) => [list.region, list.prefix, list.effectiveDate])).toEqual([
      ['eu-central-1', 'EUC1-', '2026-06-01'],
      ['us-east-1', '', '2026-06-01'],
    ]);
    expect(tiers(virginia, 'TimedStorage-ByteHrs')).toEqual(['0–: 0.0230000000']);
    expect(imported.regions[1]!.unpriced.some(({ usageType }) => usageType === 'TimedStorage-ByteHrs')).toBe(false);
  });

  it('give volume tiers in order and every digit of a price', () => {
    const { frankfurt } = made();
    expect(tiers(frankfurt, 'TimedStorage-ByteHrs', 'StandardStorage')).toEqual([
      '0–51200: 0.0245000000',
      '51200–512000: 0.0235000000',
      '512000–: 0.0225000000',
    ]);
    expect(tiers(frankfurt, 'Requests-Tier2')).toEqual(['0–: 0.0000004300']);
    // The description says "$0.012 per GB", three months of it: the price is the number.
    expect(tiers(frankfurt, 'EarlyDelete-ByteHrs')).toEqual(['0–: 0.0040500000']);
  });

  it('tell operations apart, in the names of usage reports', () => {
    const { frankfurt } = made();
    expect(tiers(frankfurt, 'Requests-Tier3', 'S3-GlacierTransition')).toEqual(['0–: 0.0000360000']);
    expect(tiers(frankfurt, 'Requests-Tier3', 'S3-GDATransition')).toEqual(['0–: 0.0000600000']);
    expect(tiers(frankfurt, 'Requests-Tier4', 'S3-GIRTransition')).toEqual(['0–: 0.0000200000']);
    expect(tiers(frankfurt, 'Requests-GLACIER-Tier1', 'CreateMultipartUpload')).toEqual(['0–: 0.0000054000']);
    expect(tiers(frankfurt, 'Requests-GLACIER-Tier1', 'PutObject')).toEqual(['0–: 0.0000360000']);
    expect(tiers(frankfurt, 'Requests-GDA-Tier5', 'DeepArchiveRestoreObject')).toEqual(['0–: 0.0000300000']);
    // By the operation's other spelling, and by the volume type alone.
    expect(tiers(frankfurt, 'TimedStorage-ByteHrs', 'IntAAS3ObjectOverhead')).toEqual(['0–: 0.0225000000']);
    expect(tiers(frankfurt, 'TimedStorage-ByteHrs', 'IntDAAS3ObjectOverhead')).toEqual(['0–: 0.0225000000']);
  });

  it('tell Deep Archive from Flexible Retrieval by the offer where there is no operation', () => {
    const { frankfurt } = made();
    expect(tiers(frankfurt, 'Standard-Retrieval-Bytes', 'RestoreObject')).toEqual(['0–: 0.0120000000']);
    expect(tiers(frankfurt, 'Standard-Retrieval-Bytes', 'DeepArchiveRestoreObject')).toEqual(['0–: 0.0240000000']);
    // In the offer AmazonS3 it may be either's.
    expect(tiers(frankfurt, 'Bulk-Retrieval-Bytes', 'RestoreObject')).toBeUndefined();
  });

  it('price data transfer out to the internet by its own offer, after the free 100 GB', () => {
    const { frankfurt, virginia } = made();
    expect(tiers(frankfurt, 'DataTransfer-Out-Bytes')).toEqual([
      '0–100: 0',
      '100–10340: 0.0900000000',
      '10340–51300: 0.0850000000',
      '51300–153700: 0.0700000000',
      '153700–: 0.0500000000',
    ]);
    expect(tiers(virginia, 'DataTransfer-Out-Bytes')).toBeUndefined();
    expect(frankfurt.sources['AWSDataTransfer-20260831121448']).toContain('beyond the global free tier');
  });

  it('date what came into force later, and name the source', () => {
    const { frankfurt } = made();
    const price = priceOf(frankfurt, 'TimedStorage-GDA-ByteHrs', 'DeepArchiveStorage')!;
    expect(price.effectiveDate).toBe('2026-07-01');
    expect(frankfurt.sources[price.source]).toBe(
      "AWS's Price List, offer AmazonS3GlacierDeepArchive, version 20260701001700, published on 2026-07-01.",
    );
    expect(priceOf(frankfurt, 'Requests-Tier1', 'PutObject')).not.toHaveProperty('effectiveDate');
  });

  it('are otherwise not understood, each for a reason', () => {
    const { imported } = made();
    expect(reasons(imported)).toEqual({
      'a usage type that is never metered': 3,
      'data transfer, which the offer AWSDataTransfer prices': 2,
      'data transfer that is not out to the internet': 1,
      'a place whose region is not known': 2,
      'a place that is no AWS Region': 1,
      'an operation that is never metered': 1,
      'no operation, where the price goes by it': 1,
      "a price per 'Requests' of what is priced per GB": 1,
      'no on-demand price': 1,
    });
    const first = imported.notUnderstood.find(({ reason }) => reason === 'a usage type that is never metered')!;
    expect(first.product.usageType).toBe('EUC1-Tables-TimedStorage-ByteHrs');
  });

  it('leave the rest without a price', () => {
    const { imported } = made();
    const unpriced = imported.regions[0]!.unpriced.map(({ usageType, operation }) => `${usageType} ${operation}`);
    expect(unpriced).toContain('Retrieval-SIA GetObject');
    expect(unpriced).toContain('Bulk-Retrieval-Bytes RestoreObject');
    expect(unpriced).not.toContain('Bulk-Retrieval-Bytes DeepArchiveRestoreObject');
    expect(unpriced.filter((name) => name.startsWith('Requests-GDA-Tier1')).sort()).toEqual([
      'Requests-GDA-Tier1 CompleteMultipartUpload',
      'Requests-GDA-Tier1 CopyObject',
      'Requests-GDA-Tier1 PostObject',
      'Requests-GDA-Tier1 PutObject',
      'Requests-GDA-Tier1 UploadPart',
    ]);
  });

  it('become price files that are read back as they are', () => {
    const { imported } = made();
    for (const { list } of imported.regions) {
      expect(parsePriceList(JSON.parse(formatPriceList(list)), `${list.region}.json`)).toEqual(list);
    }
  });

  it('give one region when it is named', () => {
    const one = importOffers([offer('AmazonS3.json')], 'us-east-1');
    expect(one.regions.map(({ list }) => list.region)).toEqual(['us-east-1']);
    expect(one.elsewhere).toBe(33);
    expect(one.notUnderstood).toEqual([]);
  });

  it('of CSV join the rows of a product', () => {
    const { regions, notUnderstood } = importOffers([offer('AmazonS3-eu-west-1.csv')]);
    expect(regions[0]!.list).toMatchObject({ region: 'eu-west-1', prefix: 'EU-', effectiveDate: '2018-03-01' });
    expect(tiers(regions[0]!.list, 'TimedStorage-ByteHrs')).toEqual([
      '0–51200: 0.0230000000',
      '51200–512000: 0.0220000000',
      '512000–: 0.0210000000',
    ]);
    expect(notUnderstood.map(({ product }) => [product.sku, product.line])).toEqual([
      ['MADECSV00000T300', 11],
      ['MADECSV00000INV0', 12],
    ]);
  });
});

/** An offer of one product, with anything in it changed. */
function small(changes: { attributes?: object; term?: object; dimension?: object; offer?: object; sku?: string } = {}) {
  const sku = changes.sku ?? 'SKU1';
  const dimension = { beginRange: '0', endRange: 'Inf', unit: 'Requests', pricePerUnit: { USD: '0.0000050000' } };
  const attributes = { usagetype: 'Requests-Tier1', regionCode: 'us-east-1', location: 'US East (N. Virginia)' };
  return parseOfferJson(
    JSON.stringify({
      offerCode: 'AmazonS3',
      version: '1',
      publicationDate: '2026-01-02T00:00:00Z',
      products: { [sku]: { attributes: { ...attributes, ...changes.attributes } } },
      terms: {
        OnDemand: {
          [sku]: {
            term: {
              effectiveDate: '2026-01-01T00:00:00Z',
              priceDimensions: { rate: { ...dimension, ...changes.dimension } },
              ...changes.term,
            },
          },
        },
      },
      ...changes.offer,
    }),
    `${sku}.json`,
  );
}

const price = (usd: string) => ({ dimension: { pricePerUnit: { USD: usd } } });

describe('two prices of one thing', () => {
  it('are an error that names both SKUs', () => {
    const both = [small(), small({ sku: 'SKU2', ...price('0.0000060000') })];
    expect(() => importOffers(both)).toThrow(InputError);
    expect(() => importOffers(both)).toThrow(
      "Requests-Tier1 has two prices: SKU 'SKU1' $0.000005 in SKU1.json, and SKU 'SKU2' $0.000006 in SKU2.json",
    );
  });

  it('are one when they are equal', () => {
    expect(importOffers([small(), small({ sku: 'SKU2' })]).regions[0]!.list.prices).toHaveLength(1);
    expect(importOffers([small(), small({ sku: 'SKU2', ...price('0.000005') })]).regions).toHaveLength(1);
  });

  it('are two of different operations, places and offers', () => {
    const transition = (operation: string, usd: string) =>
      small({ sku: operation, attributes: { usagetype: 'Requests-Tier4', operation }, ...price(usd) });
    const [region] = importOffers([
      transition('S3-SIATransition', '0.00001'),
      transition('S3-GIRTransition', '0.00002'),
    ]).regions;
    expect(region!.list.prices.map(({ operation }) => operation)).toEqual(['S3-SIATransition', 'S3-GIRTransition']);
  });

  it('are of different days where one SKU has them by date', () => {
    const later = small({ ...price('0.0000060000'), term: { effectiveDate: '2026-03-01T00:00:00Z' } });
    const other = small({ sku: 'GET', attributes: { usagetype: 'Requests-Tier2' } });
    const { list } = importOffers([later, small(), other]).regions[0]!;
    expect(list.effectiveDate).toBe('2026-01-01');
    expect(tiers(list, 'Requests-Tier1')).toEqual(['0–: 0.0000050000']);
    expect(list.periods!.map(({ from }) => from)).toEqual(['2026-03-01']);
    expect(tiers({ ...list, prices: list.periods![0]!.prices }, 'Requests-Tier1')).toEqual(['0–: 0.0000060000']);
    expect(tiers({ ...list, prices: list.periods![0]!.prices }, 'Requests-Tier2')).toEqual(['0–: 0.0000050000']);
    const file = formatPriceList(list);
    expect(JSON.parse(file).periods[0].prices).toHaveLength(1);
    const { own, ...again } = parsePriceList(JSON.parse(file), 'prices.json');
    expect(again).toEqual(list);
    expect(own).toEqual({ file: 'prices.json', discounts: [] });
  });
});

describe('what cannot be read', () => {
  it.each<[string, Parameters<typeof small>[0], string]>([
    ['a price in words', price('free'), "SKU1.json: SKU 'SKU1': price 'free' is not a decimal"],
    ['an exponent', price('5e-6'), "price '5e-6' is not a decimal"],
    ['a gap before the first tier', { dimension: { beginRange: '5' } }, 'a tier begins at 5 where the tiers before it'],
    ['an end', { dimension: { endRange: '100' } }, "SKU 'SKU1': the tiers end at 100"],
    ['a broken range', { dimension: { beginRange: '0.5' } }, "beginRange '0.5' is not a whole number"],
    ['no range', { dimension: { endRange: '' } }, "endRange '' is not a whole number or Inf"],
    ['another service', { offer: { offerCode: 'AmazonEC2' } }, "the offer 'AmazonEC2' has no prices of S3; AmazonS3,"],
    ['nothing of use', { attributes: { usagetype: 'Requests-Tier9' } }, 'SKU1.json: no price in it is of what the'],
    [
      'no day at all',
      { offer: { publicationDate: '' }, term: { effectiveDate: '01/03/2018' } },
      "the effective date '01/03/2018' is no day",
    ],
  ])('%s', (_, changes, message) => {
    const run = () => importOffers([small(changes)]);
    expect(run).toThrow(InputError);
    expect(run).toThrow(message);
  });

  it.each([
    ['no JSON', '{', 'not valid JSON'],
    ['another document', '{"a": 1}', 'it has no "offerCode" and "products"'],
    ['a list', '[]', 'it has no "offerCode" and "products"'],
  ])('%s', (_, text, message) => {
    expect(() => parseOfferJson(text, 'x.json')).toThrow(`x.json: this is no offer of AWS's Price List: ${message}`);
  });

  const csv = read('AmazonS3-eu-west-1.csv');
  it.each([
    [
      'a CSV of something else',
      'timestamp,operation\n1,2\n',
      "x.csv: this is no offer of AWS's Price List: there is no",
    ],
    ['a column that is not there', csv.replace('"Unit"', '"Units"'), 'the header has no column unit'],
    ['a ragged row', csv.replace('"eu-west-1",', ''), 'x.csv:7: 20 fields where the header has 21'],
    ['a quote never closed', `${csv}"`, 'x.csv:13: Quote Not Closed'],
  ])('%s', (_, text, message) => {
    expect(() => parseOfferCsv(text, 'x.csv')).toThrow(InputError);
    expect(() => parseOfferCsv(text, 'x.csv')).toThrow(message);
  });

  it('a region that is not there', () => {
    expect(() => importOffers([small()], 'eu-west-1')).toThrow(UsageError);
    expect(() => importOffers([small()], 'eu-west-1')).toThrow("no prices of 'eu-west-1'; they have us-east-1");
  });

  it('two prefixes of a region nobody knows', () => {
    const at = (sku: string, usagetype: string) =>
      small({ sku, attributes: { usagetype, regionCode: 'xx-north-1', location: 'Nowhere' } });
    expect(() => importOffers([at('A', 'XXN1-Requests-Tier1'), at('B', 'XXN2-Requests-Tier2')])).toThrow(
      'the usage types of xx-north-1 have several prefixes: XXN1-Requests-Tier1 (SKU A), XXN2-Requests-Tier2 (SKU B)',
    );
  });
});

describe('what is decided', () => {
  it('a known prefix is the region’s, others are not', () => {
    const ireland = (sku: string, usagetype: string) =>
      small({ sku, attributes: { usagetype, regionCode: 'eu-west-1', location: 'EU (Ireland)' } });
    const imported = importOffers([ireland('A', 'EU-Requests-Tier1'), ireland('B', 'APS1-Requests-Tier2')]);
    expect(imported.regions[0]!.list).toMatchObject({ prefix: 'EU-', prices: [{ usageType: 'Requests-Tier1' }] });
    expect(reasons(imported)).toEqual({ 'a usage type with the prefix of another place': 1 });
  });

  it('N. Virginia may have a prefix or none', () => {
    const offers = [small(), small({ sku: 'GET', attributes: { usagetype: 'USE1-Requests-Tier2' } })];
    expect(importOffers(offers).regions[0]!.list.prices).toHaveLength(2);
  });

  it('a place without a region code is one that has its name', () => {
    const named = { usagetype: 'XXN1-Requests-Tier2', regionCode: '', location: 'Nowhere (North)' };
    const coded = { usagetype: 'XXN1-Requests-Tier1', regionCode: 'xx-north-1', location: 'Nowhere (North)' };
    const [region] = importOffers([small({ sku: 'A', attributes: named }), small({ attributes: coded })]).regions;
    expect(region!.list).toMatchObject({ region: 'xx-north-1', prefix: 'XXN1-' });
    expect(region!.list.prices).toHaveLength(2);
  });

  it('a Local Zone is no region, whatever it calls itself', () => {
    const zone = { regionCode: 'us-west-2-lax-1', location: 'US West (Los Angeles)', usagetype: 'LAX1-Requests-Tier1' };
    expect(reasons(importOffers([small(), small({ sku: 'LAX', attributes: zone })]))).toEqual({
      'a place that is no AWS Region': 1,
    });
    const path = { regionCode: '../../etc/x', location: 'x' };
    expect(() => importOffers([small({ attributes: path })])).toThrow('no price in it');
  });

  it.each([
    ['2026-01-01T00:00:00Z', '2026-01-01'],
    ['2026-01-01', '2026-01-01'],
    ['13/01/2026', '2026-01-13'],
    ['01/13/2026', '2026-01-13'],
    ['03/03/2026', '2026-03-03'],
    ['01/03/2026', '2026-01-02'],
    ['01/12/2026', '2026-01-02'],
    ['113/01/2026', '2026-01-02'],
    ['13/01/20261', '2026-01-02'],
    ['x2026-01-01', '2026-01-02'],
    ['2026-01-011', '2026-01-02'],
    ['', '2026-01-02'],
  ])('an effective date of %j is %s', (effectiveDate, day) => {
    const [region] = importOffers([small({ term: { effectiveDate } })]).regions;
    expect(region!.list.effectiveDate).toBe(day);
    expect(region!.notes).toHaveLength(day === '2026-01-02' ? 1 : 0);
  });

  it('a price in another currency is none', () => {
    const yuan = small({
      sku: 'CNY',
      dimension: { pricePerUnit: { CNY: '1' } },
      attributes: { usagetype: 'Upload-XZ' },
    });
    expect(reasons(importOffers([small(), yuan]))).toEqual({ "a price in 'CNY'": 1 });
  });

  it('data transfer that does not say it begins beyond the free tier is taken as it stands', () => {
    const transfer = small({
      offer: { offerCode: 'AWSDataTransfer' },
      attributes: { usagetype: 'DataTransfer-Out-Bytes', transferType: 'AWS Outbound', toLocation: 'External' },
      dimension: { unit: 'GB', description: 'data transfer out', pricePerUnit: { USD: '0.09' } },
    });
    expect(tiers(importOffers([transfer]).regions[0]!.list, 'DataTransfer-Out-Bytes')).toEqual(['0–: 0.09']);
  });
});

/** The diagnostics of an import that is refused. */
function refused(run: () => unknown): InputError['diagnostics'] {
  try {
    run();
  } catch (error) {
    if (error instanceof InputError) return error.diagnostics;
    throw error;
  }
  throw new Error('not refused');
}

const TRANSFER = {
  offer: { offerCode: 'AWSDataTransfer' },
  attributes: { usagetype: 'DataTransfer-Out-Bytes', transferType: 'AWS Outbound', toLocation: 'External' },
  dimension: { unit: 'GB' },
};

describe('prices merged', () => {
  const transition = (operation: string) =>
    small({ sku: operation, attributes: { usagetype: 'Requests-Tier4', operation } });

  it('are in the order of a bill, operations too', () => {
    const storage = { attributes: { usagetype: 'TimedStorage-ByteHrs' }, dimension: { unit: 'GB-Mo' }, sku: 'STORED' };
    const offers = [transition('S3-GIRTransition'), small(), transition('S3-SIATransition'), small(storage)];
    const { prices } = importOffers(offers).regions[0]!.list;
    expect(prices.map(({ usageType, operation }) => [usageType, operation])).toEqual([
      ['TimedStorage-ByteHrs', undefined],
      ['Requests-Tier4', 'S3-SIATransition'],
      ['Requests-Tier4', 'S3-GIRTransition'],
      ['Requests-Tier1', undefined],
    ]);
    expect(Object.keys(prices[0]!)).not.toContain('operation');
    expect(Object.keys(prices[0]!)).not.toContain('effectiveDate');
  });

  it('of several days are periods in order of time, a day that changes nothing is none', () => {
    const from = (day: string, usd: string) => small({ ...price(usd), term: { effectiveDate: day } });
    const days = [from('2026-05-01', '4'), from('2026-02-01', '1'), from('2026-03-01', '3'), from('2026-04-01', '3')];
    const { list } = importOffers(days).regions[0]!;
    expect([list.effectiveDate, tiers(list, 'Requests-Tier1')]).toEqual(['2026-02-01', ['0–: 1']]);
    expect(list.periods!.map((period) => [period.from, tiers({ ...list, ...period }, 'Requests-Tier1')])).toEqual([
      ['2026-03-01', ['0–: 3']],
      ['2026-05-01', ['0–: 4']],
    ]);
    expect(Object.keys(importOffers([small()]).regions[0]!.list)).not.toContain('periods');
  });

  it('begin on the earliest day of any, and change in order of time whatever changes first', () => {
    const at = (sku: string, usagetype: string, day: string, usd: string) =>
      small({ sku, attributes: { usagetype }, term: { effectiveDate: day }, ...price(usd) });
    const { list } = importOffers([
      at('PUT', 'Requests-Tier1', '2026-02-01', '1'),
      at('PUT', 'Requests-Tier1', '2026-05-01', '2'),
      at('GET', 'Requests-Tier2', '2026-01-01', '1'),
      at('GET', 'Requests-Tier2', '2026-03-01', '2'),
    ]).regions[0]!;
    expect([list.effectiveDate, list.periods!.map(({ from }) => from)]).toEqual([
      '2026-01-01',
      ['2026-03-01', '2026-05-01'],
    ]);
  });

  it('of several SKUs are not of several days, nor those of one SKU of the same day', () => {
    const later = { ...price('2'), term: { effectiveDate: '2026-03-01' } };
    expect(() => importOffers([small(), small({ sku: 'SKU2', ...later })])).toThrow('has two prices');
    expect(() => importOffers([small(), small(price('2'))])).toThrow('has two prices');
  });

  it('are refused with operation and volumes', () => {
    const rate = (beginRange: string, endRange: string, usd: string) => ({
      ...{ beginRange, endRange, unit: 'Requests', pricePerUnit: { USD: usd } },
    });
    const priceDimensions = { a: rate('0', '100', '0.0100'), b: rate('100', 'Inf', '20.00') };
    const attributes = { usagetype: 'Requests-Tier4', operation: 'S3-SIATransition' };
    const offers = [transition('S3-SIATransition'), small({ sku: 'TIERS', attributes, term: { priceDimensions } })];
    expect(() => importOffers(offers)).toThrow(
      "Requests-Tier4 (operation S3-SIATransition) has two prices: SKU 'S3-SIATransition' $0.000005 in " +
        "S3-SIATransition.json, and SKU 'TIERS' $0.01 up to 100, then $20 in TIERS.json",
    );
  });

  it('name their sources, with the free tier that was put before them', () => {
    const transfer = { ...TRANSFER, dimension: { unit: 'GB', description: 'first 10 TB beyond the global free tier' } };
    expect(importOffers([small(transfer), small()]).regions[0]!.list.sources).toEqual({
      'AWSDataTransfer-1':
        "AWS's Price List, offer AWSDataTransfer, version 1, published on 2026-01-02. Its tiers of data transfer out " +
        'begin beyond the global free tier: the 100 GB a month that AWS gives free over all services and regions ' +
        '(https://aws.amazon.com/s3/pricing/) come first here, all to S3.',
      'AmazonS3-1': "AWS's Price List, offer AmazonS3, version 1, published on 2026-01-02.",
    });
    const bare = importOffers([small({ offer: { version: '', publicationDate: '' } })]).regions[0]!.list;
    expect(bare.sources).toEqual({ AmazonS3: "AWS's Price List, offer AmazonS3." });
    expect(bare.prices[0]!.source).toBe('AmazonS3');
  });

  it('say of which day they are taken to be', () => {
    const [region] = importOffers([small({ term: { effectiveDate: '01/03/2026' } })]).regions;
    expect(region!.notes).toEqual([
      "SKU1.json: the effective date '01/03/2026' can be read in more than one way, or in none; the day of publication, 2026-01-02, is taken",
    ]);
    expect(
      refused(() => importOffers([small({ term: { effectiveDate: '?' }, offer: { publicationDate: 'soon' } })])),
    ).toEqual([
      {
        severity: 'error',
        message: "the effective date '?' is no day, and there is no date of publication",
        where: { file: 'SKU1.json' },
      },
    ]);
  });
});

describe('where a product is', () => {
  const named = { usagetype: 'XXN1-Requests-Tier2', regionCode: '', location: 'Nowhere (North)' };
  const coded = { usagetype: 'XXN1-Requests-Tier1', regionCode: 'xx-north-1', location: 'Nowhere (North)' };

  it('is told by the names of others, whichever comes first, but not by no name', () => {
    const offers = [small({ attributes: coded }), small({ sku: 'A', attributes: named })];
    expect(importOffers(offers).regions[0]!.list.prices).toHaveLength(2);
    const nameless = [
      small({ attributes: { ...coded, location: '' } }),
      small({ sku: 'A', attributes: { ...named, location: '' } }),
    ];
    expect(reasons(importOffers(nameless))).toEqual({ 'a place whose region is not known': 1 });
  });

  it('is not known, which is told whatever region is asked for', () => {
    const imported = importOffers([small(), small({ sku: 'A', attributes: named })], 'us-east-1');
    expect(reasons(imported)).toEqual({ 'a place whose region is not known': 1 });
    expect(imported.elsewhere).toBe(0);
  });

  it('is told in the order of names', () => {
    const ireland = { usagetype: 'EU-Requests-Tier1', regionCode: 'eu-west-1', location: 'EU (Ireland)' };
    const { regions } = importOffers([small(), small({ sku: 'A', attributes: ireland })]);
    expect(regions.map(({ list }) => list.region)).toEqual(['eu-west-1', 'us-east-1']);
  });

  it('is a region that is left out where it has no price', () => {
    const attributes = { usagetype: 'EU-Requests-Tier3', regionCode: 'eu-west-1', location: 'EU (Ireland)' };
    const imported = importOffers([small(), small({ sku: 'A', attributes })]);
    expect(imported.regions.map(({ list }) => list.region)).toEqual(['us-east-1']);
    expect(reasons(imported)).toEqual({ 'no operation, where the price goes by it': 1 });
  });

  it('is a region whose known prefix none of several is', () => {
    const ireland = (sku: string, usagetype: string) =>
      small({ sku, attributes: { usagetype, regionCode: 'eu-west-1', location: 'EU (Ireland)' } });
    expect(() => importOffers([ireland('A', 'APS1-Requests-Tier1'), ireland('B', 'APS2-Requests-Tier2')])).toThrow(
      'the usage types of eu-west-1 have several prefixes: APS1-Requests-Tier1 (SKU A), APS2-Requests-Tier2 (SKU B)',
    );
  });

  it('is none of those asked for', () => {
    const ireland = { usagetype: 'EU-Requests-Tier1', regionCode: 'eu-west-1', location: 'EU (Ireland)' };
    const offers = [small(), small({ sku: 'A', attributes: ireland })];
    expect(() => importOffers(offers, 'us-west-1')).toThrow(
      "--region: the offers have no prices of 'us-west-1'; they have eu-west-1, us-east-1",
    );
    expect(() => importOffers([small({ attributes: named })], 'us-west-1')).toThrow(
      "no prices of 'us-west-1'; the region of no price in them is known",
    );
    const useless = { usagetype: 'Requests-Tier9' };
    expect(() => importOffers([small({ attributes: useless }), small({ sku: 'A', attributes: useless })])).toThrow(
      'SKU1.json, A.json: no price in it is of what the simulator meters',
    );
  });
});

describe('what a product prices', () => {
  const why = (changes: Parameters<typeof small>[0]) =>
    Object.keys(reasons(importOffers([small(), small({ sku: 'A', ...changes })])));

  it.each([
    ['inwards', { transferType: 'AWS Inbound' }],
    ['to another region', { toLocation: 'US West (Oregon)' }],
    ['of another usage type', { usagetype: 'Requests-Tier2' }],
    ['of an unknown usage type', { usagetype: 'DataTransfer-Regional-Bytes' }],
  ])('is not data transfer %s', (_, attributes) => {
    const changes = { ...TRANSFER, attributes: { ...TRANSFER.attributes, ...attributes } };
    expect(why(changes)).toEqual(['data transfer that is not out to the internet']);
  });

  it('is not told by capitals in the middle of a usage type, nor by an operation of another', () => {
    expect(why({ attributes: { usagetype: 'aEUC1-Requests-Tier2' } })).toEqual(['a usage type that is never metered']);
    const operation = { usagetype: 'Requests-Tier1', operation: 'S3-SIATransition' };
    expect(why({ attributes: operation })).toEqual(['an operation that is never metered']);
  });

  it('is of every operation where it names none, and one is not told by an empty name', () => {
    const tags = { usagetype: 'TagStorage-TagHrs' };
    const [region] = importOffers([small({ attributes: tags, dimension: { unit: 'Tag-Mo' } })]).regions;
    expect(Object.keys(region!.list.prices[0]!)).not.toContain('operation');
  });

  it('is beyond the free transfer only where it is transfer, by any of its tiers', () => {
    const beyond = { description: 'beyond the global free tier' };
    const requests = importOffers([small({ dimension: beyond })]).regions[0]!.list;
    expect(tiers(requests, 'Requests-Tier1')).toEqual(['0–: 0.0000050000']);
    const rate = (beginRange: string, endRange: string, more: object = {}) => ({
      ...{ beginRange, endRange, unit: 'GB', pricePerUnit: { USD: '1' }, ...more },
    });
    const term = { priceDimensions: { a: rate('0', '10', beyond), b: rate('10', 'Inf') } };
    expect(tiers(importOffers([small({ ...TRANSFER, term })]).regions[0]!.list, 'DataTransfer-Out-Bytes')).toEqual([
      '0–100: 0',
      '100–110: 1',
      '110–: 1',
    ]);
  });

  it.each([
    [{ pricePerUnit: { USD: '12' } }, ['0–: 12']],
    [{ pricePerUnit: { USD: '12.5' }, beginRange: '0.00' }, ['0–: 12.5']],
  ])('is a decimal in a range of whole numbers: %j', (dimension, expected) => {
    expect(tiers(importOffers([small({ dimension })]).regions[0]!.list, 'Requests-Tier1')).toEqual(expected);
  });

  it('does not go on after its last tier', () => {
    const rate = (beginRange: string) => ({
      beginRange,
      endRange: 'Inf',
      unit: 'Requests',
      pricePerUnit: { USD: '1' },
    });
    const term = { priceDimensions: { a: rate('0'), b: rate('5') } };
    expect(refused(() => importOffers([small({ term })]))).toEqual([
      {
        severity: 'error',
        message: "SKU 'SKU1': a tier begins at 5 where the tiers before it reach no end",
        where: { file: 'SKU1.json' },
      },
    ]);
  });

  it('is refused with the line of a CSV', () => {
    const text = read('AmazonS3-eu-west-1.csv').replace('"0.0000050000"', '"cheap"');
    expect(refused(() => importOffers([parseOfferCsv(text, 'x.csv')]))).toEqual([
      {
        severity: 'error',
        message: "SKU 'MADECSV00000PUT0': price 'cheap' is not a decimal",
        where: { file: 'x.csv', line: 8 },
      },
    ]);
  });

  it('is none of another service, by its file', () => {
    expect(refused(() => importOffers([small({ offer: { offerCode: 'AmazonEC2' } })]))).toMatchObject([
      { severity: 'error', where: { file: 'SKU1.json' } },
    ]);
  });
});

describe('an offer as it is read', () => {
  const product = {
    sku: 'A',
    usageType: 'EU-DataTransfer-Out-Bytes',
    operation: 'Op',
    volumeType: 'Volume',
    regionCode: 'eu-west-1',
    location: 'EU (Ireland)',
    locationType: 'AWS Region',
    transferType: 'AWS Outbound',
    toLocation: 'External',
  };
  const dimension = (price: string, currency = 'USD') => ({
    ...{ description: 'words', beginRange: '0', endRange: 'Inf', unit: 'GB', price, currency },
  });
  const offered = { code: 'AWSDataTransfer', version: '7', publicationDate: '2026-01-02' };

  it('in CSV: terms by code and day, what is reserved left out', () => {
    const header =
      'SKU,OfferTermCode,TermType,PriceDescription,EffectiveDate,StartingRange,EndingRange,Unit,PricePerUnit,Currency,serviceCode,Transfer Type,From Location,From Location Type,To Location,usageType,operation,Volume Type,From Region Code';
    const rest =
      'USD,AmazonS3,AWS Outbound,EU (Ireland),AWS Region,External,EU-DataTransfer-Out-Bytes,Op,Volume,eu-west-1';
    const rows = [
      `A,T1,OnDemand,words,2026-01-01,0,Inf,GB,1,${rest}`,
      `A,T1,OnDemand,words,2026-02-01,0,Inf,GB,2,${rest}`,
      `A,T2,,words,2026-01-01,0,Inf,GB,3,${rest}`,
      `A,T3,Reserved,words,2026-01-01,0,Inf,GB,4,${rest}`,
      `A,T1,OnDemand,words,2026-01-01,0,Inf,GB,5,${rest}`,
    ];
    const table = [header, ...rows, ''].join('\n');
    const products = [
      {
        ...product,
        line: 5,
        terms: [
          { effectiveDate: '2026-01-01', dimensions: [dimension('1'), dimension('5')] },
          { effectiveDate: '2026-02-01', dimensions: [dimension('2')] },
          { effectiveDate: '2026-01-01', dimensions: [dimension('3')] },
        ],
      },
    ];
    const facts = 'OfferCode,AWSDataTransfer\nVersion,7\nPublication Date,2026-01-02T03:04:05Z\n';
    expect(parseOfferCsv(facts + table, 'x.csv')).toEqual({ ...offered, file: 'x.csv', products });
    const bare = parseOfferCsv(table, 'x.csv');
    expect(bare).toMatchObject({ code: 'AmazonS3', version: '', publicationDate: '', file: 'x.csv' });
    expect(bare.products[0]!.line).toBe(2);
    const plain = parseOfferCsv(table.replaceAll('From ', ''), 'x.csv');
    expect(plain.products).toEqual([{ ...products[0], line: 2 }]);
    expect(parseOfferCsv(`${header}\n`, 'x.csv')).toMatchObject({ code: '', products: [] });
    expect(refused(() => parseOfferCsv(`${header}\nA\n`, 'x.csv'))).toEqual([
      { severity: 'error', message: '1 fields where the header has 19', where: { file: 'x.csv', line: 2 } },
    ]);
    expect(refused(() => parseOfferCsv(`${table}"`, 'x.csv'))).toMatchObject([
      { severity: 'error', where: { file: 'x.csv', line: 7 } },
    ]);
    expect(() => parseOfferCsv('SKU\n', 'x.csv')).toThrow(
      'the header has no column usagetype, startingrange, endingrange, unit, priceperunit, currency',
    );
  });

  it('in JSON: by either name of an attribute, the price in dollars before others', () => {
    const { usageType, regionCode, location, locationType, sku, ...attributes } = product;
    const from = { usageType, fromRegionCode: regionCode, fromLocation: location, fromLocationType: locationType };
    const rate = (pricePerUnit: unknown) => ({
      effectiveDate: '2026-01-01',
      priceDimensions: { r: { description: 'words', beginRange: '0', endRange: 'Inf', unit: 'GB', pricePerUnit } },
    });
    const terms = { a: rate({ CNY: '7', USD: '1' }), b: rate({ CNY: '7', EUR: '2' }), c: rate(null), d: null };
    const json = {
      ...{ offerCode: 'AWSDataTransfer', version: '7', publicationDate: '2026-01-02T03:04:05Z' },
      products: { [sku]: { attributes: { ...attributes, ...from } } },
      terms: { OnDemand: { [sku]: terms } },
    };
    const dimensions = [[dimension('1')], [dimension('7', 'CNY')], [dimension('', '')]];
    expect(parseOfferJson(JSON.stringify(json), 'x.json')).toEqual({
      ...{ ...offered, file: 'x.json' },
      products: [
        {
          ...product,
          terms: [
            ...dimensions.map((dimensions) => ({ effectiveDate: '2026-01-01', dimensions })),
            { effectiveDate: '', dimensions: [] },
          ],
        },
      ],
    });
    const plain = {
      ...json,
      products: { [sku]: { attributes: { ...attributes, usagetype: usageType, regionCode, location, locationType } } },
    };
    expect(parseOfferJson(JSON.stringify(plain), 'x.json').products[0]).toMatchObject(product);
    for (const broken of [
      { ...json, offerCode: 1 },
      { ...json, products: {} },
    ]) {
      expect(refused(() => parseOfferJson(JSON.stringify(broken), 'x.json'))).toMatchObject([
        { severity: 'error', where: { file: 'x.json' } },
      ]);
    }
  });
});

describe('the names of places', () => {
  it('are known for every region whose prices are, with the prefix their lists have', () => {
    const folder = new URL('../../pricing/', import.meta.url);
    const lists = readdirSync(folder).map((file) =>
      parsePriceList(JSON.parse(readFileSync(new URL(file, folder), 'utf8'))),
    );
    for (const { region, prefix } of lists) expect([region, knownPrefix(region) ?? prefix]).toEqual([region, prefix]);
    expect(lists.filter(({ region }) => knownPrefix(region) === undefined)).toHaveLength(6);
  });

  it.each([
    ['EU (Frankfurt)', 'eu-central-1'],
    ['Europe (Frankfurt)', 'eu-central-1'],
    ['AWS GovCloud (US-West)', 'us-gov-west-1'],
    ['EU (Atlantis)', undefined],
    ['x EU (Frankfurt)', undefined],
  ])('%s is %s', (location, region) => expect(regionAt(location)).toBe(region));
});

const SHARED = new URL('../../../shared/prices/', import.meta.url);

describe.skipIf(!existsSync(SHARED))('real offers', () => {
  const real = (name: string) => readFileSync(new URL(name, SHARED), 'utf8');

  it('of January and February 2023, in JSON', () => {
    const names = [
      'offer-excerpt-AmazonS3-20230123170643.json',
      'offer-excerpt-AmazonS3GlacierDeepArchive-20230207001700.json',
    ];
    const { regions, notUnderstood } = importOffers(names.map((name) => parseOfferJson(real(name), name)));
    expect(notUnderstood).toEqual([]);
    expect(regions).toHaveLength(1);
    const { list } = regions[0]!;
    expect(list).toMatchObject({ region: 'us-east-1', prefix: '', effectiveDate: '2023-01-01' });
    expect(tiers(list, 'TimedStorage-ByteHrs')).toEqual([
      '0–51200: 0.0230000000',
      '51200–512000: 0.0220000000',
      '512000–: 0.0210000000',
    ]);
    expect(tiers(list, 'TimedStorage-GDA-ByteHrs')).toEqual(['0–: 0.0009900000']);
    expect(tiers(list, 'Requests-GDA-Tier1', 'CreateMultipartUpload')).toEqual(['0–: 0.0000050000']);
    expect(tiers(list, 'Requests-GDA-Tier1', 'PutObject')).toBeUndefined();
  });

  it('of April 2018, in CSV without region codes', () => {
    const name = 'offer-excerpt-AmazonS3-eu-west-1-20180404.csv';
    const { regions, notUnderstood } = importOffers([parseOfferCsv(real(name), name)]);
    const { list, notes } = regions[0]!;
    expect(list).toMatchObject({ region: 'eu-west-1', prefix: 'EU-', effectiveDate: '2018-04-04' });
    expect(notes).toEqual([expect.stringContaining("'01/03/2018' can be read in more than one way")]);
    // 42 products: 23 prices, 4 without the operation that their price goes by, 15 that are not metered.
    expect(list.prices).toHaveLength(23);
    expect(notUnderstood).toHaveLength(19);
    expect(tiers(list, 'TimedStorage-SIA-ByteHrs')).toEqual(['0–: 0.0125000000']);
    expect(tiers(list, 'EarlyDelete-ByteHrs')).toEqual(['0–: 0.0040000000']);
    expect(tiers(list, 'TagStorage-TagHrs', '')).toEqual(['0–: 0.0000010000']);
    expect(tiers(list, 'Requests-Tier6', 'RestoreObject')).toEqual(['0–: 0.0110000000']);
    expect(tiers(list, 'Requests-Tier4', 'S3-GIRTransition')).toBeUndefined();
  });
});
