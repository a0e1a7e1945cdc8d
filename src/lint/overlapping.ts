import { STORAGE_CLASS_FACTS, STORAGE_CLASSES } from '../model/storage-class.ts';
import { leadsTo } from '../policies/waterfall.ts';
import { type Action, actionInWords } from './actions.ts';
import type { Check, Remark, Subject } from './finding.ts';
import { shadows } from './never-happens.ts';
import { includes, overlaps, sizes } from './scope.ts';
import { counted } from './words.ts';

/** Objects that another rule takes out of a class, or that are uploaded to it and leave, before the days it bills at the least. */
export const earlyDeleteByAnother: Check = {
  name: 'early-delete-by-another-rule',
  check(subject) {
    const dead = new Set(shadows(subject).map(({ action }) => action));
    const alive = subject.actions.filter((action) => !dead.has(action));
    const moves = alive.flatMap((action) => {
      const by = earliest(alive.filter((other) => takesOut(other, action, subject)));
      return by ? afterMove(action, by) : [];
    });
    return [...afterUpload(alive, subject), ...moves];
  },
};

/** Whether `other` takes some objects out of the class `action` moves them to, too early. What it does to all of them is `early-delete`. */
function takesOut(other: Action, action: Action, { versioned }: Subject): boolean {
  if (action.target === undefined || other.rule === action.rule) return false;
  if (other.subject !== action.subject || other.by !== action.by || !meet(other, action)) return false;
  const days = other.at - action.at;
  if (days <= 0 || days >= STORAGE_CLASS_FACTS[action.target]!.minimumStorageDays) return false;
  if (other.target !== undefined) return leadsTo(action.target, other.target);
  const removes = other.subject === 'noncurrent' || versioned !== true;
  return removes && !includes(other.rule.filter, action.rule.filter);
}

/** Whether there can be an object that both act on. */
function meet(one: Action, other: Action): boolean {
  const largest = Math.min(sizes(one.rule.filter)[1], sizes(other.rule.filter)[1]);
  return overlaps(one.rule.filter, other.rule.filter) && Math.max(one.smallest, other.smallest) <= largest;
}

function earliest(actions: readonly Action[]): Action | undefined {
  return actions.reduce<Action | undefined>((first, one) => (first && first.at <= one.at ? first : one), undefined);
}

function afterMove(action: Action, by: Action): Remark {
  const { minimumStorageDays: minimum } = STORAGE_CLASS_FACTS[action.target!]!;
  return {
    severity: 'warning',
    of: action.rule,
    what: `${actionInWords(action)} is billed for ${minimum} days, but ${effect(by, 'some of the objects')}`,
    why: `the other ${counted(minimum - (by.at - action.at), 'day')} are charged as an early delete`,
    advice: 'keep the two rules apart by their filters, or let the second wait',
  };
}

/** Uploads go to a class with a minimum of its own. */
function afterUpload(alive: readonly Action[], { document, versioned }: Subject): Remark[] {
  const { uploadClass } = document;
  if (uploadClass === undefined) return [];
  const { minimumStorageDays: minimum } = STORAGE_CLASS_FACTS[uploadClass]!;
  const leaves = alive.filter(({ subject, by, target }) => {
    if (subject !== 'current' || by !== 'days') return false;
    return target === undefined ? versioned !== true : leadsTo(uploadClass, target);
  });
  const by = earliest(leaves.filter(({ at }) => at < minimum));
  if (!by) return [];
  return [
    {
      severity: 'warning',
      of: by.rule,
      what: `uploads to ${STORAGE_CLASSES[uploadClass]!} are billed for ${minimum} days, but ${effect(by, 'objects')}`,
      why: `the other ${counted(minimum - by.at, 'day')} are charged as an early delete`,
      advice: 'let it wait, or upload what is short-lived to S3 Standard',
    },
  ];
}

function effect(by: Action, objects: string): string {
  const rule = `rule '${by.rule.name}'`;
  if (by.target === undefined)
    return `${rule} ${by.subject === 'current' ? 'expires' : 'removes'} ${objects} ${by.when}`;
  return `${rule} moves ${objects} on to ${STORAGE_CLASSES[by.target]!} ${by.when}`;
}
