/** The sums a meter writes to: exact, by day, and the same contract for all that take their place. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DailySeries } from '../../src/metering/daily-series.ts';
import { GroupedUsage } from '../../src/metering/grouped-usage.ts';
import { Ledger } from '../../src/metering/ledger.ts';
import type { UsageSink } from '../../src/metering/usage-sink.ts';
import { WeightedUsage } from '../../src/metering/weighted-usage.ts';
import { ExactSums } from '../../src/model/exact-sums.ts';
import { billingMonths, type Horizon } from '../../src/model/time.ts';
import { USAGE_KINDS } from '../../src/model/usage-type.ts';

const DAY = 86_400;

const LARGEST = 2 ** 53;

/** Whole numbers, many of them next to where doubles stop being exact. */
function wholes(): fc.Arbitrary<number> {
  return fc.oneof(
    fc.nat(1000),
    fc.nat(100).map((below) => LARGEST - below),
    fc.nat(100).map((near) => LARGEST / 2 + near),
    fc.maxSafeNat(),
  );
}

describe('sums are exact', () => {
  type Step = readonly ['add', number] | readonly ['product', number, number] | readonly ['big', bigint];
  const step: fc.Arbitrary<Step> = fc.oneof(
    wholes().map((value) => ['add', value] as const),
    wholes().map((value) => ['add', -value] as const),
    fc.tuple(wholes(), wholes()).map(([a, b]) => ['product', a, b] as const),
    fc.tuple(wholes(), wholes()).map(([a, b]) => ['big', BigInt(a) * BigInt(b)] as const),
    wholes().map((value) => ['big', -BigInt(value)] as const),
  );

  test('beyond 2^53, in any mixture', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(2), step), { maxLength: 40 }), (steps) => {
        const sums = new ExactSums(3);
        const expected = [0n, 0n, 0n];
        for (const [cell, [kind, a, b]] of steps) {
          if (kind === 'add') sums.add(cell, a);
          else if (kind === 'product') sums.addProduct(cell, a, b);
          else sums.addBig(cell, a);
          expected[cell]! += kind === 'product' ? BigInt(a) * BigInt(b) : BigInt(a);
        }
        expect([0, 1, 2].map((cell) => sums.value(cell))).toEqual(expected);
      }),
      { seed: 20250131, numRuns: 20_000 },
    );
  });

  test('where a double would round to 2^53 itself', () => {
    // 2^53 + 1 is the first whole number a double cannot hold; it is also 321 × 28,059,810,762,433.
    const sums = new ExactSums(3);
    sums.add(0, LARGEST);
    sums.add(0, 1);
    sums.addProduct(1, 321, 28_059_810_762_433);
    sums.add(2, -LARGEST);
    sums.add(2, -1);
    expect([0, 1, 2].map((cell) => sums.value(cell))).toEqual([2n ** 53n + 1n, 2n ** 53n + 1n, -(2n ** 53n) - 1n]);
  });

  test('of amounts held over days, clipped to the horizon', () => {
    const days = 5;
    const horizon = { from: 20_000 * DAY, until: (20_000 + days) * DAY };
    const instants = fc.oneof(
      fc.integer({ min: -2 * DAY, max: 7 * DAY }),
      fc.tuple(fc.integer({ min: -1, max: 6 }), fc.constantFrom(-1, 0, 1)).map(([day, second]) => day * DAY + second),
    );
    const holds = fc.array(fc.tuple(fc.nat(1), instants, instants, wholes()), { maxLength: 20 });
    fc.assert(
      fc.property(holds, fc.integer({ min: 1, max: 40_960 }), (held, factor) => {
        const series = new DailySeries(horizon, 2);
        const expected = [0, 1].map(() => new Array<bigint>(days).fill(0n));
        for (const [at, begin, end, amount] of held) {
          series.hold(at, horizon.from + begin, horizon.from + end, amount);
          for (let day = 0; day < days; day++) {
            const seconds = Math.min(end, (day + 1) * DAY) - Math.max(begin, day * DAY);
            if (seconds > 0) expected[at]![day]! += BigInt(amount) * BigInt(seconds);
          }
        }
        const daily = (of: DailySeries, at: number) => of.quantities(at) ?? new Array<bigint>(days).fill(0n);
        expect([daily(series, 0), daily(series, 1)]).toEqual(expected);
        const copy = new DailySeries(horizon, 1);
        copy.addSeries(0, series, 0, BigInt(factor));
        copy.addSeries(0, series, 1);
        const combined = expected[0]!.map((value, day) => value * BigInt(factor) + expected[1]![day]!);
        expect(daily(copy, 0)).toEqual(combined);
      }),
      { seed: 20250131, numRuns: 2000 },
    );
  });

  test('of days in the months they fall in', () => {
    const from = Date.UTC(2024, 0, 30) / 1000;
    const months = billingMonths({ from, until: from + 40 * DAY });
    // 2 days of January, 29 of February, 9 of March.
    expect(months.map(({ firstDay, endDay }) => endDay - firstDay)).toEqual([2, 29, 9]);
  });
});

const FIVE_DAYS: Horizon = { from: 20_000 * DAY, until: 20_005 * DAY };

describe('a place to write usage', () => {
  const sinks: readonly (readonly [string, UsageSink, slots: readonly number[]])[] = [
    ['sums by day', new DailySeries(FIVE_DAYS, 1), [0, 0, 1, 4]],
    ['sums by group', new GroupedUsage(FIVE_DAYS, 1), [0, 0, 1, 4]],
    ['one weighted sum', new WeightedUsage(FIVE_DAYS, () => 1), [0, 0, 1, 4]],
    ['the entries of an account', new Ledger(FIVE_DAYS), [0, DAY - 1, DAY, 5 * DAY - 1]],
  ];

  test.each(sinks)('%s: has slots within the horizon, whose end is not in it', (_, sink, slots) => {
    const { from, until } = FIVE_DAYS;
    expect([from, from + DAY - 1, from + DAY, until - 1].map((time) => sink.slotOf(time))).toEqual(slots);
    expect([from - 1, from - 2 * DAY, until, until + DAY].map((time) => sink.slotOf(time))).toEqual([-1, -1, -1, -1]);
  });

  test('by day takes nothing on day -1, neither of a series nor of the one before', () => {
    const series = new DailySeries(FIVE_DAYS, 2);
    series.add(1, -1, 2, 3);
    expect([series.quantities(0), series.quantities(1)]).toEqual([undefined, undefined]);
  });

  test('by day takes products of three beyond 2^53', () => {
    const series = new DailySeries(FIVE_DAYS, 1);
    const b = 2 ** 27 + 1;
    // 3 × (2^27 + 1)^2 is odd and has 56 bits: no double holds it.
    series.add(0, 2, 3 * b, b, 5);
    expect(series.quantities(0)).toEqual([0n, 0n, 15n * (2n ** 27n + 1n) ** 2n, 0n, 0n]);
  });

  test('entry by entry keeps kinds and seconds apart', () => {
    const ledger = new Ledger(FIVE_DAYS);
    ledger.add(0, USAGE_KINDS.length, 7, 1);
    ledger.add(1, 0, 8, 1);
    ledger.add(1, 0, 9, 2, 10);
    const { from } = FIVE_DAYS;
    expect(ledger.take()).toEqual([
      { kind: 0, from: from + USAGE_KINDS.length, until: undefined, amount: 7n },
      { kind: 1, from, until: undefined, amount: 188n },
    ]);
  });

  test('weighted multiplies each kind of each day by its weight', () => {
    // Kind k weighs 10 × k + day; of kind 3 that is 30 to 34 a day.
    const usage = new WeightedUsage(FIVE_DAYS, (kind, day) => 10 * kind + day);
    const { from, until } = FIVE_DAYS;
    usage.add(3, 1, 2, 5, 7);
    expect(usage.sum).toBe(2 * 5 * 7 * 31);
    usage.add(3, 2, 2, 5);
    expect(usage.sum).toBe(2170 + 2 * 5 * 32);
    usage.add(0, -1, 1, 1);
    usage.hold(3, until + DAY, until + 2 * DAY, 1);
    usage.hold(3, from + 3, from + 3, 1);
    expect(usage.sum).toBe(2490);
    // The last 100 seconds of day 1, all of day 2, the first 1,000 seconds of day 3.
    usage.hold(3, from + 2 * DAY - 100, from + 3 * DAY + 1000, 4);
    expect(usage.sum).toBe(2490 + 4 * (100 * 31 + DAY * 32 + 1000 * 33));
    usage.sum = 0;
    usage.add(3, 0, 1, 1);
    expect(usage.sum).toBe(30);
    usage.sum = 0;
    usage.hold(3, from - DAY, until + DAY, 1);
    expect(usage.sum).toBe(DAY * (30 + 31 + 32 + 33 + 34));
  });
});
