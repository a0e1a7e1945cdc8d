/**
 * The published examples once more, by the way a user goes: events in a CSV, a policy, dollars. worked-examples.test.ts
 * holds the price of a quantity; this holds the quantity as well.
 */

import { describe, expect, it } from 'vitest';
import tokyo from '../../pricing/ap-northeast-1.json' with { type: 'json' };
import seoul from '../../pricing/ap-northeast-2.json' with { type: 'json' };
import singapore from '../../pricing/ap-southeast-1.json' with { type: 'json' };
import ireland from '../../pricing/eu-west-1.json' with { type: 'json' };
import virginia from '../../pricing/us-east-1.json' with { type: 'json' };
import { DEFAULT_SWITCHES } from '../../src/model/assumptions.ts';
import type { LineItem, PolicyResult } from '../../src/model/comparison.ts';
import { formatUSD, parseNanoUSD, sumUSD } from '../../src/model/money.ts';
import { namedPolicy, parsePolicyFile } from '../../src/policies/index.ts';
import type { Policy } from '../../src/policies/policy.ts';
import { parsePriceList } from '../../src/pricing/price-list.ts';
import { compare, type SimulationOptions } from '../../src/simulate.ts';
import { instant, trace } from '../events.ts';
import { WORKED_EXAMPLES, type WorkedExample } from './worked-example.ts';

const KB = 1024;
const MB = KB ** 2;
const GB = KB ** 3;
const TB = KB ** 4;
const DAY = 86_400;
/** Days of the 31-day month that most examples are in. */
const MARCH = Array.from({ length: 31 }, (_, day) => `2025-03-${String(day + 1).padStart(2, '0')}`);

type PriceFile = typeof virginia | typeof tokyo;
type Tiers = readonly (readonly [from: number, to: number | null, usd: string])[];

interface Run extends Partial<SimulationOptions> {
  readonly policy?: string | Policy;
  readonly prices?: PriceFile;
  readonly from?: string;
  readonly until?: string;
}

/** The bill of events under a policy, for March 2025 unless told otherwise. */
function run(events: readonly string[], { policy = 'as-is', prices = virginia, ...options }: Run): PolicyResult {
  const { from = '2025-03-01', until = '2025-04-01', ...rest } = options;
  const horizon = { from: instant(from), until: instant(until) };
  const policies = [typeof policy === 'string' ? namedPolicy(policy) : policy];
  return compare(trace(...events), policies, parsePriceList(prices), { horizon, ...rest }).results[0]!;
}

/** A policy as a user's file gives it. */
function document(content: object): Policy {
  const { policy, diagnostics } = parsePolicyFile(JSON.stringify(content), { name: 'file' });
  expect(diagnostics).toEqual([]);
  return policy!;
}

function items({ lineItems }: PolicyResult, usageType: string, operation?: string): LineItem[] {
  const found = lineItems.filter((item) => item.usageType === usageType);
  return operation === undefined ? found : found.filter((item) => item.operation === operation);
}

const cents = (lineItems: readonly LineItem[]) => lineItems.map(({ costUSD }) => toTheCent(costUSD));
const quantities = (lineItems: readonly LineItem[]) => lineItems.map(({ pricingQuantity }) => pricingQuantity);
const toTheCent = (costUSD: string) => formatUSD(parseNanoUSD(costUSD)).replace(/[$,]/g, '');

/** What line items cost together, as printed on a page. */
function dollars(lineItems: readonly LineItem[]): string {
  return formatUSD(sumUSD(lineItems.map(({ costUSD }) => parseNanoUSD(costUSD))));
}

/** A price file with other tiers for one usage type: the prices of another time. */
function repriced<File extends PriceFile>(file: File, usageType: string, tiers: Tiers): File {
  const changed = file.prices.map((price) => {
    if (price.usageType !== usageType) return price;
    const written = tiers.map(([from, to, usd]) => ({ from: `${from}`, to: to === null ? null : `${to}`, usd }));
    return { ...price, tiers: written };
  });
  return { ...file, prices: changed } as File;
}

/** A region's rates for transfer to the internet from the first GB on. */
function withoutFreeTransfer<File extends PriceFile>(file: File): File {
  const { tiers } = file.prices.find(({ usageType }) => usageType === 'DataTransfer-Out-Bytes')!;
  const rates = tiers.slice(1).map(({ usd }) => usd);
  const [first, second, third, fourth] = rates;
  return repriced(file, 'DataTransfer-Out-Bytes', [
    [0, 10_240, first!],
    [10_240, 51_200, second!],
    [51_200, 153_600, third!],
    [153_600, null, fourth!],
  ]);
}

// 100 TB, in two objects: the largest object S3 stores is 50 TB.
const FAQ_STORAGE = [
  `2025-03-01 PUT small size=107374182400`,
  `2025-03-16 DELETE small`,
  `2025-03-16 PUT large size=${109_951_162_777_600 / 2} count=2`,
];
// The object was there before; 2 TB of it are read every day.
const FAQ_EGRESS = MARCH.map((day) => `${day}T12:00 GET film size=${TB} count=2`);

const infracostEgress =
  (file: PriceFile): Working =>
  ({ lines }) => {
    // 157 reads of 1,000 GB: 10,240 + 40,960 + 102,400 + 3,400 GB at the four rates.
    const events = [`2025-03-10 GET dump size=${1000 * GB} count=157`];
    const result = run(events, { egress: true, prices: withoutFreeTransfer(file) });
    const sent = result.lineItems.filter(({ component }) => component === 'data transfer');
    expect(quantities(sent)).toEqual(['10240', '40960', '102400', '3400']);
    expect(cents(sent)).toEqual(lines);
  };

type Working = (example: WorkedExample) => void;

const WORKINGS: Readonly<Record<string, Working>> = {
  'G01-faq-storage': ({ lines, published }) => {
    // 100 GB × 360 h + 102,400 GB × 384 h = 39,357,600 GB-hours / 744 = 52,900 GB-Mo: 51,200 × $0.023 + 1,700 × $0.022.
    const stored = items(run(FAQ_STORAGE, {}), 'TimedStorage-ByteHrs');
    expect(quantities(stored)).toEqual(['51200', '1700']);
    expect(cents(stored)).toEqual(lines);
    expect(dollars(stored)).toBe(published);
  },

  'G02-faq-2013-tiers': ({ lines, published }) => {
    const prices = repriced(virginia, 'TimedStorage-ByteHrs', [
      [0, 1024, '0.095'],
      [1024, 51_200, '0.080'],
      [51_200, null, '0.070'],
    ]);
    // 1,024 × $0.095 + 50,176 × $0.080 + 1,700 × $0.070.
    const stored = items(run(FAQ_STORAGE, { prices }), 'TimedStorage-ByteHrs');
    expect(cents(stored)).toEqual(lines);
    expect(dollars(stored)).toBe(published);
  },

  'G03-faq-egress-62TB': ({ lines, published }) => {
    // 63,488 GB: 1 free, 10,239 × $0.09, 40,960 × $0.085, 12,288 × $0.07.
    const prices = repriced(virginia, 'DataTransfer-Out-Bytes', [
      [0, 1, '0'],
      [1, 10_240, '0.09'],
      [10_240, 51_200, '0.085'],
      [51_200, null, '0.07'],
    ]);
    const sent = items(run(FAQ_EGRESS, { prices, egress: true }), 'DataTransfer-Out-Bytes');
    expect(cents(sent)).toEqual(lines);
    expect(dollars(sent)).toBe(published);
  },

  'G03b-egress-100GB-free': ({ lines, exact }) => {
    // 63,488 GB: 100 free, 10,240 × $0.09, 40,960 × $0.085, 12,188 × $0.07.
    const result = run(FAQ_EGRESS, { egress: true });
    const sent = items(result, 'DataTransfer-Out-Bytes');
    expect(cents(sent)).toEqual(lines);
    expect(result.components['data transfer']).toBe(`${exact}0000000`);
    expect(items(run(FAQ_EGRESS, {}), 'DataTransfer-Out-Bytes')).toEqual([]);
  },

  'G04a-faq-put': ({ published }) => {
    // 310,000 × $0.000005; the deletes are free.
    const events = MARCH.flatMap((day) => [
      `${day}T08:00 PUT photo size=1000 count=10000`,
      `${day}T20:00 DELETE photo`,
    ]);
    const result = run(events, {});
    expect(result.lineItems.filter(({ component }) => component === 'requests')).toHaveLength(1);
    expect(quantities(items(result, 'Requests-Tier1'))).toEqual(['310000']);
    expect(dollars(items(result, 'Requests-Tier1'))).toBe(published);
  },

  'G04b-faq-get': ({ published }) => {
    // 620,000 × $0.0000004 = $0.248.
    const result = run(
      MARCH.map((day) => `${day}T08:00 GET photo size=1000 count=20000`),
      {},
    );
    expect(quantities(items(result, 'Requests-Tier2'))).toEqual(['620000']);
    expect(dollars(items(result, 'Requests-Tier2'))).toBe(published);
  },

  'G05-faq-ia-retrieval': ({ published }) => {
    // 100 GB read whole twice, and twice by halves: 300 GB × $0.01.
    const events = [
      `2025-01-01 PUT film size=${100 * GB} storage_class=STANDARD_IA`,
      `2025-03-05 GET film count=2`,
      `2025-03-06 GET film bytes=${50 * GB} count=2`,
      `2025-03-07 HEAD film`,
    ];
    expect(dollars(items(run(events, {}), 'Retrieval-SIA'))).toBe(published);
  },

  'G06-faq-versioning': ({ exact }) => {
    // Two versions of a key are two keys here: 4 GB × 744 h + 5 GB × 384 h = 4,896 GB-hours / 744.
    const versions = [`2025-03-01 PUT version-1 size=${4 * GB}`, `2025-03-16 PUT version-2 size=${5 * GB}`];
    expect(quantities(items(run(versions, {}), 'TimedStorage-ByteHrs'))).toEqual([exact]);
    // Without versions the second PUT removes what the first stored: 4 GB × 360 h + 5 GB × 384 h = 3,360 / 744.
    const overwritten = [`2025-03-01 PUT key size=${4 * GB}`, `2025-03-16 PUT key size=${5 * GB}`];
    expect(quantities(items(run(overwritten, {}), 'TimedStorage-ByteHrs'))).toEqual(['4.5161290323']);
  },

  'G07-faq-glacier-overhead': ({ lines }) => {
    // 100,000 × (1 GB + 32,768 B) and 100,000 × 8,192 B of names; the FAQ's 100,003.2 and 0.8 count 1 KB as 0.000001 GB.
    const result = run([`2025-03-01 PUT backup size=${GB} count=100000`], { policy: 'glacier' });
    const sum = quantities(items(result, 'TimedStorage-GlacierByteHrs')).reduce((a, b) => a + Number(b), 0);
    expect(String(sum)).toBe(lines![0]);
    expect(quantities(items(result, 'TimedStorage-ByteHrs', 'GlacierS3ObjectOverhead'))).toEqual([lines![1]]);
  },

  'G07b-glacier-overhead-cost': ({ exact }) => {
    // 100,000 × $0.0036 + 3.0517578125 × $0.0036 + 0.762939453125 × $0.023, each line to a nano-dollar.
    const result = run([`2025-03-01 PUT backup size=${GB} count=100000`], { policy: 'glacier' });
    expect(result.components.storage).toBe('360.028533935');
    expect(Number(exact)).toBeCloseTo(360.028533935, 8);
  },

  'G08-express-example-1': ({ lines, published }) => {
    // 10 GB all month; 1,000,000 uploads of 10 KB, removed as soon as they were read 9 times each.
    const events = [
      `2025-02-28 PUT table size=${10 * GB}`,
      `2025-03-10 PUT row size=${10 * KB} count=1000000`,
      `2025-03-10 GET row count=9`,
      `2025-03-10 DELETE row`,
    ];
    const result = run(events, { policy: 'express-onezone' });
    const types = ['TimedStorage-XZ-ByteHrs', 'Requests-XZ-Tier1', 'Requests-XZ-Tier2', 'Upload-XZ', 'Retrieval-XZ'];
    expect(types.flatMap((type) => cents(items(result, type)))).toEqual(lines);
    expect(dollars(result.lineItems)).toBe(published);
  },

  'G09-express-example-2': ({ lines, exact }) => {
    // 5,242,880 objects of 2 MB are 10 TB: written in the morning, read twice, removed 8 hours later, on 30 days.
    const events = MARCH.slice(0, 30).flatMap((day) => [
      `${day}T09:00 PUT shuffle size=${2 * MB} count=5242880`,
      `${day}T12:00 GET shuffle count=2`,
      `${day}T17:00 DELETE shuffle`,
    ]);
    const result = run(events, { policy: 'express-onezone' });
    const types = ['TimedStorage-XZ-ByteHrs', 'Requests-XZ-Tier1', 'Requests-XZ-Tier2', 'Upload-XZ', 'Retrieval-XZ'];
    expect(types.flatMap((type) => cents(items(result, type)))).toEqual(lines);
    // 2,638,827,906,662,400 byte-hours.
    const [stored] = items(result, 'TimedStorage-XZ-ByteHrs');
    expect(BigInt(stored!.usageQuantity)).toBe(2_638_827_906_662_400n * 3600n);
    expect(stored!.pricingQuantity).toBe(exact);
  },

  'G12-infracost-lines': ({ lines }) => {
    const cost = (result: PolicyResult, type: string, operation?: string) => cents(items(result, type, operation));
    const month = (count: number) => [`2025-03-01 PUT a size=${GB} count=${count}`];
    const standard = run(month(10_000), {});
    // Not read since January: in Infrequent Access since February. The others opted in to the archive tiers long before.
    const infrequent = run([`2025-01-15 PUT a size=${GB} count=20000`], { policy: 'intelligent-tiering' });
    const archiving = document({
      uploadStorageClass: 'INTELLIGENT_TIERING',
      intelligentTiering: [
        {
          Id: 'archive',
          Status: 'Enabled',
          Tierings: [
            { Days: 90, AccessTier: 'ARCHIVE_ACCESS' },
            { Days: 180, AccessTier: 'DEEP_ARCHIVE_ACCESS' },
          ],
        },
      ],
    });
    const archived = run([`2024-11-01 PUT a size=${GB} count=20000`], { policy: archiving });
    const deeplyArchived = run([`2024-08-01 PUT a size=${GB} count=20000`], { policy: archiving });
    // Read on the 15th: in Frequent Access all month.
    const frequent = run([...month(20_000), '2025-03-15 GET a'], { policy: 'intelligent-tiering' });
    const rarelyRead = run([...month(30_000), '2025-03-20 GET a'], { policy: 'standard-ia' });
    const oneZone = run(month(40_000), { policy: 'onezone-ia' });
    const restored = ['2025-03-20 RESTORE a'];
    const glacier = run([...month(50_000), ...restored], { policy: 'glacier' });
    const urgent = run([...month(50_000), ...restored], { policy: 'glacier', restoreTier: 'expedited' });
    const deep = run([...month(60_000), ...restored], { policy: 'deep-archive' });
    const cheap = run([...month(60_000), ...restored], { policy: 'deep-archive', restoreTier: 'bulk' });
    expect([
      ...cost(standard, 'TimedStorage-ByteHrs'),
      ...cost(frequent, 'TimedStorage-INT-FA-ByteHrs'),
      ...cost(infrequent, 'TimedStorage-INT-IA-ByteHrs'),
      ...cost(archived, 'TimedStorage-INT-AA-ByteHrs', 'IntelligentTieringAAStorage'),
      ...cost(deeplyArchived, 'TimedStorage-INT-DAA-ByteHrs', 'IntelligentTieringDAAStorage'),
      ...cost(infrequent, 'Monitoring-Automation-INT'),
      ...cost(rarelyRead, 'TimedStorage-SIA-ByteHrs'),
      ...cost(rarelyRead, 'Retrieval-SIA'),
      ...cost(rarelyRead, 'Requests-SIA-Tier1'),
      ...cost(oneZone, 'TimedStorage-ZIA-ByteHrs'),
      ...cost(glacier, 'TimedStorage-GlacierByteHrs', 'GlacierStorage'),
      ...cost(glacier, 'Requests-GLACIER-Tier1'),
      ...cost(urgent, 'Expedited-Retrieval-Bytes'),
      ...cost(urgent, 'Requests-Tier6'),
      ...cost(glacier, 'Standard-Retrieval-Bytes'),
      ...cost(deep, 'TimedStorage-GDA-ByteHrs', 'DeepArchiveStorage'),
      ...cost(deep, 'Requests-GDA-Tier1'),
      ...cost(deep, 'Requests-GDA-Tier3'),
      ...cost(deep, 'Standard-Retrieval-Bytes'),
      ...cost(cheap, 'Requests-GDA-Tier5'),
      ...cost(cheap, 'Bulk-Retrieval-Bytes'),
    ]).toEqual(lines);
    // Not read, it leaves Frequent Access for the last day: 20,000 GB × 30/31 × $0.023 and 1/31 × $0.0125.
    const unread = run(month(20_000), { policy: 'intelligent-tiering' });
    expect(cost(unread, 'TimedStorage-INT-FA-ByteHrs')).toEqual(['445.16']);
    expect(cost(unread, 'TimedStorage-INT-IA-ByteHrs')).toEqual(['8.06']);
  },

  'G13-infracost-egress-us-east-1': infracostEgress(virginia),
  'G13-infracost-egress-eu-west-1': infracostEgress(ireland),
  'G13-infracost-egress-ap-northeast-1': infracostEgress(tokyo),
  'G13-infracost-egress-ap-northeast-2': infracostEgress(seoul),
  'G13-infracost-egress-ap-southeast-1': infracostEgress(singapore),

  'G14-transfer-hub-requests': ({ published, exact }) => {
    // 24,576 × $0.0000004 + 20,480 × $0.000005: each of 2,048 files written 10 times, read 12 times.
    const puts = MARCH.slice(0, 10).map((day) => `${day} PUT file size=1000 count=2048`);
    const result = run([...puts, '2025-03-20 GET file count=12'], {});
    expect(result.components.requests).toBe(`${exact}00`);
    expect(formatUSD(parseNanoUSD(result.components.requests!))).toBe(published);
  },

  'G14b-transfer-hub-egress': ({ published }) => {
    const events = [`2025-03-20 GET file size=${GB} count=1024`];
    const prices = withoutFreeTransfer(virginia);
    const result = run(events, { egress: true, prices });
    expect(dollars(items(result, 'DataTransfer-Out-Bytes'))).toBe(published);
    // With the free 100 GB: 924 × $0.09.
    expect(run(events, { egress: true }).components['data transfer']).toBe('83.160000000');
  },

  'G21-break-even-glacier-ir': ({ exact }) => {
    // 30 GB kept for a month and 19 GB of it read: 30 × $0.023 = 30 × $0.004 + 19 × $0.03 = $0.69.
    expect(exact).toBe('19/30');
    const events = [`2025-01-01 PUT a size=${30 * GB}`, `2025-03-20 GET a bytes=${19 * GB}`];
    expect(run(events, { policy: 'standard' }).components).toMatchObject({ storage: '0.690000000' });
    const instantly = run(events, { policy: 'glacier-ir' }).components;
    expect(instantly).toMatchObject({ storage: '0.120000000', retrieval: '0.570000000' });
  },

  'G22-break-even-standard-ia': ({ exact }) => {
    // 100 GB kept for a month and 105 GB read: 100 × $0.023 = 100 × $0.0125 + 105 × $0.01 = $2.30.
    expect(exact).toBe('21/20');
    const events = [`2025-01-01 PUT a size=${100 * GB}`, '2025-03-20 GET a', `2025-03-21 GET a bytes=${5 * GB}`];
    expect(run(events, { policy: 'standard' }).components).toMatchObject({ storage: '2.300000000' });
    const infrequent = run(events, { policy: 'standard-ia' }).components;
    expect(infrequent).toMatchObject({ storage: '1.250000000', retrieval: '1.050000000' });
  },

  'G24-small-objects-deep-archive': ({ lines }) => {
    // 2^30 objects of 1 KB: 1,024 GB and 32,768 GB of index × $0.00099, 8,192 GB of names × $0.023.
    const half = 2 ** 29;
    const events = [`2025-03-01 PUT a size=${KB} count=${half}`, `2025-03-01 PUT b size=${KB} count=${half}`];
    const result = run(events, { policy: 'deep-archive' });
    expect([
      ...cents(items(result, 'TimedStorage-GDA-ByteHrs', 'DeepArchiveStorage')),
      ...cents(items(result, 'TimedStorage-GDA-ByteHrs', 'DeepArchiveObjectOverhead')),
      ...cents(items(result, 'TimedStorage-ByteHrs', 'DeepArchiveS3ObjectOverhead')),
    ]).toEqual(lines);
  },

  'G25-1KB-standard-ia': ({ exact }) => {
    // 1,024 B stored and 130,048 B to make up 128 KB, both × $0.0125.
    const result = run([`2025-03-01 PUT note size=${KB}`], { policy: 'standard-ia' });
    expect(items(result, 'TimedStorage-SIA-ByteHrs')[0]!.costUSD).toBe('0.000000012');
    expect(items(result, 'TimedStorage-SIA-SmObjects')[0]!.costUSD).toBe('0.000001514');
    expect(result.components.storage).toBe(Number(exact).toFixed(9));
  },

  'G26-empty-glacier': ({ exact }) => {
    const result = run(['2025-03-01 PUT marker size=0'], { policy: 'glacier' });
    expect(items(result, 'TimedStorage-GlacierByteHrs', 'GlacierStorage')).toEqual([]);
    expect(result.components.storage).toBe(Number(exact).toFixed(9));
  },

  'G28-monitoring-prorated': ({ exact }) => {
    const events = [`2025-03-30 PUT photo size=${MB} count=100`, '2025-03-31 DELETE photo'];
    const result = run(events, { policy: 'intelligent-tiering' });
    expect(quantities(items(result, 'Monitoring-Automation-INT'))).toEqual([exact]);
  },

  'G29-faq-onezone-small': ({ lines }) => {
    // A million objects of 6 KB, since one costs less than a nano-dollar shows: 6 and 122 KB each.
    const result = run([`2025-03-01 PUT thumbnail size=${6 * KB} count=1000000`], { policy: 'onezone-ia' });
    const kilobytes = (type: string) => {
      const [item] = items(result, type);
      return String(BigInt(item!.usageQuantity) / (1_000_000n * BigInt(31 * DAY * KB)));
    };
    expect([kilobytes('TimedStorage-ZIA-ByteHrs'), kilobytes('TimedStorage-ZIA-SmObjects')]).toEqual(lines);
    // 128,000,000 KB are 122.0703125 GB-Mo × $0.01.
    expect(result.components.storage).toBe('1.220703125');
  },
};

/** Examples that are a sum of printed quantities, or whose published figure needs other inputs than it gives. */
const NOT_EVENTS = ['G15-transfer-hub-large', 'G17-bill-2009', 'G18-bill-2014', 'G19-bill-2014-sydney'];

describe('published examples, from events to dollars', () => {
  const driven = WORKED_EXAMPLES.filter(({ id }) => !NOT_EVENTS.includes(id));

  it.each(driven)('$id: $inputs', (example) => {
    expect(WORKINGS).toHaveProperty(example.id);
    WORKINGS[example.id]!(example);
  });

  it('are all there', () => {
    expect([...Object.keys(WORKINGS), ...NOT_EVENTS].sort()).toEqual(WORKED_EXAMPLES.map(({ id }) => id).sort());
  });
});

/** https://aws.amazon.com/s3/faqs/ (S3 Glacier Flexible Retrieval, S3 Standard-IA: objects deleted early) */
describe('early deletes of the FAQ', () => {
  // Uploaded on 1 January. The index of 32 KB is part of the early delete unless told otherwise.
  const glacier = (deleted: string, switches: SimulationOptions['switches']) =>
    run([`2025-01-01 PUT backup size=${GB}`, `${deleted} DELETE backup`], {
      policy: 'glacier',
      from: '2025-01-01',
      switches,
    });
  const excluded = { ...DEFAULT_SWITCHES, 'early-delete-overhead': 'excluded' } as const;
  const included = { ...DEFAULT_SWITCHES, 'early-delete-overhead': 'included' } as const;

  it('charges two months for a gigabyte deleted after one', () => {
    // 90 - 30 = 60 days, in January: 60/31 = 1.935483871 GB-Mo × $0.0036.
    const [item] = items(glacier('2025-01-31', excluded), 'EarlyDelete-ByteHrs');
    expect(item).toMatchObject({ month: '2025-01', pricingQuantity: '1.935483871', costUSD: '0.006967742' });
    expect(BigInt(item!.usageQuantity)).toBe(BigInt(GB) * BigInt(60 * DAY));
  });

  it('charges one month for a gigabyte deleted after two', () => {
    // 90 - 60 = 30 days, in March: 30/31 GB-Mo.
    const [item] = items(glacier('2025-03-02', excluded), 'EarlyDelete-ByteHrs');
    expect(item).toMatchObject({ month: '2025-03', pricingQuantity: '0.9677419355' });
  });

  it('charges the index for the rest of the 90 days as well', () => {
    const [item] = items(glacier('2025-01-31', included), 'EarlyDelete-ByteHrs');
    expect(BigInt(item!.usageQuantity)).toBe(BigInt(GB + 32_768) * BigInt(60 * DAY));
  });

  it('charges nothing after 90 days, and nothing for what is still there', () => {
    expect(items(glacier('2025-04-01', included), 'EarlyDelete-ByteHrs')).toEqual([]);
    const kept = run([`2025-03-01 PUT backup size=${GB}`], { policy: 'glacier' });
    expect(items(kept, 'EarlyDelete-ByteHrs')).toEqual([]);
  });

  it.each([
    ['deleted', '2025-03-11 DELETE report'],
    ['overwritten', '2025-03-11 PUT report size=0'],
  ])('charges 30 days in all for an object in Standard-IA that is %s on its 10th', (_, end) => {
    const result = run([`2025-03-01 PUT report size=${GB}`, end], { policy: 'standard-ia' });
    // 10/31 and 20/31 of a GB-Mo.
    expect(quantities(items(result, 'TimedStorage-SIA-ByteHrs'))).toEqual(['0.3225806452']);
    expect(quantities(items(result, 'EarlyDelete-SIA'))).toEqual(['0.6451612903']);
  });
});

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/archived-objects.html */
describe('a restored copy', () => {
  it('completed on 2012-10-15 at 10:30 for 3 days is kept until 2012-10-19', () => {
    // Requested 5 hours before. 13.5 hours of the 15th and 3 whole days.
    const result = run([`2012-01-01 PUT tape size=${GB}`, '2012-10-15T05:30 RESTORE tape'], {
      policy: 'glacier',
      from: '2012-10-01',
      until: '2012-11-01',
      restoreDays: 3,
    });
    const [copy] = items(result, 'TimedStorage-ByteHrs', 'RestoreObject');
    expect(BigInt(copy!.usageQuantity)).toBe(BigInt(GB) * BigInt(13.5 * 3600 + 3 * DAY));
    expect(result.notices).toMatchObject({ restores: 1, readsNeedingRestore: 0 });
  });
});

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html and …/troubleshoot-lifecycle.html */
describe('lifecycle dates', () => {
  const expiring = (days: number) =>
    document({ Rules: [{ ID: 'r', Status: 'Enabled', Filter: {}, Expiration: { Days: days } }] });

  it.each([
    ['2014-01-15T10:30', 3, '2014-01-19'],
    ['2014-01-02T00:05', 1, '2014-01-04'],
  ])('an object created on %s with Days %d is stored until %s', (created, days, until) => {
    const events = [`${created} PUT a size=${GB}`];
    const result = run(events, { policy: expiring(days), from: '2014-01-01', until: '2014-02-01' });
    const [stored] = items(result, 'TimedStorage-ByteHrs');
    expect(BigInt(stored!.usageQuantity)).toBe(BigInt(GB) * BigInt(instant(until) - instant(created)));
  });

  it('bills the new class from the midnight at which the rule is satisfied, with one request', () => {
    // 2014-01-15 10:30 and 3 days: GLACIER_IR from the 19th on, 13 days of January. 1,000 × $0.00002.
    const policy = document({
      Rules: [{ ID: 'r', Status: 'Enabled', Filter: {}, Transitions: [{ Days: 3, StorageClass: 'GLACIER_IR' }] }],
    });
    const events = [`2014-01-15T10:30 PUT a size=${GB} count=1000`];
    const result = run(events, { policy, from: '2014-01-01', until: '2014-02-01' });
    const [stored] = items(result, 'TimedStorage-GIR-ByteHrs');
    expect(BigInt(stored!.usageQuantity)).toBe(1000n * BigInt(GB) * BigInt(13 * DAY));
    expect(items(result, 'Requests-Tier4', 'S3-GIRTransition')).toMatchObject([{ costUSD: '0.020000000' }]);
    // No retrieval is charged for a transition.
    expect(result.components.retrieval).toBeUndefined();
  });

  it('charges what is left of 30 days when a rule moves objects out of Standard-IA', () => {
    // Two rules may do what one may not: Standard-IA on the 31st day, Glacier on the 41st: 20 days are left.
    const rule = (ID: string, Days: number, StorageClass: string) => ({
      ID,
      Status: 'Enabled',
      Filter: {},
      Transitions: [{ Days, StorageClass }],
    });
    const policy = document({ Rules: [rule('a', 30, 'STANDARD_IA'), rule('b', 40, 'GLACIER')] });
    const result = run([`2025-02-01 PUT a size=${GB}`], { policy, from: '2025-02-01' });
    const [early] = items(result, 'EarlyDelete-SIA');
    expect(early).toMatchObject({ month: '2025-03', usageQuantity: String(BigInt(GB) * BigInt(20 * DAY)) });
  });
});
