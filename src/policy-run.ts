import { DailyUsage } from './metering/daily-usage.ts';
import { GroupedUsage } from './metering/grouped-usage.ts';
import { Meter, type MeterCounts, type MeterOptions, type MeterPart } from './metering/meter.ts';
import type { SharedUsage } from './metering/shared-usage.ts';
import type { UsageSink } from './metering/usage-sink.ts';
import type { PolicyNotices } from './model/comparison.ts';
import type { OperationCode } from './model/operation.ts';
import { type ClassCode, SMALL_OBJECT_BYTES } from './model/storage-class.ts';
import { DAY_SECONDS, formatDate, type Horizon, midnightBefore, midnightFrom } from './model/time.ts';
import { TRANSITION } from './model/usage-type.ts';
import type { Policy } from './policies/policy.ts';
import type { MeteredPolicy } from './pricing/comparison.ts';
import { optIn, type TierSettings } from './trace/access-tiers.ts';
import type { History } from './trace/history.ts';
import { hasBit, type Life } from './trace/life.ts';
import type { MultipartUpload, UploadedPart } from './trace/multipart.ts';
import { Placed } from './trace/placed.ts';
import { Stays } from './trace/stays.ts';
import type { Marks } from './trace/trace.ts';

/** What a policy used by number of the group; in one group without groups. */
export interface UsageByGroup {
  readonly byGroup: readonly DailyUsage[];
}

/** What a policy used of some of a trace's objects, as data that can be sent to another thread. */
export interface PolicyPart extends UsageByGroup {
  readonly metered: MeterPart;
  readonly first: FirstMoves | undefined;
}

/** What rules moved on the day they began. */
interface FirstMoves {
  objects: number;
  readonly usage: DailyUsage;
}

/** One policy at work: where it puts lives, and what that uses. */
export class PolicyRun<Sink extends UsageSink = UsageSink> {
  readonly policy: Policy;
  /** Where it put the life it saw last. */
  readonly stays: Stays = new Stays();
  /** Where it put the versions of the key it saw last. */
  readonly placed: Placed = new Placed();
  private readonly usage: Sink;
  private readonly meter: Meter;
  private readonly horizon: Horizon;
  private readonly suspended: boolean;
  private readonly markOf: readonly number[];
  private readonly markWords: number;
  private present: Life | undefined;
  private first: FirstMoves | undefined;

  /**
   * @param usage gets what is used
   * @param fixedClass where the policy has one and {@link SharedUsage} counts for it
   */
  constructor(
    policy: Policy,
    options: MeterOptions,
    marks: Marks,
    suspended: boolean,
    usage: Sink,
    fixedClass?: ClassCode,
  ) {
    this.policy = policy;
    this.suspended = suspended;
    this.horizon = options.horizon;
    this.usage = usage;
    this.meter = new Meter(usage, options, fixedClass);
    this.markOf = marks.positions(policy.marks);
    this.markWords = marks.words;
  }

  life(life: Life): void {
    this.present = life;
    this.policy.place(life, this.stays, this.markOf, this.markWords);
    this.meter.accrue(life, this.stays, this.optIn);
    if (this.policy.rulesFrom !== undefined) this.countFirst(life, this.stays);
  }

  /** Counts what the rules move on the very day they begin. */
  private countFirst({ count }: Life, stays: Stays): void {
    const begin = this.policy.rulesFrom!;
    for (let i = 1; i < stays.length; i++) {
      if (stays.from[i] !== begin) continue;
      const first = this.firstMoves();
      const day = first.usage.slotOf(begin);
      if (day >= 0) first.objects += count;
      first.usage.add(TRANSITION[stays.storageClass[i]!]!, day, count, 1);
    }
  }

  private firstMoves(): FirstMoves {
    this.first ??= { objects: 0, usage: new DailyUsage(this.horizon) };
    return this.first;
  }

  /** All versions of a key. */
  history(history: History): void {
    this.place(history);
    for (let version = 0; version < history.versions; version++) this.version(history, version);
    this.markers(history);
  }

  /** Puts all versions of a key where they stay: {@link placed}. */
  place(history: History): void {
    const { policy, placed } = this;
    if (policy.placeHistory) {
      policy.placeHistory(history, placed, this.suspended, this.horizon.until, this.markOf, this.markWords);
      return;
    }
    placed.begin(history);
    for (let version = 0; version < history.versions; version++) {
      policy.place(history.lives[version]!, placed.stays[version]!, this.markOf, this.markWords);
    }
  }

  /** Meters a version of a key that was placed. */
  version(history: History, version: number): void {
    const life = history.lives[version]!;
    const stays = this.placed.stays[version]!;
    this.present = life;
    inExactPortions(life, () => this.meter.accrue(life, stays, this.optIn));
    if (this.policy.rulesFrom !== undefined) this.countFirst(life, stays);
  }

  /** Meters the delete markers of a key that was placed. */
  markers({ keyBytes }: History): void {
    this.placed.eachMarker((from, until, count) => this.marker(from, until, keyBytes, count));
  }

  /** What is used from now on is of a group. */
  enter(this: PolicyRun<DailyUsage | GroupedUsage>, group: number): void {
    if (!(this.usage instanceof DailyUsage)) this.usage.enter(group);
  }

  /** Meters a delete marker. */
  marker(from: number, until: number, keyBytes: number, count: number): void {
    this.meter.marker(from, until, keyBytes, count);
  }

  multipart(upload: MultipartUpload): void {
    const { at } = this.endOf(upload);
    const recorded = this.policy.followsRecords === true;
    const endOf = ({ time, deleted }: UploadedPart): number =>
      recorded && deleted !== undefined ? Math.max(midnightBefore(deleted), time) : at;
    this.meter.multipart(upload, this.policy.uploadClass ?? upload.uploadClass, at, endOf);
  }

  /** When a multipart upload ends, and the rule that aborts it then, if it is one. */
  endOf({ created, ended, deleted, marks: has, parts }: MultipartUpload): { at: number; rule?: number } {
    let end: { at: number; rule?: number } = { at: ended };
    if (this.policy.followsRecords && deleted !== undefined) {
      const at = Math.max(midnightBefore(deleted), created, ...parts.map(({ time }) => time));
      return { at, rule: 0 };
    }
    for (const { days, marks, notBefore, rule } of this.policy.abortIncompleteUploads ?? []) {
      if (!marks.every((mark) => hasBit(has, 0, this.markOf[mark]!))) continue;
      const at = Math.max(midnightFrom(created + days * DAY_SECONDS), notBefore);
      if (at < end.at) end = { at, rule };
    }
    return end;
  }

  /** A charged request that found no object. */
  stray(operation: OperationCode, time: number, count: number): void {
    this.meter.stray(operation, time, count);
  }

  failedUpload(operation: number, time: number, count: number, uploadClass: number): void {
    this.meter.failedUpload(operation, time, count, this.policy.uploadClass ?? uploadClass);
  }

  /** What was used so far. */
  part(this: PolicyRun<DailyUsage | GroupedUsage>): PolicyPart {
    return { byGroup: this.byGroup, metered: this.meter.part(), first: this.first };
  }

  /** Adds what the same policy used of other objects. */
  addPart(this: PolicyRun<DailyUsage | GroupedUsage>, { byGroup, metered, first }: PolicyPart): void {
    byGroup.forEach((usage, group) => void this.byGroup[group]!.addAll(usage));
    this.meter.addPart(metered);
    if (!first) return;
    const own = this.firstMoves();
    own.objects += first.objects;
    own.usage.addAll(first.usage);
  }

  /** By number of the group. */
  private get byGroup(): readonly DailyUsage[] {
    const usage: UsageSink = this.usage;
    if (usage instanceof DailyUsage) return [usage];
    return usage instanceof GroupedUsage ? usage.groups : [];
  }

  /**
   * What was used in all: called once, at the end.
   * @param shared by number of the group
   */
  metered(
    this: PolicyRun<DailyUsage | GroupedUsage>,
    shared: readonly SharedUsage[],
    versioned: boolean,
  ): MeteredPolicy & UsageByGroup {
    const { policy, meter, horizon } = this;
    const { byGroup } = this;
    byGroup.forEach((usage, group) => void meter.addShared(usage, shared[group]!));
    const usage = byGroup.length === 1 ? byGroup[0]! : DailyUsage.sum(horizon, byGroup);
    const { unfinished: uploads, unfinishedUploads, unfinishedBytes } = meter;
    const { first } = this;
    return {
      policy: policy.name,
      description: policy.description,
      usage,
      byGroup,
      notices: this.notices(),
      ...(policy.actsOnVersions && !versioned && { idleVersionRules: true as const }),
      ...(uploads && {
        unfinishedUploads: { uploads: unfinishedUploads, bytes: unfinishedBytes.toString(), usage: uploads },
      }),
      ...(first && {
        firstTransitions: { date: formatDate(policy.rulesFrom!), objects: first.objects, usage: first.usage },
      }),
    };
  }

  /** What the table of costs would hide, so far. */
  notices(): PolicyNotices {
    return noticesOf(this.meter.counts);
  }

  /** How the tiers of INTELLIGENT_TIERING work for a life whose stay there begins at an instant. */
  tierSettings(life: Life, stays: Stays, from: number): TierSettings {
    const settings = this.meter.tierSettings;
    settings.stays = stays;
    this.present = life;
    this.optIn(from);
    return settings;
  }

  private readonly optIn = (from: number): void => {
    const { policy, meter, markOf, markWords } = this;
    optIn(meter.tierSettings, policy.archiveTiers, this.present!, from, markOf, markWords);
  };
}

/**
 * Does something to a cohort in portions that can be metered with exact arithmetic; usage adds up. An empty cohort, an
 * object left out, is no portion.
 */
export function inExactPortions(life: Life, use: () => void): void {
  const { count } = life;
  const most = Math.floor(2 ** 53 / (life.size + SMALL_OBJECT_BYTES));
  if (count > 0 && count <= most) {
    use();
    return;
  }
  for (let rest = count; rest > 0; rest -= most) {
    life.count = Math.min(rest, most);
    use();
  }
  life.count = count;
}

function noticesOf(counts: MeterCounts): PolicyNotices {
  const hours = (seconds: number): number => Math.round(seconds / 36) / 100;
  return {
    readsAfterExpiration: counts.readsAfterExpiration,
    readsNeedingRestore: counts.readsNeedingRestore,
    restores: counts.restores,
    restoreWaitHours: hours(counts.restoreWaitSeconds),
    longestRestoreWaitHours: hours(counts.longestRestoreWaitSeconds),
  };
}
