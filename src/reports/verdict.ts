/** What a person would say about a comparison, in one to three sentences of plain text; names in it are made printable. */
import type { Comparison, PolicyResult } from '../model/comparison.ts';
import { compareDecimals, roundDecimal, subtractDecimals } from './decimal.ts';
import { formatCounted, formatHours, formatPercent, formatPeriod, formatUSD, printable } from './format.ts';

/** The verdict as one paragraph. */
export function verdict(comparison: Comparison): string {
  return verdictSentences(comparison).join(' ');
}

/** The verdict's sentences: what is cheapest, what it would have broken, and the cheapest policy that breaks nothing. */
export function verdictSentences(comparison: Comparison): string[] {
  const cheapest = comparison.results[0];
  if (cheapest === undefined) return ['No policy could be compared.'];
  const baseline = comparison.results.find((result) => result.policy === comparison.baseline);
  const winner = baseline !== undefined && !saves(cheapest) ? baseline : cheapest;
  const sentences = [headline(comparison, winner, baseline)];
  if (!isHarmless(winner)) sentences.push(warning(winner));
  if (!isHarmless(winner) && comparison.results.length > 1) sentences.push(alternative(comparison));
  return sentences;
}

/** Nothing a policy did lost or delayed a read. */
function isHarmless({ notices }: PolicyResult): boolean {
  return notices.readsAfterExpiration === 0 && notices.readsNeedingRestore === 0;
}

/** The cheapest policy that would have lost and delayed nothing; undefined when all of them would have. */
function cheapestHarmless(comparison: Comparison): PolicyResult | undefined {
  return comparison.results.find(isHarmless);
}

function saves(result: PolicyResult): boolean {
  return compareDecimals(result.savingUSD, '0') > 0;
}

function headline(comparison: Comparison, winner: PolicyResult, baseline: PolicyResult | undefined): string {
  const cost = `${formatUSD(winner.totalUSD)} for ${formatPeriod(comparison.workload.from, comparison.workload.until)}`;
  const name = printable(winner.policy);
  if (comparison.results.length === 1) return `${name} costs ${cost}.`;
  if (baseline === undefined) return `${name} is cheapest: ${cost}.`;
  if (winner === baseline) return `Nothing beats ${name}: ${cost}${runnerUp(comparison, baseline)}.`;
  const saving = `${formatUSD(winner.savingUSD)} (${wholePercent(winner)}) less than ${printable(baseline.policy)}`;
  return `${name} is cheapest: ${cost}, ${saving} at ${formatUSD(baseline.totalUSD)}${reason(winner, baseline)}.`;
}

function runnerUp(comparison: Comparison, baseline: PolicyResult): string {
  const next = comparison.results.find((result) => result !== baseline)!;
  const extra = subtractDecimals(next.totalUSD, baseline.totalUSD);
  if (compareDecimals(extra, '0') === 0) return `; ${printable(next.policy)} costs the same`;
  return `; the next, ${printable(next.policy)}, costs ${formatUSD(extra)} more`;
}

/** The part of the bill where most of the saving comes from. */
function reason(winner: PolicyResult, baseline: PolicyResult): string {
  let most: { component: string; saved: string } | undefined;
  for (const [component, cost] of Object.entries(baseline.components)) {
    const saved = subtractDecimals(cost, winner.components[component as keyof typeof winner.components] ?? '0');
    if (compareDecimals(saved, most?.saved ?? '0') > 0) most = { component, saved };
  }
  return most === undefined ? '' : `, saved on ${most.component}`;
}

function warning({ notices }: PolicyResult): string {
  const broken: string[] = [];
  if (notices.readsAfterExpiration > 0) {
    broken.push(`${formatCounted(notices.readsAfterExpiration, 'read')} would have found the data already deleted`);
  }
  if (notices.readsNeedingRestore > 0) {
    const wait = formatHours(notices.longestRestoreWaitHours);
    broken.push(`${formatCounted(notices.readsNeedingRestore, 'read')} would have waited up to ${wait} for a restore`);
  }
  return `But ${broken.join(', and ')}.`;
}

function alternative(comparison: Comparison): string {
  const safe = cheapestHarmless(comparison);
  if (safe === undefined) return 'Every policy here loses or delays some reads.';
  const name = printable(safe.policy);
  const cost = `The cheapest that loses and delays nothing is ${name} at ${formatUSD(safe.totalUSD)}`;
  if (safe.policy === comparison.baseline) return `${cost}, the baseline itself.`;
  const sign = compareDecimals(safe.savingUSD, '0');
  return sign === 0
    ? `${cost}.`
    : `${cost}, ${wholePercent(safe)} ${sign > 0 ? 'less' : 'more'} than ${printable(comparison.baseline)}.`;
}

function wholePercent(result: PolicyResult): string {
  const magnitude = result.savingPercent.replace('-', '');
  // One decimal where a whole number would read as nothing, or as everything.
  const whole = roundDecimal(magnitude, 0);
  return formatPercent(whole === '0' || whole === '100' ? magnitude : whole);
}
