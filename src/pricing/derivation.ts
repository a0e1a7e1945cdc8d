/** How line items came about, as data: everything it takes to do the calculation by hand. */
import type { LineItem } from '../model/comparison.ts';
import { type Decimal, formatNanoUSD, parseNanoUSD, type Ratio, sumUSD } from '../model/money.ts';
import { monthSeconds } from '../model/time.ts';
import type { PricingUnit, UsageUnit } from '../model/usage-type.ts';
import { type Price, type PriceList, type PriceTier, priceOf, pricesIn } from './price-list.ts';
import { pricingQuantity, secondsSold } from './pricing-quantity.ts';
import { type UsageTypeRule, usageTypeRule } from './usage-type-rules.ts';

/** A usage type's cost in a month. */
export interface Derivation {
  /** `2025-01` */
  readonly month: string;
  /** Of the month the usage type is sold by: the whole calendar month, but for early deletes told otherwise. */
  readonly monthSeconds: number;
  /** With the region's prefix. */
  readonly usageType: string;
  readonly usageUnit: UsageUnit;
  readonly pricingUnit: PricingUnit;
  /** How many of the usage unit make one pricing unit. */
  readonly unitSize: bigint;
  /** One for each line item, in the order in which volume tiers fill. */
  readonly steps: readonly DerivationStep[];
  /** The sum of the steps. */
  readonly costUSD: string;
  readonly rule: UsageTypeRule;
}

/** One line item: what of an operation's usage falls into one volume tier. */
export interface DerivationStep {
  readonly operation: string;
  /** In usage units. */
  readonly usageQuantity: bigint;
  /** What the usage type had used before it in the month, in usage units: where in the tiers it begins. */
  readonly usedBefore: bigint;
  readonly tier: PriceTier;
  /** The tier is the only one, whatever the volume. */
  readonly isFlat: boolean;
  /** {@link usageQuantity} in pricing units. */
  readonly quantity: Ratio;
  /** Quantity × rate, in USD, before rounding. */
  readonly exactUSD: Ratio;
  /** Rounded half to even to whole nano-dollars, once. */
  readonly costUSD: string;
  readonly discountPercent?: Decimal;
  /** Where the price comes from, in words. */
  readonly source: string;
  /** The day of the price. */
  readonly effectiveDate: string;
}

/**
 * The derivation of a usage type's line items, month by month; months without any are absent.
 *
 * @param lineItems of one bill, all of them, as {@link bill} orders them
 * @param prices the list the bill was made with
 * @param usageType without the region's prefix
 */
export function derivations(lineItems: readonly LineItem[], prices: PriceList, usageType: string): Derivation[] {
  const ofType = lineItems.filter((item) => item.usageType === `${prices.prefix}${usageType}`);
  const months = [...new Set(ofType.map(({ month }) => month))];
  return months.map((month) => {
    const items = ofType.filter((item) => item.month === month);
    return derivation(items, prices, usageType);
  });
}

function derivation(items: readonly LineItem[], prices: PriceList, usageType: string): Derivation {
  const { month, usageType: name, usageUnit, pricingUnit } = items[0]!;
  const seconds = secondsSold(items[0]!.component, monthSeconds(month), prices);
  const { denominator: unitSize } = pricingQuantity(usageUnit, 0n, seconds);
  let usedBefore = 0n;
  const steps = items.map((item) => {
    const price = priceOf(pricesIn(prices, month), usageType, item.operation)!;
    const step = stepOf(item, price, usedBefore, unitSize, prices);
    usedBefore += step.usageQuantity;
    return step;
  });
  return {
    month,
    monthSeconds: seconds,
    usageType: name,
    usageUnit,
    pricingUnit,
    unitSize,
    steps,
    costUSD: formatNanoUSD(sumUSD(items.map(({ costUSD }) => parseNanoUSD(costUSD)))),
    rule: usageTypeRule(usageType),
  };
}

function stepOf(
  { operation, usageQuantity: text, costUSD }: LineItem,
  { tiers, discountPercent, source, effectiveDate }: Price,
  usedBefore: bigint,
  unitSize: bigint,
  prices: PriceList,
): DerivationStep {
  const usageQuantity = BigInt(text);
  const tier = tiers.findLast(({ from }) => from * unitSize <= usedBefore)!;
  return {
    operation,
    usageQuantity,
    usedBefore,
    tier,
    isFlat: tiers.length === 1,
    quantity: { numerator: usageQuantity, denominator: unitSize },
    exactUSD: {
      numerator: usageQuantity * tier.usd.digits,
      denominator: unitSize * 10n ** BigInt(tier.usd.scale),
    },
    costUSD,
    ...(discountPercent && { discountPercent }),
    source: prices.sources[source]!,
    effectiveDate: effectiveDate ?? prices.effectiveDate,
  };
}
