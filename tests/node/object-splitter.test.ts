/** Objects are told apart by 128 bits of hashes, of which rows are sorted by the first 64. */
import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { columnsOf } from '../../src/node/chunks.ts';
import { withEngine } from '../../src/node/duckdb.ts';
import { ObjectIds, ObjectSplitter } from '../../src/node/object-splitter.ts';
import { BatchBuilder } from '../../src/trace/batch-builder.ts';

/** The rows of each object as `order/size/bytes/mark`, of a query of id, id2, order, size, bytes and one word of marks. */
async function objects(rows: string): Promise<string[]> {
  return (await identified(rows)).map(([, object]) => object);
}

/** The same with the id of each object. */
async function identified(rows: string): Promise<[string, string][]> {
  const found: [string, string][] = [];
  const ids = new ObjectIds();
  await withEngine({ temporaryFolder: tmpdir() }, async (connection) => {
    const result = await connection.stream(
      `SELECT id::UBIGINT, id2::UBIGINT, w::DOUBLE, size::DOUBLE, bytes::DOUBLE, m::INTEGER FROM (${rows}) ORDER BY 1, 3`,
    );
    const builder = new BatchBuilder(1, (batch) => {
      for (let object = 0; object < batch.objects; object++) {
        const row = (at: number) => [batch.order[at], batch.size[at], batch.bytes[at], batch.marks[at]].join('/');
        const [first, end] = [batch.objectStart[object]!, batch.objectStart[object + 1]!];
        found.push([
          ids.of(object).join('/'),
          Array.from({ length: end - first }, (_, at) => row(first + at)).join(' '),
        ]);
      }
      ids.drop(batch.objects);
    });
    const splitter = new ObjectSplitter(builder, ['bytes'], 1, ids);
    for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
      splitter.add({ columns: columnsOf(chunk), rows: chunk.rowCount, following: 0 });
    }
    splitter.end();
  });
  return found;
}

test('different keys whose first hashes collide are kept apart', async () => {
  const rows = `FROM (VALUES
    (7, 1, 64, 10, 1, 1), (7, 2, 128, 20, 2, 0), (7, 1, 192, 11, 3, 1), (7, 3, 256, 30, 4, 0), (7, 2, 320, 21, 5, 3),
    (8, 2, 64, 40, 6, 0), (9, 1, 64, 50, 7, 0)) t(id, id2, w, size, bytes, m)`;
  expect(await objects(rows)).toEqual([
    '64/10/1/1 192/11/3/1',
    '128/20/2/0 320/21/5/3',
    '256/30/4/0',
    '64/40/6/0',
    '64/50/7/0',
  ]);
});

test('objects are handed over with their ids, in a colliding object too, from batch to batch', async () => {
  const far = 40_000;
  const rows = `SELECT i // 2 id, CASE WHEN i = ${far} THEN 18446744073709551615 ELSE i % 2 END id2, i w, i size, 0 bytes, 0 m
    FROM range(200000) t(i)`;
  const found = await identified(rows);
  expect(found).toHaveLength(200_000);
  const wrong = found.filter(([id, object]) => {
    const row = Number(object.split('/')[0]);
    return id !== `${Math.floor(row / 2)}/${row === far ? '18446744073709551615' : row % 2}`;
  });
  expect(wrong).toEqual([]);
});

test('halves beyond 32 and 53 bits are told apart', async () => {
  const rows = `FROM (VALUES (18446744073709551615, 4294967296, 1, 1, 1, 0), (18446744073709551615, 1, 2, 2, 2, 0),
    (18446744073709551614, 1, 3, 3, 3, 0), (0, 0, 4, 4, 4, 0)) t(id, id2, w, size, bytes, m)`;
  expect(await objects(rows)).toEqual(['4/4/4/0', '3/3/3/0', '1/1/1/0', '2/2/2/0']);
});

test('rows of one instant are put in order of their values, in a colliding object too', async () => {
  const rows = 'SELECT 7 id, i % 2 id2, 64 w, 5 - i // 2 AS size, 0 bytes, 0 m FROM range(6) t(i)';
  const inOrder = '64/3/0/0 64/4/0/0 64/5/0/0';
  expect(await objects(rows)).toEqual([inOrder, inOrder]);
});

test('objects go on from chunk to chunk', async () => {
  const rows = 'SELECT i // 9000 id, i % 3 id2, i w, i % 3 size, 0 bytes, 0 m FROM range(18000) t(i)';
  const found = await objects(rows);
  expect(found.map((one) => one.split(' ').length)).toEqual(Array(6).fill(3000));
  for (const one of found) expect(new Set(one.split(' ').map((row) => row.split('/')[1])).size).toBe(1);
});
