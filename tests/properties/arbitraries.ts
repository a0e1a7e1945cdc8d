/** Random workloads, policies and options that belong together: what properties are held against. */
import fc from 'fast-check';
import { RESTORE_TIERS } from '../../src/model/usage-type.ts';
import { policies } from './random-policies.ts';
import { DAY, EPOCH_DAY, seldom, withoutUndefined } from './random-units.ts';
import { workloads } from './random-workloads.ts';
import type { ReferenceEvent, ReferenceOptions, ReferencePolicy, Versioning } from './reference-model.ts';

/** The events are in the order of their generation, not of time. */
export interface Scenario {
  readonly events: readonly ReferenceEvent[];
  readonly policy: ReferencePolicy;
  readonly options: ReferenceOptions;
}

/** States of a bucket, versioned ones more often. */
const STATES: readonly Versioning[] = ['unversioned', 'enabled', 'enabled', 'suspended'];

/** Scenarios with records of what S3 itself did, mostly of the policy that follows them. */
export function recordedScenarios(states: readonly Versioning[] = STATES): fc.Arbitrary<Scenario> {
  const recorded = scenarios(states, true);
  return fc.oneof(
    { weight: 4, arbitrary: recorded.map((scenario) => ({ ...scenario, policy: {} })) },
    { weight: 1, arbitrary: recorded },
  );
}

/**
 * @param states of the bucket
 * @param recorded whether there are records of what S3 itself did
 */
export function scenarios(states: readonly Versioning[] = STATES, recorded = false): fc.Arbitrary<Scenario> {
  return fc.constantFrom(...states).chain((versioning) => {
    const isVersioned = versioning !== 'unversioned';
    return fc
      .tuple(options(versioning), policies(isVersioned))
      .chain(([chosen, policy]) => workloads(chosen, recorded).map((events) => ({ events, policy, options: chosen })));
  });
}

/** Horizons of 1 to 400 days, of versioned buckets mostly of some weeks. */
function options(versioning: Versioning): fc.Arbitrary<ReferenceOptions> {
  const usual = versioning === 'unversioned' ? 400 : 50;
  const length = fc.oneof(
    { weight: 3, arbitrary: fc.integer({ min: 1, max: usual }) },
    { weight: 1, arbitrary: fc.constantFrom(1, 31, 91, 182, 366, 400) },
  );
  return fc
    .record({
      firstDay: fc.nat(120),
      length,
      restoreTier: fc.constantFrom('standard' as const, ...RESTORE_TIERS),
      restoreDays: fc.constantFrom(1, 2, 3, 10, 40),
      egress: fc.boolean(),
      earlyDeleteOverhead: fc.constantFrom('included' as const, 'excluded' as const),
      rulesAfter: seldom(2, fc.integer({ min: -10, max: 60 })),
      intelligentTieringMove: fc.constantFrom('midnight' as const, 'day-later' as const, 'two-days-later' as const),
      copySourceRequest: fc.constantFrom('charged' as const, 'free' as const),
    })
    .map(({ firstDay, length, rulesAfter, ...rest }) => {
      const from = (EPOCH_DAY + firstDay) * DAY;
      const rulesFrom = rulesAfter === undefined ? undefined : from + rulesAfter * DAY;
      return withoutUndefined<ReferenceOptions>({ versioning, from, until: from + length * DAY, rulesFrom, ...rest });
    });
}
