import { Batch, OPTIONAL_COLUMNS, type OptionalColumn } from './batch.ts';
import { NO_VERSION } from './trace.ts';

/** Rows in columns, in the order of a trace. Columns that are absent have one value throughout. */
export interface RowColumns {
  /** Numbers that tell objects apart: never less than the row's before. */
  readonly object: Uint32Array;
  readonly order: Float64Array;
  readonly size: Float64Array;
  readonly bytes?: Float64Array;
  readonly count?: Float64Array;
  readonly storageClass?: Uint8Array;
  readonly version?: Float64Array;
  readonly tags?: Uint8Array;
  readonly keyBytes?: Uint32Array;
  readonly group?: Uint16Array;
  /** By word. */
  readonly marks: readonly Int32Array[];
}

/**
 * Takes a batch. Its arrays are filled again once this returns, unless it gives another to be filled instead, of the same
 * columns, of which nothing is needed any more.
 */
export type BatchConsumer = ((batch: Batch) => void) | ((batch: Batch) => Batch);

const BATCH_ROWS = 65_536;
const CHUNK_ROWS = 4096;

/** Room for the rows of a batch, and of what is added at once. */
export const BATCH_CAPACITY: number = BATCH_ROWS + CHUNK_ROWS;

export interface BatchOptions {
  /** Columns that come, of those that not every trace has; all by default. */
  readonly optional?: readonly OptionalColumn[];
  /** Rows after which a batch ends at the next object's beginning. */
  readonly batchRows?: number;
}

/** Collects rows that arrive ordered by object and then by {@link packOrder} into batches of whole objects. */
export class BatchBuilder {
  private readonly consume: BatchConsumer;
  private readonly target: number;
  private batch: Batch;
  /** Room for the largest objects so far. */
  private capacity: number;
  private rows = 0;
  /** Number of the present object, when rows come in columns. */
  private object = -1;

  constructor(
    markWords: number,
    consume: BatchConsumer,
    { optional = OPTIONAL_COLUMNS, batchRows = BATCH_ROWS }: BatchOptions = {},
  ) {
    this.consume = consume;
    this.target = batchRows;
    this.capacity = batchRows + CHUNK_ROWS;
    this.batch = new Batch(markWords, this.capacity, optional);
  }

  /**
   * Adds rows of one object or of several, by whole columns. Every call brings the optional columns there are,
   * and no row is added one by one besides.
   * @param following rows that the last object may still have, at a guess: room for them is made at once
   * @throws RangeError when the rows are not in order
   */
  addRows(rows: RowColumns, from: number, end: number, following = 0): void {
    if (this.rows >= this.target) this.flushWhole();
    this.makeRoom(end - from, following);
    this.copy(rows, from, end);
    const { batch } = this;
    const { order, objectStart, keyBytes } = batch;
    const { object } = rows;
    const shift = this.rows - from;
    let present = this.object;
    for (let row = from; row < end; row++) {
      const next = object[row]!;
      if (next !== present) {
        if (next < present) throw new RangeError('the objects are not in order');
        present = next;
        keyBytes[batch.objects] = rows.keyBytes ? rows.keyBytes[row]! : 0;
        objectStart[batch.objects++] = row + shift;
      } else if (order[row + shift]! <= order[row + shift - 1]!) this.settle(row + shift);
    }
    this.object = present;
    this.rows += end - from;
  }

  /** Begins the next object. */
  beginObject(keyBytes = 0): void {
    if (this.rows >= this.target) this.flush();
    const { batch } = this;
    batch.keyBytes[batch.objects] = keyBytes;
    batch.objectStart[batch.objects++] = this.rows;
  }

  /** Adds a row to the present object. Its version, tags and marks, if any, follow by {@link describe} and {@link mark}. */
  add(order: number, size: number, bytes: number, count: number, storageClass: number): void {
    this.makeRoom(1);
    const { batch } = this;
    const row = this.rows++;
    batch.order[row] = order;
    batch.size[row] = size;
    batch.bytes[row] = bytes;
    batch.count[row] = count;
    batch.storageClass[row] = storageClass;
    batch.version[row] = NO_VERSION;
    batch.tags[row] = 0;
    batch.group[row] = 0;
  }

  /** Sets the version that the row added last names, and how many tags it has. */
  describe(version: number, tags: number): void {
    this.batch.version[this.rows - 1] = version;
    this.batch.tags[this.rows - 1] = tags;
  }

  /** Sets the group of the row added last. */
  setGroup(group: number): void {
    this.batch.group[this.rows - 1] = group;
  }

  /** Sets a word of marks of the row added last. */
  mark(word: number, bits: number): void {
    const { batch } = this;
    batch.marks[(this.rows - 1) * batch.markWords + word] = bits;
  }

  /** Puts the row added last in its place among rows of the same order; called when its order equals the row's before. */
  settleTie(): void {
    this.settle(this.rows - 1);
  }

  flush(): void {
    const { batch } = this;
    if (batch.objects === 0) return;
    batch.objectStart[batch.objects] = this.rows;
    this.batch = this.consume(batch) ?? batch;
    this.batch.objects = 0;
    this.rows = 0;
  }

  /** Hands over all objects but the last, of which more rows may come. */
  private flushWhole(): void {
    const { batch, rows } = this;
    const last = batch.objects - 1;
    if (last < 1) return;
    const [start, keyBytes] = [batch.objectStart[last]!, batch.keyBytes[last]!];
    batch.objects = last;
    this.rows = start;
    this.flush();
    this.makeRoom(rows - start);
    this.batch.copy(batch, start, rows);
    this.rows = rows - start;
    this.batch.objects = 1;
    this.batch.objectStart[0] = 0;
    this.batch.keyBytes[0] = keyBytes;
  }

  private makeRoom(rows: number, following = 0): void {
    const { batch } = this;
    if (this.rows + rows <= batch.capacity) return;
    while (this.rows + rows + following > this.capacity) this.capacity *= 2;
    this.batch = batch.another(this.capacity);
    this.batch.takeOver(batch, this.rows);
  }

  private copy(rows: RowColumns, from: number, end: number): void {
    const { batch, rows: at } = this;
    batch.order.set(rows.order.subarray(from, end), at);
    batch.size.set(rows.size.subarray(from, end), at);
    if (rows.bytes) batch.bytes.set(rows.bytes.subarray(from, end), at);
    if (rows.count) batch.count.set(rows.count.subarray(from, end), at);
    if (rows.storageClass) batch.storageClass.set(rows.storageClass.subarray(from, end), at);
    if (rows.version) batch.version.set(rows.version.subarray(from, end), at);
    if (rows.tags) batch.tags.set(rows.tags.subarray(from, end), at);
    if (rows.group) batch.group.set(rows.group.subarray(from, end), at);
    rows.marks.forEach((bits, word) => {
      for (let row = from; row < end; row++) batch.marks[(at + row - from) * batch.markWords + word] = bits[row]!;
    });
  }

  /**
   * Moves a row up to its place among rows of one order. Who pays for a request is part of its order but not of a kept
   * trace, so that two requests of one instant and kind may have changed places.
   */
  private settle(added: number): void {
    const { batch } = this;
    const { order } = batch;
    const first = batch.objectStart[batch.objects - 1]!;
    for (let row = added; row > first && order[row]! <= order[row - 1]!; row--) {
      if (Math.floor(order[row]! / PAID_STEP) < Math.floor(order[row - 1]! / PAID_STEP)) {
        throw new RangeError('the requests of an object are not in order');
      }
      if (batch.compare(row - 1, row) <= 0) return;
      batch.swap(row - 1, row);
    }
  }
}

/** Steps of an order in which only who pays is different. */
const PAID_STEP = 4;
