import { billingMonths, type Horizon } from '../model/time.ts';
import type { MeteredUsage, Usage } from '../model/usage.ts';
import { USAGE_KINDS } from '../model/usage-type.ts';
import { DailySeries } from './daily-series.ts';

/** What one policy used, by day and usage kind, exactly. */
export class DailyUsage extends DailySeries implements MeteredUsage {
  constructor(horizon: Horizon) {
    super(horizon, USAGE_KINDS.length);
  }

  /** The sum of several usages of one horizon. */
  static sum(horizon: Horizon, parts: readonly DailyUsage[]): DailyUsage {
    const sum = new DailyUsage(horizon);
    for (const part of parts) USAGE_KINDS.forEach((_, kind) => void sum.addSeries(kind, part, kind));
    return sum;
  }

  /** Whether nothing was used. */
  get isEmpty(): boolean {
    return USAGE_KINDS.every((_, kind) => this.quantities(kind) === undefined);
  }

  /** Folds the days into calendar months. */
  usage(): Usage {
    const months = billingMonths(this.horizon).map((month) => ({ month, quantities: new Map<number, bigint>() }));
    for (let kind = 0; kind < USAGE_KINDS.length; kind++) {
      const days = this.quantities(kind);
      if (!days) continue;
      for (const { month, quantities } of months) {
        const sum = days.slice(month.firstDay, month.endDay).reduce((total, quantity) => total + quantity, 0n);
        if (sum !== 0n) quantities.set(kind, sum);
      }
    }
    return { months };
  }
}
