import type { DuckDBConnection } from '@duckdb/node-api';
import type { ColumnNames, EventColumn } from '../sources/columns.ts';
import {
  eventColumns,
  eventList,
  IDENTITY,
  keptColumns,
  keptList,
  TAG_COUNT,
  traceOrder,
} from '../sources/event-list.ts';
import { IS_ACT, objectIds, READABLE } from '../sources/projection.ts';
import {
  type ActRows,
  countActs,
  countListed,
  type ListedRows,
  NOTHING_LISTED,
  type RowShape,
  type SelectedRows,
} from './row-shape.ts';
import type { IdReading } from './rows-of-objects.ts';

const TABLE = 'event_rows';

/** How an event table is made of inputs of these columns. */
export function eventTables(inputs: readonly ColumnNames[], { salt, snapshots }: IdReading): RowShape<EventTable> {
  const kept = keptColumns(inputs, snapshots);
  const columns = eventColumns(kept);
  const list: RowShape<EventTable>['list'] = (part) => eventList({ ...part, salt, snapshots }, kept);
  return {
    columns,
    list,
    begin: async (connection) => ({
      sort: (selected) => EventTable.load(connection, selected, kept, { salt, snapshots }),
    }),
    // Who pays for a request is in the last two bits of an order.
    isOf: (orders) =>
      `floor(w / 4) IN (SELECT unnest([${orders.map((order) => Math.floor(order / 4)).join(', ')}]::DOUBLE[]))`,
    hasSize: 'size IS NOT NULL',
  };
}

/** What the ids of objects depend on. */
type Ids = Pick<IdReading, 'salt' | 'snapshots'>;

/** What is in an {@link EventTable}. */
export interface EventFacts {
  /** Requests. */
  readonly rows: number;
  readonly objects: number;
  /** `w` of the first and the last request; null when there is none. */
  readonly first: number | null;
  readonly last: number | null;
  /** Log records that came again. */
  readonly duplicates: number;
  readonly namesVersions: boolean;
  readonly hasTags: boolean;
}

/** All that the rows of some relations say, ordered by key and time, in the bulk engine: what an ingested trace is written from. */
export class EventTable {
  /** Columns it has besides time and operation. */
  readonly kept: readonly EventColumn[];
  /** Rows that could not be read. */
  readonly badRows: number;
  readonly listed: ListedRows;
  readonly acts: ActRows;
  private readonly connection: DuckDBConnection;
  private readonly ids: Ids;

  private constructor(
    connection: DuckDBConnection,
    ids: Ids,
    kept: readonly EventColumn[],
    badRows: number,
    listed: ListedRows,
    acts: ActRows,
  ) {
    this.acts = acts;
    this.connection = connection;
    this.ids = ids;
    this.kept = kept;
    this.badRows = badRows;
    this.listed = listed;
  }

  /** @param selected rows as {@link eventList} has them, in no order */
  static async load(
    connection: DuckDBConnection,
    { sql, lists }: SelectedRows,
    kept: readonly EventColumn[],
    ids: Ids,
  ): Promise<EventTable> {
    const object = kept.includes('bucket') ? ['bucket', 'key'] : ['key'];
    await connection.run(
      `CREATE OR REPLACE TEMP TABLE ${TABLE} AS SELECT ${keptList(kept)}${lists ? ', lists' : ''} FROM (${sql}) ORDER BY ${traceOrder(object, kept)}`,
    );
    const listed = lists ? await countListed(connection, TABLE) : NOTHING_LISTED;
    const bad = await connection.runAndReadAll(
      `SELECT count(*)::DOUBLE FROM ${TABLE} WHERE NOT coalesce(${READABLE}, false)`,
    );
    const acts = await countActs(connection, TABLE);
    return new EventTable(connection, ids, kept, (bad.getRows()[0]![0] as number) - listed.changedAfter, listed, acts);
  }

  /**
   * SQL of the rows in their order, with `n`, the number of the object, and `begins`, whether it is the object's first.
   * A log record that came again follows the first of its kind, and is left out; what S3's own lifecycle did is not.
   */
  get sql(): string {
    const has = (column: EventColumn): boolean => this.kept.includes(column);
    const before = (column: string): string => `lag(${column}) OVER ()`;
    const differs = (column: string): string => `${column} IS DISTINCT FROM ${before(column)}`;
    const begins = has('bucket') ? `${differs('key')} OR ${differs('bucket')}` : differs('key');
    const same = IDENTITY.filter(has).map((column) => `NOT ${differs(column)}`);
    const again = has('request_id')
      ? `(NOT begins AND w = ${before('w')} AND NOT ${IS_ACT} AND request_id IS NOT NULL AND ${same.join(' AND ')})`
      : 'false';
    const rows = `SELECT *, (${begins}) AS begins FROM ${TABLE}${this.listed.changedAfter > 0 ? ` WHERE ${READABLE}` : ''}`;
    return `(SELECT *, (sum(begins::INTEGER) OVER (ROWS UNBOUNDED PRECEDING) - 1)::BIGINT AS n
      FROM (SELECT *, ${again} AS again FROM (${rows})) WHERE NOT again)`;
  }

  objects(condition: string): string {
    const columns: ColumnNames = { key: 'key', ...(this.kept.includes('bucket') && { bucket: 'bucket' }) };
    return `SELECT DISTINCT ${objectIds({ columns, ...this.ids })} FROM ${TABLE} WHERE ${condition}`;
  }

  async facts(): Promise<EventFacts> {
    const ofRequests = `FILTER (NOT ${IS_ACT})`;
    const names = this.kept.includes('version_id')
      ? `coalesce(bool_or(version_id <> 'null') ${ofRequests}, false)`
      : 'false';
    const tags = this.kept.includes('tags') ? `coalesce(max(${TAG_COUNT}) ${ofRequests} > 0, false)` : 'false';
    const reader = await this.connection.runAndReadAll(
      `SELECT (count(*) ${ofRequests})::DOUBLE, count_if(begins)::DOUBLE, min(w) ${ofRequests}, max(w) ${ofRequests},
        (SELECT count(*) FROM ${TABLE})::DOUBLE - count(*)::DOUBLE, ${names}, ${tags} FROM ${this.sql}`,
    );
    const [rows, objects, first, last, leftOut, namesVersions, hasTags] = reader.getRows()[0] as [
      number,
      number,
      number | null,
      number | null,
      number,
      boolean,
      boolean,
    ];
    const duplicates = leftOut - this.listed.changedAfter;
    return { rows, objects, first, last, duplicates, namesVersions, hasTags };
  }
}
