/** Rows that come in columns make the batches that rows one by one make. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BatchBuilder, type RowColumns } from '../../src/trace/batch-builder.ts';
import { packOrder, type TraceBatch } from '../../src/trace/trace.ts';

interface Row {
  readonly object: number;
  readonly order: number;
  readonly values: readonly number[];
}

/** The rows of each object, and its key's bytes; NaN as text. */
function read(batch: TraceBatch, into: string[]): void {
  for (let object = 0; object < batch.objects; object++) {
    const rows: string[] = [];
    for (let row = batch.objectStart[object]!; row < batch.objectStart[object + 1]!; row++) {
      const { order, size, bytes, count, storageClass, version, tags, marks, markWords } = batch;
      const words = [...marks.subarray(row * markWords, (row + 1) * markWords)];
      rows.push(
        [order, size, bytes, count, storageClass, version, tags].map((column) => column[row]).join('/') + words,
      );
    }
    into.push(`${batch.keyBytes[object]}: ${rows.join(' ')}`);
  }
}

/** Objects of 1 to 20 rows whose orders are few, so that many are equal. */
const objects = fc
  .array(
    fc.array(
      fc.record({
        ms: fc.nat(3),
        operation: fc.constantFrom(4, 10, 18),
        values: fc.array(fc.nat(2), { minLength: 8, maxLength: 8 }),
      }),
      {
        minLength: 1,
        maxLength: 20,
      },
    ),
    { minLength: 1, maxLength: 12 },
  )
  .map((found) =>
    found.flatMap((rows, at) =>
      rows
        .map(({ ms, operation, values }) => ({ object: at * 3, order: packOrder(ms, operation), values }))
        .sort((a, b) => a.order - b.order),
    ),
  );

function columns(rows: readonly Row[], withOptional: boolean): RowColumns {
  const value = (at: number): number[] => rows.map(({ values }) => values[at]!);
  return {
    object: Uint32Array.from(rows, ({ object }) => object),
    order: Float64Array.from(rows, ({ order }) => order),
    size: Float64Array.from(value(0)),
    marks: [Int32Array.from(value(6)), Int32Array.from(value(7))],
    ...(withOptional && {
      bytes: Float64Array.from(value(1)),
      count: Float64Array.from(value(2)),
      storageClass: Uint8Array.from(value(3)),
      version: Float64Array.from(value(4)),
      tags: Uint8Array.from(value(5)),
      keyBytes: Uint32Array.from(rows, ({ object }) => object),
    }),
  };
}

function oneByOne(rows: readonly Row[], withOptional: boolean): string[] {
  const found: string[] = [];
  const builder = new BatchBuilder(2, (batch) => read(batch, found));
  let previous: Row | undefined;
  for (const row of rows) {
    const isNew = row.object !== previous?.object;
    if (isNew) builder.beginObject(withOptional ? row.object : 0);
    const [size, bytes, count, storageClass, version, tags, ...words] = row.values as [
      number,
      number,
      number,
      number,
      number,
      number,
      ...number[],
    ];
    builder.add(
      row.order,
      size,
      ...(withOptional ? ([bytes, count, storageClass] as const) : ([Number.NaN, 1, 255] as const)),
    );
    if (withOptional) builder.describe(version, tags);
    words.forEach((bits, word) => {
      builder.mark(word, bits);
    });
    if (!isNew && row.order === previous?.order) builder.settleTie();
    previous = row;
  }
  builder.flush();
  return found;
}

test('whatever the chunks and the batches', () => {
  fc.assert(
    fc.property(
      objects,
      fc.boolean(),
      fc.integer({ min: 1, max: 30 }),
      fc.integer({ min: 1, max: 40 }),
      (rows, withOptional, chunk, batchRows) => {
        const found: string[] = [];
        const builder = new BatchBuilder(2, (batch) => read(batch, found), {
          batchRows,
          ...(!withOptional && { optional: [] }),
        });
        for (let first = 0; first < rows.length; first += chunk) {
          // The columns hold a row before and one after those that are added.
          const some = rows.slice(Math.max(first - 1, 0), first + chunk + 1);
          const from = Math.min(first, 1);
          builder.addRows(columns(some, withOptional), from, from + Math.min(chunk, rows.length - first));
        }
        builder.flush();
        expect(found).toEqual(oneByOne(rows, withOptional));
      },
    ),
    { numRuns: 500, seed: 1 },
  );
});

test('rows that differ in who pays alone may have changed places', () => {
  const rows: Row[] = [
    { object: 0, order: packOrder(5, 10) + 2, values: [1, 1, 1, 1, 1, 1, 1, 1] },
    { object: 0, order: packOrder(5, 10), values: [2, 2, 2, 2, 2, 2, 2, 2] },
  ];
  const found: string[] = [];
  const builder = new BatchBuilder(2, (batch) => read(batch, found));
  builder.addRows(columns(rows, true), 0, 2);
  builder.flush();
  expect(found).toEqual(oneByOne(rows.toReversed(), true));
});

test('an object, or a time, out of its order is no trace', () => {
  const row = (object: number, ms: number): Row => ({ object, order: packOrder(ms, 10), values: Array(8).fill(0) });
  const add =
    (...rows: Row[]) =>
    () =>
      new BatchBuilder(2, () => {}).addRows(columns(rows, false), 0, rows.length);
  expect(add(row(3, 0), row(2, 0))).toThrow(RangeError);
  expect(add(row(3, 1), row(3, 0))).toThrow(RangeError);
});
