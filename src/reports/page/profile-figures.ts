/** The figures of a profile: each with the same numbers as a table. */
import type { GroupProfile, NamedReads, NamedShare, Profile } from '../../model/profile.ts';
import { SMALL_SIZE_CLASSES } from '../../model/size-class.ts';
import { formatBytes, formatCount, formatCounted, formatDay, formatPercent, printable } from '../format.ts';
import { formatGroup, formatGroupBy } from '../groups.ts';
import { classSource, dayGaps, lastReadOf, requesterName, shareOf, wholeOf } from '../profile-words.ts';
import { dayAxis } from './axes.ts';
import { type BarLine, type BarParts, barContent, type Series } from './bars.ts';
import { foreign, table } from './dom.ts';
import type { FigureContent } from './figure.ts';

/** Lines that rules and classes draw at 30 and 90 days. */
const DAY_LINES: readonly BarLine[] = [
  { before: 3, label: '30 days' },
  { before: 5, label: '90 days' },
];

/** Objects and bytes by class. */
export function classesContent({ workload, classes }: Profile): FigureContent {
  return sharesContent(classSource(workload), 'Class', classes, { lying: true });
}

/** Objects and bytes by size. */
export function sizesContent({ sizes }: Profile): FigureContent {
  return {
    ...sharesContent('size', 'Size', sizes, { lines: [{ before: SMALL_SIZE_CLASSES, label: '128 KiB' }] }),
    text: 'Standard-IA, One Zone-IA and Glacier Instant Retrieval bill 128 KiB at least; Intelligent-Tiering watches no smaller object.',
  };
}

function sharesContent(
  what: string,
  heading: string,
  shares: readonly NamedShare[],
  more: Pick<BarParts, 'lying' | 'lines'>,
): FigureContent {
  const wholeBytes = wholeOf(shares);
  const wholeObjects = String(shares.reduce((sum, { objects }) => sum + objects, 0));
  const objectPercent = shares.map(({ objects }) => shareOf(String(objects), wholeObjects));
  const bytePercent = shares.map(({ bytes }) => shareOf(bytes, wholeBytes));
  const series = [percents('share of objects', objectPercent), percents('share of bytes', bytePercent)];
  const names = shares.map(({ name }) => printable(name));
  return {
    label: `Bars of objects and bytes by ${what}: ${names.map((name, at) => `${name} ${formatPercent(bytePercent[at]!)} of the bytes`).join(', ')}.`,
    ...barContent({ names, series, ...more, unit: 'percent' }),
    table: table(
      `Objects and bytes by ${what}`,
      [heading, 'Objects', '% of objects', 'Bytes', '% of bytes'].map(numericBut(0)),
      shares.map(({ objects, bytes }, at) => [
        foreign(names[at]!),
        formatCount(objects),
        formatPercent(objectPercent[at]!),
        formatBytes(bytes),
        formatPercent(bytePercent[at]!),
      ]),
    ),
  };
}

/** Bytes by age, and by the time since the last read; by age alone where no reads are known. */
export function agesContent({ workload, ages, idle, prefixes }: Profile): FigureContent {
  if (workload.requests === 0) return sharesContent('age', 'Age', ages, { lines: DAY_LINES });
  const whole = wholeOf(ages);
  const of = (shares: readonly NamedShare[]): string[] => idle.map((_, at) => shareOf(shares[at]?.bytes ?? '0', whole));
  const [age, last] = [of(ages), of(idle)];
  return {
    text: 'When the trace ends, as shares of the bytes.',
    label: `Bars of the bytes by age and by the time since the last read: ${idle.map(({ name }, at) => `${name} ${formatPercent(last[at]!)}`).join(', ')}.`,
    ...barContent({
      names: idle.map(({ name }) => name),
      series: [percents('of that age', age), percents('last read so long ago', last)],
      lines: DAY_LINES,
      unit: 'percent',
    }),
    table: table(
      'Bytes by age and by last read',
      ['Time', 'Objects of that age', 'Bytes', '%', 'Objects last read so long ago', 'Bytes', '%'].map(numericBut(0)),
      idle.map((share, at) => [
        share.name,
        ages[at] ? formatCount(ages[at].objects) : '–',
        ages[at] ? formatBytes(ages[at].bytes) : '–',
        ages[at] ? formatPercent(age[at]!) : '–',
        formatCount(share.objects),
        formatBytes(share.bytes),
        formatPercent(last[at]!),
      ]),
    ),
    ...(prefixes.coldDays < 90 && { tableOpen: false }),
  };
}

/** Reads by the time since the read before. */
export function gapsContent({ gaps }: Profile): FigureContent {
  return readsContent(
    gaps,
    'gap',
    'Gap',
    'Time since the read, or the upload, before: what comes later than 30 days finds an object that an age rule has moved.',
  );
}

/** Reads by the age of the object. */
export function readsByAgeContent({ readsByAge }: Profile): FigureContent {
  return readsContent(readsByAge, 'age', 'Age', 'How old objects were when they were read.');
}

function readsContent(reads: readonly NamedReads[], what: string, heading: string, text: string): FigureContent {
  const wholeReads = String(reads.reduce((sum, one) => sum + one.reads, 0));
  const wholeBytes = String(reads.reduce((sum, { bytes }) => sum + BigInt(bytes), 0n));
  const count = reads.map((one) => shareOf(String(one.reads), wholeReads));
  const bytes = reads.map((one) => shareOf(one.bytes, wholeBytes));
  return {
    text,
    label: `Bars of reads by ${what}: ${reads.map(({ name }, at) => `${name} ${formatPercent(count[at]!)}`).join(', ')}.`,
    ...barContent({
      names: reads.map(({ name }) => name),
      series: [percents('share of reads', count), percents('share of bytes read', bytes)],
      lines: DAY_LINES,
      unit: 'percent',
    }),
    table: table(
      `Reads by ${what}`,
      [heading, 'Reads', '% of reads', 'Bytes read', '% of bytes'].map(numericBut(0)),
      reads.map((one, at) => [
        one.name,
        formatCount(one.reads),
        formatPercent(count[at]!),
        formatBytes(one.bytes),
        formatPercent(bytes[at]!),
      ]),
    ),
  };
}

/** Requests of every day; days without one are told. */
export function daysContent(profile: Profile): FigureContent {
  const { days } = profile;
  const gaps = dayGaps(profile);
  const dates = days.map(({ date }) => date);
  const told = gaps.map(({ from, to }) => (from === to ? formatDay(from) : `${formatDay(from)} to ${formatDay(to)}`));
  return {
    text:
      gaps.length === 0
        ? 'Every day has a request.'
        : `No request on ${told.slice(0, 5).join(', ')}${told.length > 5 ? ' and more' : ''}.`,
    label: `Requests by day, from ${formatDay(dates[0]!)} to ${formatDay(dates.at(-1)!)}; ${formatCount(gaps.length)} gaps.`,
    configure: (theme, narrow) => ({
      type: 'bar',
      data: {
        datasets: [
          {
            label: 'requests',
            data: days.map(({ requests }, x) => ({ x, y: requests })),
            backgroundColor: theme.accent,
            barPercentage: 1,
            categoryPercentage: 1,
            barThickness: 'flex' as const,
          },
        ],
      },
      options: {
        interaction: { mode: 'index', intersect: false },
        scales: {
          x: { ...dayAxis(dates, narrow), offset: true },
          y: { beginAtZero: true, ticks: { maxTicksLimit: 6, precision: 0 }, border: { display: false } },
        },
        plugins: {
          legend: { display: false },
          tooltip: {
            callbacks: {
              title: ([item]) => formatDay(dates[item!.dataIndex]!),
              label: ({ dataIndex }) => ` ${formatCount(days[dataIndex]!.requests)} requests`,
            },
          },
        },
      },
    }),
    table: table('Requests by month', ['Month', 'Requests', 'Days without one'].map(numericBut(0)), byMonth(days)),
  };
}

function byMonth(days: Profile['days']): string[][] {
  const months = new Map<string, { requests: number; empty: number }>();
  for (const { date, requests } of days) {
    const month = months.get(date.slice(0, 7)) ?? { requests: 0, empty: 0 };
    month.requests += requests;
    if (requests === 0) month.empty++;
    months.set(date.slice(0, 7), month);
  }
  return [...months].map(([month, { requests, empty }]) => [month, formatCount(requests), formatCount(empty)]);
}

/** The prefixes most read. */
export function hottestContent({ prefixes }: Profile): FigureContent {
  const by = `prefix:${prefixes.depth}`;
  const { hottest } = prefixes;
  const names = hottest.map((group) => formatGroup(by, group));
  const reads: Series = {
    label: 'reads',
    values: hottest.map((group) => group.reads),
    text: (at) => formatCount(hottest[at]!.reads),
  };
  return {
    label: `Bars of the reads by ${formatGroupBy(by)}: ${names.map((name, at) => `${name} ${reads.text(at)}`).join(', ')}.`,
    ...barContent({ names, series: [reads], lying: true, unit: 'count' }),
    table: groupTable('The hottest prefixes', by, hottest, prefixes.coldDays),
    tableOpen: true,
  };
}

/** The prefixes with the most cold bytes. */
export function coldestContent({ prefixes }: Profile): FigureContent {
  const by = `prefix:${prefixes.depth}`;
  return {
    ...coldContent(by, prefixes.coldest, prefixes.coldDays),
    table: groupTable('The coldest prefixes', by, prefixes.coldest, prefixes.coldDays),
    tableOpen: true,
  };
}

/** Groups of objects by what is cold of them; by their bytes where no reads are known. */
export function groupsContent({ workload, groupBy, prefixes }: Profile): FigureContent {
  const { by, groups } = groupBy!;
  if (workload.requests === 0) {
    const shares = groups.map((group) => ({ name: formatGroup(by, group), ...group.present }));
    return {
      ...sharesContent(formatGroupBy(by), capital(formatGroupBy(by)), shares, { lying: true }),
      tableOpen: true,
    };
  }
  return {
    ...coldContent(by, groups, prefixes.coldDays),
    table: groupTable(`By ${formatGroupBy(by)}`, by, groups, prefixes.coldDays),
    tableOpen: true,
  };
}

function coldContent(
  by: string,
  groups: readonly GroupProfile[],
  coldDays: number,
): Pick<FigureContent, 'configure' | 'legend' | 'label'> {
  const names = groups.map((group) => formatGroup(by, group));
  const warm = ({ present, coldBytes }: GroupProfile): bigint => BigInt(present.bytes) - BigInt(coldBytes);
  const series: Series[] = [
    {
      label: `not read for ${formatCounted(coldDays, 'day')}`,
      values: groups.map(({ coldBytes }) => Number(coldBytes)),
      text: (at) => formatBytes(groups[at]!.coldBytes),
    },
    {
      label: 'read since, or newer',
      values: groups.map((group) => Number(warm(group))),
      text: (at) => formatBytes(warm(groups[at]!)),
    },
  ];
  return {
    label: `Bars of the bytes by ${formatGroupBy(by)}, cold ones first: ${names.map((name, at) => `${name} ${series[0]!.text(at)}`).join(', ')}.`,
    ...barContent({ names, series, lying: true, stacked: true, unit: 'bytes' }),
  };
}

function groupTable(caption: string, by: string, groups: readonly GroupProfile[], coldDays: number): HTMLElement {
  const headings = [
    formatGroupBy(by),
    'Objects',
    'Bytes',
    `Not read for ${formatCounted(coldDays, 'day')}`,
    '%',
    'Never read',
    'Reads',
    'Bytes read',
    'Last read',
  ];
  return table(
    caption,
    headings.map(capital).map(numericBut(0)),
    groups.map((group) => [
      foreign(formatGroup(by, group)),
      formatCount(group.present.objects),
      formatBytes(group.present.bytes),
      formatBytes(group.coldBytes),
      formatPercent(shareOf(group.coldBytes, group.present.bytes)),
      formatPercent(shareOf(group.neverReadBytes, group.present.bytes)),
      formatCount(group.reads),
      formatBytes(group.readBytes),
      lastReadOf(group),
    ]),
  );
}

/** Who keeps cold data warm. */
export function requestersContent({ requesters }: Profile): FigureContent {
  const { warmers, warmDays } = requesters!;
  const names = warmers.map(({ requester }) => requesterName(requester));
  const kept: Series = {
    label: 'bytes kept warm',
    values: warmers.map(({ bytes }) => Number(bytes)),
    text: (at) => formatBytes(warmers[at]!.bytes),
  };
  return {
    text: `Reads of objects that nobody else had read, and nobody had uploaded, for ${warmDays} days. Sessions of an assumed role are one requester.`,
    label: `Bars of the bytes that single requesters keep warm: ${names.map((name, at) => `${name} ${kept.text(at)}`).join(', ')}.`,
    ...barContent({ names, series: [kept], lying: true, unit: 'bytes' }),
    table: table(
      'Who keeps cold data warm',
      ['Requester', 'Objects', 'Bytes', 'Reads', 'Bytes read'].map(numericBut(0)),
      warmers.map(({ objects, bytes, reads, readBytes }, at) => [
        foreign(names[at]!),
        formatCount(objects),
        formatBytes(bytes),
        formatCount(reads),
        formatBytes(readBytes),
      ]),
    ),
    tableOpen: true,
  };
}

/** Requests by operation, as a table alone. */
export function operationsTable({ operations }: Profile): HTMLElement {
  return table(
    'Requests by operation',
    ['Operation', 'Requests', 'Failed'].map(numericBut(0)),
    operations.map(({ operation, requests, failed }) => [
      printable(operation),
      formatCount(requests),
      formatCount(failed),
    ]),
  );
}

function percents(label: string, values: readonly string[]): Series {
  return { label, values: values.map(Number), text: (at) => formatPercent(values[at]!) };
}

function numericBut(first: number): (heading: string, at: number) => { heading: string; numeric: boolean } {
  return (heading, at) => ({ heading, numeric: at !== first });
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
