/** The prices of a price file, field by field. */
import { quoted } from '../model/diagnostic.ts';
import { type Decimal, parseDecimal } from '../model/money.ts';
import { PRICING_UNIT, type PricingUnit, USAGE_KINDS } from '../model/usage-type.ts';
import { dateIn, type Field, fields, items, refuse, text, textLike } from './fields.ts';
import type { Price, PriceTier } from './price-list.ts';

/** What each usage type that can be metered is priced in. */
export const UNIT_BY_USAGE_TYPE: ReadonlyMap<string, PricingUnit> = new Map(
  USAGE_KINDS.map(({ usageType, unit }) => [usageType, PRICING_UNIT[unit]]),
);

/**
 * A list of prices.
 * @param since the day they came into force, where it is not the list's
 * @throws InputError naming the field and the offending text
 */
export function pricesOf(field: Field, sources: Readonly<Record<string, string>>, since?: string): Price[] {
  const prices = items(field).map((row) => priceIn(row, sources, since));
  refuseDuplicates(prices, field);
  return prices;
}

/** The source of a price that names none, in lists that have it. */
export const OWN_SOURCE = 'own';

function priceIn(row: Field, sources: Readonly<Record<string, string>>, since: string | undefined): Price {
  const price = fields(row, ['usageType', 'unit'], ['tiers', 'usd', 'source', 'operation', 'effectiveDate']);
  const usageType = textLike(price.usageType, /^[A-Za-z\d-]+$/, 'a usage type such as Requests-Tier1');
  const effectiveDate = price.effectiveDate ? dateIn(price.effectiveDate) : since;
  return {
    usageType,
    ...(price.operation && { operation: textLike(price.operation, /^[\w:-]+$/, 'an operation such as GetObject') }),
    unit: unitIn(price.unit, usageType),
    tiers: tiersOf(row, price.tiers, price.usd),
    source: sourceIn(row, price.source, sources),
    ...(effectiveDate && { effectiveDate }),
  };
}

function sourceIn(row: Field, field: Field | undefined, sources: Readonly<Record<string, string>>): string {
  if (!field && Object.hasOwn(sources, OWN_SOURCE)) return OWN_SOURCE;
  if (!field) return refuse(row, "has no field 'source'");
  const source = text(field);
  if (!Object.hasOwn(sources, source)) refuse(field, `${quoted(source)} is not among the sources`);
  return source;
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

/** Volume tiers, or one price (`usd`) whatever the volume. */
function tiersOf(row: Field, tiers: Field | undefined, usd: Field | undefined): PriceTier[] {
  if (tiers && usd) refuse(row, "has 'tiers' and 'usd'; one of them says it");
  if (tiers) return tiersIn(tiers);
  return [{ from: 0n, to: null, usd: usd ? rateIn(usd) : refuse(row, "has no field 'tiers'") }];
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

function refuseDuplicates(prices: readonly Price[], field: Field): void {
  const seen = new Set<string>();
  for (const price of prices) {
    const name = nameOf(price);
    if (seen.has(name)) refuse(field, `has two prices for ${quoted(name)}`);
    seen.add(name);
  }
}

/** What no two prices of a list share. */
export function nameOf({ usageType, operation }: Price): string {
  return operation === undefined ? usageType : `${usageType} ${operation}`;
}
