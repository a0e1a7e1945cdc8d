import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/model/diagnostic.ts';
import {
  charge,
  formatDecimal,
  formatNanoUSD,
  formatRatio,
  formatUSD,
  parseDecimal,
  parseNanoUSD,
  sumUSD,
} from '../../src/model/money.ts';
import { nanoUSD } from '../../src/model/units.ts';

const whole = (numerator: bigint) => ({ numerator, denominator: 1n });

describe('parseDecimal', () => {
  it('keeps every digit, trailing zeros too', () => {
    expect(parseDecimal('0.0125')).toEqual({ digits: 125n, scale: 4 });
    expect(parseDecimal('-3')).toEqual({ digits: -3n, scale: 0 });
    expect(parseDecimal('0.0000004000')).toEqual({ digits: 4000n, scale: 10 });
  });

  it.each(['', ' ', '1e-7', '.5', '5.', '+1', '1,000', '0x10', 'NaN', '1.2.3', '٣', ' 1', '9'.repeat(31)])(
    'refuses %j with the text',
    (text) => {
      expect(() => parseDecimal(text)).toThrow(InputError);
      expect(() => parseDecimal(text)).toThrow(`'${text}' is not a decimal number`);
    },
  );

  it('is undone by formatDecimal', () => {
    const decimals = fc.tuple(fc.bigInt(-(10n ** 25n), 10n ** 25n), fc.integer({ min: 0, max: 12 }));
    fc.assert(
      fc.property(decimals, ([digits, scale]) => {
        expect(parseDecimal(formatDecimal({ digits, scale }))).toEqual({ digits, scale });
      }),
    );
  });
});

describe('formatDecimal', () => {
  it.each([
    [5n, 3, '0.005'],
    [-5n, 3, '-0.005'],
    [1234n, 2, '12.34'],
    [0n, 2, '0.00'],
    [42n, 0, '42'],
  ])('%d × 10^-%d is %s', (digits, scale, text) => {
    expect(formatDecimal({ digits, scale })).toBe(text);
  });
});

describe('formatRatio', () => {
  it.each([
    [1n, 3n, '0.3333333333'],
    [2n, 3n, '0.6666666667'],
    [7n, 2n, '3.5'],
    [1000n, 10n, '100'],
    [0n, 7n, '0'],
    // 0.00000000005 lies between 0 and 0.0000000001: the even one is 0.
    [5n, 10n ** 11n, '0'],
    [15n, 10n ** 11n, '0.0000000002'],
  ])('%d/%d is %s', (numerator, denominator, text) => {
    expect(formatRatio({ numerator, denominator }, 10)).toBe(text);
  });
});

describe('charge', () => {
  it('is exact where a nano-dollar is fine enough', () => {
    // 620,000 GET at $0.0004 per 1,000 = $0.248 (https://aws.amazon.com/s3/faqs/)
    expect(charge(whole(620_000n), parseDecimal('0.0000004'))).toBe(248_000_000n);
  });

  it.each([
    // $0.0000000005 × n: half a nano-dollar goes to the even neighbour.
    [1n, 0n],
    [3n, 2n],
    [5n, 2n],
    [7n, 4n],
    [-1n, 0n],
    [-3n, -2n],
    [-5n, -2n],
  ])('rounds %d half nano-dollars to %d', (halves, expected) => {
    expect(charge(whole(halves), parseDecimal('0.0000000005'))).toBe(expected);
  });

  it('rounds to the nearer neighbour otherwise', () => {
    // 1/3 and 2/3 of a nano-dollar, and just above a half.
    expect(charge({ numerator: 1n, denominator: 3n }, parseDecimal('0.000000001'))).toBe(0n);
    expect(charge({ numerator: 2n, denominator: 3n }, parseDecimal('0.000000001'))).toBe(1n);
    expect(charge(whole(1n), parseDecimal('0.00000000050000000001'))).toBe(1n);
  });

  it('is never more than half a nano-dollar off', () => {
    fc.assert(
      fc.property(
        fc.bigInt(0n, 10n ** 24n),
        fc.bigInt(1n, 10n ** 16n),
        fc.bigInt(0n, 10n ** 9n),
        fc.integer({ min: 0, max: 12 }),
        (numerator, denominator, digits, scale) => {
          // cost / 10^9 ≈ numerator/denominator × digits/10^scale, both sides × 2 × 10^9 × denominator × 10^scale
          const parts = denominator * 10n ** BigInt(scale);
          const error = charge({ numerator, denominator }, { digits, scale }) * parts - numerator * digits * 10n ** 9n;
          expect(2n * (error < 0n ? -error : error) <= parts).toBe(true);
        },
      ),
    );
  });
});

describe('formatNanoUSD', () => {
  it('shows nine decimals, exactly', () => {
    expect(formatNanoUSD(nanoUSD(123_456_789_012n))).toBe('123.456789012');
    expect(formatNanoUSD(nanoUSD(-1n))).toBe('-0.000000001');
    expect(formatNanoUSD(nanoUSD(0n))).toBe('0.000000000');
  });

  it('is read back by parseNanoUSD', () => {
    expect(parseNanoUSD('123.456789012')).toBe(123_456_789_012n);
    expect(parseNanoUSD('-0.5')).toBe(-500_000_000n);
    expect(() => parseNanoUSD('0.0000000001')).toThrow("'0.0000000001' is finer than a nano-dollar");
  });
});

describe('formatUSD', () => {
  it.each([
    ['1215', '$1,215.00'],
    ['-1', '-$1.00'],
    ['0', '$0.00'],
    ['1234567.891', '$1,234,567.89'],
    ['999.995', '$1,000.00'],
    // AWS prints the nearest cent: a real bill shows $0.001745 as $0.00, the FAQ $0.248 as $0.25.
    ['0.001745', '$0.00'],
    ['0.248', '$0.25'],
    ['0.005', '$0.01'],
    ['0.004999999', '$0.00'],
    ['-0.005', '-$0.01'],
    ['-0.004', '$0.00'],
  ])('%s is %s', (dollars, text) => {
    expect(formatUSD(parseNanoUSD(dollars))).toBe(text);
  });
});

describe('sumUSD', () => {
  it('adds without loss', () => {
    expect(sumUSD([])).toBe(0n);
    expect(sumUSD(Array.from({ length: 10 }, () => parseNanoUSD('0.1')))).toBe(1_000_000_000n);
  });
});
