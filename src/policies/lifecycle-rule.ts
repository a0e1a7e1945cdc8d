/** One rule of a lifecycle configuration. */
import { quoted } from '../model/diagnostic.ts';
import type { Checks } from './checks.ts';
import { type ObjectFilter, parseFilter, parsePrefix } from './filters.ts';
import { isArray, isObject, type Json, type JsonObject } from './json.ts';
import type { LifecycleRule } from './lifecycle-configuration.ts';
import { parseAbort, parseExpiration, parseNoncurrentExpiration } from './removals.ts';
import { parseNoncurrentTransitions, parseTransitions } from './transitions.ts';

/** What a rule can do, by the names of its fields. */
export const ACTION_FIELDS: readonly string[] = [
  'Transitions',
  'Transition',
  'Expiration',
  'NoncurrentVersionTransitions',
  'NoncurrentVersionTransition',
  'NoncurrentVersionExpiration',
  'AbortIncompleteMultipartUpload',
];

const RULE_FIELDS = ['ID', 'Prefix', 'Filter', 'Status', ...ACTION_FIELDS];

/** Reads and checks a rule by itself. */
export function parseRule(checks: Checks, rule: JsonObject, name: string): LifecycleRule {
  const { fields, line } = rule;
  checks.object(rule, 'the rule', RULE_FIELDS);
  const filter = ruleFilter(checks, rule);
  const transitions = parseTransitions(checks, rule, filter);
  const expiration = parseExpiration(checks, rule, filter, transitions);
  const noncurrentTransitions = parseNoncurrentTransitions(checks, rule, filter);
  const noncurrentExpiration = parseNoncurrentExpiration(checks, rule, filter, noncurrentTransitions);
  const abort = parseAbort(checks, rule, filter);
  if (!ACTION_FIELDS.some((field) => isAction(fields.get(field)))) {
    checks.refuse('InvalidRequest', 'At least one action needs to be specified in a rule', line);
  }
  return {
    name,
    line,
    enabled: isEnabled(checks, rule),
    filter,
    transitions,
    ...(expiration.due && { expiration: expiration.due }),
    expiredObjectDeleteMarker: expiration.deleteMarker,
    noncurrentTransitions,
    ...(noncurrentExpiration && { noncurrentExpiration }),
    ...(abort !== undefined && { abortIncompleteUploadDays: abort }),
  };
}

function isAction(value: Json | undefined): boolean {
  return isArray(value) ? value.items.length > 0 : value !== undefined;
}

function isEnabled(checks: Checks, { fields, line }: JsonObject): boolean {
  const status = fields.get('Status');
  if (status !== 'Enabled' && status !== 'Disabled') {
    const found = typeof status === 'string' ? quoted(status) : status === undefined ? 'missing' : 'no text';
    checks.malformed(`'Status' must be 'Enabled' or 'Disabled', but is ${found}`, line);
  }
  return status === 'Enabled';
}

function ruleFilter(checks: Checks, rule: JsonObject): ObjectFilter {
  const filter = rule.fields.get('Filter');
  if (filter === undefined) return { tags: [], ...parsePrefix(checks, rule, 'the rule') };
  if (isObject(filter)) return parseFilter(checks, filter, true);
  checks.object(filter, 'Filter', [], rule.line);
  return { tags: [] };
}
