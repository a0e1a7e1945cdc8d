import type { ClassCode } from '../model/storage-class.ts';
import { BY_VERSION } from './life.ts';

/** Rule index of a stay that no rule caused: the upload itself. */
export const NO_RULE = -1;

/**
 * Where one life stays under one policy: a storage class from one instant to the next, filled again for every life.
 * Times are UTC seconds, ascending; the first stay begins when the life was created.
 */
export class Stays {
  length = 0;
  readonly storageClass: ClassCode[] = [];
  readonly from: number[] = [];
  /** Index of the rule that moved it there, or {@link NO_RULE}. */
  readonly rule: number[] = [];
  /** When the policy removes the object (Expiration); Infinity when it does not. */
  expires = Infinity;
  /** Index of the rule that expires it, or {@link NO_RULE}. */
  expiryRule: number = NO_RULE;
  /** From when to when, to the second, a request that names no version does not find it, though rows say it does. */
  private hidden = 0;
  private readonly hiddenFrom: number[] = [];
  private readonly hiddenUntil: number[] = [];

  /** Begins anew with the class at upload. */
  begin(storageClass: ClassCode, from: number): void {
    this.length = 0;
    this.expires = Infinity;
    this.expiryRule = NO_RULE;
    this.hidden = 0;
    this.move(storageClass, from, NO_RULE);
  }

  move(storageClass: ClassCode, from: number, rule: number): void {
    this.storageClass[this.length] = storageClass;
    this.from[this.length] = from;
    this.rule[this.length] = rule;
    this.length++;
  }

  hide(at: number): void {
    this.hiddenFrom[this.hidden] = at;
    this.hiddenUntil[this.hidden++] = Infinity;
  }

  show(at: number): void {
    this.hiddenUntil[this.hidden - 1] = at;
  }

  /**
   * Whether a request, given by its operation code with flags and its time, does not find the version: rows say it was
   * answered, but under the policy a delete marker answers.
   */
  misses(code: number, at: number): boolean {
    if (this.hidden === 0 || (code & BY_VERSION) !== 0) return false;
    for (let i = 0; i < this.hidden; i++) {
      if (at >= this.hiddenFrom[i]! && at <= this.hiddenUntil[i]!) return true;
    }
    return false;
  }

  /** The same of a change of tags: one within the very second of a midnight comes before what rules do at that midnight. */
  missesChange(flags: number, at: number): boolean {
    if (this.hidden === 0 || (flags & BY_VERSION) !== 0) return false;
    for (let i = 0; i < this.hidden; i++) {
      if (at > this.hiddenFrom[i]! && at <= this.hiddenUntil[i]!) return true;
    }
    return false;
  }

  expire(at: number, rule: number): void {
    this.expires = at;
    this.expiryRule = rule;
  }
}
