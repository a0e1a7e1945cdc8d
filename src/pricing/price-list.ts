/** What AWS asks in one region from a date on: a price per usage type (and operation), in volume tiers. */
import { InputError, quoted } from '../model/diagnostic.ts';
import { type Decimal, parseDecimal } from '../model/money.ts';
import { PRICING_UNIT, type PricingUnit, USAGE_KINDS } from '../model/usage-type.ts';

export interface PriceList {
  /** `us-east-1` */
  readonly region: string;
  /** What stands before every usage type on the bill of this region (`EUC1-`); empty in us-east-1. */
  readonly prefix: string;
  /** `2024-09-25` */
  readonly effectiveDate: string;
  /** Where prices come from, in words, by the key that a {@link Price} names. */
  readonly sources: Readonly<Record<string, string>>;
  readonly prices: readonly Price[];
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
}

/** The price of what a month uses beyond `from` and up to `to` pricing units. */
export interface PriceTier {
  readonly from: bigint;
  /** Null: without end. */
  readonly to: bigint | null;
  /** USD per pricing unit. */
  readonly usd: Decimal;
}

/** The price of an operation: its own, or that of any operation of the usage type; undefined when AWS's price is not in the list. */
export function priceOf({ prices }: PriceList, usageType: string, operation: string): Price | undefined {
  const ofType = prices.filter((price) => price.usageType === usageType);
  return ofType.find((price) => price.operation === operation) ?? ofType.find((price) => price.operation === undefined);
}

/**
 * Reads a price file, `pricing/us-east-1.json` and its like: prices and tier edges as decimal strings, since JSON
 * numbers would pass through binary fractions.
 *
 * @param json the parsed JSON
 * @param file its name, for messages
 * @throws InputError naming the field and the offending text
 */
export function parsePriceList(json: unknown, file?: string): PriceList {
  const list = fields({ value: json, path: '', file }, ['region', 'prefix', 'effectiveDate', 'sources', 'prices']);
  const sources = sourcesOf(list.sources);
  const prices = items(list.prices).map((row) => priceIn(row, sources));
  refuseDuplicates(prices, list.prices);
  return {
    region: textLike(list.region, /^[a-z]+(-[a-z]+)+-\d+$/, 'a region such as us-east-1'),
    prefix: textLike(list.prefix, /^([A-Z]+\d*-)?$/, 'a usage type prefix such as EUC1-'),
    effectiveDate: dateIn(list.effectiveDate),
    sources,
    prices,
  };
}

/** A value of the file and where it stands in it. */
interface Field {
  readonly value: unknown;
  readonly path: string;
  readonly file: string | undefined;
}

const UNIT_BY_USAGE_TYPE: ReadonlyMap<string, PricingUnit> = new Map(
  USAGE_KINDS.map(({ usageType, unit }) => [usageType, PRICING_UNIT[unit]]),
);

function priceIn(row: Field, sources: Readonly<Record<string, string>>): Price {
  const price = fields(row, ['usageType', 'unit', 'tiers', 'source'], ['operation', 'effectiveDate']);
  const usageType = textLike(price.usageType, /^[A-Za-z\d-]+$/, 'a usage type such as Requests-Tier1');
  const source = text(price.source);
  if (!Object.hasOwn(sources, source)) refuse(price.source, `${quoted(source)} is not among the sources`);
  return {
    usageType,
    ...(price.operation && { operation: textLike(price.operation, /^[\w:-]+$/, 'an operation such as GetObject') }),
    unit: unitIn(price.unit, usageType),
    tiers: tiersIn(price.tiers),
    source,
    ...(price.effectiveDate && { effectiveDate: dateIn(price.effectiveDate) }),
  };
}

function unitIn(field: Field, usageType: string): PricingUnit {
  const unit = text(field);
  const units = Object.values(PRICING_UNIT);
  const expected = UNIT_BY_USAGE_TYPE.get(usageType);
  if (!units.includes(unit as PricingUnit)) refuse(field, `${quoted(unit)} is not one of ${units.join(', ')}`);
  if (expected && unit !== expected)
    refuse(field, `${quoted(unit)} is not what ${usageType} is priced in, ${expected}`);
  return unit as PricingUnit;
}

function tiersIn(field: Field): PriceTier[] {
  const rows = items(field);
  if (rows.length === 0) refuse(field, 'has no tier');
  let edge: bigint | null = 0n;
  const tiers = rows.map((row) => {
    const tier = fields(row, ['from', 'to', 'usd']);
    const from = edgeIn(tier.from);
    if (from !== edge) refuse(tier.from, `'${from}' does not continue the tiers, which reach ${edge ?? 'no end'}`);
    edge = tier.to.value === null ? null : edgeIn(tier.to);
    if (edge !== null && edge <= from) refuse(tier.to, `'${edge}' is not above the tier's beginning, ${from}`);
    return { from, to: edge, usd: rateIn(tier.usd) };
  });
  if (edge !== null) refuse(field, `end at ${edge}: usage beyond would have no price; the last tier's "to" is null`);
  return tiers;
}

function edgeIn(field: Field): bigint {
  return BigInt(textLike(field, /^\d{1,30}$/, 'a whole number as a string'));
}

function rateIn(field: Field): Decimal {
  const rate = textLike(field, /^-?\d{1,30}(\.\d{1,30})?$/, 'a decimal as a string, such as "0.023"');
  if (rate.startsWith('-')) refuse(field, `${quoted(rate)} is negative`);
  return parseDecimal(rate);
}

function dateIn(field: Field): string {
  const date = textLike(field, /^\d{4}-\d{2}-\d{2}$/, 'a date such as 2024-09-25');
  const time = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(time) || !new Date(time).toISOString().startsWith(date))
    refuse(field, `${quoted(date)} is not a day`);
  return date;
}

function sourcesOf(field: Field): Record<string, string> {
  return Object.fromEntries(
    Object.entries(object(field)).map(([key, value]) => [key, text({ ...field, value, path: `${field.path}.${key}` })]),
  );
}

function refuseDuplicates(prices: readonly Price[], field: Field): void {
  const seen = new Set<string>();
  for (const { usageType, operation } of prices) {
    const name = operation === undefined ? usageType : `${usageType} ${operation}`;
    if (seen.has(name)) refuse(field, `has two prices for ${quoted(name)}`);
    seen.add(name);
  }
}

function fields<Needed extends string, Optional extends string = never>(
  field: Field,
  needed: readonly Needed[],
  optional: readonly Optional[] = [],
): Record<Needed, Field> & Partial<Record<Optional, Field>> {
  const value = object(field);
  for (const name of Object.keys(value)) {
    if (![...needed, ...optional].includes(name as Needed)) refuse(field, `has an unknown field ${quoted(name)}`);
  }
  const missing = needed.find((name) => value[name] === undefined);
  if (missing) refuse(field, `has no field '${missing}'`);
  const entries = Object.entries(value).map(([name, inner]) => [
    name,
    { ...field, value: inner, path: under(field, name) },
  ]);
  return Object.fromEntries(entries);
}

function items(field: Field): Field[] {
  if (!Array.isArray(field.value)) refuse(field, `${shown(field.value)} is not a list`);
  return (field.value as unknown[]).map((value, index) => ({ ...field, value, path: `${field.path}[${index}]` }));
}

function object(field: Field): Record<string, unknown> {
  const { value } = field;
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    refuse(field, `${shown(value)} is not an object`);
  return value as Record<string, unknown>;
}

function textLike(field: Field, pattern: RegExp, expected: string): string {
  const value = field.value;
  if (typeof value !== 'string' || !pattern.test(value)) refuse(field, `${shown(value)} is not ${expected}`);
  return value as string;
}

function text(field: Field): string {
  return textLike(field, /\S/, 'a text');
}

function under({ path }: Field, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

function shown(value: unknown): string {
  return typeof value === 'string' ? quoted(value) : `${typeof value} ${quoted(JSON.stringify(value) ?? '')}`;
}

function refuse({ path, file }: Field, message: string): never {
  throw new InputError([
    {
      severity: 'error',
      message: `price list: ${path === '' ? '' : `${path}: `}${message}`,
      where: file ? { file } : {},
    },
  ]);
}
