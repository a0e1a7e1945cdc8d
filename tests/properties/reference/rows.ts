/** What can be said of a single row. */
import { OPERATIONS, type Operation } from '../../../src/model/operation.ts';
import { STORAGE_CLASSES, type StorageClass } from '../../../src/model/storage-class.ts';
import type { ReferenceEvent, Versioning } from './nouns.ts';

export const DAY = 86_400;
export const HOUR = 3_600;
export const KB = 1_024;

/** The id of the null version. */
export const NULL = 'null';

const UPLOADS: readonly Operation[] = ['PUT', 'POST', 'COPY', 'COMPLETE_MULTIPART'];
/** Requests that say nothing of an object: they neither show that it is there nor which version an id means. */
const BESIDE: readonly Operation[] = [
  'LIST',
  'CREATE_MULTIPART',
  'UPLOAD_PART',
  'ABORT_MULTIPART',
  'OTHER_READ',
  'OTHER_WRITE',
];

/** Whether a row is S3's own, not a request. */
export function isAct({ operation }: ReferenceEvent): boolean {
  return /^(TRANSITION_.*|EXPIRE|CREATE_DELETE_MARKER|DELETE_UPLOAD)$/.test(operation);
}

export function isUpload(row: ReferenceEvent): boolean {
  return UPLOADS.includes(row.operation);
}

/** A successful request that has to do with an object of the key. */
export function describesObject(row: ReferenceEvent): boolean {
  return isSuccessful(row) && !BESIDE.includes(row.operation);
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/ErrorCodeBilling.html */
export function isCharged({ status = 200, unpaid = false }: ReferenceEvent): boolean {
  return !unpaid && status < 500 && status !== 301 && status !== 307;
}

export function isSuccessful({ status = 200 }: ReferenceEvent): boolean {
  return status < 300 || status === 304;
}

/** The version id a row gives, where ids mean anything. */
export function idOf({ versionId }: ReferenceEvent, versioning: Versioning): string | undefined {
  return versioning === 'unversioned' || versionId === '' || versionId === '-' ? undefined : versionId;
}

export function countOf(row: ReferenceEvent): bigint {
  return BigInt(row.count ?? 1);
}

export function secondOf(row: ReferenceEvent): number {
  return Math.floor(row.time / 1000);
}

/** The order in which requests of one millisecond are taken. */
export function inOrder(a: ReferenceEvent, b: ReferenceEvent): number {
  const [left, right] = [ranks(a), ranks(b)];
  for (const [i, rank] of left.entries()) if (rank !== right[i]) return rank - right[i]!;
  const [one = '', other = ''] = [a.versionId, b.versionId];
  return one < other ? -1 : one > other ? 1 : 0;
}

function ranks(row: ReferenceEvent): number[] {
  return [
    row.time,
    OPERATIONS.indexOf(row.operation),
    Number(!isSuccessful(row)) + 2 * Number(!isCharged(row)),
    row.size ?? -1,
    row.bytes ?? -1,
    row.count ?? 1,
    row.storageClass ? codeOf(row.storageClass) : STORAGE_CLASSES.length,
  ];
}

export function codeOf(storageClass: StorageClass): number {
  return STORAGE_CLASSES.indexOf(storageClass);
}

export function midnightBefore(second: number): number {
  return second - (((second % DAY) + DAY) % DAY);
}

export function firstMidnight(atOrAfter: number): number {
  let midnight = midnightBefore(atOrAfter);
  while (midnight < atOrAfter) midnight += DAY;
  return midnight;
}
