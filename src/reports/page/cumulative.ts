/** What each policy has cost by each day, and from which day it costs less than the baseline. */

import type { ChartConfiguration } from 'chart.js';
import type { Comparison, PolicyResult } from '../../model/comparison.ts';
import { compareDecimals } from '../decimal.ts';
import { formatDay, printable } from '../format.ts';
import { chartUSD, dayAxis, moneyTicks } from './axes.ts';
import type { Chart } from './chart-js.ts';
import { element, foreign, table } from './dom.ts';
import { type FigureContent, swatch } from './figure.ts';
import { lastDays } from './inside.ts';
import { seriesColor, type Theme } from './theme.ts';

/** Figure 4. */
export function cumulativeContent(comparison: Comparison): FigureContent {
  const far = farAbove(comparison);
  const hidden = new Set<number>(far);
  const left = far.map((index) => printable(comparison.results[index]!.policy)).join(' and ');
  return {
    text: `What each policy has cost from the first day to each day.${left && ` ${left} would press the other lines together and can be ticked.`}`,
    label: `Lines of the cost so far of ${comparison.results.length} policies. ${sentences(comparison).join(' ')}`,
    legend: (theme, chart) => toggles(comparison, theme, chart, hidden),
    configure: (theme, narrow) => configuration(comparison, theme, narrow, hidden),
    remarks: breakEvens(comparison),
    table: costsTable(comparison),
  };
}

/** How much dearer than the next cheaper policy is so dear that its line leaves no room for the others'. */
const FAR = 3;

/** The dearest policies, from the first that is far above the next cheaper one; never the baseline. */
function farAbove({ results, baseline }: Comparison): number[] {
  const totals = results.map(({ totalUSD }) => Number(totalUSD));
  const first = totals.findIndex((total, index) => index > 1 && total > FAR * totals[index - 1]!);
  const far = first < 0 ? [] : [...results.keys()].slice(first);
  return far.some((index) => results[index]!.policy === baseline) ? [] : far;
}

interface Stroke {
  readonly color: string;
  readonly style: 'solid' | 'dashed' | 'dotted';
  readonly width: number;
}

/** The baseline is the dark dashed line; past the palette's end colours come again, dotted. */
function stroke({ results, baseline }: Comparison, index: number, theme: Theme): Stroke {
  const baselineIndex = results.findIndex(({ policy }) => policy === baseline);
  if (index === baselineIndex) return { color: theme.text, style: 'dashed', width: 2 };
  const place = baselineIndex >= 0 && index > baselineIndex ? index - 1 : index;
  const style = place < theme.palette.length ? 'solid' : 'dotted';
  return { color: seriesColor(theme, place), style, width: index === 0 ? 3 : 1.75 };
}

const DASHES: Readonly<Record<Stroke['style'], number[]>> = { solid: [], dashed: [6, 4], dotted: [2, 3] };

function configuration(
  comparison: Comparison,
  theme: Theme,
  narrow: boolean,
  hidden: ReadonlySet<number>,
): ChartConfiguration {
  const { results, timelineDates } = comparison;
  const few = timelineDates.length < 3;
  return {
    type: 'line',
    data: {
      datasets: results.map((result, index) => {
        const { color, style, width } = stroke(comparison, index, theme);
        const crossing = breakEvenDay(comparison, result);
        return {
          label: printable(result.policy),
          hidden: hidden.has(index),
          data: result.timeline.cumulativeUSD.map((usd, day) => ({ x: day, y: usd })),
          borderColor: color,
          borderDash: DASHES[style],
          borderWidth: width,
          pointRadius: ({ dataIndex }: { dataIndex: number }) => (few || dataIndex === crossing ? 5 : 0),
          pointBackgroundColor: theme.surface,
          pointBorderColor: color,
          pointBorderWidth: 2,
          pointHoverRadius: 4,
          order: index,
        };
      }),
    },
    options: {
      interaction: { mode: 'index', intersect: false },
      scales: {
        x: dayAxis(timelineDates, narrow),
        y: { beginAtZero: true, ticks: moneyTicks(), border: { display: false } },
      },
      plugins: {
        legend: { display: false },
        tooltip: {
          itemSort: (a, b) => Number(a.parsed.y) - Number(b.parsed.y),
          callbacks: {
            title: ([item]) => formatDay(timelineDates[item!.dataIndex]!),
            label: ({ dataset, parsed }) => ` ${dataset.label}: ${formatCents(Number(parsed.y))}`,
          },
        },
      },
    },
  };
}

/** Check boxes that show and hide lines: a legend that the keyboard reaches. */
function toggles(comparison: Comparison, theme: Theme, chart: Chart, hidden: Set<number>): HTMLElement {
  const boxes = comparison.results.map(({ policy }, index) => {
    const { color, style } = stroke(comparison, index, theme);
    const box = element('input', { type: 'checkbox' });
    box.checked = !hidden.has(index);
    box.addEventListener('change', () => {
      if (box.checked) hidden.delete(index);
      else hidden.add(index);
      chart.setDatasetVisibility(index, box.checked);
      chart.update();
    });
    return element('label', {}, box, swatch(color, style), foreign(policy));
  });
  return element('fieldset', { class: 'legend' }, element('legend', {}, 'Lines shown'), ...boxes);
}

function breakEvenDay({ timelineDates }: Comparison, { breakEvenDate }: PolicyResult): number {
  return breakEvenDate === null ? -1 : timelineDates.findIndex((date) => date >= breakEvenDate);
}

function sentences(comparison: Comparison): string[] {
  const baseline = printable(comparison.baseline);
  return comparison.results
    .filter(({ breakEvenDate }) => breakEvenDate !== null)
    .map(
      ({ policy, breakEvenDate }) =>
        `${printable(policy)} has cost less than ${baseline} from ${formatDay(breakEvenDate!)} on.`,
    );
}

function breakEvens(comparison: Comparison): HTMLElement | undefined {
  const texts = sentences(comparison);
  if (texts.length === 0) return undefined;
  return element(
    'div',
    { class: 'remarks' },
    element('h4', {}, 'Break-even days (the circles on the lines)'),
    element('ul', {}, ...texts.map((text) => element('li', {}, foreign(text)))),
  );
}

/** One row per month, since there are more months than policies when there is much of either. */
function costsTable(comparison: Comparison): HTMLElement {
  const { results, timelineDates } = comparison;
  const columns = results.map(({ policy }) => ({ heading: printable(policy), numeric: true }));
  const breakEven = ['Break-even', ...results.map((result) => breakEvenText(comparison, result))];
  const rows = lastDays(timelineDates).map((day) => [
    `By ${formatDay(timelineDates[day]!)}`,
    ...results.map(({ timeline }) => formatCents(timeline.cumulativeUSD[day] ?? 0)),
  ]);
  return table('Cost so far by policy', [{ heading: 'Date' }, ...columns], [breakEven, ...rows]);
}

function breakEvenText({ baseline }: Comparison, { policy, breakEvenDate, savingUSD }: PolicyResult): string {
  if (policy === baseline) return 'baseline';
  if (breakEvenDate !== null) return formatDay(breakEvenDate);
  return compareDecimals(savingUSD, '0') > 0 ? 'never dearer' : 'none';
}

/** The timeline is not exact, so neither is what is shown of it: cents. */
function formatCents(usd: number): string {
  const text = chartUSD(usd);
  return text.includes('.') ? text : `${text}.00`;
}
