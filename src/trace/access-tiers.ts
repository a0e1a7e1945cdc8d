/**
 * The tiers inside S3 Intelligent-Tiering: where a stay in that class keeps an object as it is read or left alone. The
 * meter bills the tiers; a lifecycle policy asks for the tier, which limits where the object can go next.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/intelligent-tiering-overview.html and
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/intelligent-tiering-managing.html
 */
import { isFailed, isRead, operationOf, RESTORE, SELECT } from '../model/operation.ts';
import { SMALL_OBJECT_BYTES } from '../model/storage-class.ts';
import { DAY_SECONDS, midnightFrom } from '../model/time.ts';
import type { RestoreTier } from '../model/usage-type.ts';
import { hasMark, type Life } from './life.ts';
import type { Stays } from './stays.ts';

/** Warmest first; the index is the tier's code. */
export const ACCESS_TIERS = ['frequent', 'infrequent', 'archive instant', 'archive', 'deep archive'] as const;

/** Index into {@link ACCESS_TIERS}. */
export type AccessTier = number;

export const FREQUENT_ACCESS = 0;
export const INFREQUENT_ACCESS = 1;
export const ARCHIVE_INSTANT_ACCESS = 2;
export const ARCHIVE_ACCESS = 3;
export const DEEP_ARCHIVE_ACCESS = 4;

const INFREQUENT_SECONDS = 30 * DAY_SECONDS;
const ARCHIVE_INSTANT_SECONDS = 90 * DAY_SECONDS;

/**
 * Seconds a restore takes at the longest, by speed, out of GLACIER and out of the Archive Access tier.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/restoring-objects-retrieval-options.html
 */
export const ARCHIVE_WAIT_SECONDS: Readonly<Record<RestoreTier, number>> = {
  expedited: 5 * 60,
  standard: 5 * 3600,
  bulk: 12 * 3600,
};

/** The same out of DEEP_ARCHIVE and out of the Deep Archive Access tier. Neither has expedited retrieval: standard is used. */
export const DEEP_ARCHIVE_WAIT_SECONDS: Readonly<Record<RestoreTier, number>> = {
  expedited: 12 * 3600,
  standard: 12 * 3600,
  bulk: 48 * 3600,
};

/**
 * An Intelligent-Tiering archive configuration, as `aws s3api get-bucket-intelligent-tiering-configuration` prints it, compiled.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-intelligent-tiering.html
 */
export interface ArchiveTierConfiguration {
  /** Marks (of the policy) that must all hold. */
  readonly marks: readonly number[];
  /** 90 to 730; absent when not opted in. */
  readonly archiveAccessDays?: number;
  /** 180 to 730; absent when not opted in. */
  readonly deepArchiveAccessDays?: number;
}

/** How one object's tiers work. Times in seconds. */
export interface TierSettings {
  /** Time without access after which the Archive Access tier takes it in; Infinity when not opted in. */
  archiveAccessSeconds: number;
  /** The same of the Deep Archive Access tier. */
  deepArchiveAccessSeconds: number;
  /** How long a restore out of each of the two takes. */
  readonly restoreWaitSeconds: { readonly archive: number; readonly deepArchive: number };
  /** Which requests do not find the object. */
  stays: Stays | undefined;
}

/** Settings without opted-in tiers, to be filled by {@link optIn} for each object. */
export function tierSettings(restoreTier: RestoreTier): TierSettings {
  return {
    archiveAccessSeconds: Infinity,
    deepArchiveAccessSeconds: Infinity,
    restoreWaitSeconds: {
      archive: ARCHIVE_WAIT_SECONDS[restoreTier],
      deepArchive: DEEP_ARCHIVE_WAIT_SECONDS[restoreTier],
    },
    stays: undefined,
  };
}

/**
 * Fills in what a policy's archive configurations opt an object into whose stay in Intelligent-Tiering begins at `at`:
 * those whose prefix and tags it has then. Where several match, each tier takes it in at the earliest of their days.
 * @param markOf position of each of the policy's marks among all the marks of the trace
 */
export function optIn(
  settings: TierSettings,
  configurations: readonly ArchiveTierConfiguration[] | undefined,
  life: Life,
  at: number,
  markOf: readonly number[],
  markWords: number,
): void {
  settings.archiveAccessSeconds = Infinity;
  settings.deepArchiveAccessSeconds = Infinity;
  if (!configurations || configurations.length === 0) return;
  const change = markChangeAt(life, at, settings.stays);
  for (let i = 0; i < configurations.length; i++) {
    const { marks, archiveAccessDays = Infinity, deepArchiveAccessDays = Infinity } = configurations[i]!;
    if (!hasMarks(life, change, marks, markOf, markWords)) continue;
    settings.archiveAccessSeconds = Math.min(settings.archiveAccessSeconds, archiveAccessDays * DAY_SECONDS);
    settings.deepArchiveAccessSeconds = Math.min(
      settings.deepArchiveAccessSeconds,
      deepArchiveAccessDays * DAY_SECONDS,
    );
  }
}

/**
 * The latest mark change at or before an instant (the upload's, entry 0, before any other).
 * @param stays which requests do not find the object, and so change nothing
 */
export function markChangeAt(life: Life, at: number, stays?: Stays): number {
  let change = life.markChanges - 1;
  while (
    change > 0 &&
    (life.markTime[change]! > at || stays?.missesChange(life.markFlags[change]!, life.markTime[change]!))
  ) {
    change--;
  }
  return Math.max(change, 0);
}

/** Whether a life has all the marks, given by their position in a policy, in one of its mark changes. */
export function hasMarks(
  life: Life,
  change: number,
  marks: readonly number[],
  markOf: readonly number[],
  markWords: number,
): boolean {
  for (let i = 0; i < marks.length; i++) if (!hasMark(life, change, markWords, markOf[marks[i]!]!)) return false;
  return true;
}

/** What is told of a stay, in order of time. `access` is the index of the request in the life's accesses. */
export interface TierVisitor {
  /** The object was in a tier from one instant to the next (`from < to`). */
  held(tier: AccessTier, from: number, to: number): void;
  /** A GET, SELECT or RESTORE had to begin a restore out of an archive tier (`tier` is ARCHIVE_ACCESS or DEEP_ARCHIVE_ACCESS). */
  restored(tier: AccessTier, access: number, completes: number): void;
  /** A GET or SELECT, the one that began the restore included, had to wait until the restore completes. */
  waited(access: number, completes: number): void;
}

/**
 * Walks a stay in INTELLIGENT_TIERING, which begins in the Frequent Access tier with its clocks at `from`.
 *
 * Objects under 128 KB are not monitored: always Frequent Access. Others move to colder tiers at the midnight UTC after
 * 30, 90 and the opted-in days without access (on one midnight the coldest tier wins). A GET lifts an object back to
 * Frequent Access; a SELECT only restarts the clocks of the two archive tiers; HEAD, LIST and tagging are no access. In
 * an archive tier a GET, SELECT or RESTORE begins a restore: the object stays where it is until that completes, and is
 * then in Frequent Access as if read at that moment. At one instant moves come before requests.
 *
 * Requests counted are those in `[from, to)`, and those at `to` if the life ends there. Allocates nothing.
 * @returns the tier at `to`, moves due at `to` done
 */
export function walkTiers(
  life: Life,
  from: number,
  to: number,
  settings: TierSettings,
  visitor?: TierVisitor,
): AccessTier {
  if (life.size < SMALL_OBJECT_BYTES) {
    if (from < to) visitor?.held(FREQUENT_ACCESS, from, to);
    return FREQUENT_ACCESS;
  }
  const endsHere = to >= life.ended;
  let tier: AccessTier = FREQUENT_ACCESS;
  let since = from;
  let lastAccess = from;
  let lastUse = from;
  let completes = Infinity;
  let access = firstAccessFrom(life, from);
  for (;;) {
    let at = access < life.accesses ? life.accessTime[access]! : Infinity;
    if (at > to || (at === to && !endsHere)) at = Infinity;
    if (tier !== FREQUENT_ACCESS || at - lastAccess >= INFREQUENT_SECONDS) {
      const move = completes < Infinity ? completes : nextMove(tier, lastAccess, lastUse, settings);
      if (move <= at && move <= to) {
        if (since < move) visitor?.held(tier, since, move);
        since = move;
        if (completes < Infinity) {
          tier = FREQUENT_ACCESS;
          lastAccess = move;
          lastUse = move;
          completes = Infinity;
        } else {
          tier = tierEnteredAt(move, tier, lastAccess, lastUse, settings);
        }
        continue;
      }
    }
    if (at === Infinity) break;
    const code = life.accessOperation[access]!;
    if (isFailed(code) || settings.stays?.misses(code, at)) {
      access++;
      continue;
    }
    const operation = operationOf(code);
    const reads = isRead(operation);
    if (tier >= ARCHIVE_ACCESS) {
      if (reads || operation === RESTORE) {
        if (completes === Infinity) {
          const { archive, deepArchive } = settings.restoreWaitSeconds;
          completes = at + (tier === ARCHIVE_ACCESS ? archive : deepArchive);
          visitor?.restored(tier, access, completes);
        }
        if (reads) visitor?.waited(access, completes);
      }
    } else if (operation === SELECT) {
      lastUse = at;
    } else if (reads) {
      lastAccess = at;
      lastUse = at;
      if (tier !== FREQUENT_ACCESS) {
        if (since < at) visitor?.held(tier, since, at);
        since = at;
        tier = FREQUENT_ACCESS;
      }
    }
    access++;
  }
  if (since < to) visitor?.held(tier, since, to);
  return tier;
}

/** When an object that is not accessed again leaves its tier; Infinity when it stays. */
function nextMove(tier: AccessTier, lastAccess: number, lastUse: number, settings: TierSettings): number {
  let next = Infinity;
  for (let colder = tier + 1; colder <= DEEP_ARCHIVE_ACCESS; colder++) {
    next = Math.min(next, entersAt(colder, lastAccess, lastUse, settings));
  }
  return next;
}

function tierEnteredAt(
  at: number,
  tier: AccessTier,
  lastAccess: number,
  lastUse: number,
  settings: TierSettings,
): AccessTier {
  for (let colder = DEEP_ARCHIVE_ACCESS; colder > tier; colder--) {
    if (entersAt(colder, lastAccess, lastUse, settings) === at) return colder;
  }
  return tier;
}

function entersAt(tier: AccessTier, lastAccess: number, lastUse: number, settings: TierSettings): number {
  if (tier === INFREQUENT_ACCESS) return midnightFrom(lastAccess + INFREQUENT_SECONDS);
  if (tier === ARCHIVE_INSTANT_ACCESS) return midnightFrom(lastAccess + ARCHIVE_INSTANT_SECONDS);
  return midnightFrom(
    lastUse + (tier === ARCHIVE_ACCESS ? settings.archiveAccessSeconds : settings.deepArchiveAccessSeconds),
  );
}

/** Index of the first access at or after an instant. */
function firstAccessFrom(life: Life, at: number): number {
  let [low, high] = [0, life.accesses];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (life.accessTime[middle]! < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
