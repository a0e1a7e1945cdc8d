/** Exact sums by month; what lies outside the horizon is left out. */
import { USAGE_KINDS } from '../../../src/model/usage-type.ts';
import type { ReferenceNotices } from './nouns.ts';
import { DAY } from './rows.ts';

export class Ledger {
  readonly notices: ReferenceNotices = {
    readsAfterExpiration: 0,
    readsNeedingRestore: 0,
    restores: 0,
    restoreWaitSeconds: 0,
    longestRestoreWaitSeconds: 0,
  };

  private readonly from: number;
  private readonly until: number;
  private readonly months = new Map<string, Map<number, bigint>>();
  private day = Number.NaN;
  private ofDay = new Map<number, bigint>();

  constructor(from: number, until: number) {
    this.from = from;
    this.until = until;
  }

  /** Quantities that are not zero by `2025-01|usageType|operation`. */
  usage(): Map<string, bigint> {
    return new Map(
      [...this.months].flatMap(([month, sums]) =>
        [...sums].map(([kind, sum]) => [usageKey(month, kind), sum] as const),
      ),
    );
  }

  /** Something charged at one instant. */
  once(kind: number, quantity: bigint, at: number): void {
    if (this.covers(at)) this.add(kind, quantity, at);
  }

  /** Something held from one instant to another of the same day. */
  over(kind: number, held: bigint, from: number, until: number): void {
    if (this.covers(from)) this.add(kind, held * BigInt(until - from), from);
  }

  note(at: number, write: (notices: ReferenceNotices) => void): void {
    if (this.covers(at)) write(this.notices);
  }

  covers(at: number): boolean {
    return this.from <= at && at < this.until;
  }

  private add(kind: number, quantity: bigint, at: number): void {
    if (quantity === 0n) return;
    const sums = this.sumsOf(Math.floor(at / DAY));
    sums.set(kind, (sums.get(kind) ?? 0n) + quantity);
  }

  private sumsOf(day: number): Map<number, bigint> {
    if (day === this.day) return this.ofDay;
    const month = new Date(day * DAY * 1000).toISOString().slice(0, 7);
    const sums = this.months.get(month) ?? new Map<number, bigint>();
    this.months.set(month, sums);
    this.day = day;
    this.ofDay = sums;
    return sums;
  }
}

export function usageKey(month: string, kind: number): string {
  const { usageType, operation } = USAGE_KINDS[kind]!;
  return `${month}|${usageType}|${operation}`;
}
