/**
 * A lifecycle configuration as a policy: when its rules move and remove objects.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html (when),
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-conflicts.html (which of several) and
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html (from where to where).
 */
import type { ClassCode } from '../model/storage-class.ts';
import { DAY_SECONDS } from '../model/time.ts';
import type { RestoreTier } from '../model/usage-type.ts';
import type { Life } from '../trace/life.ts';
import type { Stays } from '../trace/stays.ts';
import { describeLifecycle } from './description.ts';
import type { IntelligentTieringConfiguration } from './intelligent-tiering-configuration.ts';
import { actsOnVersions, type LifecycleConfiguration } from './lifecycle-configuration.ts';
import { MarkList } from './marks.ts';
import type { Policy } from './policy.ts';
import { Rule } from './rule.ts';
import { VersionedPlacement } from './versioned-placement.ts';
import { canMoveFrom, PRECEDENCE, Waterfall } from './waterfall.ts';

/** What a run says of every lifecycle policy in it. */
export interface RunChoices {
  /** Speed of the restores out of Intelligent-Tiering's archive tiers, which decides the tier an object is in; standard by default. */
  readonly restoreTier?: RestoreTier;
  /** UTC seconds at a midnight: the rules act from then on, on objects that were there before too. Always, by default. */
  readonly rulesFrom?: number;
  /** Days after its midnight that a transition into INTELLIGENT_TIERING is made and billed; 0 by default. */
  readonly tieringDelayDays?: number;
}

export interface LifecyclePolicyOptions extends RunChoices {
  readonly name: string;
  /** Absent: no rules. */
  readonly configuration?: LifecycleConfiguration;
  /** Absent: uploads keep the class the trace gives. */
  readonly uploadClass?: ClassCode;
  readonly intelligentTiering?: readonly IntelligentTieringConfiguration[];
}

/** A configuration that S3 accepts, compiled. */
export function lifecyclePolicy(options: LifecyclePolicyOptions): Policy {
  const { name, configuration, uploadClass, intelligentTiering = [], restoreTier = 'standard' } = options;
  const { rulesFrom = -Infinity, tieringDelayDays = 0 } = options;
  const times = { rulesFrom, tieringDelaySeconds: tieringDelayDays * DAY_SECONDS };
  const marks = new MarkList();
  const rules = configuration?.rules ?? [];
  const enabled = [...rules.entries()].filter(([, rule]) => rule.enabled);
  const compiled = enabled.map(([i, rule]) => new Rule(marks, rule, i, configuration!.smallObjects, times));
  const aborts = enabled.flatMap(([rule, { filter, abortIncompleteUploadDays: days }]) =>
    days === undefined ? [] : [{ marks: marks.of(filter), days, notBefore: rulesFrom, rule }],
  );
  const archiveTiers = intelligentTiering.flatMap(({ enabled: counts, filter, name: _, ...days }) =>
    counts ? [{ marks: marks.of(filter), ...days }] : [],
  );
  const waterfall = new Waterfall(archiveTiers, restoreTier);
  const placement = new Placement(compiled, waterfall);
  const versioned = new Map<boolean, VersionedPlacement>();
  return {
    name,
    description: describeLifecycle(options),
    marks: marks.list,
    rules: rules.map((rule) => rule.name),
    recipe: { kind: 'lifecycle', options },
    ...(enabled.some(([, rule]) => actsOnVersions(rule)) ? { actsOnVersions: true as const } : {}),
    ...(options.rulesFrom === undefined ? {} : { rulesFrom }),
    ...(archiveTiers.length === 0 ? {} : { archiveTiers }),
    ...(aborts.length === 0 ? {} : { abortIncompleteUploads: aborts }),
    ...(uploadClass === undefined ? {} : { uploadClass }),
    place(life, stays, markOf, markWords) {
      stays.begin(uploadClass ?? life.uploadClass, life.created);
      placement.act(life, stays, markOf, markWords);
    },
    placeHistory(history, placed, suspended, until, markOf, markWords) {
      placement.bindOnce(markOf);
      if (history.entities === 1 && history.versions === 1 && history.steps === 1) {
        placed.begin(history);
        this.place(history.lives[0]!, placed.stays[0]!, markOf, markWords);
        if (placed.stays[0]!.expires === Infinity) return;
      }
      const known = versioned.get(suspended) ?? new VersionedPlacement(compiled, waterfall, suspended, uploadClass);
      versioned.set(suspended, known);
      known.place(history, placed, until, markOf, markWords);
    },
  };
}

/** Works out stays; holds the room it needs for one life, so that none is made per life. */
class Placement {
  readonly #rules: readonly Rule[];
  readonly #waterfall: Waterfall;
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

  constructor(rules: readonly Rule[], waterfall: Waterfall) {
    this.#rules = rules;
    this.#waterfall = waterfall;
    const actions = rules.flatMap((rule) => [...(rule.expiration ? [rule.expiration] : []), ...rule.transitions]);
    this.#leastAge = Math.min(...actions.map(({ age, byAge }) => (byAge ? age : Infinity)));
    this.#firstDate = Math.min(...actions.map(({ date, byAge }) => (byAge ? Infinity : date)));
    const most = actions.length;
    this.#due = new Float64Array(most);
    this.#target = new Uint8Array(most);
    this.#rule = new Int32Array(most);
  }

  /** Lets the rules act on a life whose stays hold the class at upload. */
  act(life: Life, stays: Stays, markOf: readonly number[], markWords: number): void {
    const { created, ended } = life;
    if (ended <= created + this.#leastAge && ended <= Math.max(this.#firstDate, created)) return;
    this.bindOnce(markOf);
    const covering = this.#cover(life);
    const end = this.#expire(life, stays, covering, markOf, markWords);
    if (!canMoveFrom(stays.storageClass[0]!)) return;
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
      if (!moved && this.#waterfall.allows(life, stays, target, due, markOf, markWords)) stays.move(target, due, rule);
    }
  }

  /** Looks up the rules' prefixes among the marks of a trace. */
  bindOnce(markOf: readonly number[]): void {
    if (markOf === this.#markOf) return;
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
}
