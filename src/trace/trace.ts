import { operationOf } from '../model/operation.ts';

/**
 * Requests in columns, ordered by object, then by time and operation. A trace arrives in batches of whole objects,
 * whatever the number of requests; nothing is allocated per request.
 */
export interface TraceBatch {
  /** Number of objects. Object `i` has the rows `objectStart[i]` up to `objectStart[i + 1]`. */
  readonly objects: number;
  readonly objectStart: Uint32Array;
  /** {@link packOrder} of time and operation. */
  readonly order: Float64Array;
  /** Bytes of the object; NaN where the row does not say. */
  readonly size: Float64Array;
  /** Bytes moved; NaN where the row does not say. */
  readonly bytes: Float64Array;
  /** Objects an upload stands for, repetitions of anything else. */
  readonly count: Float64Array;
  /** Class code at upload, or NO_CLASS. */
  readonly storageClass: Uint8Array;
  /** Version the row names: {@link NO_VERSION}, {@link NULL_VERSION}, or a number that stands for its id within the object. */
  readonly version: Float64Array;
  /** Tags the row has. */
  readonly tags: Uint8Array;
  /** Bytes of the key of each object, which a delete marker is billed for; 0 in an unversioned bucket. */
  readonly keyBytes: Uint32Array;
  /** `markWords` words of {@link Mark} bits per row: which key prefixes and tags the row has. Empty when no policy asks. */
  readonly marks: Int32Array;
  readonly markWords: number;
  /** Number of each row's group, where groups are told by keys or tags; 0 otherwise. */
  readonly group: Uint16Array;
}

/**
 * What a policy wants to know about keys and tags: bit `i` of a row's marks says whether the row matches predicate `i`.
 * The reader works these out, so that the kernel never sees a key.
 */
export type Mark =
  | { readonly kind: 'prefix'; readonly prefix: string }
  | { readonly kind: 'tag'; readonly key: string; readonly value: string };

/** A row that names no version. */
export const NO_VERSION = 0;
/** The version S3 calls `null`: made while the bucket was not versioned, or its versioning suspended. */
export const NULL_VERSION = 1;

/** What a bucket does about versions: https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html */
export const VERSIONING_STATES = ['unversioned', 'enabled', 'suspended'] as const;
export type Versioning = (typeof VERSIONING_STATES)[number];

/** Marks held in one word of {@link TraceBatch.marks}. */
export const MARKS_PER_WORD = 31;

/** Words of bits that so many marks need. */
export function markWords(marks: number): number {
  return Math.ceil(marks / MARKS_PER_WORD);
}

/** All marks that some policies ask about, each once. */
export class Marks {
  readonly all: readonly Mark[];
  private readonly positionOf: ReadonlyMap<string, number>;

  constructor(asked: readonly (readonly Mark[])[]) {
    const distinct = new Map(asked.flat().map((mark) => [JSON.stringify(mark), mark]));
    this.all = [...distinct.values()];
    this.positionOf = new Map([...distinct.keys()].map((mark, position) => [mark, position]));
  }

  /** Words of bits a row needs. */
  get words(): number {
    return markWords(this.all.length);
  }

  /** Where each of a policy's marks is among all. */
  positions(marks: readonly Mark[]): number[] {
    return marks.map((mark) => this.positionOf.get(JSON.stringify(mark))!);
  }
}

/** What a trace is, known once all its rows were read. */
export interface TraceSpan {
  readonly rows: number;
  /** UTC milliseconds of the first and the last row. */
  readonly first: number;
  readonly last: number;
  /** A row names a version other than `null`: the bucket is, or was, versioned. */
  readonly namesVersions: boolean;
  /** A row has tags. */
  readonly hasTags: boolean;
}

/** Steps of a {@link packOrder} in a millisecond. */
export const ORDER_STEP = 128;

/**
 * Time and operation in one exact number, which sorts as requests are taken: by millisecond, then by operation code,
 * then the failed after the successful.
 */
export function packOrder(milliseconds: number, operation: number): number {
  return milliseconds * ORDER_STEP + operationOf(operation) * 4 + (operation >> 5);
}

/** UTC seconds, the fraction dropped, of a {@link packOrder}. */
export function orderSeconds(order: number): number {
  return Math.floor(order / (ORDER_STEP * 1000));
}

export function orderMilliseconds(order: number): number {
  return Math.floor(order / ORDER_STEP);
}

/** Operation code with its flags, of a {@link packOrder}. */
export function orderOperation(order: number): number {
  const low = order - Math.floor(order / ORDER_STEP) * ORDER_STEP;
  return (low >> 2) + ((low & 3) << 5);
}
