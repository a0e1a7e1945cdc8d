/** Where an object can be, what it is billed for there, and where it can go. */
import type { StorageClass } from '../../../src/model/storage-class.ts';
import { type RestoreTier, STORED } from '../../../src/model/usage-type.ts';
import { DAY, HOUR, KB } from './rows.ts';

/** Coldest last: which of several transitions of one midnight is taken, and what `colder` means. */
export const COLDER: readonly StorageClass[] = [
  'STANDARD',
  'STANDARD_IA',
  'ONEZONE_IA',
  'GLACIER_IR',
  'INTELLIGENT_TIERING',
  'GLACIER',
  'DEEP_ARCHIVE',
];

const TIERS = ['FREQUENT', 'INFREQUENT', 'ARCHIVE_INSTANT', 'ARCHIVE', 'DEEP_ARCHIVE'] as const;
type Tier = (typeof TIERS)[number];

export interface Tiering {
  tier: Tier;
  lastAccess: number;
  /** Last SELECT, which holds back the two archive tiers only. */
  lastSelect: number;
  /** End of a running restore. */
  restoredAt?: number;
  readonly archiveDays: number;
  readonly deepArchiveDays: number;
}

/** An object, or as many equal ones as its cohort has, in a class since some second. */
export interface Stored {
  readonly size: number;
  storageClass: StorageClass;
  since: number;
  tiering?: Tiering;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html */
const ALLOWED: Readonly<Record<string, readonly StorageClass[]>> = {
  STANDARD: ['STANDARD_IA', 'INTELLIGENT_TIERING', 'ONEZONE_IA', 'GLACIER_IR', 'GLACIER', 'DEEP_ARCHIVE'],
  STANDARD_IA: ['INTELLIGENT_TIERING', 'ONEZONE_IA', 'GLACIER_IR', 'GLACIER', 'DEEP_ARCHIVE'],
  'INTELLIGENT_TIERING FREQUENT': ['ONEZONE_IA', 'GLACIER_IR', 'GLACIER', 'DEEP_ARCHIVE'],
  'INTELLIGENT_TIERING INFREQUENT': ['ONEZONE_IA', 'GLACIER_IR', 'GLACIER', 'DEEP_ARCHIVE'],
  'INTELLIGENT_TIERING ARCHIVE_INSTANT': ['GLACIER_IR', 'GLACIER', 'DEEP_ARCHIVE'],
  'INTELLIGENT_TIERING ARCHIVE': ['GLACIER', 'DEEP_ARCHIVE'],
  'INTELLIGENT_TIERING DEEP_ARCHIVE': ['DEEP_ARCHIVE'],
  ONEZONE_IA: ['GLACIER', 'DEEP_ARCHIVE'],
  GLACIER_IR: ['GLACIER', 'DEEP_ARCHIVE'],
  GLACIER: ['DEEP_ARCHIVE'],
  DEEP_ARCHIVE: [],
  EXPRESS_ONEZONE: [],
};

export const MINIMUM_DAYS: Readonly<Record<StorageClass, number>> = {
  STANDARD: 0,
  STANDARD_IA: 30,
  ONEZONE_IA: 30,
  INTELLIGENT_TIERING: 0,
  GLACIER_IR: 90,
  GLACIER: 90,
  DEEP_ARCHIVE: 180,
  EXPRESS_ONEZONE: 0,
};

/** Upper ends of https://docs.aws.amazon.com/AmazonS3/latest/userguide/restoring-objects-retrieval-options.html */
export const WAIT: Readonly<Record<'GLACIER' | 'DEEP_ARCHIVE', Readonly<Record<RestoreTier, number>>>> = {
  GLACIER: { expedited: 300, standard: 5 * HOUR, bulk: 12 * HOUR },
  DEEP_ARCHIVE: { expedited: 12 * HOUR, standard: 12 * HOUR, bulk: 48 * HOUR },
};

export function canMove({ storageClass, tiering }: Stored, target: StorageClass): boolean {
  return ALLOWED[tiering ? `${storageClass} ${tiering.tier}` : storageClass]!.includes(target);
}

export function isArchive(storageClass: StorageClass): storageClass is 'GLACIER' | 'DEEP_ARCHIVE' {
  return storageClass === 'GLACIER' || storageClass === 'DEEP_ARCHIVE';
}

export function isPadded(storageClass: StorageClass): boolean {
  return storageClass === 'STANDARD_IA' || storageClass === 'ONEZONE_IA' || storageClass === 'GLACIER_IR';
}

export function isMonitored({ storageClass, size }: Stored): boolean {
  return storageClass === 'INTELLIGENT_TIERING' && size >= 128 * KB;
}

/** Which tier has it been left alone long enough for? It only ever gets colder by itself. */
export function moveTier(object: Stored, now: number): void {
  const { tiering } = object;
  if (!tiering || !isMonitored(object) || tiering.restoredAt !== undefined) return;
  const unread = now - tiering.lastAccess;
  const untouched = now - Math.max(tiering.lastAccess, tiering.lastSelect);
  const reached = TIERS.filter((tier) => {
    if (tier === 'INFREQUENT') return unread >= 30 * DAY;
    if (tier === 'ARCHIVE_INSTANT') return unread >= 90 * DAY;
    if (tier === 'ARCHIVE') return untouched >= tiering.archiveDays * DAY;
    if (tier === 'DEEP_ARCHIVE') return untouched >= tiering.deepArchiveDays * DAY;
    return tier === tiering.tier;
  });
  const coldest = Math.max(TIERS.indexOf(tiering.tier), ...reached.map((tier) => TIERS.indexOf(tier)));
  tiering.tier = TIERS[coldest]!;
}

/** Bytes one object is billed for while it stays as it is. */
export function holdings({ size, storageClass, tiering }: Stored): [kind: number, bytes: number][] {
  const filler = Math.max(0, 128 * KB - size);
  switch (storageClass) {
    case 'STANDARD':
      return [[STORED.standard, size]];
    case 'STANDARD_IA':
      return [
        [STORED.standardIA, size],
        [STORED.standardIAFiller, filler],
      ];
    case 'ONEZONE_IA':
      return [
        [STORED.oneZoneIA, size],
        [STORED.oneZoneIAFiller, filler],
      ];
    case 'GLACIER_IR':
      return [
        [STORED.glacierIR, size],
        [STORED.glacierIRFiller, filler],
      ];
    case 'GLACIER':
      return [
        [STORED.glacier, size],
        [STORED.glacierIndex, 32 * KB],
        [STORED.glacierName, 8 * KB],
      ];
    case 'DEEP_ARCHIVE':
      return [
        [STORED.deepArchive, size],
        [STORED.deepArchiveIndex, 32 * KB],
        [STORED.deepArchiveName, 8 * KB],
      ];
    case 'EXPRESS_ONEZONE':
      return [[STORED.express, size]];
    case 'INTELLIGENT_TIERING':
      return holdingsOfTier(tiering!.tier, size);
  }
}

function holdingsOfTier(tier: Tier, size: number): [kind: number, bytes: number][] {
  switch (tier) {
    case 'FREQUENT':
      return [[STORED.frequent, size]];
    case 'INFREQUENT':
      return [[STORED.infrequent, size]];
    case 'ARCHIVE_INSTANT':
      return [[STORED.archiveInstant, size]];
    case 'ARCHIVE':
      return [
        [STORED.archiveAccess, size],
        [STORED.archiveAccessIndex, 32 * KB],
        [STORED.archiveAccessName, 8 * KB],
      ];
    case 'DEEP_ARCHIVE':
      return [
        [STORED.deepArchiveAccess, size],
        [STORED.deepArchiveAccessIndex, 32 * KB],
        [STORED.deepArchiveAccessName, 8 * KB],
      ];
  }
}

/** What parts of an upload that is not complete are held as. */
export function partKind(storageClass: StorageClass): number {
  return {
    STANDARD: STORED.standard,
    STANDARD_IA: STORED.standardIA,
    ONEZONE_IA: STORED.oneZoneIA,
    INTELLIGENT_TIERING: STORED.frequent,
    GLACIER_IR: STORED.glacierIR,
    GLACIER: STORED.glacierParts,
    DEEP_ARCHIVE: STORED.deepArchiveParts,
    EXPRESS_ONEZONE: STORED.express,
  }[storageClass];
}
