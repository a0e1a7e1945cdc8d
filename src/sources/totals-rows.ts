/**
 * Totals as requests of cohorts: rows whose `count` says how many equal objects they stand for. Uploads come at noon and
 * are spread evenly over the days of a month. Reads go to the same objects month after month, to each of a
 * cohort's on the day of the month on which they were uploaded.
 */
import { InputError } from '../model/diagnostic.ts';
import { billingMonths, DAY_SECONDS, formatInstant, type Horizon } from '../model/time.ts';
import { LARGEST_COUNT } from './row.ts';
import type { Amount, Reads, SizeShare, Totals, TotalsGroup } from './totals-schema.ts';

const HEADER = 'timestamp,operation,key,size,bytes,storage_class,count';
const HALF_DAY = DAY_SECONDS / 2;

/** Steps in which what is stored at the beginning was uploaded. */
const STORED_STEPS = 60;

/** Equal objects uploaded at one time. UTC seconds. */
interface Cohort {
  readonly key: string;
  readonly size: number;
  readonly uploaded: number;
  /** When they are deleted; Infinity: never. */
  readonly deleted: number;
  readonly objects: number;
  /** The first of them, which reads go to. */
  readonly read: number;
}

/**
 * The requests as a CSV of event columns.
 * @throws InputError when there is less to read than is read
 */
export function totalsRows({ horizon, groups }: Totals, file: string): string {
  const rows = groups.flatMap((group) => groupRows(group, horizon, file));
  return `${[HEADER, ...rows].join('\n')}\n`;
}

function groupRows(group: TotalsGroup, horizon: Horizon, file: string): string[] {
  const cohorts = cohortsOf(group, horizon);
  const reads = months(horizon).map((month) => readsIn(month, cohorts, group, file));
  const rows = cohorts.flatMap((cohort, at) =>
    cohortRows(
      cohort,
      reads.flatMap((month) => month[at] ?? []),
      group,
      horizon,
    ),
  );
  for (const { start } of months(horizon)) {
    for (const count of portions(group.lists)) rows.push(row({ time: start + HALF_DAY, operation: 'LIST', count }));
  }
  return rows;
}

/** The cohorts of a group, oldest first. */
function cohortsOf({ name, stored, uploads, retentionDays, reads }: TotalsGroup, horizon: Horizon): Cohort[] {
  const cohorts: Cohort[] = [];
  const shares = new Map<SizeShare, number>();
  const add = (amount: Amount, part: (objects: number) => number, uploaded: number, label: string): void => {
    amount.sizes.forEach((sizes, i) => {
      const objects = part(shareOf(amount, i));
      // Of all that were uploaded so far, the right part is read, and one at the least.
      const before = shares.get(sizes) ?? 0;
      shares.set(sizes, before + objects);
      const share = reads?.share ?? 0;
      const read = Math.ceil((before + objects) * share) - Math.ceil(before * share);
      const deleted = uploaded + retentionDays * DAY_SECONDS;
      if (objects > 0)
        cohorts.push({ key: `${name}/${label}-${i}`, size: sizes.bytes, uploaded, deleted, objects, read });
    });
  };
  if (stored) {
    const steps = Math.min(Math.max(stored.oldestDays, 1), STORED_STEPS);
    for (let step = 0; step < steps; step++) {
      const days = Math.round(stored.oldestDays * (1 - (step + 0.5) / steps));
      const uploaded = horizon.from - days * DAY_SECONDS - HALF_DAY;
      add(stored, (objects) => spread(objects, step, steps), uploaded, `stored-${step}`);
    }
  }
  if (uploads) {
    for (const { start, days } of months(horizon)) {
      for (let day = 0; day < days; day++) {
        const uploaded = start + day * DAY_SECONDS + HALF_DAY;
        add(uploads, (objects) => spread(objects, day, days), uploaded, formatInstant(uploaded).slice(0, 10));
      }
    }
  }
  return cohorts;
}

/** Objects of an amount's size class; the last class has what rounding leaves. */
function shareOf({ objects, sizes }: Amount, at: number): number {
  const sum = (end: number): number => sizes.slice(0, end).reduce((sum, { share }) => sum + share, 0);
  const upTo = (end: number): number => (end === sizes.length ? objects : Math.round(objects * sum(end)));
  return upTo(at + 1) - upTo(at);
}

/** What falls to one of so many equal parts of a whole; all of them together are the whole. */
function spread(whole: number, part: number, parts: number): number {
  return Math.floor((whole * (part + 1)) / parts) - Math.floor((whole * part) / parts);
}

/** Reads of a cohort in one month. */
interface CohortReads {
  readonly time: number;
  readonly requests: number;
  /** Bytes of each; undefined: the whole object. */
  readonly bytes: number | undefined;
}

/** What each cohort has of a month's reads; undefined where it is not read. */
function readsIn(
  { start, days, month }: Month,
  cohorts: readonly Cohort[],
  { name, reads }: TotalsGroup,
  file: string,
): (CohortReads | undefined)[] {
  if (!reads || reads.requests === 0) return [];
  const refuse = (message: string): InputError =>
    new InputError([{ severity: 'error', message: `groups.${name}.reads: ${message}`, where: { file } }]);
  const end = start + days * DAY_SECONDS;
  const times = cohorts.map((cohort) => readAt(cohort, start));
  const isRead = cohorts.map((cohort, at) => isReadIn(cohort, times[at]!, end, reads));
  const objects = cohorts.reduce((sum, { read }, at) => sum + (isRead[at] ? read : 0), 0);
  if (objects === 0) throw refuse(`in ${month} there is nothing to read`);
  let before = 0;
  const requests = cohorts.map(({ read }, at) => {
    if (!isRead[at]) return 0;
    before += read;
    return portion(reads.requests, before, objects) - portion(reads.requests, before - read, objects);
  });
  const whole = cohorts.reduce((sum, { size }, at) => sum + size * requests[at]!, 0);
  const part = reads.bytes === undefined ? undefined : reads.bytes / whole;
  if (part !== undefined && part > 1) throw refuse(`in ${month} the objects that are read hold less than that many GB`);
  return cohorts.map(({ size }, at) => {
    if (requests[at] === 0) return undefined;
    const bytes = part === undefined ? undefined : Math.round(size * part);
    return { time: times[at]!, requests: requests[at]!, bytes };
  });
}

/** Day of a month from which on reads are not spread: every month has one so early before its end. */
const LAST_READ_DAY = 28;

/** When a cohort is read in a month: six hours after its upload, or on the same day of a later month. */
function readAt({ uploaded }: Cohort, start: number): number {
  if (uploaded >= start) return uploaded + HALF_DAY / 2;
  const day = Math.min(new Date(uploaded * 1000).getUTCDate(), LAST_READ_DAY);
  return start + (day - 1) * DAY_SECONDS + HALF_DAY * 1.5;
}

/** `whole × part ÷ of`, rounded down, exact. */
function portion(whole: number, part: number, of: number): number {
  return Number((BigInt(whole) * BigInt(part)) / BigInt(of));
}

function isReadIn({ uploaded, deleted }: Cohort, at: number, end: number, { youngerThanDays }: Reads): boolean {
  return at < end && at < deleted && at < uploaded + youngerThanDays * DAY_SECONDS;
}

/** The rows of a cohort, in which objects that are not read equally often are told apart. */
function cohortRows(
  { key, size, uploaded, deleted, objects, read }: Cohort,
  reads: readonly CohortReads[],
  { storageClass }: TotalsGroup,
  { until }: Horizon,
): string[] {
  const cuts = new Set([0, read, objects, ...reads.map(({ requests }) => requests % read)]);
  for (let cut = LARGEST_COUNT; cut < objects; cut += LARGEST_COUNT) cuts.add(cut);
  const sorted = [...cuts].sort((a, b) => a - b);
  return sorted.slice(1).flatMap((end, part) => {
    const first = sorted[part]!;
    const partKey = sorted.length === 2 ? key : `${key}.${part}`;
    const rows = [row({ time: uploaded, operation: 'PUT', key: partKey, size, storageClass, count: end - first })];
    for (const { time, requests, bytes } of end <= read ? reads : []) {
      const repetitions = Math.floor(requests / read) + (end <= requests % read ? 1 : 0);
      for (const count of portions(repetitions)) rows.push(row({ time, operation: 'GET', key: partKey, bytes, count }));
    }
    if (deleted < until) rows.push(row({ time: deleted, operation: 'DELETE', key: partKey }));
    return rows;
  });
}

/** A count as counts of rows, which are limited; of none there is no row. */
function portions(count: number): number[] {
  const portions: number[] = [];
  for (let rest = count; rest > 0; rest -= LARGEST_COUNT) portions.push(Math.min(rest, LARGEST_COUNT));
  return portions;
}

interface Row {
  readonly time: number;
  readonly operation: string;
  readonly key?: string;
  readonly size?: number;
  readonly bytes?: number | undefined;
  readonly storageClass?: string;
  readonly count?: number;
}

function row({ time, operation, key = '', size, bytes, storageClass = '', count = 1 }: Row): string {
  const quoted = `"${key.replaceAll('"', '""')}"`;
  return [formatInstant(time), operation, quoted, size ?? '', bytes ?? '', storageClass, count].join(',');
}

interface Month {
  /** `2025-01` */
  readonly month: string;
  readonly start: number;
  readonly days: number;
}

function months(horizon: Horizon): Month[] {
  return billingMonths(horizon).map(({ month, firstDay, endDay }) => ({
    month,
    start: horizon.from + firstDay * DAY_SECONDS,
    days: endDay - firstDay,
  }));
}
