/** Scales of pictures drawn by hand: where an instant or an amount stands, and which of them are named. */
import { formatMonth } from '../format.ts';

const DAY = 86_400_000;
const MONTHS_APART = [1, 2, 3, 6, 12, 24, 60];
const DAYS_APART = [1, 2, 7, 14];

export interface Tick {
  readonly value: number;
  readonly text: string;
}

/** Round instants of a time (milliseconds): beginnings of months, or of days when there are hardly any; at most `most`. */
export function timeTicks(from: number, until: number, most: number): Tick[] {
  const days = (until - from) / DAY;
  const step = days < 62 ? DAYS_APART.find((apart) => days / apart <= most) : undefined;
  return step === undefined ? monthTicks(from, until, most) : dayTicks(from, until, step);
}

function dayTicks(from: number, until: number, step: number): Tick[] {
  const ticks: Tick[] = [];
  for (let value = Math.ceil(from / DAY) * DAY; value <= until; value += step * DAY) {
    const date = new Date(value).toISOString();
    ticks.push({ value, text: `${Number(date.slice(8, 10))} ${formatMonth(date).slice(0, 3)}` });
  }
  return ticks;
}

function monthTicks(from: number, until: number, most: number): Tick[] {
  const months = (until - from) / (30 * DAY);
  const apart = MONTHS_APART.find((step) => Math.floor(months / step) <= most) ?? MONTHS_APART.at(-1)!;
  const first = new Date(from);
  const ticks: Tick[] = [];
  for (let month = 0; ; month++) {
    const value = Date.UTC(first.getUTCFullYear(), month);
    if (value > until) return ticks;
    if (value < from || month % apart !== 0) continue;
    const [name, year] = formatMonth(new Date(value).toISOString()).split(' ') as [string, string];
    const isNewYear = ticks.length === 0 || month % 12 === 0;
    ticks.push({ value, text: isNewYear ? `${name.slice(0, 3)} ${year}` : name.slice(0, 3) });
  }
}

/** Round amounts from zero to the greatest, some five of them. */
export function amountTicks(most: number): number[] {
  if (!(most > 0)) return [0];
  const rough = most / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((factor) => factor * power >= rough)!;
  return Array.from({ length: Math.floor(most / step + 1e-9) + 1 }, (_, i) => i * step);
}
