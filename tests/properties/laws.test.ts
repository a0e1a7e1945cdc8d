/** Laws of usage and of bills, which hold whatever AWS charges: on random small workloads and policies. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import virginia from '../../pricing/us-east-1.json' with { type: 'json' };
import { STORED_PARTS } from '../../src/metering/stored-kinds.ts';
import type { Comparison, PolicyResult } from '../../src/model/comparison.ts';
import { parseNanoUSD } from '../../src/model/money.ts';
import { RowTally } from '../../src/model/row-tally.ts';
import { STORAGE_CLASSES } from '../../src/model/storage-class.ts';
import type { Usage } from '../../src/model/usage.ts';
import { PRICING_UNIT, STORED, USAGE_KINDS } from '../../src/model/usage-type.ts';
import { fixedPolicy } from '../../src/policies/fixed.ts';
import type { Policy } from '../../src/policies/policy.ts';
import { madeAgain } from '../../src/policies/recipe.ts';
import { bill } from '../../src/pricing/bill.ts';
import type { MeteredPolicy } from '../../src/pricing/comparison.ts';
import { type PriceList, parsePriceList } from '../../src/pricing/price-list.ts';
import type { Simulation } from '../../src/simulate.ts';
import { recordedScenarios, type Scenario, scenarios } from './arbitraries.ts';
import { kernelUsage, simulated, spanOf, toPolicy } from './kernel.ts';
import { KEYS } from './random-workloads.ts';
import { inOrder as byOrder, isAct } from './reference/rows.ts';
import { type ReferenceEvent, type ReferencePolicy, usageAsMap } from './reference-model.ts';

const RUNS = Number(process.env.TIERCAST_PROPERTY_RUNS ?? 200);
const seeded = { numRuns: RUNS, seed: 20250131 } as const;
const SLOW = { timeout: 120_000 } as const;
const DAY = 86_400;
const usEast1 = parsePriceList(virginia);

function metered(scenario: Scenario, policy: Policy, span = spanOf(scenario), batchRows?: number): MeteredPolicy {
  return simulated(scenario, [policy], span, batchRows).metered()[0]!;
}

function policyOf({ policy, options }: Scenario): Policy {
  return toPolicy(policy, options);
}

/** Quantities that are not zero, in order, of one or more usages taken together. */
function total(...all: readonly MeteredPolicy[]): [string, bigint][] {
  const sums = new Map<string, bigint>();
  for (const { usage } of all) {
    for (const [name, quantity] of usageAsMap(usage.usage())) sums.set(name, (sums.get(name) ?? 0n) + quantity);
  }
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1));
}

function comparison(scenario: Scenario): Comparison {
  const policies = [fixedPolicy('standard', 0), { ...policyOf(scenario), name: 'random' }];
  return simulated(scenario, policies).compare(usEast1, {
    inputs: [],
    formats: [],
    skippedFiles: [],
    rowCounts: new RowTally().counts(),
    rejectedRows: 0,
    baseline: 'standard',
    leftOut: [],
  });
}

/** Rows in the order they are taken. */
function inOrder(events: readonly ReferenceEvent[]): ReferenceEvent[] {
  return [...events].sort(byOrder);
}

/** The scenario in which every key is first uploaded long before anything else happens: nothing has to be assumed. */
function withFirstUploads(scenario: Scenario, keys = KEYS, count = 1): Scenario {
  const time = (scenario.options.from - 450 * DAY) * 1000 + 37_800_000;
  const sizes = [1000, 200_000, 131_072, 2 ** 30];
  const uploads = keys.map(
    (key, i): ReferenceEvent => ({ time, operation: 'PUT', key, size: sizes[i % sizes.length]!, count }),
  );
  return { ...scenario, events: [...uploads, ...scenario.events] };
}

/** The scenario without ids that only later rows tell the meaning of. */
function causal(scenario: Scenario): Scenario {
  const given = new Set<string>();
  const events = inOrder(scenario.events).map((row) => {
    const { versionId, ...rest } = row;
    const isUpload = ['PUT', 'POST', 'COPY', 'COMPLETE_MULTIPART'].includes(row.operation);
    if (isUpload && (row.status ?? 200) < 300) given.add(`${row.key} ${versionId}`);
    return isUpload || given.has(`${row.key} ${versionId}`) ? row : rest;
  });
  return { ...scenario, events };
}

describe('usage adds up', () => {
  test('over a workload split by keys', SLOW, () => {
    const split = fc.tuple(scenarios(), fc.subarray([...KEYS]));
    fc.assert(
      fc.property(split, ([scenario, some]) => {
        const span = spanOf(scenario);
        const [mine, rest] = [true, false].map((mine) => ({
          ...scenario,
          events: scenario.events.filter(({ key }) => some.includes(key) === mine),
        }));
        const whole = metered(scenario, policyOf(scenario), span);
        const parts = [mine!, rest!].map((part) => metered(part, policyOf(scenario), span));
        expect(total(...parts)).toEqual(total(whole));
        const notices = parts.map((part) => part.notices);
        const sum = (name: 'restores' | 'readsNeedingRestore' | 'readsAfterExpiration') =>
          notices.reduce((all, notice) => all + notice[name], 0);
        expect(sum('restores')).toBe(whole.notices.restores);
        expect(sum('readsNeedingRestore')).toBe(whole.notices.readsNeedingRestore);
        expect(sum('readsAfterExpiration')).toBe(whole.notices.readsAfterExpiration);
      }),
      seeded,
    );
  });

  test('over keys that another thread replays', SLOW, () => {
    const split = fc.tuple(scenarios(), fc.subarray([...KEYS]));
    const usage = (used: MeteredPolicy['usage'] | undefined): unknown => used && usageAsMap(used.usage());
    const told = (simulation: Simulation): unknown => {
      const [policy] = simulation.metered();
      const { unfinishedUploads, firstTransitions, byGroup: _, ...rest } = policy!;
      return {
        ...rest,
        usage: usage(rest.usage),
        unfinished: { ...unfinishedUploads, usage: usage(unfinishedUploads?.usage) },
        first: { ...firstTransitions, usage: usage(firstTransitions?.usage) },
        counts: { ...simulation.counts, sums: [simulation.counts.bytes, simulation.counts.assumedBytes] },
        unsized: simulation.unsizedOrders,
      };
    };
    fc.assert(
      fc.property(split, ([scenario, some]) => {
        const span = spanOf(scenario);
        const [here, there] = [true, false].map((here) => ({
          ...scenario,
          events: scenario.events.filter(({ key }) => some.includes(key) === here),
        }));
        const policy = policyOf(scenario);
        const again = { ...madeAgain(structuredClone(policy.recipe!)), name: policy.name };
        const simulation = simulated(here!, [policy], span);
        simulation.addPart(structuredClone(simulated(there!, [again], span).part()));
        expect(told(simulation)).toEqual(told(simulated(scenario, [policy], span)));
      }),
      seeded,
    );
  });

  test('in any order of rows', SLOW, () => {
    const shuffled = fc
      .oneof(scenarios(), recordedScenarios())
      .chain((scenario) =>
        fc.tuple(
          fc.constant(scenario),
          fc.shuffledSubarray([...scenario.events], { minLength: scenario.events.length }),
        ),
      );
    fc.assert(
      fc.property(shuffled, ([scenario, events]) => {
        expect(kernelUsage({ ...scenario, events })).toEqual(kernelUsage(scenario));
      }),
      seeded,
    );
  });

  test('in batches of any size', SLOW, () => {
    fc.assert(
      fc.property(fc.oneof(scenarios(), recordedScenarios()), fc.integer({ min: 1, max: 8 }), (scenario, batchRows) => {
        expect(kernelUsage(scenario, batchRows)).toEqual(kernelUsage(scenario));
      }),
      seeded,
    );
  });

  test('beside any other policies', SLOW, () => {
    fc.assert(
      fc.property(scenarios(), scenarios(), (scenario, other) => {
        const alone = metered(scenario, policyOf(scenario));
        const company = [toPolicy(other.policy, scenario.options), fixedPolicy('archive', 6)];
        const [, , beside] = simulated(scenario, [...company, policyOf(scenario)]).metered();
        expect(total(beside!)).toEqual(total(alone));
        expect(beside!.notices).toEqual(alone.notices);
      }),
      seeded,
    );
  });

  test('for a row that stands for N objects as for N keys', SLOW, () => {
    const cohort = 3;
    fc.assert(
      fc.property(scenarios(['unversioned']), (random) => {
        const scenario = withFirstUploads({ ...random, events: [] }, KEYS, cohort);
        const together = [...scenario.events, ...cohortRows(random.events, cohort)];
        const apart = together.flatMap((row) => {
          const count = row.operation === 'PUT' ? 1 : (row.count ?? 1);
          return Array.from({ length: cohort }, (_, i) => ({ ...row, key: `${row.key}-${i}`, count }));
        });
        expect(kernelUsage({ ...scenario, events: apart })).toEqual(kernelUsage({ ...scenario, events: together }));
      }),
      seeded,
    );
  });
});

/** Rows that happen to objects which are there: uploads are of N objects, nothing is asked of a key after its DELETE. */
function cohortRows(events: readonly ReferenceEvent[], count: number): ReferenceEvent[] {
  const gone = new Set<string>();
  const left: readonly string[] = ['LIST', 'CREATE_MULTIPART', 'UPLOAD_PART', 'ABORT_MULTIPART'];
  return inOrder(events).flatMap((row) => {
    if (left.includes(row.operation)) return [];
    const ok = row.status === undefined || row.status < 300 || row.status === 304;
    if (['PUT', 'POST', 'COPY', 'COMPLETE_MULTIPART'].includes(row.operation)) {
      if (ok) gone.delete(row.key);
      return [{ ...row, operation: 'PUT' as const, size: row.size ?? 1, count }];
    }
    if (gone.has(row.key)) return [];
    if (row.operation === 'DELETE' && ok) gone.add(row.key);
    return [row];
  });
}

/** Kinds of the bytes of objects and parts: no fillers, no overheads, no copies. */
const REAL_BYTES = [
  STORED.standard,
  STORED.standardIA,
  STORED.oneZoneIA,
  STORED.frequent,
  STORED.infrequent,
  STORED.archiveInstant,
  STORED.archiveAccess,
  STORED.deepArchiveAccess,
  STORED.glacierIR,
  STORED.glacier,
  STORED.deepArchive,
  STORED.express,
];

function heldByDay({ usage }: MeteredPolicy, kinds: Iterable<number>): bigint[] {
  const sums = new Array<bigint>(usage.days).fill(0n);
  for (const kind of kinds) {
    for (const [day, quantity] of (usage.quantities(kind) ?? []).entries()) sums[day]! += quantity;
  }
  return sums;
}

/** The policy without what removes objects or parts. */
function keepingAll(policy: ReferencePolicy): ReferencePolicy {
  const { lifecycle } = policy;
  if (!lifecycle) return policy;
  const rules = lifecycle.Rules.flatMap(
    ({ Expiration: _, NoncurrentVersionExpiration: __, AbortIncompleteMultipartUpload: ___, ...rule }) =>
      rule.Transitions || rule.NoncurrentVersionTransitions ? [rule] : [],
  );
  const { lifecycle: _, ...rest } = policy;
  return rules.length > 0 ? { ...policy, lifecycle: { ...lifecycle, Rules: rules } } : rest;
}

describe('bytes are conserved', () => {
  test('by every policy that removes nothing, day by day', SLOW, () => {
    const kinds = new Set([...REAL_BYTES, ...STORED_PARTS]);
    fc.assert(
      fc.property(scenarios(), (random) => {
        const scenario = { ...random, policy: keepingAll(random.policy) };
        const held = heldByDay(metered(scenario, policyOf(scenario)), kinds);
        expect(held).toEqual(heldByDay(metered(scenario, fixedPolicy('standard', 0)), [STORED.standard]));
      }),
      seeded,
    );
  });

  test('each byte for as long as it is there', SLOW, () => {
    fc.assert(
      fc.property(scenarios(['unversioned']), (random) => {
        const plain = inOrder(random.events).filter(
          ({ operation, status = 200 }) => ['PUT', 'GET', 'DELETE'].includes(operation) && status < 300,
        );
        const first = withFirstUploads({ ...random, events: plain });
        const scenario = { ...first, policy: keepingAll(random.policy) };
        const { from, until } = scenario.options;
        // Every second between a PUT and the next PUT or DELETE of its key, within the horizon.
        let expected = 0n;
        for (const key of KEYS) {
          const rows = inOrder(scenario.events).filter((row) => row.key === key && row.operation !== 'GET');
          for (const [i, { operation, time, size, count = 1 }] of rows.entries()) {
            if (operation !== 'PUT') continue;
            const [begin, end] = [time, rows[i + 1]?.time ?? Infinity].map((ms) => Math.floor(ms / 1000));
            const seconds = Math.min(end!, until) - Math.max(begin!, from);
            if (seconds > 0) expected += BigInt(size!) * BigInt(count) * BigInt(seconds);
          }
        }
        const held = heldByDay(metered(scenario, policyOf(scenario)), REAL_BYTES);
        expect(held.reduce((sum, quantity) => sum + quantity, 0n)).toBe(expected);
      }),
      seeded,
    );
  });
});

describe('policies', () => {
  test('but as-is do not know what S3 itself is recorded to have done, nor does what a trace is', SLOW, () => {
    fc.assert(
      fc.property(recordedScenarios(), scenarios(), (recorded, { policy }) => {
        const requests = { ...recorded, events: recorded.events.filter((event) => !isAct(event)) };
        const own = toPolicy(policy, recorded.options);
        const policies = [fixedPolicy('standard', 0), ...(own.followsRecords ? [] : [own])];
        const [one, other] = [simulated(recorded, policies), simulated(requests, policies)];
        policies.forEach((_, at) => {
          expect(total(one.metered()[at]!)).toEqual(total(other.metered()[at]!));
          expect(one.metered()[at]!.notices).toEqual(other.metered()[at]!.notices);
        });
        expect(one.counts).toEqual(other.counts);
        expect(spanOf(recorded)).toEqual(spanOf(requests));
      }),
      seeded,
    );
  });

  test('fixed in a class are documents that upload to it and move nothing', SLOW, () => {
    const rule = { Status: 'Disabled' as const, Filter: {}, Expiration: { Days: 1 } };
    fc.assert(
      fc.property(scenarios(), fc.nat(STORAGE_CLASSES.length - 1), fc.boolean(), (scenario, code, documented) => {
        const uploadStorageClass = STORAGE_CLASSES[code]!;
        // An empty list of archive configurations makes a document; so does a rule that is disabled.
        const content = documented ? { intelligentTiering: [] } : { lifecycle: { Rules: [rule] } };
        const general = toPolicy({ uploadStorageClass, ...content }, scenario.options);
        expect(general.fixedClass).toBeUndefined();
        const [fast, slow] = simulated(scenario, [fixedPolicy('fixed', code), general]).metered();
        expect(total(slow!)).toEqual(total(fast!));
        expect(slow!.notices).toEqual(fast!.notices);
      }),
      seeded,
    );
  });

  test('see nothing of what comes later', SLOW, () => {
    const cut = scenarios().chain((scenario) => {
      const days = (scenario.options.until - scenario.options.from) / DAY;
      return fc.tuple(fc.constant(causal(withFirstUploads(scenario))), fc.integer({ min: 1, max: days }));
    });
    fc.assert(
      fc.property(cut, ([scenario, days]) => {
        const { options } = scenario;
        const short = { ...scenario, options: { ...options, until: options.from + days * DAY } };
        const [whole, part] = [scenario, short].map((one) => metered(one, policyOf(scenario), spanOf(scenario)).usage);
        for (let kind = 0; kind < USAGE_KINDS.length; kind++) {
          const none = new Array<bigint>(days).fill(0n);
          expect(part!.quantities(kind) ?? none).toEqual(whole!.quantities(kind)?.slice(0, days) ?? none);
        }
      }),
      seeded,
    );
  });
});

const nano = (usd: string | undefined): bigint => parseNanoUSD(usd ?? '0');
const sumOf = (costs: Iterable<string | undefined>): bigint => [...costs].reduce((sum, usd) => sum + nano(usd), 0n);

describe('bills', () => {
  test('have no quantity and no cost below zero', SLOW, () => {
    fc.assert(
      fc.property(scenarios(), (scenario) => {
        for (const { lineItems } of comparison(scenario).results) {
          for (const { usageQuantity, costUSD } of lineItems) {
            expect(BigInt(usageQuantity)).toBeGreaterThan(0n);
            expect(nano(costUSD)).toBeGreaterThanOrEqual(0n);
          }
        }
      }),
      seeded,
    );
  });

  test('add up: line items, months and components to the total', SLOW, () => {
    fc.assert(
      fc.property(scenarios(), (scenario) => {
        for (const result of comparison(scenario).results) {
          const whole = nano(result.totalUSD);
          expect(sumOf(result.lineItems.map(({ costUSD }) => costUSD))).toBe(whole);
          expect(sumOf(result.months.map(({ totalUSD }) => totalUSD))).toBe(whole);
          expect(sumOf(Object.values(result.components))).toBe(whole);
          for (const month of result.months) {
            expect(sumOf(Object.values(month.components))).toBe(nano(month.totalUSD));
          }
        }
      }),
      seeded,
    );
  });

  test('are spent day by day, up to the total', SLOW, () => {
    fc.assert(
      fc.property(scenarios(), (scenario) => {
        const { results, timelineDates } = comparison(scenario);
        const { from, until } = scenario.options;
        expect(timelineDates).toHaveLength((until - from) / DAY);
        for (const { timeline, totalUSD } of results) expectSpent(timeline.cumulativeUSD, Number(totalUSD));
      }),
      seeded,
    );
  });

  test('are cheapest first, and save what the baseline costs more', SLOW, () => {
    fc.assert(
      fc.property(scenarios(), (scenario) => {
        const { results } = comparison(scenario);
        const baseline = results.find(({ policy }) => policy === 'standard') as PolicyResult;
        expect(nano(results[0]!.totalUSD)).toBeLessThanOrEqual(nano(results[1]!.totalUSD));
        for (const { savingUSD, totalUSD } of results) {
          expect(nano(savingUSD)).toBe(nano(baseline.totalUSD) - nano(totalUSD));
        }
      }),
      seeded,
    );
  });

  test('at flat rates are linear in usage and in rates', SLOW, () => {
    const split = fc.tuple(scenarios(), fc.subarray([...KEYS]), fc.nat(9_999_999), fc.nat(9_999_999));
    fc.assert(
      fc.property(split, ([scenario, some, one, other]) => {
        const span = spanOf(scenario);
        const usages = [true, false].map((mine) => {
          const events = scenario.events.filter(({ key }) => some.includes(key) === mine);
          return metered({ ...scenario, events }, policyOf(scenario), span).usage.usage();
        });
        const whole = metered(scenario, policyOf(scenario), span).usage.usage();
        const cost = (usage: Usage, digits: number) => bill(usage, flat(digits)).totalNanoUSD;
        // A line item is rounded by at most half a nano-dollar, three times here.
        const items = BigInt(bill(whole, flat(1)).lineItems.length);
        const bound = items * 2n;
        const apart = cost(usages[0]!, one) + cost(usages[1]!, one);
        expect(distance(apart, cost(whole, one))).toBeLessThanOrEqual(bound);
        expect(distance(cost(whole, one) + cost(whole, other), cost(whole, one + other))).toBeLessThanOrEqual(bound);
      }),
      seeded,
    );
  });
});

function expectSpent(cumulative: readonly number[], whole: number): void {
  const tolerance = 1e-6 + whole * 1e-12;
  let before = 0;
  for (const spent of cumulative) {
    expect(spent).toBeGreaterThanOrEqual(before);
    before = spent;
  }
  expect(Math.abs(cumulative.at(-1)! - whole)).toBeLessThanOrEqual(tolerance);
}

function distance(a: bigint, b: bigint): bigint {
  return a < b ? b - a : a - b;
}

/** Every usage type at one price per unit, `digits` ten-millionths of a dollar. */
function flat(digits: number): PriceList {
  const usd = { digits: BigInt(digits), scale: 7 };
  return {
    ...usEast1,
    prices: USAGE_KINDS.map(({ usageType, operation, unit }) => ({
      usageType,
      operation,
      unit: PRICING_UNIT[unit],
      tiers: [{ from: 0n, to: null, usd }],
      source: 'flat',
    })),
  };
}
