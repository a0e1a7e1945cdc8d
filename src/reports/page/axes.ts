/** Ticks of the charts' axes. */

import type { Scale } from 'chart.js';
import { formatBytes, formatMonth, formatUSD } from '../format.ts';

/** USD of a number that only a chart needs: `$1,200`, `$0.25`. */
export function chartUSD(value: number): string {
  return formatUSD(value.toFixed(9)).replace(/\.00$/, '');
}

/** A vertical axis of money from zero. */
export function moneyTicks(): { callback: (value: number | string) => string; maxTicksLimit: number } {
  return { callback: (value) => chartUSD(Number(value)), maxTicksLimit: 7 };
}

/** Steps at round numbers of the binary unit that fits (1, 2, 5 … TiB), where decimal steps would be crooked. */
export function byteTicks(scale: Scale): void {
  const max = Math.max(scale.max, 1);
  const unit = 1024 ** Math.floor(Math.log(max) / Math.log(1024));
  const rough = max / unit / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = unit * power * [1, 2, 5, 10].find((factor) => factor * power >= rough)!;
  scale.ticks = [];
  for (let value = 0; value <= max * 1.0001; value += step) scale.ticks.push({ value });
}

/** A tick of {@link byteTicks}. */
export function byteTickText(value: number | string): string {
  return formatBytes(Number(value));
}

/**
 * A horizontal axis over days given as dates, one step per date: ticks where a month begins, or on evenly spread days
 * when there are hardly any months.
 */
export function dayAxis(dates: readonly string[], narrow: boolean) {
  const most = narrow ? 4 : 12;
  const ticks = tickDays(dates, most);
  return {
    type: 'linear' as const,
    min: 0,
    max: Math.max(dates.length - 1, 1),
    grid: { display: false as const },
    afterBuildTicks: (scale: Scale) => {
      scale.ticks = ticks.map((value) => ({ value }));
    },
    ticks: {
      autoSkip: false as const,
      maxRotation: 0,
      callback: (value: number | string) => tickText(dates, ticks, Number(value)),
    },
  };
}

/** Whether months, rather than days, are what the ticks of the dates name. */
function byMonth(dates: readonly string[]): boolean {
  return new Set(dates.map((date) => date.slice(0, 7))).size > 2;
}

function tickDays(dates: readonly string[], most: number): number[] {
  const candidates = [...dates.keys()].filter((day) => {
    return (
      !byMonth(dates) || (day > 0 ? dates[day - 1]!.slice(0, 7) !== dates[day]!.slice(0, 7) : dates[0]!.endsWith('-01'))
    );
  });
  const step = Math.ceil(candidates.length / most);
  return candidates.filter((_, index) => index % step === 0);
}

function tickText(dates: readonly string[], ticks: readonly number[], day: number): string {
  const date = dates[day];
  if (date === undefined) return '';
  const [month, year] = formatMonth(date).split(' ') as [string, string];
  const short = month.slice(0, 3);
  if (!byMonth(dates)) return `${Number(date.slice(8, 10))} ${short}`;
  const newYear = day === ticks[0] || date.slice(5, 7) === '01';
  return newYear ? `${short} ${year}` : short;
}
