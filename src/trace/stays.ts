import type { ClassCode } from '../model/storage-class.ts';

/** Rule index of a stay that no rule caused: the upload itself. */
const NO_RULE = -1;

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

  /** Begins anew with the class at upload. */
  begin(storageClass: ClassCode, from: number): void {
    this.length = 0;
    this.expires = Infinity;
    this.expiryRule = NO_RULE;
    this.move(storageClass, from, NO_RULE);
  }

  move(storageClass: ClassCode, from: number, rule: number): void {
    this.storageClass[this.length] = storageClass;
    this.from[this.length] = from;
    this.rule[this.length] = rule;
    this.length++;
  }

  expire(at: number, rule: number): void {
    this.expires = at;
    this.expiryRule = rule;
  }
}
