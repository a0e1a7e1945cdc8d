/** What is known of prices, as text. */
import { formatDecimal as decimalText } from '../model/money.ts';
import type { PriceList } from '../pricing/price-list.ts';
import { formatExactUSD, printable } from './format.ts';
import { textColumns } from './text-columns.ts';

/** One line per region: since when, how many prices, what is absent. */
export function renderRegions(lists: readonly PriceList[]): string {
  const rows = lists.map((list) => [
    list.region,
    list.prefix || '(none)',
    list.effectiveDate,
    String(list.prices.length),
    has(list, 'TimedStorage-XZ-ByteHrs') ? 'yes' : '–',
    has(list, 'DataTransfer-Out-Bytes') ? 'yes' : '–',
  ]);
  const header = ['region', 'prefix', 'effective', 'prices', 'Express One Zone', 'data transfer out'];
  return `${textColumns([header, ...rows], [0, 1, 2]).join('\n')}\n\n– is unpriced, not free: a bill that needs it is an error.\n`;
}

/** Every price of a region, then the sources its keys stand for. */
export function renderPrices(list: PriceList): string {
  const rows = list.prices.flatMap((price) =>
    price.tiers.map(({ from, to, usd }) => [
      `${list.prefix}${price.usageType}`,
      price.operation ?? '',
      price.tiers.length === 1 ? '' : to === null ? `over ${from} GB` : `${from}–${to} GB`,
      formatExactUSD(decimalText(usd)),
      price.unit,
      price.effectiveDate ?? list.effectiveDate,
      printable(price.source),
    ]),
  );
  const header = ['usage type', 'operation', 'tier', 'USD per unit', 'unit', 'effective', 'source'];
  const sources = Object.entries(list.sources).map(([key, text]) => `  ${printable(key)}: ${printable(text)}`);
  return `${list.region}, prices of ${list.effectiveDate}\n\n${textColumns([header, ...rows], [0, 1, 2, 4, 5, 6]).join('\n')}\n\nSources:\n${sources.join('\n')}\n`;
}

function has({ prices }: PriceList, usageType: string): boolean {
  return prices.some((price) => price.usageType === usageType);
}
