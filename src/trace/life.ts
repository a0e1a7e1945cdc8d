import type { ClassCode } from '../model/storage-class.ts';

/** Why a life ended. */
export const ALIVE = 0;
export const DELETED = 1;
export const OVERWRITTEN = 2;

/**
 * One object from its upload to its removal, with what happened in between: a cursor over a trace, filled again for
 * every life. A row with `count` N is N equal objects living the same life. Times are UTC seconds.
 */
export interface Life {
  /** When its age began to count. May lie before the horizon. */
  created: number;
  /** When it was removed, or the horizon's end. */
  ended: number;
  endedBy: typeof ALIVE | typeof DELETED | typeof OVERWRITTEN;
  /** Bytes of each of the objects. */
  size: number;
  /** Equal objects this life stands for. */
  count: number;
  /** Class given at upload; STANDARD where the trace names none. */
  uploadClass: ClassCode;
  /** Requests made of it, its upload among them, in order of time. */
  accesses: number;
  readonly accessTime: Float64Array;
  /** Operation code with flags. */
  readonly accessOperation: Uint8Array;
  /** Bytes moved by one repetition. */
  readonly accessBytes: Float64Array;
  /** Repetitions for each of the objects. */
  readonly accessCount: Float64Array;
  /** How often its marks changed; entry 0 is those of the upload, from `created` on. */
  markChanges: number;
  readonly markTime: Float64Array;
  /** Words of mark bits, `markWords` per change. */
  readonly marks: Int32Array;
}

/** Whether a life has a mark (a key prefix, a tag) in one of its mark changes. */
export function hasMark(life: Life, change: number, markWords: number, mark: number): boolean {
  return ((life.marks[change * markWords + Math.floor(mark / 31)]! >>> (mark % 31)) & 1) === 1;
}
