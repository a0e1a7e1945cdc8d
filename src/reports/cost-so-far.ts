import type { AccountRow } from '../model/explanation.ts';

/** Cost up to an instant, in milliseconds and USD; for a picture, not exact. */
export interface CostPoint {
  readonly time: number;
  readonly usd: number;
}

/** The cost of an account up to each instant at which it changes its course: intervals cost evenly, events at once. */
export function costSoFar(rows: readonly AccountRow[], from: number, until: number): CostPoint[] {
  const jumps = new Map<number, number>();
  const slopes = new Map<number, number>();
  const add = (map: Map<number, number>, time: number, amount: number): void => {
    map.set(time, (map.get(time) ?? 0) + amount);
  };
  for (const row of rows) {
    const [usd, begin, end] = [Number(row.costUSD), Date.parse(row.at), row.until ? Date.parse(row.until) : undefined];
    if (usd === 0) continue;
    if (end === undefined) add(jumps, Math.max(begin, from), usd);
    else {
      add(slopes, begin, usd / (end - begin));
      add(slopes, end, -usd / (end - begin));
    }
  }
  const points: CostPoint[] = [];
  let [usd, slope, before] = [0, 0, from];
  for (const time of [...new Set([from, ...jumps.keys(), ...slopes.keys(), until])].sort((a, b) => a - b)) {
    usd += slope * (time - before);
    points.push({ time, usd });
    const jump = jumps.get(time);
    if (jump !== undefined) {
      usd += jump;
      points.push({ time, usd });
    }
    slope += slopes.get(time) ?? 0;
    before = time;
  }
  return points;
}
