/**
 * What S3's own lifecycle did to the versions and delete markers of one key, as its records tell: between what rows did,
 * in the order of time.
 *
 * A record is late, and what it tells is billed from the midnight UTC before it on: see {@link actsAt}; a change of the
 * current version from no earlier than rows last made or removed something. One that names no version is of the current
 * one; one whose version id no row gives is of the oldest version or marker without an id.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-and-other-bucket-config.html
 */
import { CREATE_DELETE_MARKER, EXPIRE, type OperationCode, transitionTarget } from '../model/operation.ts';
import { INTELLIGENT_TIERING } from '../model/storage-class.ts';
import { midnightBefore } from '../model/time.ts';
import { CREATED, type History, MARKER } from '../trace/history.ts';
import type { Life } from '../trace/life.ts';
import type { Placed } from '../trace/placed.ts';
import type { Stays } from '../trace/stays.ts';
import { NO_VERSION, NULL_VERSION } from '../trace/trace.ts';

/** Index of the only rule of a policy that follows records. */
export const RECORD = 0;

const NONE = -1;

/**
 * When an act is billed from: for a move into INTELLIGENT_TIERING when it was made, for all else when S3 decided on it,
 * at the midnight UTC at or before its record.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
 */
function actsAt(operation: OperationCode, recorded: number): number {
  return transitionTarget(operation) === INTELLIGENT_TIERING ? recorded : midnightBefore(recorded);
}

/** Moves a life as a record says, if it is not there already; never before it came to where it is. */
export function moveAsRecorded(stays: Stays, operation: OperationCode, recorded: number): void {
  const last = stays.length - 1;
  const target = transitionTarget(operation)!;
  if (target === stays.storageClass[last]) return;
  stays.move(target, Math.max(actsAt(operation, recorded), stays.from[last]!), RECORD);
}

/** Fills in where the versions of a key stay, and how long its delete markers are there; used again for every key. */
export class RecordedPlacement {
  readonly #suspended: boolean;
  /** Entities alive under the policy, oldest first, and those that rows alone would have left. */
  readonly #alive: number[] = [];
  readonly #aliveInTrace: number[] = [];
  /** What version ids name that only records give. */
  readonly #named = new Map<number, number>();
  readonly #hasId: boolean[] = [];
  #nullEntity = NONE;
  #hidden = NONE;
  /** Equal objects the key's latest version stands for. */
  #count = 1;
  /** When a row made or removed something, or a record told what changed the current version. */
  #changed = -Infinity;
  #history!: History;
  #placed!: Placed;

  constructor(suspended: boolean) {
    this.#suspended = suspended;
  }

  place(history: History, placed: Placed): void {
    this.#history = history;
    this.#placed = placed;
    this.#begin();
    let act = 0;
    for (let step = 0; step < history.steps; step++) {
      for (; act < history.acts && history.actAfter[act]! <= step; act++) this.#act(act);
      this.#changed = history.time[step]!;
      const entity = history.entity[step]!;
      if (history.action[step] === CREATED) this.#createByRow(entity, this.#changed);
      else this.#removeByRow(entity, this.#changed);
      this.#see(this.#changed);
    }
    for (; act < history.acts; act++) this.#act(act);
  }

  #begin(): void {
    const { versions, lives } = this.#history;
    this.#alive.length = 0;
    this.#aliveInTrace.length = 0;
    this.#named.clear();
    this.#nullEntity = NONE;
    this.#hidden = NONE;
    this.#count = 1;
    this.#changed = -Infinity;
    this.#placed.begin(this.#history);
    for (let version = 0; version < versions; version++) {
      const life = lives[version]!;
      this.#placed.stays[version]!.begin(life.uploadClass, life.created);
    }
  }

  #createByRow(entity: number, at: number): void {
    const { isNull, count, versionOf } = this.#history;
    this.#aliveInTrace.push(entity);
    if (this.#lifeOf(entity)) this.#count = count[entity]!;
    if (isNull[entity] && this.#nullEntity !== NONE) this.#remove(this.#nullEntity, at);
    this.#add(entity, isNull[entity]!, versionOf[entity] !== NO_VERSION);
  }

  #removeByRow(entity: number, at: number): void {
    this.#aliveInTrace.splice(this.#aliveInTrace.lastIndexOf(entity), 1);
    if (this.#alive.includes(entity)) this.#remove(entity, at);
  }

  #add(entity: number, isNull: boolean, hasId: boolean): void {
    this.#alive.push(entity);
    this.#hasId[entity] = hasId;
    if (isNull) this.#nullEntity = entity;
  }

  #remove(entity: number, at: number, rule?: number): void {
    this.#alive.splice(this.#alive.lastIndexOf(entity), 1);
    if (entity === this.#nullEntity) this.#nullEntity = NONE;
    this.#placed.end(entity, at, rule);
  }

  #act(act: number): void {
    const { actOperation, actVersion, actTime } = this.#history;
    if (this.#isAgain(act)) return;
    const [operation, version, recorded] = [actOperation[act]!, actVersion[act]!, actTime[act]!];
    if (operation === CREATE_DELETE_MARKER) {
      this.#cover(version, recorded);
      return;
    }
    const entity = this.#resolve(version, operation === EXPIRE);
    if (entity === NONE || this.#placed.createdAt(entity) > recorded) return;
    if (operation === EXPIRE) this.#expire(entity, recorded);
    else if (this.#lifeOf(entity)) moveAsRecorded(this.#staysOf(entity), operation, recorded);
  }

  /** Whether a record is there again, as logs may have it. */
  #isAgain(act: number): boolean {
    const { actOperation, actVersion, actTime } = this.#history;
    return [actOperation, actVersion, actTime].every((column) => act > 0 && column[act] === column[act - 1]);
  }

  /** The entity alive that a record is about, or {@link NONE}. */
  #resolve(version: number, orMarker: boolean): number {
    if (version === NO_VERSION) return this.#current;
    if (version === NULL_VERSION) return this.#nullEntity;
    const given = this.#history.versionOf.lastIndexOf(version, this.#history.entities - 1);
    let entity = this.#named.get(version) ?? (given < 0 ? undefined : given);
    if (entity === undefined) {
      entity = this.#alive.find(
        (one) => !this.#hasId[one] && one !== this.#nullEntity && (orMarker || this.#lifeOf(one) !== undefined),
      );
      if (entity !== undefined) this.#name(entity, version);
    }
    return entity !== undefined && this.#alive.includes(entity) ? entity : NONE;
  }

  #name(entity: number, version: number): void {
    this.#named.set(version, entity);
    this.#hasId[entity] = true;
  }

  #expire(entity: number, recorded: number): void {
    const isCurrent = entity === this.#current;
    const at = Math.max(midnightBefore(recorded), this.#since(entity), isCurrent ? this.#changed : -Infinity);
    this.#removeByRecord(entity, at);
    if (isCurrent) this.#changed = at;
    this.#see(at);
  }

  #removeByRecord(entity: number, at: number): void {
    if (this.#lifeOf(entity)) this.#staysOf(entity).expire(at, RECORD);
    this.#remove(entity, at, RECORD);
  }

  /** A delete marker covers the current version; while versioning is suspended it takes the place of a null one. */
  #cover(version: number, recorded: number): void {
    const current = this.#current;
    if (!this.#lifeOf(current) || this.#placed.createdAt(current) > recorded) return;
    const replaced = this.#suspended ? this.#nullEntity : NONE;
    const since = replaced === NONE ? -Infinity : this.#since(replaced);
    const at = Math.max(midnightBefore(recorded), this.#changed, since);
    if (replaced !== NONE) this.#removeByRecord(replaced, at);
    const marker = this.#placed.addMarker(at, this.#count, RECORD);
    this.#add(marker, this.#suspended, false);
    if (version > NULL_VERSION) this.#name(marker, version);
    this.#changed = at;
    this.#see(at);
  }

  /** Since when an entity is where it is. */
  #since(entity: number): number {
    if (!this.#lifeOf(entity)) return this.#placed.createdAt(entity);
    const stays = this.#staysOf(entity);
    return stays.from[stays.length - 1]!;
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

  get #current(): number {
    return this.#alive.at(-1) ?? NONE;
  }

  #lifeOf(entity: number): Life | undefined {
    if (entity >= this.#history.entities) return undefined;
    const life = this.#history.lifeOf[entity]!;
    return life === MARKER ? undefined : this.#history.lives[life];
  }

  #staysOf(entity: number): Stays {
    return this.#placed.stays[this.#history.lifeOf[entity]!]!;
  }
}
