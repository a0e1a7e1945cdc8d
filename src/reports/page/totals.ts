/** The total of every policy as bars, and the table that says most of what the report has to say. */

import type { Chart, ChartConfiguration, Plugin } from 'chart.js';
import type { Comparison, PolicyResult } from '../../model/comparison.ts';
import { compareDecimals } from '../decimal.ts';
import { formatCount, formatHours, formatPercent, formatUSD, printable } from '../format.ts';
import { moneyTicks } from './axes.ts';
import { FONT } from './chart-js.ts';
import { element, foreign, table } from './dom.ts';
import type { FigureContent } from './figure.ts';
import type { Theme } from './theme.ts';

/** Pixels the chart needs. */
export function totalsHeight({ results }: Comparison): number {
  return results.length * 38 + 46;
}

/** Figure 1. */
export function totalsContent(comparison: Comparison): FigureContent {
  const { results, baseline } = comparison;
  const bars = results.map((result) => `${printable(result.policy)} ${formatUSD(result.totalUSD)}`);
  return {
    label: `Bars of the total cost by policy, baseline ${printable(baseline)}: ${bars.join(', ')}.`,
    configure: (theme, narrow) => configuration(comparison, theme, narrow),
    table: totalsTable(comparison),
    tableOpen: true,
  };
}

/** `-34%` beside the baseline's bar; empty for the baseline itself. */
function difference(result: PolicyResult, baseline: string): string {
  if (result.policy === baseline) return 'baseline';
  const sign = compareDecimals(result.savingPercent, '0');
  const magnitude = formatPercent(result.savingPercent.replace('-', ''));
  return sign === 0 ? 'the same' : `${sign > 0 ? '−' : '+'}${magnitude}`;
}

function configuration({ results, baseline }: Comparison, theme: Theme, narrow: boolean): ChartConfiguration {
  const longest = narrow ? 13 : 30;
  const color = (result: PolicyResult, index: number): string => {
    if (result.policy === baseline) return theme.muted;
    return index === 0 ? theme.accent : theme.quiet;
  };
  const texts = results.map((result) => {
    return narrow ? [formatUSD(result.totalUSD)] : [formatUSD(result.totalUSD), difference(result, baseline)];
  });
  return {
    type: 'bar',
    data: {
      labels: results.map((result) => shortened(printable(result.policy), longest)),
      datasets: [
        {
          data: results.map((result) => Number(result.totalUSD)),
          backgroundColor: results.map(color),
          borderRadius: 3,
          barPercentage: 0.72,
          categoryPercentage: 0.9,
        },
      ],
    },
    options: {
      indexAxis: 'y',
      layout: { padding: { right: narrow ? 82 : 150 } },
      scales: {
        x: {
          // The longest bar ends where the axis ends: the room is for what is written behind it.
          max: Math.max(...results.map((result) => Number(result.totalUSD)), 1e-9),
          min: 0,
          ticks: { ...moneyTicks(), includeBounds: false, display: !narrow },
          border: { display: false },
        },
        y: {
          grid: { display: false },
          ticks: { autoSkip: false, color: theme.text, font: { size: narrow ? 12 : 13 } },
        },
      },
      plugins: {
        legend: { display: false },
        tooltip: {
          displayColors: false,
          callbacks: {
            title: ([item]) => printable(results[item!.dataIndex]!.policy),
            label: ({ dataIndex }) => {
              const result = results[dataIndex]!;
              return `${formatUSD(result.totalUSD)} (${difference(result, baseline)})`;
            },
          },
        },
      },
    },
    plugins: [
      barTexts(texts, theme),
      baselineMark(
        results.findIndex(({ policy }) => policy === baseline),
        theme,
      ),
    ],
  };
}

/** Writes what a bar is worth behind its end: the amount, then the difference, fainter. */
function barTexts(texts: readonly (readonly string[])[], theme: Theme): Plugin {
  return {
    id: 'barTexts',
    afterDatasetsDraw: (chart: Chart) => {
      const { ctx } = chart;
      ctx.save();
      ctx.textBaseline = 'middle';
      ctx.lineJoin = 'round';
      ctx.lineWidth = 4;
      ctx.strokeStyle = theme.surface;
      for (const [index, bar] of chart.getDatasetMeta(0).data.entries()) {
        let x = bar.x + 8;
        for (const [part, text] of texts[index]!.entries()) {
          ctx.font = `${part === 0 ? '600 ' : ''}12.5px ${FONT}`;
          ctx.fillStyle = part === 0 ? theme.text : theme.muted;
          // A halo keeps grid lines from striking the text through.
          ctx.strokeText(text, x, bar.y);
          ctx.fillText(text, x, bar.y);
          x += ctx.measureText(text).width + 8;
        }
      }
      ctx.restore();
    },
  };
}

/** A dashed line down from the end of the baseline's bar. */
function baselineMark(index: number, theme: Theme): Plugin {
  return {
    id: 'baselineMark',
    beforeDatasetsDraw: (chart: Chart) => {
      const { ctx, chartArea } = chart;
      const bar = chart.getDatasetMeta(0).data[index];
      if (bar === undefined) return;
      ctx.save();
      ctx.strokeStyle = theme.muted;
      ctx.setLineDash([4, 4]);
      ctx.beginPath();
      ctx.moveTo(bar.x, chartArea.top);
      ctx.lineTo(bar.x, chartArea.bottom);
      ctx.stroke();
      ctx.restore();
    },
  };
}

function shortened(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

function totalsTable({ results, baseline }: Comparison): HTMLElement {
  const columns = [
    { heading: 'Policy' },
    { heading: 'Total', numeric: true },
    { heading: 'Saving', numeric: true },
    { heading: 'Saving %', numeric: true },
    { heading: 'Reads lost', numeric: true },
    { heading: 'Reads that wait', numeric: true },
    { heading: 'Longest wait', numeric: true },
  ];
  const rows = results.map((result) => {
    const { readsAfterExpiration, readsNeedingRestore, longestRestoreWaitHours } = result.notices;
    return [
      policyCell(result, baseline),
      formatUSD(result.totalUSD),
      result.policy === baseline ? '–' : formatUSD(result.savingUSD),
      result.policy === baseline ? '–' : formatPercent(result.savingPercent),
      troubled(readsAfterExpiration > 0, formatCount(readsAfterExpiration)),
      troubled(readsNeedingRestore > 0, formatCount(readsNeedingRestore)),
      readsNeedingRestore > 0 ? formatHours(longestRestoreWaitHours) : '–',
    ];
  });
  return table('Total by policy', columns, rows);
}

function policyCell(result: PolicyResult, baseline: string): HTMLElement {
  const tag = result.policy === baseline ? element('span', { class: 'tag' }, 'baseline') : undefined;
  return element(
    'div',
    { class: 'policy' },
    element('div', {}, foreign(result.policy), tag),
    element('div', { class: 'description' }, foreign(result.description)),
  );
}

function troubled(trouble: boolean, text: string): HTMLElement {
  return element('span', trouble ? { class: 'trouble' } : {}, text);
}
