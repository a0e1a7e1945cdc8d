/** Puts prices to the rows of an account. */
import type { LedgerEntry } from '../metering/ledger.ts';
import type { AccountRow, ShareItem } from '../model/explanation.ts';
import { formatNanoUSD, formatRatio } from '../model/money.ts';
import { type BillingMonth, DAY_SECONDS, formatInstant, type Horizon } from '../model/time.ts';
import { nanoUSD } from '../model/units.ts';
import { PRICING_UNIT, USAGE_KINDS } from '../model/usage-type.ts';
import { QUANTITY_PLACES } from '../pricing/bill.ts';
import { pricingQuantity } from '../pricing/pricing-quantity.ts';
import { type BilledUsage, RunningShare } from '../pricing/share.ts';
import type { RowDraft } from './rows.ts';

/** The whole bill of which an account is a part. */
export interface WholeBill {
  readonly billed: BilledUsage;
  /** What stands before every usage type of the region. */
  readonly prefix: string;
  readonly horizon: Horizon;
}

/** What was used of a line of the bill, and what that costs. */
interface Taken {
  readonly month: number;
  readonly kind: number;
  quantity: bigint;
  cost: bigint;
}

/** Prices rows in their order, and adds up what they take of each line. */
export class RowPricer {
  private readonly whole: WholeBill;
  private readonly share: RunningShare;
  private readonly sums = new Map<number, Taken>();

  constructor(whole: WholeBill) {
    this.whole = whole;
    this.share = new RunningShare(whole.billed);
  }

  /** The row with its price. */
  price(draft: RowDraft): AccountRow {
    const taken = new Map<number, Taken>();
    for (const entry of draft.entries) {
      for (const [month, quantity] of this.byMonth(entry)) this.take(taken, month, entry.kind, quantity);
    }
    const items = [...taken.values()];
    const { from, until } = this.clipped(draft);
    return {
      at: formatInstant(from),
      ...(until !== undefined && { until: formatInstant(until) }),
      event: draft.event,
      ...(draft.version !== undefined && { version: draft.version }),
      ...draft.details,
      ...(draft.requests.size > 0 && { requests: [...draft.requests.values()] }),
      costUSD: formatNanoUSD(nanoUSD(items.reduce((sum, { cost }) => sum + cost, 0n))),
      items: items.map((item) => this.item(item)),
    };
  }

  /** What all rows took of each line, by month and then as USAGE_KINDS is ordered. */
  lineItems(): ShareItem[] {
    return [...this.sums.values()].sort((a, b) => a.month - b.month || a.kind - b.kind).map((item) => this.item(item));
  }

  /** What lasts is shown as far as it is billed. */
  private clipped({ from, until }: RowDraft): { from: number; until: number | undefined } {
    if (until === undefined) return { from, until };
    const { horizon } = this.whole;
    return { from: Math.max(from, horizon.from), until: Math.min(until, horizon.until) };
  }

  private take(taken: Map<number, Taken>, month: number, kind: number, quantity: bigint): void {
    const cost = this.share.take(month, kind, quantity);
    const line = month * USAGE_KINDS.length + kind;
    for (const items of [taken, this.sums]) {
      const item = items.get(line) ?? { month, kind, quantity: 0n, cost: 0n };
      item.quantity += quantity;
      item.cost += cost;
      items.set(line, item);
    }
  }

  private byMonth({ from, until, amount }: LedgerEntry): [month: number, quantity: bigint][] {
    if (amount === 0n) return [];
    const { billed, horizon } = this.whole;
    return billed.months.flatMap(({ firstDay, endDay }, month): [number, bigint][] => {
      const [begin, end] = [firstDay, endDay].map((day) => horizon.from + day * DAY_SECONDS) as [number, number];
      if (until === undefined) return from >= begin && from < end ? [[month, amount]] : [];
      const seconds = Math.min(until, end) - Math.max(from, begin);
      return seconds > 0 ? [[month, amount * BigInt(seconds)]] : [];
    });
  }

  private item({ month: at, kind, quantity, cost }: Taken): ShareItem {
    const { usageType, operation, component, unit } = USAGE_KINDS[kind]!;
    const { month, seconds } = this.whole.billed.months[at] as BillingMonth;
    return {
      month,
      usageType: `${this.whole.prefix}${usageType}`,
      operation,
      component,
      usageQuantity: quantity.toString(),
      usageUnit: unit,
      pricingQuantity: formatRatio(pricingQuantity(unit, quantity, seconds), QUANTITY_PLACES),
      pricingUnit: PRICING_UNIT[unit],
      costUSD: formatNanoUSD(nanoUSD(cost)),
    };
  }
}

/** Whether a row is within the billed period, or happened before it. */
export function isShown({ at, until }: AccountRow): boolean {
  return until === undefined || until > at;
}
