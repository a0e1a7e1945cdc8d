/**
 * A bucket's lifecycle configuration, checked as S3 checks it on `PutBucketLifecycleConfiguration`: what S3 would
 * refuse is refused here, with its error code and in its words.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLifecycleConfiguration.html and
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html; the words are those of S3's answers.
 */
import { quoted } from '../model/diagnostic.ts';
import type { Checks } from './checks.ts';
import type { LifecycleDue, NoncurrentDue } from './due.ts';
import type { ObjectFilter } from './filters.ts';
import { isObject, type Json, type JsonObject } from './json.ts';
import { ACTION_FIELDS, parseRule } from './lifecycle-rule.ts';
import type { LifecycleTransition, NoncurrentTransition } from './transitions.ts';

export type { LifecycleDue } from './due.ts';

export interface LifecycleConfiguration {
  readonly rules: readonly LifecycleRule[];
  /** What objects under 128 KB do whose rule does not filter by size. */
  readonly smallObjects: (typeof SMALL_OBJECT_CHOICES)[number];
}

export interface LifecycleRule {
  /** Its ID, or `rule 3` for the third when it has none. */
  readonly name: string;
  /** Where it begins in its file. */
  readonly line: number;
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

/** Whether a rule asks for something that only a versioned bucket has. */
export function actsOnVersions(rule: LifecycleRule): boolean {
  const { noncurrentTransitions, noncurrentExpiration, expiredObjectDeleteMarker } = rule;
  return noncurrentTransitions.length > 0 || noncurrentExpiration !== undefined || expiredObjectDeleteMarker;
}

/** Fields of a configuration, as `aws s3api get-bucket-lifecycle-configuration` prints it. */
export const CONFIGURATION_FIELDS = ['Rules', 'TransitionDefaultMinimumObjectSize'];

/** Nothing under 128 KB moves, or what moves depends on the class: the default since September 2024, and the one before. */
const SMALL_OBJECT_CHOICES = ['all_storage_classes_128K', 'varies_by_storage_class'] as const;

const MOST_RULES = 1000;
const LONGEST_ID = 255;

/** Reads and checks a configuration; what is wrong is left in `checks`. */
export function parseLifecycleConfiguration(checks: Checks, value: Json, line?: number): LifecycleConfiguration {
  const configuration = checks.object(value, 'the lifecycle configuration', CONFIGURATION_FIELDS, line);
  const smallObjects = smallObjectChoice(checks, configuration);
  const list =
    configuration &&
    checks.array(configuration.fields.get('Rules') ?? none(configuration), 'Rules', configuration.line);
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

const none = ({ line }: JsonObject): Json => ({ kind: 'array', line, items: [] });

function smallObjectChoice(
  checks: Checks,
  configuration: JsonObject | undefined,
): LifecycleConfiguration['smallObjects'] {
  const text = configuration?.fields.get('TransitionDefaultMinimumObjectSize');
  if (text === undefined) return SMALL_OBJECT_CHOICES[0];
  const choice = SMALL_OBJECT_CHOICES.find((name) => name === text);
  if (!choice) {
    const found = typeof text === 'string' ? quoted(text).slice(1, -1) : 'no text';
    const message = `Invalid TransitionDefaultMinimumObjectSize found: ${found}; it is one of ${SMALL_OBJECT_CHOICES.join(', ')}`;
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
