/** What of one key is there at this second under the policy, oldest first, and what coming and going costs. */
import type { StorageClass } from '../../../src/model/storage-class.ts';
import { EARLY_DELETE, EARLY_DELETE_FILLER, MONITORED, STORED, TAGGED } from '../../../src/model/usage-type.ts';
import { holdings, isArchive, isMonitored, isPadded, MINIMUM_DAYS, type Stored } from './classes.ts';
import { flat, matchesKey, matchesObject } from './filters.ts';
import type { Ledger } from './ledger.ts';
import type { ReferenceOptions, ReferencePolicy, Tags } from './nouns.ts';
import { codeOf, DAY, KB } from './rows.ts';
import type { Entity } from './story.ts';

/** An entity under the policy. A delete marker is an object of as many bytes as its key has. */
export interface Thing extends Stored {
  readonly entity: Entity;
  readonly cohort: bigint;
  readonly created: number;
  tags: Tags;
  /** When it last stopped being the current one. */
  noncurrentSince?: number;
  /** When the policy last put a marker on it. */
  coveredAt?: number;
  /** When a record last took away what was on it. */
  uncoveredAt?: number;
  /** When the policy last moved it. */
  movedAt?: number;
  /** The policy has removed it; the trace does not know. */
  expired: boolean;
  /** Rule actions that have had their turn. */
  readonly acted: Set<string>;
  /** A restored copy, once there: accrues from `from` to `until`. */
  copy?: { readonly kind: number; readonly from: number; until: number };
}

export class Shelf {
  /** Alive, oldest first: the last is current. */
  things: readonly Thing[] = [];
  private readonly key: string;
  private readonly policy: ReferencePolicy;
  private readonly options: ReferenceOptions;
  private readonly ledger: Ledger;

  constructor(key: string, policy: ReferencePolicy, options: ReferenceOptions, ledger: Ledger) {
    this.key = key;
    this.policy = policy;
    this.options = options;
    this.ledger = ledger;
  }

  current(): Thing | undefined {
    return this.things.at(-1);
  }

  thingOf(entity: Entity, now: number): Thing {
    const isMarker = entity.kind === 'marker';
    if (!isMarker && entity.size === undefined) throw new RangeError(`never given a size: ${this.key}`);
    return {
      entity,
      cohort: BigInt(entity.count),
      size: isMarker ? new TextEncoder().encode(this.key).length : entity.size!,
      created: now,
      since: now,
      storageClass: isMarker ? 'STANDARD' : this.classOf(entity.storageClass),
      tags: entity.tags,
      expired: false,
      acted: new Set(),
    };
  }

  /** Where the policy puts what names this class. */
  classOf(named: StorageClass | undefined): StorageClass {
    return this.policy.uploadStorageClass ?? named ?? 'STANDARD';
  }

  /** Takes things away for good and then puts one on top: in between, what lies beneath is current for an instant. */
  change(now: number, goes: (thing: Thing) => boolean, comes?: Thing): void {
    for (const thing of this.things.filter(goes)) this.leaveClass(thing, now);
    this.things = this.things.filter((thing) => !goes(thing));
    this.noteCurrent(now);
    if (!comes) return;
    this.things = [...this.things, comes];
    this.noteCurrent(now);
  }

  private noteCurrent(now: number): void {
    const current = this.current();
    for (const thing of this.things) {
      if (thing === current) delete thing.noncurrentSince;
      else thing.noncurrentSince ??= now;
    }
  }

  enterClass(thing: Thing, storageClass: StorageClass, now: number): void {
    thing.storageClass = storageClass;
    thing.since = now;
    delete thing.tiering;
    if (storageClass !== 'INTELLIGENT_TIERING') return;
    const days = { ARCHIVE_ACCESS: Infinity, DEEP_ARCHIVE_ACCESS: Infinity };
    for (const { Status, Filter, Tierings } of this.policy.intelligentTiering ?? []) {
      const filter = flat(Filter);
      if (Status !== 'Enabled' || !matchesKey(filter, this.key) || !matchesObject(filter, thing)) continue;
      for (const { AccessTier, Days } of Tierings) days[AccessTier] = Math.min(days[AccessTier], Days);
    }
    thing.tiering = {
      tier: 'FREQUENT',
      lastAccess: now,
      lastSelect: now,
      archiveDays: days.ARCHIVE_ACCESS,
      deepArchiveDays: days.DEEP_ARCHIVE_ACCESS,
    };
  }

  /** The rest of the minimum storage duration is charged at once. */
  leaveClass({ storageClass, since, size, cohort }: Thing, now: number): void {
    const remaining = since + MINIMUM_DAYS[storageClass] * DAY - now;
    if (remaining <= 0) return;
    const seconds = cohort * BigInt(remaining);
    const indexed = isArchive(storageClass) && this.options.earlyDeleteOverhead === 'included';
    this.ledger.once(EARLY_DELETE[codeOf(storageClass)]!, seconds * BigInt(size + (indexed ? 32 * KB : 0)), now);
    if (isPadded(storageClass) && size < 128 * KB)
      this.ledger.once(EARLY_DELETE_FILLER[codeOf(storageClass)]!, seconds * BigInt(128 * KB - size), now);
  }

  accrue(from: number, until: number): void {
    if (!this.ledger.covers(from)) return;
    for (const thing of this.things) this.accrueThing(thing, from, until);
  }

  private accrueThing(thing: Thing, from: number, until: number): void {
    const { cohort, size, tags, copy } = thing;
    if (thing.entity.kind === 'marker') {
      this.ledger.over(STORED.standard, cohort * BigInt(size), from, until);
      return;
    }
    for (const [kind, bytes] of holdings(thing)) this.ledger.over(kind, cohort * BigInt(bytes), from, until);
    if (isMonitored(thing)) this.ledger.over(MONITORED, cohort, from, until);
    this.ledger.over(TAGGED, cohort * BigInt(Object.keys(tags).length), from, until);
    if (copy && copy.from <= from && from < copy.until) this.ledger.over(copy.kind, cohort * BigInt(size), from, until);
  }
}
