/**
 * Changes src/metering, src/policies and src/pricing in thousands of small ways, and tells which of them no test notices.
 *
 *   npm run mutation -- [part ...] [--mutate src/pricing/bill.ts:20-60] [--concurrency 2] [--force]
 *
 * Parts are those below, all of them when none is named. Each is run against the tests that ought to hold it, so that a
 * mutant nobody notices costs seconds: the score is a lower bound of what all tests would give. What was found is kept in
 * .stryker, and only what changed since is run again.
 */
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { Stryker } from '@stryker-mutator/core';

interface Part {
  /** Globs of the sources changed, from src on; with `!`, of those that are another part's. */
  readonly sources: readonly string[];
  /** Globs of the tests, without `.test.ts`, from tests on. */
  readonly tests: readonly string[];
}

const DOCUMENTS =
  'policies/{checks,configuration,description,intelligent-tiering-configuration,json,lifecycle-configuration,lifecycle-example,other-formats,policy-document,xml,xml-elements}';
const OFFERS = 'pricing/{diff-prices,format-price-list,import-offers,merge-prices,offer*,usage-type-rules}';
const SHARES = 'pricing/{groups,share}';

const PARTS: Readonly<Record<string, Part>> = {
  metering: {
    sources: ['metering/*'],
    tests: [
      'golden/*',
      'metering/*',
      'simulate',
      'versioning',
      'by-group',
      'explain',
      'properties/{kernel,disagreements}',
    ],
  },
  placement: {
    sources: ['policies/*', `!${DOCUMENTS}`],
    tests: [
      'policies/*',
      'lint/*',
      'golden/*',
      'simulate',
      'versioning',
      'own-records',
      'node/own-lifecycle',
      'properties/{kernel,disagreements}',
    ],
  },
  documents: {
    sources: [DOCUMENTS],
    tests: ['policies/*', 'lint/checks', 'trace/access-tiers', 'simulate', 'versioning'],
  },
  bills: {
    sources: ['pricing/*', `!${OFFERS}`, `!${SHARES}`],
    tests: ['pricing/*', 'reports/*', 'golden/*', 'simulate', 'versioning', 'by-group'],
  },
  shares: {
    sources: [SHARES],
    tests: ['pricing/*', 'by-group', 'explain', 'versioning', 'properties/accounts'],
  },
  offers: { sources: [OFFERS], tests: ['pricing/*'] },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    mutate: { type: 'string', multiple: true },
    concurrency: { type: 'string', default: '1' },
    force: { type: 'boolean', default: false },
  },
});

const statuses = new Map<string, Map<string, number>>();
for (const name of positionals.length > 0 ? positionals : Object.keys(PARTS)) {
  const { sources, tests } = PARTS[name]!;
  process.env.TIERCAST_MUTATION_TESTS = tests.map((test) => `tests/${test}.test.ts`).join(' ');
  const stryker = new Stryker({
    testRunner: 'vitest',
    vitest: { configFile: 'tests/mutation/vitest.config.ts', related: false },
    mutate: values.mutate ?? sources.map((source) => source.replace(/^!?/, '$&src/').concat('.ts')),
    reporters: ['clear-text', 'json', 'progress-append-only'],
    clearTextReporter: { allowColor: false, reportTests: false, logTests: false, allowEmojis: false },
    jsonReporter: { fileName: `.stryker/${name}.json` },
    coverageAnalysis: 'perTest',
    // What is evaluated once, at import, would run every test: tables of names mostly, which the golden bills hold.
    ignoreStatic: true,
    incremental: true,
    incrementalFile: `.stryker/${name}-incremental.json`,
    force: values.force,
    // Not in the project: vitest would find what an interrupted run leaves behind.
    tempDirName: join(tmpdir(), 'tiercast-mutation'),
    cleanTempDir: 'always',
    // Stryker would read it with the parser of TypeScript 6 and before.
    tsconfigFile: 'tests/mutation/none.json',
    concurrency: Number(values.concurrency),
    timeoutMS: 5000,
    timeoutFactor: 1.2,
  });
  for (const { fileName, status } of await stryker.runMutationTest()) {
    const counts = statuses.get(fileName) ?? new Map<string, number>();
    statuses.set(fileName, counts.set(status, (counts.get(status) ?? 0) + 1));
  }
}

for (const [fileName, counts] of [...statuses].sort()) {
  const of = (status: string) => counts.get(status) ?? 0;
  const noticed = of('Killed') + of('Timeout');
  const all = noticed + of('Survived') + of('NoCoverage');
  const score = all === 0 ? '-' : `${((100 * noticed) / all).toFixed(1)}%`;
  console.log(score.padStart(7), `${noticed} of ${all}`.padStart(12), relative('', fileName));
}
