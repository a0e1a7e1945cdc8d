/** What differs between two price lists, as text. */
import type { PriceChange, PriceDiff } from '../pricing/diff-prices.ts';
import { formatCount, formatCounted, formatDay, formatExactUSD, formatPercent, printable } from './format.ts';
import { textColumns } from './text-columns.ts';

/** A table each of what changed, what is new and what is gone. */
export function renderPriceDiff({ before, after, changed, added, vanished, unchanged }: PriceDiff): string {
  const parts = [
    ...section('changed', changed),
    ...section('added', added),
    ...section('vanished', vanished),
    ...[before, after].flatMap(earlierPeriods),
    `${formatCount(unchanged)} unchanged${changed.length + added.length + vanished.length === 0 ? ': no price differs' : ''}`,
  ];
  return `${nameOf(before)} against ${nameOf(after)}\n\n${parts.join('\n')}\n`;
}

/** A list with periods is compared as it is in the end. */
function earlierPeriods({ effectiveDate, earlier, ...list }: PriceDiff['before']): string[] {
  if (!earlier) return [];
  const name = list.file === undefined ? list.region : list.file;
  return [`! ${printable(name)} has other prices before ${formatDay(effectiveDate)}, which are not compared`, ''];
}

function nameOf({ region, effectiveDate, file }: PriceDiff['before']): string {
  return `${printable(region)} from ${formatDay(effectiveDate)}${file === undefined ? '' : ` (${printable(file)})`}`;
}

function section(what: string, changes: readonly PriceChange[]): string[] {
  if (changes.length === 0) return [];
  const header = ['usage type', 'operation', 'tier', 'before', 'after', 'change', 'unit'];
  return [
    `${formatCounted(changes.length, 'price')} ${what}`,
    '',
    ...textColumns([header, ...changes.flatMap(rowsOf)], [0, 1, 2, 6]),
    '',
  ];
}

function rowsOf({ usageType, operations = [], unit, tiers }: PriceChange): string[][] {
  return tiers.map(({ from, to, beforeUSD, afterUSD, percent }) => [
    printable(usageType),
    printable(operations.join(', ')),
    tiers.length === 1 ? '' : to === null ? `over ${formatCount(from)}` : `${formatCount(from)}–${formatCount(to)}`,
    beforeUSD === null ? '–' : formatExactUSD(beforeUSD),
    afterUSD === null ? '–' : formatExactUSD(afterUSD),
    percent === null ? '' : `${percent.startsWith('-') || percent === '0' ? '' : '+'}${formatPercent(percent)}`,
    unit,
  ]);
}
