/** What a price file changes, and from when on: its own prices, periods and discounts. */
import { nearest, quoted } from '../model/diagnostic.ts';
import { discounted, discountsIn } from './discounts.ts';
import { dateIn, type Field, fields, items, member, refuse } from './fields.ts';
import { nameOf, pricesOf, UNIT_BY_USAGE_TYPE } from './price-fields.ts';
import type { Price, PriceList } from './price-list.ts';

export interface Changes {
  readonly prices?: Field;
  readonly periods?: Field;
  readonly discounts?: Field;
}

/** What a file says from a day on: prices that change, and the discounts in force. */
interface Step {
  /** Absent: from the beginning. */
  readonly from?: string;
  readonly prices?: Field;
  readonly discounts?: Field;
  readonly saysDiscounts: boolean;
}

/** Takes a file's changes into a list, so that each period holds all that is in force in it, discounts taken off. */
export function withChanges(
  base: PriceList,
  changes: Changes,
  { file, extends: region }: { readonly file: string | undefined; readonly extends?: string },
): PriceList {
  const steps = stepsOf(changes, base.effectiveDate);
  const dates = new Set([...(base.periods ?? []), ...steps].flatMap(({ from }) => from ?? []));
  const periods = [...dates].sort().map((from) => ({ from, prices: inForce(base, steps, from) }));
  const discounts = steps.flatMap(({ from, discounts, saysDiscounts }) =>
    discounts && saysDiscounts ? discountsIn(discounts).map((one) => ({ ...one, ...(from && { from }) })) : [],
  );
  return {
    ...base,
    prices: inForce(base, steps),
    ...(periods.length > 0 && { periods }),
    own: { ...(file && { file }), ...(region && { extends: region }), discounts },
  };
}

/** Discounts hold until a period brings others. */
function stepsOf({ prices, periods, discounts }: Changes, effectiveDate: string): Step[] {
  const steps: Step[] = [{ ...(prices && { prices }), ...(discounts && { discounts }), saysDiscounts: true }];
  for (const row of periods ? items(periods) : []) {
    const period = fields(row, ['from'], ['prices', 'discounts']);
    const [from, previous] = [dateIn(period.from), steps.at(-1)!];
    const since = previous.from ?? effectiveDate;
    if (from <= since) refuse(period.from, `'${from}' is not after ${since}, when the prices before it begin`);
    const inherited = period.discounts ?? previous.discounts;
    steps.push({
      from,
      ...(period.prices && { prices: period.prices }),
      ...(inherited && { discounts: inherited }),
      saysDiscounts: period.discounts !== undefined,
    });
  }
  return steps;
}

/** @param day absent: the beginning */
function inForce(base: PriceList, steps: readonly Step[], day?: string): readonly Price[] {
  const known = steps.filter(({ from }) => from === undefined || (day !== undefined && from <= day));
  let { prices } = day === undefined ? base : pricesOn(base, day);
  for (const step of known) {
    if (step.prices) prices = changed(prices, pricesOf(step.prices, base.sources, step.from), step.prices);
  }
  const { discounts } = known.at(-1)!;
  return discounts ? discounted(prices, discountsIn(discounts), discounts) : prices;
}

/**
 * Prices with some of them replaced: each by the one of the same usage type and operation.
 * @throws InputError for a usage type nobody meters, and for a price without an operation where all prices are by
 *   operation: it would change nothing
 */
function changed(prices: readonly Price[], own: readonly Price[], field: Field): readonly Price[] {
  for (const [i, { usageType, operation }] of own.entries()) {
    if (!UNIT_BY_USAGE_TYPE.has(usageType)) refuseUnknown(items(field)[i]!, usageType);
    const operations = prices.filter((price) => price.usageType === usageType).map((price) => price.operation);
    if (operation !== undefined || operations.length === 0 || operations.includes(undefined)) continue;
    const names = operations.join(', ');
    refuse(items(field)[i]!, `${usageType} is priced by operation (${names}); name the one that changes`);
  }
  const byName = [...prices, ...own].map((price): [string, Price] => [nameOf(price), price]);
  return [...new Map(byName).values()];
}

function refuseUnknown(row: Field, usageType: string): never {
  const near = nearest(usageType, UNIT_BY_USAGE_TYPE.keys());
  refuse(member(row, 'usageType'), `${quoted(usageType)} is never metered${near ? `; did you mean '${near}'?` : ''}`);
}

/** The prices in force on a day (`2025-04-10`); before all that is known, the earliest known. */
export function pricesOn({ prices, periods = [] }: PriceList, day: string): Pick<PriceList, 'prices'> {
  return periods.findLast(({ from }) => from <= day) ?? { prices };
}
