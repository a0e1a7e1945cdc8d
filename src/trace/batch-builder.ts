import { NO_VERSION, type TraceBatch } from './trace.ts';

/** Rows of one object whose order is exactly equal are put in order of these columns, so that shuffling rows changes nothing. */
type Row = readonly [
  size: number,
  bytes: number,
  count: number,
  storageClass: number,
  version: number,
  tags: number,
  ...marks: number[],
];

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
  }

  /** Sets the version that the row added last names, and how many tags it has. */
  describe(version: number, tags: number): void {
    this.version[this.rows - 1] = version;
    this.tags[this.rows - 1] = tags;
  }

  /** Sets a word of marks of the row added last. */
  mark(word: number, bits: number): void {
    this.marks[(this.rows - 1) * this.markWords + word] = bits;
  }

  /** Puts the row added last in its place among rows of the same order; called when its order equals the row's before. */
  settleTie(): void {
    const first = this.objectStart[this.objects - 1]!;
    for (let row = this.rows - 1; row > first && this.order[row] === this.order[row - 1]; row--) {
      const [above, below] = [this.row(row - 1), this.row(row)];
      if (compareRows(above, below) <= 0) return;
      this.write(row - 1, below);
      this.write(row, above);
    }
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
    });
    this.rows = 0;
    this.objects = 0;
  }

  private row(index: number): Row {
    const marks = this.marks.subarray(index * this.markWords, (index + 1) * this.markWords);
    return [
      this.size[index]!,
      this.bytes[index]!,
      this.count[index]!,
      this.storageClass[index]!,
      this.version[index]!,
      this.tags[index]!,
      ...marks,
    ];
  }

  private write(index: number, [size, bytes, count, storageClass, version, tags, ...marks]: Row): void {
    this.size[index] = size;
    this.bytes[index] = bytes;
    this.count[index] = count;
    this.storageClass[index] = storageClass;
    this.version[index] = version;
    this.tags[index] = tags;
    this.marks.set(marks, index * this.markWords);
  }

  private grow(): void {
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
  }
}

function grown<T extends Uint32Array | Float64Array | Uint8Array | Int32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

/** Missing values (NaN) first. */
function compareRows(a: Row, b: Row): number {
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i]!, b[i]!];
    if (Number.isNaN(x) || Number.isNaN(y)) {
      if (Number.isNaN(x) !== Number.isNaN(y)) return Number.isNaN(x) ? -1 : 1;
    } else if (x !== y) return x - y;
  }
  return 0;
}
