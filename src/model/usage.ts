import type { BillingMonth } from './time.ts';

/**
 * What was used, without a price: exact whole quantities by calendar month and usage kind (index into USAGE_KINDS), in
 * the kind's unit. Kinds that were not used are absent. Usages of disjoint objects add up to the usage of their union.
 */
export interface Usage {
  readonly months: readonly MonthlyUsage[];
}

export interface MonthlyUsage {
  readonly month: BillingMonth;
  readonly quantities: ReadonlyMap<number, bigint>;
}

/** Usage as it was metered: by day, foldable into months. */
export interface MeteredUsage {
  readonly days: number;
  /** Exact quantities of a kind, day by day; undefined when there are none. */
  quantities(kind: number): readonly bigint[] | undefined;
  usage(): Usage;
}
