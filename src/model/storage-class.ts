/**
 * Storage classes by their API names, and the facts of each that the meter needs.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-class-intro.html and the footnotes of
 * https://aws.amazon.com/s3/pricing/.
 */

/** Every class an object can be uploaded to. The index in this list is the class's code in columns. */
export const STORAGE_CLASSES = [
  'STANDARD',
  'STANDARD_IA',
  'ONEZONE_IA',
  'INTELLIGENT_TIERING',
  'GLACIER_IR',
  'GLACIER',
  'DEEP_ARCHIVE',
  'EXPRESS_ONEZONE',
] as const;

export type StorageClass = (typeof STORAGE_CLASSES)[number];

/** Index into {@link STORAGE_CLASSES}; what columns and stays hold. */
export type ClassCode = number;

export const STANDARD = 0;
export const STANDARD_IA = 1;
export const ONEZONE_IA = 2;
export const INTELLIGENT_TIERING = 3;
export const GLACIER_IR = 4;
export const GLACIER = 5;
export const DEEP_ARCHIVE = 6;
export const EXPRESS_ONEZONE = 7;

/** Column value of a row that names no class. */
export const NO_CLASS = 255;

/** 128 KB: the minimum billable object size of the IA classes and GLACIER_IR, and the least monitored size of Intelligent-Tiering. */
export const SMALL_OBJECT_BYTES = 131_072;

/** Index and metadata of an archived object, billed at the archive class's rate. */
export const ARCHIVE_INDEX_BYTES = 32_768;

/** Name and metadata of an archived object, kept and billed in S3 Standard. */
export const ARCHIVE_NAME_BYTES = 8_192;

/** The largest object S3 stores, 50 TB, since December 2025. */
export const LARGEST_OBJECT_BYTES: number = 50 * 2 ** 40;

export interface StorageClassFacts {
  readonly name: StorageClass;
  /** Days an object is billed for at the least; 0 where there is no minimum. */
  readonly minimumStorageDays: number;
  /** Bytes an object is billed for at the least; 0 where there is no minimum. */
  readonly minimumBillableBytes: number;
  /** Reading needs a RestoreObject first. */
  readonly archived: boolean;
}

export const STORAGE_CLASS_FACTS: readonly StorageClassFacts[] = [
  { name: 'STANDARD', minimumStorageDays: 0, minimumBillableBytes: 0, archived: false },
  { name: 'STANDARD_IA', minimumStorageDays: 30, minimumBillableBytes: SMALL_OBJECT_BYTES, archived: false },
  { name: 'ONEZONE_IA', minimumStorageDays: 30, minimumBillableBytes: SMALL_OBJECT_BYTES, archived: false },
  { name: 'INTELLIGENT_TIERING', minimumStorageDays: 0, minimumBillableBytes: 0, archived: false },
  { name: 'GLACIER_IR', minimumStorageDays: 90, minimumBillableBytes: SMALL_OBJECT_BYTES, archived: false },
  { name: 'GLACIER', minimumStorageDays: 90, minimumBillableBytes: 0, archived: true },
  { name: 'DEEP_ARCHIVE', minimumStorageDays: 180, minimumBillableBytes: 0, archived: true },
  { name: 'EXPRESS_ONEZONE', minimumStorageDays: 0, minimumBillableBytes: 0, archived: false },
];

/** The code of a class by its API name, without regard to case; undefined for a class S3 does not have. */
export function classCode(name: string): ClassCode | undefined {
  const code = (STORAGE_CLASSES as readonly string[]).indexOf(name.trim().toUpperCase());
  return code < 0 ? undefined : code;
}
