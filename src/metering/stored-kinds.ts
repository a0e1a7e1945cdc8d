import { DEEP_ARCHIVE, GLACIER } from '../model/storage-class.ts';
import { STORED } from '../model/usage-type.ts';

/** Usage kind of an object's bytes, by class code; INTELLIGENT_TIERING's depends on the tier, see {@link TIER_BYTES}. */
export const STORED_BYTES: readonly number[] = [
  STORED.standard,
  STORED.standardIA,
  STORED.oneZoneIA,
  STORED.frequent,
  STORED.glacierIR,
  STORED.glacier,
  STORED.deepArchive,
  STORED.express,
];

/** Usage kind of the filler up to 128 KB, by class code; -1 where there is none. */
export const STORED_FILLER: readonly number[] = [
  -1,
  STORED.standardIAFiller,
  STORED.oneZoneIAFiller,
  -1,
  STORED.glacierIRFiller,
  -1,
  -1,
  -1,
];

/** Usage kind of the parts of unfinished uploads, by class code: those of the archive classes are staged at Standard's rate. */
export const STORED_PARTS: readonly number[] = STORED_BYTES.with(GLACIER, STORED.glacierParts).with(
  DEEP_ARCHIVE,
  STORED.deepArchiveParts,
);

/** Usage kind of an object's bytes in each tier of INTELLIGENT_TIERING. */
export const TIER_BYTES: readonly number[] = [
  STORED.frequent,
  STORED.infrequent,
  STORED.archiveInstant,
  STORED.archiveAccess,
  STORED.deepArchiveAccess,
];
