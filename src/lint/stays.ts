/** Where each transition takes an object from, how long the object then stays, and from which size that pays. */
import { INTELLIGENT_TIERING, STANDARD, STORAGE_CLASS_FACTS, STORAGE_CLASSES } from '../model/storage-class.ts';
import { leadsTo } from '../policies/waterfall.ts';
import type { Action } from './actions.ts';
import { FOREVER_DAYS, type Move } from './costs.ts';
import type { Subject } from './finding.ts';
import { shadows } from './never-happens.ts';
import { includes, sizes } from './scope.ts';

export interface Stay {
  readonly action: Action;
  readonly move: Move;
  /** What ends it: `they expire`; absent when nothing does. */
  readonly until?: string;
  /** Days billed at the least. */
  readonly minimumDays: number;
  /** The size from which the move pays; Infinity when it pays for none. */
  readonly breakEven: number;
  /** The size in question: the user's, or the smallest the rule moves. */
  readonly size: number;
  /** Whether it pays for objects of that size, and unless the user told it, for larger ones too. */
  readonly pays: boolean;
}

/** The stays of all transitions that happen to objects of the size in question. */
export function stays(subject: Subject): Stay[] {
  const dead = new Set(shadows(subject).map(({ action }) => action));
  const alive = { ...subject, actions: subject.actions.filter((action) => !dead.has(action)) };
  return alive.actions.flatMap((action) => {
    const size = subject.objectSize ?? action.smallest;
    if (action.target === undefined || size < action.smallest || size > sizes(action.rule.filter)[1]) return [];
    return stay(action, action.target, size, alive) ?? [];
  });
}

function stay(action: Action, to: number, size: number, subject: Subject): Stay | undefined {
  const before = neighbours(action, subject)
    .filter((other) => other.at < action.at && leadsTo(other.target!, to))
    .at(-1);
  const from = before?.target ?? subject.document.uploadClass ?? STANDARD;
  if (!leadsTo(from, to)) return undefined;
  const end = earliest([...movesOn(action, subject), ...removals(action, subject)]);
  const move: Move = {
    from,
    afterDays: before ? action.at - before.at : action.by === 'days' ? action.at : 0,
    to,
    days: end ? end.at - action.at : FOREVER_DAYS,
  };
  const breakEven = subject.costs.breakEven(move);
  return {
    action,
    move,
    ...(end && { until: end.words }),
    minimumDays: STORAGE_CLASS_FACTS[to]!.minimumStorageDays,
    breakEven,
    size,
    pays: subject.objectSize === undefined ? size >= breakEven : subject.costs.saved(move, size) >= 0,
  };
}

interface End {
  readonly at: number;
  readonly words: string;
}

function earliest(ends: readonly End[]): End | undefined {
  return ends.reduce<End | undefined>((first, end) => (first && first.at <= end.at ? first : end), undefined);
}

/** The other transitions of the same rule that are counted alike, earliest first. */
function neighbours(action: Action, { actions }: Subject): Action[] {
  return actions
    .filter((other) => other.rule === action.rule && other.target !== undefined && other !== action)
    .filter((other) => other.subject === action.subject && other.by === action.by)
    .sort((a, b) => a.at - b.at);
}

function movesOn(action: Action, subject: Subject): End[] {
  return neighbours(action, subject)
    .filter((other) => other.at > action.at && leadsTo(action.target!, other.target!))
    .map(({ at, target }) => ({ at, words: `they go on to ${STORAGE_CLASSES[target!]!}` }));
}

/** What removes all objects the action is about. In a versioned bucket an expired object stays, noncurrent, until it is removed. */
function removals(action: Action, subject: Subject): End[] {
  const all = subject.actions.filter(
    ({ target, rule }) => target === undefined && includes(rule.filter, action.rule.filter),
  );
  const noncurrent = all.filter((other) => other.subject === 'noncurrent' && other.newer === 0);
  const counted = action.subject === 'noncurrent' ? noncurrent : all.filter((other) => other.subject === 'current');
  const later = counted.filter(({ by, at }) => by === action.by && at > action.at);
  if (action.subject === 'noncurrent' || subject.versioned !== true) {
    const verb = action.subject === 'noncurrent' ? 'are removed' : 'expire';
    return later.map((other) => ({ at: other.at, words: `they ${verb}${named(other, action)}` }));
  }
  return later.flatMap((other) =>
    noncurrent.map(({ at }) => ({
      at: other.at + at,
      words: `they are removed, ${at} days after they expire${named(other, action)}`,
    })),
  );
}

function named(other: Action, action: Action): string {
  return other.rule === action.rule ? '' : ` (rule '${other.rule.name}')`;
}

/** Objects that nothing ends in Intelligent-Tiering: with time the colder tiers pay for the move. */
export function isLastingTiering({ move, until }: Stay): boolean {
  return move.to === INTELLIGENT_TIERING && until === undefined;
}
