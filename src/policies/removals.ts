/** What a rule removes: current and noncurrent versions, delete markers, and uploads nobody completed. */
import type { Checks } from './checks.ts';
import {
  ACTION_TIMES,
  dueDays,
  type LifecycleDue,
  NONCURRENT_TIMES,
  type NoncurrentDue,
  parseDue,
  parseNoncurrentDue,
} from './due.ts';
import { filterInS3Words, type ObjectFilter } from './filters.ts';
import type { JsonObject } from './json.ts';
import type { LifecycleTransition, NoncurrentTransition } from './transitions.ts';

export interface ParsedExpiration {
  readonly due?: LifecycleDue;
  /** ExpiredObjectDeleteMarker. */
  readonly deleteMarker: boolean;
}

export function parseExpiration(
  checks: Checks,
  { fields, line }: JsonObject,
  filter: ObjectFilter,
  transitions: readonly LifecycleTransition[],
): ParsedExpiration {
  const none = { deleteMarker: false };
  if (!fields.has('Expiration')) return none;
  const known = [...ACTION_TIMES, 'ExpiredObjectDeleteMarker'];
  const action = checks.object(fields.get('Expiration'), 'Expiration', known, line);
  if (!action) return none;
  if (action.fields.has('ExpiredObjectDeleteMarker'))
    return { deleteMarker: parseDeleteMarker(checks, action, filter) };
  const due = parseDue(checks, action, 'Expiration');
  if (due) checkExpirationOrder(checks, due, transitions, filter, action.line);
  return due ? { due, deleteMarker: false } : none;
}

function parseDeleteMarker(checks: Checks, { fields, line }: JsonObject, filter: ObjectFilter): boolean {
  if (fields.size > 1) {
    checks.malformed("Expiration must have one of 'Days', 'Date' and 'ExpiredObjectDeleteMarker'", line);
  }
  refuseTagsAndSizes(checks, 'ExpiredObjectDeleteMarker', filter, line);
  return checks.boolean(fields.get('ExpiredObjectDeleteMarker'), "'ExpiredObjectDeleteMarker'", line) ?? false;
}

function refuseTagsAndSizes(checks: Checks, action: string, filter: ObjectFilter, line: number): void {
  if (filter.tags.length > 0) {
    checks.refuse('InvalidRequest', `${action} cannot be specified with Tags.`, line);
  }
  if (filter.sizeGreaterThan !== undefined || filter.sizeLessThan !== undefined) {
    checks.refuse('InvalidRequest', `${action} cannot be specified with Object Size.`, line);
  }
}

function checkExpirationOrder(
  checks: Checks,
  expiration: LifecycleDue,
  transitions: readonly LifecycleTransition[],
  filter: ObjectFilter,
  line: number,
): void {
  const words = filterInS3Words(filter);
  const field = 'days' in expiration ? 'Days' : 'Date';
  if (transitions.some((t) => 'days' in t !== 'days' in expiration)) {
    const message = `Found mixed 'Date' and 'Days' based Expiration and Transition actions in lifecycle rule for filter '${words}'`;
    checks.refuse('InvalidRequest', message, line);
  } else if (transitions.some((t) => dueDays(t) >= dueDays(expiration))) {
    const message = `'${field}' in the Expiration action for filter '${words}' must be greater than '${field}' in the Transition action`;
    checks.refuse('InvalidArgument', message, line);
  }
}

export function parseAbort(checks: Checks, { fields, line }: JsonObject, filter: ObjectFilter): number | undefined {
  const name = 'AbortIncompleteMultipartUpload';
  if (!fields.has(name)) return undefined;
  const action = checks.object(fields.get(name), name, ['DaysAfterInitiation'], line);
  if (!action) return undefined;
  refuseTagsAndSizes(checks, name, filter, action.line);
  const days = checks.days(action.fields.get('DaysAfterInitiation'), "'DaysAfterInitiation'", action.line);
  if (days === undefined || days > 0) return days;
  checks.refuse('InvalidArgument', `'DaysAfterInitiation' for ${name} action must be a positive integer`, action.line);
  return undefined;
}

export function parseNoncurrentExpiration(
  checks: Checks,
  rule: JsonObject,
  filter: ObjectFilter,
  transitions: readonly NoncurrentTransition[],
): NoncurrentDue | undefined {
  const name = 'NoncurrentVersionExpiration';
  if (!rule.fields.has(name)) return undefined;
  const action = checks.object(rule.fields.get(name), name, NONCURRENT_TIMES, rule.line);
  const due = action && parseNoncurrentDue(checks, rule, action, name);
  if (due && transitions.some(({ noncurrentDays }) => noncurrentDays >= due.noncurrentDays)) {
    const message = `'NoncurrentDays' in the ${name} action for filter '${filterInS3Words(filter)}' must be greater than 'NoncurrentDays' in the NoncurrentVersionTransition action`;
    checks.refuse('InvalidArgument', message, action!.line);
  }
  return due;
}
