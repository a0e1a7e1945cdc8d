/** Laws of versioned buckets, which hold whatever AWS charges. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Scenario, scenarios } from './arbitraries.ts';
import { ENGINES, type Engine } from './engines.ts';
import { KEYS } from './random-workloads.ts';
import type { LifecycleRule, ReferenceEvent, ReferenceOptions } from './reference-model.ts';

const RUNS = Number(process.env.TIERCAST_PROPERTY_RUNS ?? 200);
const seeded = { numRuns: RUNS, seed: Number(process.env.TIERCAST_PROPERTY_SEED ?? 20250131) } as const;
const SLOW = { timeout: 600_000 } as const;
const UPLOADS: readonly string[] = ['PUT', 'POST', 'COPY', 'COMPLETE_MULTIPART'];

const sorted = (usage: ReadonlyMap<string, bigint>) => [...usage].sort(([a], [b]) => (a < b ? -1 : 1));

function withOptions(scenario: Scenario, options: Partial<ReferenceOptions>): Scenario {
  return { ...scenario, options: { ...scenario.options, ...options } };
}

/** The scenario with its rules changed, or without a lifecycle where none is left. */
function withRules(scenario: Scenario, change: (rule: LifecycleRule) => LifecycleRule): Scenario {
  const { lifecycle, ...rest } = scenario.policy;
  const Rules = (lifecycle?.Rules ?? []).map(change).filter((rule) => Object.keys(rule).some(isAction));
  return { ...scenario, policy: Rules.length > 0 ? { ...rest, lifecycle: { ...lifecycle, Rules } } : rest };
}

function isAction(name: string): boolean {
  return !['ID', 'Status', 'Filter'].includes(name);
}

function isOk({ status = 200 }: ReferenceEvent): boolean {
  return status < 300 || status === 304;
}

/** Only the first upload of each key and what is not an upload, with no ids and no removals. */
function writtenOnce(events: readonly ReferenceEvent[]): ReferenceEvent[] {
  const first = KEYS.map((key): ReferenceEvent => {
    const time = Math.min(...events.map((event) => event.time)) - 1000;
    return { time, operation: 'PUT', key, size: 200_000 };
  });
  const rest = events.filter(({ operation }) => operation !== 'DELETE' && !UPLOADS.includes(operation));
  return [...(events.length > 0 ? first : []), ...withoutIds(rest)];
}

function withoutIds(events: readonly ReferenceEvent[]): ReferenceEvent[] {
  return events.map(({ versionId: _, ...event }) => event);
}

describe.each(ENGINES)('%s: versioned buckets', (_, used: Engine) => {
  const versioned = () => scenarios(['enabled', 'suspended']);
  const same = (one: Scenario, other: Scenario): void => {
    expect(sorted(used(one))).toEqual(sorted(used(other)));
  };

  test('bill the same whatever the order of rows', SLOW, () => {
    const shuffled = versioned().chain((scenario) =>
      fc.tuple(fc.constant(scenario), fc.shuffledSubarray([...scenario.events], { minLength: scenario.events.length })),
    );
    fc.assert(
      fc.property(shuffled, ([scenario, events]) => same({ ...scenario, events }, scenario)),
      seeded,
    );
  });

  test('bill keys apart as together', SLOW, () => {
    fc.assert(
      fc.property(versioned(), fc.subarray([...KEYS]), (scenario, some) => {
        // A row that is not charged keeps the beginning of the trace where it was.
        const time = Math.min(scenario.options.from * 1000, ...scenario.events.map((event) => event.time));
        const inert: ReferenceEvent = { time, operation: 'LIST', key: '', status: 503 };
        const sum = new Map<string, bigint>();
        for (const mine of [true, false]) {
          const events = scenario.events.filter(({ key }) => some.includes(key) === mine);
          for (const [name, value] of used({ ...scenario, events: [inert, ...events] }))
            sum.set(name, (sum.get(name) ?? 0n) + value);
        }
        expect(sorted(sum)).toEqual(sorted(used(scenario)));
      }),
      seeded,
    );
  });

  test('have no quantity below zero', SLOW, () => {
    fc.assert(
      fc.property(versioned(), (scenario) => {
        for (const [, quantity] of used(scenario)) expect(quantity).toBeGreaterThan(0n);
      }),
      seeded,
    );
  });

  test('keep each byte from its upload to its removal under every policy that removes none', SLOW, () => {
    fc.assert(
      fc.property(scenarios(['enabled']), (random) => {
        const events = uploadsAndRemovals(random.events);
        const keeping = withRules({ ...random, events }, ({ NoncurrentVersionExpiration: _, ...rule }) => rule);
        // All of them, markers too, in objects: what markers add is less than one.
        const held = [...used(keeping)].filter(([name]) => REAL_BYTES.test(name.slice(8)));
        const total = held.reduce((sum, [, quantity]) => sum + quantity, 0n) / UNIT;
        expect(total).toBe(heldByHand(events, random.options));
      }),
      seeded,
    );
  });

  test('that are enabled bill like unversioned ones where nothing is overwritten, deleted or expired', SLOW, () => {
    fc.assert(
      fc.property(scenarios(['enabled']), (random) => {
        const events = writtenOnce(random.events);
        const scenario = withRules({ ...random, events }, ({ Expiration: _, ...rule }) => rule);
        same(scenario, withOptions(scenario, { versioning: 'unversioned' }));
      }),
      seeded,
    );
  });

  test('that are suspended bill like unversioned ones where nothing has an id or is deleted or expired', SLOW, () => {
    fc.assert(
      fc.property(scenarios(['suspended']), (random) => {
        const events = withoutIds(random.events.filter(({ operation }) => operation !== 'DELETE'));
        const scenario = withRules({ ...random, events }, ({ Expiration: _, ...rule }) => rule);
        const sized = { ...scenario, events: scenario.events.map((event) => ({ size: 131_072, ...event })) };
        same(sized, withOptions(sized, { versioning: 'unversioned' }));
      }),
      seeded,
    );
  });

  test('bill no rules before rules begin, and all where they begin early', SLOW, () => {
    fc.assert(
      fc.property(versioned(), (random) => {
        const { rulesFrom: _, ...options } = random.options;
        const scenario = { ...random, options };
        same(
          withOptions(scenario, { rulesFrom: options.until }),
          withRules(scenario, ({ ID }) => withoutActions(ID)),
        );
        same(withOptions(scenario, { rulesFrom: 0 }), scenario);
      }),
      seeded,
    );
  });

  test('keep what is among the newest hundred', SLOW, () => {
    fc.assert(
      fc.property(versioned(), (random) => {
        const hundred = withRules(random, (rule) => {
          const { NoncurrentVersionExpiration: expiration, NoncurrentVersionTransitions: transitions } = rule;
          const NewerNoncurrentVersions = 100;
          return {
            ...rule,
            ...(expiration && { NoncurrentVersionExpiration: { ...expiration, NewerNoncurrentVersions } }),
            ...(transitions && {
              NoncurrentVersionTransitions: transitions.map((action) => ({ ...action, NewerNoncurrentVersions })),
            }),
          };
        });
        const none = withRules(random, (rule) => {
          const { NoncurrentVersionExpiration: _, NoncurrentVersionTransitions: __, ...rest } = rule;
          return rest;
        });
        same(hundred, none);
      }),
      seeded,
    );
  });

  test('bill a row that stands for N objects as N keys, but for requests that find nothing', SLOW, () => {
    const cohort = 3;
    fc.assert(
      fc.property(versioned(), (random) => {
        const rows = ofKnownObjects(random.events, random.options.until);
        const time = Math.min(random.options.from * 1000, ...rows.map((row) => row.time)) - 1000;
        const first = KEYS.map((key): ReferenceEvent => ({ time, operation: 'PUT', key, size: 200_000 }));
        const copies = (n: number, count: number) =>
          [...first, ...rows].flatMap((row) =>
            Array.from({ length: n }, (_, i) => {
              return { ...row, key: `${row.key}-${i}`, ...(row.operation === 'PUT' ? { count } : {}) };
            }),
          );
        const lasting = (events: ReferenceEvent[]) =>
          sorted(used({ ...random, events })).filter(([name]) => !/\|Requests-Tier[12]\|/.test(name));
        expect(lasting(copies(1, cohort))).toEqual(lasting(copies(cohort, 1)));
      }),
      seeded,
    );
  });

  test('bill storage alone where others pay for the requests', SLOW, () => {
    fc.assert(
      fc.property(versioned(), (random) => {
        const paid = random.events.filter(isOk).map(({ unpaid: _, ...event }) => event);
        const unpaid = paid.map((event) => ({ ...event, unpaid: true }));
        const lasting = sorted(used({ ...random, events: paid })).filter(([name]) => LASTING.test(name.slice(8)));
        expect(sorted(used({ ...random, events: unpaid }))).toEqual(lasting);
      }),
      seeded,
    );
  });
});

/** Uploads, removals and tags without what only a row shows to have been there, which is always one object. */
function ofKnownObjects(events: readonly ReferenceEvent[], until: number): ReferenceEvent[] {
  const uploads = events.filter((row) => row.operation === 'PUT' && isOk(row) && row.time < until * 1000);
  const given = new Set(uploads.map(({ key, versionId }) => `${key} ${versionId}`));
  return events.flatMap(({ count: _, versionId, ...row }): ReferenceEvent[] => {
    const { size: __, ...unsized } = row;
    const isNamed = versionId !== undefined && versionId !== 'null' && given.has(`${row.key} ${versionId}`);
    if (row.operation === 'PUT') return [{ ...row, ...(versionId === undefined ? {} : { versionId }) }];
    if (row.operation === 'DELETE') return [{ ...unsized, ...(versionId === undefined ? {} : { versionId }) }];
    if (!row.operation.endsWith('_TAGGING')) return [];
    return [{ ...row, ...(isNamed ? { versionId } : {}) }];
  });
}

function withoutActions(ID: string | undefined): LifecycleRule {
  return { Status: 'Enabled', ...(ID === undefined ? {} : { ID }) };
}

/** What the owner pays for whoever asks: storage, monitoring, tags, early deletes, transitions. */
const LASTING = /^(TimedStorage|TagStorage|Monitoring|EarlyDelete)|Transition$/;

/** Bytes of objects: no fillers, no overheads, no restored copies. */
const REAL_BYTES =
  /^TimedStorage-.*\|(Standard|StandardIA|OneZoneIA|GlacierInstantRetrieval|Glacier|DeepArchive|ExpressOneZone|IntelligentTiering(FA|IA|AIA|AA|DAA))Storage$/;

/** Size of an object: more than the byte-seconds of all markers there can be. */
const UNIT = 2n ** 44n;

/** Uploads, each with an id of its own, and removals by such ids; simple DELETEs stay, and remove nothing. */
function uploadsAndRemovals(events: readonly ReferenceEvent[]): ReferenceEvent[] {
  return events.flatMap((event, i): ReferenceEvent[] => {
    const { time, key, status, storageClass, count = 1 } = event;
    const rest = { time: time + i, key, ...(status && { status }), ...(storageClass && { storageClass }) };
    if (event.operation === 'DELETE') {
      const uploads = events.flatMap((other, j) => (other.operation === 'PUT' && other.key === key ? [j] : []));
      const aim = event.versionId ? uploads[(event.size ?? i) % Math.max(1, uploads.length)] : undefined;
      return [{ ...rest, operation: 'DELETE', ...(aim === undefined ? {} : { versionId: `v${aim}` }) }];
    }
    if (event.operation !== 'PUT') return [];
    return [{ ...rest, operation: 'PUT', versionId: `v${i}`, size: Number(UNIT), count: Math.min(count, 3) }];
  });
}

/** Object-seconds within the horizon: from each upload to the first DELETE of its id after it. */
function heldByHand(events: readonly ReferenceEvent[], { from, until }: ReferenceOptions): bigint {
  const second = ({ time }: ReferenceEvent) => Math.floor(time / 1000);
  return events.filter(isOk).reduce((sum, upload) => {
    if (upload.operation !== 'PUT') return sum;
    const removals = events.filter(
      (row) =>
        isOk(row) &&
        row.operation === 'DELETE' &&
        row.key === upload.key &&
        row.versionId === upload.versionId &&
        row.time >= upload.time,
    );
    const end = Math.min(until, ...removals.map(second));
    return sum + BigInt(upload.count! * Math.max(0, end - Math.max(from, second(upload))));
  }, 0n);
}
