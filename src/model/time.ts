import { UTCDateMini } from '@date-fns/utc/date/mini';
import { addMonths } from 'date-fns/addMonths';
import { format } from 'date-fns/format';
import { getTime } from 'date-fns/getTime';
import { startOfMonth } from 'date-fns/startOfMonth';

/** Instants are UTC seconds since 1970 once a trace is read; readers see milliseconds, which only order requests. */
export const DAY_SECONDS = 86_400;

/**
 * What is billed: whole days from `from` to `until` (exclusive), in UTC seconds. Usage is metered by day, because AWS
 * itself meters storage daily (https://docs.aws.amazon.com/AmazonS3/latest/userguide/aws-usage-report-understand.html),
 * and billed by calendar month.
 */
export interface Horizon {
  readonly from: number;
  readonly until: number;
}

/** A calendar month's part of a horizon. Days are indices into the horizon; `seconds` are those of the whole calendar month. */
export interface BillingMonth {
  /** `2025-01` */
  readonly month: string;
  readonly firstDay: number;
  readonly endDay: number;
  readonly seconds: number;
}

export function horizonDays({ from, until }: Horizon): number {
  return (until - from) / DAY_SECONDS;
}

/** The calendar months a horizon touches, in order. */
export function billingMonths({ from, until }: Horizon): BillingMonth[] {
  const months: BillingMonth[] = [];
  for (
    let start = startOfMonth(new UTCDateMini(from * 1000));
    getTime(start) / 1000 < until;
    start = addMonths(start, 1)
  ) {
    const [begin, end] = [getTime(start) / 1000, getTime(addMonths(start, 1)) / 1000];
    months.push({
      month: format(start, 'yyyy-MM'),
      firstDay: (Math.max(begin, from) - from) / DAY_SECONDS,
      endDay: (Math.min(end, until) - from) / DAY_SECONDS,
      seconds: end - begin,
    });
  }
  return months;
}

/** Seconds of a whole calendar month (`2025-02`). */
export function monthSeconds(month: string): number {
  const [year, number] = month.split('-').map(Number);
  return (Date.UTC(year!, number!) - Date.UTC(year!, number! - 1)) / 1000;
}

/** The midnight UTC at or after an instant: an instant already at midnight stays. In seconds. */
export function midnightFrom(seconds: number): number {
  return Math.ceil(seconds / DAY_SECONDS) * DAY_SECONDS;
}

export function midnightBefore(seconds: number): number {
  return Math.floor(seconds / DAY_SECONDS) * DAY_SECONDS;
}

/** `2025-01-31` */
export function formatDate(seconds: number): string {
  return format(new UTCDateMini(seconds * 1000), 'yyyy-MM-dd');
}

/** `2025-01-31T00:00:00Z` */
export function formatInstant(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}

/** The last millisecond of the year 2199: what is later is a mistake, such as microseconds taken for milliseconds. */
export const LAST_INSTANT: number = Date.UTC(2199, 11, 31, 23, 59, 59, 999);

const ISO =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?)?\s*(?:(Z)|([+-])(\d{2})(?::?(\d{2}))?)?$/i;

/**
 * Milliseconds since 1970 of an ISO 8601 time or of epoch seconds or milliseconds (numbers from 10^11 on are
 * milliseconds), from 1970 to 2199. A time without a zone is UTC, as every time that AWS writes is. Undefined for
 * anything else.
 */
export function parseTimestamp(text: string): number | undefined {
  const trimmed = text.trim();
  if (/^\d+(\.\d+)?$/.test(trimmed))
    return inRange(Math.floor(Number(trimmed) < 1e11 ? Number(trimmed) * 1000 : Number(trimmed)));
  const match = ISO.exec(trimmed);
  if (!match) return undefined;
  const [
    ,
    year,
    month,
    day,
    hour = '0',
    minute = '0',
    second = '0',
    fraction = '0',
    ,
    sign,
    zoneHours,
    zoneMinutes = '0',
  ] = match;
  const midnight = +hour! === 24 && +minute! === 0 && +second! === 0;
  if ((+hour! > 23 && !midnight) || +minute! > 59 || +second! > 59) return undefined;
  if (+(zoneHours ?? 0) > 15 || +zoneMinutes > 59) return undefined;
  const date = Date.UTC(
    +year!,
    +month! - 1,
    +day!,
    +hour!,
    +minute!,
    +second!,
    Number(`0.${fraction}`.slice(0, 5)) * 1000,
  );
  const calendar = new Date(Date.UTC(+year!, +month! - 1, +day!));
  if (calendar.getUTCMonth() !== +month! - 1 || calendar.getUTCDate() !== +day!) return undefined;
  const zone = zoneHours === undefined ? 0 : (+zoneHours * 60 + +zoneMinutes!) * 60_000 * (sign === '-' ? -1 : 1);
  return inRange(date - zone);
}

function inRange(milliseconds: number): number | undefined {
  return milliseconds >= 0 && milliseconds <= LAST_INSTANT ? milliseconds : undefined;
}
