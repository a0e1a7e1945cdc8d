import { DAY_SECONDS, type Horizon, horizonDays } from '../model/time.ts';
import { USAGE_KINDS } from '../model/usage-type.ts';
import type { UsageSink } from './usage-sink.ts';

/**
 * A single sum of everything used, each quantity times a weight that its kind has on that day: a rough measure of one
 * object among millions, by which to find those worth an exact account.
 */
export class WeightedUsage implements UsageSink {
  sum = 0;
  private readonly horizon: Horizon;
  private readonly days: number;
  private readonly weights: Float64Array;
  /** Weight × seconds, of each kind, of all days before each. */
  private readonly before: Float64Array;

  /** @param weightOf what a unit of a kind weighs on a day of the horizon */
  constructor(horizon: Horizon, weightOf: (kind: number, day: number) => number) {
    this.horizon = horizon;
    this.days = horizonDays(horizon);
    this.weights = new Float64Array(USAGE_KINDS.length * (this.days + 1));
    this.before = new Float64Array(this.weights.length);
    for (let kind = 0; kind < USAGE_KINDS.length; kind++) {
      const first = kind * (this.days + 1);
      for (let day = 0; day < this.days; day++) {
        this.weights[first + day] = weightOf(kind, day);
        this.before[first + day + 1] = this.before[first + day]! + this.weights[first + day]! * DAY_SECONDS;
      }
    }
  }

  slotOf(time: number): number {
    const { from, until } = this.horizon;
    return time >= from && time < until ? Math.floor((time - from) / DAY_SECONDS) : -1;
  }

  add(kind: number, slot: number, a: number, b: number, c = 1): void {
    if (slot >= 0) this.sum += a * b * c * this.weights[kind * (this.days + 1) + slot]!;
  }

  hold(kind: number, from: number, until: number, amount: number): void {
    const begin = Math.max(from, this.horizon.from);
    const end = Math.min(until, this.horizon.until);
    if (end > begin) this.sum += amount * (this.weightUntil(kind, end) - this.weightUntil(kind, begin));
  }

  /** Weight × seconds of a kind from the horizon's beginning to an instant in it. */
  private weightUntil(kind: number, time: number): number {
    const seconds = time - this.horizon.from;
    const day = Math.floor(seconds / DAY_SECONDS);
    const at = kind * (this.days + 1) + day;
    return this.before[at]! + this.weights[at]! * (seconds - day * DAY_SECONDS);
  }
}
