import { LARGEST_OBJECT_BYTES } from '../model/storage-class.ts';
import type { Random } from './random.ts';

/** A distribution of bytes: always a whole number from 1 to the largest object S3 stores. */
export type Sizes = (random: Random) => number;

/** Log-normal around a median; `sigma` is the standard deviation of the natural logarithm. */
export function logNormal(medianBytes: number, sigma: number): Sizes {
  return (random) => wholeBytes(medianBytes * Math.exp(sigma * random.normal()));
}

/**
 * Drawn from measured quantiles: `[share of objects that are at most this large, bytes]`, shares ascending from 0 to 1,
 * in between on a straight line of the logarithm.
 */
export function quantiles(points: readonly (readonly [share: number, bytes: number])[]): Sizes {
  return (random) => {
    const share = random.uniform();
    let i = 1;
    while (points[i]![0] < share) i++;
    const [[lowShare, low], [highShare, high]] = [points[i - 1]!, points[i]!];
    return wholeBytes(low * (high / low) ** ((share - lowShare) / (highShare - lowShare)));
  };
}

function wholeBytes(bytes: number): number {
  return Math.min(LARGEST_OBJECT_BYTES, Math.max(1, Math.round(bytes)));
}

/** How interest fades with an object's age: the rate of reads relative to the rate at age 0. Ages in days. */
export interface Decay {
  /** The rate added up from age 0 to `age`; never falls. */
  mass(age: number): number;
  /** The age at which {@link mass} is reached; infinite when it never is. */
  age(mass: number): number;
}

/** The same rate at every age. */
export const steady: Decay = { mass: (age) => age, age: (mass) => mass };

/** Halved every `days` days. */
export function halfLife(days: number): Decay {
  const mean = days / Math.LN2;
  return {
    mass: (age) => mean * (1 - Math.exp(-age / mean)),
    age: (mass) => (mass < mean ? -mean * Math.log(1 - mass / mean) : Infinity),
  };
}

/** `(1 + age / scale) ^ -exponent`: as hot as a half-life at first, then with a tail that never quite ends. `exponent` is not 1. */
export function powerLaw(scaleDays: number, exponent: number): Decay {
  const power = 1 - exponent;
  return {
    mass: (age) => (scaleDays / power) * ((1 + age / scaleDays) ** power - 1),
    age: (mass) => {
      const base = 1 + (mass * power) / scaleDays;
      return base > 0 ? scaleDays * (base ** (1 / power) - 1) : Infinity;
    },
  };
}

/** The share of ranks above the most popular one that is drawn from; caps the weight of one object at 10^6 ^ exponent. */
const RAREST = 1e-6;

/**
 * Popularity with a Zipf law, mean 1. The weight is the power `-exponent` of a uniform number, so the r-th most popular
 * of any number of objects has about r ^ -exponent of the first one's reads, without knowing how many objects there are.
 */
export function zipfWeight(random: Random, exponent: number): number {
  return (RAREST + (1 - RAREST) * random.uniform()) ** -exponent / zipfMean(exponent);
}

function zipfMean(exponent: number): number {
  const mean = exponent === 1 ? -Math.log(RAREST) : (1 - RAREST ** (1 - exponent)) / (1 - exponent);
  return mean / (1 - RAREST);
}

/** The rate by hour of the week, UTC, Monday first; the mean of a week is 1. */
export interface Rhythm {
  /** 168 rates divided by the highest, so that each is the chance to keep a candidate drawn at the highest rate. */
  readonly keep: readonly number[];
  /** The highest rate. */
  readonly peak: number;
}

/** A rhythm from the shape of a day (24 hours UTC) and of a week (Monday to Sunday), in any unit. */
function rhythm(hours: readonly number[], weekdays: readonly number[]): Rhythm {
  const rates = weekdays.flatMap((day) => hours.map((hour) => day * hour));
  const mean = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
  const highest = Math.max(...rates);
  return { keep: rates.map((rate) => rate / highest), peak: highest / mean };
}

/** Index into a {@link Rhythm} of an instant in UTC seconds; 1970 began on a Thursday. */
export function hourOfWeek(seconds: number): number {
  return (Math.floor(seconds / 3600) + 72) % 168;
}

const EVERY_DAY = [1, 1, 1, 1, 1, 1, 1];
const MOST_WEEKDAYS = [10, 10, 10, 10, 9, 3, 2];
const WAKING_HOURS = [6, 5, 4, 3, 3, 4, 5, 7, 9, 10, 11, 12, 12, 12, 12, 12, 12, 12, 12, 12, 11, 10, 9, 7];
const OFFICE_HOURS = [1, 1, 1, 1, 1, 1, 2, 6, 12, 16, 16, 15, 12, 14, 16, 15, 13, 8, 4, 2, 2, 1, 1, 1];

/** People at home: evenings and weekends most. */
export const leisure: Rhythm = rhythm(
  [8, 5, 3, 2, 2, 2, 3, 4, 6, 7, 8, 9, 10, 10, 10, 11, 13, 16, 20, 23, 24, 22, 17, 12],
  [9, 9, 9, 9, 11, 13, 13],
);

/** Visitors from everywhere, more while Europe and America are awake. */
export const visitors: Rhythm = rhythm(WAKING_HOURS, [11, 11, 11, 11, 10, 8, 8]);

/** People at work. */
export const office: Rhythm = rhythm(OFFICE_HOURS, MOST_WEEKDAYS);

/** A nightly batch beside people at work. */
export const officeAndBatch: Rhythm = rhythm(
  OFFICE_HOURS.map((rate, hour) => rate + (hour >= 1 && hour < 4 ? 14 : 3)),
  [10, 10, 10, 10, 10, 5, 5],
);

/** Jobs from 01:00 to 05:00, every night. */
export const nightly: Rhythm = rhythm(
  Array.from({ length: 24 }, (_, hour) => (hour >= 1 && hour < 5 ? 1 : 0)),
  EVERY_DAY,
);

/** Software of an application, by day and by night. */
export const machines: Rhythm = rhythm(
  WAKING_HOURS.map((rate) => rate + 20),
  EVERY_DAY,
);
