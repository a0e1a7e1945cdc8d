/** What an import of AWS's offers brought, and what it did not understand, as text. */
import type { UsageKind } from '../model/usage-type.ts';
import type { ImportedOffers, ImportedRegion, NotUnderstood } from '../pricing/import-offers.ts';
import type { PriceList } from '../pricing/price-list.ts';
import { formatCount, formatCounted, formatDay, printable } from './format.ts';
import { textColumns } from './text-columns.ts';

/** @param written where each region's price file is, in the order of the regions; none when it is on standard output */
export function renderImport(imported: ImportedOffers, written: readonly string[]): string {
  const { regions, notUnderstood, elsewhere } = imported;
  return [
    ...regions.flatMap((region, i) => regionLines(region, written[i])),
    ...(elsewhere > 0 ? [`${formatCounted(elsewhere, 'product')} of other regions left out`] : []),
    ...notUnderstoodLines(notUnderstood),
    '',
  ].join('\n');
}

function regionLines({ list, unpriced, notes }: ImportedRegion, written: string | undefined): string[] {
  const periods = list.periods ? `, changes from ${list.periods.map(({ from }) => formatDay(from)).join(', ')}` : '';
  const target = written === undefined ? '' : `, written to ${printable(written)}`;
  const facts = `${formatCounted(list.prices.length, 'price')} of ${formatDay(list.effectiveDate)}${periods}${target}`;
  return [
    `${list.region} (${list.prefix === '' ? 'usage types without a prefix' : `usage types ${list.prefix}…`}): ${facts}`,
    ...notes.map((note) => `  ! ${printable(note)}`),
    ...unpricedLines(unpriced, list),
  ];
}

/** Usage types; with the operations that are meant where others of the usage type are priced. */
function unpricedLines(unpriced: readonly UsageKind[], { prices }: PriceList): string[] {
  if (unpriced.length === 0) return [];
  const names = unpriced.map(({ usageType, operation }) =>
    prices.some((price) => price.usageType === usageType) ? `${usageType} (${operation})` : usageType,
  );
  const different = [...new Set(names)];
  return [
    `  no price for ${formatCounted(different.length, 'usage type')} that can be metered: ${different.join(', ')}`,
  ];
}

/** By reason, the most frequent first, each with the first example. */
function notUnderstoodLines(products: readonly NotUnderstood[]): string[] {
  if (products.length === 0) return [];
  const byReason = new Map<string, { first: NotUnderstood; count: number }>();
  for (const found of products) {
    const known = byReason.get(found.reason);
    if (known) known.count++;
    else byReason.set(found.reason, { first: found, count: 1 });
  }
  const rows = [...byReason]
    .sort(([, a], [, b]) => b.count - a.count)
    .map(([reason, { first, count }]) => [formatCount(count), printable(reason), exampleOf(first)]);
  return [
    `not understood, and left out: ${formatCounted(products.length, 'product')}`,
    '',
    ...textColumns([['products', 'reason', 'the first'], ...rows], [1, 2]),
  ];
}

function exampleOf({ product, offer }: NotUnderstood): string {
  const place = `${offer.file}${product.line ? `:${product.line}` : ''}`;
  return printable(`${product.usageType} (SKU ${product.sku}, ${place})`);
}
