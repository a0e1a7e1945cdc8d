import type { ClassCode } from '../model/storage-class.ts';
import type { ArchiveTierConfiguration } from '../trace/access-tiers.ts';
import type { History } from '../trace/history.ts';
import type { Life } from '../trace/life.ts';
import type { Placed } from '../trace/placed.ts';
import type { Stays } from '../trace/stays.ts';
import type { Mark } from '../trace/trace.ts';
import type { PolicyRecipe } from './recipe.ts';

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
  /** Its rules act on noncurrent versions or delete markers, which an unversioned bucket has not. */
  readonly actsOnVersions?: true;
  /**
   * Its only rule is what S3's own lifecycle is recorded to have done, to multipart uploads too: late, so that stays
   * since the midnight before an instant depend on what comes after it.
   */
  readonly followsRecords?: true;
  /** UTC seconds at the midnight its rules begin; absent when they were always there. */
  readonly rulesFrom?: number;
  /** Class every upload goes to; absent when uploads keep the class the trace gives. */
  readonly uploadClass?: ClassCode;
  /** The class every object is in from beginning to end, uploads and objects that were there before; absent when objects move. */
  readonly fixedClass?: ClassCode;
  /** Days without access after which Intelligent-Tiering's optional tiers take an object in; absent when not opted in. */
  readonly archiveTiers?: readonly ArchiveTierConfiguration[];
  /** Rules that abort multipart uploads nobody completed; absent when there are none. */
  readonly abortIncompleteUploads?: readonly AbortIncompleteUploads[];
  /** What makes the policy again in another thread; absent: it works only where it was made. */
  readonly recipe?: PolicyRecipe;
  /**
   * Fills `stays` with the class a life is in over time.
   * @param markOf position of each of this policy's marks among all the marks of the trace
   */
  place(life: Life, stays: Stays, markOf: readonly number[], markWords: number): void;
  /**
   * Fills `placed` with where the versions of a key of a versioned bucket stay, and with the delete markers; absent when
   * the policy removes nothing and treats each version as {@link place} does.
   * @param until UTC seconds at which the horizon ends
   */
  placeHistory?(
    history: History,
    placed: Placed,
    suspended: boolean,
    until: number,
    markOf: readonly number[],
    markWords: number,
  ): void;
}

/**
 * A rule's AbortIncompleteMultipartUpload: uploads not completed are aborted at the midnight after `days` days.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpu-abort-incomplete-mpu-lifecycle-config.html
 */
interface AbortIncompleteUploads {
  /** Marks (of the policy) that must all hold: a prefix, or none. */
  readonly marks: readonly number[];
  /** Days after the upload was initiated; the earliest of the rules that match counts. */
  readonly days: number;
  /** UTC seconds before which the rule does nothing; -Infinity when it was always there. */
  readonly notBefore: number;
  /** Index among the policy's rules. */
  readonly rule: number;
}
