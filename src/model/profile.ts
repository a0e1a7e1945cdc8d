/**
 * What a trace holds, before anybody asks what it costs: what `profile --json` writes and its reports read. Bytes are exact
 * decimal strings, counts are numbers, times are ISO 8601 UTC.
 */
import type { Workload } from './comparison.ts';
import type { RowCounts } from './row-tally.ts';

export const PROFILE_SCHEMA = 'tiercast.profile/1';

export interface Profile {
  readonly schema: typeof PROFILE_SCHEMA;
  readonly tiercast: string;
  readonly workload: ProfiledWorkload;
  /** What is there when the trace ends; the shares below it are of this. In a versioned bucket an object is a version, noncurrent ones too. */
  readonly present: Share;
  /** By class at upload, by size, by age, and by the time since the last read (the last entry: never read in the trace). */
  readonly classes: readonly NamedShare[];
  readonly sizes: readonly NamedShare[];
  readonly ages: readonly NamedShare[];
  readonly idle: readonly NamedShare[];
  /** Bytes that nobody read in the trace, of what is there when it ends: a percentage with one decimal. */
  readonly neverReadPercent: string;
  /** Reads by the time since the object's read, or upload, before; of objects from before the trace without their first. */
  readonly gaps: readonly NamedReads[];
  /** Reads by the object's age. */
  readonly readsByAge: readonly NamedReads[];
  readonly operations: readonly { readonly operation: string; readonly requests: number; readonly failed: number }[];
  /** Every day from the first request to the last, and how many there were; none of an inventory alone. */
  readonly days: readonly { readonly date: string; readonly requests: number }[];
  readonly prefixes: PrefixProfile;
  /** Absent when no row names a requester. */
  readonly requesters?: RequesterProfile;
  /** Groups of objects, when they were asked for; prefixes of an inventory alone, which tells no reads to rank them by. */
  readonly groupBy?: { readonly by: string; readonly groups: readonly GroupProfile[] };
}

interface Share {
  readonly objects: number;
  readonly bytes: string;
}

export interface NamedShare extends Share {
  readonly name: string;
}

/** Reads that hand over bytes: GET, SELECT and reads of a copy's source that succeeded. */
export interface NamedReads {
  readonly name: string;
  readonly reads: number;
  readonly bytes: string;
}

interface ProfiledWorkload
  extends Pick<
      Workload,
      | 'inputs'
      | 'formats'
      | 'skippedFiles'
      | 'rows'
      | 'objects'
      | 'versioning'
      | 'versions'
      | 'deleteMarkers'
      | 'bytes'
      | 'rejectedRows'
      | 'assumedObjects'
      | 'assumedBytes'
      | 'deletesOfUnknownKeys'
      | 'inventory'
    >,
    RowCounts {
  /** Without what an inventory lists. */
  readonly requests: number;
  /** The first and the last request; where inventories say what was there, the first is when the last of them was taken. */
  readonly first: string;
  readonly last: string;
  /** Midnight after the last request: what ages are measured to. */
  readonly until: string;
  /** Rows that are equal to another in every column, and are counted as requests. */
  readonly equalRows: number;
  /** Rows of objects whose size no row gives; the objects are in no share. */
  readonly unsizedRows: number;
  /** Requests that found no object. */
  readonly strayRequests: number;
}

/** What is said of a group of objects. */
export interface GroupProfile {
  /** As a comparison's groups: empty for what has none. */
  readonly name: string;
  /** How many groups this one stands for, when it is all others. */
  readonly others?: number;
  /** What is there when the trace ends. */
  readonly present: Share;
  /** Of it, what nobody read in the trace, and what was not read for {@link PrefixProfile.coldDays}. */
  readonly neverReadBytes: string;
  readonly coldBytes: string;
  readonly reads: number;
  readonly readBytes: string;
  /** `null` when nobody read. */
  readonly lastRead: string | null;
}

export interface PrefixProfile {
  /** Folders a prefix has at the most. */
  readonly depth: number;
  /** Prefixes in all; more than {@link known} when there are very many. */
  readonly prefixes: number;
  /** Prefixes that were looked at: the largest, and those most read. */
  readonly known: number;
  /** An object is cold that nobody read for so many days, or ever, since it is there. */
  readonly coldDays: number;
  /** By reads, and by cold bytes. */
  readonly hottest: readonly GroupProfile[];
  readonly coldest: readonly GroupProfile[];
}

export interface RequesterProfile {
  /** Requesters in all; sessions of one assumed role are one. */
  readonly requesters: number;
  /** Reads of objects that nobody else had read, and nobody uploaded, for so many days. */
  readonly warmDays: number;
  readonly warmReads: number;
  /** Who made them, by the bytes of the objects. */
  readonly warmers: readonly Warmer[];
}

export interface Warmer {
  /** Empty for requests that name nobody. */
  readonly requester: string;
  readonly reads: number;
  readonly readBytes: string;
  /** The objects that were read so. */
  readonly objects: number;
  readonly bytes: string;
}
