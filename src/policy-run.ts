import { DailyUsage } from './metering/daily-usage.ts';
import { Meter, type MeterCounts, type MeterOptions } from './metering/meter.ts';
import type { SharedUsage } from './metering/shared-usage.ts';
import type { PolicyNotices } from './model/comparison.ts';
import { SMALL_OBJECT_BYTES } from './model/storage-class.ts';
import { DAY_SECONDS, formatDate, midnightFrom } from './model/time.ts';
import { TRANSITION } from './model/usage-type.ts';
import type { Policy } from './policies/policy.ts';
import type { MeteredPolicy } from './pricing/comparison.ts';
import { optIn } from './trace/access-tiers.ts';
import type { History } from './trace/history.ts';
import { hasBit, type Life } from './trace/life.ts';
import type { MultipartUpload } from './trace/multipart.ts';
import { Placed } from './trace/placed.ts';
import { Stays } from './trace/stays.ts';
import type { Marks } from './trace/trace.ts';

/** One policy at work: where it puts lives, and what that uses. */
export class PolicyRun {
  private readonly policy: Policy;
  private readonly meter: Meter;
  private readonly stays = new Stays();
  private readonly placed = new Placed();
  private readonly suspended: boolean;
  private readonly until: number;
  private readonly markOf: readonly number[];
  private readonly markWords: number;
  private present: Life | undefined;
  /** What the rules moved on the day they began. */
  private first: { objects: number; readonly usage: DailyUsage } | undefined;

  constructor(policy: Policy, options: MeterOptions, marks: Marks, suspended: boolean) {
    this.policy = policy;
    this.suspended = suspended;
    this.until = options.horizon.until;
    this.meter = new Meter(options, policy.fixedClass);
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
      this.first ??= { objects: 0, usage: new DailyUsage(this.meter.usage.horizon) };
      const day = this.first.usage.dayOf(begin);
      if (day >= 0) this.first.objects += count;
      this.first.usage.add(TRANSITION[stays.storageClass[i]!]!, day, count, 1);
    }
  }

  /** All versions of a key. */
  history(history: History): void {
    const { policy, placed, meter } = this;
    if (policy.placeHistory) {
      policy.placeHistory(history, placed, this.suspended, this.until, this.markOf, this.markWords);
    } else {
      placed.begin(history);
      for (let version = 0; version < history.versions; version++) {
        policy.place(history.lives[version]!, placed.stays[version]!, this.markOf, this.markWords);
      }
    }
    for (let version = 0; version < history.versions; version++) {
      const life = history.lives[version]!;
      this.present = life;
      inExactPortions(life, () => meter.accrue(life, placed.stays[version]!, this.optIn));
      if (policy.rulesFrom !== undefined) this.countFirst(life, placed.stays[version]!);
    }
    placed.eachMarker((from, until, count) => meter.marker(from, until, history.keyBytes, count));
  }

  multipart(upload: MultipartUpload): void {
    let { ended } = upload;
    for (const { days, marks, notBefore } of this.policy.abortIncompleteUploads ?? []) {
      const matches = marks.every((mark) => hasBit(upload.marks, 0, this.markOf[mark]!));
      if (matches) ended = Math.min(ended, Math.max(midnightFrom(upload.created + days * DAY_SECONDS), notBefore));
    }
    this.meter.multipart(upload, this.policy.uploadClass ?? upload.uploadClass, ended);
  }

  failedUpload(operation: number, time: number, count: number, uploadClass: number): void {
    this.meter.failedUpload(operation, time, count, this.policy.uploadClass ?? uploadClass);
  }

  metered(shared: SharedUsage): MeteredPolicy {
    const { policy, meter } = this;
    meter.addShared(shared);
    const { unfinished: uploads, unfinishedUploads, unfinishedBytes } = meter;
    const { first } = this;
    return {
      policy: policy.name,
      description: policy.description,
      usage: meter.usage,
      notices: notices(meter.counts),
      ...(uploads && {
        unfinishedUploads: { uploads: unfinishedUploads, bytes: unfinishedBytes.toString(), usage: uploads },
      }),
      ...(first && {
        firstTransitions: { date: formatDate(policy.rulesFrom!), objects: first.objects, usage: first.usage },
      }),
    };
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

function notices(counts: MeterCounts): PolicyNotices {
  const hours = (seconds: number): number => Math.round(seconds / 36) / 100;
  return {
    readsAfterExpiration: counts.readsAfterExpiration,
    readsNeedingRestore: counts.readsNeedingRestore,
    restores: counts.restores,
    restoreWaitHours: hours(counts.restoreWaitSeconds),
    longestRestoreWaitHours: hours(counts.longestRestoreWaitSeconds),
  };
}
