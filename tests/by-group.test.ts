/** Bills told by groups: nothing is lost, nothing is counted twice, and each group uses what it would use alone. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import virginia from '../pricing/us-east-1.json' with { type: 'json' };
import { DEFAULT_SWITCHES } from '../src/model/assumptions.ts';
import type { Comparison, GroupCost } from '../src/model/comparison.ts';
import { type GroupBy, parseGroupBy, prefixOf } from '../src/model/grouping.ts';
import { SIZE_CLASSES, sizeClass } from '../src/model/size-class.ts';
import { namedPolicy } from '../src/policies/index.ts';
import { apportion } from '../src/pricing/groups.ts';
import { parsePriceList } from '../src/pricing/price-list.ts';
import { sumDecimals } from '../src/reports/decimal.ts';
import { type CompareOptions, compare, Simulation } from '../src/simulate.ts';
import { readCsv } from '../src/sources/read-trace.ts';
import { Marks } from '../src/trace/trace.ts';
import { trace } from './events.ts';
import { scenarios } from './properties/arbitraries.ts';
import { toPolicy } from './properties/kernel.ts';
import { workloadCsv } from './properties/random-workloads.ts';
import { usageAsMap } from './properties/reference-model.ts';

const TB = 2 ** 40;
const prices = parsePriceList(virginia);

function run(events: string, groupBy: string, policies = ['standard'], more: CompareOptions = {}): Comparison {
  const named = policies.map((policy) => namedPolicy(policy));
  return compare(trace(events), named, prices, { groupBy: parseGroupBy(groupBy), ...more });
}

/** Names of the groups with what is picked of each. */
function each<T>({ groupBy, results }: Comparison, pick: (cost: GroupCost) => T): [string, T][] {
  return groupBy!.groups.map(({ name }, at) => [name, pick(results[0]!.groups![at]!)]);
}

const total = ({ totalUSD }: GroupCost): string => totalUSD;

describe('the groups of a comparison', () => {
  const ways: readonly GroupBy[] = [
    { kind: 'prefix', depth: 1 },
    { kind: 'tag', key: 'a' },
    { kind: 'class' },
    { kind: 'size' },
  ];

  it('add up to it exactly, and change nothing in it', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(
        scenarios(),
        fc.constantFrom(...ways),
        fc.integer({ min: 1, max: 4 }),
        (scenario, groupBy, topGroups) => {
          fc.pre(scenario.events.length > 0);
          const { policy, options } = scenario;
          const policies = [namedPolicy('standard'), namedPolicy('glacier'), toPolicy(policy, options)];
          const { from, until, versioning, restoreTier, restoreDays, egress } = options;
          const common = {
            horizon: { from, until },
            ...(versioning && { versioning }),
            restoreTier,
            restoreDays,
            egress,
          };
          const events = readCsv(workloadCsv(scenario.events));
          const { groupBy: used, ...found } = compare(events, policies, prices, { ...common, groupBy, topGroups });
          const results = found.results.map(({ groups: _, ...result }) => result);
          expect({ ...found, results }).toEqual(compare(events, policies, prices, common));
          expect(used!.groups.length).toBeLessThanOrEqual(topGroups + 1);
          expect(used!.groups.reduce((sum, { objects }) => sum + objects, 0)).toBe(found.workload.objects);
          expect(sumDecimals(used!.groups.map(({ bytes }) => bytes))).toBe(found.workload.bytes);
          for (const { groups, totalUSD, lineItems } of found.results) {
            expect(groups).toHaveLength(used!.groups.length);
            if (groups!.length > 0) expect(Number(sumDecimals([...groups!.map(total), `-${totalUSD}`]))).toBe(0);
            lineItems.forEach(({ usageQuantity, costUSD }, item) => {
              const shares = groups!.flatMap(({ items }) => items.filter((one) => one.item === item));
              expect(sumDecimals(shares.map((share) => share.usageQuantity))).toBe(usageQuantity);
              expect(sumDecimals(shares.map((share) => share.costUSD))).toBe(costUSD);
            });
          }
        },
      ),
      { numRuns: Number(process.env.TIERCAST_PROPERTY_RUNS ?? 150), seed: 2 },
    );
  });

  it('by prefix use what their objects use alone', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(scenarios(), (scenario) => {
        fc.pre(scenario.events.length > 0);
        const policy = toPolicy(scenario.policy, scenario.options);
        const { from, until, versioning, restoreTier, restoreDays, egress, earlyDeleteOverhead } = scenario.options;
        const options = {
          horizon: { from, until },
          ...(versioning && { versioning }),
          restoreTier,
          restoreDays,
          egress,
          switches: { ...DEFAULT_SWITCHES, 'early-delete-overhead': earlyDeleteOverhead },
        };
        const whole = readCsv(workloadCsv(scenario.events));
        const groupBy = { kind: 'prefix', depth: 1 } as const;
        const { groupBy: used, results } = compare(whole, [policy], prices, { ...options, groupBy });
        used!.groups.forEach(({ name }, at) => {
          const events = readCsv(workloadCsv(scenario.events.filter(({ key }) => key.startsWith(name))));
          const simulation = new Simulation([policy], whole.span, options);
          events.scan(new Marks([policy.marks]), (batch) => simulation.add(batch));
          const alone = simulation.metered()[0]!;
          const found = new Map<string, bigint>();
          for (const { item, usageQuantity } of results[0]!.groups![at]!.items) {
            const { month, usageType, operation } = results[0]!.lineItems[item]!;
            const kind = `${month}|${usageType}|${operation}`;
            found.set(kind, (found.get(kind) ?? 0n) + BigInt(usageQuantity));
          }
          expect([name, sorted(found)]).toEqual([name, sorted(usageAsMap(alone.usage.usage()))]);
        });
      }),
      { numRuns: Number(process.env.TIERCAST_PROPERTY_RUNS ?? 300), seed: 4 },
    );
  });
});

function sorted(usage: ReadonlyMap<string, bigint>): [string, bigint][] {
  return [...usage].filter(([, quantity]) => quantity !== 0n).sort(([a], [b]) => (a < b ? -1 : 1));
}

describe('money', () => {
  it('is split by usage: groups that fill a volume tier together share its rates', () => {
    // 60 TB for the 31 days of January in two halves: 50 TB at $0.023, 10 TB at $0.022 a GB-month, $1,402.88 in all.
    const events = `
      2025-01-01 PUT left/a size=${TB} count=30
      2025-01-01 PUT right/a size=${TB} count=30
      2025-01-31T23:59 HEAD left/a`;
    const requests = run(events, 'prefix:1').results[0]!.components.requests!;
    const storage = each(run(events, 'prefix:1'), ({ components }) => components.storage);
    expect(storage).toEqual([
      ['left/', '701.440000000'],
      ['right/', '701.440000000'],
    ]);
    // 50 × 1,024 × 0.023 + 10 × 1,024 × 0.022 = 1,177.60 + 225.28
    expect(run(events, 'prefix:1').results[0]!.components.storage).toBe('1402.880000000');
    // Sixty uploads and one HEAD a repetition for each of 30 objects.
    expect(requests).toBe('0.000312000');
    expect(each(run(events, 'prefix:1'), ({ components }) => components.requests)).toEqual([
      ['left/', '0.000162000'],
      ['right/', '0.000150000'],
    ]);
  });

  it('that does not divide goes to the largest remainders', () => {
    expect(apportion(10n, [1n, 1n, 1n])).toEqual([4n, 3n, 3n]);
    expect(apportion(10n, [1n, 2n, 4n])).toEqual([1n, 3n, 6n]);
    expect(apportion(1n, [0n, 5n, 5n])).toEqual([0n, 1n, 0n]);
    fc.assert(
      fc.property(
        fc.bigInt(0n, 10n ** 18n),
        fc.array(fc.bigInt(0n, 10n ** 20n), { minLength: 1, maxLength: 9 }),
        (whole, weights) => {
          const sum = weights.reduce((total, weight) => total + weight, 0n);
          fc.pre(sum > 0n);
          const shares = apportion(whole, weights);
          expect(shares.reduce((total, share) => total + share, 0n)).toBe(whole);
          shares.forEach((share, at) => {
            const exact = whole * weights[at]!;
            expect(share * sum > exact - sum && share * sum < exact + sum).toBe(true);
            if (weights[at] === 0n) expect(share).toBe(0n);
          });
        },
      ),
    );
  });

  it('is compared with what the baseline costs of the same group', () => {
    const events = '2025-01-01 PUT a/a size=1000000000000\n2025-01-01 PUT b/b size=10\n2025-03-31 GET b/b';
    const { baseline, results } = run(events, 'prefix:1', ['standard', 'glacier-ir']);
    const [cold, standard] = results as [Comparison['results'][0], Comparison['results'][0]];
    expect([baseline, cold.policy]).toEqual(['standard', 'glacier-ir']);
    cold.groups!.forEach(({ totalUSD, savingUSD }, at) => {
      expect(sumDecimals([totalUSD, savingUSD])).toBe(standard.groups![at]!.totalUSD);
    });
    // 128 KB are billed of ten bytes, and the early delete is none: the object is still there.
    expect(cold.groups!.map(({ savingUSD }) => Number(savingUSD) > 0)).toEqual([true, false]);
  });
});

describe('what a group is', () => {
  it('a prefix, as far as the key has folders; what is of no key is of no folder', () => {
    const events = `
      2025-01-01 PUT users/1/a size=1000
      2025-01-01 PUT users/2/b size=100
      2025-01-01 PUT users/c size=10
      2025-01-01 PUT top size=1
      2025-01-02 LIST -`;
    const named = (by: string): string[] => run(events, by).groupBy!.groups.map(({ name }) => name);
    expect(named('prefix:1')).toEqual(['users/', '']);
    expect(named('prefix:2')).toEqual(['users/1/', 'users/2/', 'users/', '']);
    expect(prefixOf('a//b/c', 2)).toBe('a//');
    expect(each(run(events, 'prefix:1'), ({ components }) => components.requests)).toEqual([
      ['users/', '0.000015000'],
      ['', '0.000010000'],
    ]);
  });

  it('a tag at upload, whatever it becomes', () => {
    const events = `
      2025-01-01 PUT a size=1000 tags=team=red&x=1
      2025-01-10 PUT_TAGGING a tags=team=blue
      2025-01-01 PUT b size=100 tags=team=b%20c
      2025-01-01 PUT c size=10`;
    const { groupBy } = run(events, 'tag:team');
    expect(groupBy!.groups.map(({ name, bytes }) => [name, bytes])).toEqual([
      ['red', '1000'],
      ['b c', '100'],
      ['', '10'],
    ]);
  });

  it('the class a request names, in the order of classes', () => {
    const events = `
      2025-01-01 PUT a size=1000 storage_class=GLACIER
      2025-01-01 PUT b size=10
      2025-01-01 PUT c size=1 storage_class=STANDARD_IA
      2025-01-02 GET nothing status=404`;
    const { groupBy, results } = run(events, 'class', ['as-is']);
    expect(groupBy!.groups.map(({ name, objects }) => [name, objects])).toEqual([
      ['', 0],
      ['STANDARD', 1],
      ['STANDARD_IA', 1],
      ['GLACIER', 1],
    ]);
    expect(results[0]!.groups![0]!.components).toEqual({ requests: '0.000000400' });
  });

  it('the size, with 128 KB as an edge', () => {
    expect([0, 1, 1023, 1024, 131_071, 131_072, 2 ** 40].map((bytes) => SIZE_CLASSES[sizeClass(bytes)])).toEqual([
      'empty',
      'under 1 KiB',
      'under 1 KiB',
      '1 to 16 KiB',
      '16 to 128 KiB',
      '128 KiB to 1 MiB',
      '16 GiB and more',
    ]);
  });

  it('a bucket and its prefix, where there are several', () => {
    const csv = readCsv(
      'timestamp,operation,key,size,bucket\n2025-01-01T00:00:00Z,PUT,a/b,10,one\n2025-01-01T00:00:00Z,PUT,a/b,1,two\n',
    );
    const { groupBy } = compare(csv, [namedPolicy('standard')], prices, { groupBy: { kind: 'prefix', depth: 1 } });
    expect(groupBy!.groups.map(({ name }) => name)).toEqual(['s3://one/a/', 's3://two/a/']);
  });

  it('one of the largest, or of the others together, which are more than one', () => {
    const events = [1, 2, 3, 4, 5].map((n) => `2025-01-01 PUT p${n}/a size=${n}`).join('\n');
    const told = (topGroups: number): unknown[] =>
      run(events, 'prefix:1', ['standard'], { topGroups }).groupBy!.groups.map(({ name, others, objects }) => [
        name,
        others,
        objects,
      ]);
    expect(told(2)).toEqual([
      ['p5/', undefined, 1],
      ['p4/', undefined, 1],
      ['other', 3, 3],
    ]);
    expect(told(5)).toHaveLength(5);
    expect(told(5).at(-1)).toEqual(['p1/', undefined, 1]);
  });

  it.each(['prefix:0', 'prefix:21', 'prefix:x', 'tag', 'tag:', 'key', 'size:1', ''])('not %j', (text) => {
    expect(() => parseGroupBy(text)).toThrow(/is none of prefix:1 to prefix:20, tag:KEY, class, size$/);
  });
});
