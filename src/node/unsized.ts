import type { Simulation } from '../simulate.ts';
import type { LivesVisitor } from '../trace/lives.ts';
import { compareRows, type EventRow, MemoryTrace, withoutDuplicates } from '../trace/memory-trace.ts';
import { readerOf } from '../trace/reader-of.ts';
import { Marks, type Versioning } from '../trace/trace.ts';
import { type CarefulRow, isRequest } from './careful-rows.ts';
import type { Loaded } from './load.ts';

/** A row of an object, and its number among all that are read. */
interface NumberedRow extends EventRow {
  readonly number: number;
}

/**
 * Finds the rows of objects of which no row says the size, in the order of the input. The kernel, which sees no keys,
 * names them by the order of their first rows; other objects may have rows of the same order.
 * @param until UTC seconds from which rows are ignored
 */
export async function* unsizedRows(
  { rowsOf, complete }: Pick<Loaded<unknown>, 'rowsOf' | 'complete'>,
  { unsizedOrders: orders, versioning }: Pick<Simulation, 'unsizedOrders' | 'versioning'>,
  until: number,
): AsyncGenerator<CarefulRow> {
  if (orders.size === 0) return;
  const read = await rowsOf(orders);
  const objects = new Map<string, NumberedRow[]>();
  for await (const { row } of read()) {
    if (isRequest(row) && orders.has(row.order)) objects.set(objectOf(row), []);
  }
  let number = 0;
  for await (const { row } of read()) {
    if (isRequest(row)) objects.get(objectOf(row))?.push({ ...row, number });
    number++;
  }
  const unsized = new Set([...objects.values()].flatMap((rows) => unsizedNumbers(complete(rows), versioning, until)));
  number = 0;
  for await (const row of read()) if (unsized.has(number++)) yield row;
}

function objectOf({ bucket, key }: EventRow): string {
  return `${bucket}\0${key}`;
}

/** Numbers of an object's rows that make up lives without a size. */
function unsizedNumbers(rows: readonly NumberedRow[], versioning: Versioning, until: number): number[] {
  const sorted = withoutDuplicates(rows.toSorted(compareRows)).toSorted(
    (a, b) =>
      a.order - b.order ||
      compareMissingFirst(a.size, b.size) ||
      compareMissingFirst(a.bytes, b.bytes) ||
      a.count - b.count ||
      a.storageClass - b.storageClass ||
      (a.versionId < b.versionId ? -1 : Number(a.versionId > b.versionId)),
  );
  const found: number[] = [];
  const nothing = (): void => {};
  const visitor: LivesVisitor = {
    life: nothing,
    history: nothing,
    multipart: nothing,
    stray: nothing,
    failedUpload: nothing,
    unknownDelete: nothing,
    unsized(_, rows) {
      for (const row of rows) found.push(sorted[row]!.number);
    },
  };
  const times = { assumedSince: 0, until };
  const lives = readerOf(versioning, 0, times, visitor);
  new MemoryTrace(sorted).scan(new Marks([]), (batch) => lives.read(batch));
  return found;
}

function compareMissingFirst(a: number, b: number): number {
  return (Number.isNaN(a) ? -1 : a) - (Number.isNaN(b) ? -1 : b);
}
