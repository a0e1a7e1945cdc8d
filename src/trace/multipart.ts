import {
  ABORT_MULTIPART,
  COMPLETE_MULTIPART,
  CREATE_MULTIPART,
  isCharged,
  type OperationCode,
  operationOf,
  UPLOAD_PART,
} from '../model/operation.ts';
import { type ClassCode, LARGEST_OBJECT_BYTES, NO_CLASS, STANDARD } from '../model/storage-class.ts';
import type { TraceBatch } from './trace.ts';

/** A part of an upload. Times are UTC seconds. */
export interface UploadedPart {
  readonly time: number;
  readonly bytes: number;
  /** Its upload is the owner's to pay; what it holds always is. */
  readonly charged: boolean;
  /** When S3's own lifecycle removed it. */
  deleted?: number;
}

/** A multipart upload from its first request to its completion or abort: what its parts hold meanwhile. Times are UTC seconds. */
export interface MultipartUpload {
  created: number;
  /** When it was completed or aborted, or the horizon's end. */
  ended: number;
  completed: boolean;
  /** When S3's own lifecycle removed what there was of it, if no request has added to it since. */
  deleted: number | undefined;
  /** Class named at its beginning, or STANDARD. */
  uploadClass: ClassCode;
  /** Mark bits of its first row. */
  marks: Int32Array;
  /** Group of its first row, where groups are told by keys or tags. */
  group: number;
  parts: UploadedPart[];
  /** CREATE_MULTIPART and UPLOAD_PART requests that are charged. */
  requests: { operation: OperationCode; time: number; count: number }[];
}

/** Collects the multipart upload of one key; a trace that names no upload ids has one at a time. */
export class MultipartReader {
  private readonly until: number;
  private readonly visit: (upload: MultipartUpload) => void;
  private upload: MultipartUpload | undefined;

  /** @param until UTC seconds at which an upload nobody ended is taken leave of */
  constructor(until: number, visit: (upload: MultipartUpload) => void) {
    this.until = until;
    this.visit = visit;
  }

  /** Takes a successful CREATE_MULTIPART, UPLOAD_PART or ABORT_MULTIPART. */
  request(batch: TraceBatch, row: number, code: number, time: number): void {
    const operation = operationOf(code);
    if (operation === ABORT_MULTIPART) {
      this.end(time);
      return;
    }
    this.upload ??= this.begin(batch, row, time);
    const { upload } = this;
    upload.deleted = undefined;
    if (upload.uploadClass === NO_CLASS) upload.uploadClass = batch.storageClass[row]!;
    const count = batch.count[row]!;
    if (isCharged(code)) upload.requests.push({ operation, time, count });
    // A part moves its bytes; a trace may give them as its size.
    const size = Number.isNaN(batch.bytes[row]!) ? batch.size[row]! : batch.bytes[row]!;
    if (operation === UPLOAD_PART && size > 0) {
      upload.parts.push({ time, bytes: size * count, charged: isCharged(code) });
    }
  }

  /** S3's own lifecycle removed what there was of the upload: requests go on as if it had not. */
  deleted(time: number): void {
    const { upload } = this;
    if (!upload) return;
    upload.deleted = time;
    for (const part of upload.parts) part.deleted ??= time;
  }

  /**
   * Completes the upload.
   * @returns its parts; undefined when a trace that begins later shows none
   */
  complete(time: number): MultipartUpload | undefined {
    const { upload } = this;
    if (upload) {
      upload.completed = true;
      upload.deleted = undefined;
    }
    this.end(time);
    return upload;
  }

  /** Class a row asks for, or the upload it completes or belongs to began with. */
  classNamed(batch: TraceBatch, row: number, operation: OperationCode): ClassCode {
    const named = batch.storageClass[row]!;
    if (named !== NO_CLASS) return named;
    const belongs = operation === COMPLETE_MULTIPART || operation === CREATE_MULTIPART || operation === UPLOAD_PART;
    return belongs && this.upload && this.upload.uploadClass !== NO_CLASS ? this.upload.uploadClass : STANDARD;
  }

  end(time = this.until): void {
    const { upload } = this;
    if (!upload) return;
    this.upload = undefined;
    upload.ended = time;
    if (upload.uploadClass === NO_CLASS) upload.uploadClass = STANDARD;
    this.visit(upload);
  }

  /** Forgets an upload that was not ended. */
  reset(): void {
    this.upload = undefined;
  }

  private begin(batch: TraceBatch, row: number, time: number): MultipartUpload {
    const marks = batch.marks.slice(row * batch.markWords, (row + 1) * batch.markWords);
    return {
      created: time,
      ended: this.until,
      completed: false,
      deleted: undefined,
      uploadClass: NO_CLASS,
      marks,
      group: batch.group[row]!,
      parts: [],
      requests: [],
    };
  }
}

/** Requests of a multipart upload that is not completed by them. */
export function isPartOfUpload(operation: OperationCode): boolean {
  return operation === CREATE_MULTIPART || operation === UPLOAD_PART || operation === ABORT_MULTIPART;
}

/** What parts are put together to; NaN when that is more than an object can be. */
export function sizeOfParts({ parts }: MultipartUpload): number {
  const size = parts.reduce((sum, { bytes }) => sum + bytes, 0);
  return size <= LARGEST_OBJECT_BYTES ? size : Number.NaN;
}
