import { GLACIER_IR, INTELLIGENT_TIERING, ONEZONE_IA, STORAGE_CLASSES } from '../model/storage-class.ts';
import type { ObjectFilter } from '../policies/filters.ts';
import type { LifecycleRule } from '../policies/lifecycle-configuration.ts';
import { leadsTo, PRECEDENCE } from '../policies/waterfall.ts';
import { type Action, actionInWords } from './actions.ts';
import type { Check, Remark, Subject } from './finding.ts';
import { includes, overlaps } from './scope.ts';

/** Actions that never happen to an object uploaded to S3 Standard (or where the policy has uploads go). */
export const neverHappens: Check = {
  name: 'never-happens',
  check: (subject) => [
    ...subject.actions.flatMap((action) => unreachable(action, subject) ?? []),
    ...shadows(subject).map(({ action, by }) => remark(action, by)),
  ],
};

/** A transition that does not exist from the class uploads go to. */
function unreachable(action: Action, { document }: Subject): Remark | undefined {
  const { uploadClass } = document;
  if (uploadClass === undefined || action.target === undefined || action.subject !== 'current') return undefined;
  if (leadsTo(uploadClass, action.target)) return undefined;
  return {
    severity: 'warning',
    of: action.rule,
    what: `${actionInWords(action)} never happens to uploads`,
    why: `they go to ${STORAGE_CLASSES[uploadClass]!}, and from there S3 does not move them to ${STORAGE_CLASSES[action.target]!}`,
    advice: 'remove it, or upload to a warmer class',
  };
}

export interface Shadow {
  readonly action: Action;
  /** What comes first. */
  readonly by: Action;
}

/** Every action that never happens, and what comes before it. */
export function shadows(subject: Subject): Shadow[] {
  return subject.actions.flatMap((action) => {
    const by = subject.actions.find((other) => other !== action && isShadowed(action, other, subject));
    return by ? { action, by } : [];
  });
}

function isShadowed(action: Action, by: Action, subject: Subject): boolean {
  if (action.subject !== by.subject || action.by !== by.by) return false;
  if (by.at > action.at || by.newer > action.newer || !includes(by.rule.filter, action.rule.filter)) return false;
  if (by.target === undefined) return isRemovedFirst(action, by, subject.versioned === true);
  return action.target !== undefined && by.smallest <= action.smallest && isMovedAway(action, by, subject);
}

/** At one midnight removing comes first, but for the delete marker of a versioned bucket, which comes last. */
function isRemovedFirst(action: Action, by: Action, versioned: boolean): boolean {
  if (action.target === undefined) return isSooner(action, by) || by.index < action.index;
  return action.subject === 'current' && versioned ? isStrictlySooner(action, by) : true;
}

/** What class an object is moved to, once it is due, no class that may still go to the target can be reached from. */
function isMovedAway(action: Action, by: Action, subject: Subject): boolean {
  const [target, other] = [action.target!, by.target!];
  if (leadsTo(other, target) || tiersDecide(action, by, subject)) return false;
  if (isStrictlySooner(action, by)) return true;
  return target === other ? by.index < action.index : PRECEDENCE[other]! > PRECEDENCE[target]!;
}

/**
 * An earlier move may itself not be made: out of Intelligent-Tiering's colder tiers it may be refused, and at one midnight
 * Intelligent-Tiering is preferred to it. From there the later move may still be made.
 */
function tiersDecide(action: Action, by: Action, { document, actions }: Subject): boolean {
  const tiered =
    document.uploadClass === INTELLIGENT_TIERING ||
    actions.some(({ target, rule }) => target === INTELLIGENT_TIERING && overlaps(untagged(rule), action.rule.filter));
  const late = by.by === 'date' || by.at >= LEAST_DAYS_TO_COLDER_TIERS;
  return tiered && (late || (fromTiers(action) && fromTiers(by)));
}

/** Tags change: an object may have met the filter before. */
function untagged({ filter }: LifecycleRule): ObjectFilter {
  return { ...filter, tags: [] };
}

/** Days without access after which Archive Instant Access or Archive Access takes an object in. */
const LEAST_DAYS_TO_COLDER_TIERS = 90;

/** A move to a class that Intelligent-Tiering is preferred to, and leads to. */
function fromTiers({ target }: Action): boolean {
  return target === ONEZONE_IA || target === GLACIER_IR;
}

function isSooner(action: Action, by: Action): boolean {
  return by.at < action.at || by.newer < action.newer;
}

/** Never at the same midnight, as what waits for a tag, a date or other versions may be. */
function isStrictlySooner(action: Action, by: Action): boolean {
  return by.by === 'days' && by.at < action.at && by.rule.filter.tags.length === 0 && by.newer === 0;
}

function remark(action: Action, by: Action): Remark {
  const what = `${actionInWords(action)} never happens`;
  return { severity: 'warning', of: action.rule, what, why: reason(action, by), advice: advice(action, by) };
}

function reason(action: Action, by: Action): string {
  const whose = by.rule === action.rule ? 'this rule' : `rule '${by.rule.name}'`;
  if (by.subject === 'upload') return `${whose} aborts the same uploads ${by.when}`;
  if (by.target === undefined) {
    return `${whose} ${by.subject === 'current' ? 'expires the same objects' : 'removes the same versions'} ${by.when}`;
  }
  const name = STORAGE_CLASSES[by.target]!;
  if (by.target === action.target) return `${whose} moves the same objects there ${by.when}`;
  return `${whose} moves the same objects to ${name} ${by.when}, and from there S3 does not move them to ${STORAGE_CLASSES[action.target!]!}`;
}

function advice(action: Action, by: Action): string {
  if (by.rule === action.rule) return 'take one of the two out';
  return `remove it, or narrow the filter of rule '${by.rule.name}'`;
}
