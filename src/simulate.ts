/**
 * The whole idea on one screen: requests become lives, each policy says where a life stays, a meter records what was
 * used, a price list turns that into a bill. Up to usage there is not a dollar in the program; after it, not an object.
 */

import { DailyUsage } from './metering/daily-usage.ts';
import { Meter, type MeterCounts, type MeterOptions } from './metering/meter.ts';
import { SharedUsage } from './metering/shared-usage.ts';
import { assumptions, DEFAULT_SWITCHES } from './model/assumptions.ts';
import type { Comparison, PolicyNotices, Workload } from './model/comparison.ts';
import { SMALL_OBJECT_BYTES } from './model/storage-class.ts';
import { DAY_SECONDS, formatDate, formatInstant, type Horizon, midnightBefore, midnightFrom } from './model/time.ts';
import { TRANSITION } from './model/usage-type.ts';
import { VERSION } from './model/version.ts';
import type { Policy } from './policies/policy.ts';
import { compareBills, type MeteredPolicy } from './pricing/comparison.ts';
import type { PriceList } from './pricing/price-list.ts';
import { optIn } from './trace/access-tiers.ts';
import { type History, MARKER } from './trace/history.ts';
import { hasBit, type Life } from './trace/life.ts';
import { LivesReader, type LivesVisitor } from './trace/lives.ts';
import type { MemoryTrace } from './trace/memory-trace.ts';
import type { MultipartUpload } from './trace/multipart.ts';
import { Placed } from './trace/placed.ts';
import { Stays } from './trace/stays.ts';
import { Marks, type TraceBatch, type TraceSpan, type Versioning } from './trace/trace.ts';
import { VersionsReader } from './trace/versions.ts';
import { WorkloadCounts } from './trace/workload-counts.ts';

/** What a run is told besides its trace and its policies. */
export interface SimulationOptions extends MeterOptions {
  /** What the bucket does about versions; where absent, what the trace shows: `enabled` when its rows name versions. */
  readonly versioning?: Versioning;
}

/** What a comparison says about its input besides what the simulation counted. */
export interface ComparisonHeader {
  /** Files, folders and globs as the user named them. */
  readonly inputs: readonly string[];
  readonly formats: Workload['formats'];
  readonly skippedFiles: Workload['skippedFiles'];
  readonly rejectedRows: number;
  /** Policy savings are measured against. */
  readonly baseline: string;
  readonly leftOut: Comparison['leftOut'];
}

/** The days a trace covers, from its first to the end of its last: what a run bills unless told otherwise. */
export function traceHorizon({ first, last }: TraceSpan): Horizon {
  return { from: midnightBefore(first / 1000), until: midnightBefore(last / 1000) + DAY_SECONDS };
}

/** Requests through all policies at once: every policy sees one life, then the next life. */
export class Simulation {
  /** Orders of the first rows of objects whose size no row gives. */
  readonly unsizedOrders: ReadonlySet<number>;
  /** What the bucket does about versions, as told or as shown. */
  readonly versioning: Versioning;
  private readonly policies: readonly PolicyRun[];
  private readonly counts = new WorkloadCounts();
  private readonly shared: SharedUsage;
  private readonly lives: LivesReader | VersionsReader;
  private readonly options: SimulationOptions;
  private readonly span: TraceSpan;

  /** @param span of the whole trace, since objects first seen in a read are as old as its first day */
  constructor(policies: readonly Policy[], span: TraceSpan, options: SimulationOptions) {
    const marks = new Marks(policies.map((policy) => policy.marks));
    const assumedSince = Math.min(options.horizon.from, midnightBefore(span.first / 1000));
    const { until } = options.horizon;
    this.span = span;
    this.options = options;
    this.shared = new SharedUsage(options.horizon);
    this.versioning = options.versioning ?? (span.namesVersions ? 'enabled' : 'unversioned');
    const suspended = this.versioning === 'suspended';
    this.policies = policies.map((policy) => new PolicyRun(policy, options, marks, suspended));
    const unsizedOrders = new Set<number>();
    this.unsizedOrders = unsizedOrders;
    const visitor = broadcast(this.counts, unsizedOrders, this.shared, this.policies);
    const times = { assumedSince, until };
    this.lives =
      this.versioning === 'unversioned'
        ? new LivesReader(marks.words, times, visitor)
        : new VersionsReader(marks.words, times, this.versioning, visitor);
  }

  /** Whole objects, in any order of objects. */
  add(batch: TraceBatch): void {
    this.lives.read(batch);
  }

  /** Rows of objects whose size no row gives, and the order of the first; nothing was billed for them. */
  get unsized(): WorkloadCounts['unsized'] {
    return this.counts.unsized;
  }

  /** What each policy used, before any price. Called once, after all batches. */
  metered(): MeteredPolicy[] {
    return this.policies.map((policy) => policy.metered(this.shared));
  }

  /**
   * The bills, side by side.
   * @throws InputError naming every usage the price list has no price for
   */
  compare(prices: PriceList, header: ComparisonHeader): Comparison {
    const { horizon, switches } = this.options;
    return compareBills(this.metered(), prices, {
      ...header,
      version: VERSION,
      horizon,
      assumptions: assumptions(switches),
      workload: {
        inputs: header.inputs,
        formats: header.formats,
        skippedFiles: header.skippedFiles,
        events: this.span.rows - (this.unsized?.rows ?? 0),
        versioning: this.versioning,
        objects: this.counts.objects,
        versions: this.counts.versions,
        deleteMarkers: this.counts.deleteMarkers,
        bytes: this.counts.bytes.toString(),
        from: formatInstant(horizon.from),
        until: formatInstant(horizon.until),
        rejectedRows: header.rejectedRows + (this.unsized?.rows ?? 0),
        assumedObjects: this.counts.assumedObjects,
        assumedBytes: this.counts.assumedBytes.toString(),
        deletesOfUnknownKeys: this.counts.deletesOfUnknownKeys,
      },
    });
  }
}

/** What {@link compare} may be told; everything has a default. */
export interface CompareOptions extends Partial<SimulationOptions> {
  /** Name of the policy savings are measured against; the first by default. */
  readonly baseline?: string;
}

/**
 * Replays a trace held in memory through policies and compares their bills.
 * @throws InputError naming every usage the price list has no price for
 */
export function compare(
  trace: MemoryTrace,
  policies: readonly Policy[],
  prices: PriceList,
  options: CompareOptions = {},
): Comparison {
  const simulation = new Simulation(policies, trace.span, {
    horizon: traceHorizon(trace.span),
    restoreTier: 'standard',
    restoreDays: 1,
    egress: false,
    switches: DEFAULT_SWITCHES,
    ...options,
  });
  trace.scan(new Marks(policies.map(({ marks }) => marks)), (batch) => simulation.add(batch));
  return simulation.compare(prices, {
    inputs: [],
    formats: [],
    skippedFiles: [],
    rejectedRows: trace.rejected.length,
    baseline: options.baseline ?? policies[0]!.name,
    leftOut: [],
  });
}

/** One policy at work: where it puts lives, and what that uses. */
class PolicyRun {
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

  constructor(policy: Policy, options: SimulationOptions, marks: Marks, suspended: boolean) {
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

function broadcast(
  counts: WorkloadCounts,
  unsizedOrders: Set<number>,
  shared: SharedUsage,
  policies: readonly PolicyRun[],
): LivesVisitor {
  return {
    life(life) {
      counts.life(life);
      inExactPortions(life, () => {
        shared.life(life);
        for (const policy of policies) policy.life(life);
      });
    },
    history(history) {
      counts.history(history);
      for (let version = 0; version < history.versions; version++) {
        const life = history.lives[version]!;
        inExactPortions(life, () => shared.life(life));
      }
      for (let entity = 0; entity < history.entities; entity++) {
        if (history.lifeOf[entity] !== MARKER) continue;
        shared.marker(history.created[entity]!, history.removed[entity]!, history.keyBytes, history.count[entity]!);
      }
      for (const policy of policies) policy.history(history);
    },
    multipart(upload) {
      for (const policy of policies) policy.multipart(upload);
    },
    stray(operation, time, count) {
      shared.stray(operation, time, count);
    },
    failedUpload(operation, time, count, uploadClass) {
      for (const policy of policies) policy.failedUpload(operation, time, count, uploadClass);
    },
    unknownDelete(count) {
      counts.deletesOfUnknownKeys += count;
    },
    unsized(batch, rows) {
      const order = batch.order[rows[0]!]!;
      counts.unsized ??= { order, rows: 0 };
      counts.unsized.rows += rows.length;
      unsizedOrders.add(order);
    },
  };
}

/**
 * Does something to a cohort in portions that can be metered with exact arithmetic; usage adds up. An empty cohort, an
 * object left out, is no portion.
 */
function inExactPortions(life: Life, use: () => void): void {
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
