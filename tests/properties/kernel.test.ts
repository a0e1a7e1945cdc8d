/** The kernel against the reference model on random small workloads and policies. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { recordedScenarios, scenarios } from './arbitraries.ts';
import { kernelUsage } from './kernel.ts';
import { referenceUsage } from './reference-model.ts';

const RUNS = Number(process.env.TIERCAST_PROPERTY_RUNS ?? 10_000);
const seeded = {
  numRuns: RUNS,
  seed: Number(process.env.TIERCAST_PROPERTY_SEED ?? 20250131),
  endOnFailure: false,
} as const;

test.each([
  ['every line item and notice is the reference model’s', scenarios()],
  ['the same of what S3 itself is recorded to have done', recordedScenarios()],
])('%s', { timeout: 600_000 }, (_, cases) => {
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
});

function sorted(usage: ReadonlyMap<string, bigint>): [string, bigint][] {
  return [...usage].sort(([a], [b]) => (a < b ? -1 : 1));
}
