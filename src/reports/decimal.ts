/** Exact arithmetic on the decimal strings of a comparison (`-12.500`); reports never pass money through a float. */

const DECIMAL = /^(-?)(\d+)(?:\.(\d*))?$/;

interface Decimal {
  /** The value times ten to the power of `scale`. */
  readonly units: bigint;
  readonly scale: number;
}

/** Below zero when `a` is less than `b`, zero when they are equal, above zero when it is more. Throws RangeError on text that is no decimal. */
export function compareDecimals(a: string, b: string): number {
  const [left, right] = align(parse(a), parse(b));
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The exact sum; `0` of nothing. Throws RangeError on text that is no decimal. */
export function sumDecimals(decimals: Iterable<string>): string {
  let sum: Decimal = { units: 0n, scale: 0 };
  for (const text of decimals) {
    const next = parse(text);
    const [left, right, scale] = align(sum, next);
    sum = { units: left + right, scale };
  }
  return print(sum);
}

/** `a` less `b`, exactly. Throws RangeError on text that is no decimal. */
export function subtractDecimals(a: string, b: string): string {
  const [left, right, scale] = align(parse(a), parse(b));
  return print({ units: left - right, scale });
}

/** The indices of the decimals from the least to the greatest, equal ones as they stand. Throws RangeError on text that is no decimal. */
export function decimalOrder(decimals: readonly string[]): number[] {
  const parsed = decimals.map(parse);
  const scale = parsed.reduce((most, decimal) => Math.max(most, decimal.scale), 0);
  const units = parsed.map((decimal) => decimal.units * 10n ** BigInt(scale - decimal.scale));
  return [...units.keys()].sort((a, b) => (units[a]! < units[b]! ? -1 : units[a]! > units[b]! ? 1 : a - b));
}

/** The decimal with exactly `digits` digits after the point, rounded half to even. Throws RangeError on text that is no decimal. */
export function roundDecimal(text: string, digits: number): string {
  const { units, scale } = parse(text);
  if (scale <= digits) return print({ units: units * 10n ** BigInt(digits - scale), scale: digits });
  const divisor = 10n ** BigInt(scale - digits);
  const negative = units < 0n;
  const magnitude = negative ? -units : units;
  let quotient = magnitude / divisor;
  const twice = (magnitude % divisor) * 2n;
  if (twice > divisor || (twice === divisor && quotient % 2n === 1n)) quotient += 1n;
  return print({ units: negative ? -quotient : quotient, scale: digits });
}

function parse(text: string): Decimal {
  const match = DECIMAL.exec(text);
  if (!match) throw new RangeError(`not a decimal: ${text}`);
  const [, sign = '', whole = '', fraction = ''] = match;
  return { units: BigInt(`${sign}${whole}${fraction}`), scale: fraction.length };
}

function align(a: Decimal, b: Decimal): [bigint, bigint, number] {
  const scale = Math.max(a.scale, b.scale);
  return [a.units * 10n ** BigInt(scale - a.scale), b.units * 10n ** BigInt(scale - b.scale), scale];
}

function print({ units, scale }: Decimal): string {
  const sign = units < 0n ? '-' : '';
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0');
  if (scale === 0) return sign + digits;
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}
