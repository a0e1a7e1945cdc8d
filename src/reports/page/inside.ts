/** One policy from inside: what each month's bill is made of, and where the bytes were. */
import type { Comparison, PolicyResult } from '../../model/comparison.ts';
import { COMPONENTS } from '../../model/usage-type.ts';
import { formatBytes, formatDay, formatMonth, formatUSD, printable } from '../format.ts';
import { byteTicks, byteTickText, chartUSD, dayAxis, moneyTicks } from './axes.ts';
import { element, table } from './dom.ts';
import { type FigureContent, swatch } from './figure.ts';
import { seriesColor, type Theme } from './theme.ts';

/** Figure 2: cost by month, stacked by component. */
export function monthsContent(result: PolicyResult): FigureContent {
  const components = COMPONENTS.filter((component) => Number(result.components[component] ?? 0) !== 0);
  const color = (theme: Theme, component: (typeof COMPONENTS)[number]): string => {
    return seriesColor(theme, COMPONENTS.indexOf(component));
  };
  return {
    text: about(result),
    label: `Stacked bars of the monthly cost of ${printable(result.policy)} by ${components.join(', ')}.`,
    legend: (theme) => legend(components.map((component) => [component, color(theme, component)])),
    configure: (theme, narrow) => ({
      type: 'bar',
      data: {
        labels: result.months.map(({ month }) => monthLabel(month)),
        datasets: components.map((component) => ({
          label: component,
          data: result.months.map((month) => Number(month.components[component] ?? 0)),
          backgroundColor: color(theme, component),
          borderColor: theme.surface,
          borderWidth: { top: 1 },
          maxBarThickness: 56,
        })),
      },
      options: {
        interaction: { mode: 'index', intersect: false },
        scales: {
          x: { stacked: true, grid: { display: false }, ticks: { maxRotation: 0, maxTicksLimit: narrow ? 6 : 12 } },
          y: { stacked: true, ticks: moneyTicks(), border: { display: false } },
        },
        plugins: {
          legend: { display: false },
          tooltip: {
            callbacks: {
              title: ([item]) => formatMonth(result.months[item!.dataIndex]!.month),
              label: ({ dataset, raw }) => ` ${dataset.label}: ${chartUSD(Number(raw))}`,
              footer: ([item]) => `Total ${formatUSD(result.months[item!.dataIndex]!.totalUSD)}`,
            },
          },
        },
      },
    }),
    table: table(
      `Cost by month of ${printable(result.policy)}`,
      [
        { heading: 'Month' },
        ...components.map((component) => ({ heading: capital(component), numeric: true })),
        { heading: 'Total', numeric: true },
      ],
      result.months.map((month) => [
        formatMonth(month.month),
        ...components.map((component) => formatUSD(month.components[component] ?? '0')),
        formatUSD(month.totalUSD),
      ]),
    ),
  };
}

/** Figure 3: bytes by storage class over time, stacked. */
export function classesContent({ timelineDates, results }: Comparison, result: PolicyResult): FigureContent {
  const all = [...new Set(results.flatMap(({ timeline }) => Object.keys(timeline.bytes)))];
  const classes = Object.keys(result.timeline.bytes);
  const bytesOn = (name: string, day: number): number => result.timeline.bytes[name]?.[day] ?? 0;
  return {
    text: about(result),
    label: `Stacked areas of the bytes ${printable(result.policy)} keeps in ${classes.map(printable).join(', ')} over time.`,
    legend: (theme) => legend(classes.map((name) => [name, seriesColor(theme, all.indexOf(name))])),
    configure: (theme, narrow) => ({
      type: 'line',
      data: {
        datasets: classes.map((name) => ({
          label: printable(name),
          data: timelineDates.map((_, day) => ({ x: day, y: bytesOn(name, day) })),
          backgroundColor: seriesColor(theme, all.indexOf(name)),
          borderColor: theme.surface,
          borderWidth: 1,
          fill: 'stack',
          pointRadius: 0,
          pointHoverRadius: 3,
        })),
      },
      options: {
        interaction: { mode: 'index', intersect: false },
        scales: {
          x: dayAxis(timelineDates, narrow),
          y: {
            stacked: true,
            beginAtZero: true,
            afterBuildTicks: byteTicks,
            ticks: { callback: byteTickText },
            border: { display: false },
          },
        },
        plugins: {
          legend: { display: false },
          tooltip: {
            callbacks: {
              title: ([item]) => formatDay(timelineDates[item!.dataIndex]!),
              label: ({ dataset, dataIndex, datasetIndex }) => {
                return ` ${dataset.label}: ${formatBytes(bytesOn(classes[datasetIndex]!, dataIndex))}`;
              },
            },
          },
        },
      },
    }),
    table: table(
      `Bytes by storage class of ${printable(result.policy)}`,
      [{ heading: 'At the end of' }, ...classes.map((name) => ({ heading: printable(name), numeric: true }))],
      lastDays(timelineDates).map((day) => [
        formatDay(timelineDates[day]!),
        ...classes.map((name) => formatBytes(bytesOn(name, day))),
      ]),
    ),
  };
}

/** The last of the dates in each calendar month. */
export function lastDays(dates: readonly string[]): number[] {
  return [...dates.keys()].filter((day) => dates[day]!.slice(0, 7) !== dates[day + 1]?.slice(0, 7));
}

function about({ policy, description }: PolicyResult): string {
  return `${printable(policy)}: ${printable(description)}`;
}

export function legend(entries: readonly (readonly [string, string])[]): HTMLElement {
  return element(
    'ul',
    { class: 'legend' },
    ...entries.map(([name, color]) => element('li', {}, swatch(color), printable(name))),
  );
}

function monthLabel(month: string): string[] {
  const [name, year] = formatMonth(month).split(' ') as [string, string];
  return name === 'January' ? [name.slice(0, 3), year] : [name.slice(0, 3)];
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
