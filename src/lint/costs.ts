/** What it costs to keep an object that nobody reads, and to move it: enough to say from which size a transition pays. */
import { InputError } from '../model/diagnostic.ts';
import { formatDecimal } from '../model/money.ts';
import {
  ARCHIVE_INDEX_BYTES,
  ARCHIVE_NAME_BYTES,
  type ClassCode,
  DEEP_ARCHIVE,
  EXPRESS_ONEZONE,
  GLACIER,
  GLACIER_IR,
  INTELLIGENT_TIERING,
  LARGEST_OBJECT_BYTES,
  ONEZONE_IA,
  SMALL_OBJECT_BYTES,
  STANDARD,
  STANDARD_IA,
  STORAGE_CLASS_FACTS,
} from '../model/storage-class.ts';
import { formatDate } from '../model/time.ts';
import { MONITORED, STORED, TRANSITION, USAGE_KINDS } from '../model/usage-type.ts';
import { type PriceList, priceOf, pricesIn } from '../pricing/price-list.ts';

/** A month of the year's average length: a rule knows no calendar. */
export const MONTH_DAYS = 365.25 / 12;

/** Ten thousand years: the request of a move hardly counts beside what is saved. */
export const FOREVER_DAYS = 3_652_500;

const GB = 2 ** 30;

const STORAGE: Readonly<Record<number, number>> = {
  [STANDARD]: STORED.standard,
  [STANDARD_IA]: STORED.standardIA,
  [ONEZONE_IA]: STORED.oneZoneIA,
  [GLACIER_IR]: STORED.glacierIR,
  [GLACIER]: STORED.glacier,
  [DEEP_ARCHIVE]: STORED.deepArchive,
  [EXPRESS_ONEZONE]: STORED.express,
};

/**
 * The tiers Intelligent-Tiering moves what is not read through, by the day they begin.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/intelligent-tiering-overview.html
 */
const TIERS: readonly (readonly [day: number, stored: number])[] = [
  [0, STORED.frequent],
  [30, STORED.infrequent],
  [90, STORED.archiveInstant],
];

/** A move of an object from one class to another, where it then stays. */
export interface Move {
  readonly from: ClassCode;
  /** Days it had been in that class. */
  readonly afterDays: number;
  readonly to: ClassCode;
  /** Days it stays. */
  readonly days: number;
}

/** Prices of one region, first volume tier, in USD. */
export class Costs {
  readonly #region: string;
  readonly #prices: Pick<PriceList, 'prices'>;

  /** @param today UTC seconds: prices are those of its month, or the earliest where it is not known */
  constructor(list: PriceList, today?: number) {
    this.#region = list.region;
    this.#prices = today === undefined ? list : pricesIn(list, formatDate(today).slice(0, '2025-01'.length));
  }

  /** The transition request of one object. */
  moving(to: ClassCode): number {
    return this.#rate(TRANSITION[to]!);
  }

  /**
   * What an object costs in the days from `from` to `to` after it entered a class. Minimum sizes and overheads are in it,
   * minimum durations are not.
   */
  held(storageClass: ClassCode, size: number, from: number, to: number): number {
    if (storageClass === INTELLIGENT_TIERING) return this.#tiered(size, from, to);
    const { archived, minimumBillableBytes } = STORAGE_CLASS_FACTS[storageClass]!;
    const months = (to - from) / MONTH_DAYS;
    const rate = this.#rate(STORAGE[storageClass]!);
    if (!archived) return (Math.max(size, minimumBillableBytes) / GB) * rate * months;
    const name = (ARCHIVE_NAME_BYTES / GB) * this.#rate(STORED.standard);
    return (((size + ARCHIVE_INDEX_BYTES) / GB) * rate + name) * months;
  }

  #tiered(size: number, from: number, to: number): number {
    const months = (to - from) / MONTH_DAYS;
    if (size < SMALL_OBJECT_BYTES) return (size / GB) * this.#rate(STORED.frequent) * months;
    const storage = TIERS.map(([begins, stored], i) => {
      const ends = TIERS[i + 1]?.[0] ?? Infinity;
      const days = Math.max(0, Math.min(to, ends) - Math.max(from, begins));
      return (size / GB) * this.#rate(stored) * (days / MONTH_DAYS);
    });
    return storage.reduce((sum, one) => sum + one, this.#rate(MONITORED) * months);
  }

  /** What a move saves, all told, over the days in the new class; less than 0 when it costs more. An early leave pays the minimum. */
  saved({ from, afterDays, to, days }: Move, size: number): number {
    const billed = Math.max(days, STORAGE_CLASS_FACTS[to]!.minimumStorageDays);
    return this.held(from, size, afterDays, afterDays + days) - this.held(to, size, 0, billed) - this.moving(to);
  }

  /**
   * The size from which a move pays; Infinity when it pays for none, or not for large ones. Costs are straight lines on
   * either side of 128 KB.
   */
  breakEven(move: Move): number {
    const edge = this.saved(move, SMALL_OBJECT_BYTES);
    const slope = (this.saved(move, 2 * SMALL_OBJECT_BYTES) - edge) / SMALL_OBJECT_BYTES;
    if (slope < 0 || edge + slope * LARGEST_OBJECT_BYTES < 0) return Infinity;
    if (edge < 0) return SMALL_OBJECT_BYTES - edge / slope;
    const [none, small] = [this.saved(move, 0), this.saved(move, SMALL_OBJECT_BYTES - 1)];
    if (none >= 0) return 0;
    return small < 0 ? SMALL_OBJECT_BYTES : (SMALL_OBJECT_BYTES * -none) / (small - none);
  }

  /** Days an object of this size must stay for a move to pay; Infinity when no time is enough. */
  payback(move: Move, size: number): number {
    const pays = (days: number): boolean => this.saved({ ...move, days }, size) >= 0;
    if (!pays(FOREVER_DAYS)) return Infinity;
    let [not, enough] = [0, FOREVER_DAYS];
    while (enough - not > 0.01) {
      const middle = (not + enough) / 2;
      if (pays(middle)) enough = middle;
      else not = middle;
    }
    return enough;
  }

  #rate(kind: number): number {
    const { usageType, operation } = USAGE_KINDS[kind]!;
    const price = priceOf(this.#prices, usageType, operation);
    if (!price) throw new InputError(`the price list of ${this.#region} has no price for ${usageType} ${operation}`);
    return Number(formatDecimal(price.tiers[0]!.usd));
  }
}
