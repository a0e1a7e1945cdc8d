/** Why a usage type costs what it costs: a calculation that can be followed by hand. */

import { formatDecimal as decimalText, formatRatio, type Ratio } from '../model/money.ts';
import { monthSeconds as calendarSeconds } from '../model/time.ts';
import type { Derivation, DerivationStep } from '../pricing/derivation.ts';
import {
  formatCount,
  formatDay,
  formatDecimal,
  formatExactUSD,
  formatMonth,
  formatPercent,
  printable,
} from './format.ts';

/** The calculations of one usage type, month by month. */
export function renderWhy(usageType: string, derivations: readonly Derivation[]): string {
  if (derivations.length === 0) return `${printable(usageType)}: nothing of it was used\n`;
  return derivations.map(monthText).join('\n');
}

function monthText(derivation: Derivation): string {
  const { month, usageType, steps, costUSD, rule } = derivation;
  const sum = steps.map((step) => formatExactUSD(step.costUSD)).join(' + ');
  const blocks = [
    [`${usageType}, ${formatMonth(month)}: ${formatExactUSD(costUSD)}`],
    unitLines(derivation),
    ...steps.map((step) => stepLines(step, derivation)),
    steps.length > 1 ? [`  together: ${sum} = ${formatExactUSD(costUSD)}`] : [],
    [...priceLines(steps), `  rule: ${rule.text}`, `    ${rule.page}`],
  ];
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n');
}

/** What one pricing unit is; nothing where it is what was counted. */
function unitLines({ usageUnit, pricingUnit, unitSize, monthSeconds, month }: Derivation): string[] {
  const days = monthSeconds / 86_400;
  const isCalendar = monthSeconds === calendarSeconds(month);
  const seconds = `${formatCount(monthSeconds)} seconds (${isCalendar ? `${formatMonth(month)}, ${days} days` : `months of ${days} days, as assumed`})`;
  const size = formatCount(unitSize);
  switch (usageUnit) {
    case 'byte-seconds':
      return [`  1 ${pricingUnit} = ${formatCount(2 ** 30)} bytes (2^30) × ${seconds} = ${size} byte-seconds`];
    case 'object-seconds':
      return [`  1 ${pricingUnit} = 1 object × ${seconds}`];
    case 'tag-seconds':
      return [`  1 ${pricingUnit} = 1 tag × ${seconds}`];
    case 'bytes':
      return [`  1 ${pricingUnit} = ${size} bytes (2^30)`];
    case 'requests':
      return [];
  }
}

function stepLines(step: DerivationStep, { usageUnit, pricingUnit, unitSize }: Derivation): string[] {
  const { usageQuantity, quantity, tier, exactUSD, costUSD } = step;
  const amount = `${formatDecimal(formatRatio(quantity, 12))} ${pricingUnit}`;
  const counted = `${formatCount(usageQuantity)} ${usageUnit} ÷ ${formatCount(unitSize)} ${equals(quantity, 12)} ${amount}`;
  const cost = `${equals(exactUSD, 15)} ${formatExactUSD(formatRatio(exactUSD, 15))}`;
  return [
    `  ${[printable(step.operation), tierText(step, unitSize, pricingUnit)].filter((text) => text !== '').join(', ')}`,
    ...(unitSize === 1n ? [] : [`    ${counted}`]),
    `    ${amount} × ${formatExactUSD(decimalText(tier.usd))}${discountText(step)} ${cost}`,
    ...(isExact(exactUSD, 9)
      ? []
      : [`    rounded half to even to a billionth of a dollar: ${formatExactUSD(costUSD)}`]),
  ].filter((line) => line.trim() !== '');
}

/** `0 to 51,200 GB-Mo of the month`, and where in it this begins. */
function tierText({ tier, isFlat, usedBefore }: DerivationStep, unitSize: bigint, unit: string): string {
  if (isFlat) return '';
  const { from, to } = tier;
  const tiers = to === null ? `over ${formatCount(from)}` : `${formatCount(from)} to ${formatCount(to)}`;
  const begins = { numerator: usedBefore, denominator: unitSize };
  const after = usedBefore === from * unitSize ? '' : `, from ${formatDecimal(formatRatio(begins, 12))} on`;
  return `${tiers} ${unit} of the month${after}`;
}

function discountText({ tier, discountPercent }: DerivationStep): string {
  if (!tier.listUSD || !discountPercent) return '';
  const percent = formatPercent(decimalText(discountPercent));
  return ` (${formatExactUSD(decimalText(tier.listUSD))} less ${percent})`;
}

/** Every price once: operations may have their own. */
function priceLines(steps: readonly DerivationStep[]): string[] {
  const prices = steps.map(
    ({ effectiveDate, source }) => `  price of ${formatDay(effectiveDate)}: ${printable(source)}`,
  );
  return [...new Set(prices)];
}

function equals(ratio: Ratio, places: number): string {
  return isExact(ratio, places) ? '=' : '≈';
}

function isExact({ numerator, denominator }: Ratio, places: number): boolean {
  return (numerator * 10n ** BigInt(places)) % denominator === 0n;
}
