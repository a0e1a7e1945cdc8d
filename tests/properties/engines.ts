/** Whatever bills a scenario: laws hold for each of them. */
import type { Scenario } from './arbitraries.ts';
import { kernelUsage } from './kernel.ts';
import { referenceUsage } from './reference-model.ts';

/** Quantities that are not zero by `2025-01|usageType|operation`. */
export type Engine = (scenario: Scenario) => Map<string, bigint>;

export const ENGINES: readonly (readonly [name: string, engine: Engine])[] = [
  ['the reference model', ({ events, policy, options }) => referenceUsage(events, policy, options).usage],
  [
    'the kernel',
    (scenario) => {
      const { usage, unsized } = kernelUsage(scenario);
      if (unsized) throw new RangeError('never given a size');
      return usage;
    },
  ],
];
