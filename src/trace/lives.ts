import {
  ABORT_MULTIPART,
  COMPLETE_MULTIPART,
  COPY,
  CREATE_MULTIPART,
  DELETE,
  DELETE_TAGGING,
  FAILED,
  GET,
  LIST,
  type OperationCode,
  POST,
  PUT,
  PUT_TAGGING,
  SELECT,
  UNCHARGED,
  UPLOAD_PART,
} from '../model/operation.ts';
import { type ClassCode, LARGEST_OBJECT_BYTES, NO_CLASS, STANDARD } from '../model/storage-class.ts';
import { ALIVE, DELETED, emptyLife, growLife, growMarks, type Life, OVERWRITTEN } from './life.ts';
import { orderOperation, orderSeconds, type TraceBatch } from './trace.ts';

/** A multipart upload from its first request to its completion or abort: what its parts hold meanwhile. Times are UTC seconds. */
export interface MultipartUpload {
  created: number;
  /** When it was completed or aborted, or the horizon's end. */
  ended: number;
  /** Class named at its beginning, or STANDARD. */
  uploadClass: ClassCode;
  /** Mark bits of its first row. */
  marks: Int32Array;
  parts: { time: number; bytes: number }[];
  /** CREATE_MULTIPART and UPLOAD_PART requests. */
  requests: { operation: OperationCode; time: number; count: number }[];
}

/** What happens to objects, in the order of each object's time. The arguments are used again after each call. */
export interface LivesVisitor {
  life(life: Life): void;
  multipart(upload: MultipartUpload): void;
  /** A charged request that found no object. */
  stray(operation: OperationCode, time: number, count: number): void;
  /** A charged upload, or part of one, that failed, with the class it named. */
  failedUpload(operation: OperationCode, time: number, count: number, uploadClass: ClassCode): void;
  /** A DELETE of a key that was not there. */
  unknownDelete(count: number): void;
  /** An object of which no row says the size: the order of its first row, and the number of its rows, which bill nothing. */
  unsized(order: number, rows: number): void;
}

export interface LivesOptions {
  /** UTC seconds from which objects first seen in a read are taken to have existed. */
  readonly assumedSince: number;
  /** UTC seconds; rows from here on are ignored. */
  readonly until: number;
}

/** Whether a successful request of this kind makes a new object. */
export function isUpload(operation: OperationCode): boolean {
  return operation === PUT || operation === POST || operation === COPY || operation === COMPLETE_MULTIPART;
}

/**
 * Turns the rows of each object into lives: a life begins with an upload (or, for an object that existed before the
 * trace, with the trace) and ends with a removal, an overwrite or the horizon.
 */
export class LivesReader {
  private readonly life: Life;
  private readonly visitor: LivesVisitor;
  private readonly options: LivesOptions;

  constructor(markWords: number, options: LivesOptions, visitor: LivesVisitor) {
    this.life = emptyLife(markWords);
    this.options = options;
    this.visitor = visitor;
  }

  read(batch: TraceBatch): void {
    for (let object = 0; object < batch.objects; object++) {
      this.readObject(batch, batch.objectStart[object]!, batch.objectStart[object + 1]!);
    }
  }

  private readObject(batch: TraceBatch, first: number, end: number): void {
    const { life, visitor } = this;
    const { until } = this.options;
    const existing = this.existingObject(batch, first, end);
    if (existing >= 0) this.beginExisting(batch, existing);
    let alive = existing >= 0;
    let known = alive;
    let lifeFirst = first;
    let upload: MultipartUpload | undefined;
    let row = first;
    for (; row < end; row++) {
      const order = batch.order[row]!;
      const time = orderSeconds(order);
      if (time >= until) break;
      const code = orderOperation(order);
      if (code >= UNCHARGED) continue;
      const operation = code & 15;
      const failed = (code & FAILED) !== 0;
      if (operation === LIST) {
        visitor.stray(code, time, batch.count[row]!);
      } else if (operation === CREATE_MULTIPART || operation === UPLOAD_PART) {
        const count = batch.count[row]!;
        if (failed) {
          visitor.failedUpload(code, time, count, namedClass(batch, row, upload));
          continue;
        }
        upload ??= this.beginUpload(batch, row, time);
        if (upload.uploadClass === NO_CLASS) upload.uploadClass = batch.storageClass[row]!;
        upload.requests.push({ operation, time, count });
        const size = batch.size[row]!;
        if (operation === UPLOAD_PART && size > 0) upload.parts.push({ time, bytes: size * count });
      } else if (operation === ABORT_MULTIPART && upload && !failed) {
        this.endUpload(upload, time);
        upload = undefined;
      } else if (isUpload(operation)) {
        const uploadClass = namedClass(batch, row, operation === COMPLETE_MULTIPART ? upload : undefined);
        if (failed) {
          visitor.failedUpload(code, time, batch.count[row]!, uploadClass);
          continue;
        }
        if (alive) this.endLife(batch, lifeFirst, row, time, OVERWRITTEN);
        this.beginLife(batch, row, time, uploadClass);
        life.first = !known;
        life.count = batch.count[row]!;
        life.size = batch.size[row]!;
        const parts = operation === COMPLETE_MULTIPART ? upload : undefined;
        if (Number.isNaN(life.size) && parts) life.size = sizeOfParts(parts);
        if (parts) {
          this.endUpload(parts, time);
          upload = undefined;
        }
        this.access(code, time, parts && parts.parts.length > 0 ? 0 : Number.NaN, 1);
        alive = true;
        known = true;
        lifeFirst = row;
      } else if (alive) {
        if (!failed && row !== existing && (operation === PUT_TAGGING || operation === DELETE_TAGGING)) {
          this.changeMarks(batch, row, time);
        }
        if (operation === DELETE && !failed) {
          this.endLife(batch, lifeFirst, row + 1, time, DELETED);
          alive = false;
        } else {
          this.access(code, time, batch.bytes[row]!, batch.count[row]!);
        }
      } else if (operation === DELETE || operation === ABORT_MULTIPART) {
        if (failed || operation !== DELETE) continue;
        visitor.unknownDelete(batch.count[row]!);
      } else {
        visitor.stray(code, time, batch.count[row]!);
      }
    }
    if (alive) this.endLife(batch, lifeFirst, row, until, ALIVE);
    if (upload) this.endUpload(upload, until);
  }

  /**
   * The row that shows that an object was there before its first request: a successful request which no upload
   * preceded. A DELETE shows it only if it gives a size, since S3 deletes what is not there without complaint.
   * @returns -1 when there is none
   */
  private existingObject(batch: TraceBatch, first: number, end: number): number {
    for (let row = first; row < end; row++) {
      const order = batch.order[row]!;
      if (orderSeconds(order) >= this.options.until) return -1;
      const code = orderOperation(order);
      if (!describesObject(code)) continue;
      return isUpload(code) || (code === DELETE && Number.isNaN(batch.size[row]!)) ? -1 : row;
    }
    return -1;
  }

  private beginExisting(batch: TraceBatch, row: number): void {
    const { life } = this;
    this.beginLife(batch, row, this.options.assumedSince, NO_CLASS);
    life.assumed = true;
    life.first = true;
    life.count = 1;
    life.size = Number.NaN;
  }

  private beginLife(batch: TraceBatch, row: number, time: number, uploadClass: ClassCode): void {
    const { life } = this;
    life.created = time;
    life.uploadClass = uploadClass;
    life.assumed = false;
    life.accesses = 0;
    life.markChanges = 0;
    this.changeMarks(batch, row, time);
  }

  private changeMarks(batch: TraceBatch, row: number, time: number): void {
    const { life } = this;
    if (batch.markWords === 0) return;
    if (life.markChanges === life.markTime.length) growMarks(life);
    life.markTime[life.markChanges] = time;
    const at = row * batch.markWords;
    for (let word = 0; word < batch.markWords; word++) {
      life.marks[life.markChanges * batch.markWords + word] = batch.marks[at + word]!;
    }
    life.markChanges++;
  }

  /** @param bytes NaN: the whole object, once its size is known */
  private access(code: number, time: number, bytes: number, count: number): void {
    const { life } = this;
    if (life.accesses === life.accessTime.length) growLife(life);
    const at = life.accesses++;
    life.accessTime[at] = time;
    life.accessOperation[at] = code;
    life.accessBytes[at] = bytes;
    life.accessCount[at] = count;
  }

  private endLife(batch: TraceBatch, first: number, end: number, time: number, endedBy: Life['endedBy']): void {
    const { life } = this;
    life.ended = time;
    life.endedBy = endedBy;
    for (let row = first; row < end && Number.isNaN(life.size); row++) {
      if (describesObject(orderOperation(batch.order[row]!))) life.size = batch.size[row]!;
    }
    if (Number.isNaN(life.size)) {
      this.visitor.unsized(batch.order[first]!, end - first);
      return;
    }
    for (let row = first; row < end && life.uploadClass === NO_CLASS; row++) {
      if (describesObject(orderOperation(batch.order[row]!))) life.uploadClass = batch.storageClass[row]!;
    }
    if (life.uploadClass === NO_CLASS) life.uploadClass = STANDARD;
    for (let at = 0; at < life.accesses; at++) {
      const operation = life.accessOperation[at]!;
      if (operation === GET || operation === SELECT || isUpload(operation)) {
        if (Number.isNaN(life.accessBytes[at]!)) life.accessBytes[at] = life.size;
      } else life.accessBytes[at] = 0;
    }
    this.visitor.life(life);
  }

  private beginUpload(batch: TraceBatch, row: number, time: number): MultipartUpload {
    const marks = batch.marks.slice(row * batch.markWords, (row + 1) * batch.markWords);
    return { created: time, ended: this.options.until, uploadClass: NO_CLASS, marks, parts: [], requests: [] };
  }

  private endUpload(upload: MultipartUpload, time: number): void {
    upload.ended = time;
    if (upload.uploadClass === NO_CLASS) upload.uploadClass = STANDARD;
    this.visitor.multipart(upload);
  }
}

/** A successful request of an object, rather than of a bucket or of a multipart upload. */
function describesObject(code: number): boolean {
  return (
    code < FAILED && code !== LIST && code !== CREATE_MULTIPART && code !== UPLOAD_PART && code !== ABORT_MULTIPART
  );
}

/** What parts are put together to; NaN when that is more than an object can be. */
function sizeOfParts({ parts }: MultipartUpload): number {
  const size = parts.reduce((sum, { bytes }) => sum + bytes, 0);
  return size <= LARGEST_OBJECT_BYTES ? size : Number.NaN;
}

function namedClass(batch: TraceBatch, row: number, upload: MultipartUpload | undefined): ClassCode {
  const named = batch.storageClass[row]!;
  if (named !== NO_CLASS) return named;
  return upload && upload.uploadClass !== NO_CLASS ? upload.uploadClass : STANDARD;
}
