import { describe, expect, it } from 'vitest';
import { Costs, FOREVER_DAYS, MONTH_DAYS, type Move } from '../../src/lint/costs.ts';
import { parseDecimal } from '../../src/model/money.ts';
import {
  type ClassCode,
  DEEP_ARCHIVE,
  GLACIER,
  GLACIER_IR,
  INTELLIGENT_TIERING,
  ONEZONE_IA,
  STANDARD,
  STANDARD_IA,
  STORAGE_CLASSES,
} from '../../src/model/storage-class.ts';
import { parsePolicyFile } from '../../src/policies/index.ts';
import { compare } from '../../src/simulate.ts';
import { readCsv } from '../../src/sources/read-trace.ts';
import { expire, PRICES, rulesText, transition } from './linted.ts';

const costs = new Costs(PRICES);
const toStay = (to: ClassCode): Move => ({ from: STANDARD, afterDays: 30, to, days: FOREVER_DAYS });

describe('the size from which a move out of S3 Standard pays in the end', () => {
  // S3 Standard costs 0.023 USD per GB-month; in the long run the request hardly counts.
  it.each([
    // Billed as 131072 bytes: 131072 × 0.0125 / 0.023 = 71235.
    [STANDARD_IA, 71_235],
    // 131072 × 0.01 / 0.023 = 56988.
    [ONEZONE_IA, 56_988],
    // 131072 × 0.004 / 0.023 = 22795.
    [GLACIER_IR, 22_795],
    // 32768 bytes at 0.0036 and 8192 at 0.023 on top: (117.96 + 188.42) / (0.023 − 0.0036) = 15793.
    [GLACIER, 15_793],
    // (32768 × 0.00099 + 8192 × 0.023) / (0.023 − 0.00099) = 10034.
    [DEEP_ARCHIVE, 10_034],
    // Monitoring of 0.0000025 a month against 0.023 − 0.004 in Archive Instant Access: 2^30 × 0.0000025 / 0.019 = 141282.
    [INTELLIGENT_TIERING, 141_282],
  ])('to class %i: %i bytes', (to, bytes) => {
    expect(Math.abs(costs.breakEven(toStay(to)) / bytes - 1)).toBeLessThan(0.01);
  });

  it('is none for a dearer class', () => {
    // Out of Intelligent-Tiering, whose Archive Instant Access would have come to 0.004.
    expect(costs.breakEven({ ...toStay(ONEZONE_IA), from: INTELLIGENT_TIERING })).toBe(Infinity);
  });

  it('is any size where the minimum is billed already', () => {
    expect(costs.breakEven({ ...toStay(GLACIER_IR), from: STANDARD_IA })).toBeLessThan(100);
  });
});

it('a move is paid back by what a month saves', () => {
  // 128 KB in Standard-IA: 2^-13 GB × (0.023 − 0.0125) = 0.0000012817 a month; the request costs 0.00001: 7.80 months.
  expect(costs.payback(toStay(STANDARD_IA), 131_072) / MONTH_DAYS).toBeCloseTo(7.802, 2);
  // 1 GiB in Deep Archive: 0.023 − 0.00099 = 0.02201 a month, but for the overhead; 0.00005 is back in 0.07 days. The
  // minimum of 180 days, 5.91 months at 0.00099, is paid first: 0.00585 / 0.023 = 0.25 months.
  expect(costs.payback(toStay(DEEP_ARCHIVE), 2 ** 30) / MONTH_DAYS).toBeCloseTo(0.257, 2);
  expect(costs.payback(toStay(STANDARD_IA), 1000)).toBe(Infinity);
});

it("prices are those of today's month", () => {
  const free = PRICES.prices.map((price) => ({ ...price, tiers: [{ from: 0n, to: null, usd: parseDecimal('0') }] }));
  const list = { ...PRICES, periods: [{ from: '2030-01-01', prices: free }] };
  const moving = (date?: number) => new Costs(list, date && date / 1000).moving(GLACIER);
  expect(moving()).toBe(0.00003);
  expect(moving(Date.UTC(2029, 11, 31))).toBe(0.00003);
  expect(moving(Date.UTC(2030, 0, 1))).toBe(0);
});

/** USD that 100,000 objects of a size, uploaded on the first of July, cost in two years under rules. */
function simulated(size: number, ...list: readonly object[]): number {
  const csv = `timestamp,operation,key,size,count\n2025-07-01T00:00:00Z,PUT,a,${size},100000\n`;
  const { policy } = parsePolicyFile(
    rulesText(list, { TransitionDefaultMinimumObjectSize: 'all_storage_classes_128K' }),
    {
      name: 'x',
    },
  );
  const horizon = { from: Date.UTC(2025, 6, 1) / 1000, until: Date.UTC(2027, 6, 1) / 1000 };
  return Number(compare(readCsv(csv), [policy!], PRICES, { horizon }).results[0]!.totalUSD);
}

// The calendar's months differ from the average one by up to 8 percent, over some months by less.
describe('the size from which a move pays is that of the simulated bill', () => {
  it.each([
    [STANDARD_IA, 30, 90],
    [ONEZONE_IA, 30, 200],
    [GLACIER_IR, 10, 365],
    [GLACIER, 0, 120],
    [GLACIER, 30, 90],
    [DEEP_ARCHIVE, 1, 180],
    [DEEP_ARCHIVE, 60, 365],
    [INTELLIGENT_TIERING, 0, 60],
    [INTELLIGENT_TIERING, 0, 300],
  ])('to class %i after %i days, gone after %i', (to, days, end) => {
    const size = costs.breakEven({ from: STANDARD, afterDays: days, to, days: end - days });
    const rule = { ...transition(days, STORAGE_CLASSES[to]!), ...expire(end), Filter: { ObjectSizeGreaterThan: 0 } };
    const saved = (bytes: number) => simulated(Math.round(bytes), expire(end)) - simulated(Math.round(bytes), rule);
    expect(saved(size * 1.05)).toBeGreaterThan(0);
    expect(saved(size * 0.95)).toBeLessThan(0);
  });

  it('and is none where the minimum duration costs more than all that is saved', () => {
    expect(costs.breakEven({ from: STANDARD, afterDays: 30, to: STANDARD_IA, days: 15 })).toBe(Infinity);
    const rule = { ...transition(30, 'STANDARD_IA'), ...expire(45) };
    for (const size of [200_000, 5_000_000, 400_000_000]) {
      expect(simulated(size, expire(45))).toBeLessThan(simulated(size, rule));
    }
  });
});
