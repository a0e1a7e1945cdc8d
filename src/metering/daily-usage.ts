import { ExactSums } from '../model/exact-sums.ts';
import { billingMonths, DAY_SECONDS, type Horizon, horizonDays } from '../model/time.ts';
import type { MeteredUsage, MonthlyUsage, Usage } from '../model/usage.ts';
import { USAGE_KINDS } from '../model/usage-type.ts';

/**
 * What one policy used, by day and usage kind, exactly. What is held over whole days is kept as differences, so that
 * holding costs the same however long it lasts.
 */
export class DailyUsage implements MeteredUsage {
  readonly horizon: Horizon;
  readonly days: number;
  private readonly stride: number;
  private readonly sums: ExactSums;
  private readonly held: ExactSums;

  constructor(horizon: Horizon) {
    this.horizon = horizon;
    this.days = horizonDays(horizon);
    this.stride = this.days + 1;
    this.sums = new ExactSums(USAGE_KINDS.length * this.stride);
    this.held = new ExactSums(USAGE_KINDS.length * this.stride);
  }

  /** The day an instant (UTC seconds) is billed on; -1 outside the horizon. */
  dayOf(time: number): number {
    const { from, until } = this.horizon;
    return time >= from && time < until ? Math.floor((time - from) / DAY_SECONDS) : -1;
  }

  /** Adds `a` × `b` of a kind on a day (nothing on day -1). Both whole; the product may exceed 2^53. */
  add(kind: number, day: number, a: number, b: number): void {
    if (day >= 0) this.sums.addProduct(kind * this.stride + day, a, b);
  }

  /** Holds `amount` (whole, at most 2^53) of a kind from one instant to another, clipped to the horizon: amount × seconds are used. */
  hold(kind: number, from: number, until: number, amount: number): void {
    const begin = Math.max(from - this.horizon.from, 0);
    const end = Math.min(until, this.horizon.until) - this.horizon.from;
    if (end <= begin || amount === 0) return;
    const firstDay = Math.floor(begin / DAY_SECONDS);
    const lastDay = Math.floor(end / DAY_SECONDS);
    const cell = kind * this.stride;
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

  /** Exact quantities of a kind, day by day; undefined when there are none. */
  quantities(kind: number): bigint[] | undefined {
    let used = false;
    let held = 0n;
    const days = Array.from({ length: this.days }, (_, day) => {
      held += this.held.value(kind * this.stride + day);
      const quantity = this.sums.value(kind * this.stride + day) + held * BigInt(DAY_SECONDS);
      used ||= quantity !== 0n;
      return quantity;
    });
    return used ? days : undefined;
  }

  /** Folds the days into calendar months. */
  usage(): Usage {
    const months: MonthlyUsage[] = billingMonths(this.horizon).map((month) => ({ month, quantities: new Map() }));
    for (let kind = 0; kind < USAGE_KINDS.length; kind++) {
      const days = this.quantities(kind);
      if (!days) continue;
      for (const { month, quantities } of months) {
        const sum = days.slice(month.firstDay, month.endDay).reduce((total, quantity) => total + quantity, 0n);
        if (sum !== 0n) (quantities as Map<number, bigint>).set(kind, sum);
      }
    }
    return { months };
  }
}
