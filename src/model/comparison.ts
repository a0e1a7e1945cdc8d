/**
 * The result of a run as plain data: what `--json` writes, what every report reads, and what `tiercast report` reads
 * back. Quantities and money are exact decimal strings, counts are numbers, times are ISO 8601 UTC.
 */
import type { Component, PricingUnit, UsageUnit } from './usage-type.ts';

export const COMPARISON_SCHEMA = 'tiercast.comparison/1';

export interface Comparison {
  readonly schema: typeof COMPARISON_SCHEMA;
  readonly tiercast: string;
  readonly prices: PricesUsed;
  readonly workload: Workload;
  /** The policy savings are measured against. */
  readonly baseline: string;
  readonly assumptions: readonly Assumption[];
  /** Policies that were not run, and why. */
  readonly leftOut: readonly { readonly policy: string; readonly reason: string }[];
  /** One per policy, cheapest first; equal totals in the order they were named. */
  readonly results: readonly PolicyResult[];
  /** The dates (`2025-01-31`, midnight at the end of that day) of every result's {@link Timeline}; at most 400, the last is the horizon's end. */
  readonly timelineDates: readonly string[];
  /** Groups of objects, when they were asked for. */
  readonly groupBy?: GroupsUsed;
}

/** The groups of a result. */
export interface GroupsUsed {
  /** `prefix:2`, `tag:team`, `class` or `size`. */
  readonly by: string;
  /** The largest first; all others together are the last. */
  readonly groups: readonly GroupTotals[];
}

export interface GroupTotals {
  /** The prefix, the tag's value, the class, the size; empty for a key without a folder, a row without the tag, a request that finds no object. */
  readonly name: string;
  /** How many groups this one stands for, when it is all others. */
  readonly others?: number;
  /** As {@link Workload.objects} and {@link Workload.bytes}, which are the sums of these. */
  readonly objects: number;
  readonly bytes: string;
}

/** The prices of a result. What is absent is as in the bundled list of the region. */
export interface PricesUsed {
  readonly region: string;
  /** The day the list's prices are of; single prices may be of another, see {@link predated}. */
  readonly effectiveDate: string;
  /** A user's own price file, as he named it. */
  readonly file?: string;
  /** The region whose bundled prices that file changes. */
  readonly extends?: string;
  /** What the file takes off, in its order: of several that fit a price the first counts. */
  readonly discounts?: readonly DiscountUsed[];
  /** The first days of later prices (`2025-04-10`). */
  readonly periods?: readonly string[];
  /** Each month's first 5 GB-Mo, 2,000 and 20,000 requests of S3 Standard are free. */
  readonly freeTier?: true;
  /** What was billed at later prices than those of its month, for want of earlier ones. */
  readonly predated?: readonly PredatedPrices[];
}

export interface DiscountUsed {
  /** Without the region's prefix; `*` stands for any characters. */
  readonly usageType: string;
  /** Absent: whatever the operation. */
  readonly operation?: string;
  /** Exact decimal. */
  readonly percent: string;
  /** Absent: from the beginning. */
  readonly from?: string;
}

export interface PredatedPrices {
  readonly effectiveDate: string;
  /** `2025-01` */
  readonly firstMonth: string;
  readonly lastMonth: string;
  /** With the region's prefix. */
  readonly usageTypes: readonly string[];
}

export interface Workload {
  /** Files, folders and globs as the user named them. */
  readonly inputs: readonly string[];
  /** Formats the inputs were read as: the name `--format` takes, that of a person, and the number of files. Empty for a trace made in memory. */
  readonly formats: readonly { readonly name: string; readonly title: string; readonly files: number }[];
  /** Files in folders that hold no data by the look of them, by reason (`hidden`, `empty` …), with the first of each. */
  readonly skippedFiles: readonly { readonly reason: string; readonly files: number; readonly example: string }[];
  /** Rows of the inputs: {@link events}, {@link rejectedRows}, {@link duplicateRows}, all {@link otherRows}, and what an inventory lists. */
  readonly rows: number;
  /** Requests that were replayed. */
  readonly events: number;
  /** Different keys seen; a row with `count` N stands for N. */
  readonly objects: number;
  /** What the bucket does about versions, as told or as the input shows. */
  readonly versioning: 'unversioned' | 'enabled' | 'suspended';
  /** Versions of all objects, and delete markers that requests made; 0 in an unversioned bucket. */
  readonly versions: number;
  readonly deleteMarkers: number;
  /** Bytes of all uploads and of the objects that existed before, each once. */
  readonly bytes: string;
  readonly from: string;
  readonly until: string;
  readonly rejectedRows: number;
  /** Why rows were left out, the most frequent reason first. */
  readonly rejections: readonly Rejection[];
  /** Bytes of all rows, where any was left out. */
  readonly rowBytes: string;
  /** Rows that say again what another said: the same request id, operation, key and time. */
  readonly duplicateRows: number;
  /** Rows that are no requests of users, by what they are (`S3.EXPIRE.OBJECT`). Not replayed, but that `as-is` follows what S3's own lifecycle did. */
  readonly otherRows: readonly { readonly kind: string; readonly rows: number }[];
  /** Reads of copies' sources, and copied parts of uploads, of which no record tells the bytes: taken to have none. */
  readonly unknownCopies: number;
  /** Objects whose size is that of their largest read, since no record tells another. */
  readonly sizesFromReads: number;
  /** Buckets of the requests, where rows name them. Keys of different buckets are different objects. */
  readonly buckets: readonly string[];
  /** Objects first seen in a read: taken as created when the trace begins. */
  readonly assumedObjects: number;
  readonly assumedBytes: string;
  /** DELETE requests for keys that were not there. */
  readonly deletesOfUnknownKeys: number;
  /** Copies beyond the rows (COPY_SOURCE) that tell what copies read: what those cost at their sources is in no bill. */
  readonly copiesWithoutSource: number;
  /** The inventories that say what there was at the beginning; absent when there is none. */
  readonly inventory?: InventoryFacts;
}

export interface InventoryFacts {
  /** Each bucket, and when its inventory was taken: ISO 8601 UTC. */
  readonly buckets: readonly { readonly bucket: string; readonly takenAt: string }[];
  /** Objects (or versions and delete markers) the inventories list, and the trace begins with. */
  readonly listed: number;
  /** Objects of Intelligent-Tiering in a warmer tier than their age explains: each was read before the inventory. */
  readonly impliedReads: number;
  /** Whether there are requests at all, or the inventories alone. */
  readonly hasRequests: boolean;
}

/** Rows that were left out for one reason. */
interface Rejection {
  /** The message, with `…` for the text it names. */
  readonly reason: string;
  readonly rows: number;
  readonly bytes: string;
  /** The first of them, as `file:line: message`. */
  readonly example: string;
}

/** Something AWS leaves open, decided one way here. */
export interface Assumption {
  readonly name: string;
  readonly choice: string;
  readonly text: string;
  /** How much of a bill hangs on it, in words. */
  readonly effect: string;
}

export interface PolicyResult {
  readonly policy: string;
  /** One line in words: where uploads go and what rules move them. */
  readonly description: string;
  readonly totalUSD: string;
  /** The baseline's total less this one's; negative when this policy is dearer. */
  readonly savingUSD: string;
  /** {@link savingUSD} as a percentage of the baseline's total, one decimal; `0.0` when that is zero. */
  readonly savingPercent: string;
  readonly components: Readonly<Partial<Record<Component, string>>>;
  readonly months: readonly MonthlyCost[];
  readonly lineItems: readonly LineItem[];
  readonly notices: PolicyNotices;
  /** The policy has rules on noncurrent versions or delete markers, and the bucket is not versioned: they did nothing. */
  readonly idleVersionRules?: true;
  /** Absent when every multipart upload was completed. */
  readonly unfinishedUploads?: UnfinishedUploads;
  /** Absent where the rules were always there, or nothing waited for them. */
  readonly firstTransitions?: FirstTransitions;
  readonly timeline: Timeline;
  /** What each of the {@link GroupsUsed} costs, in their order; the sums are this result's. */
  readonly groups?: readonly GroupCost[];
  /** The day from which this policy's cumulative cost stays below the baseline's, after having been above; null when the lines never cross so. */
  readonly breakEvenDate: string | null;
}

/** What a group costs: of every line item its share of the quantity, so that volume tiers are shared by all that fill them. */
export interface GroupCost {
  readonly totalUSD: string;
  /** The baseline's cost of the same group less this one. */
  readonly savingUSD: string;
  readonly components: Readonly<Partial<Record<Component, string>>>;
  /** Its shares of line items, by their index in {@link PolicyResult.lineItems}. */
  readonly items: readonly GroupItem[];
}

export interface GroupItem {
  readonly item: number;
  readonly usageQuantity: string;
  readonly costUSD: string;
}

/** What the parts of multipart uploads hold that nobody completed; a share of the line items. */
export interface UnfinishedUploads {
  readonly uploads: number;
  /** Of all their parts. */
  readonly bytes: string;
  readonly costUSD: string;
}

/** What the rules move on the very day they begin, and the requests for it; a share of the line items. */
export interface FirstTransitions {
  /** `2025-01-31` */
  readonly date: string;
  readonly objects: number;
  readonly costUSD: string;
}

export interface MonthlyCost {
  /** `2025-01` */
  readonly month: string;
  readonly totalUSD: string;
  readonly components: Readonly<Partial<Record<Component, string>>>;
}

export interface LineItem {
  readonly month: string;
  /** As on the bill of the region, with its prefix. */
  readonly usageType: string;
  readonly operation: string;
  readonly component: Component;
  readonly usageQuantity: string;
  readonly usageUnit: UsageUnit;
  readonly pricingQuantity: string;
  readonly pricingUnit: PricingUnit;
  /** USD per pricing unit, as in the price list. */
  readonly rateUSD: string;
  readonly costUSD: string;
}

export interface PolicyNotices {
  /** Reads of objects the policy had expired: data that was still wanted would have been lost. */
  readonly readsAfterExpiration: number;
  /** Reads that found their object archived, without a restored copy, and had to wait. */
  readonly readsNeedingRestore: number;
  /** RestoreObject requests those reads (and the trace's own RESTORE rows) caused. */
  readonly restores: number;
  /** Hours the waiting reads waited, added up, and the longest wait of one. */
  readonly restoreWaitHours: number;
  readonly longestRestoreWaitHours: number;
}

/** A policy over time, for charts; not exact. */
export interface Timeline {
  /** Bytes held at each of the dates, averaged over that day, by storage class (`STANDARD`, or `INTELLIGENT_TIERING infrequent` and its like); classes that hold nothing throughout are absent. */
  readonly bytes: Readonly<Record<string, readonly number[]>>;
  /** USD spent from the horizon's beginning to the end of each of the dates. */
  readonly cumulativeUSD: readonly number[];
}
