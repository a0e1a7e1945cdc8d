import { describe, expect, it } from 'vitest';
import {
  compareDecimals,
  decimalOrder,
  roundDecimal,
  subtractDecimals,
  sumDecimals,
} from '../../src/reports/decimal.ts';
import {
  formatBytes,
  formatCounted,
  formatDecimal,
  formatExactUSD,
  formatHours,
  formatPercent,
  formatPeriod,
  formatUSD,
  printable,
} from '../../src/reports/format.ts';

describe('decimals', () => {
  it('order by value where floats and text would not', () => {
    // As doubles the first two are one number; as text 9 comes after 10.
    const decimals = ['9007199254740993.1', '9007199254740993.0', '10', '9', '-1', '-2.5'];
    expect(decimalOrder(decimals)).toEqual([5, 4, 3, 2, 1, 0]);
    expect(compareDecimals('0.10', '0.1')).toBe(0);
  });

  it('add and subtract exactly', () => {
    expect(sumDecimals(['0.1', '0.2'])).toBe('0.3');
    expect(sumDecimals([])).toBe('0');
    expect(subtractDecimals('1', '0.000000001')).toBe('0.999999999');
  });

  it('round a half away from zero', () => {
    expect(['0.125', '0.135', '-0.125', '2.4999', '7'].map((text) => roundDecimal(text, 2))).toEqual([
      '0.13',
      '0.14',
      '-0.13',
      '2.50',
      '7.00',
    ]);
  });

  it('are refused when they are not decimals', () => {
    expect(() => sumDecimals(['1e3'])).toThrow('1e3');
  });
});

describe('formats', () => {
  it('shows dollars in cents, and below a cent the first digits that say something', () => {
    const shown = ['1230.55', '-1234567.891', '0', '0.004', '0.0000421', '-0.000000001', '999999.995'].map(formatUSD);
    expect(shown).toEqual([
      '$1,230.55',
      '-$1,234,567.89',
      '$0.00',
      '$0.004',
      '$0.000042',
      '-$0.000000001',
      '$1,000,000.00',
    ]);
  });

  it('shows exact dollars and quantities with every digit', () => {
    expect(['0.0000004', '5', '0.0230', '1234.5'].map(formatExactUSD)).toEqual([
      '$0.0000004',
      '$5.00',
      '$0.023',
      '$1,234.50',
    ]);
    expect(['1024.50', '2679000000000000', '0.000000931'].map(formatDecimal)).toEqual([
      '1,024.5',
      '2,679,000,000,000,000',
      '0.000000931',
    ]);
  });

  it('shows bytes in powers of two, three digits at most', () => {
    // 1.5 × 2^40; 2^30 - 1 is a gibibyte to three digits.
    expect([0, 1023, 1024, 131_072, 2 ** 30 - 1, 1.5 * 2 ** 40].map(formatBytes)).toEqual([
      '0 B',
      '1,023 B',
      '1 KiB',
      '128 KiB',
      '1 GiB',
      '1.5 TiB',
    ]);
    expect(formatBytes('16492674416640')).toBe('15 TiB');
  });

  it('shows percentages, counts and waits as they are said', () => {
    expect(['34.0', '33.9', '-2.5'].map(formatPercent)).toEqual(['34%', '33.9%', '-2.5%']);
    expect([1, 1204].map((count) => formatCounted(count, 'read'))).toEqual(['1 read', '1,204 reads']);
    expect([5 / 60, 1, 12, 48].map(formatHours)).toEqual(['5 minutes', '1 hour', '12 hours', '2 days']);
  });

  it('names a period as a person does', () => {
    const periods = [
      ['2025-01-01', '2026-01-01'],
      ['2024-01-01', '2026-01-01'],
      ['2025-02-01', '2025-03-01'],
      ['2025-01-01', '2025-04-01'],
      ['2024-11-01', '2025-02-01'],
      ['2025-01-15', '2025-03-01'],
      ['2025-01-15', '2025-01-16'],
    ] as const;
    expect(periods.map(([from, until]) => formatPeriod(`${from}T00:00:00Z`, `${until}T00:00:00Z`))).toEqual([
      '2025',
      '2024 to 2025',
      'February 2025',
      'January to March 2025',
      'November 2024 to January 2025',
      '15 January 2025 to 28 February 2025',
      '15 January 2025',
    ]);
  });

  it('makes control and invisible characters visible and leaves other scripts alone', () => {
    expect(printable('a\u001b[31m\nb\u202etxt\u200b')).toBe('a\\u{1b}[31m\\u{a}b\\u{202e}txt\\u{200b}');
    expect(printable('Fotos/München/写真 <b>')).toBe('Fotos/München/写真 <b>');
  });
});
