/**
 * A lifecycle configuration as a policy: when its rules move and remove objects.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html (when),
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-conflicts.html (which of several) and
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html (from where to where).
 */
import {
  type ClassCode,
  DEEP_ARCHIVE,
  GLACIER,
  GLACIER_IR,
  INTELLIGENT_TIERING,
  ONEZONE_IA,
  SMALL_OBJECT_BYTES,
  STANDARD,
  STANDARD_IA,
} from '../model/storage-class.ts';
import { DAY_SECONDS, midnightFrom } from '../model/time.ts';
import type { RestoreTier } from '../model/usage-type.ts';
import {
  type AccessTier,
  ARCHIVE_ACCESS,
  ARCHIVE_INSTANT_ACCESS,
  DEEP_ARCHIVE_ACCESS,
  FREQUENT_ACCESS,
  hasMarks,
  INFREQUENT_ACCESS,
  markChangeAt,
  optIn,
  type TierSettings,
  tierSettings,
  walkTiers,
} from '../trace/access-tiers.ts';
import type { Life } from '../trace/life.ts';
import type { Stays } from '../trace/stays.ts';
import { MARKS_PER_WORD, type Mark } from '../trace/trace.ts';
import { describeLifecycle } from './description.ts';
import type { ObjectFilter } from './filters.ts';
import type { IntelligentTieringConfiguration } from './intelligent-tiering-configuration.ts';
import type { LifecycleConfiguration, LifecycleDue, LifecycleRule } from './lifecycle-configuration.ts';
import type { Policy } from './policy.ts';

export interface LifecyclePolicyOptions {
  readonly name: string;
  /** Absent: no rules. */
  readonly configuration?: LifecycleConfiguration;
  /** Absent: uploads keep the class the trace gives. */
  readonly uploadClass?: ClassCode;
  readonly intelligentTiering?: readonly IntelligentTieringConfiguration[];
  /** Speed of the restores out of Intelligent-Tiering's archive tiers, which decides the tier an object is in; standard by default. */
  readonly restoreTier?: RestoreTier;
}

/** A configuration that S3 accepts, compiled. */
export function lifecyclePolicy(options: LifecyclePolicyOptions): Policy {
  const { name, configuration, uploadClass, intelligentTiering = [], restoreTier = 'standard' } = options;
  const marks = new MarkList();
  const rules = configuration?.rules ?? [];
  const enabled = [...rules.entries()].filter(([, rule]) => rule.enabled);
  const compiled = enabled.map(([i, rule]) => new Rule(marks, rule, i, configuration!.smallObjects));
  const aborts = enabled.flatMap(([, { filter, abortIncompleteUploadDays: days }]) =>
    days === undefined ? [] : [{ marks: marks.of(filter), days }],
  );
  const archiveTiers = intelligentTiering.flatMap(({ enabled: counts, filter, name: _, ...days }) =>
    counts ? [{ marks: marks.of(filter), ...days }] : [],
  );
  const placement = new Placement(compiled, archiveTiers, restoreTier);
  return {
    name,
    description: describeLifecycle(options),
    marks: marks.list,
    rules: rules.map((rule) => rule.name),
    ...(archiveTiers.length === 0 ? {} : { archiveTiers }),
    ...(aborts.length === 0 ? {} : { abortIncompleteUploads: aborts }),
    ...(uploadClass === undefined ? {} : { uploadClass }),
    place(life, stays, markOf, markWords) {
      stays.begin(uploadClass ?? life.uploadClass, life.created);
      placement.act(life, stays, markOf, markWords);
    },
  };
}

/** What the policy asks about keys and tags, each once. */
class MarkList {
  readonly list: Mark[] = [];
  readonly #positions = new Map<string, number>();

  /** Positions of a filter's marks, the prefix first. */
  of({ prefix = '', tags }: ObjectFilter): number[] {
    return [...this.prefix(prefix), ...this.tags(tags)];
  }

  prefix(prefix: string): number[] {
    return prefix === '' ? [] : [this.#position({ kind: 'prefix', prefix })];
  }

  tags(tags: ObjectFilter['tags']): number[] {
    return tags.map(({ key, value }) => this.#position({ kind: 'tag', key, value }));
  }

  #position(mark: Mark): number {
    const text = JSON.stringify(mark);
    const known = this.#positions.get(text);
    if (known !== undefined) return known;
    this.#positions.set(text, this.list.length);
    return this.list.push(mark) - 1;
  }
}

/** One action of a rule. */
interface Action {
  /** Where a transition goes; STANDARD, where none goes, for an expiration. */
  readonly target: ClassCode;
  /** Days after creation, in seconds; 0 where there is a date. */
  readonly age: number;
  /** -Infinity where there are days. */
  readonly date: number;
  /** The smallest object it is done to. */
  readonly smallest: number;
}

function action(due: LifecycleDue, target: ClassCode, smallest: number): Action {
  return {
    target,
    age: 'days' in due ? due.days * DAY_SECONDS : 0,
    date: 'date' in due ? due.date : -Infinity,
    smallest,
  };
}

/** An enabled rule, compiled. */
class Rule {
  /** In the configuration. */
  readonly index: number;
  readonly expiration: Action | undefined;
  readonly transitions: readonly Action[];
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
  ) {
    const { filter, expiration, transitions } = rule;
    this.index = index;
    this.expiration = expiration && action(expiration, STANDARD, 0);
    this.transitions = transitions.map((t) =>
      action(t, t.storageClass, smallestMoved(filter, t.storageClass, smallObjects)),
    );
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
    if (this.#prefixBit !== 0 && (life.marks[this.#prefixWord]! & this.#prefixBit) === 0) return false;
    return life.size >= this.#smallest && life.size <= this.#largest;
  }

  /** The midnight an action is done to an object the rule covers, if that is before `end`; Infinity when it is not. */
  due({ age, date, smallest }: Action, life: Life, end: number, markOf: readonly number[], markWords: number): number {
    if (life.size < smallest || life.created + age >= end) return Infinity;
    const first = Math.max(midnightFrom(life.created + age), date);
    if (first >= end) return Infinity;
    if (this.#tagMarks.length === 0) return first;
    let change = markChangeAt(life, first);
    if (hasMarks(life, change, this.#tagMarks, markOf, markWords)) return first;
    while (++change < life.markChanges) {
      const midnight = midnightFrom(life.markTime[change]!);
      if (midnight >= end) return Infinity;
      change = markChangeAt(life, midnight);
      if (hasMarks(life, change, this.#tagMarks, markOf, markWords)) return midnight;
    }
    return Infinity;
  }
}

/**
 * Bytes from which objects move. A filter by size takes precedence over the default.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html
 */
function smallestMoved(
  filter: ObjectFilter,
  target: ClassCode,
  smallObjects: LifecycleConfiguration['smallObjects'],
): number {
  if (filter.sizeGreaterThan !== undefined || filter.sizeLessThan !== undefined) return 0;
  const archives = target === GLACIER || target === DEEP_ARCHIVE;
  return smallObjects === 'varies_by_storage_class' && archives ? 0 : SMALL_OBJECT_BYTES;
}

/** Classes as bits by class code. */
function targets(...classes: readonly ClassCode[]): number {
  return classes.reduce((bits, code) => bits | (1 << code), 0);
}

/** Where objects may go from each class, by class code; INTELLIGENT_TIERING's by tier below. */
const ALLOWED: readonly number[] = [
  targets(STANDARD_IA, ONEZONE_IA, INTELLIGENT_TIERING, GLACIER_IR, GLACIER, DEEP_ARCHIVE),
  targets(ONEZONE_IA, INTELLIGENT_TIERING, GLACIER_IR, GLACIER, DEEP_ARCHIVE),
  targets(GLACIER, DEEP_ARCHIVE),
  targets(ONEZONE_IA, GLACIER_IR, GLACIER, DEEP_ARCHIVE),
  targets(GLACIER, DEEP_ARCHIVE),
  targets(DEEP_ARCHIVE),
  targets(),
  targets(),
];

const ALLOWED_FROM_TIER: Readonly<Record<AccessTier, number>> = {
  [FREQUENT_ACCESS]: targets(ONEZONE_IA, GLACIER_IR, GLACIER, DEEP_ARCHIVE),
  [INFREQUENT_ACCESS]: targets(ONEZONE_IA, GLACIER_IR, GLACIER, DEEP_ARCHIVE),
  [ARCHIVE_INSTANT_ACCESS]: targets(GLACIER_IR, GLACIER, DEEP_ARCHIVE),
  [ARCHIVE_ACCESS]: targets(GLACIER, DEEP_ARCHIVE),
  [DEEP_ARCHIVE_ACCESS]: targets(DEEP_ARCHIVE),
};

/** Which of several transitions on one midnight is made: the highest. INTELLIGENT_TIERING is preferred to all but the archives. */
const PRECEDENCE: readonly number[] = [0, 1, 2, 4, 3, 5, 6, 0];

/** Works out stays; holds the room it needs for one life, so that none is made per life. */
class Placement {
  readonly #rules: readonly Rule[];
  readonly #archiveTiers: NonNullable<Policy['archiveTiers']>;
  readonly #settings: TierSettings;
  /** Nothing is due before this age and this date, whichever comes first. */
  readonly #leastAge: number;
  readonly #firstDate: number;
  /** Transitions due, not yet made: when, where to, by which rule. */
  readonly #due: Float64Array;
  readonly #target: Uint8Array;
  readonly #rule: Int32Array;
  /** The rules that cover the life. */
  readonly #covering: Rule[] = [];
  #markOf: readonly number[] | undefined;

  constructor(rules: readonly Rule[], archiveTiers: NonNullable<Policy['archiveTiers']>, restoreTier: RestoreTier) {
    this.#rules = rules;
    this.#archiveTiers = archiveTiers;
    this.#settings = tierSettings(restoreTier);
    const actions = rules.flatMap((rule) => [...(rule.expiration ? [rule.expiration] : []), ...rule.transitions]);
    this.#leastAge = Math.min(...actions.map(({ age, date }) => (date === -Infinity ? age : Infinity)));
    this.#firstDate = Math.min(...actions.map(({ date }) => (date === -Infinity ? Infinity : date)));
    const most = actions.length;
    this.#due = new Float64Array(most);
    this.#target = new Uint8Array(most);
    this.#rule = new Int32Array(most);
  }

  /** Lets the rules act on a life whose stays hold the class at upload. */
  act(life: Life, stays: Stays, markOf: readonly number[], markWords: number): void {
    const { created, ended } = life;
    if (ended <= created + this.#leastAge && ended <= Math.max(this.#firstDate, created)) return;
    if (markOf !== this.#markOf) this.#bind(markOf);
    const covering = this.#cover(life);
    const end = this.#expire(life, stays, covering, markOf, markWords);
    if (ALLOWED[stays.storageClass[0]!] === 0) return;
    let waiting = this.#gather(life, end, covering, markOf, markWords);
    for (; waiting > 0; waiting--) {
      const next = this.#next(waiting);
      const due = this.#due[next]!;
      const target = this.#target[next]!;
      const rule = this.#rule[next]!;
      this.#due[next] = this.#due[waiting - 1]!;
      this.#target[next] = this.#target[waiting - 1]!;
      this.#rule[next] = this.#rule[waiting - 1]!;
      const moved = stays.length > 1 && stays.from[stays.length - 1] === due;
      if (!moved && this.#allowed(life, stays, target, due, markOf, markWords)) stays.move(target, due, rule);
    }
  }

  #bind(markOf: readonly number[]): void {
    for (const rule of this.#rules) rule.bind(markOf);
    this.#markOf = markOf;
  }

  /** How many rules cover the life. */
  #cover(life: Life): number {
    let covering = 0;
    for (let i = 0; i < this.#rules.length; i++) {
      const rule = this.#rules[i]!;
      if (rule.covers(life)) this.#covering[covering++] = rule;
    }
    return covering;
  }

  /** The earliest expiration, of equals that of the first rule. Returns when the policy lets the object end. */
  #expire(life: Life, stays: Stays, covering: number, markOf: readonly number[], markWords: number): number {
    let end = life.ended;
    for (let i = 0; i < covering; i++) {
      const rule = this.#covering[i]!;
      const due = rule.expiration ? rule.due(rule.expiration, life, end, markOf, markWords) : Infinity;
      if (due >= end) continue;
      end = due;
      stays.expire(due, rule.index);
    }
    return end;
  }

  /** Collects the transitions due before `end`, and says how many. */
  #gather(life: Life, end: number, covering: number, markOf: readonly number[], markWords: number): number {
    let waiting = 0;
    for (let i = 0; i < covering; i++) {
      const rule = this.#covering[i]!;
      for (let j = 0; j < rule.transitions.length; j++) {
        const transition = rule.transitions[j]!;
        const due = rule.due(transition, life, end, markOf, markWords);
        if (due === Infinity) continue;
        this.#due[waiting] = due;
        this.#target[waiting] = transition.target;
        this.#rule[waiting] = rule.index;
        waiting++;
      }
    }
    return waiting;
  }

  /** Of those waiting: the earliest, of these the one that takes precedence, of these the first in the configuration. */
  #next(waiting: number): number {
    let best = 0;
    for (let i = 1; i < waiting; i++) {
      const earlier = this.#due[best]! - this.#due[i]!;
      if (earlier > 0 || (earlier === 0 && this.#precedes(i, best))) best = i;
    }
    return best;
  }

  #precedes(a: number, b: number): boolean {
    const colder = PRECEDENCE[this.#target[a]!]! - PRECEDENCE[this.#target[b]!]!;
    return colder > 0 || (colder === 0 && this.#rule[a]! < this.#rule[b]!);
  }

  #allowed(
    life: Life,
    stays: Stays,
    target: ClassCode,
    at: number,
    markOf: readonly number[],
    markWords: number,
  ): boolean {
    const last = stays.length - 1;
    const from = stays.storageClass[last]!;
    const bit = 1 << target;
    if ((ALLOWED[from]! & bit) === 0) return false;
    if (from !== INTELLIGENT_TIERING) return true;
    const since = stays.from[last]!;
    optIn(this.#settings, this.#archiveTiers, life, since, markOf, markWords);
    if ((ALLOWED_FROM_TIER[coldestTier(this.#settings)]! & bit) !== 0) return true;
    return (ALLOWED_FROM_TIER[walkTiers(life, since, at, this.#settings)]! & bit) !== 0;
  }
}

/** The coldest tier an object can be in; what is allowed from there is allowed from every other. */
function coldestTier({ archiveAccessSeconds, deepArchiveAccessSeconds }: TierSettings): AccessTier {
  if (deepArchiveAccessSeconds < Infinity) return DEEP_ARCHIVE_ACCESS;
  return archiveAccessSeconds < Infinity ? ARCHIVE_ACCESS : ARCHIVE_INSTANT_ACCESS;
}
