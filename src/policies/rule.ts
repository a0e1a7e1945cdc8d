import {
  type ClassCode,
  DEEP_ARCHIVE,
  GLACIER,
  INTELLIGENT_TIERING,
  SMALL_OBJECT_BYTES,
  STANDARD,
} from '../model/storage-class.ts';
import { DAY_SECONDS, midnightFrom } from '../model/time.ts';
import { hasMarks, markChangeAt } from '../trace/access-tiers.ts';
import type { Life } from '../trace/life.ts';
import type { Stays } from '../trace/stays.ts';
import { MARKS_PER_WORD } from '../trace/trace.ts';
import type { ObjectFilter } from './filters.ts';
import type { LifecycleConfiguration, LifecycleDue, LifecycleRule } from './lifecycle-configuration.ts';
import type { MarkList } from './marks.ts';

/** One action of a rule. */
export interface Action {
  /** Where a transition goes; STANDARD, where none goes, for an expiration. */
  readonly target: ClassCode;
  /** Days after creation, or after the version became noncurrent, in seconds; 0 where there is a date. */
  readonly age: number;
  /** Whether the age says when, and not a date. */
  readonly byAge: boolean;
  /** Not done before; -Infinity where nothing says so. */
  readonly date: number;
  /** Done so much later than it is due. */
  readonly delay: number;
  /** Done only to versions with so many newer noncurrent ones. */
  readonly newerVersions: number;
  /** The smallest object it is done to. */
  readonly smallest: number;
}

/** What a run says of all rules. */
export interface RuleTimes {
  /** UTC seconds at a midnight: no rule acts before; -Infinity when they were always there. */
  readonly rulesFrom: number;
  /** How long after its midnight a transition into INTELLIGENT_TIERING is made and billed. */
  readonly tieringDelaySeconds: number;
}

/** An enabled rule, compiled. */
export class Rule {
  /** In the configuration. */
  readonly index: number;
  readonly expiration: Action | undefined;
  readonly transitions: readonly Action[];
  readonly noncurrentExpiration: Action | undefined;
  readonly noncurrentTransitions: readonly Action[];
  /** When delete markers are removed behind which there is no version: by ExpiredObjectDeleteMarker, or by age or date. */
  readonly markerExpiration: Action | undefined;
  /** It has no tags and no sizes in its filter, and so is about delete markers too. */
  readonly coversMarkers: boolean;
  readonly #smallest: number;
  readonly #largest: number;
  readonly #prefixMark: number;
  readonly #tagMarks: readonly number[];
  /** Where in a trace's marks the prefix is: word and bit. */
  #prefixWord = 0;
  #prefixBit = 0;

  constructor(
    marks: MarkList,
    rule: LifecycleRule,
    index: number,
    smallObjects: LifecycleConfiguration['smallObjects'],
    times: RuleTimes,
  ) {
    const { filter, expiration, noncurrentExpiration } = rule;
    const moved = (target: ClassCode): number => smallestMoved(filter, target, smallObjects);
    const current = (due: LifecycleDue, target: ClassCode, smallest: number): Action =>
      action('days' in due ? due.days : undefined, 'date' in due ? due.date : -Infinity, 0, target, smallest, times);
    this.index = index;
    this.expiration = expiration && current(expiration, STANDARD, 0);
    this.transitions = rule.transitions.map((t) => current(t, t.storageClass, moved(t.storageClass)));
    this.noncurrentExpiration =
      noncurrentExpiration &&
      action(
        noncurrentExpiration.noncurrentDays,
        -Infinity,
        noncurrentExpiration.newerNoncurrentVersions,
        STANDARD,
        0,
        times,
      );
    this.noncurrentTransitions = rule.noncurrentTransitions.map((t) =>
      action(t.noncurrentDays, -Infinity, t.newerNoncurrentVersions, t.storageClass, moved(t.storageClass), times),
    );
    this.markerExpiration = rule.expiredObjectDeleteMarker
      ? action(0, -Infinity, 0, STANDARD, 0, times)
      : this.expiration;
    this.coversMarkers =
      filter.tags.length === 0 && filter.sizeGreaterThan === undefined && filter.sizeLessThan === undefined;
    this.#smallest = (filter.sizeGreaterThan ?? -1) + 1;
    this.#largest = (filter.sizeLessThan ?? Infinity) - 1;
    this.#prefixMark = marks.prefix(filter.prefix ?? '')[0] ?? -1;
    this.#tagMarks = marks.tags(filter.tags);
  }

  /** Looks up where its prefix is among the marks of a trace. */
  bind(markOf: readonly number[]): void {
    if (this.#prefixMark < 0) return;
    const mark = markOf[this.#prefixMark]!;
    this.#prefixWord = Math.floor(mark / MARKS_PER_WORD);
    this.#prefixBit = 1 << (mark % MARKS_PER_WORD);
  }

  /** Whether it is about objects of this key and size. */
  covers(life: Life): boolean {
    return this.coversKey(life.marks) && life.size >= this.#smallest && life.size <= this.#largest;
  }

  /** Whether it is about the key that has these marks. */
  coversKey(marks: Int32Array): boolean {
    return this.#prefixBit === 0 || (marks[this.#prefixWord]! & this.#prefixBit) !== 0;
  }

  /** The midnight an action is done to an object the rule covers, if that is before `end`; Infinity when it is not. */
  due(action: Action, life: Life, end: number, markOf: readonly number[], markWords: number): number {
    if (life.size < action.smallest) return Infinity;
    return this.taggedFrom(life, undefined, dueAt(action, life.created), end, markOf, markWords);
  }

  /** The first midnight from `first` on, before `end`, at which the object has the rule's tags; Infinity when there is none. */
  taggedFrom(
    life: Life,
    stays: Stays | undefined,
    first: number,
    end: number,
    markOf: readonly number[],
    markWords: number,
  ): number {
    if (first >= end) return Infinity;
    if (this.#tagMarks.length === 0) return first;
    const change = markChangeAt(life, first, stays);
    if (hasMarks(life, change, this.#tagMarks, markOf, markWords)) return first;
    for (let next = change + 1; next < life.markChanges; next++) {
      const midnight = midnightFrom(life.markTime[next]!);
      if (midnight >= end) return Infinity;
      if (midnight < first) continue;
      const latest = markChangeAt(life, midnight, stays);
      if (hasMarks(life, latest, this.#tagMarks, markOf, markWords)) return midnight;
      next = Math.max(next, latest);
    }
    return Infinity;
  }
}

/** The midnight an action is due on. */
export function dueAt({ age, date, delay }: Action, since: number): number {
  return Math.max(midnightFrom(since + age), date) + delay;
}

function action(
  days: number | undefined,
  date: number,
  newerVersions: number | undefined,
  target: ClassCode,
  smallest: number,
  { rulesFrom, tieringDelaySeconds }: RuleTimes,
): Action {
  return {
    target,
    age: (days ?? 0) * DAY_SECONDS,
    byAge: days !== undefined,
    date: Math.max(date, rulesFrom),
    delay: target === INTELLIGENT_TIERING ? tieringDelaySeconds : 0,
    newerVersions: newerVersions ?? 0,
    smallest,
  };
}

/**
 * Bytes from which objects move. A filter by size takes precedence over the default.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html
 */
export function smallestMoved(
  filter: ObjectFilter,
  target: ClassCode,
  smallObjects: LifecycleConfiguration['smallObjects'],
): number {
  if (filter.sizeGreaterThan !== undefined || filter.sizeLessThan !== undefined) return 0;
  const archives = target === GLACIER || target === DEEP_ARCHIVE;
  return smallObjects === 'varies_by_storage_class' && archives ? 0 : SMALL_OBJECT_BYTES;
}
