/** Rows of a few objects, found again in inputs that were read in bulk. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { type Projection, selectList } from '../sources/projection.ts';
import type { RowSettings } from '../sources/row.ts';
import type { OpenedText } from '../sources/source.ts';
import { type CarefulRow, carefulTextRows, isRequest } from './careful-rows.ts';
import { chunksOf } from './chunks.ts';
import type { Input, InputGroup } from './open-inputs.ts';
import type { RowShape, SortedRows } from './row-shape.ts';
import { binary, type TextInput } from './second-look.ts';
import type { Staging } from './staging.ts';

interface Context {
  readonly table: Pick<SortedRows, 'objects'>;
  readonly shape: Pick<RowShape<SortedRows>, 'isOf'>;
  readonly reading: IdReading;
  readonly settings: RowSettings;
  readonly leftovers: Staging['leftovers'];
}

/** What the ids of objects, and the orders of rows, depend on. */
export type IdReading = Pick<Projection, 'salt' | 'charges' | 'snapshots'>;

/**
 * The rows of objects that have a row of one of these orders, and rows that the bulk engine did not understand, in the
 * order of the inputs, with their lines.
 */
export async function rowsOfObjects(
  connection: DuckDBConnection,
  groups: readonly InputGroup[],
  orders: ReadonlySet<number>,
  context: Context,
): Promise<CarefulRow[]> {
  const rows: CarefulRow[] = [];
  if (groups.length === 0) return rows;
  const { table, shape } = context;
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE objects AS ${table.objects(shape.isOf([...orders].filter(Number.isFinite)))}`,
  );
  for (const group of groups) {
    const texts = await textsOf(connection, group, context.reading);
    for (const input of group.inputs) {
      const wanted = texts.get(input);
      const lost = context.leftovers.get(input)?.lost ?? 0;
      if (!wanted && lost === 0) continue;
      for (const row of await rowsIn(input as TextInput, wanted ?? new Set(), lost !== 0, context)) rows.push(row);
    }
  }
  return rows;
}

/** What tells each row: its text, one character per byte, or its name. */
async function textsOf(
  connection: DuckDBConnection,
  { relation, inputs }: InputGroup,
  reading: IdReading,
): Promise<Map<Input, Set<string>>> {
  const { sql, columns, time, isExact = false } = relation;
  const found = `SELECT raw, file FROM (SELECT raw, file, kind, ${selectList({ columns, time, isExact, ...reading, marks: [] }, [])} FROM ${sql})
    WHERE raw IS NOT NULL AND kind IS NULL AND (w IS NULL OR (id, id2) IN (SELECT (id, id2) FROM objects))`;
  const texts = new Map<Input, Set<string>>();
  for await (const chunk of chunksOf(connection, found)) {
    for (const [raw, file] of chunk.getRows()) {
      const input = inputs[Number(file)]!;
      const set = texts.get(input) ?? new Set();
      texts.set(input, set.add(tellingOf(Buffer.from(String(raw)).toString('latin1'), input.opened as OpenedText)));
    }
  }
  return texts;
}

async function rowsIn(
  { file, source, opened }: TextInput,
  texts: ReadonlySet<string>,
  hasLost: boolean,
  { settings }: Context,
): Promise<CarefulRow[]> {
  const isWanted = (raw: string): boolean =>
    texts.has(tellingOf(raw, opened)) || (hasLost && opened.isLost?.(raw) === true) || isNameless(raw, opened);
  const rows: CarefulRow[] = [];
  for await (const found of carefulTextRows(file, source.title, opened, settings, isWanted)) {
    if (isRequest(found.row) && isWanted(binary(found.raw))) rows.push(found);
  }
  return rows;
}

function tellingOf(raw: string, { nameOf }: OpenedText): string {
  return nameOf?.(raw) ?? raw;
}

/** Whether nothing tells a row by the text that the engine wrote anew. */
function isNameless(raw: string, { nameOf }: OpenedText): boolean {
  return nameOf !== undefined && nameOf(raw) === undefined;
}
