/**
 * Where a transition may take an object, and which of several is made.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html (from
 * where to where), https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-conflicts.html (which).
 */
import {
  type ClassCode,
  DEEP_ARCHIVE,
  GLACIER,
  GLACIER_IR,
  INTELLIGENT_TIERING,
  ONEZONE_IA,
  STANDARD_IA,
} from '../model/storage-class.ts';
import type { RestoreTier } from '../model/usage-type.ts';
import {
  type AccessTier,
  ARCHIVE_ACCESS,
  ARCHIVE_INSTANT_ACCESS,
  DEEP_ARCHIVE_ACCESS,
  FREQUENT_ACCESS,
  INFREQUENT_ACCESS,
  optIn,
  type TierSettings,
  tierSettings,
  walkTiers,
} from '../trace/access-tiers.ts';
import type { Life } from '../trace/life.ts';
import type { Stays } from '../trace/stays.ts';
import type { Policy } from './policy.ts';

/** Classes as bits by class code. */
function targets(...classes: readonly ClassCode[]): number {
  return classes.reduce((bits, code) => bits | (1 << code), 0);
}

/** Where objects may go from each class, by class code; INTELLIGENT_TIERING's by tier below. */
const ALLOWED: readonly number[] = [
  targets(STANDARD_IA, ONEZONE_IA, INTELLIGENT_TIERING, GLACIER_IR, GLACIER, DEEP_ARCHIVE),
  targets(ONEZONE_IA, INTELLIGENT_TIERING, GLACIER_IR, GLACIER, DEEP_ARCHIVE),
  targets(GLACIER, DEEP_ARCHIVE),
  targets(ONEZONE_IA, GLACIER_IR, GLACIER, DEEP_ARCHIVE),
  targets(GLACIER, DEEP_ARCHIVE),
  targets(DEEP_ARCHIVE),
  targets(),
  targets(),
];

const ALLOWED_FROM_TIER: Readonly<Record<AccessTier, number>> = {
  [FREQUENT_ACCESS]: targets(ONEZONE_IA, GLACIER_IR, GLACIER, DEEP_ARCHIVE),
  [INFREQUENT_ACCESS]: targets(ONEZONE_IA, GLACIER_IR, GLACIER, DEEP_ARCHIVE),
  [ARCHIVE_INSTANT_ACCESS]: targets(GLACIER_IR, GLACIER, DEEP_ARCHIVE),
  [ARCHIVE_ACCESS]: targets(GLACIER, DEEP_ARCHIVE),
  [DEEP_ARCHIVE_ACCESS]: targets(DEEP_ARCHIVE),
};

/** Which of several transitions on one midnight is made: the highest. INTELLIGENT_TIERING is preferred to all but the archives. */
export const PRECEDENCE: readonly number[] = [0, 1, 2, 4, 3, 5, 6, 0];

/** Whether anything can go on from a class. */
export function canMoveFrom(storageClass: ClassCode): boolean {
  return ALLOWED[storageClass] !== 0;
}

/** Whether objects of a class may go on to another; out of Intelligent-Tiering, from its warmest tiers. */
export function leadsTo(from: ClassCode, to: ClassCode): boolean {
  return (ALLOWED[from]! & (1 << to)) !== 0;
}

/** Says whether a life may be moved on; Intelligent-Tiering's answer depends on the tier it is in then. */
export class Waterfall {
  readonly #archiveTiers: NonNullable<Policy['archiveTiers']>;
  readonly #settings: TierSettings;

  constructor(archiveTiers: NonNullable<Policy['archiveTiers']>, restoreTier: RestoreTier) {
    this.#archiveTiers = archiveTiers;
    this.#settings = tierSettings(restoreTier);
  }

  /** Whether a life, in the last of its stays, may be moved to a class at an instant. */
  allows(
    life: Life,
    stays: Stays,
    target: ClassCode,
    at: number,
    markOf: readonly number[],
    markWords: number,
  ): boolean {
    const last = stays.length - 1;
    const from = stays.storageClass[last]!;
    const bit = 1 << target;
    if ((ALLOWED[from]! & bit) === 0) return false;
    if (from !== INTELLIGENT_TIERING) return true;
    const since = stays.from[last]!;
    this.#settings.stays = stays;
    optIn(this.#settings, this.#archiveTiers, life, since, markOf, markWords);
    if ((ALLOWED_FROM_TIER[coldestTier(this.#settings)]! & bit) !== 0) return true;
    return (ALLOWED_FROM_TIER[walkTiers(life, since, at, this.#settings)]! & bit) !== 0;
  }
}

/** The coldest tier an object can be in; what is allowed from there is allowed from every other. */
function coldestTier({ archiveAccessSeconds, deepArchiveAccessSeconds }: TierSettings): AccessTier {
  if (deepArchiveAccessSeconds < Infinity) return DEEP_ARCHIVE_ACCESS;
  return archiveAccessSeconds < Infinity ? ARCHIVE_ACCESS : ARCHIVE_INSTANT_ACCESS;
}
