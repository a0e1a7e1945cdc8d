import type { ClassCode } from '../model/storage-class.ts';
import { MARKS_PER_WORD } from './trace.ts';

/** Added to an access's operation code: the request named the version it was made of. */
export const BY_VERSION = 128;

/** Why a life ended. */
export const ALIVE = 0;
export const DELETED = 1;
export const OVERWRITTEN = 2;

/**
 * One object (in a versioned bucket: one version of it) from its upload to its removal, with what happened in between: a cursor over a trace, filled again for
 * every life. A row with `count` N is N equal objects living the same life. Times are UTC seconds.
 */
export interface Life {
  /** When its age began to count. May lie before the horizon. */
  created: number;
  /** When it was removed for good, or the horizon's end. */
  ended: number;
  endedBy: typeof ALIVE | typeof DELETED | typeof OVERWRITTEN;
  /** Bytes of each of the objects. */
  size: number;
  /** Equal objects this life stands for. */
  count: number;
  /** Class given at upload; STANDARD where the trace names none. */
  uploadClass: ClassCode;
  /** It was there before its first request: created when the trace began. */
  assumed: boolean;
  /** Number of the group of the row that began it, where groups are told by keys or tags. */
  group: number;
  /** The first life of its key. */
  first: boolean;
  /** Requests made of it, its upload among them, in order of time. */
  accesses: number;
  accessTime: Float64Array;
  /** Operation code with flags, {@link BY_VERSION} among them. */
  accessOperation: Uint8Array;
  /** Bytes moved by one repetition. */
  accessBytes: Float64Array;
  /** Repetitions for each of the objects. */
  accessCount: Float64Array;
  /** What S3's own lifecycle did to it, in order of time: {@link actTime}, and the operation codes {@link actOperation}. */
  acts: number;
  readonly actTime: number[];
  readonly actOperation: number[];
  /** How many versions of its marks there were; entry 0 is those of its first row, from `created` on. */
  markChanges: number;
  markTime: Float64Array;
  /** Words of mark bits, `markWords` per change. */
  marks: Int32Array;
  /** {@link BY_VERSION} where the request that made the change named the version. */
  markFlags: Uint8Array;
  /** Tags it has from each of its mark changes on. */
  tags: Uint8Array;
}

/** An empty life with room for a few requests; {@link growLife} makes more. */
export function emptyLife(markWords: number, accesses = 1024): Life {
  return {
    created: 0,
    ended: 0,
    endedBy: ALIVE,
    size: 0,
    count: 1,
    uploadClass: 0,
    assumed: false,
    group: 0,
    first: true,
    accesses: 0,
    accessTime: new Float64Array(accesses),
    accessOperation: new Uint8Array(accesses),
    accessBytes: new Float64Array(accesses),
    accessCount: new Float64Array(accesses),
    acts: 0,
    actTime: [],
    actOperation: [],
    markChanges: 0,
    markTime: new Float64Array(4),
    marks: new Int32Array(4 * markWords),
    markFlags: new Uint8Array(4),
    tags: new Uint8Array(4),
  };
}

/** Doubles the room for requests. */
export function growLife(life: Life): void {
  const room = life.accessTime.length * 2;
  life.accessTime = withRoom(life.accessTime, new Float64Array(room));
  life.accessOperation = withRoom(life.accessOperation, new Uint8Array(room));
  life.accessBytes = withRoom(life.accessBytes, new Float64Array(room));
  life.accessCount = withRoom(life.accessCount, new Float64Array(room));
}

/** Doubles the room for changes of marks. */
export function growMarks(life: Life): void {
  life.markTime = withRoom(life.markTime, new Float64Array(life.markTime.length * 2));
  life.marks = withRoom(life.marks, new Int32Array(life.marks.length * 2));
  life.markFlags = withRoom(life.markFlags, new Uint8Array(life.markFlags.length * 2));
  life.tags = withRoom(life.tags, new Uint8Array(life.tags.length * 2));
}

function withRoom<T extends Float64Array | Uint8Array | Int32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

/** Whether a life has a mark (a key prefix, a tag) in one of its mark changes. */
export function hasMark(life: Life, change: number, markWords: number, mark: number): boolean {
  return hasBit(life.marks, change * markWords, mark);
}

/** Whether the mark words beginning at `at` have a mark. */
export function hasBit(words: Int32Array, at: number, mark: number): boolean {
  return ((words[at + Math.floor(mark / MARKS_PER_WORD)]! >>> (mark % MARKS_PER_WORD)) & 1) === 1;
}
