/** Bills side by side: order, savings, and what was spent when. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import virginia from '../../pricing/us-east-1.json' with { type: 'json' };
import { DailyUsage } from '../../src/metering/daily-usage.ts';
import type { Comparison, PolicyResult } from '../../src/model/comparison.ts';
import { InputError } from '../../src/model/diagnostic.ts';
import type { Horizon } from '../../src/model/time.ts';
import { REQUESTED, STORED } from '../../src/model/usage-type.ts';
import { compareBills, type MeteredPolicy } from '../../src/pricing/comparison.ts';
import { type PriceList, parsePriceList } from '../../src/pricing/price-list.ts';
import { instant } from '../events.ts';

const DAY = 86_400;
const PUT = REQUESTED.put[0]!;
const LARGE = 2 ** 40;

/** A dollar for each PUT: what is spent on a day can be read off its requests. */
const dollarPuts: PriceList = parsePriceList({
  ...virginia,
  prices: [
    {
      usageType: 'Requests-Tier1',
      unit: 'Requests',
      tiers: [{ from: '0', to: null, usd: '1' }],
      source: 'price-page',
    },
  ],
});

function horizonOf(from: string, days: number): Horizon {
  return { from: instant(from), until: instant(from) + days * DAY };
}

function metered(policy: string, usage: DailyUsage): MeteredPolicy {
  const notices = {
    readsAfterExpiration: 0,
    readsNeedingRestore: 0,
    restores: 0,
    restoreWaitHours: 0,
    longestRestoreWaitHours: 0,
  };
  return { policy, description: policy, usage, notices };
}

/** PUT requests day by day. */
function puts(policy: string, horizon: Horizon, counts: readonly number[]): MeteredPolicy {
  const usage = new DailyUsage(horizon);
  for (const [day, count] of counts.entries()) usage.add(PUT, day, count, 1);
  return metered(policy, usage);
}

function compared(horizon: Horizon, policies: readonly MeteredPolicy[], prices = dollarPuts): Comparison {
  return compareBills(policies, prices, {
    version: '1',
    horizon,
    baseline: policies[0]!.policy,
    workload: {} as Comparison['workload'],
    assumptions: [],
    leftOut: [],
  });
}

/** The second of two policies, the first of which is the baseline. */
function against(baseline: readonly number[], counts: readonly number[], from = '2025-01-30'): PolicyResult {
  const horizon = horizonOf(from, counts.length);
  const { results } = compared(horizon, [puts('baseline', horizon, baseline), puts('other', horizon, counts)]);
  return results.find(({ policy }) => policy === 'other')!;
}

describe('savings', () => {
  it.each([
    // Baseline 1,000, other 750: 250 saved, a quarter.
    [1000, 750, '250.000000000', '25.0'],
    [1000, 1250, '-250.000000000', '-25.0'],
    // 1/2000 = 0.05 %, half away from zero.
    [2000, 1999, '1.000000000', '0.1'],
    [2000, 2001, '-1.000000000', '-0.1'],
    // 1/3000 = 0.033… %: neither 0.1 nor -0.0.
    [3000, 3001, '-1.000000000', '0.0'],
    [1000, 0, '1000.000000000', '100.0'],
    [0, 5, '-5.000000000', '0.0'],
    [0, 0, '0.000000000', '0.0'],
  ])('of $%d against $%d are %s, %s %%', (baseline, cost, usd, percent) => {
    expect(against([baseline], [cost])).toMatchObject({ savingUSD: usd, savingPercent: percent });
  });

  it('put the cheapest first and equals in the order they were named', () => {
    const horizon = horizonOf('2025-01-01', 1);
    const costs = { baseline: 5, b: 3, a: 3, dear: 9 };
    const policies = Object.entries(costs).map(([name, cost]) => puts(name, horizon, [cost]));
    expect(compared(horizon, policies).results.map(({ policy }) => policy)).toEqual(['b', 'a', 'baseline', 'dear']);
  });
});

describe('the break-even date', () => {
  it('is the first day whose end finds less spent than by the baseline, for good', () => {
    // Spent 5, 6, 7, 8 against 2, 4, 8, 12: less at the end of the third day.
    expect(against([2, 2, 4, 4], [5, 1, 1, 1]).breakEvenDate).toBe('2025-02-01');
  });

  it('does not count days on which as much is spent', () => {
    // 3, 4, 5, 6 against 2, 4, 5, 8: equal on the second and third.
    expect(against([2, 2, 1, 3], [3, 1, 1, 1]).breakEvenDate).toBe('2025-02-02');
  });

  it.each([
    ['cheaper from the beginning', [2, 2, 2], [1, 1, 1]],
    ['never cheaper', [1, 1, 1], [2, 1, 1]],
    ['as dear in the end', [1, 1, 1], [2, 1, 0]],
    ['dearer again in the end', [2, 2, 1], [3, 0, 5]],
    ['always the same', [1, 1, 1], [1, 1, 1]],
  ])('is none when the policy is %s', (_, baseline, counts) => {
    expect(against(baseline, counts).breakEvenDate).toBeNull();
  });

  it('is none for the baseline', () => {
    const horizon = horizonOf('2025-01-01', 2);
    expect(compared(horizon, [puts('baseline', horizon, [1, 1])]).results[0]!.breakEvenDate).toBeNull();
  });

  it('is what trying every day finds', () => {
    const days = fc.array(fc.tuple(fc.nat(4), fc.nat(4)), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(days, (counts) => {
        const [baseline, other] = [0, 1].map((side) => counts.map((pair) => pair[side]!));
        const spent = (side: readonly number[], day: number) => side.slice(0, day + 1).reduce((a, b) => a + b, 0);
        const dearer = (day: number) => spent(other!, day) - spent(baseline!, day);
        const all = counts.map((_, day) => day);
        const date = all.find(
          (day) =>
            all.slice(day).every((later) => dearer(later) < 0) &&
            all.slice(0, day).some((earlier) => dearer(earlier) > 0),
        );
        const expected = date === undefined ? null : isoDate(instant('2025-01-30') + date * DAY);
        expect(against(baseline!, other!).breakEvenDate).toBe(expected);
      }),
      { numRuns: 1000, seed: 20250131 },
    );
  });
});

function isoDate(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 10);
}

describe('the timeline', () => {
  it('adds up what each day cost, across months', () => {
    const { timeline } = against([1, 1, 1, 1], [3, 0, 2, 5]);
    expect(timeline.cumulativeUSD).toEqual([3, 3, 5, 10]);
  });

  it('spreads a month’s storage over its days as it was used, volume tiers and all', () => {
    // 102,400 GB on the first two days of June, none after: each day a 30th of 51,200 + … of the same price per GB-Mo:
    // 2 × 102,400 / 30 = 6,826.67 GB-Mo × $0.023 = $157.013333, half of it a day.
    const horizon = horizonOf('2025-06-01', 4);
    const usage = new DailyUsage(horizon);
    usage.hold(STORED.standard, horizon.from, horizon.from + 2 * DAY, 100 * LARGE);
    const { results, timelineDates } = compared(horizon, [metered('a', usage)], parsePriceList(virginia));
    expect(results[0]!.timeline).toEqual({
      bytes: { STANDARD: [100 * LARGE, 100 * LARGE, 0, 0] },
      cumulativeUSD: [78.506667, 157.013333, 157.013333, 157.013333],
    });
    expect(timelineDates).toEqual(['2025-06-01', '2025-06-02', '2025-06-03', '2025-06-04']);
  });

  it.each([
    [400, 400],
    [401, 201],
    [800, 400],
    [801, 267],
    [4000, 400],
  ])('of %d days has %d points at even distances, the last at the end', (days, points) => {
    const horizon = horizonOf('2020-01-01', days);
    const { timelineDates, results } = compared(horizon, [puts('a', horizon, new Array(days).fill(1))]);
    expect(timelineDates).toHaveLength(points);
    expect(timelineDates.at(-1)).toBe(isoDate(horizon.until - DAY));
    const steps = timelineDates.slice(1).map((date, i) => (instant(date) - instant(timelineDates[i]!)) / DAY);
    expect(new Set(steps).size).toBe(1);
    expect(results[0]!.timeline.cumulativeUSD.at(-1)).toBeCloseTo(days, 6);
  });

  it('shows restored copies as one', () => {
    const horizon = horizonOf('2025-06-01', 2);
    const usage = new DailyUsage(horizon);
    usage.hold(STORED.glacierCopy, horizon.from, horizon.until, 1000);
    usage.hold(STORED.deepArchiveCopy, horizon.from + DAY, horizon.until, 500);
    const { results } = compared(horizon, [metered('a', usage)], parsePriceList(virginia));
    expect(results[0]!.timeline.bytes).toEqual({ 'restored copies': [1000, 1500] });
  });

  it('shows a class by any of its kinds, and none that holds less than half a byte', () => {
    const horizon = horizonOf('2025-06-01', 2);
    const usage = new DailyUsage(horizon);
    usage.hold(STORED.deepArchiveCopy, horizon.from + DAY, horizon.until, 500);
    usage.hold(STORED.standard, horizon.from, horizon.from + DAY / 2 - 1, 1);
    const { results } = compared(horizon, [metered('a', usage)], parsePriceList(virginia));
    expect(results[0]!.timeline.bytes).toEqual({ 'restored copies': [0, 500] });
  });
});

describe('usage without a price', () => {
  it('is an error that names it, never free', () => {
    const horizon = horizonOf('2025-06-01', 1);
    const usage = new DailyUsage(horizon);
    usage.add(REQUESTED.get[4]!, 0, 1, 1);
    const run = () => compared(horizon, [metered('a', usage)]);
    expect(run).toThrow(InputError);
    expect(run).toThrow('Requests-GIR-Tier2');
  });
});
