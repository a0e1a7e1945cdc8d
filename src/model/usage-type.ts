/**
 * What AWS measures, in AWS's words: the usage types and operations of an S3 bill, without the region's prefix.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/aws-usage-report-understand.html; the operations of
 * overheads and restored copies are those of real cost and usage reports.
 */
import {
  DEEP_ARCHIVE,
  EXPRESS_ONEZONE,
  GLACIER,
  GLACIER_IR,
  INTELLIGENT_TIERING,
  ONEZONE_IA,
  STANDARD,
  STANDARD_IA,
  STORAGE_CLASSES,
} from './storage-class.ts';

/** The physical unit a quantity is counted in. */
export type UsageUnit = 'byte-seconds' | 'object-seconds' | 'tag-seconds' | 'requests' | 'bytes';

/** The unit a price is quoted in; the words of AWS's price list. */
export type PricingUnit = 'GB-Mo' | 'Objects-Mo' | 'Tag-Mo' | 'Requests' | 'GB';

/** What a person calls the parts of the bill; charts and tables add up line items by it. */
export const COMPONENTS = [
  'storage',
  'requests',
  'transitions',
  'retrieval',
  'monitoring',
  'early delete',
  'data transfer',
] as const;

export type Component = (typeof COMPONENTS)[number];

export interface UsageKind {
  readonly usageType: string;
  /** Empty where the bill names none. */
  readonly operation: string;
  readonly unit: UsageUnit;
  readonly component: Component;
}

export const PRICING_UNIT: Readonly<Record<UsageUnit, PricingUnit>> = {
  'byte-seconds': 'GB-Mo',
  'object-seconds': 'Objects-Mo',
  'tag-seconds': 'Tag-Mo',
  requests: 'Requests',
  bytes: 'GB',
};

const kinds: UsageKind[] = [];

function kind(usageType: string, operation: string, unit: UsageUnit, component: Component): number {
  return kinds.push({ usageType, operation, unit, component }) - 1;
}

const stored = (usageType: string, operation: string): number => kind(usageType, operation, 'byte-seconds', 'storage');
const removed = (usageType: string, operation: string): number =>
  kind(usageType, operation, 'byte-seconds', 'early delete');

/** Index into {@link USAGE_KINDS} of everything held over time: real bytes, fillers, overheads, copies, parts. */
export const STORED = {
  standard: stored('TimedStorage-ByteHrs', 'StandardStorage'),
  standardIA: stored('TimedStorage-SIA-ByteHrs', 'StandardIAStorage'),
  standardIAFiller: stored('TimedStorage-SIA-SmObjects', 'StandardIASizeOverhead'),
  oneZoneIA: stored('TimedStorage-ZIA-ByteHrs', 'OneZoneIAStorage'),
  oneZoneIAFiller: stored('TimedStorage-ZIA-SmObjects', 'OneZoneIASizeOverhead'),
  glacierIR: stored('TimedStorage-GIR-ByteHrs', 'GlacierInstantRetrievalStorage'),
  glacierIRFiller: stored('TimedStorage-GIR-SmObjects', 'GlacierIRSizeOverhead'),
  glacier: stored('TimedStorage-GlacierByteHrs', 'GlacierStorage'),
  glacierIndex: stored('TimedStorage-GlacierByteHrs', 'GlacierObjectOverhead'),
  glacierName: stored('TimedStorage-ByteHrs', 'GlacierS3ObjectOverhead'),
  glacierCopy: stored('TimedStorage-ByteHrs', 'RestoreObject'),
  glacierParts: stored('TimedStorage-GlacierStaging', 'GlacierStagingStorage'),
  deepArchive: stored('TimedStorage-GDA-ByteHrs', 'DeepArchiveStorage'),
  deepArchiveIndex: stored('TimedStorage-GDA-ByteHrs', 'DeepArchiveObjectOverhead'),
  deepArchiveName: stored('TimedStorage-ByteHrs', 'DeepArchiveS3ObjectOverhead'),
  deepArchiveCopy: stored('TimedStorage-ByteHrs', 'DeepArchiveRestoreObject'),
  deepArchiveParts: stored('TimedStorage-GDA-Staging', 'DeepArchiveStagingStorage'),
  frequent: stored('TimedStorage-INT-FA-ByteHrs', 'IntelligentTieringFAStorage'),
  infrequent: stored('TimedStorage-INT-IA-ByteHrs', 'IntelligentTieringIAStorage'),
  archiveInstant: stored('TimedStorage-INT-AIA-ByteHrs', 'IntelligentTieringAIAStorage'),
  archiveAccess: stored('TimedStorage-INT-AA-ByteHrs', 'IntelligentTieringAAStorage'),
  archiveAccessIndex: stored('TimedStorage-INT-AA-ByteHrs', 'IntAAObjectOverhead'),
  archiveAccessName: stored('TimedStorage-ByteHrs', 'IntAAS3ObjectOverhead'),
  deepArchiveAccess: stored('TimedStorage-INT-DAA-ByteHrs', 'IntelligentTieringDAAStorage'),
  deepArchiveAccessIndex: stored('TimedStorage-INT-DAA-ByteHrs', 'IntDAAObjectOverhead'),
  deepArchiveAccessName: stored('TimedStorage-ByteHrs', 'IntDAAS3ObjectOverhead'),
  express: stored('TimedStorage-XZ-ByteHrs', 'ExpressOneZoneStorage'),
} as const;

export const MONITORED: number = kind(
  'Monitoring-Automation-INT',
  'IntelligentTieringStorage',
  'object-seconds',
  'monitoring',
);

/**
 * Tags of objects over time, in tag-seconds: AWS reports tag-hours and sells tag-months, prorated as storage is
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/aws-usage-report-understand.html).
 */
export const TAGGED: number = kind('TagStorage-TagHrs', '', 'tag-seconds', 'storage');

/** Index into {@link USAGE_KINDS} of the early delete of a class, by class code; -1 where the class has no minimum. */
export const EARLY_DELETE: readonly number[] = byClass({
  [STANDARD_IA]: removed('EarlyDelete-SIA', 'StandardIAStorage'),
  [ONEZONE_IA]: removed('EarlyDelete-ZIA', 'OneZoneIAStorage'),
  [GLACIER_IR]: removed('EarlyDelete-GIR', 'GlacierInstantRetrievalStorage'),
  [GLACIER]: removed('EarlyDelete-ByteHrs', 'GlacierStorage'),
  [DEEP_ARCHIVE]: removed('EarlyDelete-GDA', 'DeepArchiveStorage'),
});

/** The early delete of the 128 KB filler, by class code. */
export const EARLY_DELETE_FILLER: readonly number[] = byClass({
  [STANDARD_IA]: removed('EarlyDelete-SIA-SmObjects', 'StandardIASizeOverhead'),
  [ONEZONE_IA]: removed('EarlyDelete-ZIA-SmObjects', 'OneZoneIASizeOverhead'),
  [GLACIER_IR]: removed('EarlyDelete-GIR-SmObjects', 'GlacierIRSizeOverhead'),
});

/** The lifecycle transition request into a class, by class code. */
export const TRANSITION: readonly number[] = byClass({
  [STANDARD_IA]: kind('Requests-Tier4', 'S3-SIATransition', 'requests', 'transitions'),
  [ONEZONE_IA]: kind('Requests-Tier4', 'S3-ZIATransition', 'requests', 'transitions'),
  [INTELLIGENT_TIERING]: kind('Requests-Tier4', 'S3-INTTransition', 'requests', 'transitions'),
  [GLACIER_IR]: kind('Requests-Tier4', 'S3-GIRTransition', 'requests', 'transitions'),
  [GLACIER]: kind('Requests-Tier3', 'S3-GlacierTransition', 'requests', 'transitions'),
  [DEEP_ARCHIVE]: kind('Requests-Tier3', 'S3-GDATransition', 'requests', 'transitions'),
});

/** Speeds of RestoreObject, fastest first. */
export const RESTORE_TIERS = ['expedited', 'standard', 'bulk'] as const;
export type RestoreTier = (typeof RESTORE_TIERS)[number];

/** RestoreObject's request and bytes by speed, out of GLACIER (and, expedited only, Intelligent-Tiering's Archive Access tier). */
export const GLACIER_RESTORE: Readonly<Record<RestoreTier, { request: number; bytes: number }>> = {
  expedited: {
    request: kind('Requests-Tier6', 'RestoreObject', 'requests', 'retrieval'),
    bytes: kind('Expedited-Retrieval-Bytes', 'RestoreObject', 'bytes', 'retrieval'),
  },
  standard: {
    request: kind('Requests-Tier3', 'RestoreObject', 'requests', 'retrieval'),
    bytes: kind('Standard-Retrieval-Bytes', 'RestoreObject', 'bytes', 'retrieval'),
  },
  bulk: {
    request: kind('Requests-Tier5', 'RestoreObject', 'requests', 'retrieval'),
    bytes: kind('Bulk-Retrieval-Bytes', 'RestoreObject', 'bytes', 'retrieval'),
  },
};

/** RestoreObject's request and bytes by speed, out of DEEP_ARCHIVE, which has no expedited retrieval. */
export const DEEP_ARCHIVE_RESTORE: Readonly<
  Record<Exclude<RestoreTier, 'expedited'>, { request: number; bytes: number }>
> = {
  standard: {
    request: kind('Requests-GDA-Tier3', 'DeepArchiveRestoreObject', 'requests', 'retrieval'),
    bytes: kind('Standard-Retrieval-Bytes', 'DeepArchiveRestoreObject', 'bytes', 'retrieval'),
  },
  bulk: {
    request: kind('Requests-GDA-Tier5', 'DeepArchiveRestoreObject', 'requests', 'retrieval'),
    bytes: kind('Bulk-Retrieval-Bytes', 'DeepArchiveRestoreObject', 'bytes', 'retrieval'),
  },
};

/** Bytes read out of a class, by class code; -1 where reading costs the request only (or a restore). */
export const RETRIEVED: readonly number[] = byClass({
  [STANDARD_IA]: kind('Retrieval-SIA', 'GetObject', 'bytes', 'retrieval'),
  [ONEZONE_IA]: kind('Retrieval-ZIA', 'GetObject', 'bytes', 'retrieval'),
  [GLACIER_IR]: kind('Retrieval-GIR', 'GetObject', 'bytes', 'retrieval'),
  [EXPRESS_ONEZONE]: kind('Retrieval-XZ', 'GetObject', 'bytes', 'retrieval'),
});

/** Bytes written into EXPRESS_ONEZONE, the only class that charges for them. */
export const UPLOADED_EXPRESS: number = kind('Upload-XZ', 'PutObject', 'bytes', 'retrieval');

/** Bytes sent to the internet; metered only when asked for, since they are the same under every policy. */
export const TRANSFERRED_OUT: number = kind('DataTransfer-Out-Bytes', 'GetObject', 'bytes', 'data transfer');

const REQUEST_INFIX: Readonly<Record<number, string>> = {
  [STANDARD]: '',
  [STANDARD_IA]: 'SIA-',
  [ONEZONE_IA]: 'ZIA-',
  [INTELLIGENT_TIERING]: 'INT-',
  [GLACIER_IR]: 'GIR-',
  [GLACIER]: 'GLACIER-',
  [DEEP_ARCHIVE]: 'GDA-',
  [EXPRESS_ONEZONE]: 'XZ-',
};

function requestsOf(tier: 1 | 2, operation: string): readonly number[] {
  return STORAGE_CLASSES.map((_, code) =>
    kind(`Requests-${REQUEST_INFIX[code]!}Tier${tier}`, operation, 'requests', 'requests'),
  );
}

/** Parts of an upload into GLACIER are charged as requests to S3 Standard. */
function partRequests(operation: string): readonly number[] {
  const codes = [...requestsOf(1, operation)];
  codes[GLACIER] = codes[STANDARD]!;
  return codes;
}

/**
 * Requests by operation and class code. LIST, tagging and requests about the bucket are Standard's whatever the class.
 * A report names each of the latter by its own (`ReadBucketLifecycle`, `WriteACL` …); `OtherGet` and `OtherPut` are our
 * words for all of them together: requests charged as GET and as PUT that have no operation here.
 */
export const REQUESTED = {
  put: requestsOf(1, 'PutObject'),
  post: requestsOf(1, 'PostObject'),
  copy: requestsOf(1, 'CopyObject'),
  createMultipart: partRequests('CreateMultipartUpload'),
  uploadPart: partRequests('UploadPart'),
  completeMultipart: requestsOf(1, 'CompleteMultipartUpload'),
  get: requestsOf(2, 'GetObject'),
  select: requestsOf(2, 'SelectObjectContent'),
  head: requestsOf(2, 'HeadObject'),
  list: kind('Requests-Tier1', 'ListBucket', 'requests', 'requests'),
  putTagging: kind('Requests-Tier1', 'PutObjectTagging', 'requests', 'requests'),
  getTagging: kind('Requests-Tier2', 'GetObjectTagging', 'requests', 'requests'),
  otherRead: kind('Requests-Tier2', 'OtherGet', 'requests', 'requests'),
  otherWrite: kind('Requests-Tier1', 'OtherPut', 'requests', 'requests'),
} as const;

/** Every usage type × operation that the meter can record; meters and bills index it. */
export const USAGE_KINDS: readonly UsageKind[] = kinds;

function byClass(entries: Readonly<Record<number, number>>): readonly number[] {
  return STORAGE_CLASSES.map((_, code) => entries[code] ?? -1);
}
