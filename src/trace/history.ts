import type { OperationCode } from '../model/operation.ts';
import { emptyLife, type Life } from './life.ts';
import { NO_VERSION } from './trace.ts';

/** What a row did to the versions of a key. */
export const CREATED = 0;
const REMOVED = 1;

/** An entity that is a delete marker, in {@link History.lifeOf}. */
export const MARKER = -1;

/**
 * All versions and delete markers of one key in a versioned bucket: filled again for every key. Entities are numbered in
 * order of creation. Times are UTC seconds.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/versioning-workflows.html
 */
export class History {
  entities = 0;
  /** Index into {@link lives} of each entity, or {@link MARKER}. */
  readonly lifeOf: number[] = [];
  /** Whether each entity is what S3 calls the null version (or null marker), of which a key has one at the most. */
  readonly isNull: boolean[] = [];
  /** Number of the version id that rows gave each entity, or NO_VERSION. */
  readonly versionOf: number[] = [];
  /** Equal keys each entity stands for. */
  readonly count: number[] = [];
  /** When each entity was created, and removed by a row (or the horizon's end). */
  readonly created: number[] = [];
  readonly removed: number[] = [];
  versions = 0;
  /** The versions' lives: the first {@link versions} are this key's. */
  readonly lives: Life[] = [];
  /** What rows did, in order: how many steps, what ({@link CREATED} or {@link REMOVED}), to which entity, when. */
  steps = 0;
  readonly action: number[] = [];
  readonly entity: number[] = [];
  readonly time: number[] = [];
  /** What S3's own lifecycle did, in order: how many acts, what, to which version id's number (or NO_VERSION), when, and after how many of the steps. */
  acts = 0;
  readonly actOperation: OperationCode[] = [];
  readonly actVersion: number[] = [];
  readonly actTime: number[] = [];
  readonly actAfter: number[] = [];
  /** Bytes of the key, which a delete marker is billed for: https://docs.aws.amazon.com/AmazonS3/latest/userguide/DeleteMarker.html */
  keyBytes = 0;
  /** Group of the key's first row, where groups are told by keys or tags. */
  keyGroup = 0;
  /** Marks of the key's first row: which prefixes it has. */
  readonly keyMarks: Int32Array;
  private readonly markWords: number;

  constructor(markWords: number) {
    this.markWords = markWords;
    this.keyMarks = new Int32Array(markWords);
  }

  /** Begins the next key. */
  begin(keyBytes: number, keyGroup: number): void {
    this.entities = 0;
    this.versions = 0;
    this.steps = 0;
    this.acts = 0;
    this.keyBytes = keyBytes;
    this.keyGroup = keyGroup;
  }

  /** A new version; its life is to be filled. */
  addVersion(at: number, isNull: boolean, count: number, version: number): Life {
    this.add(this.versions, at, isNull, count, version);
    const life = this.lives[this.versions] ?? emptyLife(this.markWords, 8);
    this.lives[this.versions++] = life;
    return life;
  }

  /** A new delete marker. */
  addMarker(at: number, isNull: boolean, count: number): void {
    this.add(MARKER, at, isNull, count, NO_VERSION);
  }

  remove(entity: number, at: number): void {
    this.removed[entity] = at;
    this.step(REMOVED, entity, at);
  }

  /** An act of S3's own lifecycle, after the steps so far. */
  act(operation: OperationCode, version: number, at: number): void {
    this.actOperation[this.acts] = operation;
    this.actVersion[this.acts] = version;
    this.actTime[this.acts] = at;
    this.actAfter[this.acts++] = this.steps;
  }

  private add(life: number, at: number, isNull: boolean, count: number, version: number): void {
    const entity = this.entities++;
    this.lifeOf[entity] = life;
    this.isNull[entity] = isNull;
    this.versionOf[entity] = version;
    this.count[entity] = count;
    this.created[entity] = at;
    this.removed[entity] = Infinity;
    this.step(CREATED, entity, at);
  }

  private step(action: number, entity: number, at: number): void {
    this.action[this.steps] = action;
    this.entity[this.steps] = entity;
    this.time[this.steps] = at;
    this.steps++;
  }
}
