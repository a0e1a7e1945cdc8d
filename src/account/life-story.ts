import type { LedgerEntry } from '../metering/ledger.ts';
import { TIER_BYTES } from '../metering/stored-kinds.ts';
import { isFailed, isRead, isUpload, OPERATIONS, operationOf, RESTORE } from '../model/operation.ts';
import { INTELLIGENT_TIERING, STORAGE_CLASSES, type StorageClass } from '../model/storage-class.ts';
import { formatInstant, type Horizon } from '../model/time.ts';
import { type RestoreTier, STORED } from '../model/usage-type.ts';
import type { PolicyRun } from '../policy-run.ts';
import {
  ACCESS_TIERS,
  type AccessTier,
  ARCHIVE_WAIT_SECONDS,
  DEEP_ARCHIVE_WAIT_SECONDS,
  markChangeAt,
  walkTiers,
} from '../trace/access-tiers.ts';
import { ALIVE, DELETED, type Life } from '../trace/life.ts';
import { NO_RULE, type Stays } from '../trace/stays.ts';
import { causeOf } from './events.ts';
import { countRequests, type RowDraft, type Rows } from './rows.ts';

/** What tells the stories of an object's lives. */
export interface Telling {
  readonly rows: Rows;
  readonly run: PolicyRun;
  readonly horizon: Horizon;
  readonly restoreTier: RestoreTier;
}

/** A life, where a policy put it, and what it used. */
export interface MeteredLife {
  readonly life: Life;
  readonly stays: Stays;
  /** From 1, in order of creation. */
  readonly version: number;
  readonly entries: readonly LedgerEntry[];
}

/** A restore: from when to when reads wait for it. */
interface Restore {
  readonly begun: number;
  readonly ready: number;
}

/** Tells a life in rows: what happened, what lasted, and in each row what it used. */
export function tellLife(telling: Telling, metered: MeteredLife): void {
  new LifeStory(telling, metered).tell();
}

class LifeStory {
  private readonly telling: Telling;
  private readonly metered: MeteredLife;
  /** When the object ended under the policy, or the horizon did. */
  private readonly end: number;
  private readonly restores: Restore[] = [];
  /** The rows told so far, by event and time. */
  private readonly told = new Map<string, RowDraft>();

  constructor(telling: Telling, metered: MeteredLife) {
    this.telling = telling;
    this.metered = metered;
    this.end = Math.min(metered.life.ended, metered.stays.expires);
  }

  tell(): void {
    this.beginning();
    this.moves();
    this.copies();
    this.requests();
    this.ending();
    for (const entry of this.metered.entries) this.settle(entry);
  }

  /** The row of an event; the details are those of whoever tells it first. */
  private row(event: RowDraft['event'], from: number, until?: number, details?: RowDraft['details']): RowDraft {
    const name = `${event} ${from} ${until}`;
    const row = this.told.get(name) ?? this.telling.rows.row(event, this.metered.version, from, until, details);
    this.told.set(name, row);
    return row;
  }

  private beginning(): void {
    const { life, stays } = this.metered;
    this.row(life.assumed ? 'exist' : 'upload', life.created, undefined, {
      storageClass: STORAGE_CLASSES[stays.storageClass[0]!]!,
      size: life.size,
      ...(life.count > 1 && { count: life.count }),
    });
  }

  private moves(): void {
    const { stays } = this.metered;
    for (let stay = 0; stay < stays.length; stay++) {
      const code = stays.storageClass[stay]!;
      const from = stays.from[stay]!;
      const storageClass = STORAGE_CLASSES[code]!;
      if (stay > 0) this.row('move', from, undefined, { storageClass, ...this.byRule(stays.rule[stay]!) });
      if (code === INTELLIGENT_TIERING) this.tiers(from, stay + 1 < stays.length ? stays.from[stay + 1]! : this.end);
    }
  }

  private byRule(rule: number): { rule?: string } {
    return rule === NO_RULE ? {} : { rule: this.telling.run.policy.rules[rule]! };
  }

  /** The moves inside Intelligent-Tiering, and the restores out of its archive tiers. */
  private tiers(from: number, until: number): void {
    const { life, stays } = this.metered;
    const settings = this.telling.run.tierSettings(life, stays, from);
    walkTiers(life, from, until, settings, {
      held: (tier, since) => {
        if (since > from) this.row('tier', since, undefined, { tier: ACCESS_TIERS[tier]! });
      },
      restored: (tier, access, completes) => this.restore(life.accessTime[access]!, completes, tier),
      waited: () => {},
    });
  }

  private restore(begun: number, ready: number, tier?: AccessTier): void {
    this.restores.push({ begun, ready });
    this.row('restore', begun, undefined, {
      readyAt: formatInstant(ready),
      ...(tier !== undefined && { tier: ACCESS_TIERS[tier]! }),
    });
  }

  /** Restores out of the archive classes, which leave a copy that is held for a while. */
  private copies(): void {
    const { restoreTier } = this.telling;
    for (const { kind, from } of this.metered.entries) {
      if (causeOf(kind) !== 'copy') continue;
      const waits = kind === STORED.glacierCopy ? ARCHIVE_WAIT_SECONDS : DEEP_ARCHIVE_WAIT_SECONDS;
      this.restore(from - waits[restoreTier], from);
    }
  }

  /** Requests in the horizon, and the upload whenever it was. */
  private requests(): void {
    const { horizon } = this.telling;
    const { life } = this.metered;
    for (let at = 0; at < life.accesses; at++) {
      const time = life.accessTime[at]!;
      const isIn = time >= horizon.from && time < horizon.until;
      if (isIn || isUpload(operationOf(life.accessOperation[at]!))) this.request(at, time);
    }
  }

  private request(at: number, time: number): void {
    const { life, stays } = this.metered;
    const code = life.accessOperation[at]!;
    const operation = operationOf(code);
    const times = life.accessCount[at]!;
    const failed = isFailed(code);
    const notFound = time >= stays.expires || stays.misses(code, time);
    if (operation === RESTORE && !failed && this.restores.some(({ begun }) => begun === time)) {
      this.beginByRequest(time, times);
      return;
    }
    const row = isUpload(operation) ? this.row('upload', time) : this.row('request', time);
    const bytes = failed || notFound ? 0 : life.accessBytes[at]! * times * life.count;
    countRequests(row, OPERATIONS[operation]!, times, { failed, notFound, bytes });
    if (isRead(operation) && !failed && !notFound) this.wait(row, time);
  }

  /** A RESTORE that began a restore; its repetitions asked for what was on its way. */
  private beginByRequest(time: number, times: number): void {
    countRequests(this.row('restore', time), OPERATIONS[RESTORE]!, 1);
    if (times > 1) countRequests(this.row('request', time), OPERATIONS[RESTORE]!, times - 1);
  }

  private wait({ details }: RowDraft, time: number): void {
    const restore = this.restores.find(({ begun, ready }) => begun <= time && time < ready);
    if (restore) details.waitSeconds = Math.max(details.waitSeconds ?? 0, restore.ready - time);
  }

  /** The row of what removed the object; undefined when it is still there. */
  private ending(): RowDraft | undefined {
    const { life, stays } = this.metered;
    if (stays.expires < life.ended) return this.row('expire', stays.expires, undefined, this.byRule(stays.expiryRule));
    if (life.endedBy === ALIVE) return undefined;
    return this.row(life.endedBy === DELETED ? 'delete' : 'overwrite', life.ended);
  }

  /** Puts what was used into the row of what used it. */
  private settle(entry: LedgerEntry): void {
    const { kind, from, until } = entry;
    if (until !== undefined) {
      if (until > from) this.held(entry, until);
      return;
    }
    const cause = causeOf(kind);
    if (cause === 'request') this.row('request', from).entries.push(entry);
    else if (cause === 'removal') this.endOfStay(from).entries.push(entry);
    else this.row(cause, from).entries.push(entry);
  }

  private held(entry: LedgerEntry, until: number): void {
    const { kind, from } = entry;
    const { life } = this.metered;
    const event = causeOf(kind) as RowDraft['event'];
    const tags = event === 'tagged' ? { tags: life.tags[markChangeAt(life, from)]! } : {};
    const place = event === 'stored' ? this.place(kind, from) : {};
    this.row(event, from, until, { ...tags, ...place }).entries.push(entry);
  }

  /** The class an object is in at an instant, and the tier if that kind of storage is of one. */
  private place(kind: number, at: number): { storageClass: StorageClass; tier?: string } {
    const { stays } = this.metered;
    let stay = stays.length - 1;
    while (stay > 0 && stays.from[stay]! > at) stay--;
    const storageClass = STORAGE_CLASSES[stays.storageClass[stay]!]!;
    const tier = storageClass === 'INTELLIGENT_TIERING' ? TIER_BYTES.indexOf(kind) : -1;
    return { storageClass, ...(tier >= 0 && { tier: ACCESS_TIERS[tier]! }) };
  }

  /** The row of what ended a stay at an instant: a move, or the end of the object. */
  private endOfStay(time: number): RowDraft {
    return (time === this.end ? this.ending() : undefined) ?? this.row('move', time);
  }
}
