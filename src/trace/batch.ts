import { NO_CLASS } from '../model/storage-class.ts';
import { NO_VERSION, type TraceBatch } from './trace.ts';

/** The columns that not every trace has, and the value that stands for each where it does not come. */
const OPTIONAL = {
  bytes: { make: doubles, value: Number.NaN },
  count: { make: doubles, value: 1 },
  storageClass: { make: bytes, value: NO_CLASS },
  version: { make: doubles, value: NO_VERSION },
  tags: { make: bytes, value: 0 },
  group: { make: shorts, value: 0 },
} as const;

export type OptionalColumn = keyof typeof OPTIONAL;
export const OPTIONAL_COLUMNS = Object.keys(OPTIONAL) as readonly OptionalColumn[];

type Column = Float64Array | Uint8Array | Uint16Array | Int32Array;

/** The columns of a batch, with room for a number of rows, in memory that threads share. */
export class Batch implements TraceBatch {
  readonly markWords: number;
  readonly capacity: number;
  objects = 0;
  readonly objectStart: Uint32Array;
  readonly order: Float64Array;
  readonly size: Float64Array;
  readonly bytes: Float64Array;
  readonly count: Float64Array;
  readonly storageClass: Uint8Array;
  readonly version: Float64Array;
  readonly tags: Uint8Array;
  readonly keyBytes: Uint32Array;
  readonly marks: Int32Array;
  readonly group: Uint16Array;
  private readonly optional: readonly OptionalColumn[];

  /** @param optional columns that come; the others have one value, and the same memory in every batch */
  constructor(markWords: number, capacity: number, optional: readonly OptionalColumn[]) {
    this.markWords = markWords;
    this.capacity = capacity;
    this.optional = optional;
    this.objectStart = words(capacity + 1);
    this.keyBytes = words(capacity);
    this.order = doubles(capacity);
    this.size = doubles(capacity);
    this.marks = new Int32Array(words(capacity * markWords).buffer);
    this.bytes = this.column('bytes');
    this.count = this.column('count');
    this.storageClass = this.column('storageClass');
    this.version = this.column('version');
    this.tags = this.column('tags');
    this.group = this.column('group');
  }

  /** An empty batch of the same columns. */
  another(capacity: number): Batch {
    return new Batch(this.markWords, capacity, this.optional);
  }

  /** Takes over all rows of a smaller batch, and its objects. */
  takeOver(from: Batch, rows: number): void {
    this.copy(from, 0, rows);
    this.objectStart.set(from.objectStart);
    this.keyBytes.set(from.keyBytes);
    this.objects = from.objects;
  }

  /** Takes over rows of another batch, or of itself, as its first; not its objects. */
  copy(from: Batch, first: number, end: number): void {
    const { markWords } = this;
    const [to, others] = [this.ownColumns(), from.ownColumns()];
    to.forEach((column, i) => void column.set(others[i]!.subarray(first, end)));
    this.marks.set(from.marks.subarray(first * markWords, end * markWords));
  }

  /** Compares two rows by every column, one after the other; missing values (NaN) come first. */
  compare(a: number, b: number): number {
    return (
      compareItems(this.order, a, b) ||
      compareItems(this.size, a, b) ||
      compareItems(this.bytes, a, b) ||
      compareItems(this.count, a, b) ||
      this.storageClass[a]! - this.storageClass[b]! ||
      compareItems(this.version, a, b) ||
      this.tags[a]! - this.tags[b]! ||
      this.group[a]! - this.group[b]! ||
      this.compareMarks(a, b)
    );
  }

  swap(a: number, b: number): void {
    for (const column of this.ownColumns()) swapItems(column, a, b);
    const { marks, markWords } = this;
    for (let word = 0; word < markWords; word++) swapItems(marks, a * markWords + word, b * markWords + word);
  }

  private compareMarks(a: number, b: number): number {
    const { marks, markWords } = this;
    for (let word = 0; word < markWords; word++) {
      const difference = marks[a * markWords + word]! - marks[b * markWords + word]!;
      if (difference !== 0) return difference;
    }
    return 0;
  }

  private ownColumns(): readonly Column[] {
    return [this.order, this.size, ...this.optional.map((name) => this[name])];
  }

  private column<Name extends OptionalColumn>(name: Name): ReturnType<(typeof OPTIONAL)[Name]['make']> {
    const column = this.optional.includes(name) ? OPTIONAL[name].make(this.capacity) : constant(name, this.capacity);
    return column as ReturnType<(typeof OPTIONAL)[Name]['make']>;
  }
}

const CONSTANTS = new Map<OptionalColumn, Column>();

function constant(name: OptionalColumn, length: number): Column {
  const found = CONSTANTS.get(name);
  if (found && found.length >= length) return found;
  const { make, value } = OPTIONAL[name];
  const column = make(length).fill(value);
  CONSTANTS.set(name, column);
  return column;
}

function doubles(length: number): Float64Array {
  return new Float64Array(new SharedArrayBuffer(8 * length));
}

function words(length: number): Uint32Array {
  return new Uint32Array(new SharedArrayBuffer(4 * length));
}

function shorts(length: number): Uint16Array {
  return new Uint16Array(new SharedArrayBuffer(2 * length));
}

function bytes(length: number): Uint8Array {
  return new Uint8Array(new SharedArrayBuffer(length));
}

function compareItems(column: Float64Array, a: number, b: number): number {
  const one = column[a]!;
  const other = column[b]!;
  if (one < other) return -1;
  if (one > other) return 1;
  return Number(Number.isNaN(other)) - Number(Number.isNaN(one));
}

function swapItems(column: Column, a: number, b: number): void {
  const item = column[a]!;
  column[a] = column[b]!;
  column[b] = item;
}
