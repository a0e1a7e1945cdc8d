/**
 * A made-up year of a bucket of photos under nine policies, big enough to look like the real thing: every total is the
 * sum of its line items, every line item its quantity times its rate.
 */
import { COMPARISON_SCHEMA, type Comparison, type LineItem, type PolicyResult } from '../../src/model/comparison.ts';
import { type Component, PRICING_UNIT, type UsageUnit } from '../../src/model/usage-type.ts';

const DAYS = 365;
const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const FIRST_DAY = Date.UTC(2025, 0, 1) / 86_400_000;
const TIB = 2 ** 40;

/** Names that do damage wherever they are taken for more than text. */
export const HOSTILE_NAMES = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(2)>',
  'abc\u202etxt.exe',
  "=cmd|' /C calc'!A0",
] as const;

interface Kind {
  readonly name: string;
  readonly usageType: string;
  readonly operation: string;
  readonly component: Component;
  readonly unit: UsageUnit;
  readonly rate: string;
}

function storage(name: string, usageType: string, operation: string, rate: string): Kind {
  return { name, usageType, operation, component: 'storage', unit: 'byte-seconds', rate };
}

const STANDARD = storage('STANDARD', 'TimedStorage-ByteHrs', 'StandardStorage', '0.023');
const STANDARD_IA = storage('STANDARD_IA', 'TimedStorage-SIA-ByteHrs', 'StandardIAStorage', '0.0125');
const ONEZONE_IA = storage('ONEZONE_IA', 'TimedStorage-ZIA-ByteHrs', 'OneZoneIAStorage', '0.01');
const GLACIER_IR = storage('GLACIER_IR', 'TimedStorage-GIR-ByteHrs', 'GlacierInstantRetrievalStorage', '0.004');
const GLACIER = storage('GLACIER', 'TimedStorage-GlacierByteHrs', 'GlacierStorage', '0.0036');
const DEEP_ARCHIVE = storage('DEEP_ARCHIVE', 'TimedStorage-GDA-ByteHrs', 'DeepArchiveStorage', '0.00099');
const FREQUENT = storage(
  'INTELLIGENT_TIERING frequent',
  'TimedStorage-INT-FA-ByteHrs',
  'IntelligentTieringFAStorage',
  '0.023',
);
const INFREQUENT = storage(
  'INTELLIGENT_TIERING infrequent',
  'TimedStorage-INT-IA-ByteHrs',
  'IntelligentTieringIAStorage',
  '0.0125',
);
const INSTANT = storage(
  'INTELLIGENT_TIERING archive instant',
  'TimedStorage-INT-AIA-ByteHrs',
  'IntelligentTieringAIAStorage',
  '0.004',
);

interface Sketch {
  readonly policy: string;
  readonly description: string;
  /** Share of the bytes in each class on a day. */
  readonly shares: (day: number) => readonly (readonly [Kind, number])[];
  readonly requestInfix?: string;
  readonly putRate?: string;
  readonly getRate?: string;
  readonly retrieval?: readonly [usageType: string, rate: string];
  readonly monitored?: boolean;
  readonly transitions?: readonly [usageType: string, operation: string, rate: string];
  readonly earlyDelete?: readonly [usageType: string, operation: string, rate: string];
  readonly lost?: number;
  readonly waiting?: readonly [reads: number, hours: number];
}

const cooled = (day: number): number => Math.min(Math.max(day - 30, 0) / 200, 0.8);
const frozen = (day: number): number => Math.min(Math.max(day - 90, 0) / 220, 0.7);

const SKETCHES: readonly Sketch[] = [
  { policy: 'standard', description: 'Uploads to STANDARD, no rules', shares: () => [[STANDARD, 1]] },
  {
    policy: 'intelligent-tiering',
    description: 'Uploads to INTELLIGENT_TIERING, no archive tiers',
    shares: (day) => [
      [FREQUENT, 1 - cooled(day)],
      [INFREQUENT, cooled(day) - frozen(day) * 0.9],
      [INSTANT, frozen(day) * 0.9],
    ],
    requestInfix: 'INT-',
    monitored: true,
  },
  {
    policy: 'standard-ia',
    description: 'Uploads to STANDARD_IA, no rules',
    shares: () => [[STANDARD_IA, 1]],
    requestInfix: 'SIA-',
    putRate: '0.00001',
    getRate: '0.000001',
    retrieval: ['Retrieval-SIA', '0.01'],
    earlyDelete: ['EarlyDelete-SIA', 'StandardIAStorage', '0.0125'],
  },
  {
    policy: 'onezone-ia',
    description: 'Uploads to ONEZONE_IA, no rules',
    shares: () => [[ONEZONE_IA, 1]],
    requestInfix: 'ZIA-',
    putRate: '0.00001',
    getRate: '0.000001',
    retrieval: ['Retrieval-ZIA', '0.01'],
    earlyDelete: ['EarlyDelete-ZIA', 'OneZoneIAStorage', '0.01'],
  },
  {
    policy: 'glacier-ir',
    description: 'Uploads to GLACIER_IR, no rules',
    shares: () => [[GLACIER_IR, 1]],
    requestInfix: 'GIR-',
    putRate: '0.00002',
    getRate: '0.00001',
    retrieval: ['Retrieval-GIR', '0.03'],
    earlyDelete: ['EarlyDelete-GIR', 'GlacierInstantRetrievalStorage', '0.004'],
  },
  {
    policy: 'deep-archive',
    description: 'Uploads to DEEP_ARCHIVE, no rules',
    shares: () => [[DEEP_ARCHIVE, 1]],
    requestInfix: 'GDA-',
    putRate: '0.00005',
    retrieval: ['Standard-Retrieval-Bytes', '0.02'],
    earlyDelete: ['EarlyDelete-GDA', 'DeepArchiveStorage', '0.00099'],
    waiting: [61_204, 12],
  },
  {
    policy: 'ia-30-glacier-90.json',
    description: 'Uploads to STANDARD; rule cool-down: STANDARD_IA after 30 days, GLACIER after 90 days',
    shares: (day) => [
      [STANDARD, 1 - cooled(day)],
      [STANDARD_IA, cooled(day) - frozen(day)],
      [GLACIER, frozen(day)],
    ],
    retrieval: ['Retrieval-SIA', '0.01'],
    transitions: ['Requests-Tier4', 'S3-SIATransition', '0.00001'],
    waiting: [1_204, 5],
  },
  {
    policy: 'archive-and-expire.json',
    description: 'Uploads to STANDARD; rule tidy: DEEP_ARCHIVE after 30 days, expires after 200 days',
    shares: (day) => [
      [STANDARD, 1 - cooled(day)],
      [DEEP_ARCHIVE, cooled(day) * (day > 200 ? 0.55 : 1)],
    ],
    transitions: ['Requests-Tier3', 'S3-GDATransition', '0.00005'],
    retrieval: ['Standard-Retrieval-Bytes', '0.02'],
    lost: 57,
    waiting: [833, 12],
  },
  {
    policy: 'instant-after-60.json',
    description: 'Uploads to STANDARD; rule sixty: GLACIER_IR after 60 days',
    shares: (day) => [
      [STANDARD, 1 - Math.min(Math.max(day - 60, 0) / 150, 0.75)],
      [GLACIER_IR, Math.min(Math.max(day - 60, 0) / 150, 0.75)],
    ],
    retrieval: ['Retrieval-GIR', '0.03'],
    transitions: ['Requests-Tier4', 'S3-GIRTransition', '0.00002'],
  },
];

/** The comparison; `hostile` gives the last four policies, the input, an assumption and a reason names that bite. */
export function sampleComparison(names: 'plain' | 'hostile' = 'plain'): Comparison {
  const hostile = names === 'hostile';
  const sketches = SKETCHES.map((sketch, index) => {
    return hostile && index >= 5
      ? { ...sketch, policy: HOSTILE_NAMES[index - 5]!, description: HOSTILE_NAMES[1] }
      : sketch;
  });
  const simulated = sketches.map(simulate);
  const baseline = simulated[0]!;
  const results = simulated
    .map((result) => compared(result, baseline))
    .sort((a, b) => Number(nanos(a.totalUSD) - nanos(b.totalUSD)));
  return {
    schema: COMPARISON_SCHEMA,
    tiercast: '0.1.0',
    prices: { region: 'us-east-1', effectiveDate: '2024-09-25' },
    workload: {
      inputs: hostile ? [HOSTILE_NAMES[0], 'logs/2025-*.csv'] : ['logs/2025-*.csv'],
      formats: [{ name: 'csv', title: 'CSV', files: hostile ? 7 : 12 }],
      skippedFiles: hostile ? [{ reason: 'hidden', files: 2, example: HOSTILE_NAMES[1] }] : [],
      events: 12_480_331,
      rows: 12_480_331 + (hostile ? 17 : 0),
      objects: 1_048_220,
      versioning: 'unversioned',
      versions: 0,
      deleteMarkers: 0,
      bytes: '16492674416640',
      from: '2025-01-01T00:00:00Z',
      until: '2026-01-01T00:00:00Z',
      rejectedRows: 3,
      rejections: hostile
        ? [
            {
              reason: 'operation … is unknown',
              rows: 3,
              bytes: '1800',
              example: `${HOSTILE_NAMES[0]}:17: operation 'X' is unknown`,
            },
          ]
        : [],
      rowBytes: hostile ? '3600000' : '0',
      duplicateRows: hostile ? 2 : 0,
      unknownCopies: hostile ? 4 : 0,
      sizesFromReads: hostile ? 5 : 0,
      otherRows: hostile ? [{ kind: HOSTILE_NAMES[2], rows: 12 }] : [],
      buckets: hostile ? [HOSTILE_NAMES[3], 'b'] : [],
      assumedObjects: 20_117,
      assumedBytes: '329853488332',
      copiesWithoutSource: hostile ? 2 : 0,
      deletesOfUnknownKeys: 12,
    },
    baseline: 'standard',
    assumptions: [
      {
        name: 'early-delete-overhead',
        choice: 'included',
        text: 'An early delete out of GLACIER or DEEP_ARCHIVE is charged for the 32 KB of index of the object, too.',
        effect: 'a little',
      },
      {
        name: hostile ? HOSTILE_NAMES[1] : 'restore-tier',
        choice: 'standard',
        text: 'A read of an archived object waits for a standard restore, and the copy is kept for one day.',
        effect: 'a little',
      },
    ],
    leftOut: [
      { policy: hostile ? HOSTILE_NAMES[0] : 'express-onezone', reason: 'us-east-1 has no price for Upload-XZ' },
    ],
    results,
    timelineDates: Array.from({ length: DAYS }, (_, day) => dateOf(day)),
  };
}

function simulate(sketch: Sketch): PolicyResult {
  const lineItems = MONTH_DAYS.flatMap((_, month) => monthItems(sketch, month));
  const months = MONTH_DAYS.map((_, month) => {
    const items = lineItems.filter((item) => item.month === monthOf(month));
    return { month: monthOf(month), totalUSD: total(items), components: byComponent(items) };
  });
  const classes = [
    ...new Set(Array.from({ length: DAYS }, (_, day) => sketch.shares(day).map(([kind]) => kind.name)).flat()),
  ];
  const bytesOn = (name: string, day: number): number => {
    const share = sketch.shares(day).find(([kind]) => kind.name === name)?.[1] ?? 0;
    return Math.round(held(day) * share);
  };
  const [reads, hours] = sketch.waiting ?? [0, 0];
  return {
    policy: sketch.policy,
    description: sketch.description,
    totalUSD: total(lineItems),
    savingUSD: '0',
    savingPercent: '0.0',
    components: byComponent(lineItems),
    months,
    lineItems,
    notices: {
      readsAfterExpiration: sketch.lost ?? 0,
      readsNeedingRestore: reads,
      restores: Math.round(reads * 0.9),
      restoreWaitHours: reads * hours * 0.8,
      longestRestoreWaitHours: hours,
    },
    timeline: {
      bytes: Object.fromEntries(
        classes.map((name) => [name, Array.from({ length: DAYS }, (_, day) => bytesOn(name, day))]),
      ),
      cumulativeUSD: cumulative(lineItems),
    },
    breakEvenDate: null,
  };
}

/** Requests, transitions and early deletes of a month fall on its first day here, the rest evenly on its days. */
function cumulative(items: readonly LineItem[]): number[] {
  const spent: number[] = [];
  let before = 0;
  for (const [month, days] of MONTH_DAYS.entries()) {
    const due = items.filter((item) => item.month === monthOf(month));
    const atOnce = due.filter(({ component }) => component === 'transitions' || component === 'early delete');
    const [once, whole] = [Number(total(atOnce)), Number(total(due))];
    for (let day = 1; day <= days; day++) spent.push(before + once + ((whole - once) * day) / days);
    before += whole;
  }
  return spent;
}

function monthItems(sketch: Sketch, month: number): LineItem[] {
  const firstDay = MONTH_DAYS.slice(0, month).reduce((sum, days) => sum + days, 0);
  const days = Array.from({ length: MONTH_DAYS[month]! }, (_, day) => firstDay + day);
  const infix = sketch.requestInfix ?? '';
  const items: LineItem[] = [];
  const add = (kind: Omit<Kind, 'name'>, quantity: number): void => {
    if (quantity > 0) items.push(lineItem(kind, month, BigInt(Math.round(quantity))));
  };
  for (const [kind] of sketch.shares(firstDay + 27)) {
    const share = (day: number): number => sketch.shares(day).find(([other]) => other === kind)?.[1] ?? 0;
    add(
      kind,
      days.reduce((sum, day) => sum + Math.round(held(day) * share(day)) * 86_400, 0),
    );
  }
  const request = (tier: 1 | 2, operation: string, rate: string, quantity: number): void => {
    add(
      { usageType: `Requests-${infix}Tier${tier}`, operation, component: 'requests', unit: 'requests', rate },
      quantity,
    );
  };
  request(1, 'PutObject', sketch.putRate ?? '0.000005', 71_300 + 1_700 * month);
  request(2, 'GetObject', sketch.getRate ?? '0.0000004', 812_000 + 9_100 * month);
  request(2, 'HeadObject', sketch.getRate ?? '0.0000004', 96_000);
  if (sketch.retrieval) {
    const [usageType, rate] = sketch.retrieval;
    add({ usageType, operation: 'GetObject', component: 'retrieval', unit: 'bytes', rate }, (0.9 + 0.11 * month) * TIB);
  }
  if (sketch.monitored) {
    const kind = { usageType: 'Monitoring-Automation-INT', operation: 'IntelligentTieringStorage' };
    const objectSeconds = (620_000 + 35_000 * month) * days.length * 86_400;
    add({ ...kind, component: 'monitoring', unit: 'object-seconds', rate: '0.0000025' }, objectSeconds);
  }
  if (sketch.transitions && month > 0) {
    const [usageType, operation, rate] = sketch.transitions;
    const objects = month === 1 ? 640_000 : 71_000;
    add({ usageType, operation, component: 'transitions', unit: 'requests', rate }, objects);
  }
  if (sketch.earlyDelete) {
    const [usageType, operation, rate] = sketch.earlyDelete;
    add({ usageType, operation, component: 'early delete', unit: 'byte-seconds', rate }, 0.4 * TIB * 60 * 86_400);
  }
  return items;
}

function lineItem(kind: Omit<Kind, 'name'>, month: number, quantity: bigint): LineItem {
  const seconds = BigInt(MONTH_DAYS[month]! * 86_400);
  const divisor = {
    'byte-seconds': 2n ** 30n * seconds,
    'object-seconds': seconds,
    'tag-seconds': seconds,
    bytes: 2n ** 30n,
    requests: 1n,
  };
  const scaled = (quantity * 10n ** 9n) / divisor[kind.unit];
  const [whole = '', fraction = ''] = kind.rate.split('.');
  const costNanos = (scaled * BigInt(whole + fraction)) / 10n ** BigInt(fraction.length);
  return {
    month: monthOf(month),
    usageType: kind.usageType,
    operation: kind.operation,
    component: kind.component,
    usageQuantity: String(quantity),
    usageUnit: kind.unit,
    pricingQuantity: decimal(scaled),
    pricingUnit: PRICING_UNIT[kind.unit],
    rateUSD: kind.rate,
    costUSD: decimal(costNanos),
  };
}

function compared(result: PolicyResult, baseline: PolicyResult): PolicyResult {
  const saving = nanos(baseline.totalUSD) - nanos(result.totalUSD);
  const days = [...result.timeline.cumulativeUSD.keys()];
  const dearer = (day: number): boolean => result.timeline.cumulativeUSD[day]! >= baseline.timeline.cumulativeUSD[day]!;
  const lastDearer = days.findLast(dearer) ?? -1;
  const crosses = lastDearer >= 0 && lastDearer < DAYS - 1;
  return {
    ...result,
    savingUSD: decimal(saving),
    savingPercent: ((Number(saving) / Number(nanos(baseline.totalUSD))) * 100).toFixed(1),
    breakEvenDate: crosses ? dateOf(lastDearer + 1) : null,
  };
}

/** Bytes in the bucket on a day: 6 TiB at the start, growing steadily. */
function held(day: number): number {
  return 6 * TIB + Math.round(day * 0.021 * TIB);
}

function byComponent(items: readonly LineItem[]): Partial<Record<Component, string>> {
  const components = new Set(items.map(({ component }) => component));
  return Object.fromEntries(
    [...components].map((component) => [component, total(items.filter((item) => item.component === component))]),
  );
}

function total(items: readonly LineItem[]): string {
  return decimal(items.reduce((sum, { costUSD }) => sum + nanos(costUSD), 0n));
}

function nanos(decimalText: string): bigint {
  return BigInt(decimalText.replace('.', ''));
}

function decimal(nano: bigint): string {
  const digits = String(nano < 0n ? -nano : nano).padStart(10, '0');
  return `${nano < 0n ? '-' : ''}${digits.slice(0, -9)}.${digits.slice(-9)}`;
}

function monthOf(month: number): string {
  return `2025-${String(month + 1).padStart(2, '0')}`;
}

function dateOf(day: number): string {
  return new Date((FIRST_DAY + day) * 86_400_000).toISOString().slice(0, 10);
}
