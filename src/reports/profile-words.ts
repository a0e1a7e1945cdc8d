/** What a profile says in words, the same in the terminal and on the page; names in it are made printable. */
import type { GroupProfile, NamedShare, Profile } from '../model/profile.ts';
import { percentOf, sumDecimals } from './decimal.ts';
import { formatBytes, formatCounted, formatDay, formatPercent, formatSkippedFiles, printable } from './format.ts';
import { impliedReads, unlistedBuckets } from './inventory.ts';
import { rowNotices } from './row-notices.ts';

/** `408 objects, 34 GiB on 31 December 2025: 6.4% of the bytes were never read, another 34.9% not for 90 days or more.` */
export function profileHeadline({ workload, present, idle, neverReadPercent, prefixes }: Profile): string {
  const kind = workload.versioning === 'unversioned' ? 'object' : 'version';
  const there = `${formatCounted(present.objects, kind)}, ${formatBytes(present.bytes)} on ${formatDay(workload.last)}`;
  if (workload.requests === 0) return `${there}; an inventory does not tell which of it is read.`;
  // Cold days are where one of the spans begins.
  const cold = idle.findIndex(({ name }) => name.startsWith(`${prefixes.coldDays} to `));
  const old = sumDecimals(idle.slice(cold, -1).map(({ bytes }) => bytes));
  return [
    `${there}:`,
    `${formatPercent(neverReadPercent)} of the bytes were never read,`,
    `another ${formatPercent(shareOf(old, present.bytes))} not for ${formatCounted(prefixes.coldDays, 'day')} or more.`,
  ].join(' ');
}

/** What the class of an object is taken from. */
export function classSource({ inventory }: Profile['workload']): string {
  if (!inventory) return 'class at upload';
  return inventory.hasRequests ? 'class at upload, or in the inventory' : 'class';
}

/** A share as a percentage with one decimal; `0.0` of nothing. */
export function shareOf(part: string, whole: string): string {
  return /^0*$/.test(whole) ? '0.0' : percentOf(part, whole);
}

/** What shares are of. */
export function wholeOf(shares: readonly NamedShare[]): string {
  return sumDecimals(shares.map(({ bytes }) => bytes));
}

/** Days without a request between the first and the last, as `2025-03-03` to `2025-03-07`. */
export function dayGaps({
  days,
}: Pick<Profile, 'days'>): { readonly from: string; readonly to: string; readonly days: number }[] {
  const gaps: { from: string; to: string; days: number }[] = [];
  days.forEach(({ date, requests }, at) => {
    if (requests > 0) return;
    if (at > 0 && days[at - 1]!.requests === 0) Object.assign(gaps.at(-1)!, { to: date, days: gaps.at(-1)!.days + 1 });
    else gaps.push({ from: date, to: date, days: 1 });
  });
  return gaps;
}

/** What should give a reader pause. */
export function profileNotices(profile: Profile): string[] {
  const { workload } = profile;
  const { equalRows, unsizedRows, assumedObjects, assumedBytes, strayRequests, inventory } = workload;
  const notices: string[] = [];
  const skipped = formatSkippedFiles(workload.skippedFiles);
  if (skipped) notices.push(printable(skipped));
  notices.push(...rowNotices(workload));
  if (inventory) notices.push(...unlistedBuckets(workload), ...impliedReads(inventory));
  if (equalRows > 0) {
    notices.push(`${formatCounted(equalRows, 'row')} equal to another in every column: each counts as a request`);
  }
  const gaps = dayGaps(profile);
  if (gaps.length > 0) notices.push(gapsInWords(gaps));
  if (unsizedRows > 0)
    notices.push(`${formatCounted(unsizedRows, 'row')} of objects whose size is never given: in no share`);
  if (assumedObjects > 0) {
    notices.push(
      `${formatCounted(assumedObjects, 'object')} (${formatBytes(assumedBytes)}) first seen in a read: taken as there since the trace began`,
    );
  }
  if (strayRequests > 0) notices.push(`${formatCounted(strayRequests, 'request')} found no object`);
  return notices;
}

/** Gaps that are named. */
const NAMED_GAPS = 3;

function gapsInWords(gaps: ReturnType<typeof dayGaps>): string {
  const days = gaps.reduce((sum, gap) => sum + gap.days, 0);
  const named = gaps
    .toSorted((a, b) => b.days - a.days || (a.from < b.from ? -1 : 1))
    .slice(0, NAMED_GAPS)
    .map(({ from, to }) => (from === to ? formatDay(from) : `${formatDay(from)} to ${formatDay(to)}`));
  const more = gaps.length > NAMED_GAPS ? ', …' : '';
  return `no request on ${formatCounted(days, 'day')} (${named.join(', ')}${more}): is the log whole?`;
}

/** `2 March 2025`, or that nobody read. */
export function lastReadOf({ lastRead }: GroupProfile): string {
  return lastRead === null ? 'never' : formatDay(lastRead);
}

/** A requester as a person reads it. */
export function requesterName(requester: string): string {
  if (requester === '') return '(nobody named)';
  return requester === '-' ? '(anonymous)' : printable(requester);
}
