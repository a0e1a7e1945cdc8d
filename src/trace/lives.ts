import {
  ABORT_MULTIPART,
  DELETE,
  DELETE_TAGGING,
  DELETE_UPLOAD,
  isAct,
  isCharged,
  isFailed,
  isUpload,
  LIST,
  type OperationCode,
  operationOf,
  PUT_TAGGING,
} from '../model/operation.ts';
import type { ClassCode } from '../model/storage-class.ts';
import type { History } from './history.ts';
import { ALIVE, DELETED, emptyLife, type Life, OVERWRITTEN } from './life.ts';
import {
  addAccess,
  addAct,
  beginAssumedLife,
  beginUploadedLife,
  changeMarks,
  completeLife,
  describeLife,
  existingObject,
  isNothing,
} from './life-writer.ts';
import { isPartOfUpload, MultipartReader, type MultipartUpload } from './multipart.ts';
import { orderOperation, orderSeconds, type TraceBatch } from './trace.ts';

/** What happens to objects, in the order of each object's time. The arguments are used again after each call. */
export interface LivesVisitor {
  /** An object of an unversioned bucket. */
  life(life: Life): void;
  /** All versions of a key of a versioned bucket. */
  history(history: History): void;
  multipart(upload: MultipartUpload): void;
  /** A charged request that found no object; `group` is the row's. */
  stray(operation: OperationCode, time: number, count: number, group: number): void;
  /** A charged upload, or part of one, that failed, with the class it named. */
  failedUpload(operation: OperationCode, time: number, count: number, uploadClass: ClassCode, group: number): void;
  /** A DELETE of a key, or of a version, that was not there. */
  unknownDelete(count: number): void;
  /** An object of which no row says the size: its rows in a batch, which bill nothing. */
  unsized(batch: TraceBatch, rows: readonly number[]): void;
}

export interface LivesOptions {
  /** UTC seconds from which objects first seen in a read are taken to have existed. */
  readonly assumedSince: number;
  /** UTC seconds; rows from here on are ignored. */
  readonly until: number;
}

/**
 * Turns the rows of each object of an unversioned bucket into lives: a life begins with an upload (or, for an object that
 * existed before the trace, with the trace) and ends with a removal, an overwrite or the horizon.
 */
export class LivesReader {
  private readonly life: Life;
  private readonly visitor: LivesVisitor;
  private readonly options: LivesOptions;
  private readonly multipart: MultipartReader;

  constructor(markWords: number, options: LivesOptions, visitor: LivesVisitor) {
    this.life = emptyLife(markWords);
    this.options = options;
    this.visitor = visitor;
    this.multipart = new MultipartReader(options.until, (upload) => visitor.multipart(upload));
  }

  read(batch: TraceBatch): void {
    for (let object = 0; object < batch.objects; object++) {
      this.readObject(batch, batch.objectStart[object]!, batch.objectStart[object + 1]!);
    }
  }

  private readObject(batch: TraceBatch, first: number, end: number): void {
    const { life, visitor, multipart } = this;
    const { until } = this.options;
    const existing = existingObject(batch, first, end, until);
    if (existing >= 0) beginAssumedLife(life, batch, existing, this.options.assumedSince);
    let alive = existing >= 0;
    let known = alive;
    let lifeFirst = first;
    let row = first;
    for (; row < end; row++) {
      const order = batch.order[row]!;
      const time = orderSeconds(order);
      if (time >= until) break;
      const code = orderOperation(order);
      if (isNothing(code)) continue;
      const operation = operationOf(code);
      const failed = isFailed(code);
      if (isAct(operation)) {
        if (failed) continue;
        if (operation === DELETE_UPLOAD) multipart.deleted(time);
        else if (alive && time >= life.created) addAct(life, operation, time);
      } else if (operation === LIST) {
        if (isCharged(code)) visitor.stray(operation, time, batch.count[row]!, batch.group[row]!);
      } else if (isPartOfUpload(operation)) {
        if (!failed) multipart.request(batch, row, code, time);
        else this.failedUpload(batch, row, operation, time);
      } else if (isUpload(operation)) {
        if (failed) {
          this.failedUpload(batch, row, operation, time);
          continue;
        }
        if (alive) this.endLife(batch, lifeFirst, row, time, OVERWRITTEN);
        beginUploadedLife(life, batch, row, time, multipart);
        life.first = !known;
        alive = true;
        known = true;
        lifeFirst = row;
      } else if (alive) {
        if (!failed && (operation === PUT_TAGGING || operation === DELETE_TAGGING)) {
          changeMarks(life, batch, row, time);
        }
        if (operation === DELETE && !failed) {
          this.endLife(batch, lifeFirst, row + 1, time, DELETED);
          alive = false;
        } else {
          addAccess(life, code, time, batch.bytes[row]!, batch.count[row]!);
        }
      } else if (operation === DELETE) {
        if (!failed) visitor.unknownDelete(batch.count[row]!);
      } else if (isCharged(code)) {
        visitor.stray(operation, time, batch.count[row]!, batch.group[row]!);
      }
    }
    if (alive) this.endLife(batch, lifeFirst, row, until, ALIVE);
    multipart.end();
  }

  private failedUpload(batch: TraceBatch, row: number, operation: OperationCode, time: number): void {
    if (operation === ABORT_MULTIPART) return;
    const uploadClass = this.multipart.classNamed(batch, row, operation);
    this.visitor.failedUpload(operation, time, batch.count[row]!, uploadClass, batch.group[row]!);
  }

  private endLife(batch: TraceBatch, first: number, end: number, time: number, endedBy: Life['endedBy']): void {
    const { life } = this;
    life.ended = time;
    life.endedBy = endedBy;
    for (let row = first; row < end; row++) if (describeLife(life, batch, row)) break;
    if (Number.isNaN(life.size)) {
      this.leaveOut(batch, first, end);
      return;
    }
    completeLife(life);
    this.visitor.life(life);
  }

  /** All rows of the object, but those that are billed without it. */
  private leaveOut(batch: TraceBatch, first: number, end: number): void {
    const rows: number[] = [];
    for (let row = first; row < end; row++) {
      const code = orderOperation(batch.order[row]!);
      const operation = operationOf(code);
      const isOfItself =
        !isAct(operation) &&
        operation !== LIST &&
        !isPartOfUpload(operation) &&
        !(isUpload(operation) && isFailed(code));
      if (isOfItself && !isNothing(code)) rows.push(row);
    }
    this.visitor.unsized(batch, rows);
  }
}
