import { formatDecimal } from '../model/money.ts';
import type { Price, PriceList, PriceTier } from './price-list.ts';

/** A price list as a price file, which `parsePriceList` reads back: one price a line, of each period what changes. */
export function formatPriceList({ region, prefix, effectiveDate, sources, prices, periods = [] }: PriceList): string {
  const members = [
    ...Object.entries({ region, prefix, effectiveDate }).map(([name, value]) => member(name, JSON.stringify(value))),
    member('sources', block('{', '}', Object.entries(sources).map(pair), '    ')),
    member('prices', pricesBlock(prices, '    ')),
    ...(periods.length > 0 ? [member('periods', block('[', ']', periods.map(periodOf(prices, periods)), '    '))] : []),
  ];
  return `{\n${members.join(',\n')}\n}\n`;
}

function periodOf(prices: readonly Price[], periods: NonNullable<PriceList['periods']>) {
  return ({ from, prices: inForce }: (typeof periods)[number], i: number): string => {
    const before = new Set((periods[i - 1]?.prices ?? prices).map(priceLine));
    const changes = inForce.filter((price) => !before.has(priceLine(price)));
    return `{ "from": ${JSON.stringify(from)}, "prices": ${pricesBlock(changes, '      ', '    ')} }`;
  };
}

function pricesBlock(prices: readonly Price[], indent: string, outer?: string): string {
  return block('[', ']', prices.map(priceLine), indent, outer);
}

function priceLine({ usageType, operation, unit, tiers, source, effectiveDate }: Price): string {
  return line({
    usageType,
    ...(operation !== undefined && { operation }),
    unit,
    tiers: tiers.map(tierOf),
    source,
    ...(effectiveDate !== undefined && { effectiveDate }),
  });
}

function tierOf({ from, to, usd }: PriceTier): object {
  return { from: from.toString(), to: to === null ? null : to.toString(), usd: formatDecimal(usd) };
}

function pair([name, value]: readonly [string, unknown]): string {
  return `${JSON.stringify(name)}: ${JSON.stringify(value)}`;
}

function member(name: string, json: string): string {
  return `  "${name}": ${json}`;
}

function block(open: string, close: string, lines: readonly string[], indent: string, outer = '  '): string {
  if (lines.length === 0) return `${open}${close}`;
  return `${open}\n${lines.map((text) => indent + text).join(',\n')}\n${outer}${close}`;
}

/** JSON on one line, with spaces; line breaks in texts are escaped by then. */
function line(value: object): string {
  return JSON.stringify(value, undefined, 1).replace(/\n */g, ' ');
}
