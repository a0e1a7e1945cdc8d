/** Rows come out by object and time, whether or not memory takes them all. */
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { InputError } from '../../src/model/diagnostic.ts';
import { type Items, words } from '../../src/node/chunks.ts';
import { RowPartitions } from '../../src/node/row-partitions.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tiercast-partitions-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Row {
  readonly id: bigint;
  readonly order: number;
  readonly size: number;
  readonly tags: number;
  readonly marks: number;
}

function columnsOf(rows: readonly Row[]): Items[] {
  return [
    BigUint64Array.from(rows, ({ id }) => id),
    BigUint64Array.from(rows, ({ id }) => id ^ 0xffff_ffff_ffff_ffffn),
    Float64Array.from(rows, ({ order }) => order),
    Float64Array.from(rows, ({ size }) => size),
    Uint8Array.from(rows, ({ tags }) => tags),
    Int32Array.from(rows, ({ marks }) => marks),
  ];
}

/** Adds rows in chunks, each with a row before and a row after that are left out. */
function partitioned(rows: readonly Row[], chunk: number, mostBytes = 2 ** 30): RowPartitions {
  const partitions = new RowPartitions(mostBytes, folder);
  for (let from = 0; from < rows.length; from += chunk) {
    const some = rows.slice(from, from + chunk);
    partitions.add(columnsOf([some[0]!, ...some, some[0]!]), 1, some.length + 1);
  }
  return partitions;
}

function rowsOf(partitions: RowPartitions): Row[] {
  const found: Row[] = [];
  for (const { columns, rows } of partitions.inOrder()) {
    const [id, id2, order, size, tags, marks] = columns as [Items, Items, Items, Items, Items, Items];
    const wide = (column: Items, row: number): bigint =>
      (BigInt(words(column)[2 * row + 1]!) << 32n) | BigInt(words(column)[2 * row]!);
    for (let row = 0; row < rows; row++) {
      if (wide(id2, row) !== (wide(id, row) ^ 0xffff_ffff_ffff_ffffn)) throw new Error('halves of ids are mixed up');
      found.push({
        id: wide(id, row),
        order: Number(order[row]),
        size: Number(size[row]),
        tags: Number(tags[row]),
        marks: Number(marks[row]),
      });
    }
  }
  return found;
}

/** By every column: rows of one object and order may come as they like. */
function sorted(rows: readonly Row[]): Row[] {
  const number = (value: number): number => (Number.isNaN(value) ? -1 : value);
  return rows.toSorted(
    (a, b) =>
      Number(a.id - b.id > 0n) - Number(a.id - b.id < 0n) ||
      a.order - b.order ||
      number(a.size) - number(b.size) ||
      a.tags - b.tags ||
      a.marks - b.marks,
  );
}

function expectInOrder(found: readonly Row[]): void {
  const wrong = found.findIndex(({ id, order }, row) => {
    const next = found[row + 1];
    return next && (id > next.id || (id === next.id && order > next.order));
  });
  expect(wrong).toBe(-1);
}

const row: fc.Arbitrary<Row> = fc.record({
  id: fc.oneof(
    fc.constantFrom(0n, 1n, 2n ** 32n, 2n ** 54n, 2n ** 64n - 1n, 2n ** 63n),
    fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  ),
  order: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 2 ** 50 })),
  size: fc.oneof(fc.constant(Number.NaN), fc.integer({ min: 0, max: 2 ** 50 })),
  tags: fc.nat(255),
  marks: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
});

test('by object and order, with all they say', () => {
  fc.assert(
    fc.property(fc.array(row, { maxLength: 300 }), fc.integer({ min: 1, max: 50 }), (rows, chunk) => {
      const found = rowsOf(partitioned(rows, chunk));
      expectInOrder(found);
      expect(sorted(found)).toEqual(sorted(rows));
    }),
    { seed: 1, numRuns: 300 },
  );
});

/** Many rows: half of them of one object, in an order that repeats nothing for long. */
function many(count: number): Row[] {
  return Array.from({ length: count }, (_, i) => ({
    id: i % 2 === 0 ? 7n : BigInt.asUintN(64, BigInt(i) * 0x9e37_79b9_7f4a_7c15n),
    order: (i * 7919) % 100_003,
    size: i,
    tags: i % 256,
    marks: i - 2 ** 31,
  }));
}

test('many rows of one object in no order, in pieces', () => {
  const rows = many(60_000);
  const found = rowsOf(partitioned(rows, 2048));
  expectInOrder(found);
  expect(sorted(found)).toEqual(sorted(rows));
});

// There is room for 4096 blocks of 64 rows of 40 bytes, however little is allowed.
test('when memory is full, rows go to a file and come back in their order', () => {
  const rows = many(300_000);
  const partitions = partitioned(rows, 2048, 1);
  const [file, ...others] = readdirSync(folder);
  expect(others).toEqual([]);
  const written = statSync(join(folder, file!)).size / 40;
  expect(written).toBeGreaterThan(200_000);
  expect(written).toBeLessThanOrEqual(4096 * 64);
  const found = rowsOf(partitions);
  expectInOrder(found);
  expect(sorted(found)).toEqual(sorted(rows));
  expect(rowsOf(partitions).length).toBe(rows.length);
  writeFileSync(join(folder, file!), '');
  expect(() => rowsOf(partitions)).toThrow('a temporary file is shorter than it was');
});

test('memory may be full several times', () => {
  const rows = many(700_000);
  const partitions = partitioned(rows, 2048, 1);
  const seen = new Uint8Array(rows.length);
  let [id, order, count] = [0, 0, 0];
  for (const { columns, rows: length } of partitions.inOrder()) {
    const [ids, , orders, sizes] = columns as [Items, Items, Float64Array, Float64Array];
    for (let row = 0; row < length; row++, count++) {
      const high = words(ids)[2 * row + 1]!;
      if (high < id || (high === 0 && id === 0 && orders[row]! < order))
        throw new Error(`row ${count} is out of order`);
      [id, order] = [high, orders[row]!];
      seen[sizes[row]!]!++;
    }
  }
  expect(count).toBe(rows.length);
  expect(seen.every((times) => times === 1)).toBe(true);
});

test('a folder that takes no rows is named by what sets it', () => {
  const partitions = new RowPartitions(1, join(folder, 'missing'));
  const chunk = columnsOf(many(2048));
  const fill = (): void => {
    for (let i = 0; i < 300; i++) partitions.add(chunk, 0, 2048);
  };
  expect(fill).toThrow(InputError);
  expect(fill).toThrow(/^rows that find no room in memory cannot be kept \(ENOENT: .*\); TMPDIR names another folder$/);
});
