/**
 * Everything that happens to one key under a policy. Walks from one interesting second to the next (every midnight,
 * every request, every end of a restore) and asks at each what is true now.
 *
 * Within one second: restores that end then have ended, incomplete uploads have been aborted, rows that create and
 * remove have taken effect and tags are those of the second's end; then come the midnight's moves (tiers, then
 * lifecycle rules), and what requests cost and do comes last.
 */
import type { StorageClass } from '../../../src/model/storage-class.ts';
import {
  DEEP_ARCHIVE_RESTORE,
  GLACIER_RESTORE,
  REQUESTED,
  RETRIEVED,
  STORED,
  TRANSFERRED_OUT,
  TRANSITION,
  UPLOADED_EXPRESS,
} from '../../../src/model/usage-type.ts';
import { isArchive, moveTier, partKind, type Tiering, WAIT } from './classes.ts';
import type { Ledger } from './ledger.ts';
import { Rules } from './midnight.ts';
import type { ReferenceEvent, ReferenceOptions, ReferencePolicy } from './nouns.ts';
import { type Recorded, recordsOf } from './records.ts';
import {
  codeOf,
  countOf,
  DAY,
  firstMidnight,
  idOf,
  isAct,
  isCharged,
  isSuccessful,
  isUpload,
  midnightBefore,
  NULL,
  secondOf,
} from './rows.ts';
import { Shelf, type Thing } from './shelf.ts';
import { type Entity, type Story, storyOf } from './story.ts';

interface OpenUpload {
  readonly initiated: number;
  abortedByRule: boolean;
  parts: { readonly kind: number; readonly bytes: bigint; readonly until: number }[];
}

type Handlers = Readonly<Partial<Record<ReferenceEvent['operation'], (row: ReferenceEvent) => void>>>;

export class Timeline {
  readonly story: Story;
  /** Objects of the key's largest cohort. */
  largestCohort = 0;
  private readonly rows: readonly ReferenceEvent[];
  private readonly instants: readonly number[];
  private readonly records: readonly Recorded[];
  private readonly options: ReferenceOptions;
  private readonly ledger: Ledger;
  private readonly rules: Rules;
  private readonly shelf: Shelf;
  private readonly things = new Map<Entity, Thing>();
  /** Rows that found under the policy what they found in the trace. */
  private readonly found = new Set<ReferenceEvent>();
  /** Whether what S3 itself did is followed. */
  private readonly isAsIs: boolean;
  /** All rows, those of S3 among them. */
  private readonly order: readonly ReferenceEvent[];
  private latestCount = 1;
  private now: number;
  private upload: OpenUpload | undefined;

  constructor(
    key: string,
    rows: readonly ReferenceEvent[],
    assumedSince: number,
    policy: ReferencePolicy,
    options: ReferenceOptions,
    ledger: Ledger,
  ) {
    this.rows = rows.filter((row) => !isAct(row));
    this.options = options;
    this.ledger = ledger;
    this.now = assumedSince;
    const versioning = options.versioning ?? 'unversioned';
    this.story = storyOf(this.rows, versioning);
    this.isAsIs = !policy.uploadStorageClass && !policy.lifecycle && !policy.intelligentTiering;
    this.records = this.isAsIs ? recordsOf(rows, this.story, versioning, assumedSince) : [];
    this.order = rows;
    const instants = [...this.rows.map(secondOf), ...this.records.map(({ at }) => at)];
    this.instants = [...new Set(instants)].sort((a, b) => a - b);
    this.rules = new Rules(key, policy, options);
    this.shelf = new Shelf(key, policy, options, ledger);
  }

  run(): void {
    const begins = this.story.before.map((entity) => this.bring(entity));
    for (const thing of begins) this.shelf.change(this.now, () => false, thing);
    let fresh: Thing[] = begins;
    while (this.now < this.options.until) {
      const rows = this.rows.filter((row) => secondOf(row) === this.now);
      this.endRestores();
      if (this.isMidnight()) this.abortUpload();
      if (this.records.length > 0) {
        // Under that policy no tag decides anything, so that what comes is in its class at once.
        for (const thing of fresh) this.shelf.enterClass(thing, thing.storageClass, this.now);
        this.inTurn(rows);
      } else {
        fresh = [...fresh, ...rows.flatMap((row) => this.takeEffect(row))];
        for (const thing of fresh) this.shelf.enterClass(thing, thing.storageClass, this.now);
      }
      fresh = [];
      if (this.isMidnight()) this.moveAtMidnight();
      for (const row of rows) this.requests[row.operation]?.(row);
      const next = this.nextInstant();
      this.accrue(this.now, next);
      this.now = next;
    }
  }

  private isMidnight(): boolean {
    return this.now % DAY === 0;
  }

  private nextInstant(): number {
    const nextRow = this.instants.find((instant) => instant > this.now) ?? this.options.until;
    // Nothing happens to nothing.
    if (this.shelf.things.length === 0 && !this.upload) return nextRow;
    const restores = this.shelf.things.flatMap(({ copy, tiering }) => [copy?.from, tiering?.restoredAt]);
    const others = restores.filter((instant) => instant !== undefined && instant > this.now) as number[];
    return Math.min(nextRow, this.now - (this.now % DAY) + DAY, ...others);
  }

  private accrue(from: number, until: number): void {
    for (const part of this.upload?.parts ?? [])
      if (from < part.until) this.ledger.over(part.kind, part.bytes, from, until);
    this.shelf.accrue(from, until);
  }

  // What time does

  private endRestores(): void {
    for (const { tiering } of this.shelf.things) {
      if (tiering?.restoredAt !== this.now) continue;
      tiering.tier = 'FREQUENT';
      tiering.lastAccess = this.now;
      delete tiering.restoredAt;
    }
  }

  private abortUpload(): void {
    if (!this.upload || !this.rules.abortsUpload(this.upload.initiated, this.now)) return;
    this.upload.abortedByRule = true;
    this.upload.parts = [];
  }

  private moveAtMidnight(): void {
    for (const thing of this.shelf.things) moveTier(thing, this.now);
    this.rules.act(this.shelf, this.ledger, this.latestCount, this.now);
  }

  // What rows create, change and remove

  private bring(entity: Entity): Thing {
    const thing = this.shelf.thingOf(entity, this.now);
    this.things.set(entity, thing);
    if (entity.kind === 'version') {
      this.latestCount = entity.count;
      this.largestCohort = Math.max(this.largestCohort, entity.count);
    }
    return thing;
  }

  /** @returns what it has put there */
  private takeEffect(row: ReferenceEvent): Thing[] {
    const subject = this.subjectOf(row);
    const isNamed = idOf(row, this.options.versioning ?? 'unversioned') !== undefined;
    if (subject && !subject.expired && (isNamed || subject === this.shelf.current())) this.found.add(row);
    if (!isSuccessful(row)) return [];
    this.handleParts(row);
    const counts = this.found.has(row) || (!isNamed && subject?.coveredAt === this.now);
    const isTooEarly = !isNamed && subject?.uncoveredAt === this.now;
    if (counts && !isTooEarly && (row.operation === 'PUT_TAGGING' || row.operation === 'DELETE_TAGGING'))
      subject!.tags = row.tags ?? {};
    const deed = this.story.deeds.get(row);
    if (!deed) return [];
    const made = deed.makes && this.bring(deed.makes);
    this.shelf.change(this.now, ({ entity }) => deed.removes(entity), made);
    return made ? [made] : [];
  }

  private subjectOf(row: ReferenceEvent): Thing | undefined {
    const entity = this.story.subjects.get(row);
    return entity && this.things.get(entity);
  }

  private handleParts(row: ReferenceEvent): void {
    if (row.operation === 'ABORT_MULTIPART' || row.operation === 'COMPLETE_MULTIPART') this.upload = undefined;
    if (row.operation !== 'CREATE_MULTIPART' && row.operation !== 'UPLOAD_PART') return;
    this.upload ??= { initiated: this.now, abortedByRule: false, parts: [] };
    if (row.operation === 'CREATE_MULTIPART' || this.upload.abortedByRule) return;
    const bytes = BigInt(row.bytes ?? row.size ?? 0) * countOf(row);
    this.upload.parts.push({ kind: partKind(this.shelf.classOf(row.storageClass)), bytes, until: this.endOfPart(row) });
  }

  /** When S3 itself removed a part: at the midnight before the first record of that, if it comes before the upload's end. */
  private endOfPart(row: ReferenceEvent): number {
    if (!this.isAsIs) return Infinity;
    const ends: readonly string[] = ['DELETE_UPLOAD', 'ABORT_MULTIPART', 'COMPLETE_MULTIPART'];
    const later = this.order.slice(this.order.indexOf(row) + 1);
    const next = later.find((other) => ends.includes(other.operation) && isSuccessful(other));
    if (next?.operation !== 'DELETE_UPLOAD') return Infinity;
    return Math.max(midnightBefore(secondOf(next)), this.now);
  }

  // What S3 itself is recorded to have done

  /** Rows of this second and what records say of it, in their order. */
  private inTurn(rows: readonly ReferenceEvent[]): void {
    const place = (row: ReferenceEvent): number => this.order.indexOf(row);
    const records = this.records.filter(({ at }) => at === this.now);
    const all = [...rows, ...records].sort((a, b) => place('row' in a ? a.row : a) - place('row' in b ? b.row : b));
    for (const one of all) {
      if ('row' in one) this.follow(one);
      else for (const thing of this.takeEffect(one)) this.shelf.enterClass(thing, thing.storageClass, this.now);
    }
  }

  private follow({ does, target, marker, to }: Recorded): void {
    const { shelf, now } = this;
    const thing = target && this.things.get(target)!;
    if (does === 'move') {
      shelf.leaveClass(thing!, now);
      shelf.enterClass(thing!, to!, now);
      this.ledger.once(TRANSITION[codeOf(to!)]!, thing!.cohort, now);
    } else if (does === 'expire') {
      const uncovers = thing === shelf.current() && this.records.some((record) => record.marker === target);
      thing!.expired = true;
      shelf.change(now, (other) => other === thing);
      const current = shelf.current();
      if (uncovers && current) current.uncoveredAt = now;
    } else {
      const covering = shelf.thingOf(marker!, now);
      this.things.set(marker!, covering);
      const isReplaced = (other: Thing): boolean => marker!.id === NULL && other.entity.id === NULL;
      for (const other of shelf.things.filter(isReplaced)) other.expired = true;
      shelf.current()!.coveredAt = now;
      shelf.change(now, isReplaced, covering);
    }
  }

  // What requests cost and do

  private readonly requests: Handlers = {
    PUT: (row) => this.uploaded(row, REQUESTED.put),
    POST: (row) => this.uploaded(row, REQUESTED.post),
    COPY: (row) => this.uploaded(row, REQUESTED.copy),
    COMPLETE_MULTIPART: (row) => this.uploaded(row, REQUESTED.completeMultipart),
    CREATE_MULTIPART: (row) => this.uploaded(row, REQUESTED.createMultipart),
    UPLOAD_PART: (row) => this.uploaded(row, REQUESTED.uploadPart),
    GET: (row) => this.read(row, REQUESTED.get),
    COPY_SOURCE: (row) => this.read(row, this.options.copySourceRequest === 'free' ? [] : REQUESTED.get),
    SELECT: (row) => this.read(row, REQUESTED.select),
    HEAD: (row) => this.charge(row, REQUESTED.head[codeOf(this.classNow(row))]!, this.requestsOf(row)),
    GET_TAGGING: (row) => this.charge(row, REQUESTED.getTagging, this.requestsOf(row)),
    PUT_TAGGING: (row) => this.charge(row, REQUESTED.putTagging, this.requestsOf(row)),
    OTHER_READ: (row) => this.charge(row, REQUESTED.otherRead, this.requestsOf(row)),
    OTHER_WRITE: (row) => this.charge(row, REQUESTED.otherWrite, this.requestsOf(row)),
    RESTORE: (row) => this.restoreOnRequest(row),
  };

  private charge(row: ReferenceEvent, kind: number | undefined, quantity: bigint): void {
    if (kind !== undefined && kind >= 0 && isCharged(row)) this.ledger.once(kind, quantity, this.now);
  }

  /** Requests a row stands for: repetitions, for each object of the cohort. */
  private requestsOf(row: ReferenceEvent): bigint {
    return countOf(row) * (this.subjectOf(row)?.cohort ?? 1n);
  }

  /** What the row is for, unless the policy has removed or covered it. */
  private target(row: ReferenceEvent): Thing | undefined {
    const subject = this.subjectOf(row);
    if (!subject || subject.expired || !this.found.has(row)) return undefined;
    const isNamed = idOf(row, this.options.versioning ?? 'unversioned') !== undefined;
    const isHidden = subject.coveredAt === this.now || subject.uncoveredAt === this.now;
    return !isNamed && isHidden ? undefined : subject;
  }

  private classNow(row: ReferenceEvent): StorageClass {
    return this.target(row)?.storageClass ?? 'STANDARD';
  }

  private uploaded(row: ReferenceEvent, kinds: readonly number[]): void {
    const storageClass = this.shelf.classOf(row.storageClass);
    this.charge(row, kinds[codeOf(storageClass)], countOf(row));
    if (!isSuccessful(row) || storageClass !== 'EXPRESS_ONEZONE') return;
    const made = isUpload(row) ? this.story.deeds.get(row)?.makes : undefined;
    // Parts that say no size moved their bytes all the same.
    if (!made?.parts) this.charge(row, UPLOADED_EXPRESS, countOf(row) * BigInt(made?.size ?? row.size ?? 0));
  }

  private read(row: ReferenceEvent, kinds: readonly number[]): void {
    const requests = this.requestsOf(row);
    const storageClass = this.classNow(row);
    this.charge(row, kinds[codeOf(storageClass)], requests);
    if (!this.subjectOf(row) || !isSuccessful(row)) return;
    const target = this.target(row);
    if (!target) {
      this.ledger.note(this.now, (notices) => (notices.readsAfterExpiration += Number(requests)));
      return;
    }
    const bytes = requests * BigInt(row.bytes ?? (row.status === 304 ? 0 : target.size));
    this.charge(row, RETRIEVED[codeOf(storageClass)], bytes);
    if (this.options.egress && row.operation !== 'COPY_SOURCE') this.charge(row, TRANSFERRED_OUT, bytes);
    if (isArchive(storageClass)) this.waitForCopy(row, target, requests);
    if (target.tiering) this.accessTiered(row, target, target.tiering, requests);
  }

  private waited(seconds: number, reads: bigint): void {
    this.ledger.note(this.now, (notices) => {
      notices.readsNeedingRestore += Number(reads);
      notices.restoreWaitSeconds += seconds * Number(reads);
      notices.longestRestoreWaitSeconds = Math.max(notices.longestRestoreWaitSeconds, seconds);
    });
  }

  private waitForCopy(row: ReferenceEvent, thing: Thing, reads: bigint): void {
    const copy = thing.copy && this.now < thing.copy.until ? thing.copy : this.restoreCopy(row, thing);
    if (this.now < copy.from) this.waited(copy.from - this.now, reads);
  }

  private restoreCopy(row: ReferenceEvent, thing: Thing): NonNullable<Thing['copy']> {
    const deep = thing.storageClass === 'DEEP_ARCHIVE';
    const { restoreTier, restoreDays } = this.options;
    const fee = deep
      ? DEEP_ARCHIVE_RESTORE[restoreTier === 'expedited' ? 'standard' : restoreTier]
      : GLACIER_RESTORE[restoreTier];
    this.chargeRestore(row, thing, fee);
    const from = this.now + WAIT[deep ? 'DEEP_ARCHIVE' : 'GLACIER'][restoreTier];
    const kind = deep ? STORED.deepArchiveCopy : STORED.glacierCopy;
    thing.copy = { kind, from, until: firstMidnight(from + restoreDays * DAY) };
    return thing.copy;
  }

  private chargeRestore(
    row: ReferenceEvent,
    { cohort, size }: Thing,
    fee?: { readonly request: number; readonly bytes: number },
  ): void {
    this.ledger.note(this.now, (notices) => (notices.restores += Number(cohort)));
    this.charge(row, fee?.request, cohort);
    this.charge(row, fee?.bytes, cohort * BigInt(size));
  }

  private accessTiered(row: ReferenceEvent, thing: Thing, tiering: Tiering, reads: bigint): void {
    if (tiering.tier === 'ARCHIVE' || tiering.tier === 'DEEP_ARCHIVE') {
      if (tiering.restoredAt === undefined) this.restoreTiered(row, thing, tiering);
      this.waited(tiering.restoredAt! - this.now, reads);
    } else if (row.operation === 'SELECT') tiering.lastSelect = this.now;
    else {
      tiering.tier = 'FREQUENT';
      tiering.lastAccess = this.now;
    }
  }

  private restoreTiered(row: ReferenceEvent, thing: Thing, tiering: Tiering): void {
    const { restoreTier } = this.options;
    const hasFee = tiering.tier === 'ARCHIVE' && restoreTier === 'expedited';
    this.chargeRestore(row, thing, hasFee ? GLACIER_RESTORE.expedited : undefined);
    tiering.restoredAt = this.now + WAIT[tiering.tier === 'ARCHIVE' ? 'GLACIER' : 'DEEP_ARCHIVE'][restoreTier];
  }

  private restoreOnRequest(row: ReferenceEvent): void {
    const { now } = this;
    const thing = this.target(row);
    if (!thing || !isSuccessful(row)) return;
    const { tiering, storageClass, copy } = thing;
    if (tiering?.tier === 'ARCHIVE' || tiering?.tier === 'DEEP_ARCHIVE') {
      if (tiering.restoredAt === undefined) this.restoreTiered(row, thing, tiering);
      return;
    }
    if (!isArchive(storageClass)) return;
    if (!copy || now >= copy.until) {
      this.restoreCopy(row, thing);
      return;
    }
    this.charge(row, REQUESTED.get[codeOf(storageClass)], thing.cohort);
    const until = firstMidnight(now + this.options.restoreDays * DAY);
    if (now >= copy.from && until > copy.until) copy.until = until;
  }
}
