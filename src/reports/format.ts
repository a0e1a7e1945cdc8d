/** How numbers, dates and foreign text are shown, the same in the terminal and on the page. Shown values never feed back. */
import type { FirstTransitions, UnfinishedUploads, Workload } from '../model/comparison.ts';
import { compareDecimals, roundDecimal } from './decimal.ts';

export { printable } from '../model/printable.ts';

const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** `$1,234.50`, `-$3.10`; what is less than a cent keeps its first two digits that say something: `$0.00042`. */
export function formatUSD(decimal: string): string {
  const [sign, magnitude] = splitSign(decimal);
  const cents = roundDecimal(magnitude, 2);
  const small = compareDecimals(magnitude, '0.01') < 0 && compareDecimals(magnitude, '0') > 0;
  const shown = small ? roundDecimal(magnitude, leadingZeros(magnitude) + 2) : cents;
  return `${compareDecimals(shown, '0') === 0 ? '' : sign}$${group(small ? trimZeros(shown) : shown)}`;
}

/** Every digit of an amount or a rate, at least two after the point: `$0.0000004`, `$0.023`, `$5.00`. */
export function formatExactUSD(decimal: string): string {
  const [sign, magnitude] = splitSign(decimal);
  const [whole, fraction = ''] = trimZeros(magnitude).split('.');
  return `${sign}$${group(whole!)}.${fraction.padEnd(2, '0')}`;
}

/** Every nano-dollar of an amount, so that a column of them can be added up: `$0.000005000`. */
export function formatNanoUSD(decimal: string): string {
  const [sign, magnitude] = splitSign(roundDecimal(decimal, 9));
  return `${sign}$${group(magnitude)}`;
}

/** Every digit of a quantity, thousands grouped, without zeros at the end: `1,024.5`. */
export function formatDecimal(decimal: string): string {
  return group(trimZeros(decimal));
}

/** A count or an integer given as a decimal string, thousands grouped: `1,204`. */
export function formatCount(count: number | bigint | string): string {
  return group(String(count));
}

/** `1 read`, `1,204 reads`; `plural` where it is not formed by an s. */
export function formatCounted(count: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(count)} ${count === 1 ? singular : plural}`;
}

/** Three digits in the binary unit that fits, S3's own: `1.5 TiB` (2^40 bytes), `512 B`. */
export function formatBytes(bytes: number | bigint | string): string {
  let value = Number(bytes);
  let unit = 0;
  // 1023.5 would be shown as 1024 of the smaller unit.
  while (Math.abs(value) >= (unit === 0 ? 1024 : 1023.5) && unit < BYTE_UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const digits = unit === 0 || Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return `${formatDecimal(value.toFixed(digits))} ${BYTE_UNITS[unit]}`;
}

/** `CSV`, `3 CSV, 1 Parquet`: what some inputs were read as; with one file of one format, its name alone. */
export function formatFormats(formats: readonly { readonly title: string; readonly files: number }[]): string {
  const isOne = formats.length === 1 && formats[0]!.files === 1;
  return formats.map(({ title, files }) => `${isOne ? '' : `${formatCount(files)} `}${title}`).join(', ');
}

/** `3 files in folders were skipped: 2 hidden (logs/.keep …), 1 empty (logs/a)`; undefined when there are none. */
export function formatSkippedFiles(
  skipped: readonly { readonly reason: string; readonly files: number; readonly example: string }[],
): string | undefined {
  if (skipped.length === 0) return undefined;
  const total = skipped.reduce((sum, { files }) => sum + files, 0);
  const reasons = skipped.map(
    ({ reason, files, example }) => `${formatCount(files)} ${reason} (${example}${files > 1 ? ' …' : ''})`,
  );
  return `${formatCounted(total, 'file')} in folders ${total === 1 ? 'was' : 'were'} skipped: ${reasons.join(', ')}`;
}

/** `34%`, `33.9%` of a percentage given as a decimal string. */
export function formatPercent(percent: string): string {
  return `${formatDecimal(percent)}%`;
}

/** `5 minutes`, `12 hours`, `2 days` of a number of hours. */
export function formatHours(hours: number): string {
  if (hours < 1) return counted(Math.round(hours * 60), 'minute');
  if (hours < 48) return counted(round1(hours), 'hour');
  return counted(round1(hours / 24), 'day');
}

/** `14 March 2025` of a date or an instant in UTC, ISO 8601. */
export function formatDay(date: string): string {
  const [year, month, day] = date.slice(0, 10).split('-');
  return `${Number(day)} ${MONTHS[Number(month) - 1]} ${year}`;
}

/** `March 2025` of `2025-03`, or of a date in it. */
export function formatMonth(month: string): string {
  return `${MONTHS[Number(month.slice(5, 7)) - 1]} ${month.slice(0, 4)}`;
}

/** What a person calls the days from `from` until before `until`: `2025`, `March 2025`, `January to March 2025`, `3 to …`. */
export function formatPeriod(from: string, until: string): string {
  const [start, end] = [from.slice(0, 10), until.slice(0, 10)];
  const last = new Date(Date.parse(`${end}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
  if (!start.endsWith('-01') || !end.endsWith('-01')) {
    return start === last ? formatDay(start) : `${formatDay(start)} to ${formatDay(last)}`;
  }
  if (start.endsWith('-01-01') && end.endsWith('-01-01')) {
    return start.slice(0, 4) === last.slice(0, 4) ? start.slice(0, 4) : `${start.slice(0, 4)} to ${last.slice(0, 4)}`;
  }
  if (start.slice(0, 7) === last.slice(0, 7)) return formatMonth(start);
  const sameYear = start.slice(0, 4) === last.slice(0, 4);
  return `${sameYear ? formatMonth(start).split(' ')[0] : formatMonth(start)} to ${formatMonth(last)}`;
}

function splitSign(decimal: string): [string, string] {
  return decimal.startsWith('-') ? ['-', decimal.slice(1)] : ['', decimal];
}

function leadingZeros(magnitude: string): number {
  return /\.(0*)/.exec(magnitude)?.[1]?.length ?? 0;
}

function trimZeros(decimal: string): string {
  return decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal;
}

function group(decimal: string): string {
  const [whole, fraction] = decimal.split('.');
  const grouped = whole!.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

function round1(value: number): number {
  return Math.round(value * 10) / 10;
}

function counted(count: number, unit: string): string {
  return `${formatCount(count)} ${unit}${count === 1 ? '' : 's'}`;
}

/** Versions and delete markers of a versioned bucket; nothing for an unversioned one. */
export function formatVersions({
  versioning,
  versions,
  deleteMarkers,
}: Pick<Workload, 'versioning' | 'versions' | 'deleteMarkers'>): string {
  if (versioning === 'unversioned') return '';
  const markers = deleteMarkers > 0 ? ` and ${formatCounted(deleteMarkers, 'delete marker')}` : '';
  return ` (${formatCounted(versions, 'version')}${markers}, versioning ${versioning})`;
}

/** What is said of rules that need versions where there are none. */
export const IDLE_VERSION_RULES =
  'rules on noncurrent versions and delete markers did nothing: the input shows no versions (--versioning says otherwise)';

/** What multipart uploads hold that nobody completed. */
export function formatUnfinished({ uploads, bytes, costUSD }: UnfinishedUploads): string {
  return `${formatCounted(uploads, 'multipart upload')} nobody completed ${uploads === 1 ? 'holds' : 'hold'} ${formatBytes(bytes)} in parts and ${uploads === 1 ? 'costs' : 'cost'} ${formatUSD(costUSD)}`;
}

/** What the rules move on the day they begin. */
export function formatFirst({ date, objects, costUSD }: FirstTransitions): string {
  return `on ${formatDay(date)}, when the rules begin, ${formatCounted(objects, 'transition')} at once for ${formatUSD(costUSD)} of requests`;
}
