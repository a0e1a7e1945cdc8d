/** Two price lists side by side: what a usage costs by the one and by the other. */
import { type Decimal, formatDecimal, formatRatio } from '../model/money.ts';
import { type PricingUnit, USAGE_KINDS } from '../model/usage-type.ts';
import { type Price, type PriceList, type PriceTier, priceOf } from './price-list.ts';

const PRICE_DIFF_SCHEMA = 'tiercast.price-diff/1';

/** The difference as plain data; rates are exact decimal strings. */
export interface PriceDiff {
  readonly schema: typeof PRICE_DIFF_SCHEMA;
  readonly before: DiffedList;
  readonly after: DiffedList;
  readonly changed: readonly PriceChange[];
  /** Only the later list has a price. */
  readonly added: readonly PriceChange[];
  /** Only the earlier list has a price. */
  readonly vanished: readonly PriceChange[];
  /** Usage types (and operations) that cost the same. */
  readonly unchanged: number;
}

interface DiffedList {
  readonly region: string;
  /** The day from which the prices that are compared are in force: the last the list knows. */
  readonly effectiveDate: string;
  /** It has earlier prices, which are not compared. */
  readonly earlier?: true;
  readonly file?: string;
}

export interface PriceChange {
  /** Without a region's prefix. */
  readonly usageType: string;
  /** Those that it is the price of, where others of the usage type fare otherwise. */
  readonly operations?: readonly string[];
  readonly unit: PricingUnit;
  /** Cut at the edges of both. */
  readonly tiers: readonly TierChange[];
}

interface TierChange {
  readonly from: string;
  readonly to: string | null;
  readonly beforeUSD: string | null;
  readonly afterUSD: string | null;
  /** Of the earlier rate, at most two decimals; null where there is none, or it is $0. */
  readonly percent: string | null;
}

/**
 * What a change of price list changes. Operations are compared by what they are charged, whether the lists price them
 * one by one or all together; of a list with periods the last counts.
 */
export function diffPrices(before: PriceList, after: PriceList): PriceDiff {
  const [a, b] = [before, after].map(lastPrices) as [Pick<PriceList, 'prices'>, Pick<PriceList, 'prices'>];
  const compared = usageTypesOf([...a.prices, ...b.prices]).flatMap((usageType) => comparedTo(usageType, a, b));
  const changes = compared.filter(({ before, after }) => !isSame(before, after));
  const pick = (of: (one: Compared) => boolean): PriceChange[] => changes.filter(of).map(changeOf);
  return {
    schema: PRICE_DIFF_SCHEMA,
    before: diffedList(before),
    after: diffedList(after),
    changed: pick((one) => one.before !== undefined && one.after !== undefined),
    added: pick((one) => one.before === undefined),
    vanished: pick((one) => one.after === undefined),
    unchanged: compared.length - changes.length,
  };
}

function lastPrices({ prices, periods }: PriceList): Pick<PriceList, 'prices'> {
  return periods?.at(-1) ?? { prices };
}

function diffedList({ region, effectiveDate, periods, own }: PriceList): DiffedList {
  return {
    region,
    effectiveDate: periods?.at(-1)?.from ?? effectiveDate,
    ...(periods?.length && { earlier: true as const }),
    ...(own?.file && { file: own.file }),
  };
}

/** As a bill orders them, priced or not, then what is priced and never metered. */
function usageTypesOf(prices: readonly Price[]): string[] {
  return [...new Set([...USAGE_KINDS, ...prices].map(({ usageType }) => usageType))];
}

interface Compared {
  readonly usageType: string;
  readonly operations?: readonly string[];
  readonly before: Price | undefined;
  readonly after: Price | undefined;
}

/** The prices of a usage type in both lists, operations that fare alike together. */
function comparedTo(usageType: string, a: Pick<PriceList, 'prices'>, b: Pick<PriceList, 'prices'>): Compared[] {
  const groups = new Map<string, Compared & { readonly operations: string[] }>();
  for (const operation of operationsOf(usageType, [...a.prices, ...b.prices])) {
    const [before, after] = [a, b].map((list) => priceOf(list, usageType, operation));
    if (!before && !after) continue;
    const likeness = [before, after].map((price) => price?.tiers.map(tierText).join()).join(' ');
    const group = groups.get(likeness) ?? { usageType, operations: [], before, after };
    group.operations.push(operation);
    groups.set(likeness, group);
  }
  const found = [...groups.values()];
  return found.length > 1 ? found : found.map(({ operations, ...all }) => all);
}

/** Those that are metered and those that are named; where none is metered, an empty one for the price that names none. */
function operationsOf(usageType: string, prices: readonly Price[]): string[] {
  const metered = USAGE_KINDS.filter((kind) => kind.usageType === usageType).map(({ operation }) => operation);
  const named = prices.filter((price) => price.usageType === usageType).flatMap(({ operation }) => operation ?? []);
  return [...new Set([...(metered.length > 0 ? metered : ['']), ...named])];
}

function tierText({ from, to, usd }: PriceTier): string {
  return `${from}-${to}:${plain(usd)}`;
}

function isSame(before: Price | undefined, after: Price | undefined): boolean {
  return tiersOf(before, after).every(({ beforeUSD, afterUSD }) => beforeUSD === afterUSD);
}

function changeOf({ usageType, operations, before, after }: Compared): PriceChange {
  return {
    usageType,
    ...(operations && { operations }),
    unit: (after ?? before)!.unit,
    tiers: tiersOf(before, after),
  };
}

function tiersOf(before: Price | undefined, after: Price | undefined): TierChange[] {
  const tiers = [before, after].flatMap((price) => price?.tiers ?? []);
  const edges = [...new Set(tiers.map(({ from }) => from))].sort((a, b) => (a < b ? -1 : 1));
  return edges.map((from, i) => {
    const [old, now] = [before, after].map((price) => price?.tiers.findLast((tier) => tier.from <= from)?.usd);
    return {
      from: from.toString(),
      to: edges[i + 1]?.toString() ?? null,
      beforeUSD: old ? plain(old) : null,
      afterUSD: now ? plain(now) : null,
      percent: old && now ? percentOf(old, now) : null,
    };
  });
}

/** The rate without zeros at its end: lists write them with two digits or with ten. */
function plain({ digits, scale }: Decimal): string {
  const text = formatDecimal({ digits, scale });
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

function percentOf(before: Decimal, after: Decimal): string | null {
  if (before.digits === 0n) return null;
  const scale = BigInt(Math.max(before.scale, after.scale));
  const [old, now] = [before, after].map((rate) => rate.digits * 10n ** (scale - BigInt(rate.scale))) as [
    bigint,
    bigint,
  ];
  return formatRatio({ numerator: (now - old) * 100n, denominator: old }, 2);
}
