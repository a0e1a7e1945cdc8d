import { describe, expect, it } from 'vitest';
import { byKey, DAY, deviation, median, type Row, rowsOf, START, slope } from './rows.ts';

/** Exponent of the rank–frequency line of the reads of objects, over the ranks that matter: not the noisy first ones, not the rarest half. */
function zipfExponent(objects: readonly Row[][]): number {
  const counts = objects.map((events) => events.length - 1).sort((a, b) => b - a);
  const ranks = counts.slice(0, counts.length / 2).map((count, i) => [Math.log(i + 1), Math.log(count)] as const);
  return -slope(ranks.slice(10));
}

function readsByAge(rows: readonly Row[], uploaded: (day: number) => boolean, ages: readonly number[]): number[] {
  const counts = ages.slice(1).map(() => 0);
  for (const events of byKey(rows).values()) {
    const created = events[0]!.time;
    if (!uploaded((created - START) / DAY)) continue;
    for (const { time, operation } of events) {
      const age = (time - created) / DAY;
      const i = ages.findLastIndex((from) => from <= age);
      if (operation === 'GET' && i < counts.length) counts[i]!++;
    }
  }
  return counts;
}

function readsByHour(rows: readonly Row[]): number[] {
  const hours = new Array<number>(24).fill(0);
  for (const { time, operation } of rows) if (operation === 'GET') hours[Math.floor((time % DAY) / 3600)]!++;
  return hours;
}

/** Monday first. */
function rowsByWeekday(rows: readonly Row[]): number[] {
  const days = new Array<number>(7).fill(0);
  for (const { time } of rows) days[(new Date(time * 1000).getUTCDay() + 6) % 7]!++;
  return days;
}

const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);

describe('popularity', () => {
  it('of business-critical objects follows Zipf 0.6', () => {
    const objects = [...byKey(rowsOf('business-critical', { objects: 3000, days: 60 })).values()];
    const alike = objects.filter(([put]) => put!.key.startsWith('app/reference/'));
    expect(zipfExponent(alike)).toBeCloseTo(0.6, 1);
  });

  it('of web files follows Zipf 1.0', () => {
    const objects = [...byKey(rowsOf('web-hosting', { objects: 4000, days: 120 })).values()];
    const alike = objects.filter(([put]) => put!.key.includes('/assets/') && put!.time < START + DAY);
    expect(Math.abs(zipfExponent(alike) - 1)).toBeLessThan(0.08);
  });

  it('is shared by the renditions of a title', () => {
    const titles = new Map<string, number[]>();
    for (const [key, events] of byKey(rowsOf('video', { objects: 400, days: 60 }))) {
      const title = key.split('/')[1]!;
      titles.set(title, [...(titles.get(title) ?? []), events[0]!.time]);
    }
    expect(titles.size).toBe(100);
    for (const times of titles.values()) expect(Math.max(...times) - Math.min(...times)).toBeLessThan(600);
  });
});

describe('sizes', () => {
  const puts = (preset: string, part: string) =>
    rowsOf(preset, { objects: 6000, days: 7, events: 20_000 }).filter(
      ({ operation, key }) => operation === 'PUT' && key.includes(part),
    );

  it.each([
    ['business-critical', 'app/reference/', 600e3, 1.2],
    ['video', '1080p', 900e6, 0.6],
    ['backup', 'increment', 180e6, 1.3],
    ['data-lake', '.parquet', 48e6, 1.1],
    ['compliance-archive', 'mail', 45e6, 0.8],
    ['user-content', '.webp', 12e3, 0.5],
  ])('of %s %s are log-normal around %d with sigma %d', (preset, part, middle, sigma) => {
    const logs = puts(preset, part).map(({ size }) => Math.log(size!));
    expect(logs.length).toBeGreaterThan(1000);
    // A normal sample's median has a standard error of 1.25 σ/√n, its deviation one of 0.71 σ/√n.
    const error = sigma / Math.sqrt(logs.length);
    expect(Math.abs(median(logs) - Math.log(middle))).toBeLessThan(5 * error);
    expect(Math.abs(deviation(logs) - sigma)).toBeLessThan(4 * error);
  });

  it('of web files have the quantiles measured on servers', () => {
    const sizes = puts('web-hosting', '/assets/').map(({ size }) => size!);
    const above = (bytes: number) => sizes.filter((size) => size > bytes).length / sizes.length;
    expect(above(11_000)).toBeCloseTo(0.5, 1);
    expect(Math.abs(above(254_000) - 0.1)).toBeLessThan(0.02);
    expect(Math.abs(above(3_976_000) - 0.01)).toBeLessThan(0.006);
  });

  it.each([
    ['web-hosting', '/folders/'],
    ['data-lake', '_SUCCESS'],
  ])('of %s %s are zero', (preset, part) => {
    const sizes = puts(preset, part).map(({ size }) => size!);
    expect(sizes.length).toBeGreaterThan(10);
    expect(new Set(sizes)).toEqual(new Set([0]));
  });
});

describe('interest', () => {
  it('in a video is halved every 10 days', () => {
    const rows = rowsOf('video', { objects: 800, days: 200 });
    const [first, second, third] = readsByAge(rows, (day) => day > 1 && day < 160, [0, 10, 20, 30]);
    expect(Math.abs(first! / second! - 2)).toBeLessThan(0.1);
    expect(Math.abs(first! / third! - 4)).toBeLessThan(0.3);
  });

  it('in user content fades as a power law', () => {
    const rows = rowsOf('user-content', { objects: 6000, days: 200, events: 150_000 });
    const [first, , later] = readsByAge(rows, (day) => day > 1 && day < 170, [0, 2, 6, 30]);
    // The integral of (1 + a/2)^-1.3 from 0 to 2 days is 2/0.3 × (1 − 2^-0.3) = 1.252, from 6 to 30 days
    // 2/0.3 × (4^-0.3 − 16^-0.3) = 1.496, some of it lost to objects deleted before.
    expect(first! / later!).toBeGreaterThan(0.8);
    expect(first! / later!).toBeLessThan(0.92);
  });

  it('in static business data stays', () => {
    const rows = rowsOf('business-critical', { objects: 300, days: 100 });
    const [first, second] = readsByAge(rows, () => true, [1, 50, 99]);
    expect(Math.abs(first! / second! - 1)).toBeLessThan(0.03);
  });
});

describe('rhythm', () => {
  it('of training data is that of an office with a nightly batch: weekdays twice the weekend, 10:00 far above 23:00', () => {
    const rows = rowsOf('data-lake', { objects: 2000, days: 364 }).filter(
      ({ key, operation, time }) =>
        key.startsWith('training/') && operation === 'GET' && time >= START + 5 * DAY && time < START + 355 * DAY,
    );
    const days = rowsByWeekday(rows);
    expect(Math.abs(sum(days.slice(0, 5)) / 5 / (sum(days.slice(5)) / 2) - 2)).toBeLessThan(0.1);
    // Office 16 and 1, and 3 of machines at any hour: 19 to 4; the batch at 02:00 has 14 + 1 = 15.
    const hours = readsByHour(rows);
    expect(Math.abs(hours[10]! / hours[23]! - 19 / 4)).toBeLessThan(0.5);
    expect(Math.abs(hours[2]! / hours[23]! - 15 / 4)).toBeLessThan(0.5);
  });

  it('of videos is that of evenings and weekends', () => {
    const rows = rowsOf('video', { objects: 800, days: 196 });
    const hours = readsByHour(rows);
    expect(Math.abs(hours[20]! / hours[4]! - 12)).toBeLessThan(1.5);
    const days = rowsByWeekday(rows.filter(({ operation }) => operation === 'GET'));
    expect((days[5]! + days[6]!) / 2).toBeGreaterThan(1.15 * (sum(days.slice(0, 4)) / 4));
  });

  it('of backups is the night, and of compliance records the working day', () => {
    const hour = ({ time }: Row) => Math.floor((time % DAY) / 3600);
    const backups = rowsOf('backup', { objects: 1000 }).filter(({ operation }) => operation === 'PUT');
    // A run of ten objects takes up to ten minutes.
    expect(backups.every((row) => hour(row) >= 1 && hour(row) <= 5)).toBe(true);
    const records = rowsOf('compliance-archive', { objects: 3000, days: 364 }).filter(
      ({ operation, time }) => operation === 'PUT' && time > START + DAY,
    );
    const days = rowsByWeekday(records);
    expect(days[0]!).toBeGreaterThan(2.5 * days[5]!);
  });
});

describe('endings', () => {
  it.each([
    ['increment', 35],
    ['full', 365],
    ['manifest', 365],
  ])('a backup %s is deleted in the hour after %d days', (kind, days) => {
    const lives = [...byKey(rowsOf('backup', { objects: 1000, days: 500 }))].filter(([key]) => key.includes(kind));
    for (const [, events] of lives) {
      const [created, last] = [events[0]!.time, events.at(-1)!];
      const due = created + days * DAY;
      if (due + 3600 < START + 500 * DAY) expect(last.operation).toBe('DELETE');
      if (last.operation !== 'DELETE') continue;
      expect(last.time).toBeGreaterThanOrEqual(due);
      expect(last.time).toBeLessThan(due + 3600);
    }
    expect(lives.filter(([, events]) => events.at(-1)!.operation === 'DELETE').length).toBeGreaterThan(20);
  });

  it('a compliance record is kept for seven years, then deleted', () => {
    const lives = [...byKey(rowsOf('compliance-archive', { objects: 500, days: 3000 })).values()];
    const deleted = lives.filter((events) => events.at(-1)!.operation === 'DELETE');
    // Seven years with two leap days: 7 × 365 + 2 = 2557.
    for (const events of deleted) expect(events.at(-1)!.time - events[0]!.time).toBeGreaterThanOrEqual(2557 * DAY);
    const due = lives.filter((events) => events[0]!.time < START + (3000 - 2558) * DAY);
    expect(deleted.length).toBeGreaterThanOrEqual(due.length);
    expect(due.length).toBeGreaterThan(50);
  });

  it('one user object in seven is deleted by its owner in the end', () => {
    const lives = [...byKey(rowsOf('user-content', { objects: 3000, days: 3000 })).values()];
    const early = lives.filter((events) => events[0]!.time < START + 2000 * DAY);
    const deleted = early.filter((events) => events.at(-1)!.operation === 'DELETE').length / early.length;
    expect(Math.abs(deleted - 0.15)).toBeLessThan(0.025);
  });
});

it('reads ranges of videos and tables, never more than there is', () => {
  const ranges = rowsOf('data-lake', { objects: 500, days: 60 }).filter(
    ({ key, operation }) => key.endsWith('.parquet') && operation === 'GET',
  );
  const whole = ranges.filter(({ bytes, size }) => bytes === size).length;
  expect(whole / ranges.length).toBeLessThan(0.05);
  // Uber's Presto workloads read 1 MiB at a time.
  expect(Math.abs(Math.log(median(ranges.map(({ bytes }) => bytes!)) / 2 ** 20))).toBeLessThan(0.1);
});
