/**
 * A lifecycle configuration at work on a versioned bucket: on the versions and delete markers of one key, midnight by
 * midnight where something is due.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html (actions and versioning) and
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-conflicts.html (which goes first).
 */
import type { ClassCode } from '../model/storage-class.ts';
import { DAY_SECONDS, midnightFrom } from '../model/time.ts';
import { CREATED, type History, MARKER } from '../trace/history.ts';
import type { Life } from '../trace/life.ts';
import type { Placed } from '../trace/placed.ts';
import type { Stays } from '../trace/stays.ts';
import { ActionQueue, HIDE, MOVE, REMOVE, type Waiting } from './action-queue.ts';
import { type Action, dueAt, type Rule } from './rule.ts';
import { PRECEDENCE, type Waterfall } from './waterfall.ts';

const NONE = -1;

/** What an entity is at the moment, numbered anew each time it changes, so that actions that waited for another state are void. */
interface EntityState {
  alive: boolean;
  current: boolean;
  state: number;
  /** When it became what it is. */
  since: number;
  age: number;
  /** The first action that was put in after its last move. */
  movedBefore: number;
}

export class VersionedPlacement {
  readonly #rules: readonly Rule[];
  /** Numbers of newer noncurrent versions that rules ask for, each once. */
  readonly #counts: readonly number[];
  readonly #waterfall: Waterfall;
  readonly #suspended: boolean;
  readonly #uploadClass: ClassCode | undefined;
  readonly #queue = new ActionQueue();
  /** Of the key's entities; those of earlier keys are used again. */
  readonly #states: EntityState[] = [];
  /** Entities alive under the policy, oldest first, and those that rows alone would have left. */
  readonly #alive: number[] = [];
  readonly #aliveInTrace: number[] = [];
  /** The rules that cover each entity of the key. */
  readonly #covering: Rule[][] = [];
  #nullEntity = NONE;
  #created = 0;
  #serial = 0;
  #hidden = NONE;
  /** Equal objects the key's latest version stands for. */
  #count = 1;
  #history!: History;
  #placed!: Placed;
  #markOf: readonly number[] = [];
  #markWords = 0;
  #until = 0;

  constructor(rules: readonly Rule[], waterfall: Waterfall, suspended: boolean, uploadClass: ClassCode | undefined) {
    this.#rules = rules;
    this.#counts = countsAsked(rules);
    this.#waterfall = waterfall;
    this.#suspended = suspended;
    this.#uploadClass = uploadClass;
  }

  /**
   * Fills in where the versions of a key stay, and how long its delete markers are there.
   * @param until UTC seconds at which the horizon ends
   */
  place(history: History, placed: Placed, until: number, markOf: readonly number[], markWords: number): void {
    this.#history = history;
    this.#placed = placed;
    this.#until = until;
    this.#markOf = markOf;
    this.#markWords = markWords;
    this.#begin();
    for (let step = 0; step < history.steps; step++) {
      const time = history.time[step]!;
      this.#actBefore(time);
      const entity = history.entity[step]!;
      if (history.action[step] === CREATED) this.#createByRow(entity, time);
      else this.#removeByRow(entity, time);
      this.#see(time);
    }
    this.#actBefore(until);
  }

  #begin(): void {
    this.#queue.clear();
    this.#alive.length = 0;
    this.#aliveInTrace.length = 0;
    this.#nullEntity = NONE;
    this.#created = 0;
    this.#hidden = NONE;
    this.#count = 1;
    this.#placed.begin(this.#history);
    for (let version = 0; version < this.#history.versions; version++) {
      const life = this.#history.lives[version]!;
      this.#placed.stays[version]!.begin(this.#uploadClass ?? life.uploadClass, life.created);
    }
  }

  /** A copy of what rows do: creation and removal at their times, whatever the policy did in between. */
  #createByRow(entity: number, at: number): void {
    const { isNull, count } = this.#history;
    this.#aliveInTrace.push(entity);
    if (this.#lifeOf(entity)) this.#count = count[entity]!;
    if (isNull[entity] && this.#nullEntity !== NONE) this.#remove(this.#nullEntity, at);
    this.#create(entity, at, isNull[entity]!);
  }

  #removeByRow(entity: number, at: number): void {
    this.#aliveInTrace.splice(this.#aliveInTrace.lastIndexOf(entity), 1);
    if (this.#states[entity]!.alive) this.#remove(entity, at);
  }

  #create(entity: number, at: number, isNull: boolean): void {
    const present = this.#current;
    const state = this.#states[entity] ?? newState();
    this.#states[entity] = state;
    state.alive = true;
    state.age = this.#created++;
    state.movedBefore = 0;
    this.#cover(entity);
    this.#alive.push(entity);
    if (isNull) this.#nullEntity = entity;
    if (present !== NONE) this.#becomeNoncurrent(present, at);
    this.#becomeCurrent(entity, at);
  }

  #remove(entity: number, at: number, rule?: number): void {
    const state = this.#states[entity]!;
    state.alive = false;
    state.state++;
    this.#alive.splice(this.#alive.lastIndexOf(entity), 1);
    if (entity === this.#nullEntity) this.#nullEntity = NONE;
    this.#placed.end(entity, at, rule);
    const current = this.#current;
    if (current === NONE) return;
    if (!this.#states[current]!.current) this.#becomeCurrent(current, at);
    else if (this.#alive.length === 1) this.#waitAsLoneMarker(current, at);
  }

  get #current(): number {
    return this.#alive.at(-1) ?? NONE;
  }

  #lifeOf(entity: number): Life | undefined {
    if (entity >= this.#history.entities) return undefined;
    const life = this.#history.lifeOf[entity]!;
    return life === MARKER ? undefined : this.#history.lives[life];
  }

  #cover(entity: number): void {
    const life = this.#lifeOf(entity);
    const covering = this.#covering[entity] ?? [];
    this.#covering[entity] = covering;
    covering.length = 0;
    for (const rule of this.#rules) {
      const covers = life ? rule.covers(life) : rule.coversMarkers && rule.coversKey(this.#history.keyMarks);
      if (covers) covering.push(rule);
    }
  }

  #becomeCurrent(entity: number, at: number): void {
    this.#change(entity, at, true);
    const life = this.#lifeOf(entity);
    if (!life) {
      if (this.#alive.length === 1) this.#waitAsLoneMarker(entity, at);
      return;
    }
    const notBefore = midnightFrom(at);
    for (const rule of this.#covering[entity]!) {
      rule.transitions.forEach((action) => {
        this.#wait(entity, life, rule, action, MOVE, Math.max(dueAt(action, life.created), notBefore));
      });
      const { expiration } = rule;
      if (!expiration) continue;
      const kind = this.#suspended && entity === this.#nullEntity ? REMOVE : HIDE;
      this.#wait(entity, life, rule, expiration, kind, Math.max(dueAt(expiration, life.created), notBefore));
    }
  }

  #becomeNoncurrent(entity: number, at: number): void {
    this.#change(entity, at, false);
    this.#waitAsNoncurrent(entity, 0, at);
    this.#countNewer(at);
  }

  #change(entity: number, at: number, current: boolean): void {
    const state = this.#states[entity]!;
    state.current = current;
    state.state++;
    state.since = at;
  }

  /** Of the noncurrent entities, those that have just got as many newer ones as a rule asks for. */
  #countNewer(at: number): void {
    for (const newer of this.#counts) {
      const position = this.#alive.length - 2 - newer;
      if (position >= 0) this.#waitAsNoncurrent(this.#alive[position]!, newer, at);
    }
  }

  /** Puts in the noncurrent actions that ask for so many newer versions, which there are since `at`. */
  #waitAsNoncurrent(entity: number, newer: number, at: number): void {
    const life = this.#lifeOf(entity);
    const { since } = this.#states[entity]!;
    const notBefore = midnightFrom(at);
    for (const rule of this.#covering[entity]!) {
      if (life) {
        rule.noncurrentTransitions.forEach((action) => {
          if (action.newerVersions !== newer) return;
          this.#wait(entity, life, rule, action, MOVE, Math.max(dueAt(action, since), notBefore));
        });
      }
      const action = rule.noncurrentExpiration;
      if (action?.newerVersions !== newer) continue;
      this.#wait(entity, life, rule, action, REMOVE, Math.max(dueAt(action, since), notBefore));
    }
  }

  /** A delete marker behind which there is nothing any more, since `at`. */
  #waitAsLoneMarker(entity: number, at: number): void {
    if (this.#lifeOf(entity)) return;
    const created = this.#placed.createdAt(entity);
    for (const rule of this.#covering[entity]!) {
      const action = rule.markerExpiration;
      if (!action) continue;
      this.#wait(entity, undefined, rule, action, REMOVE, Math.max(dueAt(action, created), midnightFrom(at)));
    }
  }

  #wait(
    entity: number,
    life: Life | undefined,
    rule: Rule,
    action: Action,
    kind: Waiting['kind'],
    first: number,
  ): void {
    if (life && life.size < action.smallest) return;
    const due = life
      ? rule.taggedFrom(life, this.#staysOf(entity), first, this.#until, this.#markOf, this.#markWords)
      : first;
    if (due >= this.#until) return;
    const { state, age } = this.#states[entity]!;
    const precedence = PRECEDENCE[action.target]!;
    this.#queue.add({ due, kind, entity, age, precedence, rule, action, state, serial: this.#serial++ });
  }

  #actBefore(end: number): void {
    for (let item = this.#queue.takeBefore(end); item; item = this.#queue.takeBefore(end)) {
      const state = this.#states[item.entity]!;
      if (!state.alive || state.state !== item.state || !this.#hasNewer(item)) continue;
      this.#act(item);
      this.#see(item.due);
    }
  }

  #hasNewer({ entity, action }: Waiting): boolean {
    if (action.newerVersions === 0) return true;
    return this.#alive.length - 2 - this.#alive.lastIndexOf(entity) >= action.newerVersions;
  }

  #act(item: Waiting): void {
    const { kind, entity, due, rule } = item;
    if (kind === MOVE) this.#move(item);
    else if (kind === REMOVE) this.#expire(entity, due, rule.index);
    else this.#hide(due, rule.index);
  }

  /** One move a midnight: what else is due then is dropped, or waits a day where it became due by what was done at that very midnight. */
  #move({ entity, action, due, rule, serial }: Waiting): void {
    const life = this.#lifeOf(entity)!;
    const state = this.#states[entity]!;
    const stays = this.#staysOf(entity);
    const moved = stays.length > 1 && stays.from[stays.length - 1] === due;
    if (moved && serial >= state.movedBefore) this.#wait(entity, life, rule, action, MOVE, due + DAY_SECONDS);
    if (moved || !this.#waterfall.allows(life, stays, action.target, due, this.#markOf, this.#markWords)) return;
    stays.move(action.target, due, rule.index);
    state.movedBefore = this.#serial;
  }

  /** Removes for good. The null version of a suspended bucket leaves a null marker when it was current. */
  #expire(entity: number, due: number, rule: number): void {
    const leavesMarker = this.#lifeOf(entity) !== undefined && this.#states[entity]!.current;
    this.#removeByRule(entity, due, rule);
    if (leavesMarker) this.#addMarker(due, true, rule);
  }

  #removeByRule(entity: number, due: number, rule: number): void {
    if (this.#lifeOf(entity)) this.#staysOf(entity).expire(due, rule);
    this.#remove(entity, due, rule);
  }

  /** Expiration of a current version: a delete marker covers it, which takes the place of a null one. */
  #hide(due: number, rule: number): void {
    if (this.#suspended && this.#nullEntity !== NONE) this.#removeByRule(this.#nullEntity, due, rule);
    this.#addMarker(due, this.#suspended, rule);
  }

  #addMarker(at: number, isNull: boolean, rule: number): void {
    this.#coverCurrent(at);
    this.#create(this.#placed.addMarker(at, this.#count, rule), at, isNull);
  }

  /** What rows do to a version by its key alone goes by it as soon as a marker of the policy's covers it. */
  #coverCurrent(at: number): void {
    const present = this.#current;
    if (present !== this.#aliveInTrace.at(-1) || !this.#lifeOf(present)) return;
    this.#staysOf(present).hide(at);
    this.#hidden = present;
  }

  /** Notes from when to when a version that rows take for the current one is not. */
  #see(at: number): void {
    const inTrace = this.#aliveInTrace.at(-1) ?? NONE;
    const hidden = this.#lifeOf(inTrace) && this.#current !== inTrace ? inTrace : NONE;
    if (hidden === this.#hidden) return;
    if (this.#hidden !== NONE) this.#staysOf(this.#hidden).show(at);
    if (hidden !== NONE) this.#staysOf(hidden).hide(at);
    this.#hidden = hidden;
  }

  #staysOf(entity: number): Stays {
    return this.#placed.stays[this.#history.lifeOf[entity]!]!;
  }
}

function newState(): EntityState {
  return { alive: true, current: true, state: 0, since: 0, age: 0, movedBefore: 0 };
}

function countsAsked(rules: readonly Rule[]): number[] {
  const actions = rules.flatMap(({ noncurrentTransitions, noncurrentExpiration }) => [
    ...noncurrentTransitions,
    ...(noncurrentExpiration ? [noncurrentExpiration] : []),
  ]);
  return [...new Set(actions.map(({ newerVersions }) => newerVersions).filter((newer) => newer > 0))];
}
