/** A profile for a terminal. */
import type { GroupProfile, NamedReads, NamedShare, Profile } from '../model/profile.ts';
import { SMALL_SIZE_CLASSES } from '../model/size-class.ts';
import {
  formatBytes,
  formatCount,
  formatCounted,
  formatDay,
  formatFormats,
  formatPercent,
  formatVersions,
  printable,
} from './format.ts';
import { formatGroup, formatGroupBy } from './groups.ts';
import { formatInventories } from './inventory.ts';
import {
  classSource,
  lastReadOf,
  profileHeadline,
  profileNotices,
  requesterName,
  shareOf,
  wholeOf,
} from './profile-words.ts';
import { type Painter, painter, type TableOptions, tableLines } from './table.ts';
import { textColumns } from './text-columns.ts';

/** The whole profile. */
export function renderProfile(profile: Profile, { color }: TableOptions): string {
  const paint = painter(color);
  const { workload, classes, sizes, groupBy } = profile;
  const notices = profileNotices(profile).map((notice) => `${paint.yellow('!')} ${notice}`);
  return [
    ...workloadLines(profile),
    '',
    ...block(shareRows(classSource(workload), classes), paint),
    ...withLine(block(shareRows('size', sizes), paint), SMALL_SIZE_CLASSES, '128 KiB'),
    ...(workload.requests > 0 ? readLines(profile, paint) : ageLines(profile, paint)),
    ...warmLines(profile, paint),
    ...(groupBy ? block(askedRows(profile, groupBy), paint) : []),
    ...notices,
    ...(notices.length > 0 ? [''] : []),
    paint.bold(profileHeadline(profile)),
    '',
  ].join('\n');
}

/** When it is read, and where most and least. */
function readLines(profile: Profile, paint: Painter): string[] {
  const { depth, hottest } = profile.prefixes;
  const by = `prefix:${depth}`;
  return [
    ...timeLines(profile, paint),
    ...block(groupRows(`hottest: ${formatGroupBy(by)}`, by, hottest), paint),
    ...block(coldRows(profile), paint),
  ];
}

/** Ages alone, of an inventory that tells no reads. */
function ageLines({ ages }: Profile, paint: Painter): string[] {
  return withLine(withLine(block(shareRows('age', ages), paint), 5, '90 days'), 3, '30 days');
}

function workloadLines({ workload, days }: Profile): string[] {
  const inputs = workload.inputs.slice(0, 3).map(printable).join(', ');
  const more = workload.inputs.length > 3 ? ` and ${workload.inputs.length - 3} more` : '';
  const { inventory } = workload;
  const period = `${formatDay(workload.first)} to ${formatDay(workload.last)} (${formatCounted(days.length, 'day')})`;
  return [
    `${inputs}${more} (${printable(formatFormats(workload.formats))}): ${formatCounted(workload.requests, 'request')}, ${formatCounted(workload.objects, 'object')}${formatVersions(workload)}, ${formatBytes(workload.bytes)}`,
    ...(inventory ? [`inventory of ${formatInventories(inventory)}`] : []),
    ...(days.length > 0 ? [period] : []),
  ];
}

/** A table with an empty line after it; nothing when it has no row. */
function block(
  [header, ...rows]: readonly (readonly string[])[],
  paint: Painter,
  left: readonly number[] = [0],
): string[] {
  return rows.length === 0 ? [] : [...tableLines(textColumns([header!, ...rows], left), paint), ''];
}

function shareRows(heading: string, shares: readonly NamedShare[]): string[][] {
  const whole = wholeOf(shares);
  const rows = shares.map(({ name, objects, bytes }) => [
    printable(name),
    formatCount(objects),
    formatBytes(bytes),
    formatPercent(shareOf(bytes, whole)),
  ]);
  return [[heading, 'objects', 'bytes', '%'], ...rows];
}

/** Draws a line after a table's first rows. */
function withLine(lines: readonly string[], rows: number, label: string): string[] {
  const width = lines[1]!.length;
  const line = `╌╌ ${label} `;
  return lines.toSpliced(rows + 2, 0, line.padEnd(width, '╌'));
}

/** Ages, the last read, gaps between reads and ages when read, by the same spans of time. */
function timeLines({ ages, idle, gaps, readsByAge }: Profile, paint: Painter): string[] {
  const whole = wholeOf(ages);
  const percent = (share: NamedShare | undefined): string => (share ? formatPercent(shareOf(share.bytes, whole)) : '');
  const reads = (read: NamedReads | undefined): string => (read ? formatCount(read.reads) : '');
  const rows = idle.map((share, at) => [
    share.name,
    ages[at] ? formatBytes(ages[at].bytes) : '',
    percent(ages[at]),
    formatBytes(share.bytes),
    percent(share),
    reads(gaps[at]),
    gaps[at] ? formatBytes(gaps[at].bytes) : '',
    reads(readsByAge[at]),
  ]);
  const header = [
    '',
    'of that age',
    '%',
    'last read so long ago',
    '%',
    'reads after such a gap',
    'bytes',
    'reads at that age',
  ];
  return withLine(withLine(block([header, ...rows], paint), 5, '90 days'), 3, '30 days');
}

function groupRows(heading: string, by: string, groups: readonly GroupProfile[]): string[][] {
  const rows = groups.map((group) => [
    formatGroup(by, group),
    formatCount(group.present.objects),
    formatBytes(group.present.bytes),
    formatPercent(shareOf(group.neverReadBytes, group.present.bytes)),
    formatCount(group.reads),
    formatBytes(group.readBytes),
    lastReadOf(group),
  ]);
  return [[heading, 'objects', 'bytes', 'never read', 'reads', 'bytes read', 'last read'], ...rows];
}

/** The groups that were asked for; by their bytes alone where no reads are known. */
function askedRows({ workload }: Profile, { by, groups }: NonNullable<Profile['groupBy']>): string[][] {
  const heading = formatGroupBy(by);
  if (workload.requests > 0) return groupRows(heading, by, groups);
  return shareRows(
    heading,
    groups.map((group) => ({ name: formatGroup(by, group), ...group.present })),
  );
}

function coldRows({ prefixes }: Profile): string[][] {
  const by = `prefix:${prefixes.depth}`;
  const rows = prefixes.coldest.map((group) => [
    formatGroup(by, group),
    formatCount(group.present.objects),
    formatBytes(group.present.bytes),
    formatBytes(group.coldBytes),
    formatPercent(shareOf(group.coldBytes, group.present.bytes)),
    lastReadOf(group),
  ]);
  const header = [
    `coldest: ${formatGroupBy(by)}`,
    'objects',
    'bytes',
    `not read for ${formatCounted(prefixes.coldDays, 'day')}`,
    '%',
    'last read',
  ];
  return [header, ...rows];
}

function warmLines({ requesters }: Profile, paint: Painter): string[] {
  if (!requesters || requesters.warmers.length === 0) return [];
  const rows = requesters.warmers.map(({ requester, reads, readBytes, objects, bytes }) => [
    requesterName(requester),
    formatCount(reads),
    formatBytes(readBytes),
    formatCount(objects),
    formatBytes(bytes),
  ]);
  const header = [
    `reads what nobody else touched for ${requesters.warmDays} days`,
    'reads',
    'bytes read',
    'objects',
    'bytes',
  ];
  return block([header, ...rows], paint);
}
