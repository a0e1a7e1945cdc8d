/**
 * Exact arithmetic on the decimal strings of a comparison (`-12.500`); reports never pass money through a float. All
 * throw InputError with the text of what is no decimal.
 */
import { formatDecimal, parseDecimal } from '../model/money.ts';

/** Below zero when `a` is less than `b`, zero when they are equal, above zero when it is more. */
export function compareDecimals(a: string, b: string): number {
  const [left, right] = aligned([a, b]).digits;
  return left! < right! ? -1 : left! > right! ? 1 : 0;
}

/** The exact sum; `0` of nothing. */
export function sumDecimals(decimals: readonly string[]): string {
  const { digits, scale } = aligned(decimals);
  return formatDecimal({ digits: digits.reduce((sum, next) => sum + next, 0n), scale });
}

/** `a` less `b`, exactly. */
export function subtractDecimals(a: string, b: string): string {
  const { digits, scale } = aligned([a, b]);
  return formatDecimal({ digits: digits[0]! - digits[1]!, scale });
}

/** A part of a whole as a percentage with one decimal, `0.0` of nothing. */
export function percentOf(part: string, whole: string): string {
  const [a, b] = aligned([part, whole]).digits as [bigint, bigint];
  return b === 0n ? '0.0' : roundDecimal(formatDecimal({ digits: (a * 10_000n) / b, scale: 2 }), 1);
}

/** The indices of the decimals from the least to the greatest, equal ones as they stand. */
export function decimalOrder(decimals: readonly string[]): number[] {
  const { digits } = aligned(decimals);
  return [...digits.keys()].sort((a, b) => (digits[a]! < digits[b]! ? -1 : digits[a]! > digits[b]! ? 1 : a - b));
}

/** The decimal with exactly `places` digits after the point, a half rounded away from zero as on a printed bill. */
export function roundDecimal(text: string, places: number): string {
  const { digits, scale } = parseDecimal(text);
  if (scale <= places) return formatDecimal({ digits: digits * 10n ** BigInt(places - scale), scale: places });
  const divisor = 10n ** BigInt(scale - places);
  const half = digits < 0n ? -divisor / 2n : divisor / 2n;
  return formatDecimal({ digits: (digits + half) / divisor, scale: places });
}

/** The decimals as whole numbers of one common scale. */
function aligned(decimals: readonly string[]): { readonly digits: readonly bigint[]; readonly scale: number } {
  const parsed = decimals.map(parseDecimal);
  const scale = parsed.reduce((most, decimal) => Math.max(most, decimal.scale), 0);
  return { digits: parsed.map((decimal) => decimal.digits * 10n ** BigInt(scale - decimal.scale)), scale };
}
