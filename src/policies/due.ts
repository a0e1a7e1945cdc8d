/** When a rule acts: days or a date, for current and for noncurrent versions. */
import { quoted } from '../model/diagnostic.ts';
import { DAY_SECONDS, parseTimestamp } from '../model/time.ts';
import type { Checks } from './checks.ts';
import type { Json, JsonObject } from './json.ts';

/** Days after creation, or a midnight in UTC seconds. */
export type LifecycleDue = { readonly days: number } | { readonly date: number };

/**
 * When something is done to a noncurrent version: days after its successor was created, and only once it has that many
 * newer noncurrent versions.
 */
export interface NoncurrentDue {
  readonly noncurrentDays: number;
  readonly newerNoncurrentVersions?: number;
}

export const ACTION_TIMES: readonly string[] = ['Date', 'Days'];
export const NONCURRENT_TIMES: readonly string[] = ['NoncurrentDays', 'NewerNoncurrentVersions'];

/** Days after creation, or days since 1970 where there is a date: comparable among due of one kind. */
export const dueDays = (due: LifecycleDue): number => ('days' in due ? due.days : due.date / DAY_SECONDS);

/** `Days` or `Date`, just one of them. */
export function parseDue(
  checks: Checks,
  { fields, line }: JsonObject,
  action: 'Transition' | 'Expiration',
): LifecycleDue | undefined {
  const given = ACTION_TIMES.filter((name) => fields.has(name));
  if (given.length !== 1) {
    checks.malformed(`${action} must have one of 'Days' and 'Date'`, line);
    return undefined;
  }
  if (given[0] === 'Date') return parseDate(checks, fields.get('Date')!, line);
  const days = checks.days(fields.get('Days'), "'Days'", line);
  if (days === undefined) return undefined;
  if (action === 'Expiration' ? days > 0 : days >= 0) return { days };
  const message =
    action === 'Expiration'
      ? "'Days' for Expiration action must be a positive integer"
      : "'Days' in Transition action must be nonnegative";
  checks.refuse('InvalidArgument', message, line);
  return undefined;
}

function parseDate(checks: Checks, value: Json, line: number): LifecycleDue | undefined {
  const text = checks.string(value, "'Date'", line);
  if (text === undefined) return undefined;
  const milliseconds = /^\d{4}-/.test(text) ? parseTimestamp(text) : undefined;
  if (milliseconds === undefined) {
    checks.malformed(`'Date' must be like 2025-01-01T00:00:00Z, but is ${quoted(text)}`, line);
    return undefined;
  }
  if (milliseconds % (DAY_SECONDS * 1000) === 0) return { date: milliseconds / 1000 };
  checks.refuse('InvalidArgument', "'Date' must be at midnight GMT", line);
  return undefined;
}

export function parseNoncurrentDue(
  checks: Checks,
  rule: JsonObject,
  { fields, line }: JsonObject,
  action: 'NoncurrentVersionTransition' | 'NoncurrentVersionExpiration',
): NoncurrentDue | undefined {
  const newer = parseNewerVersions(checks, rule, { fields, line }, action);
  const noncurrentDays = checks.days(fields.get('NoncurrentDays'), "'NoncurrentDays'", line);
  if (noncurrentDays === undefined) return undefined;
  const transition = action === 'NoncurrentVersionTransition';
  if (noncurrentDays > 0 || (transition && noncurrentDays === 0)) {
    return { noncurrentDays, ...(newer === undefined ? {} : { newerNoncurrentVersions: newer }) };
  }
  const message = transition
    ? `'NoncurrentDays' in ${action} action must be nonnegative`
    : `'NoncurrentDays' for ${action} action must be a positive integer`;
  checks.refuse('InvalidArgument', message, line);
  return undefined;
}

/** The documentation says 1 to 100; the service takes more. */
function parseNewerVersions(
  checks: Checks,
  rule: JsonObject,
  { fields, line }: Omit<JsonObject, 'kind'>,
  action: string,
): number | undefined {
  if (!fields.has('NewerNoncurrentVersions')) return undefined;
  if (!rule.fields.has('Filter')) {
    checks.refuse('InvalidRequest', 'NewerNoncurrentVersions element can only be used in Lifecycle V2.', line);
  }
  const newer = checks.integer(fields.get('NewerNoncurrentVersions'), "'NewerNoncurrentVersions'", line);
  if (newer === undefined || newer > 0) return newer;
  const message = `'NewerNoncurrentVersions' for ${action} action must be a positive integer`;
  checks.refuse('InvalidArgument', message, line);
  return undefined;
}
