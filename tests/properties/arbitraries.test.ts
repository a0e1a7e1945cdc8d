/** The random cases are only worth what is in them: every rule must be there, and must matter. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { USAGE_KINDS } from '../../src/model/usage-type.ts';
import { recordedScenarios, type Scenario, scenarios } from './arbitraries.ts';
import { kernelUsage } from './kernel.ts';
import {
  type LifecycleRule,
  type ReferenceEvent,
  type ReferenceOptions,
  referenceUsage,
  type Versioning,
} from './reference-model.ts';

const SLOW = { timeout: 300_000 } as const;
const CASES = 600;

function sample(states?: readonly Versioning[]): Scenario[] {
  return fc.sample(scenarios(states), { numRuns: CASES, seed: 20250131 });
}

describe('random policies', () => {
  /** Dotted names of all fields of a configuration. */
  function fields(value: unknown, name = ''): string[] {
    if (Array.isArray(value)) return value.flatMap((item) => fields(item, name));
    if (typeof value !== 'object' || value === null) return [name];
    return [name, ...Object.entries(value).flatMap(([field, inner]) => fields(inner, `${name}.${field}`))];
  }

  test('have every field a policy can have', () => {
    const seen = new Set(sample().flatMap(({ policy }) => fields(policy)));
    const filter = (of: string) =>
      ['', '.Prefix', '.Tag.Key', '.And.Prefix', '.And.Tags.Key'].map((field) => `${of}.Filter${field}`);
    const sizes = ['.', '.And.'].flatMap((at) =>
      ['ObjectSizeGreaterThan', 'ObjectSizeLessThan'].map((bound) => `.lifecycle.Rules.Filter${at}${bound}`),
    );
    const actions = [
      'Transitions.Days',
      'Transitions.Date',
      'Expiration.Days',
      'Expiration.Date',
      'Expiration.ExpiredObjectDeleteMarker',
      'NoncurrentVersionTransitions.NoncurrentDays',
      'NoncurrentVersionTransitions.NewerNoncurrentVersions',
      'NoncurrentVersionExpiration.NoncurrentDays',
      'NoncurrentVersionExpiration.NewerNoncurrentVersions',
      'AbortIncompleteMultipartUpload.DaysAfterInitiation',
    ].map((action) => `.lifecycle.Rules.${action}`);
    const wanted = [
      '.uploadStorageClass',
      '.lifecycle.TransitionDefaultMinimumObjectSize',
      '.intelligentTiering.Tierings.Days',
      ...filter('.lifecycle.Rules'),
      ...filter('.intelligentTiering'),
      ...sizes,
      ...actions,
    ];
    expect(wanted.filter((name) => !seen.has(name))).toEqual([]);
  });

  test('have the combinations that conflict', () => {
    const policies = sample().map(({ policy }) => policy);
    const rules = policies.flatMap(({ lifecycle }) => lifecycle?.Rules ?? []);
    expect(rules.some((rule) => rule.Transitions && rule.Expiration)).toBe(true);
    expect(rules.some((rule) => rule.NoncurrentVersionTransitions && rule.NoncurrentVersionExpiration)).toBe(true);
    expect(rules.some((rule) => rule.Transitions && rule.NoncurrentVersionTransitions)).toBe(true);
    expect(policies.some((policy) => policy.lifecycle && policy.uploadStorageClass && !policy.fixed)).toBe(true);
    expect(policies.some((policy) => policy.lifecycle && policy.intelligentTiering)).toBe(true);
  });
});

type Change = (scenario: Scenario) => Scenario;

const rules =
  (change: (rule: LifecycleRule) => LifecycleRule): Change =>
  (scenario) => {
    const { lifecycle, ...rest } = scenario.policy;
    const policy = lifecycle ? { ...rest, lifecycle: { ...lifecycle, Rules: lifecycle.Rules.map(change) } } : rest;
    return { ...scenario, policy };
  };

const events =
  (change: (event: ReferenceEvent) => ReferenceEvent[]): Change =>
  (scenario) => ({ ...scenario, events: scenario.events.flatMap(change) });

const options =
  (changed: Partial<ReferenceOptions>): Change =>
  (scenario) => ({ ...scenario, options: { ...scenario.options, ...changed } });

function without<Name extends keyof LifecycleRule>(name: Name, isMeant = (_: LifecycleRule[Name]) => true): Change {
  return rules((rule) => {
    const { [name]: action, ...rest } = rule;
    return isMeant(action) ? (rest as LifecycleRule) : rule;
  });
}

const unnamed =
  (isMeant: (event: ReferenceEvent) => boolean): Change =>
  (scenario) =>
    events((event) => {
      const { versionId: _, ...rest } = event;
      return [isMeant(event) ? rest : event];
    })(scenario);

const isUpload = ({ operation }: ReferenceEvent) => ['PUT', 'POST', 'COPY', 'COMPLETE_MULTIPART'].includes(operation);
const isDelete = ({ operation }: ReferenceEvent) => operation === 'DELETE';

/** What one can leave out of a case, and in how many of a hundred it must then be billed otherwise. */
const CHANGES: Readonly<Record<string, readonly [atLeast: number, change: Change]>> = {
  'noncurrent expirations': [10, without('NoncurrentVersionExpiration')],
  'noncurrent transitions': [5, without('NoncurrentVersionTransitions')],
  'newer noncurrent versions of expirations': [
    3,
    rules((rule) => {
      const action = rule.NoncurrentVersionExpiration;
      return action ? { ...rule, NoncurrentVersionExpiration: { NoncurrentDays: action.NoncurrentDays } } : rule;
    }),
  ],
  'newer noncurrent versions of transitions': [
    2,
    rules((rule) => {
      const actions = rule.NoncurrentVersionTransitions?.map(({ NewerNoncurrentVersions: _, ...action }) => action);
      return actions ? { ...rule, NoncurrentVersionTransitions: actions } : rule;
    }),
  ],
  expirations: [5, without('Expiration', (action) => !action?.ExpiredObjectDeleteMarker)],
  'removals of lone markers': [1, without('Expiration', (action) => action?.ExpiredObjectDeleteMarker === true)],
  transitions: [5, without('Transitions')],
  'the date rules begin': [4, options({ rulesFrom: 0 })],
  'days of moves into Intelligent-Tiering': [1, options({ intelligentTieringMove: 'midnight' })],
  'charges for reading sources of copies': [4, options({ copySourceRequest: 'free' })],
  'ids of uploads': [10, unnamed(isUpload)],
  'ids of removals': [20, unnamed(isDelete)],
  'ids of all others': [20, unnamed((event) => !isUpload(event) && !isDelete(event))],
  'null ids': [5, unnamed(({ versionId }) => versionId === 'null')],
  'tag changes': [20, events((event) => (event.operation.endsWith('T_TAGGING') ? [] : [event]))],
  'who pays': [20, events(({ unpaid: _, ...event }) => [event])],
};

function outcome({ events, policy, options }: Scenario): string {
  try {
    const { usage, ...rest } = referenceUsage(events, policy, options);
    return JSON.stringify([[...usage].map(([name, value]) => `${name} ${value}`).sort(), rest]);
  } catch (error) {
    return String(error);
  }
}

test.each(['unversioned', 'enabled', 'suspended'] as const)(
  'records of what S3 itself did to %s buckets matter, each kind',
  SLOW,
  (state) => {
    const cases = fc.sample(recordedScenarios([state]), { numRuns: CASES, seed: 20250131 });
    const outcomes = cases.map(outcome);
    const without = (kind: RegExp) => events((event) => (kind.test(event.operation) ? [] : [event]));
    const share = (kind: RegExp) =>
      (100 * cases.filter((scenario, i) => outcome(without(kind)(scenario)) !== outcomes[i]).length) / CASES;
    expect(share(/^TRANSITION_/)).toBeGreaterThan(15);
    expect(share(/^EXPIRE$/)).toBeGreaterThan(10);
    expect(share(/^CREATE_DELETE_MARKER$/)).toBeGreaterThan(10);
    expect(share(/^DELETE_UPLOAD$/)).toBeGreaterThan(1);
  },
);

describe.each(['enabled', 'suspended'] as const)('random cases of %s buckets', (state) => {
  test('would be billed otherwise without what they have', SLOW, () => {
    const cases = sample([state]);
    const outcomes = cases.map(outcome);
    const share = (change: Change) =>
      (100 * cases.filter((scenario, i) => outcome(change(scenario)) !== outcomes[i]).length) / CASES;
    const shares = Object.entries(CHANGES).map(([name, [atLeast, change]]) => ({ name, atLeast, is: share(change) }));
    expect(shares.filter(({ atLeast, is }) => is < atLeast)).toEqual([]);
  });

  test('all have sizes', () => {
    expect(
      sample([state])
        .map(outcome)
        .filter((text) => text.includes('never given a size')),
    ).toEqual([]);
  });
});

describe('random cases', () => {
  test('use everything there is to use', SLOW, () => {
    const seen = new Set<string>();
    for (const scenario of fc.sample(scenarios(), { numRuns: 3000, seed: 20250131 })) {
      for (const name of kernelUsage(scenario).usage.keys()) seen.add(name.slice(name.indexOf('|') + 1));
    }
    const names = USAGE_KINDS.map(({ usageType, operation }) => `${usageType}|${operation}`);
    expect(names.filter((name) => !seen.has(name) && !UNUSED.includes(name))).toEqual([]);
    expect(UNUSED.filter((name) => seen.has(name) || !names.includes(name))).toEqual([]);
  });
});

/** Parts of an upload into GLACIER are requests to S3 Standard: their own kinds are never used. */
const UNUSED: readonly string[] = ['Requests-GLACIER-Tier1|CreateMultipartUpload', 'Requests-GLACIER-Tier1|UploadPart'];
