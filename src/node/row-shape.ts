/** What rows of inputs are made into as the bulk engine loads them: a trace to replay, or a table to write one from. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { ACT_NAMES } from '../model/operation.ts';
import { IS_ACT, LEFT_OUT, READABLE } from '../sources/projection.ts';
import type { Listing, Relation } from '../sources/source.ts';
import { ORDER_STEP } from '../trace/trace.ts';
import type { Items } from './chunks.ts';

/** A relation, and what its rows are when they are an inventory's. */
export interface TracePart extends Relation {
  readonly lists?: Listing['of'];
}

/** Rows of relations that were read before. */
export interface StagedRows {
  readonly relations: readonly Relation[];
  /** SQL of the rows, with these columns. */
  readonly select: (columns: readonly string[]) => string;
  /** SQL that reads those again that the table was given as they were read; absent when it was given none. */
  readonly again?: ((columns: readonly string[]) => string) | undefined;
}

/** Rows of a trace that are of inventories. */
export interface ListedRows {
  /** Objects, versions, delete markers. */
  readonly objects: number;
  /** Reads that the tiers of those show. */
  readonly reads: number;
  /** Objects that are left out, since they changed after their inventory was begun, and requests tell of them. */
  readonly changedAfter: number;
}

export const NOTHING_LISTED: ListedRows = { objects: 0, reads: 0, changedAfter: 0 };

/** Rows in order. */
export interface SortedRows {
  /** Rows that could not be read. */
  readonly badRows: number;
  readonly listed: ListedRows;
  /** Rows of S3's own acts, by the names logs have for them. */
  readonly acts: ActRows;
  /** SQL of `id` and `id2` of the objects that have a row of which a condition holds. */
  objects(condition: string): string;
}

export type ActRows = ReadonlyMap<string, number>;

export interface RowShape<Rows extends SortedRows> {
  /**
   * The select list of a part: `id` and `id2` of the object, `w` (time and operation; NULL in a row that cannot be read),
   * `size` and `bytes` (NaN where there is none), and what else there is in {@link columns}; and `lists`, where the part
   * has it.
   */
  list(part: TracePart): string;
  readonly columns: readonly string[];
  /**
   * Begins to make a table.
   * @param isStaged whether the engine holds the rows it is made of
   */
  begin(connection: DuckDBConnection, isStaged: boolean): Promise<GrowingRows<Rows>>;
  /** SQL: whether a row of the table is of one of these orders; perhaps of others. */
  isOf(orders: readonly number[]): string;
  /** SQL: whether a row of the table tells a size. */
  readonly hasSize: string;
}

/** SQL: the time and operation of a row, where NULL is NaN. */
export const ORDER_OR_NAN = "coalesce(w, 'nan'::DOUBLE)";

/** A table that is being made. */
export interface GrowingRows<Rows extends SortedRows> {
  /**
   * Takes some of the rows of a chunk as they are read; absent where all rows have to be in the engine first.
   * @param columns those of the shape; `w` is NaN where it is NULL
   */
  add?(columns: readonly Items[], from: number, end: number): void;
  /** Makes the table of what was added and of what is selected. */
  sort(selected: SelectedRows): Promise<Rows>;
}

/** Rows in no order. */
export interface SelectedRows {
  readonly sql: string;
  /** SQL that reads again the rows that were added already; absent when none was. */
  readonly added?: string;
  /** Whether it has a column `lists`, which says what of it is of inventories. */
  readonly lists: boolean;
  readonly relations: readonly Relation[];
}

export function selectRows(
  { columns, list }: Pick<RowShape<SortedRows>, 'columns' | 'list'>,
  parts: readonly TracePart[],
  staged?: StagedRows,
): SelectedRows {
  const lists = parts.some((part) => part.lists);
  const unlisted = lists ? ", '' AS lists" : '';
  const selects = parts.map((part) => `SELECT ${list(part)}${part.lists ? '' : unlisted} FROM ${part.sql}`);
  if (staged) selects.push(`SELECT *${unlisted} FROM (${staged.select(columns)})`);
  return {
    sql: selects.join('\nUNION ALL '),
    lists,
    ...(staged?.again && { added: staged.again(columns) }),
    relations: [...parts, ...(staged?.relations ?? [])],
  };
}

/** Counts the rows of a table that are of inventories. */
export async function countListed(connection: DuckDBConnection, table: string): Promise<ListedRows> {
  const counts = [`lists = 'objects' AND ${READABLE}`, `lists = 'reads' AND ${READABLE}`, `w = ${LEFT_OUT}`];
  const found = await connection.runAndReadAll(
    `SELECT ${counts.map((condition) => `count_if(${condition})::DOUBLE`).join(', ')} FROM ${table}`,
  );
  const [objects, reads, changedAfter] = found.getRows()[0] as [number, number, number];
  return { objects, reads, changedAfter };
}

/** Counts the rows of a table that are S3's own acts. */
export async function countActs(connection: DuckDBConnection, table: string): Promise<ActRows> {
  const found = await connection.runAndReadAll(
    `SELECT ((w::BIGINT % ${ORDER_STEP}) // 4)::INTEGER AS act, count(*)::DOUBLE FROM ${table} WHERE ${READABLE} AND ${IS_ACT} GROUP BY act ORDER BY act`,
  );
  return new Map((found.getRows() as [number, number][]).map(([act, rows]) => [ACT_NAMES[act]!, rows]));
}

/** Rows of all acts. */
export function actRows(acts: ActRows): number {
  return [...acts.values()].reduce((sum, rows) => sum + rows, 0);
}
