/** A bill's shares by group of objects: they add up to the bill, line by line, to the nano-dollar and the byte. */
import type { GroupCost, GroupItem, LineItem } from '../model/comparison.ts';
import { formatNanoUSD, parseNanoUSD } from '../model/money.ts';
import type { NanoUSD } from '../model/units.ts';
import type { Usage } from '../model/usage.ts';
import { USAGE_KINDS } from '../model/usage-type.ts';
import { type Bill, componentsOf } from './bill.ts';

/**
 * What each part of a usage costs of the whole's bill. A line item is split as its usage type and operation is used in
 * its month, so that groups share the volume tiers they fill together: nobody is charged for being the one that comes
 * last. What does not divide goes, unit by unit, to the groups that lose most by rounding down, the first of equals.
 *
 * @param parts usages that add up to the one that was billed
 * @param prefix of the region's usage types
 */
export function groupCosts(
  parts: readonly Usage[],
  { lineItems }: Bill,
  prefix: string,
): Omit<GroupCost, 'savingUSD'>[] {
  const shares: LineItem[][] = parts.map(() => []);
  const items: GroupItem[][] = parts.map(() => []);
  const left = new UsageLeft(parts, prefix);
  lineItems.forEach((line, item) => {
    const usage = left.take(line);
    const cost = apportion(parseNanoUSD(line.costUSD), usage);
    usage.forEach((quantity, group) => {
      if (quantity === 0n) return;
      const costUSD = formatNanoUSD(cost[group]! as NanoUSD);
      items[group]!.push({ item, usageQuantity: quantity.toString(), costUSD });
      shares[group]!.push({ ...line, costUSD });
    });
  });
  return parts.map((_, group) => ({ ...totals(shares[group]!), items: items[group]! }));
}

function totals(lineItems: readonly LineItem[]): Pick<GroupCost, 'totalUSD' | 'components'> {
  const total = lineItems.reduce((sum, { costUSD }) => sum + parseNanoUSD(costUSD), 0n);
  return { totalUSD: formatNanoUSD(total as NanoUSD), components: componentsOf(lineItems) };
}

/** What the parts used of each usage type and operation in each month, less what line items took of it: volume tiers are lines of their own. */
class UsageLeft {
  private readonly left = new Map<string, bigint[]>();

  constructor(parts: readonly Usage[], prefix: string) {
    parts.forEach(({ months }, part) => {
      for (const { month, quantities } of months) {
        for (const [kind, quantity] of quantities) {
          const { usageType, operation } = USAGE_KINDS[kind]!;
          const name = `${month.month} ${prefix}${usageType} ${operation}`;
          const left = this.left.get(name) ?? parts.map(() => 0n);
          left[part] = quantity;
          this.left.set(name, left);
        }
      }
    });
  }

  /** A line item's quantity, split in proportion to what is left. */
  take({ month, usageType, operation, usageQuantity }: LineItem): bigint[] {
    const left = this.left.get(`${month} ${usageType} ${operation}`)!;
    const taken = apportion(BigInt(usageQuantity), left);
    taken.forEach((quantity, part) => {
      left[part]! -= quantity;
    });
    return taken;
  }
}

/**
 * A whole split in proportion to weights, exactly (largest remainders).
 * @param weights not negative; one of them at least is more than nothing
 */
export function apportion(whole: bigint, weights: readonly bigint[]): bigint[] {
  const sum = weights.reduce((total, weight) => total + weight, 0n);
  const shares = weights.map((weight) => (whole * weight) / sum);
  let left = whole - shares.reduce((total, share) => total + share, 0n);
  const order = [...weights.keys()].sort((a, b) => {
    const [restOfA, restOfB] = [(whole * weights[a]!) % sum, (whole * weights[b]!) % sum];
    return restOfA === restOfB ? a - b : restOfA > restOfB ? -1 : 1;
  });
  for (const group of order) {
    if (left === 0n) break;
    shares[group]! += 1n;
    left--;
  }
  return shares;
}
