/** What there is in the rows of a trace, counted as they come. */
import { ACT_NAMES } from '../model/operation.ts';
import { ACTS_END, LARGEST_ORDER, LEFT_OUT } from '../sources/projection.ts';
import { NULL_VERSION, ORDER_STEP, orderMilliseconds, type TraceSpan } from '../trace/trace.ts';
import type { ActRows, ListedRows } from './row-shape.ts';

/** Columns of a chunk of rows. */
export interface CountedColumns {
  readonly order: Float64Array;
  readonly version?: Float64Array;
  readonly tags?: Uint8Array;
  /** What of an inventory a row is: one of {@link LISTED_CODES}, or 0. */
  readonly lists?: Uint8Array;
}

/** Numbers for what of an inventory a row is. */
export const LISTED_CODES = { objects: 1, reads: 2 } as const;

export class RowCounts {
  /** Rows that cannot be read. */
  badRows = 0;
  readonly listed: { -readonly [Rows in keyof ListedRows]: number } = { objects: 0, reads: 0, changedAfter: 0 };
  private rows = 0;
  private first = Number.POSITIVE_INFINITY;
  private last = 0;
  private namesVersions = false;
  private hasTags = false;
  private readonly byAct = new Float64Array(ACT_NAMES.length);

  /**
   * Counts some of the rows of a chunk.
   * @param use is told from where to where there are rows that belong to the trace
   */
  add(columns: CountedColumns, from: number, end: number, use: (from: number, end: number) => void): void {
    const { order } = columns;
    let first = from;
    for (let row = from; row < end; row++) {
      const time = order[row]!;
      if (time >= 0 && time <= LARGEST_ORDER) continue;
      if (time === LEFT_OUT) this.listed.changedAfter++;
      else this.badRows++;
      this.count(columns, first, row, use);
      first = row + 1;
    }
    this.count(columns, first, end, use);
  }

  /** Of the requests. */
  get span(): TraceSpan {
    const { rows, first, last, namesVersions, hasTags } = this;
    return {
      rows,
      first: rows === 0 ? 0 : orderMilliseconds(first),
      last: orderMilliseconds(last),
      namesVersions,
      hasTags,
    };
  }

  /** Rows of S3's own acts. */
  get acts(): ActRows {
    const found = ACT_NAMES.map((name, act): [string, number] => [name, this.byAct[act]!]);
    return new Map(found.filter(([, rows]) => rows > 0));
  }

  private count(
    { order, version, tags, lists }: CountedColumns,
    from: number,
    end: number,
    use: (from: number, end: number) => void,
  ): void {
    if (from === end) return;
    let rows = 0;
    let { first, last } = this;
    for (let row = from; row < end; row++) {
      const time = order[row]!;
      const kind = time - Math.floor(time / ORDER_STEP) * ORDER_STEP;
      if (kind < ACTS_END) {
        this.byAct[kind >> 2]!++;
        continue;
      }
      rows++;
      if (time < first) first = time;
      if (time > last) last = time;
      if (version && version[row]! > NULL_VERSION) this.namesVersions = true;
      if (tags && tags[row]! > 0) this.hasTags = true;
    }
    this.rows += rows;
    this.first = first;
    this.last = last;
    if (lists) this.countListed(lists.subarray(from, end));
    use(from, end);
  }

  private countListed(lists: Uint8Array): void {
    for (const code of lists) {
      if (code === LISTED_CODES.objects) this.listed.objects++;
      else if (code === LISTED_CODES.reads) this.listed.reads++;
    }
  }
}
