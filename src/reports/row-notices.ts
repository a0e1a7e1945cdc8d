/** What became of rows that were not replayed, and of which buckets the others are: the same on the page and in the terminal. */
import type { Workload } from '../model/comparison.ts';
import { ACT_NAMES } from '../model/operation.ts';
import type { RowCounts } from '../model/row-tally.ts';
import { formatCount, formatCounted, printable } from './format.ts';

/** Reasons, kinds and buckets that are named; the JSON names all. */
const NAMED = 5;

/** How many rows there were, and what became of those that were left out. */
export type RowFacts = RowCounts & Pick<Workload, 'rows' | 'rejectedRows'>;

/** One sentence each, without its full stop. */
export function rowNotices(workload: RowFacts): string[] {
  return [
    ...rejected(workload),
    ...duplicates(workload),
    ...others(workload),
    ...acts(workload),
    ...copies(workload),
    ...sizes(workload),
    ...buckets(workload),
  ];
}

function rejected({ rows, rowBytes, rejectedRows, rejections }: RowFacts): string[] {
  if (rejectedRows === 0) return [];
  const bytes = rejections.reduce((sum, rejection) => sum + BigInt(rejection.bytes), 0n);
  const shares = [`${share(rejectedRows, rows)} of the rows`];
  if (rowBytes !== '0') shares.push(`${share(Number(bytes), Number(rowBytes))} of their bytes`);
  const more = rejections.length - NAMED;
  return [
    `${formatCounted(rejectedRows, 'row')} could not be read and ${are(rejectedRows)} left out: ${shares.join(', ')}`,
    ...rejections
      .slice(0, NAMED)
      .map(
        ({ reason, rows, example }) =>
          `${formatCount(rows)} × ${printable(reason)}; the first is ${printable(example)}`,
      ),
    ...(more > 0 ? [`and ${formatCounted(more, 'other reason')}`] : []),
  ];
}

function duplicates({ duplicateRows }: RowFacts): string[] {
  if (duplicateRows === 0) return [];
  return [
    `${formatCounted(duplicateRows, 'row')} said again what another says (request, operation, key, time) and ${are(duplicateRows)} left out`,
  ];
}

function others({ otherRows }: RowFacts): string[] {
  const kinds = otherRows.filter(({ kind }) => !ACT_NAMES.includes(kind));
  const rows = rowsOf(kinds);
  if (rows === 0) return [];
  const replayed = rows === 1 ? 'is no request that is replayed' : 'are no requests that are replayed';
  return [`${formatCounted(rows, 'row')} ${replayed}: ${listed(kinds.map(counted))}`];
}

function acts({ otherRows }: RowFacts): string[] {
  const kinds = otherRows.filter(({ kind }) => ACT_NAMES.includes(kind));
  const rows = rowsOf(kinds);
  if (rows === 0) return [];
  const say = rows === 1 ? 'row says' : 'rows say';
  return [
    `${formatCount(rows)} ${say} what S3's own lifecycle did, which as-is follows and no other policy: ${listed(kinds.map(counted))}`,
  ];
}

function rowsOf(kinds: RowFacts['otherRows']): number {
  return kinds.reduce((sum, { rows }) => sum + rows, 0);
}

function counted({ kind, rows }: RowFacts['otherRows'][number]): string {
  return `${formatCount(rows)} ${printable(kind)}`;
}

function copies({ unknownCopies }: RowFacts): string[] {
  if (unknownCopies === 0) return [];
  return [`no record tells the bytes of ${formatCounted(unknownCopies, 'copy', 'copies')}: taken as none`];
}

/** What is not in any bill for want of rows. */
export function missingSources({ copiesWithoutSource: copies }: Pick<Workload, 'copiesWithoutSource'>): string[] {
  if (copies === 0) return [];
  const many = formatCounted(copies, 'copy', 'copies');
  return [`no row (COPY_SOURCE) tells what ${many} read: what that costs at the source is in no bill`];
}

function sizes({ sizesFromReads }: RowFacts): string[] {
  if (sizesFromReads === 0) return [];
  return [
    `${formatCounted(sizesFromReads, 'object')} ${are(sizesFromReads)} taken to be as large as the largest read: no record tells`,
  ];
}

function buckets({ buckets }: RowFacts): string[] {
  if (buckets.length < 2) return [];
  return [
    `requests of ${formatCount(buckets.length)} buckets, whose keys are kept apart (--bucket picks): ${listed(buckets.map(printable))}`,
  ];
}

function listed(names: readonly string[]): string {
  const more = names.length - NAMED;
  return `${names.slice(0, NAMED).join(', ')}${more > 0 ? ` and ${formatCount(more)} more` : ''}`;
}

function are(count: number): string {
  return count === 1 ? 'is' : 'are';
}

/** A percentage of two digits that say something. */
function share(part: number, whole: number): string {
  const percent = (part / whole) * 100;
  return `${percent >= 10 ? percent.toFixed(1) : percent.toPrecision(2)}%`;
}
