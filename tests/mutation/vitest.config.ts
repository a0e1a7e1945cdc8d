import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Tests that take longest, the longest last. */
const SLOW = [/explain|from-events|xml|comparison|derivation|batch-builder|costs/, /properties|by-group/];

/** A mutant is dead at the first test that fails, and most die by the quick ones. */
class QuickFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => SLOW.findLastIndex((name) => name.test(moduleId));
    return files.toSorted((a, b) => rank(a) - rank(b) || (a.moduleId < b.moduleId ? -1 : 1));
  }
}

/** What run.ts chose, in one worker whose modules stay: a mutant that is never reached at import needs no fresh ones. */
export default defineConfig({
  test: {
    include: process.env.TIERCAST_MUTATION_TESTS!.split(' '),
    setupFiles: ['tests/mutation/setup.ts'],
    env: { TIERCAST_PROPERTY_RUNS: process.env.TIERCAST_PROPERTY_RUNS ?? '10' },
    sequence: { sequencer: QuickFirst },
    isolate: false,
    testTimeout: 120_000,
  },
});
