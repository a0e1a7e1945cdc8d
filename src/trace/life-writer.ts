/** How rows of a trace fill a {@link Life}. */
import {
  ABORT_MULTIPART,
  COMPLETE_MULTIPART,
  CREATE_MULTIPART,
  DELETE,
  FAILED,
  isAct,
  isFailed,
  isOfBucket,
  isRead,
  isUpload,
  type OperationCode,
  operationOf,
  UNCHARGED,
  UPLOAD_PART,
} from '../model/operation.ts';
import { type ClassCode, NO_CLASS, STANDARD } from '../model/storage-class.ts';
import { BY_VERSION, growLife, growMarks, type Life } from './life.ts';
import { type MultipartReader, sizeOfParts } from './multipart.ts';
import { NO_VERSION, orderOperation, orderSeconds, type TraceBatch } from './trace.ts';

/** A successful request of an object, rather than of a bucket or of a multipart upload. */
export function describesObject(code: number): boolean {
  if (isFailed(code)) return false;
  const operation = operationOf(code);
  return (
    !isAct(operation) &&
    !isOfBucket(operation) &&
    operation !== CREATE_MULTIPART &&
    operation !== UPLOAD_PART &&
    operation !== ABORT_MULTIPART
  );
}

/** An error AWS does not bill: it changed nothing and costs nothing. */
export function isNothing(code: number): boolean {
  return code >= FAILED + UNCHARGED;
}

/** Begins a life with the row that shows it. */
function beginLife(life: Life, batch: TraceBatch, row: number, time: number, uploadClass: ClassCode): void {
  life.created = time;
  life.uploadClass = uploadClass;
  life.assumed = false;
  life.group = batch.group[row]!;
  life.first = true;
  life.size = Number.NaN;
  life.count = 1;
  life.accesses = 0;
  life.acts = 0;
  life.markChanges = 0;
  changeMarks(life, batch, row, time);
}

/** An object that was there before its first request. */
export function beginAssumedLife(life: Life, batch: TraceBatch, row: number, since: number): void {
  beginLife(life, batch, row, since, NO_CLASS);
  life.assumed = true;
}

/** The object that a successful upload makes; a COMPLETE_MULTIPART ends its multipart upload. */
export function beginUploadedLife(
  life: Life,
  batch: TraceBatch,
  row: number,
  time: number,
  multipart: MultipartReader,
): void {
  const code = orderOperation(batch.order[row]!);
  const operation = operationOf(code);
  beginLife(life, batch, row, time, multipart.classNamed(batch, row, operation));
  life.count = batch.count[row]!;
  life.size = batch.size[row]!;
  const upload = operation === COMPLETE_MULTIPART ? multipart.complete(time) : undefined;
  if (upload && Number.isNaN(life.size)) life.size = sizeOfParts(upload);
  const arrivedInParts = upload !== undefined && upload.parts.length > 0;
  addAccess(life, code, time, arrivedInParts ? 0 : Number.NaN, 1);
}

/**
 * Takes the size and the class of an object from a row that gives them, where none before did.
 * @returns whether both are known now
 */
export function describeLife(life: Life, batch: TraceBatch, row: number): boolean {
  const unknownSize = Number.isNaN(life.size);
  if (!unknownSize && life.uploadClass !== NO_CLASS) return true;
  if (!describesObject(orderOperation(batch.order[row]!))) return false;
  if (unknownSize) life.size = batch.size[row]!;
  if (life.uploadClass === NO_CLASS) life.uploadClass = batch.storageClass[row]!;
  return !Number.isNaN(life.size) && life.uploadClass !== NO_CLASS;
}

/** From `time` on the object has the marks and tags of a row. */
export function changeMarks(life: Life, batch: TraceBatch, row: number, time: number): void {
  if (life.markChanges === life.markTime.length) growMarks(life);
  const { markWords } = batch;
  life.markTime[life.markChanges] = time;
  life.markFlags[life.markChanges] = batch.version[row] === NO_VERSION ? 0 : BY_VERSION;
  life.tags[life.markChanges] = batch.tags[row]!;
  const at = row * markWords;
  for (let word = 0; word < markWords; word++) {
    life.marks[life.markChanges * markWords + word] = batch.marks[at + word]!;
  }
  life.markChanges++;
}

/** @param bytes NaN: the whole object, once its size is known */
export function addAccess(life: Life, code: number, time: number, bytes: number, count: number): void {
  if (life.accesses === life.accessTime.length) growLife(life);
  const at = life.accesses++;
  life.accessTime[at] = time;
  life.accessOperation[at] = code;
  life.accessBytes[at] = bytes;
  life.accessCount[at] = count;
}

/** Notes what S3's own lifecycle did to the object. */
export function addAct(life: Life, operation: OperationCode, time: number): void {
  life.actTime[life.acts] = time;
  life.actOperation[life.acts++] = operation;
}

/** Fills in what only the whole life shows. */
export function completeLife(life: Life): void {
  if (life.uploadClass === NO_CLASS) life.uploadClass = STANDARD;
  for (let at = 0; at < life.accesses; at++) {
    const operation = operationOf(life.accessOperation[at]!);
    if (isRead(operation) || isUpload(operation)) {
      if (Number.isNaN(life.accessBytes[at]!)) life.accessBytes[at] = life.size;
    } else life.accessBytes[at] = 0;
  }
}

/**
 * The row that shows that an object was there before its first request: a successful request which no upload preceded. A
 * DELETE shows it only if it gives a size, since S3 deletes what is not there without complaint.
 * @param isAbout whether a row is about the object that is looked for
 * @returns -1 when there is none
 */
export function existingObject(
  batch: TraceBatch,
  first: number,
  end: number,
  until: number,
  isAbout: (row: number) => boolean = () => true,
): number {
  for (let row = first; row < end; row++) {
    const order = batch.order[row]!;
    if (orderSeconds(order) >= until) return -1;
    const code = orderOperation(order);
    if (!describesObject(code) || !isAbout(row)) continue;
    const operation = operationOf(code);
    return isUpload(operation) || (operation === DELETE && Number.isNaN(batch.size[row]!)) ? -1 : row;
  }
  return -1;
}
