/** What lives show of a trace without a price: one look at each, as a simulation has, so that both count the same objects. */
import { ExactSums } from '../model/exact-sums.ts';
import { isFailed, isRead, operationOf } from '../model/operation.ts';
import type { Profile } from '../model/profile.ts';
import { SIZE_CLASSES, sizeClass } from '../model/size-class.ts';
import { STORAGE_CLASSES } from '../model/storage-class.ts';
import { DAY_SECONDS } from '../model/time.ts';
import type { Groups } from '../trace/groups.ts';
import { ALIVE, type Life } from '../trace/life.ts';
import type { LivesVisitor } from '../trace/lives.ts';
import { WorkloadCounts } from '../trace/workload-counts.ts';
import { GroupStats } from './group-stats.ts';
import { Histogram } from './histogram.ts';
import { TIME_SPANS, timeSpan } from './spans.ts';

/** After the last of {@link TIME_SPANS}: never read. */
const NEVER = TIME_SPANS.length;

/** What lives say of a profile. */
export type LifeProfile = Pick<
  Profile,
  'present' | 'classes' | 'sizes' | 'ages' | 'idle' | 'neverReadPercent' | 'gaps' | 'readsByAge'
>;

/** Looks at every life of a trace. */
export class Profiler {
  readonly counts: WorkloadCounts = new WorkloadCounts();
  /** Requests that found no object. */
  strayRequests = 0;
  /** By grouping, in the order they were given. */
  readonly groups: readonly GroupStats[];
  private readonly since: number;
  private readonly until: number;
  private readonly coldSeconds: number;
  private readonly classes = new Histogram(STORAGE_CLASSES.length);
  private readonly sizes = new Histogram(SIZE_CLASSES.length);
  private readonly ages = new Histogram(TIME_SPANS.length);
  private readonly idle = new Histogram(NEVER + 1);
  private readonly gaps = new Histogram(TIME_SPANS.length);
  private readonly readsByAge = new Histogram(TIME_SPANS.length);
  private readonly present = new ExactSums(1);
  private objects = 0;

  /**
   * @param times UTC seconds: since when reads are known, and when the trace ends
   * @param coldDays days without a read after which an object is cold
   */
  constructor(
    { since, until }: { readonly since: number; readonly until: number },
    coldDays: number,
    groupings: readonly Groups[],
  ) {
    this.since = since;
    this.until = until;
    this.coldSeconds = coldDays * DAY_SECONDS;
    this.groups = groupings.map((groups) => new GroupStats(groups));
  }

  get visitor(): LivesVisitor {
    const nothing = (): void => {};
    return {
      life: (life) => {
        this.counts.life(life);
        this.life(life);
      },
      history: (history) => {
        this.counts.history(history);
        for (let version = 0; version < history.versions; version++) this.life(history.lives[version]!);
      },
      multipart: nothing,
      stray: (_operation, _time, count) => {
        this.strayRequests += count;
      },
      failedUpload: nothing,
      unknownDelete: (count) => {
        this.counts.deletesOfUnknownKeys += count;
      },
      unsized: (_batch, rows) => {
        this.counts.unsizedRows += rows.length;
      },
    };
  }

  profile(): LifeProfile {
    const neverRead = this.idle.bytes(NEVER);
    const bytes = this.present.value(0);
    return {
      present: { objects: this.objects, bytes: String(bytes) },
      classes: this.classes.shares(STORAGE_CLASSES).filter(({ objects }) => objects > 0),
      sizes: this.sizes.shares(SIZE_CLASSES),
      ages: this.ages.shares(TIME_SPANS),
      idle: this.idle.shares([...TIME_SPANS, 'never read']),
      neverReadPercent: tenths(neverRead, bytes),
      gaps: this.gaps.reads(TIME_SPANS),
      readsByAge: this.readsByAge.reads(TIME_SPANS),
    };
  }

  private life(life: Life): void {
    const { count } = life;
    // An object of which no row says the size, in a versioned bucket.
    if (count === 0) return;
    const lastRead = this.reads(life);
    if (life.endedBy === ALIVE) this.alive(life, lastRead);
  }

  /** Returns when it was read last; -1 when it was not. */
  private reads(life: Life): number {
    const { accesses, accessTime, accessOperation, accessBytes, accessCount, count, created, assumed } = life;
    const { since } = this;
    let before = assumed || created < since ? -1 : created;
    let lastRead = -1;
    for (let at = 0; at < accesses; at++) {
      const code = accessOperation[at]!;
      if (isFailed(code) || !isRead(operationOf(code))) continue;
      const [time, bytes, times] = [accessTime[at]!, accessBytes[at]!, accessCount[at]!];
      lastRead = time;
      // An inventory tells that there was a read, not when.
      if (time < since) continue;
      this.readsByAge.add(timeSpan(time - created), bytes, count, times);
      if (before >= 0) this.gaps.add(timeSpan(time - before), bytes, count);
      // The other repetitions follow the first at once.
      if (times > 1) this.gaps.add(0, bytes, count, times - 1);
      for (const groups of this.groups) groups.read(life, time, bytes, times);
      before = time;
    }
    return lastRead;
  }

  private alive(life: Life, lastRead: number): void {
    const { size, count, created, uploadClass } = life;
    const { until } = this;
    this.objects += count;
    this.present.addProduct(0, size, count);
    this.classes.add(uploadClass, size, count);
    this.sizes.add(sizeClass(size), size, count);
    this.ages.add(timeSpan(until - created), size, count);
    this.idle.add(lastRead < 0 ? NEVER : timeSpan(until - lastRead), size, count);
    const isCold = until - (lastRead < 0 ? created : lastRead) >= this.coldSeconds;
    for (const groups of this.groups) groups.present(life, lastRead >= 0, isCold);
  }
}

/** A share of a whole as a percentage with one decimal, rounded half away from zero; `0.0` of nothing. */
function tenths(part: bigint, whole: bigint): string {
  if (whole === 0n) return '0.0';
  const rounded = (part * 2000n + whole) / (whole * 2n);
  return `${rounded / 10n}.${rounded % 10n}`;
}
