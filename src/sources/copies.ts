/**
 * A copy has two records in a log, under one request id: the read of its source, and what was made of it. Each may leave
 * out what the other tells. A part that is no copy shares no request id with another request.
 */
import { COPY, COPY_SOURCE, isFailed, operationCode, operationOf, UPLOAD_PART } from '../model/operation.ts';
import type { EventRow } from '../trace/memory-trace.ts';
import { ORDER_STEP, orderOperation } from '../trace/trace.ts';
import { OF_COPIES } from './s3-operations.ts';

/**
 * Gives copies the size of what they were made from, and reads of copied parts the size of the part.
 * @returns the rows, and how many reads have no bytes that any record tells: they are taken to have moved none
 */
export function pairCopies(rows: readonly EventRow[]): { readonly rows: EventRow[]; readonly unknown: number } {
  const made = new Map<string, number>();
  const read = new Map<string, number>();
  for (const row of rows) {
    const operation = operationOf(orderOperation(row.order));
    if (row.requestId === '' || Number.isNaN(row.size)) continue;
    if (operation === COPY || operation === UPLOAD_PART) keepLargest(made, row);
    else if (operation === COPY_SOURCE) keepLargest(read, row);
  }
  let unknown = 0;
  const paired = rows.map((row) => {
    const code = orderOperation(row.order);
    if (row.requestId === '' || !Number.isNaN(row.size) || isFailed(code)) return row;
    if (operationOf(code) === COPY) return { ...row, size: read.get(row.requestId) ?? Number.NaN };
    if (operationOf(code) !== COPY_SOURCE || !Number.isNaN(row.bytes)) return row;
    const bytes = made.get(row.requestId);
    if (bytes === undefined) unknown++;
    return { ...row, bytes: bytes ?? 0 };
  });
  return { rows: paired, unknown };
}

/** Whether no record tells the bytes of a part, which was copied: it is taken to have none. */
export function isPartWithoutSize(order: number, size: number): boolean {
  const code = orderOperation(order);
  return operationOf(code) === UPLOAD_PART && !isFailed(code) && Number.isNaN(size);
}

function keepLargest(sizes: Map<string, number>, { requestId, size }: EventRow): void {
  sizes.set(requestId, Math.max(sizes.get(requestId) ?? 0, size));
}

const CODE = `((w::BIGINT % ${ORDER_STEP}) // 4)`;
const LACKS_SIZE = 'isnan(size) AND (w::BIGINT % 2) = 0';

/** SQL: whether a row of a trace may be one of a copy's two. */
export const IS_OF_COPY: string = `${CODE} IN (${OF_COPIES.map(operationCode).join(', ')})`;

/** SQL: whether a row is a copy without a size; whether it is a read of its source without bytes. */
export const IS_COPY_WITHOUT_SIZE: string = `(${LACKS_SIZE} AND ${CODE} = ${COPY})`;
export const IS_READ_WITHOUT_BYTES: string = `(${LACKS_SIZE} AND isnan(bytes) AND ${CODE} = ${COPY_SOURCE})`;

/** SQL: whether a row is a part of an upload without a size. */
export const IS_PART_WITHOUT_SIZE: string = `(${LACKS_SIZE} AND ${CODE} = ${UPLOAD_PART})`;

/** SQL: the largest size that records of a request id tell, of what was read and of what was made. */
export const SIZE_READ: string = `max(size) FILTER (${CODE} = ${COPY_SOURCE})`;
export const SIZE_MADE: string = `max(size) FILTER (${CODE} <> ${COPY_SOURCE})`;
