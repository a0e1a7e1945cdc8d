/** Where only uploads tell a size, an object that is read is taken to be as large as its largest read. */
import { GET, isAct, isFailed, operationOf } from '../model/operation.ts';
import type { EventRow } from '../trace/memory-trace.ts';
import { ORDER_STEP, orderOperation } from '../trace/trace.ts';
import { IS_ACT } from './projection.ts';

/**
 * Gives reads without a size that of the largest read of their object.
 * @returns the rows, and how many objects have no other size
 */
export function sizesOfReads<T extends EventRow>(rows: readonly T[]): { readonly rows: T[]; readonly objects: number } {
  const largest = new Map<string, number>();
  const sized = new Set<string>();
  for (const row of rows) {
    const code = orderOperation(row.order);
    if (isFailed(code) || isAct(operationOf(code))) continue;
    if (!Number.isNaN(row.size)) sized.add(objectOf(row));
    if (isRead(row) && row.bytes > (largest.get(objectOf(row)) ?? 0)) largest.set(objectOf(row), row.bytes);
  }
  const objects = [...largest.keys()].filter((object) => !sized.has(object)).length;
  const filled = rows.map((row) => {
    const size = isRead(row) && Number.isNaN(row.size) ? largest.get(objectOf(row)) : undefined;
    return size === undefined ? row : { ...row, size };
  });
  return { rows: filled, objects };
}

function isRead({ order }: EventRow): boolean {
  const code = orderOperation(order);
  return operationOf(code) === GET && !isFailed(code);
}

function objectOf({ bucket, key }: EventRow): string {
  return `${bucket}\0${key}`;
}

/** SQL: whether a row of a trace is a request that succeeded. */
export const IS_SUCCESSFUL: string = `((w::BIGINT % 2) = 0 AND NOT ${IS_ACT})`;

/** SQL: whether a row of a trace is a successful read. */
export const IS_READ: string = `(((w::BIGINT % ${ORDER_STEP}) // 4) = ${GET} AND ${IS_SUCCESSFUL})`;

/** SQL: an object's largest read, and whether a row of it tells a size. */
export const LARGEST_READ: string = `max(bytes) FILTER (${IS_READ} AND NOT isnan(bytes))`;
export const HAS_SIZE: string = `count_if(NOT isnan(size) AND ${IS_SUCCESSFUL}) > 0`;
