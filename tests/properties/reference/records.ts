/**
 * What S3 itself is recorded to have done to one key, told before time is walked through: to what, and from which second
 * on. A record comes late: what it tells is true since the midnight before it, but for a move into Intelligent-Tiering,
 * never since before the thing was where it was found, and a change of what is current never since before the last change.
 */
import type { StorageClass } from '../../../src/model/storage-class.ts';
import type { ReferenceEvent, Versioning } from './nouns.ts';
import { idOf, isAct, isSuccessful, midnightBefore, NULL, secondOf } from './rows.ts';
import { type Entity, markerOf, type Story } from './story.ts';

export interface Recorded {
  /** The record. */
  readonly row: ReferenceEvent;
  readonly at: number;
  readonly does: 'move' | 'expire' | 'cover';
  /** What is moved or removed. */
  readonly target?: Entity;
  readonly to?: StorageClass;
  /** What covers the current version. */
  readonly marker?: Entity;
}

/** A thing that is there when a record is written. */
interface Present {
  readonly entity: Entity;
  readonly created: number;
  since: number;
  storageClass: StorageClass;
}

/** @param rows of one key, in order, those of S3 among them */
export function recordsOf(
  rows: readonly ReferenceEvent[],
  story: Story,
  versioning: Versioning,
  assumedSince: number,
): Recorded[] {
  return new Recorder(story, versioning, assumedSince).record(rows);
}

class Recorder {
  private readonly story: Story;
  private readonly versioning: Versioning;
  private present: Present[] = [];
  private changed: number;
  private latestCount = 1;
  /** What only records name. */
  private readonly names = new Map<string, Entity>();
  private readonly found: Recorded[] = [];
  /** What records removed, though no row has. */
  private readonly gone = new Set<Entity>();

  constructor(story: Story, versioning: Versioning, assumedSince: number) {
    this.story = story;
    this.versioning = versioning;
    this.changed = story.before.length > 0 ? assumedSince : -Infinity;
    for (const entity of story.before) this.come(entity, assumedSince);
  }

  record(rows: readonly ReferenceEvent[]): Recorded[] {
    let previous: ReferenceEvent | undefined;
    for (const row of rows) {
      if (!isAct(row)) this.request(row);
      else if (isSuccessful(row) && row.operation !== 'DELETE_UPLOAD') {
        if (!previous || !this.isSame(previous, row)) this.act(row);
        previous = row;
      }
    }
    return this.found;
  }

  private isSame(one: ReferenceEvent, other: ReferenceEvent): boolean {
    return (
      this.versioning !== 'unversioned' &&
      secondOf(one) === secondOf(other) &&
      one.operation === other.operation &&
      idOf(one, this.versioning) === idOf(other, this.versioning)
    );
  }

  private come(entity: Entity, at: number): void {
    const storageClass = entity.storageClass ?? 'STANDARD';
    this.present.push({ entity, created: at, since: at, storageClass });
    if (entity.kind === 'version') this.latestCount = entity.count;
  }

  private request(row: ReferenceEvent): void {
    const deed = this.story.deeds.get(row);
    if (!deed) return;
    const removed = [...this.present.map(({ entity }) => entity), ...this.gone].filter(deed.removes);
    if (deed.makes || removed.length > 0) this.changed = secondOf(row);
    this.present = this.present.filter(({ entity }) => !removed.includes(entity));
    for (const entity of removed) this.gone.delete(entity);
    if (deed.makes) this.come(deed.makes, secondOf(row));
  }

  private act(row: ReferenceEvent): void {
    if (row.operation === 'CREATE_DELETE_MARKER' && this.versioning !== 'unversioned') this.cover(row);
    else if (row.operation === 'EXPIRE' || row.operation === 'CREATE_DELETE_MARKER') this.expire(row);
    else this.move(row, row.operation.replace('TRANSITION_', '') as StorageClass);
  }

  private move(row: ReferenceEvent, to: StorageClass): void {
    const thing = this.subject(row);
    if (thing?.entity.kind !== 'version' || thing.storageClass === to || thing.created > secondOf(row)) return;
    const moved = to === 'INTELLIGENT_TIERING' ? secondOf(row) : midnightBefore(secondOf(row));
    const at = Math.max(moved, thing.since);
    this.found.push({ row, at, does: 'move', target: thing.entity, to });
    thing.since = at;
    thing.storageClass = to;
  }

  private expire(row: ReferenceEvent): void {
    const thing = this.subject(row);
    if (!thing || thing.created > secondOf(row)) return;
    const isCurrent = thing === this.present.at(-1) && this.versioning !== 'unversioned';
    const at = Math.max(midnightBefore(secondOf(row)), thing.since, isCurrent ? this.changed : -Infinity);
    this.found.push({ row, at, does: 'expire', target: thing.entity });
    this.present = this.present.filter((other) => other !== thing);
    this.gone.add(thing.entity);
    if (isCurrent) this.changed = at;
  }

  private cover(row: ReferenceEvent): void {
    const current = this.present.at(-1);
    if (current?.entity.kind !== 'version' || current.created > secondOf(row)) return;
    const marker = markerOf(this.latestCount, this.versioning);
    const replaced = this.present.filter(({ entity }) => marker.id === NULL && entity.id === NULL);
    const at = Math.max(midnightBefore(secondOf(row)), this.changed, ...replaced.map(({ since }) => since));
    this.found.push({ row, at, does: 'cover', marker });
    this.present = this.present.filter((thing) => !replaced.includes(thing));
    for (const { entity } of replaced) this.gone.add(entity);
    this.come(marker, at);
    this.changed = at;
    const id = idOf(row, this.versioning);
    if (id !== undefined && id !== NULL) this.names.set(id, marker);
  }

  /** What a record is about, of what is there. */
  private subject(row: ReferenceEvent): Present | undefined {
    const id = idOf(row, this.versioning);
    if (id === undefined) return this.present.at(-1);
    if (id === NULL) return this.present.findLast(({ entity }) => entity.id === NULL);
    const known = this.names.get(id) ?? this.everything().findLast((entity) => this.isNamed(entity, id));
    if (known) return this.present.find(({ entity }) => entity === known);
    const taken = new Set([...this.names.values(), ...this.story.names.values()]);
    const oldest = this.present.find(
      ({ entity }) =>
        entity.id === undefined && !taken.has(entity) && (row.operation === 'EXPIRE' || entity.kind === 'version'),
    );
    if (oldest) this.names.set(id, oldest.entity);
    return oldest;
  }

  private isNamed(entity: Entity, id: string): boolean {
    return entity.id === id || this.story.names.get(id) === entity;
  }

  private everything(): Entity[] {
    const made = [...this.story.deeds.values()].flatMap(({ makes }) => makes ?? []);
    return [...this.story.before, ...made];
  }
}
