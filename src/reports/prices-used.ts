/** The prices of a result in words: for the terminal and the page. */
import type { DiscountUsed, PredatedPrices, PricesUsed } from '../model/comparison.ts';
import { formatDay, formatPercent, formatPeriod, printable } from './format.ts';

/** `us-east-1 from 25 September 2024` */
export function pricesInWords({ region, effectiveDate }: PricesUsed): string {
  return `${printable(region)} from ${formatDay(effectiveDate)}`;
}

/** What sets prices apart from the bundled ones: `as changed by contract.json: 5% off Requests-*`; empty where nothing does. */
export function specialPrices({ file, extends: base, discounts = [], periods = [], freeTier }: PricesUsed): string {
  const own = file === undefined ? '' : `as ${base === undefined ? 'in' : 'changed by'} ${printable(file)}`;
  const parts = [
    ...(discounts.length > 0 ? [listed(discounts.map(discountInWords))] : []),
    ...(periods.length > 0 ? [`others from ${listed(periods.map(formatDay))} on`] : []),
    ...(freeTier ? ['with the free tier'] : []),
  ];
  return [own, parts.join(', ')].filter((text) => text !== '').join(': ');
}

/** What no prices of the time are known for, one sentence per day of prices. */
export function predatedNotices({ effectiveDate, predated = [] }: PricesUsed): string[] {
  return predated.map((prices) => {
    const names = prices.effectiveDate === effectiveDate ? '' : ` (${listed(prices.usageTypes)})`;
    return `no prices are known before those of ${formatDay(prices.effectiveDate)}, at which ${months(prices)} was billed${names}`;
  });
}

function discountInWords({ usageType, operation, percent, from }: DiscountUsed): string {
  const of = operation === undefined ? '' : ` ${printable(operation)}`;
  return `${formatPercent(percent)} off ${printable(usageType)}${of}${from ? ` from ${formatDay(from)}` : ''}`;
}

const SHOWN = 3;

/** The first few, and how many more. */
function listed(names: readonly string[]): string {
  const rest = names.length - SHOWN;
  if (rest <= 1) return names.map(printable).join(', ');
  return `${names.slice(0, SHOWN).map(printable).join(', ')} and ${rest} more`;
}

function months({ firstMonth, lastMonth }: PredatedPrices): string {
  const [year, month] = lastMonth.split('-').map(Number);
  const next = month === 12 ? `${year! + 1}-01` : `${year}-${String(month! + 1).padStart(2, '0')}`;
  return formatPeriod(`${firstMonth}-01`, `${next}-01`);
}
