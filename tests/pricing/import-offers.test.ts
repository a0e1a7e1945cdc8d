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
  const imported = importOffers(
    ['AWSDataTransfer.json', 'AmazonS3.json', 'AmazonS3GlacierDeepArchive.json'].map(offer),
  );
  const [frankfurt, virginia] = imported.regions.map(({ list }) => list) as [PriceList, PriceList];

  it('give a list per region, with the prefix their usage types have', () => {
    expect(imported.regions.map(({ list }) => [list.region, list.prefix, list.effectiveDate])).toEqual([
      ['eu-central-1', 'EUC1-', '2026-06-01'],
      ['us-east-1', '', '2026-06-01'],
    ]);
    expect(tiers(virginia, 'TimedStorage-ByteHrs')).toEqual(['0–: 0.0230000000']);
    expect(imported.regions[1]!.unpriced.some(({ usageType }) => usageType === 'TimedStorage-ByteHrs')).toBe(false);
  });

  it('give volume tiers in order and every digit of a price', () => {
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
    expect(tiers(frankfurt, 'Standard-Retrieval-Bytes', 'RestoreObject')).toEqual(['0–: 0.0120000000']);
    expect(tiers(frankfurt, 'Standard-Retrieval-Bytes', 'DeepArchiveRestoreObject')).toEqual(['0–: 0.0240000000']);
    // In the offer AmazonS3 it may be either's.
    expect(tiers(frankfurt, 'Bulk-Retrieval-Bytes', 'RestoreObject')).toBeUndefined();
  });

  it('price data transfer out to the internet by its own offer, after the free 100 GB', () => {
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
    const price = priceOf(frankfurt, 'TimedStorage-GDA-ByteHrs', 'DeepArchiveStorage')!;
    expect(price.effectiveDate).toBe('2026-07-01');
    expect(frankfurt.sources[price.source]).toBe(
      "AWS's Price List, offer AmazonS3GlacierDeepArchive, version 20260701001700, published on 2026-07-01.",
    );
    expect(priceOf(frankfurt, 'Requests-Tier1', 'PutObject')).not.toHaveProperty('effectiveDate');
  });

  it('are otherwise not understood, each for a reason', () => {
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
