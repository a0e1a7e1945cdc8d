import { generate, presets, type WorkloadOptions } from '../../src/generators/index.ts';
import { OPERATIONS } from '../../src/model/operation.ts';

export const START = Date.UTC(2025, 0, 1) / 1000;
export const DAY = 86_400;

export interface Row {
  /** UTC seconds. */
  readonly time: number;
  readonly operation: string;
  readonly key: string;
  readonly size: number | undefined;
  readonly bytes: number | undefined;
}

/** All rows of a small workload. */
export function rowsOf(preset: string, options: Partial<WorkloadOptions>): Row[] {
  const rows: Row[] = [];
  const known = (value: number) => (Number.isNaN(value) ? undefined : value);
  for (const chunk of generate(presets[preset]!, { objects: 100, days: 30, seed: 1, start: START, ...options })) {
    for (let i = 0; i < chunk.length; i++) {
      rows.push({
        time: chunk.seconds[i]!,
        operation: OPERATIONS[chunk.operations[i]!]!,
        key: chunk.keys[i]!,
        size: known(chunk.sizes[i]!),
        bytes: known(chunk.bytes[i]!),
      });
    }
  }
  return rows;
}

/** Rows by key, in their order; the rows of a folder (LIST) left out. */
export function byKey(rows: readonly Row[]): Map<string, Row[]> {
  const keys = new Map<string, Row[]>();
  for (const row of rows) {
    if (row.operation === 'LIST') continue;
    const list = keys.get(row.key);
    if (list) list.push(row);
    else keys.set(row.key, [row]);
  }
  return keys;
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

export function deviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}

/** Slope of the least-squares line through points. */
export function slope(points: readonly (readonly [number, number])[]): number {
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / points.length;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / points.length;
  const above = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  return above / points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
}
