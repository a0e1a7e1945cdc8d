import type { Decay, Rhythm, Sizes } from './distributions.ts';
import type { Random } from './random.ts';

/**
 * A kind of bucket to imitate: numbers and small functions, no code of its own. The texts are sentences for people.
 */
export interface Preset {
  readonly name: string;
  /** What it imitates. */
  readonly imitates: string;
  /** Sizes, popularity, ages and rhythm in one line. */
  readonly parameters: string;
  /** The class that should win. */
  readonly winner: string;
  /** Why it should. */
  readonly why: string;
  /** What the objects are, in any shares. */
  readonly kinds: readonly Kind[];
  /** Neighbouring objects that were uploaded for the same occasion and are equally popular: the renditions of a title. */
  readonly groupSize: number;
  /** Popularity falls as rank ^ -exponent; 0 makes all alike. */
  readonly zipfExponent: number;
  /** Share of the groups that are uploaded on the first day: what was there before. */
  readonly stockShare: number;
  /** Mean age of the stock on that day, in days, exponential: its interest has faded that much already. */
  readonly stockAgeDays: number;
  readonly uploads: Rhythm;
  readonly reads: Rhythm;
  /** Share of the requests that ask for the metadata only. */
  readonly headShare: number;
  /** Share of the requests that list the object's folder. */
  readonly listShare: number;
  /** The key of an object. Must hold the object's number, which makes it unique. */
  key(object: ObjectNames): string;
}

/** Objects of one kind have their size, their interest and their end in common. */
export interface Kind {
  readonly name: string;
  /** Relative to the other kinds of the preset. */
  readonly share: number;
  readonly sizes: Sizes;
  /** Share of the objects that have no bytes at all. */
  readonly emptyShare?: number;
  /** Requests per day of an object of mean popularity at age 0. */
  readonly readsPerDay: number;
  readonly decay: Decay;
  /** Bytes that one GET asks for; the whole object when absent. */
  readonly range?: Sizes;
  /** Mean days from one overwrite to the next; never when absent. */
  readonly rewriteDays?: number;
  readonly ends?: Ending;
}

/** When objects of a kind are deleted. */
export type Ending =
  /** By a nightly job, within the hour after so many days. */
  | { readonly kind: 'retention'; readonly days: number }
  /** By a person: a share of the objects, after an exponential time. */
  | { readonly kind: 'people'; readonly share: number; readonly meanDays: number };

/** What a key may be made of. */
interface ObjectNames {
  /** The object's number from 0. */
  readonly object: number;
  readonly group: number;
  readonly kind: string;
  /** Date of the upload: `2025-01-31`. */
  readonly date: string;
  /** The object's own randomness. */
  readonly random: Random;
}

/** `000042`: a number in a key, so that listings sort. */
export function padded(number: number, digits: number): string {
  return String(number).padStart(digits, '0');
}
