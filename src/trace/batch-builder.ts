import { NO_CLASS } from '../model/storage-class.ts';
import { NO_VERSION, type TraceBatch } from './trace.ts';

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

type Column = Float64Array | Uint8Array | Uint16Array;

/**
 * Collects rows that arrive ordered by object and then by {@link packOrder} into batches of whole objects, and hands
 * each batch to `consume`. The arrays are used again once `consume` returns.
 */
export class BatchBuilder {
  readonly markWords: number;
  private readonly consume: (batch: TraceBatch) => void;
  private readonly target: number;
  private rows = 0;
  private objects = 0;
  private capacity: number;
  private objectStart: Uint32Array;
  private order: Float64Array;
  private size: Float64Array;
  private bytes: Float64Array;
  private count: Float64Array;
  private storageClass: Uint8Array;
  private version: Float64Array;
  private tags: Uint8Array;
  private keyBytes: Uint32Array;
  private marks: Int32Array;
  private group: Uint16Array;
  /** Rows of one object whose order is exactly equal are put in order of these columns, so that shuffling rows changes nothing. */
  private columns: readonly Column[] = [];
  /** Number of the present object, when rows come in columns. */
  private object = -1;

  /** @param batchRows rows after which a batch ends at the next object's beginning */
  constructor(markWords: number, consume: (batch: TraceBatch) => void, batchRows = 65_536) {
    this.markWords = markWords;
    this.consume = consume;
    this.target = batchRows;
    this.capacity = batchRows + 4096;
    this.objectStart = new Uint32Array(this.capacity + 1);
    this.order = new Float64Array(this.capacity);
    this.size = new Float64Array(this.capacity);
    this.bytes = new Float64Array(this.capacity);
    this.count = new Float64Array(this.capacity);
    this.storageClass = new Uint8Array(this.capacity);
    this.version = new Float64Array(this.capacity);
    this.tags = new Uint8Array(this.capacity);
    this.keyBytes = new Uint32Array(this.capacity);
    this.marks = new Int32Array(this.capacity * this.markWords);
    this.group = new Uint16Array(this.capacity);
    this.fillFrom(0);
    this.columns = this.rowColumns();
  }

  /**
   * Adds rows of one object or of several, by whole columns. Every call brings the same columns, and no row is added
   * one by one besides.
   * @throws RangeError when the rows are not in order
   */
  addRows(rows: RowColumns, from: number, end: number): void {
    if (this.rows >= this.target) this.flushWhole();
    while (this.rows + end - from > this.capacity) this.grow();
    this.copy(rows, from, end);
    const { order, objectStart, keyBytes } = this;
    const { object } = rows;
    const shift = this.rows - from;
    let present = this.object;
    for (let row = from; row < end; row++) {
      const next = object[row]!;
      if (next !== present) {
        if (next < present) throw new RangeError('the objects are not in order');
        present = next;
        keyBytes[this.objects] = rows.keyBytes ? rows.keyBytes[row]! : 0;
        objectStart[this.objects++] = row + shift;
      } else if (order[row + shift]! <= order[row + shift - 1]!) this.settle(row + shift);
    }
    this.object = present;
    this.rows += end - from;
  }

  /** Begins the next object. */
  beginObject(keyBytes = 0): void {
    if (this.rows >= this.target) this.flush();
    this.keyBytes[this.objects] = keyBytes;
    this.objectStart[this.objects++] = this.rows;
  }

  /** Adds a row to the present object. Its version, tags and marks, if any, follow by {@link describe} and {@link mark}. */
  add(order: number, size: number, bytes: number, count: number, storageClass: number): void {
    if (this.rows === this.capacity) this.grow();
    const row = this.rows++;
    this.order[row] = order;
    this.size[row] = size;
    this.bytes[row] = bytes;
    this.count[row] = count;
    this.storageClass[row] = storageClass;
    this.version[row] = NO_VERSION;
    this.tags[row] = 0;
    this.group[row] = 0;
  }

  /** Sets the version that the row added last names, and how many tags it has. */
  describe(version: number, tags: number): void {
    this.version[this.rows - 1] = version;
    this.tags[this.rows - 1] = tags;
  }

  /** Sets the group of the row added last. */
  setGroup(group: number): void {
    this.group[this.rows - 1] = group;
  }

  /** Sets a word of marks of the row added last. */
  mark(word: number, bits: number): void {
    this.marks[(this.rows - 1) * this.markWords + word] = bits;
  }

  /** Puts the row added last in its place among rows of the same order; called when its order equals the row's before. */
  settleTie(): void {
    this.settle(this.rows - 1);
  }

  flush(): void {
    if (this.objects === 0) return;
    this.objectStart[this.objects] = this.rows;
    this.consume({
      objects: this.objects,
      objectStart: this.objectStart,
      order: this.order,
      size: this.size,
      bytes: this.bytes,
      count: this.count,
      storageClass: this.storageClass,
      version: this.version,
      tags: this.tags,
      keyBytes: this.keyBytes,
      marks: this.marks,
      markWords: this.markWords,
      group: this.group,
    });
    this.rows = 0;
    this.objects = 0;
  }

  /** Hands over all objects but the last, of which more rows may come. */
  private flushWhole(): void {
    const last = this.objects - 1;
    if (last < 1) return;
    const [start, rows, keyBytes] = [this.objectStart[last]!, this.rows, this.keyBytes[last]!];
    this.objects = last;
    this.rows = start;
    this.flush();
    for (const column of this.columns) column.copyWithin(0, start, rows);
    this.marks.copyWithin(0, start * this.markWords, rows * this.markWords);
    this.objectStart[0] = 0;
    this.keyBytes[0] = keyBytes;
    this.objects = 1;
    this.rows = rows - start;
  }

  private copy(rows: RowColumns, from: number, end: number): void {
    const at = this.rows;
    this.order.set(rows.order.subarray(from, end), at);
    this.size.set(rows.size.subarray(from, end), at);
    if (rows.bytes) this.bytes.set(rows.bytes.subarray(from, end), at);
    if (rows.count) this.count.set(rows.count.subarray(from, end), at);
    if (rows.storageClass) this.storageClass.set(rows.storageClass.subarray(from, end), at);
    if (rows.version) this.version.set(rows.version.subarray(from, end), at);
    if (rows.tags) this.tags.set(rows.tags.subarray(from, end), at);
    if (rows.group) this.group.set(rows.group.subarray(from, end), at);
    rows.marks.forEach((bits, word) => {
      for (let row = from; row < end; row++) this.marks[(at + row - from) * this.markWords + word] = bits[row]!;
    });
  }

  /**
   * Moves a row up to its place among rows of one order. Who pays for a request is part of its order but not of a kept
   * trace, so that two requests of one instant and kind may have changed places.
   */
  private settle(added: number): void {
    const first = this.objectStart[this.objects - 1]!;
    for (let row = added; row > first && this.order[row]! <= this.order[row - 1]!; row--) {
      if (Math.floor(this.order[row]! / PAID_STEP) < Math.floor(this.order[row - 1]! / PAID_STEP)) {
        throw new RangeError('the requests of an object are not in order');
      }
      if (this.compare(row - 1, row) <= 0) return;
      this.swap(row - 1, row);
    }
  }

  /** By every column, one after the other; missing values (NaN) first. */
  private compare(a: number, b: number): number {
    for (const column of this.columns) {
      const [x, y] = [column[a]!, column[b]!];
      if (x < y) return -1;
      if (x > y) return 1;
      if (x !== y && Number.isNaN(x) !== Number.isNaN(y)) return Number.isNaN(x) ? -1 : 1;
    }
    const { marks, markWords } = this;
    for (let word = 0; word < markWords; word++) {
      const difference = marks[a * markWords + word]! - marks[b * markWords + word]!;
      if (difference !== 0) return difference;
    }
    return 0;
  }

  private swap(a: number, b: number): void {
    for (const column of this.columns) swapItems(column, a, b);
    for (let word = 0; word < this.markWords; word++) {
      swapItems(this.marks, a * this.markWords + word, b * this.markWords + word);
    }
  }

  /** What rows have in columns that do not come. */
  private fillFrom(row: number): void {
    this.bytes.fill(Number.NaN, row);
    this.count.fill(1, row);
    this.storageClass.fill(NO_CLASS, row);
  }

  private grow(): void {
    const { capacity } = this;
    this.capacity *= 2;
    this.objectStart = grown(this.objectStart, new Uint32Array(this.capacity + 1));
    this.order = grown(this.order, new Float64Array(this.capacity));
    this.size = grown(this.size, new Float64Array(this.capacity));
    this.bytes = grown(this.bytes, new Float64Array(this.capacity));
    this.count = grown(this.count, new Float64Array(this.capacity));
    this.storageClass = grown(this.storageClass, new Uint8Array(this.capacity));
    this.version = grown(this.version, new Float64Array(this.capacity));
    this.tags = grown(this.tags, new Uint8Array(this.capacity));
    this.keyBytes = grown(this.keyBytes, new Uint32Array(this.capacity));
    this.marks = grown(this.marks, new Int32Array(this.capacity * this.markWords));
    this.group = grown(this.group, new Uint16Array(this.capacity));
    this.fillFrom(capacity);
    this.columns = this.rowColumns();
  }

  private rowColumns(): readonly Column[] {
    const { order, size, bytes, count, storageClass, version, tags, group } = this;
    return [order, size, bytes, count, storageClass, version, tags, group];
  }
}

/** Steps of an order in which only who pays is different. */
const PAID_STEP = 4;

function grown<T extends Uint32Array | Float64Array | Uint8Array | Uint16Array | Int32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

function swapItems(column: Column | Int32Array, a: number, b: number): void {
  const item = column[a]!;
  column[a] = column[b]!;
  column[b] = item;
}
