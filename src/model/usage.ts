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
