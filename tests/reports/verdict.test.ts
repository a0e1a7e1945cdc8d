import { describe, expect, it } from 'vitest';
import type { Comparison, PolicyNotices, PolicyResult } from '../../src/model/comparison.ts';
import { verdict } from '../../src/reports/verdict.ts';
import { sampleComparison } from './sample-comparison.ts';

const QUIET: PolicyNotices = {
  readsAfterExpiration: 0,
  readsNeedingRestore: 0,
  restores: 0,
  restoreWaitHours: 0,
  longestRestoreWaitHours: 0,
};

type Sketch = Partial<PolicyResult> & { policy: string; totalUSD: string };

function comparison(...results: Sketch[]): Comparison {
  const sample = sampleComparison();
  const filled = results.map((sketch) => ({
    ...sample.results[0]!,
    savingUSD: '0',
    savingPercent: '0.0',
    components: { storage: sketch.totalUSD },
    notices: QUIET,
    ...sketch,
  }));
  return { ...sample, results: filled };
}

// 1230.55 - 812.10 = 418.45, which is 34.005% of 1230.55.
const TIERING = {
  policy: 'intelligent-tiering',
  totalUSD: '812.100000000',
  savingUSD: '418.450000000',
  savingPercent: '34.0',
};
const STANDARD = { policy: 'standard', totalUSD: '1230.550000000' };

describe('verdict', () => {
  it('names the cheapest, its saving in dollars and percent, and what is saved on', () => {
    expect(verdict(comparison(TIERING, STANDARD))).toBe(
      'intelligent-tiering is cheapest: $812.10 for 2025, $418.45 (34%) less than standard at $1,230.55, saved on storage.',
    );
  });

  it('warns of reads lost and delayed, and names the cheapest that does neither', () => {
    const notices = { ...QUIET, readsAfterExpiration: 1, readsNeedingRestore: 1204, longestRestoreWaitHours: 12 };
    // 1230.55 - 100 = 1130.55, 91.9% of 1230.55.
    const archive = { policy: 'archive.json', totalUSD: '100', savingUSD: '1130.55', savingPercent: '91.9', notices };
    expect(verdict(comparison(archive, TIERING, STANDARD))).toBe(
      'archive.json is cheapest: $100.00 for 2025, $1,130.55 (92%) less than standard at $1,230.55, saved on storage. ' +
        'But 1 read would have found the data already deleted, and 1,204 reads would have waited up to 12 hours for a restore. ' +
        'The cheapest that loses and delays nothing is intelligent-tiering at $812.10, 34% less than standard.',
    );
  });

  it('says that nothing beats a baseline that is cheapest, or as cheap as the cheapest', () => {
    const dearer = { policy: 'glacier-ir', totalUSD: '1231.05', savingUSD: '-0.50', savingPercent: '0.0' };
    expect(verdict(comparison(STANDARD, dearer))).toBe(
      'Nothing beats standard: $1,230.55 for 2025; the next, glacier-ir, costs $0.50 more.',
    );
    expect(verdict(comparison({ ...STANDARD, policy: 'twin' }, STANDARD))).toBe(
      'Nothing beats standard: $1,230.55 for 2025; twin costs the same.',
    );
  });

  it('says so when every policy breaks something, and when the baseline alone does not', () => {
    const notices = { ...QUIET, readsAfterExpiration: 2 };
    expect(verdict(comparison({ ...TIERING, notices }, { ...STANDARD, notices }))).toContain(
      'Every policy here loses or delays some reads.',
    );
    expect(verdict(comparison({ ...TIERING, notices }, STANDARD))).toContain(
      'The cheapest that loses and delays nothing is standard at $1,230.55, the baseline itself.',
    );
  });

  it('has something to say of one policy and of none', () => {
    expect(verdict(comparison(STANDARD))).toBe('standard costs $1,230.55 for 2025.');
    expect(verdict(comparison())).toBe('No policy could be compared.');
  });

  it('shows invisible characters of a name', () => {
    expect(verdict(comparison({ ...STANDARD, policy: 'a\u202eb' }))).toBe('a\\u{202e}b costs $1,230.55 for 2025.');
  });
});
