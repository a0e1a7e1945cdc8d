import { divideHalfEven, parseNanoUSD } from '../model/money.ts';
import type { BillingMonth } from '../model/time.ts';
import { type NanoUSD, nanoUSD } from '../model/units.ts';
import type { Usage } from '../model/usage.ts';
import { USAGE_KINDS } from '../model/usage-type.ts';
import type { Bill } from './bill.ts';

/** A month, usage type and operation of a bill, all volume tiers taken together. */
export interface BilledLine {
  readonly quantity: bigint;
  readonly cost: bigint;
}

/**
 * A usage with what each line of it was billed, from which parts of the usage have their shares: of every month, usage
 * type and operation as much of the cost as they have of the quantity, so that volume tiers are shared by all that fills
 * them.
 */
export class BilledUsage {
  readonly months: readonly BillingMonth[];
  private readonly lines: readonly ReadonlyMap<number, BilledLine>[];

  constructor({ months }: Usage, { lineItems }: Pick<Bill, 'lineItems'>, prefix: string) {
    const costs = new Map<string, bigint>();
    for (const { month, usageType, operation, costUSD } of lineItems) {
      const line = `${month} ${usageType} ${operation}`;
      costs.set(line, (costs.get(line) ?? 0n) + parseNanoUSD(costUSD));
    }
    this.months = months.map(({ month }) => month);
    this.lines = months.map(({ month: { month }, quantities }) => {
      const lines = [...quantities].map(([kind, quantity]): [number, BilledLine] => {
        const { usageType, operation } = USAGE_KINDS[kind]!;
        return [kind, { quantity, cost: costs.get(`${month} ${prefix}${usageType} ${operation}`) ?? 0n }];
      });
      return new Map(lines);
    });
  }

  /** The line of a month (index into {@link months}) and a usage kind; undefined when nothing was used. */
  line(month: number, kind: number): BilledLine | undefined {
    return this.lines[month]!.get(kind);
  }

  /** What of a line a quantity costs, rounded half to even. */
  cost(month: number, kind: number, quantity: bigint): NanoUSD {
    const line = this.line(month, kind);
    return nanoUSD(line ? divideHalfEven(line.cost * quantity, line.quantity) : 0n);
  }
}

/**
 * A part of a usage at work: what is taken of a line, bit by bit, costs what the share of all taken so far grows by. So
 * the bits add up exactly to the share of their sum, which is rounded once.
 */
export class RunningShare {
  private readonly whole: BilledUsage;
  private readonly taken = new Map<number, bigint>();

  constructor(whole: BilledUsage) {
    this.whole = whole;
  }

  take(month: number, kind: number, quantity: bigint): NanoUSD {
    const line = month * USAGE_KINDS.length + kind;
    const before = this.taken.get(line) ?? 0n;
    this.taken.set(line, before + quantity);
    return nanoUSD(this.whole.cost(month, kind, before + quantity) - this.whole.cost(month, kind, before));
  }
}

/** What a part of a usage costs of the whole usage's bill; rounded for each month, usage type and operation. */
export function shareOf(part: Usage, whole: Usage, bill: Bill, prefix: string): NanoUSD {
  const billed = new BilledUsage(whole, bill, prefix);
  let sum = 0n;
  for (const { month, quantities } of part.months) {
    const at = billed.months.findIndex((other) => other.month === month.month);
    for (const [kind, quantity] of quantities) sum += billed.cost(at, kind, quantity);
  }
  return nanoUSD(sum);
}
