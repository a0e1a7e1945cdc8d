import type { DiscountUsed, LineItem, PredatedPrices, PricesUsed } from '../model/comparison.ts';
import { formatDecimal } from '../model/money.ts';
import { type DatedDiscount, type PriceList, priceOf, pricesIn } from './price-list.ts';

/** What a result says of its prices: whose they are, from when, and which months no earlier prices are known for. */
export function pricesUsed(prices: PriceList, lineItems: readonly LineItem[]): PricesUsed {
  const { region, effectiveDate, periods, own, freeTier } = prices;
  const predated = predatedPrices(prices, lineItems);
  return {
    region,
    effectiveDate,
    ...(own?.file && { file: own.file }),
    ...(own?.extends && { extends: own.extends }),
    ...(own && own.discounts.length > 0 && { discounts: own.discounts.map(discountUsed) }),
    ...(periods && { periods: periods.map(({ from }) => from) }),
    ...(freeTier && { freeTier }),
    ...(predated.length > 0 && { predated }),
  };
}

function discountUsed({ usageType, operation, percent, from }: DatedDiscount): DiscountUsed {
  return { usageType, ...(operation && { operation }), percent: formatDecimal(percent), ...(from && { from }) };
}

/** By the day of the prices, the earliest first. */
function predatedPrices(prices: PriceList, lineItems: readonly LineItem[]): PredatedPrices[] {
  const found = new Map<string, { months: Set<string>; usageTypes: Set<string> }>();
  for (const { month, usageType, operation } of lineItems) {
    const price = priceOf(pricesIn(prices, month), usageType.slice(prices.prefix.length), operation);
    const date = price?.effectiveDate ?? prices.effectiveDate;
    if (date <= `${month}-01`) continue;
    const { months, usageTypes } = found.get(date) ?? { months: new Set(), usageTypes: new Set() };
    found.set(date, { months: months.add(month), usageTypes: usageTypes.add(usageType) });
  }
  return [...found].sort(byFirst).map(([effectiveDate, { months, usageTypes }]) => {
    const ordered = [...months].sort();
    return {
      effectiveDate,
      firstMonth: ordered[0]!,
      lastMonth: ordered.at(-1)!,
      usageTypes: [...usageTypes].sort(),
    };
  });
}

function byFirst([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
