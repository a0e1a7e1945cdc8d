import type { Switches } from '../model/assumptions.ts';
import {
  COPY_SOURCE,
  isCharged,
  isFailed,
  isRead,
  isUpload,
  OPERATIONS,
  type OperationCode,
  operationOf,
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
} from '../model/storage-class.ts';
import type { Horizon } from '../model/time.ts';
import { MONITORED, RETRIEVED, STORED, TAGGED, TRANSFERRED_OUT, UPLOADED_EXPRESS } from '../model/usage-type.ts';
import type { Life } from '../trace/life.ts';
import type { Stays } from '../trace/stays.ts';
import { DailySeries } from './daily-series.ts';
import type { DailyUsage } from './daily-usage.ts';
import { requestKind, strayRequestKind } from './requests.ts';
import { STORED_BYTES, STORED_FILLER } from './stored-kinds.ts';
import type { UsageSink } from './usage-sink.ts';

/** Series beside those of requests, which are numbered by operation code. */
const HELD_BYTES = OPERATIONS.length;
const HELD_FILLER = HELD_BYTES + 1;
const HELD_OBJECTS = HELD_BYTES + 2;
const HELD_MONITORED = HELD_BYTES + 3;
const READ_BYTES = HELD_BYTES + 4;
const UPLOADED_BYTES = HELD_BYTES + 5;
const COPIED_BYTES = HELD_BYTES + 6;
const HELD_TAGS = HELD_BYTES + 7;
const HELD_MARKERS = HELD_BYTES + 8;
const STRAYS = HELD_BYTES + 9;
const SERIES = STRAYS + OPERATIONS.length;

/**
 * What lives use whatever the policy, counted once for all of them: requests that find no object, and what a life uses
 * that is in one class from beginning to end. So a policy that never moves an object costs hardly any time of its own.
 */
export class SharedUsage {
  private readonly series: DailySeries;

  constructor(horizon: Horizon) {
    this.series = new DailySeries(horizon, SERIES);
  }

  /** Adds what another counted, perhaps in another thread. */
  addAll({ series }: SharedUsage): void {
    this.series.addAll(series);
  }

  life(life: Life): void {
    const { series } = this;
    const { created, ended, size, count, accesses, accessTime, accessOperation, accessBytes, accessCount } = life;
    series.hold(HELD_BYTES, created, ended, size * count);
    series.hold(HELD_OBJECTS, created, ended, count);
    if (size < SMALL_OBJECT_BYTES) series.hold(HELD_FILLER, created, ended, (SMALL_OBJECT_BYTES - size) * count);
    else series.hold(HELD_MONITORED, created, ended, count);
    for (let at = 0; at < accesses; at++) {
      const day = series.slotOf(accessTime[at]!);
      const code = accessOperation[at]!;
      if (day < 0 || !isCharged(code)) continue;
      const operation = operationOf(code);
      const repeats = accessCount[at]!;
      series.add(operation, day, count, repeats);
      if (isFailed(code)) continue;
      if (operation === COPY_SOURCE) series.add(COPIED_BYTES, day, accessBytes[at]!, count, repeats);
      else if (isRead(operation)) series.add(READ_BYTES, day, accessBytes[at]!, count, repeats);
      else if (isUpload(operation)) series.add(UPLOADED_BYTES, day, accessBytes[at]!, count, repeats);
    }
    holdTags(series, HELD_TAGS, life, ended);
  }

  /** Charged requests to objects, by what they did. */
  requests(operation: OperationCode): number {
    return Number((this.series.quantities(operation) ?? []).reduce((sum, quantity) => sum + quantity, 0n));
  }

  /** A delete marker that rows made. */
  marker(from: number, until: number, keyBytes: number, count: number): void {
    this.series.hold(HELD_MARKERS, from, until, keyBytes * count);
  }

  /** A charged request that found no object and would not have made one. */
  stray(operation: OperationCode, time: number, count: number): void {
    this.series.add(STRAYS + operation, this.series.slotOf(time), count, 1);
  }

  /** Adds the requests that found no object. */
  addStrays(usage: DailyUsage, options: RequestOptions): void {
    for (let operation = 0; operation < OPERATIONS.length; operation++) {
      if (operation === COPY_SOURCE && !chargesCopySources(options)) continue;
      const kind = strayRequestKind(operation);
      if (kind >= 0) usage.addSeries(kind, this.series, STRAYS + operation);
    }
  }

  /** Adds what all lives hold that stay in one class; the tiers of INTELLIGENT_TIERING apart. */
  addStorage(usage: DailyUsage, storageClass: ClassCode): void {
    const { series } = this;
    if (storageClass === INTELLIGENT_TIERING) {
      usage.addSeries(MONITORED, series, HELD_MONITORED);
      return;
    }
    usage.addSeries(STORED_BYTES[storageClass]!, series, HELD_BYTES);
    const filler = STORED_FILLER[storageClass]!;
    if (filler >= 0) usage.addSeries(filler, series, HELD_FILLER);
    if (storageClass !== GLACIER && storageClass !== DEEP_ARCHIVE) return;
    const [index, name] =
      storageClass === GLACIER
        ? [STORED.glacierIndex, STORED.glacierName]
        : [STORED.deepArchiveIndex, STORED.deepArchiveName];
    usage.addSeries(index, series, HELD_OBJECTS, BigInt(ARCHIVE_INDEX_BYTES));
    usage.addSeries(name, series, HELD_OBJECTS, BigInt(ARCHIVE_NAME_BYTES));
  }

  /** Adds what is the same in every class: the objects' tags and the delete markers. */
  addTagsAndMarkers(usage: DailyUsage): void {
    usage.addSeries(TAGGED, this.series, HELD_TAGS);
    usage.addSeries(STORED.standard, this.series, HELD_MARKERS);
  }

  /** Adds what requests cost of lives that stay in one class which is not archived. */
  addRequests(usage: DailyUsage, storageClass: ClassCode, options: RequestOptions): void {
    for (let operation = 0; operation < OPERATIONS.length; operation++) {
      if (operation === COPY_SOURCE && !chargesCopySources(options)) continue;
      const kind = requestKind(operation, storageClass);
      if (kind >= 0) usage.addSeries(kind, this.series, operation);
    }
    const retrieved = RETRIEVED[storageClass]!;
    if (retrieved >= 0) {
      usage.addSeries(retrieved, this.series, READ_BYTES);
      usage.addSeries(retrieved, this.series, COPIED_BYTES);
    }
    if (options.egress) usage.addSeries(TRANSFERRED_OUT, this.series, READ_BYTES);
    if (storageClass === EXPRESS_ONEZONE) usage.addSeries(UPLOADED_EXPRESS, this.series, UPLOADED_BYTES);
  }
}

/** What of a run's options decides how requests are billed. */
interface RequestOptions {
  readonly egress: boolean;
  readonly switches: Switches;
}

/** Whether a copy's read of its source is charged as a GET besides its bytes, which AWS leaves open. */
export function chargesCopySources({ switches }: RequestOptions): boolean {
  return switches['copy-source-request'] === 'charged';
}

/** Holds an object's tags until it is removed. */
export function holdTags(sink: UsageSink, into: number, life: Life, until: number, stays?: Stays): void {
  const { markChanges, markTime, markFlags, tags, count } = life;
  for (let change = 0; change < markChanges; ) {
    let next = change + 1;
    while (next < markChanges && stays?.missesChange(markFlags[next]!, markTime[next]!)) next++;
    const end = next < markChanges ? Math.min(markTime[next]!, until) : until;
    if (tags[change] !== 0) sink.hold(into, markTime[change]!, end, tags[change]! * count);
    change = next;
  }
}
