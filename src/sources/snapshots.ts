/**
 * How inventories and requests of the same buckets become one trace: the inventory shows the effect of every request
 * before it was taken, and requests show what became of its objects after that.
 */
import { quoted } from '../model/diagnostic.ts';
import type { EventRow } from '../trace/memory-trace.ts';
import { orderMilliseconds } from '../trace/trace.ts';
import type { Snapshot } from './source.ts';

/** What requests before an inventory are counted as. */
export const BEFORE_INVENTORY = 'before the inventory';

/** What an inventory's objects are counted as that requests tell of, since they changed after it was begun. */
export const CHANGED_AFTER = 'listed, and changed after the inventory was begun';

/** Inventories, one of each bucket. */
export class Snapshots {
  readonly all: readonly Snapshot[];
  /** Bucket of requests that name none: the inventory's, when there is only one. */
  readonly bucket: string | undefined;
  /** Whether there are requests beside the inventories. */
  readonly isJoined: boolean;
  private readonly takenAt: ReadonlyMap<string, number>;

  constructor(all: readonly Snapshot[], isJoined: boolean) {
    this.all = all;
    this.isJoined = isJoined;
    this.bucket = all.length === 1 ? all[0]!.bucket : undefined;
    this.takenAt = new Map(all.map(({ bucket, takenAt }) => [bucket, takenAt]));
  }

  /** UTC milliseconds before which nothing is known of all the buckets. */
  get latest(): number {
    return Math.max(...this.takenAt.values());
  }

  /** The careful reading's row as it enters the trace, or what it is counted as when it is left out. */
  join(row: EventRow, isListed: boolean): EventRow | { readonly kind: string } {
    const bucket = row.bucket === '' ? (this.bucket ?? '') : row.bucket;
    const isBefore = orderMilliseconds(row.order) < (this.takenAt.get(bucket) ?? 0);
    if (this.isJoined && isBefore !== isListed) return { kind: isListed ? CHANGED_AFTER : BEFORE_INVENTORY };
    return { ...row, bucket };
  }
}

/** What is wrong with two inventories of one bucket; undefined when nothing is. */
export function twiceListed(snapshots: readonly Snapshot[]): string | undefined {
  for (const [at, { bucket, takenAt }] of snapshots.entries()) {
    const other = snapshots.slice(0, at).find((earlier) => earlier.bucket === bucket);
    if (!other) continue;
    const dates = [other.takenAt, takenAt].sort((a, b) => a - b).map((time) => new Date(time).toISOString());
    return `two inventories of the bucket ${quoted(bucket)}, of ${dates.join(' and ')}; name one of them`;
  }
  return undefined;
}
