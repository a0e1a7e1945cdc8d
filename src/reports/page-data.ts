/**
 * The comparison as the page carries it: line items, by far the most of it, as columns and a list of the words they
 * share, a fifth of their size as JSON. {@link unpackComparison} gives back what {@link packComparison} took, but for the groups'
 * shares of each line, which the page does not show.
 */
import type { Comparison, LineItem, PolicyResult } from '../model/comparison.ts';

/** What line items have in common, once per page. */
type LineItemKind = Pick<LineItem, 'usageType' | 'operation' | 'component' | 'usageUnit' | 'pricingUnit' | 'rateUSD'>;

/** Month, index into the kinds, usage quantity, pricing quantity, USD. */
type PackedItem = readonly [string, number, string, string, string];

export interface PackedComparison extends Omit<Comparison, 'results'> {
  readonly kinds: readonly LineItemKind[];
  readonly results: readonly (Omit<PolicyResult, 'lineItems'> & { readonly lineItems: readonly PackedItem[] })[];
}

/** Packs a comparison for the page. */
export function packComparison(comparison: Comparison): PackedComparison {
  const kinds: LineItemKind[] = [];
  const indices = new Map<string, number>();
  const indexOf = (kind: LineItemKind): number => {
    const name = JSON.stringify(Object.values(kind));
    const index = indices.get(name) ?? kinds.push(kind) - 1;
    indices.set(name, index);
    return index;
  };
  const pack = ({ month, usageQuantity, pricingQuantity, costUSD, ...item }: LineItem): PackedItem => {
    const { usageType, operation, component, usageUnit, pricingUnit, rateUSD } = item;
    const kind = indexOf({ usageType, operation, component, usageUnit, pricingUnit, rateUSD });
    return [month, kind, usageQuantity, pricingQuantity, costUSD];
  };
  const results = comparison.results.map((result) => ({
    ...result,
    lineItems: result.lineItems.map(pack),
    ...(result.groups && { groups: result.groups.map((group) => ({ ...group, items: [] })) }),
  }));
  return { ...comparison, kinds, results };
}

/** The comparison that was packed. */
export function unpackComparison({ kinds, results, ...rest }: PackedComparison): Comparison {
  const unpack = ([month, kind, usageQuantity, pricingQuantity, costUSD]: PackedItem): LineItem => ({
    month,
    ...kinds[kind]!,
    usageQuantity,
    pricingQuantity,
    costUSD,
  });
  return { ...rest, results: results.map((result) => ({ ...result, lineItems: result.lineItems.map(unpack) })) };
}
