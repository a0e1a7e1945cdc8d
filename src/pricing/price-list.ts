/** What AWS asks in one region from a date on: a price per usage type (and operation), in volume tiers. */
import { EARLY_DELETE_DAYS, type Switches } from '../model/assumptions.ts';
import type { Decimal } from '../model/money.ts';
import type { PricingUnit } from '../model/usage-type.ts';
import type { Discount } from './discounts.ts';
import { dateIn, type Field, fields, member, object, refuse, text, textLike } from './fields.ts';
import { pricesOn, withChanges } from './price-changes.ts';
import { OWN_SOURCE, pricesOf } from './price-fields.ts';

export interface PriceList {
  /** `us-east-1` */
  readonly region: string;
  /** What stands before every usage type on the bill of this region (`EUC1-`); empty in us-east-1. */
  readonly prefix: string;
  /** `2024-09-25` */
  readonly effectiveDate: string;
  /** Where prices come from, in words, by the key that a {@link Price} names. */
  readonly sources: Readonly<Record<string, string>>;
  /** In force from the effective date on; months before it are billed at them too, since nothing earlier is known. */
  readonly prices: readonly Price[];
  /** What came later, in order of time. */
  readonly periods?: readonly PricePeriod[];
  /** Where it is a user's own: the file as he named it, the region whose prices it changes, and what is taken off. */
  readonly own?: {
    readonly file?: string;
    readonly extends?: string;
    readonly discounts: readonly DatedDiscount[];
  };
  /** Each month's first units of some usage types are free: see `free-tier.ts`. */
  readonly freeTier?: true;
  /** Days that an early delete's months have, whatever the month; absent: those of the calendar month it falls in. */
  readonly earlyDeleteDays?: number;
}

/** Every price in force from a day on, those that did not change as well. */
interface PricePeriod {
  /** `2025-04-10` */
  readonly from: string;
  readonly prices: readonly Price[];
}

export interface DatedDiscount extends Discount {
  /** The first day of its period; absent: from the beginning. */
  readonly from?: string;
}

export interface Price {
  /** Without the region's prefix. */
  readonly usageType: string;
  /** Absent: the price of every operation of the usage type that has none of its own. */
  readonly operation?: string;
  readonly unit: PricingUnit;
  /** From 0 upwards without a gap; the last has no end. */
  readonly tiers: readonly PriceTier[];
  readonly source: string;
  /** Where it is not the list's. */
  readonly effectiveDate?: string;
  /** What is taken off the list's rates, already taken off here. */
  readonly discountPercent?: Decimal;
}

/** The price of what a month uses beyond `from` and up to `to` pricing units. */
export interface PriceTier {
  readonly from: bigint;
  /** Null: without end. */
  readonly to: bigint | null;
  /** USD per pricing unit. */
  readonly usd: Decimal;
  /** Before a discount. */
  readonly listUSD?: Decimal;
}

/** The price of an operation: its own, or that of any operation of the usage type; undefined when AWS's price is not in the list. */
export function priceOf(
  { prices }: Pick<PriceList, 'prices'>,
  usageType: string,
  operation: string,
): Price | undefined {
  const ofType = prices.filter((price) => price.usageType === usageType);
  return ofType.find((price) => price.operation === operation) ?? ofType.find((price) => price.operation === undefined);
}

/** A price list that sells early deletes by the months a run assumes. */
export function withEarlyDeleteMonth(list: PriceList, switches: Pick<Switches, 'early-delete-month'>): PriceList {
  const earlyDeleteDays = EARLY_DELETE_DAYS[switches['early-delete-month']];
  return earlyDeleteDays === undefined ? list : { ...list, earlyDeleteDays };
}

/** The prices a month (`2025-04`) is billed at: those in force on its first day. */
export function pricesIn(list: PriceList, month: string): Pick<PriceList, 'prices'> {
  return pricesOn(list, `${month}-01`);
}

/**
 * Reads a price file, `pricing/us-east-1.json` and its like: prices and tier edges as decimal strings, since JSON
 * numbers would pass through binary fractions. A file with `extends` changes a region's prices; `periods` and
 * `discounts` may be in both.
 *
 * @param json the parsed JSON
 * @param file its name, for messages
 * @param known the prices of a region that a file may extend; throws for a region it does not know
 * @throws InputError naming the field and the offending text
 */
export function parsePriceList(json: unknown, file?: string, known?: (region: string) => PriceList): PriceList {
  const root: Field = { value: json, path: '', file };
  return object(root).extends === undefined ? wholeList(root) : extendedList(root, known);
}

function wholeList(root: Field): PriceList {
  const list = fields(root, ['region', 'prefix', 'effectiveDate', 'sources', 'prices'], ['periods', 'discounts']);
  const sources = sourcesOf(list.sources);
  const whole: PriceList = {
    region: textLike(list.region, /^[a-z]+(-[a-z]+)+-\d+$/, 'a region such as us-east-1'),
    prefix: textLike(list.prefix, /^([A-Z]+\d*-)?$/, 'a usage type prefix such as EUC1-'),
    effectiveDate: dateIn(list.effectiveDate),
    sources,
    prices: pricesOf(list.prices, sources),
  };
  const { periods, discounts } = list;
  if (!periods && !discounts) return whole;
  return withChanges(whole, { ...(periods && { periods }), ...(discounts && { discounts }) }, { file: root.file });
}

/** What a user's list takes over from a region: everything it does not change. */
function extendedList(root: Field, known: ((region: string) => PriceList) | undefined): PriceList {
  const list = fields(root, ['extends'], ['sources', 'prices', 'periods', 'discounts']);
  if (!known) refuse(list.extends, 'there are no prices to extend here');
  const base = known(text(list.extends));
  const own = { [OWN_SOURCE]: root.file ? `The price file ${root.file}.` : 'A price file.' };
  const sources = { ...base.sources, ...own, ...(list.sources && sourcesOf(list.sources)) };
  return withChanges({ ...base, sources }, list, { file: root.file, extends: base.region });
}

function sourcesOf(field: Field): Record<string, string> {
  return Object.fromEntries(Object.keys(object(field)).map((key) => [key, text(member(field, key))]));
}
