import { DAY_SECONDS, type Horizon } from '../model/time.ts';
import { USAGE_KINDS } from '../model/usage-type.ts';
import type { UsageSink } from './usage-sink.ts';

/** Something that was used: at an instant, or held for a time. Times are UTC seconds. */
export interface LedgerEntry {
  readonly kind: number;
  readonly from: number;
  /** Undefined for what was used at an instant. */
  readonly until: number | undefined;
  /** What was used, or what was held at every second. */
  amount: bigint;
}

/** Usage entry by entry, as an account has it. What is used of one kind in the same second is one entry. */
export class Ledger implements UsageSink {
  /** Kinds of usage of which what is used on the same day is one entry; none by default. */
  byDay: (kind: number) => boolean = () => false;
  private readonly horizon: Horizon;
  private used = new Map<number, LedgerEntry>();
  private held: LedgerEntry[] = [];

  constructor(horizon: Horizon) {
    this.horizon = horizon;
  }

  /** Seconds since the horizon began. */
  slotOf(time: number): number {
    const { from, until } = this.horizon;
    return time >= from && time < until ? time - from : -1;
  }

  add(kind: number, slot: number, a: number, b: number, c = 1): void {
    if (slot < 0) return;
    const at = this.byDay(kind) ? slot - (slot % DAY_SECONDS) : slot;
    const entry = at * USAGE_KINDS.length + kind;
    const amount = BigInt(a) * BigInt(b) * BigInt(c);
    const found = this.used.get(entry);
    if (found) found.amount += amount;
    else this.used.set(entry, { kind, from: this.horizon.from + at, until: undefined, amount });
  }

  hold(kind: number, from: number, until: number, amount: number): void {
    this.held.push({ kind, from, until, amount: BigInt(amount) });
  }

  /** What was written since it was last asked, in the order it was written first; then what was held. */
  take(): readonly LedgerEntry[] {
    const entries = [...this.used.values(), ...this.held];
    this.used = new Map();
    this.held = [];
    return entries;
  }
}
