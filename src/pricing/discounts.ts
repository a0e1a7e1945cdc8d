/** Negotiated percentages off a price list. */
import { quoted } from '../model/diagnostic.ts';
import { type Decimal, formatDecimal, parseDecimal } from '../model/money.ts';
import { type Field, fields, items, refuse, textLike } from './fields.ts';
import type { Price } from './price-list.ts';

/** So much per cent off every price whose usage type fits. */
export interface Discount {
  /** Without the region's prefix; `*` stands for any characters, or none. */
  readonly usageType: string;
  /** Absent: whatever the operation. */
  readonly operation?: string;
  /** From 0 to 100. */
  readonly percent: Decimal;
}

/**
 * The discounts of a price file: `[{ "usageType": "TimedStorage-*", "percent": "12.5" }]`.
 * @throws InputError naming the field and the offending text
 */
export function discountsIn(field: Field): Discount[] {
  return items(field).map((row) => {
    const { usageType, operation, percent } = fields(row, ['usageType', 'percent'], ['operation']);
    return {
      usageType: textLike(usageType, /^[A-Za-z\d*-]+$/, 'a usage type such as TimedStorage-*'),
      ...(operation && { operation: textLike(operation, /^[\w:-]+$/, 'an operation such as GetObject') }),
      percent: percentIn(percent),
    };
  });
}

/** A number is taken as it was written: the shortest decimal that gives the same number. */
function percentIn(field: Field): Decimal {
  const written = typeof field.value === 'number' ? { ...field, value: String(field.value) } : field;
  const percent = parseDecimal(textLike(written, /^-?\d{1,3}(\.\d{1,20})?$/, 'a percentage such as "12.5"'));
  if (percent.digits < 0n || percent.digits > 100n * 10n ** BigInt(percent.scale))
    refuse(field, `${quoted(formatDecimal(percent))} is not from 0 to 100`);
  return percent;
}

/**
 * The prices less their discount: the first that fits counts. Rates stay exact: 10 % off $0.023 is $0.0207.
 * @throws InputError for a discount that fits no price
 */
export function discounted(prices: readonly Price[], discounts: readonly Discount[], field: Field): Price[] {
  const rows = items(field);
  for (const [i, discount] of discounts.entries()) {
    if (!prices.some((price) => fits(discount, price)))
      refuse(rows[i]!, `${named(discount)} fits no price; usage types stand here without the region's prefix`);
  }
  return prices.map((price) => {
    const discount = discounts.find((one) => fits(one, price));
    return discount ? less(price, discount) : price;
  });
}

function less(price: Price, { percent }: Discount): Price {
  const tiers = price.tiers.map((tier) => ({ ...tier, usd: lessPercent(tier.usd, percent), listUSD: tier.usd }));
  return { ...price, tiers, discountPercent: percent };
}

function lessPercent({ digits, scale }: Decimal, percent: Decimal): Decimal {
  const whole = 100n * 10n ** BigInt(percent.scale);
  return shortest({ digits: digits * (whole - percent.digits), scale: scale + percent.scale + 2 });
}

/** Without the zeros at the end that the multiplication brought. */
function shortest({ digits, scale }: Decimal): Decimal {
  let [left, places] = [digits, scale];
  while (places > 0 && left % 10n === 0n) {
    left /= 10n;
    places -= 1;
  }
  return { digits: left, scale: places };
}

function fits({ usageType, operation }: Discount, price: Price): boolean {
  return matches(usageType, price.usageType) && (operation === undefined || operation === price.operation);
}

/** Whether a text is what a pattern with `*` stands for. Every part in its turn: no pattern takes long. */
function matches(pattern: string, name: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return name === pattern;
  if (!name.startsWith(first) || name.length < first.length + last.length || !name.endsWith(last)) return false;
  const end = name.length - last.length;
  let at = first.length;
  for (const part of rest) {
    const found = name.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}

function named({ usageType, operation }: Discount): string {
  return `${quoted(usageType)}${operation === undefined ? '' : ` (operation ${quoted(operation)})`}`;
}
