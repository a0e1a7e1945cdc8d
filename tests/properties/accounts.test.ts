/** Laws of accounts: what all objects cost together is the bill, and what a row costs is told. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import virginia from '../../pricing/us-east-1.json' with { type: 'json' };
import { explain } from '../../src/explain.ts';
import { DEFAULT_SWITCHES } from '../../src/model/assumptions.ts';
import type { AccountRow, ObjectShare } from '../../src/model/explanation.ts';
import { parseNanoUSD } from '../../src/model/money.ts';
import { parsePriceList } from '../../src/pricing/price-list.ts';
import { compare, type SimulationOptions } from '../../src/simulate.ts';
import { readCsv } from '../../src/sources/read-trace.ts';
import { recordedScenarios, type Scenario, scenarios } from './arbitraries.ts';
import { toPolicy } from './kernel.ts';
import { workloadCsv } from './random-workloads.ts';

const RUNS = Number(process.env.TIERCAST_PROPERTY_RUNS ?? 200);
const prices = parsePriceList(virginia);

function optionsOf({ options }: Scenario): SimulationOptions {
  const { from, until, restoreTier, restoreDays, egress, versioning } = options;
  return {
    horizon: { from, until },
    restoreTier,
    restoreDays,
    egress,
    switches: { ...DEFAULT_SWITCHES, 'early-delete-overhead': options.earlyDeleteOverhead },
    ...(versioning && { versioning }),
  };
}

type Sums = Map<string, { quantity: bigint; cost: bigint }>;

function sumsOf(
  items: readonly Pick<
    ObjectShare['lineItems'][number],
    'month' | 'usageType' | 'operation' | 'usageQuantity' | 'costUSD'
  >[],
): Sums {
  const sums: Sums = new Map();
  for (const { month, usageType, operation, usageQuantity, costUSD } of items) {
    const line = `${month} ${usageType} ${operation}`;
    const sum = sums.get(line) ?? { quantity: 0n, cost: 0n };
    sums.set(line, {
      quantity: sum.quantity + BigInt(usageQuantity),
      cost: sum.cost + parseNanoUSD(costUSD),
    });
  }
  return sums;
}

/** What a row must tell besides its time. */
function isTold({ event, storageClass, requests, tags, size, readyAt, tier }: AccountRow): boolean {
  switch (event) {
    case 'exist':
    case 'move':
    case 'stored':
    case 'parts':
      return storageClass !== undefined;
    case 'upload':
      return storageClass !== undefined && requests !== undefined;
    case 'request':
      return requests !== undefined;
    case 'tier':
      return tier !== undefined;
    case 'restore':
      return readyAt !== undefined;
    case 'tagged':
      return tags! > 0;
    case 'marked':
      return size! > 0;
    default:
      return true;
  }
}

test('all objects together have the quantities of the bill, and its costs but for rounding', {
  timeout: 240_000,
}, () => {
  const law = fc.property(fc.oneof(scenarios(), recordedScenarios()), (scenario) => {
    const trace = readCsv(workloadCsv(scenario.events));
    fc.pre(trace.span.rows > 0);
    const policy = toPolicy(scenario.policy, scenario.options);
    const options = optionsOf(scenario);
    const { objects } = explain(trace, policy, prices, { top: 100 }, options);
    const [result] = compare(trace, [policy], prices, options).results;
    const whole = sumsOf(result!.lineItems);
    const parts = sumsOf(objects.flatMap(({ lineItems }) => lineItems));
    expect([...parts.keys()].sort()).toEqual([...whole.keys()].sort());
    for (const [line, { quantity, cost }] of whole) {
      expect([line, parts.get(line)!.quantity]).toEqual([line, quantity]);
      // Each object's share is rounded by half a nano-dollar at the most.
      const off = Number(parts.get(line)!.cost - cost);
      expect(Math.abs(off)).toBeLessThanOrEqual(objects.length / 2);
    }
    // The dearest is found by rough costs, its account is exact.
    const [dearest] = explain(trace, policy, prices, { top: 1 }, options).objects;
    const least = parseNanoUSD(objects[0]!.totalUSD) - 1n;
    expect(parseNanoUSD(dearest!.totalUSD)).toBeGreaterThanOrEqual(least);
    for (const name of ['readsAfterExpiration', 'readsNeedingRestore', 'restores'] as const) {
      expect(objects.reduce((sum, { notices }) => sum + notices[name], 0)).toBe(result!.notices[name]);
    }
  });
  fc.assert(law, { numRuns: RUNS, seed: 20250131 });
});

test('the rows of an object add up to its share, line by line, and each is told', { timeout: 240_000 }, () => {
  const law = fc.property(fc.oneof(scenarios(), recordedScenarios()), (scenario) => {
    const trace = readCsv(workloadCsv(scenario.events));
    fc.pre(trace.span.rows > 0);
    const policy = toPolicy(scenario.policy, scenario.options);
    const options = optionsOf(scenario);
    for (const { key } of trace.objects) {
      if (key === '') continue;
      const { objects, totalUSD } = explain(trace, policy, prices, { key }, options);
      const { rows, lineItems, totalUSD: share } = objects[0]!;
      expect(sumsOf(rows!.flatMap(({ items }) => items))).toEqual(sumsOf(lineItems));
      const cost = rows!.reduce((sum, { costUSD }) => sum + parseNanoUSD(costUSD), 0n);
      expect(cost).toBe(parseNanoUSD(share));
      if (trace.objects.length === 1) expect(share).toBe(totalUSD);
      expect(rows!.filter((row) => !isTold(row))).toEqual([]);
      expect(rows!.map(({ at }) => at)).toEqual(rows!.map(({ at }) => at).toSorted());
    }
  });
  fc.assert(law, { numRuns: RUNS, seed: 20250201 });
});
