/**
 * The account of single objects as plain data: what `tiercast explain --json` writes and what its table and page show.
 * Quantities and money are exact decimal strings, counts and sizes are numbers, times are ISO 8601 UTC.
 */
import type { Comparison, LineItem, PolicyNotices } from './comparison.ts';
import type { Operation } from './operation.ts';
import type { StorageClass } from './storage-class.ts';
import type { Component } from './usage-type.ts';

export const EXPLANATION_SCHEMA = 'tiercast.explanation/1';

/** Where the cost of objects comes from, under one policy. */
export interface Explanation {
  readonly schema: typeof EXPLANATION_SCHEMA;
  readonly tiercast: string;
  readonly prices: Comparison['prices'];
  /** The whole trace, of which the objects are a part. */
  readonly workload: Comparison['workload'];
  readonly assumptions: Comparison['assumptions'];
  readonly policy: string;
  /** The policy in one line. */
  readonly description: string;
  /** The whole bill. */
  readonly totalUSD: string;
  readonly asked: Question;
  /** All objects under the prefix that was asked for; absent where none was. */
  readonly group?: ObjectGroup;
  /** The object asked for, or the dearest ones, dearest first. */
  readonly objects: readonly ObjectShare[];
}

/** What is to be explained: one object, or the dearest of all or of those under a prefix. */
export type Question =
  | { readonly key: string }
  | {
      /** Most objects to be named. */
      readonly top: number;
      readonly prefix?: string;
    };

/** What some objects cost together. */
export interface ObjectGroup {
  readonly prefix: string;
  /** Different keys; a row with `count` N stands for N. */
  readonly objects: number;
  /** Of all uploads and of the objects that existed before, each once. */
  readonly bytes: string;
  readonly totalUSD: string;
  readonly components: Readonly<Partial<Record<Component, string>>>;
  readonly notices: PolicyNotices;
}

/** One key's share of the bill: of every line item as much as it has of the quantity. */
export interface ObjectShare {
  /** Empty where the trace names none. */
  readonly bucket: string;
  /** Empty for requests of the bucket itself. */
  readonly key: string;
  /** Equal objects that the key's latest upload stands for. */
  readonly count: number;
  /** Bytes of each of them; null where nothing was uploaded or there before. */
  readonly size: number | null;
  /** Objects uploaded under the key, one after the other; in a versioned bucket its versions and delete markers. */
  readonly versionCount: number;
  /** The latest thousand of them. */
  readonly versions: readonly ObjectVersion[];
  /** Requests, and those of them that hand over the object, within the horizon. */
  readonly requests: number;
  readonly reads: number;
  /** Rows left out since none says the size of what they are about. */
  readonly leftOut: number;
  readonly totalUSD: string;
  readonly components: Readonly<Partial<Record<Component, string>>>;
  /** Its share of each line item, volume tiers taken together. */
  readonly lineItems: readonly ShareItem[];
  readonly notices: PolicyNotices;
  /** Its life in order of time: what happened and what lasted, and what each cost. Only of an object asked for by key. */
  readonly rows?: readonly AccountRow[];
}

/** An object of a key, a version, or a delete marker. */
export interface ObjectVersion {
  /** From 1, in order of creation. */
  readonly version: number;
  /** Version ID; absent where no row names it. */
  readonly versionId?: string;
  readonly isDeleteMarker?: true;
  readonly createdAt: string;
  /** Where it was from when on, and the rule that moved it there; empty for a delete marker. */
  readonly stays: readonly { readonly storageClass: StorageClass; readonly from: string; readonly rule?: string }[];
  /** When it was removed, and the rule that did; absent when it still is there. */
  readonly removed?: { readonly at: string; readonly event: 'expire' | 'delete' | 'overwrite'; readonly rule?: string };
}

/** A share of a line item: `month`, usage type, operation. */
export type ShareItem = Omit<LineItem, 'rateUSD'>;

/** What happened at an instant. */
const MOMENTS = [
  /** It was there before its first request. */
  'exist',
  'upload',
  /** One or more requests in the same second (where there are very many, on the same day). */
  'request',
  /** A lifecycle transition. */
  'move',
  /** A move between the tiers of Intelligent-Tiering. */
  'tier',
  /** A restore begins. */
  'restore',
  /** A delete marker comes to be. */
  'mark',
  'noncurrent',
  'current',
  /** Removed by a rule, by a DELETE, by a newer upload. */
  'expire',
  'delete',
  'overwrite',
  /** A multipart upload ends without an object. */
  'abort',
] as const;

/** What lasted from one instant to another. */
const INTERVALS = [
  /** The object in a class, or a tier of it: its bytes, filler and overheads. */
  'stored',
  /** Watched by Intelligent-Tiering. */
  'monitored',
  'tagged',
  /** A restored copy. */
  'copy',
  /** Parts of a multipart upload that is not completed. */
  'parts',
  /** A delete marker. */
  'marked',
] as const;

export type AccountEvent = (typeof MOMENTS)[number] | (typeof INTERVALS)[number];

/**
 * A line of an object's account. Rows add up to the object's total. Of an object with more than 10,000 requests those of
 * a day are one row (with an {@link until}); of a key with more than 1,000 uploads everything of a day that is alike is.
 */
export interface AccountRow {
  /** When it happened, or began to be billed. */
  readonly at: string;
  /** When what lasted ended, or the billed period. */
  readonly until?: string;
  readonly event: AccountEvent;
  /** Of {@link ObjectShare.versions}; absent for requests that found none, and where a row tells of many. */
  readonly version?: number;
  /** Where it is, or goes. */
  readonly storageClass?: StorageClass;
  /** Tier inside INTELLIGENT_TIERING. */
  readonly tier?: string;
  /** ID of the rule that does it. */
  readonly rule?: string;
  readonly requests?: readonly RequestCount[];
  /** Bytes of each object, of the parts together, or of a marker's key. */
  readonly size?: number;
  /** Objects it is about, where there is more than one. */
  readonly count?: number;
  /** Tags each object has. */
  readonly tags?: number;
  /** When the copy that a restore makes is ready. */
  readonly readyAt?: string;
  /** How long the reads had to wait for a restore, at the longest. */
  readonly waitSeconds?: number;
  readonly costUSD: string;
  readonly items: readonly ShareItem[];
}

/** Requests of one kind in a row. */
export interface RequestCount {
  readonly operation: Operation;
  /** To each of the objects. */
  readonly times: number;
  /** Of them, those that failed. */
  readonly failed?: number;
  /** Of them, those that found no object: there was none, or the policy had removed or covered it. */
  readonly notFound?: number;
  /** Bytes they moved, altogether. */
  readonly bytes?: number;
}
