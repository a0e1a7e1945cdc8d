/** What the rules of a lifecycle configuration do to one key at one midnight. */
import type { StorageClass } from '../../../src/model/storage-class.ts';
import { TRANSITION } from '../../../src/model/usage-type.ts';
import { COLDER, canMove } from './classes.ts';
import { asksForSize, type FlatFilter, flat, matchesKey, matchesMarkers, matchesObject } from './filters.ts';
import type { Ledger } from './ledger.ts';
import type { LifecycleRule, ReferenceOptions, ReferencePolicy, Versioning, When, WhenNoncurrent } from './nouns.ts';
import { codeOf, DAY, KB, NULL } from './rows.ts';
import type { Shelf, Thing } from './shelf.ts';
import { markerOf } from './story.ts';

/** How many days after the rule's midnight Intelligent-Tiering takes an object over. */
const TAKEOVER_DAYS = { midnight: 0, 'day-later': 1, 'two-days-later': 2 } as const;

interface Rule {
  readonly index: number;
  readonly filter: FlatFilter;
  readonly rule: LifecycleRule;
}

export class Rules {
  private readonly rules: readonly Rule[];
  private readonly varies: boolean;
  private readonly options: ReferenceOptions;
  private readonly versioning: Versioning;
  private readonly rulesFrom: number;

  /** The rules a policy has for one key. */
  constructor(key: string, policy: ReferencePolicy, options: ReferenceOptions) {
    this.rules = (policy.lifecycle?.Rules ?? [])
      .map((rule, index) => ({ index, rule, filter: flat(rule.Filter) }))
      .filter(({ rule, filter }) => rule.Status === 'Enabled' && matchesKey(filter, key));
    this.varies = policy.lifecycle?.TransitionDefaultMinimumObjectSize === 'varies_by_storage_class';
    this.options = options;
    this.versioning = options.versioning ?? 'unversioned';
    this.rulesFrom = options.rulesFrom ?? -Infinity;
  }

  /** Is it time to abort an upload that began then? */
  abortsUpload(initiated: number, now: number): boolean {
    return this.rules.some(({ rule: { AbortIncompleteMultipartUpload: abort } }) => {
      return abort && now >= this.rulesFrom && now >= initiated + abort.DaysAfterInitiation * DAY;
    });
  }

  /**
   * Does everything that is due.
   * @param latestCount cohort of the key's latest version, for the markers that are made
   */
  act(shelf: Shelf, ledger: Ledger, latestCount: number, now: number): void {
    if (this.rules.length === 0) return;
    for (let goesOn = true; goesOn; ) {
      goesOn = false;
      for (const thing of shelf.things) {
        if (!shelf.things.includes(thing) || !this.isRemoved(thing, shelf, now)) continue;
        thing.expired = true;
        shelf.change(now, (other) => other === thing);
        goesOn = true;
      }
      // A null version that is expired is removed for good, whatever takes its place.
      if (
        this.versioning === 'suspended' &&
        isNullVersion(shelf.current()) &&
        this.expireCurrent(shelf, latestCount, now)
      )
        goesOn = true;
      for (const thing of shelf.things) if (this.transition(thing, shelf, ledger, now)) goesOn = true;
      if (this.expireCurrent(shelf, latestCount, now)) goesOn = true;
    }
  }

  // Permanent removals

  private isRemoved(thing: Thing, shelf: Shelf, now: number): boolean {
    return this.rules.some(({ rule, filter }) => {
      if (!matches(filter, thing)) return false;
      const { Expiration: expiration, NoncurrentVersionExpiration: noncurrent } = rule;
      if (this.versioning === 'unversioned')
        return expiration !== undefined && this.isReached(expiration, thing.created, now);
      if (noncurrent && this.isLongNoncurrent(noncurrent, thing, shelf, now)) return true;
      const isLone = thing.entity.kind === 'marker' && shelf.things.length === 1;
      return isLone && expiration !== undefined && this.endsLoneMarker(expiration, thing.created, now);
    });
  }

  private endsLoneMarker(
    expiration: When & { ExpiredObjectDeleteMarker?: boolean },
    created: number,
    now: number,
  ): boolean {
    if (expiration.ExpiredObjectDeleteMarker) return now >= this.rulesFrom;
    return this.isReached(expiration, created, now);
  }

  /** Are the days of an action on current versions over, or is its date reached? */
  private isReached({ Days, Date: date }: When, created: number, now: number): boolean {
    if (now < this.rulesFrom || now < created) return false;
    if (Days !== undefined) return now >= created + Days * DAY;
    return date !== undefined && now >= Date.parse(date) / 1000;
  }

  private isLongNoncurrent(
    { NoncurrentDays, NewerNoncurrentVersions = 0 }: WhenNoncurrent,
    thing: Thing,
    shelf: Shelf,
    now: number,
    takeoverDays = 0,
  ): boolean {
    const asOf = now - takeoverDays * DAY;
    return (
      thing.noncurrentSince !== undefined &&
      asOf >= this.rulesFrom &&
      asOf >= thing.noncurrentSince + NoncurrentDays * DAY &&
      newerNoncurrent(shelf.things, thing) >= NewerNoncurrentVersions
    );
  }

  // Transitions

  /** Which actions are satisfied and have not had their turn? All of them have it now, and the coldest class wins. */
  private transition(thing: Thing, shelf: Shelf, ledger: Ledger, now: number): boolean {
    // Moved once at a midnight at the most: what is due for a version that has stopped being current since waits a day.
    if (thing.entity.kind === 'marker' || thing.movedAt === now) return false;
    const targets = this.rules.flatMap((rule) =>
      matches(rule.filter, thing) ? this.targetsOf(rule, thing, shelf, now) : [],
    );
    targets.sort((a, b) => COLDER.indexOf(b) - COLDER.indexOf(a));
    const target = targets.find((storageClass) => canMove(thing, storageClass));
    if (!target) return false;
    shelf.leaveClass(thing, now);
    shelf.enterClass(thing, target, now);
    thing.movedAt = now;
    ledger.once(TRANSITION[codeOf(target)]!, thing.cohort, now);
    return true;
  }

  private targetsOf({ rule, filter, index }: Rule, thing: Thing, shelf: Shelf, now: number): StorageClass[] {
    const { noncurrentSince } = thing;
    const isTheirTurn = (name: string, target: StorageClass, isSatisfied: (takeover: number) => boolean): boolean => {
      const takeover = target === 'INTELLIGENT_TIERING' ? this.takeoverDays() : 0;
      if (this.isTooSmall(thing, filter, target) || thing.acted.has(name) || !isSatisfied(takeover)) return false;
      thing.acted.add(name);
      return true;
    };
    if (noncurrentSince === undefined) {
      const due = (rule.Transitions ?? []).filter((transition, n) =>
        isTheirTurn(`${index} transition ${n}`, transition.StorageClass, (takeover) =>
          this.isReached(transition, thing.created, now - takeover * DAY),
        ),
      );
      return due.map(({ StorageClass }) => StorageClass);
    }
    if (this.versioning === 'unversioned') return [];
    // Each time it stops being current its days begin again, and so do the turns.
    const due = (rule.NoncurrentVersionTransitions ?? []).filter((transition, n) =>
      isTheirTurn(`${index} noncurrent ${n} since ${noncurrentSince}`, transition.StorageClass, (takeover) =>
        this.isLongNoncurrent(transition, thing, shelf, now, takeover),
      ),
    );
    return due.map(({ StorageClass }) => StorageClass);
  }

  private takeoverDays(): number {
    return TAKEOVER_DAYS[this.options.intelligentTieringMove ?? 'midnight'];
  }

  /** https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html, "size constraints" */
  private isTooSmall({ size }: Thing, filter: FlatFilter, target: StorageClass): boolean {
    if (asksForSize(filter) || (this.varies && (target === 'GLACIER' || target === 'DEEP_ARCHIVE'))) return false;
    return size < 128 * KB;
  }

  // Expirations that make markers

  private expireCurrent(shelf: Shelf, latestCount: number, now: number): boolean {
    const current = shelf.current();
    if (!current || current.entity.kind === 'marker' || this.versioning === 'unversioned') return false;
    const isExpired = this.rules.some(({ rule: { Expiration: expiration }, filter }) => {
      return expiration && matches(filter, current) && this.isReached(expiration, current.created, now);
    });
    if (!isExpired) return false;
    const marker = shelf.thingOf(markerOf(latestCount, this.versioning), now);
    const isReplaced = (thing: Thing) => marker.entity.id === NULL && thing.entity.id === NULL;
    for (const thing of shelf.things.filter(isReplaced)) thing.expired = true;
    current.coveredAt = now;
    shelf.change(now, isReplaced, marker);
    return true;
  }
}

function isNullVersion(thing: Thing | undefined): boolean {
  return thing?.entity.kind === 'version' && thing.entity.id === NULL;
}

function matches(filter: FlatFilter, thing: Thing): boolean {
  return thing.entity.kind === 'marker' ? matchesMarkers(filter) : matchesObject(filter, thing);
}

/**
 * How many newer ones there are at this moment of the midnight that are not current any more.
 * "Specifies how many newer noncurrent versions must exist before Amazon S3 can perform the associated action":
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_NoncurrentVersionTransition.html
 */
function newerNoncurrent(things: readonly Thing[], thing: Thing): number {
  return things.slice(things.indexOf(thing) + 1).filter(({ noncurrentSince }) => noncurrentSince !== undefined).length;
}
