/**
 * A second, slow meter to hold the fast one against. It shares the nouns with it (names of classes, operations, usage
 * kinds) and nothing else: no due dates are computed ahead and no intervals are intersected. It walks through time key
 * by key, from one interesting second to the next (every midnight, every request, every end of a restore), asks at each
 * what is true now, and adds bytes × seconds up until the next one.
 *
 * Within one second: restores that end then have ended, the midnight's moves have been made (tiers, then aborted
 * uploads, then lifecycle rules), and requests come last. An object removed within that very second is not moved any
 * more, and its tags are those it has when the second is over.
 */
import { OPERATIONS, type Operation } from '../../src/model/operation.ts';
import { STORAGE_CLASSES, type StorageClass } from '../../src/model/storage-class.ts';
import type { Usage } from '../../src/model/usage.ts';
import {
  DEEP_ARCHIVE_RESTORE,
  EARLY_DELETE,
  EARLY_DELETE_FILLER,
  GLACIER_RESTORE,
  MONITORED,
  REQUESTED,
  RETRIEVED,
  type RestoreTier,
  STORED,
  TRANSFERRED_OUT,
  TRANSITION,
  UPLOADED_EXPRESS,
  USAGE_KINDS,
} from '../../src/model/usage-type.ts';

export interface ReferenceEvent {
  /** UTC milliseconds. */
  readonly time: number;
  readonly operation: Operation;
  readonly key: string;
  readonly size?: number;
  readonly bytes?: number;
  readonly count?: number;
  readonly storageClass?: StorageClass;
  readonly status?: number;
  readonly tags?: Readonly<Record<string, string>>;
}

export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_LifecycleRuleFilter.html (Intelligent-Tiering's has no sizes) */
export interface Filter {
  readonly Prefix?: string;
  readonly Tag?: Tag;
  readonly ObjectSizeGreaterThan?: number;
  readonly ObjectSizeLessThan?: number;
  readonly And?: {
    readonly Prefix?: string;
    readonly Tags?: readonly Tag[];
    readonly ObjectSizeGreaterThan?: number;
    readonly ObjectSizeLessThan?: number;
  };
}

interface When {
  readonly Days?: number;
  readonly Date?: string;
}

export interface LifecycleRule {
  readonly ID?: string;
  readonly Status: 'Enabled' | 'Disabled';
  readonly Filter?: Filter;
  readonly Transitions?: readonly (When & { readonly StorageClass: StorageClass })[];
  readonly Expiration?: When;
  readonly AbortIncompleteMultipartUpload?: { readonly DaysAfterInitiation: number };
}

/** As `aws s3api get-bucket-lifecycle-configuration` prints it. */
export interface LifecycleConfiguration {
  readonly TransitionDefaultMinimumObjectSize?: 'all_storage_classes_128K' | 'varies_by_storage_class';
  readonly Rules: readonly LifecycleRule[];
}

/** As `aws s3api get-bucket-intelligent-tiering-configuration` prints it. */
export interface IntelligentTieringConfiguration {
  readonly Id: string;
  readonly Status: 'Enabled' | 'Disabled';
  readonly Filter?: Filter;
  readonly Tierings: readonly {
    readonly Days: number;
    readonly AccessTier: 'ARCHIVE_ACCESS' | 'DEEP_ARCHIVE_ACCESS';
  }[];
}

export interface ReferencePolicy {
  /** Class of every upload; the trace's own where absent. */
  readonly uploadStorageClass?: StorageClass;
  /** Nothing ever moves: said for the reader, since objects that existed before are in {@link uploadStorageClass} under every policy that names one. */
  readonly fixed?: boolean;
  readonly lifecycle?: LifecycleConfiguration;
  readonly intelligentTiering?: readonly IntelligentTieringConfiguration[];
}

export interface ReferenceOptions {
  /** Horizon, UTC seconds at midnight. */
  readonly from: number;
  readonly until: number;
  readonly restoreTier: RestoreTier;
  readonly restoreDays: number;
  readonly egress: boolean;
  /** Whether the 32 KB index of an archived object is part of its early delete. */
  readonly earlyDeleteOverhead: 'included' | 'excluded';
}

/** What the report says besides usage; requests within the horizon only. */
interface ReferenceNotices {
  readsAfterExpiration: number;
  readsNeedingRestore: number;
  restores: number;
  restoreWaitSeconds: number;
  longestRestoreWaitSeconds: number;
}

export interface ReferenceResult extends ReferenceNotices {
  /** Quantities that are not zero by `2025-01|usageType|operation`. */
  readonly usage: Map<string, bigint>;
  /** Keys that ever held an object, each as often as its largest cohort. */
  readonly objects: number;
  readonly assumedObjects: number;
  readonly deletesOfUnknownKeys: number;
  /** Rows before the horizon's end. */
  readonly events: number;
}

/** The project's own usage in the shape of {@link ReferenceResult.usage}, to compare the two. */
export function usageAsMap(usage: Usage): Map<string, bigint> {
  const map = new Map<string, bigint>();
  for (const { month, quantities } of usage.months)
    for (const [kind, quantity] of quantities) add(map, usageKey(month.month, kind), quantity);
  return map;
}

/**
 * What a policy would have used.
 * @throws RangeError for a trace with an error row: an object or upload that never gets a size
 */
export function referenceUsage(
  events: readonly ReferenceEvent[],
  policy: ReferencePolicy,
  options: ReferenceOptions,
): ReferenceResult {
  const ledger = new Ledger(options.from, options.until);
  const rows = events.filter((event) => secondOf(event) < options.until).sort(inOrder);
  const first = Math.min(options.from, ...rows.slice(0, 1).map(secondOf));
  const assumedSince = first - (((first % DAY) + DAY) % DAY);
  const timelines = [...new Set(rows.map((row) => row.key))].map((key) => {
    const ofKey = rows.filter((row) => row.key === key && row.operation !== 'LIST');
    return new Timeline(key, ofKey, assumedSince, policy, options, ledger);
  });
  for (const timeline of timelines) timeline.run();
  for (const row of rows)
    if (row.operation === 'LIST' && isCharged(row)) ledger.once(REQUESTED.list, countOf(row), secondOf(row));
  return {
    usage: ledger.usage,
    ...ledger.notices,
    objects: timelines.reduce((sum, timeline) => sum + timeline.largestCohort, 0),
    assumedObjects: timelines.filter((timeline) => timeline.assumed).length,
    deletesOfUnknownKeys: timelines.reduce((sum, timeline) => sum + timeline.deletesOfUnknownKeys, 0),
    events: rows.length,
  };
}

const DAY = 86_400;
const HOUR = 3_600;
const KB = 1_024;
const UPLOADS: readonly Operation[] = ['PUT', 'POST', 'COPY', 'COMPLETE_MULTIPART'];
const MULTIPART: readonly Operation[] = ['CREATE_MULTIPART', 'UPLOAD_PART', 'ABORT_MULTIPART'];

/** Coldest last: which of several transitions of one midnight is taken, and what `colder` means. */
const COLDER: readonly StorageClass[] = [
  'STANDARD',
  'STANDARD_IA',
  'ONEZONE_IA',
  'GLACIER_IR',
  'INTELLIGENT_TIERING',
  'GLACIER',
  'DEEP_ARCHIVE',
];

const TIERS = ['FREQUENT', 'INFREQUENT', 'ARCHIVE_INSTANT', 'ARCHIVE', 'DEEP_ARCHIVE'] as const;
type Tier = (typeof TIERS)[number];

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html */
const ALLOWED: Readonly<Record<string, readonly StorageClass[]>> = {
  STANDARD: ['STANDARD_IA', 'INTELLIGENT_TIERING', 'ONEZONE_IA', 'GLACIER_IR', 'GLACIER', 'DEEP_ARCHIVE'],
  STANDARD_IA: ['INTELLIGENT_TIERING', 'ONEZONE_IA', 'GLACIER_IR', 'GLACIER', 'DEEP_ARCHIVE'],
  'INTELLIGENT_TIERING FREQUENT': ['ONEZONE_IA', 'GLACIER_IR', 'GLACIER', 'DEEP_ARCHIVE'],
  'INTELLIGENT_TIERING INFREQUENT': ['ONEZONE_IA', 'GLACIER_IR', 'GLACIER', 'DEEP_ARCHIVE'],
  'INTELLIGENT_TIERING ARCHIVE_INSTANT': ['GLACIER_IR', 'GLACIER', 'DEEP_ARCHIVE'],
  'INTELLIGENT_TIERING ARCHIVE': ['GLACIER', 'DEEP_ARCHIVE'],
  'INTELLIGENT_TIERING DEEP_ARCHIVE': ['DEEP_ARCHIVE'],
  ONEZONE_IA: ['GLACIER', 'DEEP_ARCHIVE'],
  GLACIER_IR: ['GLACIER', 'DEEP_ARCHIVE'],
  GLACIER: ['DEEP_ARCHIVE'],
  DEEP_ARCHIVE: [],
  EXPRESS_ONEZONE: [],
};

const MINIMUM_DAYS: Readonly<Record<StorageClass, number>> = {
  STANDARD: 0,
  STANDARD_IA: 30,
  ONEZONE_IA: 30,
  INTELLIGENT_TIERING: 0,
  GLACIER_IR: 90,
  GLACIER: 90,
  DEEP_ARCHIVE: 180,
  EXPRESS_ONEZONE: 0,
};

/** Upper ends of https://docs.aws.amazon.com/AmazonS3/latest/userguide/restoring-objects-retrieval-options.html */
const WAIT: Readonly<Record<'GLACIER' | 'DEEP_ARCHIVE', Readonly<Record<RestoreTier, number>>>> = {
  GLACIER: { expedited: 300, standard: 5 * HOUR, bulk: 12 * HOUR },
  DEEP_ARCHIVE: { expedited: 12 * HOUR, standard: 12 * HOUR, bulk: 48 * HOUR },
};

interface StoredObject {
  /** Equal objects this one stands for. */
  readonly cohort: bigint;
  readonly size: number;
  readonly created: number;
  tags: Readonly<Record<string, string>>;
  storageClass: StorageClass;
  /** When it came into its class. */
  since: number;
  /** The policy has removed it; the trace does not know yet. */
  expired: boolean;
  /** Rule actions that have had their turn. */
  readonly acted: Set<string>;
  /** A restored copy, once there: accrues from `from` to `until`. */
  copy?: { readonly kind: number; readonly from: number; until: number };
  tiering?: Tiering;
}

interface Tiering {
  tier: Tier;
  lastAccess: number;
  /** Last SELECT, which holds back the two archive tiers only. */
  lastSelect: number;
  /** End of a running restore. */
  restoredAt?: number;
  readonly archiveDays: number;
  readonly deepArchiveDays: number;
}

interface OpenUpload {
  readonly initiated: number;
  abortedByRule: boolean;
  parts: { readonly kind: number; readonly bytes: bigint }[];
  /** Bytes of all parts, whatever became of them; undefined before the first part. */
  total?: number;
}

/** Everything that happens to one key. */
class Timeline {
  largestCohort = 0;
  assumed = false;
  deletesOfUnknownKeys = 0;
  private readonly key: string;
  private readonly rows: readonly ReferenceEvent[];
  private readonly assumedSince: number;
  private readonly policy: ReferencePolicy;
  private readonly options: ReferenceOptions;
  private readonly ledger: Ledger;
  private now: number;
  private object: StoredObject | undefined;
  private upload: OpenUpload | undefined;

  constructor(
    key: string,
    rows: readonly ReferenceEvent[],
    assumedSince: number,
    policy: ReferencePolicy,
    options: ReferenceOptions,
    ledger: Ledger,
  ) {
    this.key = key;
    this.rows = rows;
    this.assumedSince = assumedSince;
    this.policy = policy;
    this.options = options;
    this.ledger = ledger;
    this.now = assumedSince;
  }

  run(): void {
    const before = assumedObject(this.rows);
    while (this.now < this.options.until) {
      const requests = this.rows.filter((row) => secondOf(row) === this.now);
      if (before && this.now === this.assumedSince) this.assume(before, requests);
      else this.passInto(requests);
      requests.forEach((row, i) => {
        if (isCharged(row)) this.request(row, requests.slice(i + 1));
      });
      const next = this.nextInstant();
      this.accrue(this.now, next);
      this.now = next;
    }
  }

  private nextInstant(): number {
    const instants = [
      this.now - (this.now % DAY) + DAY,
      ...this.rows.map(secondOf),
      this.object?.copy?.from ?? Infinity,
      this.object?.tiering?.restoredAt ?? Infinity,
    ];
    return Math.min(...instants.filter((instant) => instant > this.now));
  }

  // What is held

  private accrue(from: number, until: number): void {
    for (const { kind, bytes } of this.upload?.parts ?? []) this.ledger.over(kind, bytes, from, until);
    const { object } = this;
    if (!object || object.expired) return;
    for (const [kind, bytes] of holdings(object)) this.ledger.over(kind, object.cohort * BigInt(bytes), from, until);
    if (isMonitored(object)) this.ledger.over(MONITORED, object.cohort, from, until);
    if (object.copy && object.copy.from <= from && from < object.copy.until)
      this.ledger.over(object.copy.kind, object.cohort * BigInt(object.size), from, until);
  }

  // What time does

  private passInto(requests: readonly ReferenceEvent[]): void {
    const tiering = this.object?.tiering;
    if (tiering?.restoredAt === this.now) {
      tiering.tier = 'FREQUENT';
      tiering.lastAccess = this.now;
      delete tiering.restoredAt;
    }
    if (this.now % DAY === 0) {
      this.abortUpload();
      this.moveAtMidnight(requests);
    }
  }

  private moveAtMidnight(requests: readonly ReferenceEvent[]): void {
    if (!this.object || this.object.expired || requests.some(endsLife)) return;
    this.settleTags(this.object, requests);
    moveTier(this.object, this.now);
    this.applyLifecycle(this.object);
  }

  private abortUpload(): void {
    if (!this.upload) return;
    for (const rule of this.enabledRules()) {
      const days = rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation;
      if (days === undefined || !matches(filterOf(rule), { key: this.key })) continue;
      if (this.now >= this.upload.initiated + days * DAY) {
        this.upload.abortedByRule = true;
        this.upload.parts = [];
      }
    }
  }

  private enabledRules(): readonly LifecycleRule[] {
    return (this.policy.lifecycle?.Rules ?? []).filter((rule) => rule.Status === 'Enabled');
  }

  /** Which actions are satisfied this midnight and have not had their turn? All of them have it now. */
  private applyLifecycle(object: StoredObject): void {
    let expires = false;
    const targets: StorageClass[] = [];
    this.enabledRules().forEach((rule, index) => {
      if (!matches(filterOf(rule), { key: this.key, ...object })) return;
      const isTheirTurn = (when: When, name: string): boolean => {
        if (object.acted.has(name) || !isSatisfied(when, object.created, this.now)) return false;
        object.acted.add(name);
        return true;
      };
      if (rule.Expiration && isTheirTurn(rule.Expiration, `${index} expiration`)) expires = true;
      rule.Transitions?.forEach((transition, n) => {
        if (this.isTooSmall(object, rule, transition.StorageClass)) return;
        if (isTheirTurn(transition, `${index} transition ${n}`)) targets.push(transition.StorageClass);
      });
    });
    if (expires) {
      this.leaveClass(object);
      object.expired = true;
      return;
    }
    targets.sort((a, b) => COLDER.indexOf(b) - COLDER.indexOf(a));
    for (const target of targets) {
      if (!ALLOWED[whereabouts(object)]!.includes(target)) continue;
      this.leaveClass(object);
      this.enterClass(object, target);
      this.ledger.once(TRANSITION[codeOf(target)]!, object.cohort, this.now);
      break;
    }
  }

  /** https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html, "size constraints" */
  private isTooSmall(object: StoredObject, rule: LifecycleRule, target: StorageClass): boolean {
    const filter = filterOf(rule);
    const asksForSize = filter.ObjectSizeGreaterThan !== undefined || filter.ObjectSizeLessThan !== undefined;
    const varies = this.policy.lifecycle?.TransitionDefaultMinimumObjectSize === 'varies_by_storage_class';
    if (asksForSize || (varies && (target === 'GLACIER' || target === 'DEEP_ARCHIVE'))) return false;
    return object.size < 128 * KB;
  }

  private enterClass(object: StoredObject, storageClass: StorageClass): void {
    object.storageClass = storageClass;
    object.since = this.now;
    delete object.tiering;
    if (storageClass !== 'INTELLIGENT_TIERING') return;
    const days = { ARCHIVE_ACCESS: Infinity, DEEP_ARCHIVE_ACCESS: Infinity };
    for (const { Status, Filter, Tierings } of this.policy.intelligentTiering ?? []) {
      if (Status !== 'Enabled' || !matches(flat(Filter ?? {}), { key: this.key, ...object })) continue;
      for (const { AccessTier, Days } of Tierings) days[AccessTier] = Math.min(days[AccessTier], Days);
    }
    object.tiering = {
      tier: 'FREQUENT',
      lastAccess: this.now,
      lastSelect: this.now,
      archiveDays: days.ARCHIVE_ACCESS,
      deepArchiveDays: days.DEEP_ARCHIVE_ACCESS,
    };
  }

  /** The rest of the minimum storage duration is charged at once. */
  private leaveClass({ storageClass, since, size, cohort }: StoredObject): void {
    const remaining = since + MINIMUM_DAYS[storageClass] * DAY - this.now;
    if (remaining <= 0) return;
    const seconds = cohort * BigInt(remaining);
    const indexed =
      (storageClass === 'GLACIER' || storageClass === 'DEEP_ARCHIVE') &&
      this.options.earlyDeleteOverhead === 'included';
    this.ledger.once(EARLY_DELETE[codeOf(storageClass)]!, seconds * BigInt(size + (indexed ? 32 * KB : 0)), this.now);
    if (isPadded(storageClass) && size < 128 * KB)
      this.ledger.once(EARLY_DELETE_FILLER[codeOf(storageClass)]!, seconds * BigInt(128 * KB - size), this.now);
  }

  // What requests do

  private request(row: ReferenceEvent, later: readonly ReferenceEvent[]): void {
    switch (row.operation) {
      case 'PUT':
        this.uploadObject(row, REQUESTED.put, later);
        break;
      case 'POST':
        this.uploadObject(row, REQUESTED.post, later);
        break;
      case 'COPY':
        this.uploadObject(row, REQUESTED.copy, later);
        break;
      case 'COMPLETE_MULTIPART':
        this.uploadObject(row, REQUESTED.completeMultipart, later);
        break;
      case 'CREATE_MULTIPART':
        this.charge(REQUESTED.createMultipart[codeOf(this.uploadClass(row))]!, countOf(row));
        if (isEffective(row)) this.openUpload();
        break;
      case 'UPLOAD_PART':
        this.uploadPart(row);
        break;
      case 'ABORT_MULTIPART':
        if (isEffective(row)) this.upload = undefined;
        break;
      case 'GET':
        this.read(row, REQUESTED.get);
        break;
      case 'SELECT':
        this.read(row, REQUESTED.select);
        break;
      case 'HEAD':
        this.charge(REQUESTED.head[codeOf(this.classNow())]!, this.requestsOf(row));
        break;
      case 'GET_TAGGING':
        this.charge(REQUESTED.getTagging, this.requestsOf(row));
        break;
      case 'PUT_TAGGING':
        this.charge(REQUESTED.putTagging, this.requestsOf(row));
        if (this.object) applyTags(this.object, row);
        break;
      case 'DELETE_TAGGING':
        if (this.object) applyTags(this.object, row);
        break;
      case 'RESTORE':
        if (isEffective(row)) this.restoreOnRequest();
        break;
      case 'DELETE':
        if (isEffective(row)) this.deleteObject(row);
        break;
    }
  }

  private charge(kind: number, requests: bigint): void {
    this.ledger.once(kind, requests, this.now);
  }

  /** Requests a row stands for: repetitions, for each object of the cohort. */
  private requestsOf(row: ReferenceEvent): bigint {
    return countOf(row) * (this.object?.cohort ?? 1n);
  }

  private classNow(): StorageClass {
    return this.object && !this.object.expired ? this.object.storageClass : 'STANDARD';
  }

  private uploadClass(row: ReferenceEvent): StorageClass {
    return this.policy.uploadStorageClass ?? row.storageClass ?? 'STANDARD';
  }

  private uploadObject(row: ReferenceEvent, kinds: readonly number[], later: readonly ReferenceEvent[]): void {
    const storageClass = this.uploadClass(row);
    this.charge(kinds[codeOf(storageClass)]!, countOf(row));
    if (!isEffective(row)) return;
    const parts = row.operation === 'COMPLETE_MULTIPART' ? this.upload?.total : undefined;
    const size = row.size ?? parts;
    if (size === undefined) throw new RangeError(`never given a size: ${row.operation} ${this.key}`);
    if (row.operation === 'COMPLETE_MULTIPART') this.upload = undefined;
    // Parts that say no size moved their bytes all the same.
    if (storageClass === 'EXPRESS_ONEZONE' && !parts) this.charge(UPLOADED_EXPRESS, countOf(row) * BigInt(size));
    this.removeObject();
    this.begin(storageClass, size, Number(countOf(row)), row.tags ?? {}, later);
  }

  private assume(before: AssumedObject, requests: readonly ReferenceEvent[]): void {
    this.assumed = true;
    this.begin(this.policy.uploadStorageClass ?? before.storageClass, before.size, 1, before.tags, requests);
  }

  private begin(
    storageClass: StorageClass,
    size: number,
    cohort: number,
    tags: Readonly<Record<string, string>>,
    later: readonly ReferenceEvent[],
  ): void {
    const { now } = this;
    const object: StoredObject = {
      cohort: BigInt(cohort),
      size,
      created: now,
      tags,
      storageClass,
      since: now,
      expired: false,
      acted: new Set(),
    };
    this.largestCohort = Math.max(this.largestCohort, cohort);
    this.object = object;
    this.settleTags(object, later);
    this.enterClass(object, storageClass);
    if (now % DAY === 0) this.moveAtMidnight(later);
  }

  /** The tags it will have when this second is over. */
  private settleTags(object: StoredObject, later: readonly ReferenceEvent[]): void {
    for (const row of later) {
      if (endsLife(row)) return;
      applyTags(object, row);
    }
  }

  private removeObject(): void {
    if (this.object && !this.object.expired) this.leaveClass(this.object);
    this.object = undefined;
  }

  private deleteObject(row: ReferenceEvent): void {
    if (!this.object) this.deletesOfUnknownKeys += Number(countOf(row));
    this.removeObject();
  }

  private openUpload(): OpenUpload {
    this.upload ??= { initiated: this.now, abortedByRule: false, parts: [] };
    return this.upload;
  }

  private uploadPart(row: ReferenceEvent): void {
    const storageClass = this.uploadClass(row);
    this.charge(REQUESTED.uploadPart[codeOf(storageClass)]!, countOf(row));
    if (!isEffective(row)) return;
    const upload = this.openUpload();
    const bytes = BigInt(row.size ?? 0) * countOf(row);
    upload.total = (upload.total ?? 0) + Number(bytes);
    if (!upload.abortedByRule) upload.parts.push({ kind: partKind(storageClass), bytes });
    if (storageClass === 'EXPRESS_ONEZONE') this.charge(UPLOADED_EXPRESS, bytes);
  }

  private read(row: ReferenceEvent, kinds: readonly number[]): void {
    const requests = this.requestsOf(row);
    const storageClass = this.classNow();
    this.charge(kinds[codeOf(storageClass)]!, requests);
    const { object } = this;
    if (!object || !isEffective(row)) return;
    if (object.expired) {
      this.ledger.note(this.now, (notices) => (notices.readsAfterExpiration += Number(requests)));
      return;
    }
    const bytes = requests * BigInt(row.bytes ?? (row.status === 304 ? 0 : object.size));
    const retrieved = RETRIEVED[codeOf(storageClass)]!;
    if (retrieved >= 0) this.charge(retrieved, bytes);
    if (this.options.egress) this.charge(TRANSFERRED_OUT, bytes);
    if (storageClass === 'GLACIER' || storageClass === 'DEEP_ARCHIVE') this.waitForCopy(object, requests);
    if (object.tiering) this.accessTiered(object, object.tiering, row.operation, requests);
  }

  private waited(seconds: number, reads: bigint): void {
    this.ledger.note(this.now, (notices) => {
      notices.readsNeedingRestore += Number(reads);
      notices.restoreWaitSeconds += seconds * Number(reads);
      notices.longestRestoreWaitSeconds = Math.max(notices.longestRestoreWaitSeconds, seconds);
    });
  }

  private waitForCopy(object: StoredObject, reads: bigint): void {
    const copy = object.copy && this.now < object.copy.until ? object.copy : this.restoreCopy(object);
    if (this.now < copy.from) this.waited(copy.from - this.now, reads);
  }

  private restoreCopy(object: StoredObject): NonNullable<StoredObject['copy']> {
    const deep = object.storageClass === 'DEEP_ARCHIVE';
    const { restoreTier, restoreDays } = this.options;
    const fee = deep
      ? DEEP_ARCHIVE_RESTORE[restoreTier === 'expedited' ? 'standard' : restoreTier]
      : GLACIER_RESTORE[restoreTier];
    this.chargeRestore(object, fee);
    const from = this.now + WAIT[deep ? 'DEEP_ARCHIVE' : 'GLACIER'][restoreTier];
    const kind = deep ? STORED.deepArchiveCopy : STORED.glacierCopy;
    object.copy = { kind, from, until: firstMidnight(from + restoreDays * DAY) };
    return object.copy;
  }

  private chargeRestore({ cohort, size }: StoredObject, fee?: { request: number; bytes: number }): void {
    this.ledger.note(this.now, (notices) => (notices.restores += Number(cohort)));
    if (!fee) return;
    this.charge(fee.request, cohort);
    this.charge(fee.bytes, cohort * BigInt(size));
  }

  private accessTiered(object: StoredObject, tiering: Tiering, operation: Operation, reads: bigint): void {
    if (tiering.tier === 'ARCHIVE' || tiering.tier === 'DEEP_ARCHIVE') {
      if (tiering.restoredAt === undefined) this.restoreTiered(object, tiering);
      this.waited(tiering.restoredAt! - this.now, reads);
    } else if (operation === 'SELECT') tiering.lastSelect = this.now;
    else {
      tiering.tier = 'FREQUENT';
      tiering.lastAccess = this.now;
    }
  }

  private restoreTiered(object: StoredObject, tiering: Tiering): void {
    const { restoreTier } = this.options;
    const isCharged = tiering.tier === 'ARCHIVE' && restoreTier === 'expedited';
    this.chargeRestore(object, isCharged ? GLACIER_RESTORE.expedited : undefined);
    tiering.restoredAt = this.now + WAIT[tiering.tier === 'ARCHIVE' ? 'GLACIER' : 'DEEP_ARCHIVE'][restoreTier];
  }

  private restoreOnRequest(): void {
    const { object, now } = this;
    if (!object || object.expired) return;
    const { tiering, storageClass } = object;
    if (tiering?.tier === 'ARCHIVE' || tiering?.tier === 'DEEP_ARCHIVE') {
      if (tiering.restoredAt === undefined) this.restoreTiered(object, tiering);
      return;
    }
    if (storageClass !== 'GLACIER' && storageClass !== 'DEEP_ARCHIVE') return;
    if (!object.copy || now >= object.copy.until) {
      this.restoreCopy(object);
      return;
    }
    this.charge(REQUESTED.get[codeOf(storageClass)]!, object.cohort);
    const until = firstMidnight(now + this.options.restoreDays * DAY);
    if (now >= object.copy.from && until > object.copy.until) object.copy.until = until;
  }
}

/** Bytes one object is billed for while it stays as it is. */
function holdings(object: StoredObject): [kind: number, bytes: number][] {
  const { size } = object;
  const filler = Math.max(0, 128 * KB - size);
  switch (object.storageClass) {
    case 'STANDARD':
      return [[STORED.standard, size]];
    case 'STANDARD_IA':
      return [
        [STORED.standardIA, size],
        [STORED.standardIAFiller, filler],
      ];
    case 'ONEZONE_IA':
      return [
        [STORED.oneZoneIA, size],
        [STORED.oneZoneIAFiller, filler],
      ];
    case 'GLACIER_IR':
      return [
        [STORED.glacierIR, size],
        [STORED.glacierIRFiller, filler],
      ];
    case 'GLACIER':
      return [
        [STORED.glacier, size],
        [STORED.glacierIndex, 32 * KB],
        [STORED.glacierName, 8 * KB],
      ];
    case 'DEEP_ARCHIVE':
      return [
        [STORED.deepArchive, size],
        [STORED.deepArchiveIndex, 32 * KB],
        [STORED.deepArchiveName, 8 * KB],
      ];
    case 'EXPRESS_ONEZONE':
      return [[STORED.express, size]];
    case 'INTELLIGENT_TIERING':
      return holdingsOfTier(object.tiering!.tier, size);
  }
}

function holdingsOfTier(tier: Tier, size: number): [kind: number, bytes: number][] {
  switch (tier) {
    case 'FREQUENT':
      return [[STORED.frequent, size]];
    case 'INFREQUENT':
      return [[STORED.infrequent, size]];
    case 'ARCHIVE_INSTANT':
      return [[STORED.archiveInstant, size]];
    case 'ARCHIVE':
      return [
        [STORED.archiveAccess, size],
        [STORED.archiveAccessIndex, 32 * KB],
        [STORED.archiveAccessName, 8 * KB],
      ];
    case 'DEEP_ARCHIVE':
      return [
        [STORED.deepArchiveAccess, size],
        [STORED.deepArchiveAccessIndex, 32 * KB],
        [STORED.deepArchiveAccessName, 8 * KB],
      ];
  }
}

function partKind(storageClass: StorageClass): number {
  return {
    STANDARD: STORED.standard,
    STANDARD_IA: STORED.standardIA,
    ONEZONE_IA: STORED.oneZoneIA,
    INTELLIGENT_TIERING: STORED.frequent,
    GLACIER_IR: STORED.glacierIR,
    GLACIER: STORED.glacierParts,
    DEEP_ARCHIVE: STORED.deepArchiveParts,
    EXPRESS_ONEZONE: STORED.express,
  }[storageClass];
}

function isPadded(storageClass: StorageClass): boolean {
  return storageClass === 'STANDARD_IA' || storageClass === 'ONEZONE_IA' || storageClass === 'GLACIER_IR';
}

function isMonitored({ storageClass, size }: StoredObject): boolean {
  return storageClass === 'INTELLIGENT_TIERING' && size >= 128 * KB;
}

/** Which tier has it been left alone long enough for? It only ever gets colder by itself. */
function moveTier(object: StoredObject, now: number): void {
  const { tiering } = object;
  if (!tiering || !isMonitored(object) || tiering.restoredAt !== undefined) return;
  const unread = now - tiering.lastAccess;
  const untouched = now - Math.max(tiering.lastAccess, tiering.lastSelect);
  const reached = TIERS.filter((tier) => {
    if (tier === 'INFREQUENT') return unread >= 30 * DAY;
    if (tier === 'ARCHIVE_INSTANT') return unread >= 90 * DAY;
    if (tier === 'ARCHIVE') return untouched >= tiering.archiveDays * DAY;
    if (tier === 'DEEP_ARCHIVE') return untouched >= tiering.deepArchiveDays * DAY;
    return tier === tiering.tier;
  });
  const coldest = Math.max(TIERS.indexOf(tiering.tier), ...reached.map((tier) => TIERS.indexOf(tier)));
  tiering.tier = TIERS[coldest]!;
}

function whereabouts({ storageClass, tiering }: StoredObject): string {
  return tiering ? `${storageClass} ${tiering.tier}` : storageClass;
}

function isSatisfied({ Days, Date: date }: When, created: number, now: number): boolean {
  if (Days !== undefined) return now >= created + Days * DAY;
  return date !== undefined && now >= Date.parse(date) / 1000;
}

interface FlatFilter {
  readonly Prefix?: string | undefined;
  readonly Tags: readonly Tag[];
  readonly ObjectSizeGreaterThan?: number | undefined;
  readonly ObjectSizeLessThan?: number | undefined;
}

function filterOf(rule: LifecycleRule): FlatFilter {
  return flat(rule.Filter ?? {});
}

function flat(filter: Filter): FlatFilter {
  return { Tags: filter.Tag ? [filter.Tag] : [], ...filter, ...filter.And };
}

function matches(
  filter: FlatFilter,
  { key, size = 0, tags = {} }: { key: string; size?: number; tags?: Readonly<Record<string, string>> },
): boolean {
  return (
    key.startsWith(filter.Prefix ?? '') &&
    filter.Tags.every(({ Key, Value }) => Object.hasOwn(tags, Key) && tags[Key] === Value) &&
    size > (filter.ObjectSizeGreaterThan ?? -1) &&
    size < (filter.ObjectSizeLessThan ?? Infinity)
  );
}

interface AssumedObject {
  readonly size: number;
  readonly storageClass: StorageClass;
  readonly tags: Readonly<Record<string, string>>;
}

/** The object that must have been there before the first row, if a row shows that there was one. */
function assumedObject(rows: readonly ReferenceEvent[]): AssumedObject | undefined {
  const effective = rows.filter((row) => isEffective(row) && !MULTIPART.includes(row.operation));
  const end = effective.findIndex(endsLife);
  const isDelete = end >= 0 && effective[end]!.operation === 'DELETE';
  const life = end < 0 ? effective : effective.slice(0, isDelete ? end + 1 : end);
  if (life.length === 0 || (end === 0 && life[0]!.size === undefined)) return undefined;
  const size = life.find((row) => row.size !== undefined)?.size;
  if (size === undefined) throw new RangeError(`never given a size: ${life[0]!.key}`);
  const storageClass = life.find((row) => row.storageClass)?.storageClass ?? 'STANDARD';
  return { size, storageClass, tags: life[0]!.tags ?? {} };
}

function applyTags(object: StoredObject, row: ReferenceEvent): void {
  if (!isEffective(row)) return;
  if (row.operation === 'PUT_TAGGING') object.tags = row.tags ?? {};
  if (row.operation === 'DELETE_TAGGING') object.tags = {};
}

function endsLife(row: ReferenceEvent): boolean {
  return isEffective(row) && (UPLOADS.includes(row.operation) || row.operation === 'DELETE');
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/ErrorCodeBilling.html */
function isCharged({ status = 200 }: ReferenceEvent): boolean {
  return status < 500 && status !== 301 && status !== 307;
}

function isEffective(row: ReferenceEvent): boolean {
  return isCharged(row) && ((row.status ?? 200) < 300 || row.status === 304);
}

function countOf(row: ReferenceEvent): bigint {
  return BigInt(row.count ?? 1);
}

function secondOf(row: ReferenceEvent): number {
  return Math.floor(row.time / 1000);
}

/** The order in which requests of one millisecond are taken. */
function inOrder(a: ReferenceEvent, b: ReferenceEvent): number {
  const rank = (row: ReferenceEvent): number[] => [
    row.time,
    OPERATIONS.indexOf(row.operation),
    row.size ?? -1,
    row.bytes ?? -1,
    row.count ?? 1,
    row.storageClass ? codeOf(row.storageClass) : STORAGE_CLASSES.length,
  ];
  const ranks = rank(b);
  return (
    rank(a)
      .map((value, i) => value - ranks[i]!)
      .find((difference) => difference !== 0) ?? 0
  );
}

function codeOf(storageClass: StorageClass): number {
  return STORAGE_CLASSES.indexOf(storageClass);
}

function firstMidnight(atOrAfter: number): number {
  let midnight = atOrAfter - (atOrAfter % DAY);
  while (midnight < atOrAfter) midnight += DAY;
  return midnight;
}

/** Exact sums by month; what lies outside the horizon is left out. */
class Ledger {
  readonly usage = new Map<string, bigint>();
  readonly notices: ReferenceNotices = {
    readsAfterExpiration: 0,
    readsNeedingRestore: 0,
    restores: 0,
    restoreWaitSeconds: 0,
    longestRestoreWaitSeconds: 0,
  };

  private readonly from: number;
  private readonly until: number;

  constructor(from: number, until: number) {
    this.from = from;
    this.until = until;
  }

  /** Something charged at one instant. */
  once(kind: number, quantity: bigint, at: number): void {
    if (this.covers(at)) add(this.usage, usageKey(monthOf(at), kind), quantity);
  }

  /** Something held from one instant to another of the same day. */
  over(kind: number, held: bigint, from: number, until: number): void {
    if (this.covers(from)) add(this.usage, usageKey(monthOf(from), kind), held * BigInt(until - from));
  }

  note(at: number, write: (notices: ReferenceNotices) => void): void {
    if (this.covers(at)) write(this.notices);
  }

  private covers(at: number): boolean {
    return this.from <= at && at < this.until;
  }
}

function add(map: Map<string, bigint>, key: string, quantity: bigint): void {
  if (quantity !== 0n) map.set(key, (map.get(key) ?? 0n) + quantity);
}

function usageKey(month: string, kind: number): string {
  const { usageType, operation } = USAGE_KINDS[kind]!;
  return `${month}|${usageType}|${operation}`;
}

function monthOf(second: number): string {
  return new Date(second * 1000).toISOString().slice(0, 7);
}
