/** Whether transitions pay: their request against what the colder class saves while objects stay in it. */
import {
  DEEP_ARCHIVE,
  GLACIER,
  INTELLIGENT_TIERING,
  SMALL_OBJECT_BYTES,
  STORAGE_CLASSES,
} from '../model/storage-class.ts';
import { type Action, actionInWords } from './actions.ts';
import type { Costs } from './costs.ts';
import type { Check, Remark, Subject } from './finding.ts';
import { isLastingTiering, type Stay, stays } from './stays.ts';
import { counted, formatBytes, formatTime, perMillion, roundSize } from './words.ts';

/** A year, to say what is saved where nothing ends. */
const YEAR_DAYS = 365.25;

/** Transitions that cost more than they save: at the size the user told, or for the smallest objects the rule moves. */
export const neverPays: Check = {
  name: 'never-pays',
  check: (subject) =>
    stays(subject)
      .filter((stay) => !stay.pays && !isEarly(stay) && !isSmallInTiering(stay))
      .filter(
        (stay) => subject.objectSize !== undefined || !(isLastingTiering(stay) || isMovedByDefault(stay, subject)),
      )
      .map((stay) => neverPaysRemark(stay, subject)),
};

/** What the user asked for by telling a size: when each transition is paid back. */
export const pays: Check = {
  name: 'pays',
  check: (subject) =>
    subject.objectSize === undefined
      ? []
      : stays(subject)
          .filter((stay) => stay.pays && !isEarly(stay))
          .map((stay) => paysRemark(stay, subject.costs)),
};

/** Objects under 128 KB in Intelligent-Tiering are not monitored: they stay in its dearest tier, at the price of S3 Standard. */
export const smallInIntelligentTiering: Check = {
  name: 'small-in-intelligent-tiering',
  check: (subject) => stays(subject).filter(isSmallInTiering).map(smallInTieringRemark),
};

/** Objects that leave a class before the days it bills at the least. */
export const earlyDelete: Check = {
  name: 'early-delete',
  check: (subject) => stays(subject).filter(isEarly).map(earlyRemark),
};

/** Objects of the size the user told are under the default minimum, and stay where they are. */
export const neverMoves: Check = {
  name: 'never-moves',
  check: ({ actions, objectSize }) =>
    objectSize === undefined
      ? []
      : actions
          .filter((action) => isUnderDefault(action, objectSize))
          .map((action) => neverMovesRemark(action, objectSize)),
};

const isEarly = ({ move, minimumDays }: Stay): boolean => move.days < minimumDays;

const isSmallInTiering = ({ move, size }: Stay): boolean =>
  move.to === INTELLIGENT_TIERING && size < SMALL_OBJECT_BYTES;

/** What `small-objects-move` speaks of. */
function isMovedByDefault({ action, move }: Stay, { configuration }: Subject): boolean {
  const archives = move.to === GLACIER || move.to === DEEP_ARCHIVE;
  return configuration.smallObjects === 'varies_by_storage_class' && archives && !hasSizes(action);
}

function isUnderDefault(action: Action, size: number): boolean {
  return action.target !== undefined && size < action.smallest && !hasSizes(action);
}

function hasSizes({ rule: { filter } }: Action): boolean {
  return filter.sizeGreaterThan !== undefined || filter.sizeLessThan !== undefined;
}

function neverPaysRemark(stay: Stay, { costs, objectSize }: Subject): Remark {
  const { action, move, breakEven, size } = stay;
  const whose =
    objectSize !== undefined
      ? `for objects of ${formatBytes(size)}`
      : breakEven === Infinity
        ? 'whatever the size of an object'
        : `for objects under ${formatBytes(breakEven)}`;
  return {
    severity: 'warning',
    of: action.rule,
    what: `${actionInWords(action)} does not pay ${whose}`,
    why: `${balance(stay, costs)}; ${timeNeeded(stay, costs)}${objectSize === undefined ? '' : fromSize(breakEven)}`,
    advice:
      breakEven === Infinity
        ? 'take this transition out'
        : `set ObjectSizeGreaterThan to ${roundSize(breakEven)}, ${move.days < YEAR_DAYS ? 'let objects stay longer, ' : ''}or take this transition out`,
  };
}

/** `a million objects of 128 KiB cost $10.00 to move and save $2.53 in the 60 days until they expire` */
function balance({ move, size, until }: Stay, costs: Costs): string {
  const days = until === undefined ? YEAR_DAYS : move.days;
  const saved = costs.saved({ ...move, days }, size) + costs.moving(move.to);
  const period = until === undefined ? 'in a year' : `in the ${counted(days, 'day')} until ${until}`;
  const effect = saved >= 0 ? `save ${perMillion(saved)}` : `${perMillion(saved)} more to keep`;
  return `a million objects of ${formatBytes(Math.max(size, 1))} cost ${perMillion(costs.moving(move.to))} to move and ${effect} ${period}`;
}

function timeNeeded({ move, size }: Stay, costs: Costs): string {
  const days = costs.payback(move, size);
  return days === Infinity ? 'no time is long enough' : `they would need ${formatTime(days)}`;
}

function fromSize(breakEven: number): string {
  return breakEven === Infinity ? '' : `, or ${formatBytes(breakEven)} each`;
}

function paysRemark({ action, move, size, breakEven }: Stay, costs: Costs): Remark {
  const cost = `a million of them cost ${perMillion(costs.moving(move.to))} to move`;
  const from =
    breakEven > action.smallest
      ? `; it pays from ${formatBytes(breakEven)} on`
      : '; it pays for all that the rule moves';
  return {
    severity: 'note',
    of: action.rule,
    what: `${actionInWords(action)} pays for objects of ${formatBytes(size)}`,
    why: `${cost}, which is saved in ${formatTime(costs.payback(move, size))}${from}`,
  };
}

function smallInTieringRemark({ action, size }: Stay): Remark {
  const largest = `objects ${size === action.smallest ? `from ${formatBytes(size)}` : `of ${formatBytes(size)}`}`;
  return {
    severity: 'warning',
    of: action.rule,
    what: `${actionInWords(action)} moves ${largest}, and never pays under ${formatBytes(SMALL_OBJECT_BYTES)}`,
    why: 'objects so small are not monitored and stay in Frequent Access, at the price of S3 Standard; only the move is charged',
    advice: `set ObjectSizeGreaterThan to ${SMALL_OBJECT_BYTES - 1}`,
  };
}

function earlyRemark({ action, move, minimumDays, until, breakEven, pays }: Stay): Remark {
  const rest = minimumDays - move.days;
  const verdict = pays
    ? ', and the move pays all the same'
    : breakEven === Infinity
      ? ', and the move never pays'
      : `, and the move pays from ${formatBytes(breakEven)} on`;
  return {
    severity: pays ? 'note' : 'warning',
    of: action.rule,
    what: `${actionInWords(action)} is billed for ${minimumDays} days, of which objects stay ${move.days}`,
    why: `then ${until}; the other ${counted(rest, 'day')} are charged as an early delete${verdict}`,
    advice: `let them stay ${minimumDays} days, or leave them in ${STORAGE_CLASSES[move.from]!}`,
  };
}

function neverMovesRemark(action: Action, size: number): Remark {
  return {
    severity: 'warning',
    of: action.rule,
    what: `${actionInWords(action)} does not move objects of ${formatBytes(size)}`,
    why: `without a filter by size, nothing under ${formatBytes(action.smallest)} moves`,
    advice: `set ObjectSizeGreaterThan below ${size} if they are to move`,
  };
}
