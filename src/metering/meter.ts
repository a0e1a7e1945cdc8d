import type { Switches } from '../model/assumptions.ts';
import { ExactSums } from '../model/exact-sums.ts';
import {
  COPY_SOURCE,
  GET,
  isCharged,
  isFailed,
  isRead,
  isUpload,
  type OperationCode,
  operationOf,
  RESTORE,
} from '../model/operation.ts';
import {
  ARCHIVE_INDEX_BYTES,
  ARCHIVE_NAME_BYTES,
  type ClassCode,
  DEEP_ARCHIVE,
  EXPRESS_ONEZONE,
  GLACIER,
  INTELLIGENT_TIERING,
  SMALL_OBJECT_BYTES,
  STANDARD,
  STORAGE_CLASS_FACTS,
} from '../model/storage-class.ts';
import { DAY_SECONDS, type Horizon, midnightFrom } from '../model/time.ts';
import {
  DEEP_ARCHIVE_RESTORE,
  EARLY_DELETE,
  EARLY_DELETE_FILLER,
  GLACIER_RESTORE,
  MONITORED,
  RETRIEVED,
  type RestoreTier,
  STORED,
  TAGGED,
  TRANSFERRED_OUT,
  TRANSITION,
  UPLOADED_EXPRESS,
} from '../model/usage-type.ts';
import {
  type AccessTier,
  ARCHIVE_ACCESS,
  ARCHIVE_WAIT_SECONDS,
  DEEP_ARCHIVE_WAIT_SECONDS,
  type TierSettings,
  type TierVisitor,
  tierSettings,
  walkTiers,
} from '../trace/access-tiers.ts';
import { ALIVE, type Life } from '../trace/life.ts';
import type { MultipartUpload, UploadedPart } from '../trace/multipart.ts';
import type { Stays } from '../trace/stays.ts';
import { DailyUsage } from './daily-usage.ts';
import { requestKind, strayRequestKind } from './requests.ts';
import { chargesCopySources, holdTags, type SharedUsage } from './shared-usage.ts';
import { STORED_BYTES, STORED_FILLER, STORED_PARTS, TIER_BYTES } from './stored-kinds.ts';
import type { UsageSink } from './usage-sink.ts';

export interface MeterOptions {
  readonly horizon: Horizon;
  readonly restoreTier: RestoreTier;
  /** Days a restored copy is kept. */
  readonly restoreDays: number;
  /** Meter bytes sent to the internet. */
  readonly egress: boolean;
  readonly switches: Switches;
}

/** What a table of costs alone would hide. Counted within the horizon. */
export interface MeterCounts {
  readsAfterExpiration: number;
  readsNeedingRestore: number;
  restores: number;
  restoreWaitSeconds: number;
  longestRestoreWaitSeconds: number;
}

/** What a meter counted beside usage, as data that can be sent to another thread. */
export interface MeterPart {
  readonly counts: MeterCounts;
  readonly unfinished: DailyUsage | undefined;
  readonly unfinishedUploads: number;
  readonly unfinishedParts: ExactSums;
}

const MINIMUM_SECONDS: readonly number[] = STORAGE_CLASS_FACTS.map((facts) => facts.minimumStorageDays * DAY_SECONDS);

/**
 * Accrues what AWS would measure of lives under one policy. Each rule's page is named in `model/usage-type.ts`; storage
 * and minimums: https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-class-intro.html, restores:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/restoring-objects.html.
 */
export class Meter {
  readonly counts: MeterCounts = {
    readsAfterExpiration: 0,
    readsNeedingRestore: 0,
    restores: 0,
    restoreWaitSeconds: 0,
    longestRestoreWaitSeconds: 0,
  };
  /** What parts of multipart uploads used that nobody completed, a share of {@link usage}; undefined when there are none. */
  unfinished: DailyUsage | undefined;
  unfinishedUploads = 0;
  private readonly unfinishedParts = new ExactSums(1);
  private readonly usage: UsageSink;
  private readonly options: MeterOptions;
  private readonly tiers: TierMeter;
  private readonly fixedClass: ClassCode | undefined;
  private readonly glacier: RestoreTerms;
  private readonly deepArchive: RestoreTerms;
  private readonly copy: RestoredCopy = { kind: 0, from: 0, until: NO_COPY };

  /**
   * @param usage gets what is used
   * @param fixedClass the class every life stays in from beginning to end, if the policy is of that kind and what such
   *   lives use is counted once for all policies: {@link SharedUsage}
   */
  constructor(usage: UsageSink, options: MeterOptions, fixedClass: ClassCode | undefined) {
    this.usage = usage;
    this.options = options;
    this.fixedClass = fixedClass;
    this.glacier = fromGlacier(options.restoreTier);
    this.deepArchive = fromDeepArchive(options.restoreTier);
    this.tiers = new TierMeter(this.usage, this.counts, options.restoreTier);
  }

  /** Settings of Intelligent-Tiering's tiers, filled in by `optIn` of {@link accrue}. */
  get tierSettings(): TierSettings {
    return this.tiers.settings;
  }

  get unfinishedBytes(): bigint {
    return this.unfinishedParts.value(0);
  }

  /** What was counted so far beside usage. */
  part(): MeterPart {
    const { counts, unfinished, unfinishedUploads, unfinishedParts } = this;
    return { counts, unfinished, unfinishedUploads, unfinishedParts };
  }

  /** Adds what another meter of the same policy counted. */
  addPart({ counts, unfinished, unfinishedUploads, unfinishedParts }: MeterPart): void {
    const own = this.counts;
    own.readsAfterExpiration += counts.readsAfterExpiration;
    own.readsNeedingRestore += counts.readsNeedingRestore;
    own.restores += counts.restores;
    own.restoreWaitSeconds += counts.restoreWaitSeconds;
    own.longestRestoreWaitSeconds = Math.max(own.longestRestoreWaitSeconds, counts.longestRestoreWaitSeconds);
    this.unfinishedUploads += unfinishedUploads;
    this.unfinishedParts.addAll(unfinishedParts);
    if (!unfinished) return;
    this.unfinished ??= new DailyUsage(this.options.horizon);
    this.unfinished.addAll(unfinished);
  }

  /** An upload that failed. */
  failedUpload(operation: OperationCode, time: number, count: number, uploadClass: ClassCode): void {
    this.usage.add(requestKind(operation, uploadClass), this.usage.slotOf(time), count, 1);
  }

  /** A charged request that found no object. */
  stray(operation: OperationCode, time: number, count: number): void {
    const kind = strayRequestKind(operation);
    if (kind >= 0) this.usage.add(kind, this.usage.slotOf(time), count, 1);
  }

  /** Adds to a usage what was counted once for all policies; called once, at the end. */
  addShared(usage: DailyUsage, shared: SharedUsage): void {
    const { fixedClass, options } = this;
    shared.addStrays(usage, options);
    if (fixedClass === undefined) return;
    shared.addStorage(usage, fixedClass);
    shared.addTagsAndMarkers(usage);
    shared.addRequests(usage, fixedClass, options);
  }

  /**
   * A multipart upload that would have become an object of `uploadClass`.
   * @param ended may be earlier than its own end
   * @param endOf until when a part is there
   */
  multipart(
    upload: MultipartUpload,
    uploadClass: ClassCode,
    ended: number,
    endOf: (part: UploadedPart) => number = () => ended,
  ): void {
    const { usage } = this;
    const unfinished = upload.completed || upload.parts.length === 0 ? undefined : this.countUnfinished(upload, ended);
    for (const part of upload.parts) {
      const { time, bytes, charged } = part;
      const until = endOf(part);
      usage.hold(STORED_PARTS[uploadClass]!, time, until, bytes);
      unfinished?.hold(STORED_PARTS[uploadClass]!, time, until, bytes);
      if (charged && uploadClass === EXPRESS_ONEZONE) usage.add(UPLOADED_EXPRESS, usage.slotOf(time), bytes, 1);
    }
    for (const { operation, time, count } of upload.requests) {
      usage.add(requestKind(operation, uploadClass), usage.slotOf(time), count, 1);
    }
  }

  private countUnfinished({ created, parts }: MultipartUpload, ended: number): DailyUsage | undefined {
    const { from, until } = this.options.horizon;
    if (created >= until || ended <= from) return undefined;
    this.unfinished ??= new DailyUsage(this.options.horizon);
    this.unfinishedUploads++;
    for (const { bytes } of parts) this.unfinishedParts.add(0, bytes);
    return this.unfinished;
  }

  /**
   * One life in the stays a policy gave it.
   * @param optIn fills in the tier settings of a stay in Intelligent-Tiering that begins at an instant
   */
  accrue(life: Life, stays: Stays, optIn: (from: number) => void): void {
    const fixed = this.fixedClass !== undefined;
    const end = Math.min(life.ended, stays.expires);
    const removed = life.endedBy !== ALIVE || stays.expires < life.ended;
    for (let i = 0; i < stays.length; i++) {
      const storageClass = stays.storageClass[i]!;
      const from = stays.from[i]!;
      const last = i + 1 === stays.length;
      const until = last ? end : stays.from[i + 1]!;
      if (i > 0) this.usage.add(TRANSITION[storageClass]!, this.usage.slotOf(from), life.count, 1);
      if (storageClass === INTELLIGENT_TIERING) {
        this.tiers.settings.stays = stays;
        optIn(from);
        this.tiers.meter(life, from, until);
        if (!fixed && life.size >= SMALL_OBJECT_BYTES) this.usage.hold(MONITORED, from, until, life.count);
      } else if (!fixed) this.store(life, storageClass, from, until);
      if (!last || removed) this.removeEarly(life, storageClass, from, until);
    }
    if (!fixed) holdTags(this.usage, TAGGED, life, end, stays);
    if (!fixed) this.request(life, stays, end);
    else if (isArchived(this.fixedClass!)) this.restoreOnly(life, this.fixedClass!, end);
  }

  /** A delete marker is billed for its key, in Standard: https://docs.aws.amazon.com/AmazonS3/latest/userguide/DeleteMarker.html */
  marker(from: number, until: number, keyBytes: number, count: number): void {
    if (this.fixedClass === undefined) this.usage.hold(STORED.standard, from, until, keyBytes * count);
  }

  private store(life: Life, storageClass: ClassCode, from: number, until: number): void {
    const { usage } = this;
    const { size, count } = life;
    usage.hold(STORED_BYTES[storageClass]!, from, until, size * count);
    const filler = STORED_FILLER[storageClass]!;
    if (filler >= 0 && size < SMALL_OBJECT_BYTES) usage.hold(filler, from, until, (SMALL_OBJECT_BYTES - size) * count);
    if (storageClass === GLACIER) {
      usage.hold(STORED.glacierIndex, from, until, ARCHIVE_INDEX_BYTES * count);
      usage.hold(STORED.glacierName, from, until, ARCHIVE_NAME_BYTES * count);
    } else if (storageClass === DEEP_ARCHIVE) {
      usage.hold(STORED.deepArchiveIndex, from, until, ARCHIVE_INDEX_BYTES * count);
      usage.hold(STORED.deepArchiveName, from, until, ARCHIVE_NAME_BYTES * count);
    }
  }

  /** The rest of the class's minimum duration, all in the month of the removal. */
  private removeEarly(life: Life, storageClass: ClassCode, from: number, until: number): void {
    const remaining = MINIMUM_SECONDS[storageClass]! - (until - from);
    const slot = this.usage.slotOf(until);
    if (remaining <= 0 || slot < 0) return;
    const archived = storageClass === GLACIER || storageClass === DEEP_ARCHIVE;
    const overhead =
      archived && this.options.switches['early-delete-overhead'] === 'included' ? ARCHIVE_INDEX_BYTES : 0;
    this.usage.add(EARLY_DELETE[storageClass]!, slot, (life.size + overhead) * life.count, remaining);
    if (life.size < SMALL_OBJECT_BYTES && EARLY_DELETE_FILLER[storageClass]! >= 0) {
      const filler = (SMALL_OBJECT_BYTES - life.size) * life.count;
      this.usage.add(EARLY_DELETE_FILLER[storageClass]!, slot, filler, remaining);
    }
  }

  private request(life: Life, stays: Stays, end: number): void {
    const { usage, options } = this;
    const { accessTime, accessOperation, accessBytes, accessCount, count } = life;
    const expires = stays.expires;
    let stay = 0;
    let storageClass = stays.storageClass[0]!;
    let nextFrom = stays.length > 1 ? stays.from[1]! : Infinity;
    for (let at = 0; at < life.accesses; at++) {
      const time = accessTime[at]!;
      const code = accessOperation[at]!;
      const operation = operationOf(code);
      const repeats = accessCount[at]!;
      const slot = usage.slotOf(time);
      const reads = isRead(operation) && !isFailed(code);
      if (!isUpload(operation) && (time >= expires || stays.misses(code, time))) {
        const kind = requestKind(operation, STANDARD);
        if (kind >= 0 && this.isRequestCharged(code)) usage.add(kind, slot, count, repeats);
        if (reads && slot >= 0) this.counts.readsAfterExpiration += count * repeats;
        continue;
      }
      while (time >= nextFrom) {
        stay++;
        storageClass = stays.storageClass[stay]!;
        nextFrom = stay + 1 < stays.length ? stays.from[stay + 1]! : Infinity;
      }
      if (isArchived(storageClass)) this.restoreFor(life, storageClass, at, end);
      if (this.isRequestCharged(code)) {
        const kind = requestKind(operation, isUpload(operation) ? stays.storageClass[0]! : storageClass);
        if (kind >= 0) usage.add(kind, slot, count, repeats);
      }
      if (reads) {
        const bytes = accessBytes[at]!;
        const retrieved = RETRIEVED[storageClass]!;
        if (retrieved >= 0 && isCharged(code)) usage.add(retrieved, slot, bytes, count, repeats);
        if (options.egress && operation !== COPY_SOURCE && isCharged(code)) {
          usage.add(TRANSFERRED_OUT, slot, bytes, count, repeats);
        }
      } else if (
        stays.storageClass[0] === EXPRESS_ONEZONE &&
        isUpload(operation) &&
        !isFailed(code) &&
        isCharged(code)
      ) {
        usage.add(UPLOADED_EXPRESS, slot, accessBytes[at]!, count, repeats);
      }
    }
    this.keepCopy(life, end);
  }

  /** What a life in an archived class uses beyond what {@link SharedUsage} counts. */
  private restoreOnly(life: Life, storageClass: ClassCode, end: number): void {
    for (let at = 0; at < life.accesses; at++) this.restoreFor(life, storageClass, at, end);
    this.keepCopy(life, end);
  }

  /** What a request to an archived object restores. */
  private restoreFor(life: Life, storageClass: ClassCode, at: number, end: number): void {
    const code = life.accessOperation[at]!;
    const operation = operationOf(code);
    const reads = isRead(operation);
    if (isFailed(code) || !(reads || operation === RESTORE)) return;
    const { copy } = this;
    const time = life.accessTime[at]!;
    const slot = this.usage.slotOf(time);
    const repeats = life.accessCount[at]!;
    if (!reads) {
      this.restore(life, storageClass, time, slot, repeats, end, isCharged(code));
      return;
    }
    if (time >= copy.until) this.beginRestore(life, storageClass, time, slot, end, isCharged(code));
    if (time < copy.from && slot >= 0) countWait(this.counts, life.count * repeats, copy.from - time);
  }

  private isRequestCharged(code: number): boolean {
    return isCharged(code) && (operationOf(code) !== COPY_SOURCE || chargesCopySources(this.options));
  }

  /** RestoreObject by the trace itself: begins a restore, or prolongs a live copy at the price of a GET. */
  private restore(
    life: Life,
    storageClass: ClassCode,
    time: number,
    slot: number,
    times: number,
    end: number,
    charged: boolean,
  ): void {
    const { copy } = this;
    let repeats = times;
    if (time >= copy.until) {
      this.beginRestore(life, storageClass, time, slot, end, charged);
      repeats--;
    }
    if (repeats === 0) return;
    if (charged) this.usage.add(requestKind(GET, storageClass), slot, life.count, repeats);
    if (time >= copy.from) copy.until = Math.max(copy.until, this.copyExpiry(time));
  }

  private beginRestore(
    life: Life,
    storageClass: ClassCode,
    time: number,
    slot: number,
    end: number,
    charged: boolean,
  ): void {
    this.keepCopy(life, end);
    const { usage, counts, copy } = this;
    const terms = storageClass === GLACIER ? this.glacier : this.deepArchive;
    if (charged) {
      usage.add(terms.request, slot, life.count, 1);
      usage.add(terms.bytes, slot, life.size, life.count);
    }
    if (slot >= 0) counts.restores += life.count;
    copy.kind = terms.copy;
    copy.from = time + terms.seconds;
    copy.until = this.copyExpiry(copy.from);
  }

  /** A copy expires at the midnight UTC at or after its days are over. */
  private copyExpiry(from: number): number {
    return midnightFrom(from + this.options.restoreDays * DAY_SECONDS);
  }

  /** The copy is held until it expires, or the life ends; then there is none. */
  private keepCopy(life: Life, end: number): void {
    const { copy } = this;
    if (copy.until === NO_COPY) return;
    this.usage.hold(copy.kind, copy.from, Math.min(copy.until, end), life.size * life.count);
    copy.until = NO_COPY;
  }
}

function isArchived(storageClass: ClassCode): boolean {
  return storageClass === GLACIER || storageClass === DEEP_ARCHIVE;
}

/** When a copy expires that is not there. */
const NO_COPY = -Infinity;

/** The restored copy of the life at work. */
interface RestoredCopy {
  kind: number;
  from: number;
  until: number;
}

/** What a restore from a class uses, and how long it takes. */
interface RestoreTerms {
  readonly request: number;
  readonly bytes: number;
  readonly copy: number;
  readonly seconds: number;
}

function fromGlacier(tier: RestoreTier): RestoreTerms {
  return { ...GLACIER_RESTORE[tier], copy: STORED.glacierCopy, seconds: ARCHIVE_WAIT_SECONDS[tier] };
}

function fromDeepArchive(tier: RestoreTier): RestoreTerms {
  const fees = DEEP_ARCHIVE_RESTORE[tier === 'bulk' ? 'bulk' : 'standard'];
  return { ...fees, copy: STORED.deepArchiveCopy, seconds: DEEP_ARCHIVE_WAIT_SECONDS[tier] };
}

function countWait(counts: MeterCounts, times: number, seconds: number): void {
  counts.readsNeedingRestore += times;
  counts.restoreWaitSeconds += times * seconds;
  counts.longestRestoreWaitSeconds = Math.max(counts.longestRestoreWaitSeconds, seconds);
}

/** Meters stays in INTELLIGENT_TIERING by the tiers inside it. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/intelligent-tiering-overview.html */
class TierMeter implements TierVisitor {
  readonly settings: TierSettings;
  private readonly usage: UsageSink;
  private readonly counts: MeterCounts;
  private readonly expedited: boolean;
  private life: Life | undefined;

  constructor(usage: UsageSink, counts: MeterCounts, restoreTier: RestoreTier) {
    this.usage = usage;
    this.counts = counts;
    this.settings = tierSettings(restoreTier);
    this.expedited = restoreTier === 'expedited';
  }

  meter(life: Life, from: number, until: number): void {
    this.life = life;
    walkTiers(life, from, until, this.settings, this);
  }

  held(tier: AccessTier, from: number, until: number): void {
    const { usage } = this;
    const { size, count } = this.life!;
    usage.hold(TIER_BYTES[tier]!, from, until, size * count);
    if (tier < ARCHIVE_ACCESS) return;
    const archive = tier === ARCHIVE_ACCESS;
    const indexKind = archive ? STORED.archiveAccessIndex : STORED.deepArchiveAccessIndex;
    const nameKind = archive ? STORED.archiveAccessName : STORED.deepArchiveAccessName;
    usage.hold(indexKind, from, until, ARCHIVE_INDEX_BYTES * count);
    usage.hold(nameKind, from, until, ARCHIVE_NAME_BYTES * count);
  }

  restored(tier: AccessTier, access: number): void {
    const { usage } = this;
    const { accessTime, accessOperation, size, count } = this.life!;
    const slot = usage.slotOf(accessTime[access]!);
    if (slot >= 0) this.counts.restores += count;
    if (!this.expedited || tier !== ARCHIVE_ACCESS || !isCharged(accessOperation[access]!)) return;
    usage.add(GLACIER_RESTORE.expedited.request, slot, count, 1);
    usage.add(GLACIER_RESTORE.expedited.bytes, slot, size, count);
  }

  waited(access: number, completes: number): void {
    const { accessTime, accessCount, count } = this.life!;
    const time = accessTime[access]!;
    if (this.usage.slotOf(time) >= 0) countWait(this.counts, count * accessCount[access]!, completes - time);
  }
}
