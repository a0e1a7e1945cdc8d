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
import { History, MARKER } from './history.ts';
import { ALIVE, BY_VERSION, DELETED, type Life, OVERWRITTEN } from './life.ts';
import {
  addAccess,
  beginAssumedLife,
  beginUploadedLife,
  changeMarks,
  completeLife,
  describeLife,
  describesObject,
  existingObject,
  isNothing,
} from './life-writer.ts';
import type { LivesOptions, LivesVisitor } from './lives.ts';
import { isPartOfUpload, MultipartReader } from './multipart.ts';
import { NO_VERSION, NULL_VERSION, orderOperation, orderSeconds, type TraceBatch, type Versioning } from './trace.ts';

/** What a version id names when nothing of the key has it. */
const NOTHING = -1;

/** Rows of one key within the horizon: from `first` up to `end` of a batch. */
interface Rows {
  readonly batch: TraceBatch;
  readonly first: number;
  readonly end: number;
}

/**
 * Turns the rows of each key of a versioned bucket into its history: uploads make versions, deletes that name none make
 * delete markers, deletes that name one remove it for good.
 *
 * A version id that no upload gives is that of the oldest version without an id (for a DELETE that gives no size: of the
 * oldest version or marker); where there is none, of a version that was there before the trace.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/versioning-workflows.html and, while suspended,
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/AddingObjectstoVersionSuspendedBuckets.html
 */
export class VersionsReader {
  private readonly history: History;
  private readonly visitor: LivesVisitor;
  private readonly options: LivesOptions;
  private readonly suspended: boolean;
  private readonly multipart: MultipartReader;
  /** Entities that are alive, oldest first: the last is the current one. */
  private readonly alive: number[] = [];
  /** The key's first row. */
  private first = 0;
  private nullEntity = NOTHING;
  /** Whether it is settled if a null version was there before the trace. */
  private nullSettled = false;
  /** The entity that each version id met so far names, or {@link NOTHING}. */
  private readonly named = new Map<number, number>();
  private readonly hasId: boolean[] = [];
  /** The row each assumed version was found by; {@link NOTHING} for other entities. */
  private readonly foundBy: number[] = [];
  /** The entity each row is about, from the key's first row on. */
  private readonly ownerOf: number[] = [];
  private readonly uploadedIds = new Set<number>();
  /** Version ids of versions that were there before the trace, with the first rows that name them. */
  private readonly assumed = new Map<number, number>();
  /** What the first reading found each id to name, numbered without those versions, of which there are so many. */
  private readonly resolved = new Map<number, number>();
  private assumedEntities = 0;
  /** Reading a key for the first time, only to find those. */
  private dry = false;

  constructor(
    markWords: number,
    options: LivesOptions,
    versioning: Exclude<Versioning, 'unversioned'>,
    visitor: LivesVisitor,
  ) {
    this.history = new History(markWords);
    this.options = options;
    this.visitor = visitor;
    this.suspended = versioning === 'suspended';
    this.multipart = new MultipartReader(options.until, (upload) => {
      if (!this.dry) visitor.multipart(upload);
    });
  }

  read(batch: TraceBatch): void {
    for (let object = 0; object < batch.objects; object++) {
      const first = batch.objectStart[object]!;
      let end = batch.objectStart[object + 1]!;
      while (end > first && orderSeconds(batch.order[end - 1]!) >= this.options.until) end--;
      const lead = firstRequest(batch, first, end);
      if (lead < end) this.readKey({ batch, first, end }, batch.keyBytes[object]!);
    }
  }

  private readKey(rows: Rows, keyBytes: number): void {
    this.assumed.clear();
    this.resolved.clear();
    this.dry = this.namesUnknown(rows);
    if (this.dry) {
      this.replay(rows, keyBytes);
      this.multipart.reset();
      this.dry = false;
    }
    this.replay(rows, keyBytes);
    this.multipart.end();
    this.finish(rows);
  }

  /** Whether rows name versions that no upload made. */
  private namesUnknown({ batch, first, end }: Rows): boolean {
    const { uploadedIds } = this;
    uploadedIds.clear();
    let requests = 0;
    for (let row = first; row < end; row++) {
      const version = batch.version[row]!;
      if (version === NO_VERSION || isAct(operationAt(batch, row))) continue;
      const code = orderOperation(batch.order[row]!);
      if (isUpload(operationOf(code)) && !isFailed(code)) uploadedIds.add(version);
      else requests++;
    }
    if (requests === 0) return false;
    for (let row = first; row < end; row++) {
      const version = batch.version[row]!;
      if (isAct(operationAt(batch, row))) continue;
      if (version === NULL_VERSION || (version !== NO_VERSION && !uploadedIds.has(version))) return true;
    }
    return false;
  }

  private replay(rows: Rows, keyBytes: number): void {
    const { batch, first, end } = rows;
    this.begin(rows, keyBytes);
    for (let row = first; row < end; row++) {
      const order = batch.order[row]!;
      const code = orderOperation(order);
      this.ownerOf[row - first] = NOTHING;
      if (isNothing(code)) continue;
      const time = orderSeconds(order);
      const operation = operationOf(code);
      if (isAct(operation)) {
        if (!isFailed(code)) this.act(batch.version[row]!, operation, time);
      } else if (operation === LIST) this.stray(batch, row, code, time);
      else if (isPartOfUpload(operation)) {
        if (isFailed(code)) this.failedUpload(batch, row, operation, time);
        else this.multipart.request(batch, row, code, time);
      } else if (isUpload(operation)) {
        if (isFailed(code)) this.failedUpload(batch, row, operation, time);
        else this.upload(rows, row, time);
      } else if (operation === DELETE) {
        if (!isFailed(code)) this.delete(rows, row, time);
      } else this.request(rows, row, code, time);
    }
  }

  /** What S3's own lifecycle did shows nothing and names nothing: without it the key's history is the same. */
  private act(version: number, operation: OperationCode, time: number): void {
    if (operation !== DELETE_UPLOAD) this.history.act(operation, version, time);
    else this.multipart.deleted(time);
  }

  private begin({ batch, first, end }: Rows, keyBytes: number): void {
    const { history, options } = this;
    const lead = firstRequest(batch, first, end);
    history.begin(keyBytes, batch.group[lead]!);
    for (let word = 0; word < batch.markWords; word++) {
      history.keyMarks[word] = batch.marks[lead * batch.markWords + word]!;
    }
    this.first = first;
    this.alive.length = 0;
    this.named.clear();
    this.nullEntity = NOTHING;
    this.nullSettled = false;
    for (const [version, row] of this.assumed) this.addAssumed(batch, row, version);
    this.assumedEntities = this.history.entities;
    const decides = (row: number): boolean => batch.version[row] === NO_VERSION || isUpload(operationAt(batch, row));
    const unnamed = existingObject(batch, first, end, options.until, decides);
    if (unnamed >= 0) this.addAssumed(batch, this.suspended ? this.firstOfNull(batch, unnamed) : unnamed, NO_VERSION);
  }

  private addAssumed(batch: TraceBatch, row: number, version: number): void {
    const since = this.options.assumedSince;
    const isUnnamedNull = this.suspended && version === NO_VERSION && !this.isDeletedBefore(batch, NULL_VERSION, row);
    const isNull = version === NULL_VERSION || isUnnamedNull;
    if (isNull && this.nullEntity !== NOTHING) return;
    const life = this.addVersion(since, version, isNull, 1);
    beginAssumedLife(life, batch, row, since);
    life.first = this.history.versions === 1;
    this.foundBy[this.history.entities - 1] = row;
  }

  /** The first row of the null version, which one that names no version has shown: one that names it may come before. */
  private firstOfNull(batch: TraceBatch, unnamed: number): number {
    if (this.isDeletedBefore(batch, NULL_VERSION, unnamed)) return unnamed;
    for (let row = this.first; row < unnamed; row++) {
      const isOfNull = batch.version[row] === NULL_VERSION;
      if (isOfNull && describesObject(orderOperation(batch.order[row]!)) && givesObject(batch, row)) return row;
    }
    return unnamed;
  }

  private addVersion(time: number, version: number, isNull: boolean, count: number): Life {
    const life = this.history.addVersion(time, isNull, count, version);
    life.ended = this.options.until;
    life.endedBy = ALIVE;
    this.added(version, isNull);
    return life;
  }

  private added(version: number, isNull: boolean): void {
    const entity = this.history.entities - 1;
    this.alive.push(entity);
    this.hasId[entity] = version !== NO_VERSION;
    this.foundBy[entity] = NOTHING;
    if (isNull) {
      this.nullEntity = entity;
      this.nullSettled = true;
    } else if (version !== NO_VERSION) this.named.set(version, entity);
  }

  private upload({ batch, first }: Rows, row: number, time: number): void {
    const version = batch.version[row]!;
    const isNull = version === NULL_VERSION || (this.suspended && version === NO_VERSION);
    if (isNull) this.removeNull(time, OVERWRITTEN);
    const life = this.addVersion(time, version, isNull, batch.count[row]!);
    beginUploadedLife(life, batch, row, time, this.multipart);
    life.first = this.history.versions === 1;
    this.ownerOf[row - first] = this.history.entities - 1;
  }

  private delete({ batch, first }: Rows, row: number, time: number): void {
    const { history, visitor } = this;
    const version = batch.version[row]!;
    const named = version === NO_VERSION ? this.current : this.resolve(batch, row, version);
    this.ownerOf[row - first] = named;
    if (named === NOTHING && !this.dry) visitor.unknownDelete(batch.count[row]!);
    const life = this.lifeOf(named);
    if (life) describeLife(life, batch, row);
    if (version !== NO_VERSION) {
      if (named !== NOTHING) this.remove(named, time, DELETED);
      return;
    }
    if (this.suspended) this.removeNull(time, DELETED);
    const count = history.versions === 0 ? 1 : history.lives[history.versions - 1]!.count;
    history.addMarker(time, this.suspended, count);
    this.added(NO_VERSION, this.suspended);
  }

  private request({ batch, first }: Rows, row: number, code: number, time: number): void {
    const version = batch.version[row]!;
    const entity = version === NO_VERSION ? this.current : this.resolve(batch, row, version);
    const life = this.lifeOf(entity);
    if (!life) {
      this.stray(batch, row, code, time);
      return;
    }
    this.ownerOf[row - first] = entity;
    const operation = operationOf(code);
    const changesTags = operation === PUT_TAGGING || operation === DELETE_TAGGING;
    if (changesTags && !isFailed(code)) changeMarks(life, batch, row, time);
    const flag = version === NO_VERSION ? 0 : BY_VERSION;
    addAccess(life, code | flag, time, batch.bytes[row]!, batch.count[row]!);
    describeLife(life, batch, row);
  }

  /** The current entity, or {@link NOTHING}. */
  private get current(): number {
    return this.alive.length === 0 ? NOTHING : this.alive[this.alive.length - 1]!;
  }

  /** The life of an entity that is a version; undefined for markers and for {@link NOTHING}. */
  private lifeOf(entity: number): Life | undefined {
    if (entity === NOTHING) return undefined;
    const life = this.history.lifeOf[entity]!;
    return life === MARKER ? undefined : this.history.lives[life];
  }

  /** The entity alive that a version id names, or {@link NOTHING}. */
  private resolve(batch: TraceBatch, row: number, version: number): number {
    if (version === NULL_VERSION) return this.resolveNull(batch, row);
    let entity = this.named.get(version);
    if (entity === undefined) {
      if (this.uploadedIds.has(version)) return NOTHING;
      if (!describesObject(orderOperation(batch.order[row]!))) return this.namedLater(version);
      entity = this.unnamed(batch, version, !givesObject(batch, row));
      if (entity !== NOTHING) {
        this.history.versionOf[entity] = version;
        this.nameUnnamed(batch, row, entity);
      } else if (givesObject(batch, row)) this.assumed.set(version, row);
      this.named.set(version, entity);
      if (this.dry) this.resolved.set(version, entity);
    }
    return entity !== NOTHING && this.alive.includes(entity) ? entity : NOTHING;
  }

  /** The entity alive that a later row gives an id to, for a request that failed and decides nothing itself. */
  private namedLater(version: number): number {
    const found = this.resolved.get(version);
    if (this.dry || found === undefined || found === NOTHING) return NOTHING;
    const entity = found + this.assumedEntities;
    return this.alive.includes(entity) ? entity : NOTHING;
  }

  private resolveNull(batch: TraceBatch, row: number): number {
    if (!this.nullSettled && describesObject(orderOperation(batch.order[row]!))) {
      this.nullSettled = true;
      if (givesObject(batch, row)) this.assumed.set(NULL_VERSION, row);
    }
    return this.nullEntity;
  }

  /** The oldest version, or of versions and markers, that is alive and has no id. */
  private unnamed(batch: TraceBatch, version: number, orMarker: boolean): number {
    const { history, foundBy } = this;
    const found = this.alive.find(
      (entity) =>
        !this.hasId[entity] &&
        !history.isNull[entity] &&
        (orMarker || history.lifeOf[entity] !== MARKER) &&
        (foundBy[entity] === NOTHING || !this.isDeletedBefore(batch, version, foundBy[entity]!)),
    );
    return found ?? NOTHING;
  }

  /** Gives an entity the id a row names. One that a later row had shown has the tags of this one. */
  private nameUnnamed(batch: TraceBatch, row: number, entity: number): void {
    this.hasId[entity] = true;
    if (this.foundBy[entity]! <= row) return;
    this.foundBy[entity] = row;
    const life = this.lifeOf(entity)!;
    life.markChanges = 0;
    changeMarks(life, batch, row, life.created);
  }

  /** Whether a version was removed before a row of the key, which therefore shows another. */
  private isDeletedBefore(batch: TraceBatch, version: number, row: number): boolean {
    for (let at = this.first; at < row; at++) {
      const code = orderOperation(batch.order[at]!);
      if (batch.version[at] === version && operationOf(code) === DELETE && !isFailed(code)) return true;
    }
    return false;
  }

  private removeNull(time: number, endedBy: Life['endedBy']): void {
    if (this.nullEntity !== NOTHING) this.remove(this.nullEntity, time, endedBy);
  }

  private remove(entity: number, time: number, endedBy: Life['endedBy']): void {
    this.alive.splice(this.alive.lastIndexOf(entity), 1);
    this.history.remove(entity, time);
    if (entity === this.nullEntity) this.nullEntity = NOTHING;
    const life = this.lifeOf(entity);
    if (!life) return;
    life.ended = time;
    life.endedBy = endedBy;
  }

  private stray(batch: TraceBatch, row: number, code: number, time: number): void {
    if (isCharged(code) && !this.dry) this.visitor.stray(operationOf(code), time, batch.count[row]!, batch.group[row]!);
  }

  private failedUpload(batch: TraceBatch, row: number, operation: OperationCode, time: number): void {
    if (operation === ABORT_MULTIPART || this.dry) return;
    const uploadClass = this.multipart.classNamed(batch, row, operation);
    this.visitor.failedUpload(operation, time, batch.count[row]!, uploadClass, batch.group[row]!);
  }

  private finish(rows: Rows): void {
    const { history, visitor } = this;
    for (let entity = 0; entity < history.entities; entity++) {
      const life = this.lifeOf(entity);
      if (life && Number.isNaN(life.size)) this.leaveOut(rows, entity, life);
      else if (life) completeLife(life);
    }
    visitor.history(history);
  }

  /** A version of which no row says the size is there, but is not billed. */
  private leaveOut({ batch, first, end }: Rows, entity: number, life: Life): void {
    const rows: number[] = [];
    for (let row = first; row < end; row++) if (this.ownerOf[row - first] === entity) rows.push(row);
    this.visitor.unsized(batch, rows);
    life.size = 0;
    life.count = 0;
    completeLife(life);
  }
}

/** The first row that is a request; `end` when there is none. */
function firstRequest(batch: TraceBatch, first: number, end: number): number {
  let row = first;
  while (row < end && isAct(operationAt(batch, row))) row++;
  return row;
}

/** Whether a row shows that there is an object: any but a DELETE that gives no size, which S3 answers alike when nothing is there. */
function givesObject(batch: TraceBatch, row: number): boolean {
  return operationAt(batch, row) !== DELETE || !Number.isNaN(batch.size[row]!);
}

function operationAt(batch: TraceBatch, row: number): OperationCode {
  return operationOf(orderOperation(batch.order[row]!));
}
