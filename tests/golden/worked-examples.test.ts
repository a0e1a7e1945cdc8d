/**
 * Published bills and examples, from usage to bill. Inputs, figures and sources are in worked-examples.json; the
 * working of each is here.
 */
import { describe, expect, it } from 'vitest';
import tokyo from '../../pricing/ap-northeast-1.json' with { type: 'json' };
import seoul from '../../pricing/ap-northeast-2.json' with { type: 'json' };
import singapore from '../../pricing/ap-southeast-1.json' with { type: 'json' };
import ireland from '../../pricing/eu-west-1.json' with { type: 'json' };
import virginia from '../../pricing/us-east-1.json' with { type: 'json' };
import { charge, formatNanoUSD, formatUSD, parseDecimal, parseNanoUSD } from '../../src/model/money.ts';
import {
  DEEP_ARCHIVE,
  EXPRESS_ONEZONE,
  GLACIER,
  GLACIER_IR,
  STANDARD,
  STANDARD_IA,
} from '../../src/model/storage-class.ts';
import {
  DEEP_ARCHIVE_RESTORE,
  EARLY_DELETE,
  GLACIER_RESTORE,
  MONITORED,
  REQUESTED,
  RETRIEVED,
  STORED,
  TRANSFERRED_OUT,
  UPLOADED_EXPRESS,
} from '../../src/model/usage-type.ts';
import { type Bill, bill } from '../../src/pricing/bill.ts';
import { type PriceList, parsePriceList } from '../../src/pricing/price-list.ts';
import { usageOf, WORKED_EXAMPLES, type WorkedExample } from './worked-example.ts';

const KB = 1024n;
const GB = KB ** 3n;
const TB = KB ** 4n;
const HOUR = 3600n;
const DAY = 24n * HOUR;
/** Hours of the 31-day month that most examples are in. */
const MARCH = '2025-03';
const MONTH = 744n * HOUR;

const usEast1 = parsePriceList(virginia);

const costs = ({ lineItems }: Bill) => lineItems.map((item) => item.costUSD);
const cents = ({ lineItems }: Bill) => lineItems.map((item) => shownToTheCent(item.costUSD));
const quantities = ({ lineItems }: Bill) => lineItems.map((item) => item.pricingQuantity);
const shownToTheCent = (costUSD: string) => formatUSD(parseNanoUSD(costUSD)).replace(/[$,]/g, '');
const dollars = (amount: string) => amount.replace(/[$,]/g, '');

function expectTotal(actual: Bill, usd: string | undefined): void {
  expect(formatNanoUSD(actual.totalNanoUSD)).toBe(formatNanoUSD(parseNanoUSD(usd!)));
}

type Tiers = readonly (readonly [from: number, to: number | null, usd: string])[];

/** A price list of one usage type, as a region's bill once was. */
function pricesOf(usageType: string, unit: string, tiers: Tiers): PriceList {
  return parsePriceList({
    region: 'us-east-1',
    prefix: '',
    effectiveDate: '2013-01-01',
    sources: { example: 'the example' },
    prices: [
      {
        usageType,
        unit,
        source: 'example',
        tiers: tiers.map(([from, to, usd]) => ({ from: `${from}`, to: to === null ? null : `${to}`, usd })),
      },
    ],
  });
}

/** A region's rates for transfer to the internet without the free 100 GB, as sources that leave those out price it. */
function egressWithoutFreeTier(file: { prices: { usageType: string; tiers: { usd: string }[] }[] }): PriceList {
  const [, first, second, third, fourth] = file.prices
    .find(({ usageType }) => usageType === 'DataTransfer-Out-Bytes')!
    .tiers.map(({ usd }) => usd);
  return pricesOf('DataTransfer-Out-Bytes', 'GB', [
    [0, 10_240, first!],
    [10_240, 51_200, second!],
    [51_200, 153_600, third!],
    [153_600, null, fourth!],
  ]);
}

function infracostEgress(file: Parameters<typeof egressWithoutFreeTier>[0]): Working {
  return ({ lines, exact }) => {
    // 10,240 + 40,960 + 102,400 + 3,400 GB at the four rates.
    const result = bill(usageOf(MARCH, { [TRANSFERRED_OUT]: 157_000n * GB }), egressWithoutFreeTier(file));
    expect(quantities(result)).toEqual(['10240', '40960', '102400', '3400']);
    expect(cents(result)).toEqual(lines);
    expectTotal(result, exact);
  };
}

/** 100 GB for 15 days and 100 TB for 16: 42,259,901,212,262,400 byte-hours of a 744-hour month. */
const faqStorage = usageOf(MARCH, { [STORED.standard]: 42_259_901_212_262_400n * HOUR });

/** 2 TB a day for 31 days: 63,488 GB. */
const faqEgress = usageOf(MARCH, { [TRANSFERRED_OUT]: 62n * TB });

type Working = (example: WorkedExample) => void;

const WORKINGS: Readonly<Record<string, Working>> = {
  'G01-faq-storage': ({ published, lines, exact }) => {
    // 107,374,182,400 B × 360 h + 109,951,162,777,600 B × 384 h = 42,259,901,212,262,400 byte-hours;
    // / 2^30 / 744 = 52,900 GB-Mo: 51,200 × $0.023 + 1,700 × $0.022.
    expect(107_374_182_400n * 360n + 109_951_162_777_600n * 384n).toBe(42_259_901_212_262_400n);
    const result = bill(faqStorage, usEast1);
    expect(quantities(result)).toEqual(['51200', '1700']);
    expect(cents(result)).toEqual(lines);
    expectTotal(result, exact);
    expect(formatUSD(result.totalNanoUSD)).toBe(published);
  },

  'G02-faq-2013-tiers': ({ published, lines, exact }) => {
    // 1,024 × $0.095 + 50,176 × $0.080 + 1,700 × $0.070.
    const tiers: Tiers = [
      [0, 1024, '0.095'],
      [1024, 51_200, '0.080'],
      [51_200, 512_000, '0.070'],
      [512_000, null, '0.065'],
    ];
    const result = bill(faqStorage, pricesOf('TimedStorage-ByteHrs', 'GB-Mo', tiers));
    expect(quantities(result)).toEqual(['1024', '50176', '1700']);
    expect(cents(result)).toEqual(lines);
    expectTotal(result, exact);
    expect(formatUSD(result.totalNanoUSD)).toBe(published);
  },

  'G03-faq-egress-62TB': ({ published, lines, exact }) => {
    // The free GB was the first of the first 10 TB: 10,239 × $0.09 + 40,960 × $0.085 + 12,288 × $0.07.
    const tiers: Tiers = [
      [0, 1, '0'],
      [1, 10_240, '0.09'],
      [10_240, 51_200, '0.085'],
      [51_200, 153_600, '0.07'],
      [153_600, null, '0.05'],
    ];
    const result = bill(faqEgress, pricesOf('DataTransfer-Out-Bytes', 'GB', tiers));
    expect(quantities(result)).toEqual(['1', '10239', '40960', '12288']);
    expect(cents(result)).toEqual(lines);
    expectTotal(result, exact);
    expect(formatUSD(result.totalNanoUSD)).toBe(published);
  },

  'G03b-egress-100GB-free': ({ lines, exact }) => {
    // 100 free, then 10,240 × $0.09 + 40,960 × $0.085 + 12,188 × $0.07.
    const result = bill(faqEgress, usEast1);
    expect(quantities(result)).toEqual(['100', '10240', '40960', '12188']);
    expect(cents(result)).toEqual(lines);
    expectTotal(result, exact);
  },

  'G04a-faq-put': ({ published, exact }) => {
    // 310,000 × $0.005 per 1,000.
    const result = bill(usageOf(MARCH, { [REQUESTED.put[STANDARD]!]: 310_000n }), usEast1);
    expectTotal(result, exact);
    expect(formatUSD(result.totalNanoUSD)).toBe(published);
  },

  'G04b-faq-get': ({ published, exact }) => {
    // 620,000 × $0.004 per 10,000 = $0.248, printed as $0.25.
    const result = bill(usageOf(MARCH, { [REQUESTED.get[STANDARD]!]: 620_000n }), usEast1);
    expectTotal(result, exact);
    expect(formatUSD(result.totalNanoUSD)).toBe(published);
  },

  'G05-faq-ia-retrieval': ({ published, exact }) => {
    // 300 GB × $0.01.
    const result = bill(usageOf(MARCH, { [RETRIEVED[STANDARD_IA]!]: 300n * GB }), usEast1);
    expectTotal(result, exact);
    expect(formatUSD(result.totalNanoUSD)).toBe(published);
  },

  'G06-faq-versioning': ({ published, exact }) => {
    // 4 GB × 744 h + 5 GB × 384 h = 5,257,039,970,304 byte-hours / 2^30 / 744 = 4,896 / 744 GB-Mo.
    expect(4n * GB * 744n + 5n * GB * 384n).toBe(5_257_039_970_304n);
    const result = bill(usageOf(MARCH, { [STORED.standard]: 5_257_039_970_304n * HOUR }), usEast1);
    expect(quantities(result)).toEqual([exact]);
    expect(`${Number(exact).toFixed(3)} GB-Mo`).toBe(published);
  },

  'G07-faq-glacier-overhead': ({ lines }) => {
    // 100,000 × 32,768 B = 3.0517578125 GB of Glacier, not the 3.2 printed; 100,000 × 8,192 B = 0.7629… GB, not 0.8.
    const [objects, index, name] = quantities(glacierOverhead());
    expect([objects, index, name]).toEqual(['100000', '3.0517578125', lines![1]]);
    expect(Number(objects) + Number(index)).toBe(Number(lines![0]));
  },

  'G07b-glacier-overhead-cost': ({ exact }) => {
    // 100,003.0517578125 × $0.0036 + 0.762939453125 × $0.023 = 360 + 0.010986328125 + 0.017547607421875
    expect(costs(glacierOverhead())).toEqual(['360.000000000', '0.010986328', '0.017547607']);
    expect(formatUSD(glacierOverhead().totalNanoUSD)).toBe(`$${Number(exact).toFixed(2)}`);
  },

  'G08-express-example-1': ({ published, lines }) => {
    // 10 × $0.11; 1,000,000 × $0.00113 per 1,000; 9,000,000 × $0.00003 per 1,000;
    // 9.5367431640625 GB × $0.0032; 85.8306884765625 GB × $0.0006.
    const result = bill(
      usageOf(MARCH, {
        [STORED.express]: 10n * GB * MONTH,
        [REQUESTED.put[EXPRESS_ONEZONE]!]: 1_000_000n,
        [REQUESTED.get[EXPRESS_ONEZONE]!]: 9_000_000n,
        [UPLOADED_EXPRESS]: 1_000_000n * 10n * KB,
        [RETRIEVED[EXPRESS_ONEZONE]!]: 9_000_000n * 10n * KB,
      }),
      usEast1,
    );
    expect(byUsageType(result)).toEqual({
      'TimedStorage-XZ-ByteHrs': lines![0],
      'Requests-XZ-Tier1': lines![1],
      'Requests-XZ-Tier2': lines![2],
      'Upload-XZ': lines![3],
      'Retrieval-XZ': lines![4],
    });
    // $2.5820159912109375, of which the last two lines are rounded: 0.030517578125 and 0.0514984130859375.
    expect(formatNanoUSD(result.totalNanoUSD)).toBe('2.582015991');
    expect(formatUSD(result.totalNanoUSD)).toBe(published);
  },

  'G09-express-example-2': ({ lines, exact }) => {
    // 10 TB × 240 h = 2,638,827,906,662,400 byte-hours / 2^30 / 744 = 3,303.2258 GB-Mo × $0.11 = $363.35.
    // 157,286,400 × $0.00113 per 1,000; 314,572,800 × $0.00003 per 1,000; 307,200 GB × $0.0032; 614,400 GB × $0.0006.
    const [puts, gets] = [5_242_880n * 30n, 10_485_760n * 30n];
    const result = bill(
      usageOf(MARCH, {
        [STORED.express]: 2_638_827_906_662_400n * HOUR,
        [REQUESTED.put[EXPRESS_ONEZONE]!]: puts,
        [REQUESTED.get[EXPRESS_ONEZONE]!]: gets,
        [UPLOADED_EXPRESS]: puts * 2n * KB * KB,
        [RETRIEVED[EXPRESS_ONEZONE]!]: gets * 2n * KB * KB,
      }),
      usEast1,
    );
    expect(10n * TB * 240n).toBe(2_638_827_906_662_400n);
    expect(result.lineItems[0]!.pricingQuantity).toBe(exact);
    expect(byUsageType(result)).toEqual({
      'TimedStorage-XZ-ByteHrs': lines![0],
      'Requests-XZ-Tier1': lines![1],
      'Requests-XZ-Tier2': lines![2],
      'Upload-XZ': lines![3],
      'Retrieval-XZ': lines![4],
    });
  },

  'G12-infracost-lines': ({ lines, exact }) => {
    // Each line's quantity × rate of us-east-1, in the order of Infracost's file.
    const month = (gb: bigint) => gb * GB * MONTH;
    const used: [kind: number, quantity: bigint][] = [
      [STORED.standard, month(10_000n)],
      [STORED.frequent, month(20_000n)],
      [STORED.infrequent, month(20_000n)],
      [STORED.archiveAccess, month(20_000n)],
      [STORED.deepArchiveAccess, month(20_000n)],
      [MONITORED, 20_000n * MONTH],
      [STORED.standardIA, month(30_000n)],
      [RETRIEVED[STANDARD_IA]!, 30_000n * GB],
      [REQUESTED.put[STANDARD_IA]!, 30_000n],
      [STORED.oneZoneIA, month(40_000n)],
      [STORED.glacier, month(50_000n)],
      [REQUESTED.put[GLACIER]!, 50_000n],
      [GLACIER_RESTORE.expedited.bytes, 50_000n * GB],
      [GLACIER_RESTORE.expedited.request, 50_000n],
      [GLACIER_RESTORE.standard.bytes, 50_000n * GB],
      [STORED.deepArchive, month(60_000n)],
      [REQUESTED.put[DEEP_ARCHIVE]!, 60_000n],
      [DEEP_ARCHIVE_RESTORE.standard.request, 60_000n],
      [DEEP_ARCHIVE_RESTORE.standard.bytes, 60_000n * GB],
      [DEEP_ARCHIVE_RESTORE.bulk.request, 60_000n],
      [DEEP_ARCHIVE_RESTORE.bulk.bytes, 60_000n * GB],
    ];
    expect(used.map(([kind, quantity]) => cents(bill(usageOf(MARCH, { [kind]: quantity }), usEast1))[0])).toEqual(
      lines,
    );
    expectTotal(bill(usageOf(MARCH, Object.fromEntries(used)), usEast1), exact);
  },

  'G13-infracost-egress-us-east-1': infracostEgress(virginia),
  'G13-infracost-egress-eu-west-1': infracostEgress(ireland),
  'G13-infracost-egress-ap-northeast-1': infracostEgress(tokyo),
  'G13-infracost-egress-ap-northeast-2': infracostEgress(seoul),
  'G13-infracost-egress-ap-southeast-1': infracostEgress(singapore),

  'G14-transfer-hub-requests': ({ published, exact }) => {
    // 24,576 × $0.0000004 + 20,480 × $0.000005 = 0.0098304 + 0.1024.
    const used = { [REQUESTED.get[STANDARD]!]: 2048n * 12n, [REQUESTED.put[STANDARD]!]: 2048n * 10n };
    const result = bill(usageOf(MARCH, used), usEast1);
    expectTotal(result, exact);
    expect(formatUSD(result.totalNanoUSD)).toBe(published);
  },

  'G14b-transfer-hub-egress': ({ published, exact }) => {
    // 1,024 × $0.09. With the free 100 GB it is 924 × $0.09 = $83.16.
    const used = usageOf(MARCH, { [TRANSFERRED_OUT]: 1024n * GB });
    const result = bill(used, egressWithoutFreeTier(virginia));
    expectTotal(result, exact);
    expect(formatUSD(result.totalNanoUSD)).toBe(published);
    expectTotal(bill(used, usEast1), '83.16');
  },

  'G15-transfer-hub-large': ({ published, exact }) => {
    // 214,800,000 × $0.0000004 + 107,400,000 × $0.000005 = 85.92 + 537.00, not what is printed.
    const used = { [REQUESTED.get[STANDARD]!]: 214_800_000n, [REQUESTED.put[STANDARD]!]: 107_400_000n };
    const result = bill(usageOf(MARCH, used), usEast1);
    expectTotal(result, exact);
    expect(formatUSD(result.totalNanoUSD)).not.toBe(published);
  },

  'G17-bill-2009': ({ lines }) => {
    // 2.05695, 0.03987, 0.03383, 0.08622, 0.062202: each line to the nearest cent.
    const printed = [
      ['13.713', '0.15'],
      ['1.329', '0.03'],
      ['0.199', '0.17'],
      ['8622', '0.00001'],
      ['62202', '0.000001'],
    ];
    expect(printed.map(([quantity, rate]) => centsOf(quantity!, rate!))).toEqual(lines);
  },

  'G18-bill-2014': ({ lines }) => {
    // The early delete is priced as storage, $0.01 per GB-month: 2.90899 and 1.2912.
    const prices = (usageType: string) => pricesOf(usageType, 'GB-Mo', [[0, null, '0.01']]);
    const early = usageOf(MARCH, { [EARLY_DELETE[GLACIER]!]: (290_899n * GB * MONTH) / 1000n });
    const stored = usageOf(MARCH, { [STORED.glacier]: (129_120n * GB * MONTH) / 1000n });
    const bills = [bill(early, prices('EarlyDelete-ByteHrs')), bill(stored, prices('TimedStorage-GlacierByteHrs'))];
    expect(bills.flatMap(quantities)).toEqual(['290.899', '129.12']);
    expect(bills.flatMap(cents)).toEqual(lines);
  },

  'G19-bill-2014-sydney': ({ lines, exact }) => {
    // 0.01728 is printed as 0.02 then and now; 0.002172, 0.00096 and 0.0000792 were printed as 0.01, and are 0.00 now.
    const printed = [
      ['1.440', '0.012'],
      ['0.181', '0.012'],
      ['16', '0.00006'],
      ['0.003', '0.0264'],
    ];
    expect(printed.map(([quantity, rate]) => centsOf(quantity!, rate!))).toEqual(lines);
    const total = printed.reduce((sum, [quantity, rate]) => sum + priced(quantity!, rate!), 0n);
    expect(total).toBe(parseNanoUSD(exact!));
  },

  'G21-break-even-glacier-ir': ({ published }) => {
    // ($0.023 - $0.004) / $0.03 = 19/30: 30 GB kept for a month and 19 GB of it read cost $0.69 either way.
    const kept = 30n * GB * MONTH;
    const standard = bill(usageOf(MARCH, { [STORED.standard]: kept }), usEast1);
    const instant = (gb: bigint) =>
      bill(usageOf(MARCH, { [STORED.glacierIR]: kept, [RETRIEVED[GLACIER_IR]!]: gb * GB }), usEast1).totalNanoUSD;
    expectTotal(standard, '0.69');
    expect(instant(19n)).toBe(standard.totalNanoUSD);
    expect(instant(20n)).toBeGreaterThan(standard.totalNanoUSD);
    expect((19 / 30).toFixed(4)).toBe(published);
  },

  'G22-break-even-standard-ia': ({ published }) => {
    // ($0.023 - $0.0125) / $0.01 = 1.05: 100 GB kept for a month and 105 GB read cost $2.30 either way.
    const kept = 100n * GB * MONTH;
    const standard = bill(usageOf(MARCH, { [STORED.standard]: kept }), usEast1);
    const infrequent = (gb: bigint) =>
      bill(usageOf(MARCH, { [STORED.standardIA]: kept, [RETRIEVED[STANDARD_IA]!]: gb * GB }), usEast1).totalNanoUSD;
    expectTotal(standard, '2.3');
    expect(infrequent(105n)).toBe(standard.totalNanoUSD);
    expect(infrequent(106n)).toBeGreaterThan(standard.totalNanoUSD);
    expect((105 / 100).toFixed(2)).toBe(published);
  },

  'G24-small-objects-deep-archive': ({ published, lines, exact }) => {
    // 2^30 objects: 1,024 GB of data and 32,768 GB of index × $0.00099, 8,192 GB of names × $0.023.
    const objects = TB / KB;
    const result = bill(
      usageOf(MARCH, {
        [STORED.deepArchive]: objects * KB * MONTH,
        [STORED.deepArchiveIndex]: objects * 32n * KB * MONTH,
        [STORED.deepArchiveName]: objects * 8n * KB * MONTH,
      }),
      usEast1,
    );
    expect(cents(result).sort()).toEqual([...lines!].sort());
    expectTotal(result, exact);
    // The article's figure: all 40 KB, 40,960 GB, at the Deep Archive rate.
    expect(centsOf('40960', '0.00099')).toBe('40.55');
    expect(published).toContain('40.61');
  },

  'G25-1KB-standard-ia': ({ exact }) => {
    // 1,024 × $0.0125 / 2^30 = $0.0000000119…, 130,048 × $0.0125 / 2^30 = $0.0000015139…: together $0.000001526.
    const used = { [STORED.standardIA]: KB * MONTH, [STORED.standardIAFiller]: 127n * KB * MONTH };
    const result = bill(usageOf(MARCH, used), usEast1);
    expect(costs(result)).toEqual(['0.000000012', '0.000001514']);
    expect(formatNanoUSD(result.totalNanoUSD)).toBe(Number(exact).toFixed(9));
  },

  'G26-empty-glacier': ({ exact }) => {
    // 32,768 × $0.0036 / 2^30 = $0.000000110, 8,192 × $0.023 / 2^30 = $0.000000175.
    const used = { [STORED.glacierIndex]: 32n * KB * MONTH, [STORED.glacierName]: 8n * KB * MONTH };
    const result = bill(usageOf(MARCH, used), usEast1);
    expect(costs(result)).toEqual(['0.000000110', '0.000000175']);
    expect(formatNanoUSD(result.totalNanoUSD)).toBe(Number(exact).toFixed(9));
  },

  'G28-monitoring-prorated': ({ published, exact }) => {
    // 100 × 1 / 31.
    const result = bill(usageOf(MARCH, { [MONITORED]: 100n * DAY }), usEast1);
    expect(quantities(result)).toEqual([exact]);
    expect(`${Number(exact).toFixed(4)} objects`).toBe(published);
  },

  'G29-faq-onezone-small': ({ lines }) => {
    // 128 KB are billed: 6 KB stored, 122 KB of minimum size at the same rate, $0.01.
    const [stored, filler] = lines!.map((kilobytes) => BigInt(kilobytes) * KB);
    expect(stored! + filler!).toBe(131_072n);
    const million = 1_000_000n;
    const used = { [STORED.oneZoneIA]: million * stored! * MONTH, [STORED.oneZoneIAFiller]: million * filler! * MONTH };
    const result = bill(usageOf(MARCH, used), usEast1);
    expect(result.lineItems.map((item) => item.usageType)).toEqual([
      'TimedStorage-ZIA-ByteHrs',
      'TimedStorage-ZIA-SmObjects',
    ]);
    // A million such objects: 122.0703125 GB-Mo × $0.01 = $1.220703125.
    expectTotal(result, '1.220703125');
  },
};

/** 100,000 objects of 1 GB in S3 Glacier Flexible Retrieval for a month, with their overhead. */
function glacierOverhead(): Bill {
  const objects = 100_000n;
  const used = {
    [STORED.glacier]: objects * GB * MONTH,
    [STORED.glacierIndex]: objects * 32n * KB * MONTH,
    [STORED.glacierName]: objects * 8n * KB * MONTH,
  };
  return bill(usageOf(MARCH, used), usEast1);
}

function byUsageType({ lineItems }: Bill): Record<string, string> {
  return Object.fromEntries(lineItems.map((item) => [item.usageType, shownToTheCent(item.costUSD)]));
}

/** What a printed quantity costs at a printed rate. */
function priced(quantity: string, rate: string) {
  const { digits, scale } = parseDecimal(quantity);
  return charge({ numerator: digits, denominator: 10n ** BigInt(scale) }, parseDecimal(rate));
}

function centsOf(quantity: string, rate: string): string {
  return dollars(formatUSD(priced(quantity, rate)));
}

describe('worked examples', () => {
  it.each(WORKED_EXAMPLES)('$id: $inputs', (example) => {
    expect(WORKINGS).toHaveProperty(example.id);
    WORKINGS[example.id]!(example);
  });

  it('have a working each', () => {
    expect(Object.keys(WORKINGS)).toEqual(WORKED_EXAMPLES.map(({ id }) => id));
  });

  it('say why when the published figure is not what AWS bills', () => {
    for (const { verdict, why } of WORKED_EXAMPLES) expect(why !== undefined).toBe(verdict !== 'right');
  });
});
