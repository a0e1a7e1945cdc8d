import type {
  Assumption,
  Comparison,
  FirstTransitions,
  GroupCost,
  GroupsUsed,
  PolicyNotices,
  PolicyResult,
  Timeline,
  UnfinishedUploads,
  Workload,
} from '../model/comparison.ts';
import { COMPARISON_SCHEMA } from '../model/comparison.ts';
import { formatNanoUSD } from '../model/money.ts';
import { billingMonths, DAY_SECONDS, formatDate, type Horizon } from '../model/time.ts';
import type { NanoUSD } from '../model/units.ts';
import type { MeteredUsage } from '../model/usage.ts';
import { STORED, USAGE_KINDS } from '../model/usage-type.ts';
import { type Bill, bill } from './bill.ts';
import { groupCosts } from './groups.ts';
import type { PriceList } from './price-list.ts';
import { pricesUsed } from './prices-used.ts';
import { shareOf } from './share.ts';

/** What one policy used and broke, before any price. */
export interface MeteredPolicy {
  readonly policy: string;
  readonly description: string;
  readonly usage: MeteredUsage;
  /** The same by group, in the order of {@link ComparisonOptions.groupBy}. */
  readonly groups?: readonly MeteredUsage[];
  readonly notices: PolicyNotices;
  readonly idleVersionRules?: true;
  /** Shares of the usage that deserve a name. */
  readonly unfinishedUploads?: Omit<UnfinishedUploads, 'costUSD'> & { readonly usage: MeteredUsage };
  readonly firstTransitions?: Omit<FirstTransitions, 'costUSD'> & { readonly usage: MeteredUsage };
}

export interface ComparisonOptions {
  /** Version of the program. */
  readonly version: string;
  readonly horizon: Horizon;
  /** Policy savings are measured against. */
  readonly baseline: string;
  readonly workload: Workload;
  readonly assumptions: readonly Assumption[];
  readonly leftOut: Comparison['leftOut'];
  readonly groupBy?: GroupsUsed;
}

/** Points of a timeline at the most. */
const TIMELINE_POINTS = 400;

/** The object bytes of each class and tier, for charts: what users stored, without fillers and overheads. */
const BYTES_BY_CLASS: readonly (readonly [name: string, kinds: readonly number[]])[] = [
  ['STANDARD', [STORED.standard]],
  ['STANDARD_IA', [STORED.standardIA]],
  ['ONEZONE_IA', [STORED.oneZoneIA]],
  ['INTELLIGENT_TIERING frequent', [STORED.frequent]],
  ['INTELLIGENT_TIERING infrequent', [STORED.infrequent]],
  ['INTELLIGENT_TIERING archive instant', [STORED.archiveInstant]],
  ['INTELLIGENT_TIERING archive', [STORED.archiveAccess]],
  ['INTELLIGENT_TIERING deep archive', [STORED.deepArchiveAccess]],
  ['GLACIER_IR', [STORED.glacierIR]],
  ['GLACIER', [STORED.glacier]],
  ['DEEP_ARCHIVE', [STORED.deepArchive]],
  ['EXPRESS_ONEZONE', [STORED.express]],
  ['restored copies', [STORED.glacierCopy, STORED.deepArchiveCopy]],
  ['unfinished uploads to archives', [STORED.glacierParts, STORED.deepArchiveParts]],
];

interface Priced {
  readonly metered: MeteredPolicy;
  readonly bill: Bill;
  /** What a part of the usage costs, exact USD. */
  readonly share: (part: MeteredUsage) => string;
  /** USD spent by the end of each day of the horizon. */
  readonly spent: Float64Array;
  readonly groups: readonly Omit<GroupCost, 'savingUSD'>[] | undefined;
}

/**
 * Prices what each policy used and sets the bills side by side, cheapest first.
 *
 * @throws InputError when a usage has no price, naming each
 */
export function compareBills(
  policies: readonly MeteredPolicy[],
  prices: PriceList,
  options: ComparisonOptions,
): Comparison {
  const days = timelineDays(options.horizon);
  const priced = policies.map((metered) => {
    const usage = metered.usage.usage();
    const priced = bill(usage, prices);
    const share = (part: MeteredUsage): string => formatNanoUSD(shareOf(part.usage(), usage, priced, prices.prefix));
    const spent = spentByDay(metered.usage, priced, prices, options.horizon);
    const parts = metered.groups?.map((part) => part.usage());
    const groups = parts && groupCosts(parts, priced, prices.prefix);
    return { metered, bill: priced, share, spent, groups };
  });
  const baseline = priced.find(({ metered }) => metered.policy === options.baseline)!;
  const results = priced.map((one) => policyResult(one, baseline, days, options.horizon));
  return {
    schema: COMPARISON_SCHEMA,
    tiercast: options.version,
    prices: pricesUsed(
      prices,
      priced.flatMap(({ bill }) => bill.lineItems),
    ),
    workload: options.workload,
    baseline: options.baseline,
    assumptions: options.assumptions,
    leftOut: options.leftOut,
    results: results.sort((a, b) => Number(sign(nano(a.totalUSD) - nano(b.totalUSD)))),
    timelineDates: days.map((day) => dateOf(day, options.horizon)),
    ...(options.groupBy && { groupBy: options.groupBy }),
  };
}

function policyResult(priced: Priced, baseline: Priced, days: readonly number[], horizon: Horizon): PolicyResult {
  const { metered, bill, share, spent, groups } = priced;
  const { unfinishedUploads, firstTransitions } = metered;
  const saving = (baseline.bill.totalNanoUSD - bill.totalNanoUSD) as NanoUSD;
  return {
    policy: metered.policy,
    description: metered.description,
    totalUSD: formatNanoUSD(bill.totalNanoUSD),
    savingUSD: formatNanoUSD(saving),
    savingPercent: percent(saving, baseline.bill.totalNanoUSD),
    components: bill.components,
    months: bill.months,
    lineItems: bill.lineItems,
    notices: metered.notices,
    ...(metered.idleVersionRules && { idleVersionRules: true as const }),
    ...(unfinishedUploads && { unfinishedUploads: withCost(unfinishedUploads, share) }),
    ...(firstTransitions && { firstTransitions: withCost(firstTransitions, share) }),
    timeline: timeline(metered.usage, spent, days),
    ...(groups && { groups: withSavings(groups, baseline.groups!) }),
    breakEvenDate: priced === baseline ? null : breakEvenDate(spent, baseline.spent, horizon),
  };
}

function withSavings(groups: NonNullable<Priced['groups']>, baseline: NonNullable<Priced['groups']>): GroupCost[] {
  return groups.map(({ totalUSD, ...rest }, at) => {
    const savingUSD = formatNanoUSD((nano(baseline[at]!.totalUSD) - nano(totalUSD)) as NanoUSD);
    return { totalUSD, savingUSD, ...rest };
  });
}

function withCost<T extends { readonly usage: MeteredUsage }>(
  { usage, ...counts }: T,
  share: (part: MeteredUsage) => string,
): Omit<T, 'usage'> & { readonly costUSD: string } {
  return { ...counts, costUSD: share(usage) };
}

/** Share of a whole as a percentage with one decimal, rounded half away from zero. */
function percent(part: bigint, whole: bigint): string {
  if (whole === 0n) return '0.0';
  const size = part < 0n ? -part : part;
  const tenths = (size * 2000n + whole) / (whole * 2n);
  return `${part < 0n && tenths > 0n ? '-' : ''}${tenths / 10n}.${tenths % 10n}`;
}

function nano(usd: string): bigint {
  return BigInt(usd.replace('.', ''));
}

function sign(value: bigint): bigint {
  return value < 0n ? -1n : value > 0n ? 1n : 0n;
}

function dateOf(day: number, { from }: Horizon): string {
  return formatDate(from + day * DAY_SECONDS);
}

/** Evenly spaced days, the last one of the horizon among them. */
function timelineDays({ from, until }: Horizon): number[] {
  const days = (until - from) / DAY_SECONDS;
  const step = Math.ceil(days / TIMELINE_POINTS);
  return Array.from({ length: Math.ceil(days / step) }, (_, i) => days - 1 - i * step).reverse();
}

function timeline(usage: MeteredUsage, spent: Float64Array, days: readonly number[]): Timeline {
  const bytes: Record<string, number[]> = {};
  for (const [name, kinds] of BYTES_BY_CLASS) {
    const quantities = kinds.flatMap((kind) => usage.quantities(kind) ?? []);
    if (quantities.length === 0) continue;
    const held = days.map((day) => {
      let byteSeconds = 0n;
      for (let at = day; at < quantities.length; at += usage.days) byteSeconds += quantities[at]!;
      return Math.round(Number(byteSeconds) / DAY_SECONDS);
    });
    if (held.some((amount) => amount > 0)) bytes[name] = held;
  }
  return { bytes, cumulativeUSD: days.map((day) => Math.round(spent[day]! * 1e6) / 1e6) };
}

/** Spreads each month's line items over its days, in proportion to what was used on each. */
function spentByDay(usage: MeteredUsage, { lineItems }: Bill, { prefix }: PriceList, horizon: Horizon): Float64Array {
  const perDay = new Float64Array(usage.days);
  const costs = new Map<string, number>();
  for (const { month, usageType, operation, costUSD } of lineItems) {
    const item = `${month} ${usageType} ${operation}`;
    costs.set(item, (costs.get(item) ?? 0) + Number(costUSD));
  }
  const months = billingMonths(horizon);
  USAGE_KINDS.forEach(({ usageType, operation }, kind) => {
    const quantities = usage.quantities(kind);
    if (!quantities) return;
    for (const { month, firstDay, endDay } of months) {
      const cost = costs.get(`${month} ${prefix}${usageType} ${operation}`);
      if (!cost) continue;
      const ofMonth = quantities.slice(firstDay, endDay).map(Number);
      const whole = ofMonth.reduce((sum, quantity) => sum + quantity, 0);
      ofMonth.forEach((quantity, i) => {
        perDay[firstDay + i]! += cost * (quantity / whole);
      });
    }
  });
  let spent = 0;
  return perDay.map((cost) => {
    spent += cost;
    return spent;
  });
}

/** The day from which a policy has spent less than the baseline for good, having spent more before. */
function breakEvenDate(spent: Float64Array, baseline: Float64Array, horizon: Horizon): string | null {
  const tolerance = 1e-9;
  let first = spent.length;
  while (first > 0 && spent[first - 1]! < baseline[first - 1]! - tolerance) first--;
  if (first === spent.length) return null;
  const wasAbove = spent.subarray(0, first).some((cost, day) => cost > baseline[day]! + tolerance);
  return wasAbove ? dateOf(first, horizon) : null;
}
