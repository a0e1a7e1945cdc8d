import { divideHalfEven, parseNanoUSD } from '../model/money.ts';
import type { NanoUSD } from '../model/units.ts';
import type { Usage } from '../model/usage.ts';
import { USAGE_KINDS } from '../model/usage-type.ts';
import type { Bill } from './bill.ts';

/**
 * What a part of a usage costs of the whole usage's bill: of every month, usage type and operation as much as it has of the
 * quantity, so that volume tiers are shared by all that fills them. Rounded half to even to a nano-dollar for each.
 */
export function shareOf(part: Usage, whole: Usage, { lineItems }: Bill, prefix: string): NanoUSD {
  const costs = new Map<string, bigint>();
  for (const { month, usageType, operation, costUSD } of lineItems) {
    const line = `${month} ${usageType} ${operation}`;
    costs.set(line, (costs.get(line) ?? 0n) + parseNanoUSD(costUSD));
  }
  let sum = 0n;
  for (const { month, quantities } of part.months) {
    const wholeOfMonth = whole.months.find((other) => other.month.month === month.month)!.quantities;
    for (const [kind, quantity] of quantities) {
      const { usageType, operation } = USAGE_KINDS[kind]!;
      const cost = costs.get(`${month.month} ${prefix}${usageType} ${operation}`) ?? 0n;
      sum += divideHalfEven(cost * quantity, wholeOfMonth.get(kind)!);
    }
  }
  return sum as NanoUSD;
}
