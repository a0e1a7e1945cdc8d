/** The kernel against the reference model. */
import fc from 'fast-check';
import { expect } from 'vitest';
import type { Scenario } from './arbitraries.ts';
import { kernelUsage } from './kernel.ts';
import { referenceUsage } from './reference-model.ts';

const RUNS = Number(process.env.TIERCAST_PROPERTY_RUNS ?? 10_000);
const seeded = {
  numRuns: RUNS,
  seed: Number(process.env.TIERCAST_PROPERTY_SEED ?? 20250131),
  endOnFailure: false,
} as const;

/** Expects both to say the same of every line item and notice. */
export function expectAgreement(cases: fc.Arbitrary<Scenario>): void {
  fc.assert(
    fc.property(cases, (scenario) => {
      const expected = referenceUsage(scenario.events, scenario.policy, scenario.options);
      const kernel = kernelUsage(scenario);
      expect(kernel.unsized).toBe(false);
      expect(sorted(kernel.usage)).toEqual(sorted(expected.usage));
      expect(kernel.readsAfterExpiration).toBe(expected.readsAfterExpiration);
      expect(kernel.readsNeedingRestore).toBe(expected.readsNeedingRestore);
      expect(kernel.restores).toBe(expected.restores);
      expect(kernel.longestRestoreWaitHours).toBe(Math.round(expected.longestRestoreWaitSeconds / 36) / 100);
    }),
    seeded,
  );
}

function sorted(usage: ReadonlyMap<string, bigint>): [string, bigint][] {
  return [...usage].sort(([a], [b]) => (a < b ? -1 : 1));
}
