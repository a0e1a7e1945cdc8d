import type { Life } from '../trace/life.ts';
import type { Stays } from '../trace/stays.ts';
import type { Mark } from '../trace/trace.ts';

/**
 * What decides the class an object is in. A policy sees a life, never a price, and cutting a life at an instant must
 * not change its stays before that instant.
 */
export interface Policy {
  /** As named by the user, unique in a comparison. */
  readonly name: string;
  /** One line in words: where uploads go and what moves them. */
  readonly description: string;
  /** Key prefixes and tags its rules ask about; the reader answers in the trace's marks. */
  readonly marks: readonly Mark[];
  /** Names of its rules, by the index stays give. */
  readonly rules: readonly string[];
  /** Days without access after which Intelligent-Tiering's optional tiers take an object in; absent when not opted in. */
  readonly archiveTiers?: readonly ArchiveTierConfiguration[];
  /**
   * Fills `stays` with the class a life is in over time.
   * @param markOf position of each of this policy's marks among all the marks of the trace
   */
  place(life: Life, stays: Stays, markOf: readonly number[], markWords: number): void;
}

/**
 * An Intelligent-Tiering archive configuration, as `aws s3api get-bucket-intelligent-tiering-configuration` prints it, compiled.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-intelligent-tiering.html
 */
export interface ArchiveTierConfiguration {
  /** Marks (of the policy) that must all hold. */
  readonly marks: readonly number[];
  /** 90 to 730; absent when not opted in. */
  readonly archiveAccessDays?: number;
  /** 180 to 730; absent when not opted in. */
  readonly deepArchiveAccessDays?: number;
}
