/** Bars side by side or one behind the other, with lines where a rule or a class draws one. */
import type { Chart, ChartConfiguration, Plugin } from 'chart.js';
import { printable } from '../format.ts';
import { byteTicks, byteTickText } from './axes.ts';
import { FONT } from './chart-js.ts';
import { element } from './dom.ts';
import { type FigureContent, swatch } from './figure.ts';
import { seriesColor, type Theme } from './theme.ts';

/** One of several numbers that each bar shows, and how they are told. */
export interface Series {
  readonly label: string;
  readonly values: readonly number[];
  readonly text: (index: number) => string;
}

/** A line between two bars, before the bar of an index. */
export interface BarLine {
  readonly before: number;
  readonly label: string;
}

export interface BarParts {
  readonly names: readonly string[];
  readonly series: readonly Series[];
  readonly lines?: readonly BarLine[];
  readonly lying?: boolean;
  /** One behind the other instead of side by side. */
  readonly stacked?: boolean;
  /** What the values are. */
  readonly unit: 'percent' | 'bytes' | 'count';
}

/** The chart and its legend. */
export function barContent(parts: BarParts): Pick<FigureContent, 'configure' | 'legend'> {
  const { series } = parts;
  return {
    configure: (theme, narrow) => configuration(parts, theme, narrow),
    ...(series.length > 1 && {
      legend: (theme: Theme) =>
        element(
          'ul',
          { class: 'legend' },
          ...series.map(({ label }, at) => element('li', {}, swatch(seriesColor(theme, at)), label)),
        ),
    }),
  };
}

/** Pixels that lying bars need. */
export function lyingHeight(bars: number): number {
  return Math.max(bars, 1) * 34 + 46;
}

function configuration(
  { names, series, lines = [], lying, stacked = false, unit }: BarParts,
  theme: Theme,
  narrow: boolean,
): ChartConfiguration {
  const labels = names.map((name) => (lying ? shortened(name, narrow ? 14 : 40) : wrapped(name)));
  const values = { ...valueAxis(unit), stacked, beginAtZero: true, border: { display: false } };
  const bars = {
    stacked,
    grid: { display: false as const },
    ticks: {
      autoSkip: false,
      maxRotation: narrow && !lying ? 90 : 0,
      color: theme.text,
      font: { size: narrow ? 10 : 12 },
    },
  };
  return {
    type: 'bar',
    data: {
      labels,
      datasets: series.map(({ label, values }, at) => ({
        label,
        data: [...values],
        backgroundColor: seriesColor(theme, at),
        maxBarThickness: lying ? 24 : 40,
        borderRadius: 2,
      })),
    },
    options: {
      indexAxis: lying ? 'y' : 'x',
      interaction: { mode: 'index', axis: lying ? 'y' : 'x', intersect: false },
      layout: { padding: { top: lines.length > 0 ? 18 : 0 } },
      scales: lying ? { x: values, y: bars } : { x: bars, y: values },
      plugins: {
        legend: { display: false },
        tooltip: {
          callbacks: {
            title: ([item]) => names[item!.dataIndex]!,
            label: ({ datasetIndex, dataIndex }) =>
              ` ${series[datasetIndex]!.label}: ${series[datasetIndex]!.text(dataIndex)}`,
          },
        },
      },
    },
    plugins: lines.length > 0 ? [lineMarks(lines, theme)] : [],
  };
}

function valueAxis(unit: BarParts['unit']) {
  if (unit === 'bytes') return { afterBuildTicks: byteTicks, ticks: { callback: byteTickText } };
  if (unit === 'percent') return { ticks: { callback: (value: number | string) => `${value}%`, maxTicksLimit: 6 } };
  return { ticks: { maxTicksLimit: 6, precision: 0 } };
}

/** Dashed lines between bars, each with its name above. */
function lineMarks(lines: readonly BarLine[], theme: Theme): Plugin {
  return {
    id: 'lineMarks',
    afterDatasetsDraw: (chart: Chart) => {
      const { ctx, chartArea, scales } = chart;
      const axis = scales.x!;
      ctx.save();
      ctx.strokeStyle = theme.muted;
      ctx.fillStyle = theme.muted;
      ctx.font = `12px ${FONT}`;
      ctx.textAlign = 'center';
      ctx.setLineDash([4, 4]);
      for (const { before, label } of lines) {
        const x = (axis.getPixelForTick(before - 1) + axis.getPixelForTick(before)) / 2;
        ctx.beginPath();
        ctx.moveTo(x, chartArea.top);
        ctx.lineTo(x, chartArea.bottom);
        ctx.stroke();
        ctx.fillText(label, x, chartArea.top - 6);
      }
      ctx.restore();
    },
  };
}

/** A name in two lines, where it has the words. */
function wrapped(name: string): string | string[] {
  const words = printable(name).split(' ');
  if (words.length < 3) return words.join(' ');
  const half = Math.ceil(words.length / 2);
  return [words.slice(0, half).join(' '), words.slice(half).join(' ')];
}

/** A long name without its middle: what is at its ends tells more. */
function shortened(text: string, longest: number): string {
  const letters = [...text];
  if (letters.length <= longest) return text;
  const half = Math.floor((longest - 1) / 2);
  return `${letters.slice(0, half).join('')}…${letters.slice(-half).join('')}`;
}
