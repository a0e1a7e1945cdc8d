/**
 * Money is whole nano-dollars and is rounded in one place, {@link charge}: half to even, once per line item. So line
 * items add up to their total exactly, and what {@link formatUSD} shows never feeds back.
 */
import { InputError, quoted } from './diagnostic.ts';
import { type NanoUSD, nanoUSD, plus } from './units.ts';

/** An exact decimal, digits × 10^-scale: a rate as the price list prints it. */
export interface Decimal {
  readonly digits: bigint;
  /** Digits after the point; 0 or more. */
  readonly scale: number;
}

/** An exact quotient; the denominator is positive. */
export interface Ratio {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

const NANO_DIGITS = 9;
const DECIMAL = /^(-?)(\d{1,30})(?:\.(\d{1,30}))?$/;

/**
 * A decimal in plain notation (`0.0125`, `-3`), at most 30 digits before and after the point.
 *
 * @throws InputError with the text when it is anything else, `1e-7` and `.5` included
 */
export function parseDecimal(text: string): Decimal {
  const match = DECIMAL.exec(text);
  if (!match) throw new InputError(`${quoted(text)} is not a decimal number`);
  const [, sign, whole, fraction = ''] = match;
  return { digits: BigInt(`${sign}${whole}${fraction}`), scale: fraction.length };
}

/** The decimal in plain notation, with as many digits after the point as its scale. */
export function formatDecimal({ digits, scale }: Decimal): string {
  const text = magnitude(digits)
    .toString()
    .padStart(scale + 1, '0');
  const point = text.length - scale;
  return `${digits < 0n ? '-' : ''}${text.slice(0, point)}${scale > 0 ? `.${text.slice(point)}` : ''}`;
}

/** A quotient to at most `places` digits after the point, rounded half to even, without trailing zeros. For showing. */
export function formatRatio({ numerator, denominator }: Ratio, places: number): string {
  const text = formatDecimal({ digits: divideHalfEven(numerator * 10n ** BigInt(places), denominator), scale: places });
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** What a quantity costs at a rate per one of it: the only place where money is rounded. */
export function charge(quantity: Ratio, rate: Decimal): NanoUSD {
  const numerator = quantity.numerator * rate.digits * 10n ** BigInt(NANO_DIGITS);
  return nanoUSD(divideHalfEven(numerator, quantity.denominator * 10n ** BigInt(rate.scale)));
}

export function sumUSD(amounts: Iterable<NanoUSD>): NanoUSD {
  let sum = nanoUSD(0n);
  for (const amount of amounts) sum = plus(sum, amount);
  return sum;
}

/** Exact dollars with nine decimals, `123.456789012`, as in results. */
export function formatNanoUSD(amount: NanoUSD): string {
  return formatDecimal({ digits: amount, scale: NANO_DIGITS });
}

/**
 * What {@link formatNanoUSD} wrote, read back.
 *
 * @throws InputError with the text when it is not dollars with at most nine decimals
 */
export function parseNanoUSD(text: string): NanoUSD {
  const { digits, scale } = parseDecimal(text);
  if (scale > NANO_DIGITS) throw new InputError(`${quoted(text)} is finer than a nano-dollar`);
  return nanoUSD(digits * 10n ** BigInt(NANO_DIGITS - scale));
}

/** Dollars for people, to the nearest cent as AWS prints them, half a cent away from zero: `$1,215.00`, `-$1.00`. */
export function formatUSD(amount: NanoUSD): string {
  const nanosPerCent = 10n ** BigInt(NANO_DIGITS - 2);
  const cents = (magnitude(amount) + nanosPerCent / 2n) / nanosPerCent;
  const [dollars, fraction] = formatDecimal({ digits: cents, scale: 2 }).split('.');
  return `${amount < 0n && cents > 0n ? '-' : ''}$${dollars!.replace(/\B(?=(\d{3})+$)/g, ',')}.${fraction}`;
}

/** A quotient of whole numbers, rounded half to even; the denominator is positive. */
export function divideHalfEven(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  const twiceRest = 2n * magnitude(numerator % denominator);
  const away = twiceRest > denominator || (twiceRest === denominator && quotient % 2n !== 0n);
  if (!away) return quotient;
  return numerator < 0n ? quotient - 1n : quotient + 1n;
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}
