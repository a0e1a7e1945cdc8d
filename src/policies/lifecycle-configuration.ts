/**
 * A bucket's lifecycle configuration, checked as S3 checks it on `PutBucketLifecycleConfiguration`: what S3 would
 * refuse is refused here, with its error code and in its words.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLifecycleConfiguration.html and
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html; the words are those of S3's answers.
 */
import { nearest, quoted } from '../model/diagnostic.ts';
import {
  type ClassCode,
  DEEP_ARCHIVE,
  GLACIER,
  GLACIER_IR,
  INTELLIGENT_TIERING,
  ONEZONE_IA,
  STANDARD_IA,
  STORAGE_CLASSES,
} from '../model/storage-class.ts';
import { DAY_SECONDS, parseTimestamp } from '../model/time.ts';
import type { Checks } from './checks.ts';
import { filterInS3Words, type ObjectFilter, parseFilter } from './filters.ts';
import { isArray, isObject, type Json, type JsonObject } from './json.ts';

export interface LifecycleConfiguration {
  readonly rules: readonly LifecycleRule[];
  /** What objects under 128 KB do whose rule does not filter by size. */
  readonly smallObjects: (typeof SMALL_OBJECT_CHOICES)[number];
}

export interface LifecycleRule {
  /** Its ID, or `rule 3` for the third when it has none. */
  readonly name: string;
  readonly enabled: boolean;
  readonly filter: ObjectFilter;
  readonly transitions: readonly LifecycleTransition[];
  readonly expiration?: LifecycleDue;
  /** Removes a delete marker behind which there is no version any more. */
  readonly expiredObjectDeleteMarker: boolean;
  readonly noncurrentTransitions: readonly NoncurrentTransition[];
  readonly noncurrentExpiration?: NoncurrentDue;
  readonly abortIncompleteUploadDays?: number;
}

/** Days after creation, or a midnight in UTC seconds. */
export type LifecycleDue = { readonly days: number } | { readonly date: number };

type LifecycleTransition = LifecycleDue & { readonly storageClass: ClassCode };

/**
 * When something is done to a noncurrent version: days after its successor was created, and only once it has that many
 * newer noncurrent versions.
 */
interface NoncurrentDue {
  readonly noncurrentDays: number;
  readonly newerNoncurrentVersions?: number;
}

type NoncurrentTransition = NoncurrentDue & { readonly storageClass: ClassCode };

/** Fields of a configuration, as `aws s3api get-bucket-lifecycle-configuration` prints it. */
export const CONFIGURATION_FIELDS = ['Rules', 'TransitionDefaultMinimumObjectSize'];

/** Nothing under 128 KB moves, or what moves depends on the class: the default since September 2024, and the one before. */
const SMALL_OBJECT_CHOICES = ['all_storage_classes_128K', 'varies_by_storage_class'] as const;

/** Classes a transition can go to, warmest first as S3 orders them. */
const TRANSITION_TARGETS: readonly ClassCode[] = [
  STANDARD_IA,
  INTELLIGENT_TIERING,
  ONEZONE_IA,
  GLACIER_IR,
  GLACIER,
  DEEP_ARCHIVE,
];

const RULE_FIELDS = [
  'ID',
  'Prefix',
  'Filter',
  'Status',
  'Transitions',
  'Transition',
  'Expiration',
  'NoncurrentVersionTransitions',
  'NoncurrentVersionTransition',
  'NoncurrentVersionExpiration',
  'AbortIncompleteMultipartUpload',
];

const ACTION_FIELDS = RULE_FIELDS.slice(4);

const MOST_RULES = 1000;
const LONGEST_ID = 255;

/** Days an object must have been in a class before the same rule moves it on. */
const GAP_DAYS: Readonly<Record<number, number>> = {
  [STANDARD_IA]: 30,
  [ONEZONE_IA]: 30,
  [GLACIER_IR]: 90,
  [GLACIER]: 90,
};

/** Reads and checks a configuration; what is wrong is left in `checks`. */
export function parseLifecycleConfiguration(checks: Checks, value: Json, line?: number): LifecycleConfiguration {
  const configuration = checks.object(value, 'the lifecycle configuration', CONFIGURATION_FIELDS, line);
  const smallObjects = smallObjectChoice(checks, configuration);
  const list = configuration && checks.array(configuration.fields.get('Rules') ?? EMPTY, 'Rules', configuration.line);
  if (!list) return { rules: [], smallObjects };
  if (list.items.length === 0)
    checks.refuse('InvalidRequest', 'At least one lifecycle rule must be specified.', list.line);
  if (list.items.length > MOST_RULES) {
    const message = `The number of lifecycle rules must not exceed the allowed limit of ${MOST_RULES} rules.`;
    checks.refuse('InvalidRequest', message, list.line);
    return { rules: [], smallObjects };
  }
  const objects = list.items.flatMap((item, i) =>
    isObject(item) ? item : (checks.object(item, `rule ${i + 1}`, [], list.line) ?? []),
  );
  const names = objects.map(ruleName);
  checkIds(checks, objects, names);
  checkVersions(checks, objects, names);
  const rules = objects.map((rule, i) => checks.ofRule(names[i]!, () => parseRule(checks, rule, names[i]!)));
  checkOverlaps(checks, objects, rules);
  return { rules, smallObjects };
}

const EMPTY: Json = { kind: 'array', line: 1, items: [] };

function smallObjectChoice(
  checks: Checks,
  configuration: JsonObject | undefined,
): LifecycleConfiguration['smallObjects'] {
  const text = configuration?.fields.get('TransitionDefaultMinimumObjectSize');
  if (text === undefined) return SMALL_OBJECT_CHOICES[0];
  const choice = SMALL_OBJECT_CHOICES.find((name) => name === text);
  if (!choice) {
    const found = typeof text === 'string' ? ` (${quoted(text)})` : '';
    const message = `Invalid TransitionDefaultMinimumObjectSize found${found}: it is one of ${SMALL_OBJECT_CHOICES.join(', ')}`;
    checks.refuse('InvalidRequest', message, configuration?.line);
  }
  return choice ?? SMALL_OBJECT_CHOICES[0];
}

/** S3 makes up an ID for a rule without one. */
function ruleName({ fields }: JsonObject, index: number): string {
  const id = fields.get('ID');
  return typeof id === 'string' && id !== '' ? id : `rule ${index + 1}`;
}

function checkIds(checks: Checks, rules: readonly JsonObject[], names: readonly string[]): void {
  const seen = new Set<string>();
  for (const [i, { fields, line }] of rules.entries()) {
    checks.ofRule(names[i]!, () => {
      const id = fields.has('ID') ? checks.string(fields.get('ID'), "'ID'", line) : undefined;
      if (!id) return;
      if (id.length > LONGEST_ID) {
        checks.refuse('InvalidArgument', `ID length should not exceed allowed limit of ${LONGEST_ID}`, line);
      }
      if (seen.has(id)) {
        checks.refuse('InvalidArgument', 'Rule ID must be unique. Found same ID for more than one rule', line);
      }
      seen.add(id);
    });
  }
}

/** A rule with a Prefix of its own is of the first version of lifecycle, one with a Filter of the second; they do not mix. */
function checkVersions(checks: Checks, rules: readonly JsonObject[], names: readonly string[]): void {
  const first = rules.find(({ fields }) => fields.has('Filter') || fields.has('Prefix'));
  const v1 = first !== undefined && !first.fields.has('Filter');
  for (const [i, { fields, line }] of rules.entries()) {
    checks.ofRule(names[i]!, () => {
      if (!fields.has('Filter') && !fields.has('Prefix')) checks.malformed("a rule needs a 'Filter'", line);
      if (v1 && fields.has('Filter')) {
        checks.refuse('InvalidRequest', 'Filter element can only be used in Lifecycle V2.', line);
      } else if (!v1 && fields.has('Prefix')) {
        const message = 'Base level prefix cannot be used in Lifecycle V2, prefixes are only supported in the Filter.';
        checks.refuse('InvalidRequest', message, line);
      }
    });
  }
}

function parseRule(checks: Checks, rule: JsonObject, name: string): LifecycleRule {
  const { fields, line } = rule;
  checks.object(rule, 'the rule', RULE_FIELDS);
  const status = fields.get('Status');
  if (status !== 'Enabled' && status !== 'Disabled') {
    const found = typeof status === 'string' ? quoted(status) : status === undefined ? 'missing' : 'no text';
    checks.malformed(`'Status' must be 'Enabled' or 'Disabled', but is ${found}`, line);
  }
  const filter = ruleFilter(checks, rule);
  const transitions = parseTransitions(checks, rule, filter);
  const expiration = parseExpiration(checks, rule, filter, transitions);
  const noncurrentTransitions = parseNoncurrentTransitions(checks, rule);
  const noncurrentExpiration = parseNoncurrentExpiration(checks, rule, filter, noncurrentTransitions);
  const abort = parseAbort(checks, rule, filter);
  if (!ACTION_FIELDS.some((field) => isAction(fields.get(field)))) {
    checks.refuse('InvalidRequest', 'At least one action needs to be specified in a rule', line);
  }
  return {
    name,
    enabled: status === 'Enabled',
    filter,
    transitions,
    ...(expiration.due === undefined ? {} : { expiration: expiration.due }),
    expiredObjectDeleteMarker: expiration.deleteMarker,
    noncurrentTransitions,
    ...(noncurrentExpiration === undefined ? {} : { noncurrentExpiration }),
    ...(abort === undefined ? {} : { abortIncompleteUploadDays: abort }),
  };
}

function isAction(value: Json | undefined): boolean {
  return isArray(value) ? value.items.length > 0 : value !== undefined;
}

/** A list, or the one object that `get-bucket-lifecycle`, which this API replaced, prints under the singular name. */
function actionList(
  checks: Checks,
  { fields, line }: JsonObject,
  name: string,
): { items: readonly Json[]; line: number } {
  const one = fields.get(name);
  const several = `${name}s`;
  if (!fields.has(several)) return { items: one === undefined ? [] : [one], line };
  if (one !== undefined) checks.error(`a rule has '${several}' or '${name}', not both`, line);
  return checks.array(fields.get(several), several, line) ?? { items: [], line };
}

function ruleFilter(checks: Checks, { fields, line }: JsonObject): ObjectFilter {
  const filter = fields.get('Filter');
  if (filter === undefined) {
    const prefix = fields.has('Prefix') ? checks.string(fields.get('Prefix'), "'Prefix'", line) : undefined;
    return { tags: [], ...(prefix === undefined ? {} : { prefix }) };
  }
  if (isObject(filter)) return parseFilter(checks, filter, true);
  checks.object(filter, 'Filter', [], line);
  return { tags: [] };
}

const ACTION_TIMES = ['Date', 'Days'];

function parseTransitions(checks: Checks, rule: JsonObject, filter: ObjectFilter): LifecycleTransition[] {
  const list = actionList(checks, rule, 'Transition');
  const transitions: LifecycleTransition[] = [];
  for (const item of list.items) {
    const action = checks.object(item, 'a Transition', [...ACTION_TIMES, 'StorageClass'], list.line);
    if (!action) continue;
    const storageClass = targetClass(checks, action, 'Transition');
    const due = parseDue(checks, action, 'Transition');
    if (due === undefined || storageClass === undefined) continue;
    checkLeastDays(checks, due, storageClass, action.line);
    transitions.push({ ...due, storageClass });
  }
  checkTransitionOrder(checks, transitions, filter, rule.line);
  return transitions;
}

function targetClass(checks: Checks, { fields, line }: JsonObject, action: string): ClassCode | undefined {
  const name = checks.string(fields.get('StorageClass'), `'StorageClass' of a ${action}`, line);
  if (name === undefined) return undefined;
  const code = TRANSITION_TARGETS.find((target) => STORAGE_CLASSES[target] === name);
  if (code !== undefined) return code;
  if (name === 'REDUCED_REDUNDANCY' || (STORAGE_CLASSES as readonly string[]).includes(name)) {
    checks.refuse('InvalidArgument', `Invalid target Storage class for ${action} action: '${name}'`, line);
  } else {
    const names = TRANSITION_TARGETS.map((target) => STORAGE_CLASSES[target]!);
    const meant = nearest(name.slice(0, 64), names);
    const help = meant === undefined ? `it is one of ${names.join(', ')}` : `did you mean '${meant}'?`;
    checks.malformed(`no storage class ${quoted(name)}; ${help}`, line);
  }
  return undefined;
}

/** `Days` or `Date`, just one of them. */
function parseDue(checks: Checks, { fields, line }: JsonObject, action: string): LifecycleDue | undefined {
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

/** The IA classes take objects from their 30th day on. */
function checkLeastDays(checks: Checks, due: LifecycleDue, storageClass: ClassCode, line: number): void {
  if (!('days' in due) || due.days >= 30 || (storageClass !== STANDARD_IA && storageClass !== ONEZONE_IA)) return;
  const message = `'Days' in Transition action must be greater than or equal to 30 for storageClass '${STORAGE_CLASSES[storageClass]}'`;
  checks.refuse('InvalidArgument', message, line);
}

function checkTransitionOrder(
  checks: Checks,
  transitions: readonly LifecycleTransition[],
  filter: ObjectFilter,
  line: number,
): void {
  const words = filterInS3Words(filter);
  if (transitions.some((t) => 'days' in t) && transitions.some((t) => 'date' in t)) {
    const message = `Found mixed 'Date' and 'Days' based Transition actions in lifecycle rule for filter '${words}'`;
    checks.refuse('InvalidRequest', message, line);
    return;
  }
  if (new Set(transitions.map((t) => t.storageClass)).size < transitions.length) {
    const message = `'StorageClass' must be different for 'Transition' actions in same 'Rule' with filter '${words}'`;
    checks.refuse('InvalidRequest', message, line);
    return;
  }
  const coldestLast = [...transitions].sort((a, b) => rank(a) - rank(b));
  for (const [i, colder] of coldestLast.entries())
    if (i > 0) checkGap(checks, coldestLast[i - 1]!, colder, words, line);
}

const rank = ({ storageClass }: LifecycleTransition): number => TRANSITION_TARGETS.indexOf(storageClass);

const dueDays = (due: LifecycleDue): number => ('days' in due ? due.days : due.date / DAY_SECONDS);

/** In one rule an object must have been in a class for the class's minimum before it moves on. */
function checkGap(
  checks: Checks,
  warmer: LifecycleTransition,
  colder: LifecycleTransition,
  words: string,
  line: number,
): void {
  const field = 'days' in warmer ? 'Days' : 'Date';
  const [from, to] = [STORAGE_CLASSES[warmer.storageClass]!, STORAGE_CLASSES[colder.storageClass]!];
  const gap = dueDays(colder) - dueDays(warmer);
  const least = GAP_DAYS[warmer.storageClass] ?? 0;
  if (gap <= 0) {
    const message =
      `'${field}' in the Transition action for StorageClass '${to}' for filter '${words}' must be greater than ` +
      `'${field}' in the Transition action for StorageClass '${from}' for filter '${words}'`;
    checks.refuse('InvalidArgument', message, line);
  } else if (gap < least) {
    const message =
      `'${field}' in the 'Transition' action for StorageClass '${to}' for filter '${words}' must be ${least} days more than ` +
      `'filter '${words}'' in the 'Transition' action for StorageClass '${from}'`;
    checks.refuse('InvalidArgument', message, line);
  }
}

function parseExpiration(
  checks: Checks,
  { fields, line }: JsonObject,
  filter: ObjectFilter,
  transitions: readonly LifecycleTransition[],
): { due?: LifecycleDue | undefined; deleteMarker: boolean } {
  const none = { deleteMarker: false };
  if (!fields.has('Expiration')) return none;
  const known = [...ACTION_TIMES, 'ExpiredObjectDeleteMarker'];
  const action = checks.object(fields.get('Expiration'), 'Expiration', known, line);
  if (!action) return none;
  if (action.fields.has('ExpiredObjectDeleteMarker'))
    return { deleteMarker: parseDeleteMarker(checks, action, filter) };
  const due = parseDue(checks, action, 'Expiration');
  if (due) checkExpirationOrder(checks, due, transitions, filter, action.line);
  return { due, deleteMarker: false };
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

function parseAbort(checks: Checks, { fields, line }: JsonObject, filter: ObjectFilter): number | undefined {
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

const NONCURRENT_TIMES = ['NoncurrentDays', 'NewerNoncurrentVersions'];

function parseNoncurrentTransitions(checks: Checks, rule: JsonObject): NoncurrentTransition[] {
  const name = 'NoncurrentVersionTransition';
  const list = actionList(checks, rule, name);
  return list.items.flatMap((item) => {
    const action = checks.object(item, `a ${name}`, [...NONCURRENT_TIMES, 'StorageClass'], list.line);
    if (!action) return [];
    const storageClass = targetClass(checks, action, name);
    const due = parseNoncurrentDue(checks, rule, action, name);
    if (due === undefined || storageClass === undefined) return [];
    if (due.noncurrentDays < 30 && (storageClass === STANDARD_IA || storageClass === ONEZONE_IA)) {
      const message = `'NoncurrentDays' in ${name} action must be greater than or equal to 30 for storageClass '${STORAGE_CLASSES[storageClass]}'`;
      checks.refuse('InvalidArgument', message, action.line);
    }
    return { ...due, storageClass };
  });
}

function parseNoncurrentExpiration(
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

function parseNoncurrentDue(
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

/** In the first version of lifecycle, rules with the same action must not have prefixes of which one begins with the other. */
function checkOverlaps(checks: Checks, objects: readonly JsonObject[], rules: readonly LifecycleRule[]): void {
  for (const field of ACTION_FIELDS) {
    const among = rules.filter((_, i) => objects[i]!.fields.has(field) && !objects[i]!.fields.has('Filter'));
    const sorted = among.map((rule) => ({ rule, prefix: rule.filter.prefix ?? '' })).sort(byPrefix);
    // Sorted, a prefix stands next before those that begin with it.
    for (const [i, { rule, prefix }] of sorted.entries()) {
      const before = sorted[i - 1]?.prefix;
      if (before === undefined || !prefix.startsWith(before)) continue;
      const type = field.replace(/s$/, '');
      const message = `Found overlapping prefixes '${before}' and '${prefix}' for same action type '${type}'`;
      checks.ofRule(rule.name, () => checks.refuse('InvalidRequest', message, objects[rules.indexOf(rule)]!.line));
    }
  }
}

function byPrefix(a: { prefix: string }, b: { prefix: string }): number {
  return a.prefix < b.prefix ? -1 : a.prefix > b.prefix ? 1 : 0;
}
