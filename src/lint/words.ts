/** Numbers of findings, as a person reads them. */
import { formatBytes, formatDecimal, formatUSD } from '../reports/format.ts';
import { MONTH_DAYS } from './costs.ts';

export { formatBytes };

/** `$12.60` for a million objects that cost this much each. */
export function perMillion(usd: number): string {
  return formatUSD((Math.abs(usd) * 1_000_000).toFixed(9));
}

/** `12 days`, `7.8 months`, of a time rounded up. */
export function formatTime(days: number): string {
  if (days <= 2 * MONTH_DAYS) return counted(Math.ceil(days), 'day');
  return `${formatDecimal((Math.ceil((days / MONTH_DAYS) * 10) / 10).toFixed(1))} months`;
}

export function counted(count: number, noun: string): string {
  return `${formatDecimal(String(count))} ${noun}${count === 1 ? '' : 's'}`;
}

/** A size to put into a filter: whole KiB, rounded up. */
export function roundSize(bytes: number): number {
  return Math.ceil(bytes / 1024) * 1024;
}
