/** Laws of usage, on random workloads and policies. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DailyUsage } from '../../src/metering/daily-usage.ts';
import { DAY_SECONDS } from '../../src/model/time.ts';
import { STORED, USAGE_KINDS } from '../../src/model/usage-type.ts';
import { bill } from '../../src/pricing/bill.ts';
import { parsePriceList } from '../../src/pricing/price-list.ts';
import { type Scenario, scenarios } from './arbitraries.ts';
import { kernelMetered, kernelUsage } from './kernel.ts';
import { referenceUsage } from './reference-model.ts';

const PRICES = parsePriceList(
  JSON.parse(readFileSync(new URL('../../pricing/us-east-1.json', import.meta.url), 'utf8')),
);
const seeded = { numRuns: 250, seed: 7 } as const;

/** Parts of a workload, each with the keys of its own, must be as old as the whole: an object first seen in a read is as old as the trace. */
function withoutAssumed({ events, policy, options }: Scenario): boolean {
  return referenceUsage(events, policy, options).assumedObjects === 0;
}

function add(a: ReadonlyMap<string, bigint>, b: ReadonlyMap<string, bigint>): Map<string, bigint> {
  const sum = new Map(a);
  for (const [key, quantity] of b) sum.set(key, (sum.get(key) ?? 0n) + quantity);
  return sum;
}

function sorted(usage: ReadonlyMap<string, bigint>): [string, bigint][] {
  return [...usage].sort(([a], [b]) => (a < b ? -1 : 1));
}

test('the usage of a split workload adds up to the usage of the whole', { timeout: 120_000 }, () => {
  fc.assert(
    fc.property(scenarios().filter(withoutAssumed), fc.constantFrom('logs/a', 'photos/a'), (scenario, key) => {
      const part = (inside: boolean): Map<string, bigint> => {
        const events = scenario.events.filter((event) => (event.key === key) === inside);
        return events.length === 0 ? new Map() : kernelUsage({ ...scenario, events }).usage;
      };
      fc.pre(scenario.events.length > 0);
      expect(sorted(add(part(true), part(false)))).toEqual(sorted(kernelUsage(scenario).usage));
    }),
    seeded,
  );
});

test('shuffled rows and the size of batches change nothing', { timeout: 120_000 }, () => {
  fc.assert(
    fc.property(scenarios(), fc.infiniteStream(fc.nat()), fc.integer({ min: 1, max: 8 }), (scenario, random, batch) => {
      fc.pre(scenario.events.length > 0);
      const shuffled = scenario.events
        .map((event) => ({ event, at: random.next().value as number }))
        .sort((a, b) => a.at - b.at)
        .map(({ event }) => event);
      expect(kernelUsage({ ...scenario, events: shuffled }, batch)).toEqual(kernelUsage(scenario));
    }),
    seeded,
  );
});

test('nothing is used or costs less than zero, and line items add up to the total', { timeout: 120_000 }, () => {
  fc.assert(
    fc.property(scenarios(), (scenario) => {
      fc.pre(scenario.events.length > 0);
      const usage = kernelMetered(scenario).usage.usage();
      for (const { quantities } of usage.months)
        for (const [, quantity] of quantities) expect(quantity > 0n).toBe(true);
      const { lineItems, totalNanoUSD } = bill(usage, PRICES);
      const costs = lineItems.map(({ costUSD }) => BigInt(costUSD.replace('.', '')));
      expect(costs.every((cost) => cost >= 0n)).toBe(true);
      expect(costs.reduce((sum, cost) => sum + cost, 0n)).toBe(totalNanoUSD);
    }),
    seeded,
  );
});

/** Kinds of real object bytes: no fillers, overheads, restored copies or parts of uploads. */
const REAL = [
  STORED.standard,
  STORED.standardIA,
  STORED.oneZoneIA,
  STORED.glacierIR,
  STORED.glacier,
  STORED.deepArchive,
  STORED.express,
  STORED.frequent,
  STORED.infrequent,
  STORED.archiveInstant,
  STORED.archiveAccess,
  STORED.deepArchiveAccess,
];

test('bytes × time is the same under every policy that expires nothing', { timeout: 120_000 }, () => {
  const real = new Set(REAL.map((kind) => `${USAGE_KINDS[kind]!.usageType}|${USAGE_KINDS[kind]!.operation}`));
  const byteSeconds = (scenario: Scenario): bigint =>
    [...kernelUsage(scenario).usage]
      .filter(([key]) => real.has(key.slice(key.indexOf('|') + 1)))
      .reduce((sum, [, quantity]) => sum + quantity, 0n);
  fc.assert(
    fc.property(
      scenarios().filter(
        ({ events, policy }) =>
          events.length > 0 &&
          !policy.lifecycle?.Rules.some((rule) => rule.Expiration || rule.AbortIncompleteMultipartUpload) &&
          !events.some(({ operation }) => operation === 'UPLOAD_PART'),
      ),
      (scenario) => {
        const inStandard = { uploadStorageClass: 'STANDARD', fixed: true } as const;
        expect(byteSeconds(scenario)).toBe(byteSeconds({ ...scenario, policy: inStandard }));
      },
    ),
    seeded,
  );
});

test('a fixed class is the policy document that sends uploads there and has no rules', { timeout: 120_000 }, () => {
  fc.assert(
    fc.property(
      scenarios().filter(
        ({ events, policy }) =>
          events.length > 0 && policy.fixed === true && policy.uploadStorageClass !== 'EXPRESS_ONEZONE',
      ),
      ({ events, policy, options }) => {
        const document = { ...policy, intelligentTiering: policy.intelligentTiering ?? [], fixed: false };
        expect(kernelUsage({ events, policy: document, options })).toEqual(kernelUsage({ events, policy, options }));
      },
    ),
    seeded,
  );
});

test('a row that counts N is N keys with that row', { timeout: 120_000 }, () => {
  fc.assert(
    fc.property(scenarios(), fc.integer({ min: 2, max: 4 }), (scenario, n) => {
      const events = scenario.events.map(({ count: _, ...event }) => event);
      fc.pre(events.length > 0 && events.every(({ operation }) => !/PART|MULTIPART|LIST/.test(operation)));
      const isUpload = (operation: string): boolean => ['PUT', 'POST', 'COPY'].includes(operation);
      const uploaded = events.filter(({ operation }) => isUpload(operation)).map(({ key }) => key);
      const kept = events.filter(({ key, status }) => uploaded.includes(key) && (status ?? 200) < 300);
      const firstIsUpload = [...new Set(kept.map(({ key }) => key))].every((key) => {
        const [first, second] = kept.filter((event) => event.key === key).sort((a, b) => a.time - b.time);
        return isUpload(first!.operation) && (!second || second.time > first!.time);
      });
      fc.pre(kept.length > 0 && firstIsUpload && !kept.some(({ operation }) => operation === 'DELETE'));
      const cohort = kept.map((event) => (isUpload(event.operation) ? { ...event, count: n } : event));
      const keys = Array.from({ length: n }, (_, i) =>
        kept.map((event) => ({ ...event, key: `${event.key}${i}` })),
      ).flat();
      expect(sorted(kernelUsage({ ...scenario, events: cohort }).usage)).toEqual(
        sorted(kernelUsage({ ...scenario, events: keys }).usage),
      );
    }),
    { ...seeded, numRuns: 60 },
  );
});

test('daily sums are exact beyond 2^53', { timeout: 120_000 }, () => {
  const horizon = { from: 0, until: 5 * DAY_SECONDS };
  const span = fc.tuple(fc.nat(6 * DAY_SECONDS), fc.nat(6 * DAY_SECONDS), fc.integer({ min: 0, max: 2 ** 53 }));
  fc.assert(
    fc.property(fc.array(span, { maxLength: 20 }), (spans) => {
      const usage = new DailyUsage(horizon);
      let expected = 0n;
      for (const [a, b, amount] of spans) {
        const [from, until] = [Math.min(a, b), Math.max(a, b)];
        usage.hold(STORED.standard, from, until, amount);
        expected += BigInt(Math.max(Math.min(until, horizon.until) - from, 0)) * BigInt(amount);
      }
      const sum = (usage.quantities(STORED.standard) ?? []).reduce((total, quantity) => total + quantity, 0n);
      expect(sum).toBe(expected);
    }),
    seeded,
  );
});
