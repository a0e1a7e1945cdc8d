/** Puts the rows of a trace in order: in memory as far as that goes, beyond it in a file. */
import { randomUUID } from 'node:crypto';
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../model/diagnostic.ts';
import { type Items, words } from './chunks.ts';

/** Rows in columns, which may be longer than there are rows. */
export interface Rows {
  readonly columns: readonly Items[];
  readonly rows: number;
  /** Rows after these, of the same objects or others, at most: those of one object end with them. */
  readonly following: number;
}

/** Leading bits of an object's id by which rows are parted: a part is small enough to be sorted in a processor's cache. */
const PART_BITS = 10;
const PARTS = 2 ** PART_BITS;

/** Rows of one part that lie next to each other. */
const BLOCK_ROWS = 64;

/** Blocks to begin with; twice as many as rows are added at once. */
const FIRST_BLOCKS = 4096;

/** Words of 32 bits that rows take in memory at most, whatever is allowed. */
const MOST_WORDS = 2 ** 29;

/** Rows handed over at once. */
const PIECE_ROWS = 4096;

/** Where a row's id and its order are, in words. */
const ID = 0;
const ORDER = 4;

/**
 * Orders rows by object and time. The first three columns are of 64 bits: two halves of the object's id, and an order, not
 * negative; others of at most 64. Rows of the same order and the same first half are in no order. The rows of a part, those of one object at least, are in memory while
 * they are handed over, whatever is allowed.
 */
export class RowPartitions {
  private readonly mostBytes: number;
  private readonly path: string;
  private layout: readonly Field[] = [];
  /** Words of a row. */
  private stride = 0;
  private words: Uint32Array = new Uint32Array(0);
  private capacity = 0;
  private blocks = 0;
  /** By block, the one that follows it in its part. */
  private next = new Uint32Array(0);
  private readonly first = new Uint32Array(PARTS);
  /** Where each part's next row goes; when its last block is full, in a new one. */
  private readonly free = new Uint32Array(PARTS);
  /** Rows of each part in memory. */
  private readonly counts = new Uint32Array(PARTS);
  /** For every time that memory was full, the words of the file at which each part begins, and the last one ends. */
  private readonly written: Float64Array[] = [];
  /** Where rows are that are put in or taken out. */
  private places = new Uint32Array(0);

  /**
   * @param mostBytes memory that rows take; twice as many rows as are added at once find room in any case
   * @param folder where those are written that find none
   */
  constructor(mostBytes: number, folder: string) {
    this.mostBytes = mostBytes;
    this.path = join(folder, `rows-${randomUUID()}`);
  }

  /**
   * Adds some of the rows of a chunk; all chunks have the same columns.
   * @throws InputError when rows find no room in memory and cannot be written
   */
  add(columns: readonly Items[], from: number, end: number): void {
    const rows = end - from;
    if (this.stride === 0) this.lay(columns);
    if (this.blocks + rows > this.capacity) this.makeRoom();
    const places = this.takePlaces(words(columns[0]!), from, rows);
    columns.forEach((column, i) => {
      const { offset, isPair } = this.layout[i]!;
      if (isPair) putPairs(words(column), from, rows, this.words, places, offset);
      else put(column, from, rows, this.words, places, offset);
    });
  }

  /** All rows in order, piece by piece; the columns are used again for the next. */
  *inOrder(): Generator<Rows> {
    const columns = this.layout.map(({ make }) => make(PIECE_ROWS));
    const sorter = new Sorter();
    for (let part = 0; part < PARTS; part++) {
      const rows = this.rowsOf(part);
      const places = sorter.sort(rows);
      for (let from = 0; from < rows.count; from += PIECE_ROWS) {
        const count = Math.min(rows.count - from, PIECE_ROWS);
        columns.forEach((column, i) => {
          const { offset, isPair } = this.layout[i]!;
          if (isPair) takePairs(rows.words, places, offset, words(column), from, count);
          else take(rows.words, places, offset, column, from, count);
        });
        yield { columns, rows: count, following: rows.count - from - count };
      }
    }
  }

  private lay(columns: readonly Items[]): void {
    this.layout = columns.map((column) => {
      const isPair = column.BYTES_PER_ELEMENT === 8;
      const offset = this.stride;
      this.stride += isPair ? 2 : 1;
      const Type = column.constructor as new (length: number) => Items;
      return { offset, isPair, make: (length) => new Type(length) };
    });
  }

  /**
   * All the memory there may be, once: what is never touched of it is never taken, and V8 does not collect garbage for the
   * size of what is shared. After that the rows in it go to the file.
   */
  private makeRoom(): void {
    const most = Math.min(Math.floor(this.mostBytes / 4), MOST_WORDS);
    const mostBlocks = Math.max(Math.floor(most / (BLOCK_ROWS * this.stride)), FIRST_BLOCKS);
    if (this.capacity === mostBlocks) {
      this.write();
      return;
    }
    this.capacity = this.capacity === 0 ? FIRST_BLOCKS : mostBlocks;
    const { words, next } = this;
    this.words = new Uint32Array(new SharedArrayBuffer(4 * this.capacity * BLOCK_ROWS * this.stride));
    this.words.set(words);
    this.next = new Uint32Array(this.capacity);
    this.next.set(next);
  }

  /** The words at which rows go, by their objects. */
  private takePlaces(ids: Uint32Array, from: number, rows: number): Uint32Array {
    const { free, counts, stride } = this;
    const places = this.roomFor(rows);
    for (let row = 0; row < rows; row++) {
      const part = ids[(from + row) * 2 + 1]! >>> (32 - PART_BITS);
      const place = counts[part]!++ % BLOCK_ROWS === 0 ? this.begin(part) : free[part]!;
      free[part] = place + 1;
      places[row] = place * stride;
    }
    return places;
  }

  /** Gives a part one more block. Returns the place of its first row. */
  private begin(part: number): number {
    const block = this.blocks++;
    if (this.counts[part] === 1) this.first[part] = block;
    else this.next[this.free[part]! / BLOCK_ROWS - 1] = block;
    return block * BLOCK_ROWS;
  }

  private roomFor(rows: number): Uint32Array {
    if (this.places.length < rows) this.places = new Uint32Array(rows);
    return this.places;
  }

  /** The rows of a part that are in memory. */
  private inMemory(part: number): PartRows {
    const count = this.counts[part]!;
    const places = this.roomFor(count);
    for (let row = 0, block = this.first[part]!; row < count; block = this.next[block]!) {
      const place = block * BLOCK_ROWS;
      const end = Math.min(row + BLOCK_ROWS, count);
      for (let i = 0; row < end; row++, i++) places[row] = (place + i) * this.stride;
    }
    return { words: this.words, places, count };
  }

  private rowsOf(part: number): PartRows {
    const rest = this.inMemory(part);
    if (this.written.length === 0) return rest;
    const { stride } = this;
    const lengths = this.written.map((begins) => begins[part + 1]! - begins[part]!);
    const ofFile = lengths.reduce((sum, length) => sum + length, 0);
    const words = new Uint32Array(ofFile + rest.count * stride);
    withFile(this.path, 'r', (file) => {
      let at = 0;
      this.written.forEach((begins, i) => {
        readWords(file, words.subarray(at, at + lengths[i]!), begins[part]!);
        at += lengths[i]!;
      });
    });
    this.copy(rest, words.subarray(ofFile));
    const count = words.length / stride;
    const places = this.roomFor(count);
    for (let row = 0; row < count; row++) places[row] = row * stride;
    return { words, places, count };
  }

  private copy({ words, places, count }: PartRows, to: Uint32Array): void {
    const { stride } = this;
    for (let row = 0; row < count; row++) {
      const place = places[row]!;
      for (let word = 0; word < stride; word++) to[row * stride + word] = words[place + word]!;
    }
  }

  /** Writes the rows in memory, part by part. */
  private write(): void {
    const begins = new Float64Array(PARTS + 1);
    let end = this.written.at(-1)?.[PARTS] ?? 0;
    withFile(this.path, 'a', (file) => {
      for (let part = 0; part < PARTS; part++) {
        begins[part] = end;
        const rows = this.inMemory(part);
        const words = new Uint32Array(rows.count * this.stride);
        this.copy(rows, words);
        writeWords(file, words);
        end += words.length;
      }
    });
    begins[PARTS] = end;
    this.written.push(begins);
    this.counts.fill(0);
    this.blocks = 0;
  }
}

/** Where a column is in a row. */
interface Field {
  /** In words. */
  readonly offset: number;
  /** Whether it takes two words. */
  readonly isPair: boolean;
  readonly make: (length: number) => Items;
}

/** The rows of a part, until those of another are asked for. */
interface PartRows {
  readonly words: Uint32Array;
  /** Where in these each row begins. */
  readonly places: Uint32Array;
  readonly count: number;
}

/** Bits by which the rows of a part are told apart at most. */
const MOST_KIND_BITS = 16;

/** Rows put in order one by one; more are halved. */
const FEW_ROWS = 16;

/** Sorts the rows of parts. */
class Sorter {
  private words: Uint32Array = new Uint32Array(0);
  private places = new Uint32Array(0);
  private kinds = new Uint16Array(0);
  /** Where the rows of each kind end. */
  private readonly ends = new Uint32Array(2 ** MOST_KIND_BITS);
  private spare: Uint32Array = new Uint32Array(0);

  /** The places of a part's rows in their order. */
  sort({ words, places, count }: PartRows): Uint32Array {
    this.words = words;
    this.spare = places;
    if (this.places.length < count) {
      this.places = new Uint32Array(count);
      this.kinds = new Uint16Array(count);
    }
    const kinds = this.spread(places, count);
    for (let kind = 0, from = 0; kind < kinds; kind++) {
      const end = this.ends[kind]!;
      if (end - from > 1) this.order(from, end);
      from = end;
    }
    return this.places;
  }

  /** Puts rows together by the bits of their ids that follow those of the part. Returns how many kinds there are. */
  private spread(places: Uint32Array, count: number): number {
    const { words, kinds, ends } = this;
    const bits = Math.min(Math.max(Math.ceil(Math.log2(count)) - 1, 1), MOST_KIND_BITS);
    ends.fill(0, 0, 2 ** bits);
    for (let row = 0; row < count; row++) {
      const kind = (words[places[row]! + ID + 1]! << PART_BITS) >>> (32 - bits);
      kinds[row] = kind;
      ends[kind]!++;
    }
    for (let kind = 0, sum = 0; kind < 2 ** bits; kind++) {
      const begin = sum;
      sum += ends[kind]!;
      ends[kind] = begin;
    }
    for (let row = 0; row < count; row++) this.places[ends[kinds[row]!]!++] = places[row]!;
    return 2 ** bits;
  }

  private order(from: number, end: number): void {
    const { places } = this;
    if (end - from <= FEW_ROWS) {
      this.insert(from, end);
      return;
    }
    const middle = (from + end) >>> 1;
    this.order(from, middle);
    this.order(middle, end);
    if (isBefore(this.words, places[middle]!, places[middle - 1]!)) this.merge(from, middle, end);
  }

  private insert(from: number, end: number): void {
    const { words, places } = this;
    for (let row = from + 1; row < end; row++) {
      const place = places[row]!;
      let to = row;
      for (; to > from && isBefore(words, place, places[to - 1]!); to--) places[to] = places[to - 1]!;
      places[to] = place;
    }
  }

  private merge(from: number, middle: number, end: number): void {
    const { words, places, spare } = this;
    spare.set(places.subarray(from, middle), from);
    let [left, right] = [from, middle];
    for (let to = from; left < middle; to++) {
      const takesRight = right < end && isBefore(words, places[right]!, spare[left]!);
      places[to] = takesRight ? places[right++]! : spare[left++]!;
    }
  }
}

/** By the id and then the order; a number that is not negative has the order of its bits. */
function isBefore(words: Uint32Array, a: number, b: number): boolean {
  const high = words[a + ID + 1]!;
  const otherHigh = words[b + ID + 1]!;
  if (high !== otherHigh) return high < otherHigh;
  const low = words[a + ID]!;
  const otherLow = words[b + ID]!;
  if (low !== otherLow) return low < otherLow;
  const late = words[a + ORDER + 1]!;
  const otherLate = words[b + ORDER + 1]!;
  return late !== otherLate ? late < otherLate : words[a + ORDER]! < words[b + ORDER]!;
}

function putPairs(
  from: Uint32Array,
  first: number,
  rows: number,
  to: Uint32Array,
  places: Uint32Array,
  offset: number,
): void {
  for (let row = 0, word = first * 2; row < rows; row++, word += 2) {
    const place = places[row]! + offset;
    to[place] = from[word]!;
    to[place + 1] = from[word + 1]!;
  }
}

function put(from: Items, first: number, rows: number, to: Uint32Array, places: Uint32Array, offset: number): void {
  for (let row = 0; row < rows; row++) to[places[row]! + offset] = from[first + row] as number;
}

function takePairs(
  from: Uint32Array,
  places: Uint32Array,
  offset: number,
  to: Uint32Array,
  first: number,
  rows: number,
): void {
  for (let row = 0, word = 0; row < rows; row++, word += 2) {
    const place = places[first + row]! + offset;
    to[word] = from[place]!;
    to[word + 1] = from[place + 1]!;
  }
}

function take(from: Uint32Array, places: Uint32Array, offset: number, to: Items, first: number, rows: number): void {
  for (let row = 0; row < rows; row++) to[row] = from[places[first + row]! + offset]! as never;
}

/** @throws InputError when the file system refuses */
function withFile(path: string, flags: string, use: (file: number) => void): void {
  try {
    const file = openSync(path, flags);
    try {
      use(file);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    const [reason] = message.split(', ');
    throw new InputError(`rows that find no room in memory cannot be kept (${reason}); TMPDIR names another folder`);
  }
}

function writeWords(file: number, words: Uint32Array): void {
  const bytes = new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
}

/** @param position in words */
function readWords(file: number, words: Uint32Array, position: number): void {
  const bytes = new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
  for (let at = 0; at < bytes.length; ) {
    const read = readSync(file, bytes, at, bytes.length - at, position * 4 + at);
    if (read === 0) throw new Error('a temporary file is shorter than it was');
    at += read;
  }
}
