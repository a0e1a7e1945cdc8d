import type { Horizon } from '../model/time.ts';
import { DailyUsage } from './daily-usage.ts';
import type { UsageSink } from './usage-sink.ts';

/** What one policy used, by group of objects: what is written goes to the group entered last. */
export class GroupedUsage implements UsageSink {
  /** By number of the group. */
  readonly groups: readonly DailyUsage[];
  private present: DailyUsage;

  constructor(horizon: Horizon, groups: number) {
    this.groups = Array.from({ length: groups }, () => new DailyUsage(horizon));
    this.present = this.groups[0]!;
  }

  enter(group: number): void {
    this.present = this.groups[group]!;
  }

  slotOf(time: number): number {
    return this.present.slotOf(time);
  }

  add(kind: number, slot: number, a: number, b: number, c?: number): void {
    this.present.add(kind, slot, a, b, c);
  }

  hold(kind: number, from: number, until: number, amount: number): void {
    this.present.hold(kind, from, until, amount);
  }
}
