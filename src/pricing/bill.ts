/** Usage × price list → bill, in the bill's own words. */
import type { LineItem, MonthlyCost } from '../model/comparison.ts';
import { type Diagnostic, InputError } from '../model/diagnostic.ts';
import {
  charge,
  type Decimal,
  formatDecimal,
  formatNanoUSD,
  formatRatio,
  parseNanoUSD,
  type Ratio,
  sumUSD,
} from '../model/money.ts';
import type { NanoUSD } from '../model/units.ts';
import type { MonthlyUsage, Usage } from '../model/usage.ts';
import { COMPONENTS, type Component, PRICING_UNIT, USAGE_KINDS, type UsageKind } from '../model/usage-type.ts';
import { type PriceList, type PriceTier, priceOf, pricesIn } from './price-list.ts';
import { pricingQuantity, secondsSold } from './pricing-quantity.ts';

export interface Bill {
  readonly totalNanoUSD: NanoUSD;
  /** What each part of the bill costs, exact USD; parts without a line item are absent. */
  readonly components: Readonly<Partial<Record<Component, string>>>;
  /** Every month of the usage, those that cost nothing as well. */
  readonly months: readonly MonthlyCost[];
  /** By month, then as USAGE_KINDS is ordered, then by volume tier. */
  readonly lineItems: readonly LineItem[];
}

/** Decimals of a pricing quantity, as many as a cost and usage report has. */
export const QUANTITY_PLACES = 10;

/**
 * What a usage costs. Every operation's share of a volume tier is a line item, free ones included; each is rounded to
 * a nano-dollar and the total is their sum.
 *
 * @throws InputError naming every usage type and operation that the price list has no price for: unpriced is not free
 */
export function bill(usage: Usage, prices: PriceList): Bill {
  refuseUnpriced(usage, prices);
  const lineItems = usage.months.flatMap((month) => monthlyItems(month, prices));
  return {
    totalNanoUSD: costOf(lineItems),
    components: componentsOf(lineItems),
    months: usage.months.map(({ month }) => monthlyCost(month.month, lineItems)),
    lineItems,
  };
}

/** What each part of some line items costs, exact USD, as {@link COMPONENTS} is ordered; parts without an item are absent. */
export function componentsOf(
  lineItems: readonly Pick<LineItem, 'component' | 'costUSD'>[],
): Partial<Record<Component, string>> {
  const used = COMPONENTS.filter((component) => lineItems.some((item) => item.component === component));
  return Object.fromEntries(
    used.map((component) => [
      component,
      formatNanoUSD(costOf(lineItems.filter((item) => item.component === component))),
    ]),
  );
}

function monthlyCost(month: string, lineItems: readonly LineItem[]): MonthlyCost {
  const ofMonth = lineItems.filter((item) => item.month === month);
  return { month, totalUSD: formatNanoUSD(costOf(ofMonth)), components: componentsOf(ofMonth) };
}

function costOf(lineItems: readonly Pick<LineItem, 'costUSD'>[]): NanoUSD {
  return sumUSD(lineItems.map(({ costUSD }) => parseNanoUSD(costUSD)));
}

/**
 * Volume tiers fill with the month's sum of a usage type over all its operations: objects in S3 Standard, the 8 KB
 * names of archived objects and restored copies are one volume, as they are one usage type on the bill.
 */
function monthlyItems({ month, quantities }: MonthlyUsage, prices: PriceList): LineItem[] {
  const filled = new Map<string, bigint>();
  const inForce = pricesIn(prices, month.month);
  return used(quantities).flatMap(([kind, quantity]) => {
    const { tiers } = priceOf(inForce, kind.usageType, kind.operation)!;
    const begin = filled.get(kind.usageType) ?? 0n;
    filled.set(kind.usageType, begin + quantity);
    const { denominator } = pricingQuantity(kind.unit, quantity, secondsSold(kind.component, month.seconds, prices));
    return sharesOf(tiers, begin, begin + quantity, denominator).map((share) =>
      lineItem(month.month, prices.prefix, kind, { numerator: share.quantity, denominator }, share.usd),
    );
  });
}

function lineItem(month: string, prefix: string, kind: UsageKind, quantity: Ratio, rate: Decimal): LineItem {
  return {
    month,
    usageType: `${prefix}${kind.usageType}`,
    operation: kind.operation,
    component: kind.component,
    usageQuantity: quantity.numerator.toString(),
    usageUnit: kind.unit,
    pricingQuantity: formatRatio(quantity, QUANTITY_PLACES),
    pricingUnit: PRICING_UNIT[kind.unit],
    rateUSD: formatDecimal(rate),
    costUSD: formatNanoUSD(charge(quantity, rate)),
  };
}

interface Share {
  readonly quantity: bigint;
  readonly usd: Decimal;
}

/** What of the quantities from `begin` to `end` falls into each tier; a tier's edges count pricing units of `unitSize`. */
function sharesOf(tiers: readonly PriceTier[], begin: bigint, end: bigint, unitSize: bigint): Share[] {
  const shares: Share[] = [];
  for (const { from, to, usd } of tiers) {
    const lower = larger(begin, from * unitSize);
    const upper = to === null ? end : smaller(end, to * unitSize);
    if (upper > lower) shares.push({ quantity: upper - lower, usd });
  }
  return shares;
}

function used(quantities: ReadonlyMap<number, bigint>): [UsageKind, bigint][] {
  for (const [kind, quantity] of quantities) {
    if (quantity < 0n) throw new RangeError(`negative usage of ${USAGE_KINDS[kind]?.usageType}: ${quantity}`);
  }
  return [...quantities]
    .filter(([, quantity]) => quantity !== 0n)
    .sort(([a], [b]) => a - b)
    .map(([kind, quantity]) => [USAGE_KINDS[kind]!, quantity]);
}

function refuseUnpriced(usage: Usage, prices: PriceList): void {
  const unpriced = new Set<UsageKind>();
  for (const { month, quantities } of usage.months) {
    const inForce = pricesIn(prices, month.month);
    for (const [kind] of used(quantities)) {
      if (!priceOf(inForce, kind.usageType, kind.operation)) unpriced.add(kind);
    }
  }
  if (unpriced.size > 0) throw new InputError([...unpriced].map((kind) => unpricedDiagnostic(kind, prices)));
}

function unpricedDiagnostic(
  { usageType, operation }: UsageKind,
  { region, prefix, effectiveDate, own }: PriceList,
): Diagnostic {
  const name = `${prefix}${usageType}${operation && ` (operation ${operation})`}`;
  const list = `the price list of ${region} of ${effectiveDate}${own?.file ? ` in ${own.file}` : ''}`;
  const message = `${list} has no price for ${name}; unpriced is not free`;
  return { severity: 'error', message };
}

function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
