import { ExactSums } from '../model/exact-sums.ts';
import { DAY_SECONDS, type Horizon, horizonDays } from '../model/time.ts';
import type { UsageSink } from './usage-sink.ts';

/**
 * Exact sums by day, in several series. What is held over whole days is kept as differences, so that holding costs the
 * same however long it lasts.
 */
export class DailySeries implements UsageSink {
  readonly horizon: Horizon;
  readonly days: number;
  private readonly stride: number;
  private readonly sums: ExactSums;
  private readonly held: ExactSums;

  constructor(horizon: Horizon, series: number) {
    this.horizon = horizon;
    this.days = horizonDays(horizon);
    this.stride = this.days + 1;
    this.sums = new ExactSums(series * this.stride);
    this.held = new ExactSums(series * this.stride);
  }

  /** The day of an instant (UTC seconds); -1 outside the horizon. */
  slotOf(time: number): number {
    const { from, until } = this.horizon;
    return time >= from && time < until ? Math.floor((time - from) / DAY_SECONDS) : -1;
  }

  /** Adds `a` × `b` × `c` to a day of a series (nothing on day -1). Each whole, at most 2^53; the product may exceed that. */
  add(series: number, day: number, a: number, b: number, c = 1): void {
    if (day < 0) return;
    const cell = series * this.stride + day;
    if (c === 1) this.sums.addProduct(cell, a, b);
    else if (Number.isSafeInteger(a * b)) this.sums.addProduct(cell, a * b, c);
    else this.sums.addBig(cell, BigInt(a) * BigInt(b) * BigInt(c));
  }

  /** Holds `amount` (whole, at most 2^53) from one instant to another, clipped to the horizon: adds amount × seconds. */
  hold(series: number, from: number, until: number, amount: number): void {
    const begin = Math.max(from - this.horizon.from, 0);
    const end = Math.min(until, this.horizon.until) - this.horizon.from;
    if (end <= begin || amount === 0) return;
    const firstDay = Math.floor(begin / DAY_SECONDS);
    const lastDay = Math.floor(end / DAY_SECONDS);
    const cell = series * this.stride;
    if (firstDay === lastDay) {
      this.sums.addProduct(cell + firstDay, amount, end - begin);
      return;
    }
    this.sums.addProduct(cell + firstDay, amount, (firstDay + 1) * DAY_SECONDS - begin);
    this.held.add(cell + firstDay + 1, amount);
    this.held.add(cell + lastDay, -amount);
    const rest = end - lastDay * DAY_SECONDS;
    if (rest > 0) this.sums.addProduct(cell + lastDay, amount, rest);
  }

  /** Exact quantities of a series, day by day; undefined when there are none. */
  quantities(series: number): bigint[] | undefined {
    if (!this.used(series)) return undefined;
    let held = 0n;
    return Array.from({ length: this.days }, (_, day) => {
      held += this.held.value(series * this.stride + day);
      return this.sums.value(series * this.stride + day) + held * BigInt(DAY_SECONDS);
    });
  }

  /** Adds all series of another of the same horizon, which may have come from another thread. */
  addAll({ sums, held }: DailySeries): void {
    this.sums.addAll(sums);
    this.held.addAll(held);
  }

  /** Adds `factor` times a series of another to one of these. */
  addSeries(series: number, other: DailySeries, from: number, factor = 1n): void {
    if (!other.used(from)) return;
    for (let day = 0; day < this.stride; day++) {
      const cell = from * this.stride + day;
      this.sums.addBig(series * this.stride + day, other.sums.value(cell) * factor);
      this.held.addBig(series * this.stride + day, other.held.value(cell) * factor);
    }
  }

  private used(series: number): boolean {
    const [first, end] = [series * this.stride, (series + 1) * this.stride];
    return this.sums.anyIn(first, end) || this.held.anyIn(first, end);
  }
}
