/** What the bulk engine tells of an ingested trace without looking at lives: days, operations, equal rows, requesters. */
import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import type { Profile, RequesterProfile, Warmer } from '../model/profile.ts';
import { DAY_SECONDS, formatDate, midnightBefore } from '../model/time.ts';
import type { EventColumn } from '../sources/columns.ts';
import { isReadRow, isUploadRow, times } from '../sources/group-list.ts';
import { snapshotOrder } from '../sources/projection.ts';
import type { Snapshots } from '../sources/snapshots.ts';
import type { Relation } from '../sources/source.ts';
import { ORDER_STEP } from '../trace/trace.ts';

type Rows = Pick<Relation, 'sql' | 'columns'>;

/** The rows that are no inventory's. */
export function requestsIn({ sql, columns }: Rows, snapshots: Snapshots | undefined): Rows {
  if (!snapshots) return { sql, columns };
  const isAfter = `epoch_ms(timestamp) * ${ORDER_STEP} >= ${snapshotOrder({ columns, snapshots })}`;
  return { columns, sql: `(SELECT * FROM ${sql} WHERE ${snapshots.isJoined ? isAfter : 'false'})` };
}

/** Requests by operation, the most frequent first. */
export async function operationsOf(
  connection: DuckDBConnection,
  { sql, columns }: Rows,
): Promise<Profile['operations']> {
  const failed = columns.status ? 'status >= 300 AND status <> 304' : 'false';
  const rows = await read(
    connection,
    `SELECT operation, count(*)::DOUBLE, count_if(${failed})::DOUBLE FROM ${sql} GROUP BY operation ORDER BY 2 DESC, 1`,
  );
  return rows.map(([operation, requests, failed]) => ({
    operation: String(operation),
    requests: Number(requests),
    failed: Number(failed),
  }));
}

/**
 * Requests of each day from the first to the last.
 * @param since UTC seconds of a day that is told too
 */
export async function daysOf(connection: DuckDBConnection, { sql }: Rows, since: number): Promise<Profile['days']> {
  const rows = await read(
    connection,
    `SELECT floor(epoch_ms(timestamp) / ${DAY_SECONDS * 1000})::DOUBLE AS day, count(*)::DOUBLE FROM ${sql} GROUP BY day ORDER BY day`,
  );
  const requests = new Map(rows.map(([day, count]) => [Number(day), Number(count)]));
  if (rows.length === 0) return [];
  const [first, last] = [Math.min(Number(rows[0]![0]), since / DAY_SECONDS), Number(rows.at(-1)![0])];
  return Array.from({ length: last - first + 1 }, (_, at) => ({
    date: formatDate(midnightBefore((first + at) * DAY_SECONDS)),
    requests: requests.get(first + at) ?? 0,
  }));
}

/** Rows that are equal to one before in every column. */
export async function equalRowsIn(connection: DuckDBConnection, { sql, columns }: Rows): Promise<number> {
  const others = (Object.keys(columns) as EventColumn[]).filter((column) => column !== 'key' && column !== 'bucket');
  const same = ['object', ...others].join(', ');
  const [[equal]] = (await read(
    connection,
    `SELECT coalesce(sum(n - 1), 0)::DOUBLE FROM (SELECT count(*) AS n FROM ${sql} GROUP BY ${same} HAVING count(*) > 1)`,
  )) as [[number]];
  return equal;
}

/** Days after which an object that nobody reads would be in an infrequent tier or class. */
const WARM_DAYS = 30;

/** Requesters that are named. */
const WARMERS = 10;

/** A requester; the sessions of an assumed role are one. */
const WHO = `regexp_replace(coalesce(requester, ''), '^(arn:[^:]*:sts::[0-9]*:assumed-role/[^/]+)/.*$', '\\1')`;

/**
 * Who reads what nobody else has read, or uploaded, for 30 days: but for them it would have been cold. An object that
 * was there before the trace is taken as touched when the trace begins.
 * @param requests the rows that are no inventory's
 */
export async function requestersOf(
  connection: DuckDBConnection,
  { sql, columns }: Rows,
  requests: Rows,
  since: number,
): Promise<RequesterProfile | undefined> {
  if (!columns.requester) return undefined;
  const reads = warmReads(sql, columns, since);
  const byObject = `SELECT who, sum(times) AS reads, sum(bytes::HUGEINT * times::HUGEINT) AS read_bytes, max(size::HUGEINT * cohort::HUGEINT) AS size, max(cohort) AS cohort
    FROM (${reads}) GROUP BY who, object`;
  const rows = await read(
    connection,
    `SELECT who, sum(reads)::DOUBLE, sum(read_bytes)::VARCHAR, sum(cohort)::DOUBLE, sum(size)::VARCHAR, (sum(sum(reads)) OVER ())::DOUBLE
      FROM (${byObject}) GROUP BY who ORDER BY sum(size) DESC, who LIMIT ${WARMERS}`,
  );
  const [[requesters]] = (await read(connection, `SELECT count(DISTINCT ${WHO})::DOUBLE FROM ${requests.sql}`)) as [
    [number],
  ];
  const warmers = rows.map(
    ([requester, reads, readBytes, objects, bytes]): Warmer => ({
      requester: String(requester),
      reads: Number(reads),
      readBytes: String(readBytes),
      objects: Number(objects),
      bytes: String(bytes),
    }),
  );
  return { requesters, warmDays: WARM_DAYS, warmReads: Number(rows[0]?.[5] ?? 0), warmers };
}

/**
 * SQL of the reads that keep an object warm. Accesses of an object by one requester after the other are stints; the
 * end of the stint before is when somebody else touched it last. A read that says no size is of the size uploaded last.
 */
function warmReads(sql: string, columns: Rows['columns'], since: number): string {
  const inOrder = 'PARTITION BY object ORDER BY timestamp, reads, who';
  const soFar = `(${inOrder} ROWS UNBOUNDED PRECEDING)`;
  const accesses = `SELECT object, timestamp, ${WHO} AS who, ${isReadRow(columns)} AS reads, ${times(columns)} AS times,
    ${columns.bytes ? 'bytes' : 'NULL'} AS bytes, ${columns.status ? 'status' : 'NULL'} AS status, size, largest
    FROM (SELECT *, coalesce(max(size) OVER (PARTITION BY object), 0) AS largest FROM ${sql})
    WHERE ${isReadRow(columns)} OR ${isUploadRow(columns)}`;
  const changes = `SELECT * REPLACE (coalesce(size, last_value(CASE WHEN NOT reads THEN size END IGNORE NULLS) OVER ${soFar}, largest) AS size), who IS DISTINCT FROM lag(who) OVER (${inOrder}) AS changes,
    max(CASE WHEN NOT reads THEN timestamp END) OVER ${soFar} AS uploaded,
    coalesce(last_value(CASE WHEN NOT reads THEN times END IGNORE NULLS) OVER ${soFar}, 1) AS cohort FROM (${accesses})`;
  const stints = `SELECT *, sum(changes::INTEGER) OVER ${soFar} AS stint FROM (${changes})`;
  return `WITH stints AS (${stints}), ends AS (SELECT object, stint + 1 AS stint, max(timestamp) AS ended FROM stints GROUP BY object, stint)
    SELECT who, object, cohort, times * cohort AS times, coalesce(bytes, CASE WHEN status = 304 THEN 0 ELSE size END) AS bytes, size FROM stints LEFT JOIN ends USING (object, stint)
    WHERE reads AND timestamp >= greatest(make_timestamp(${since * 1_000_000}), ended, uploaded) + INTERVAL ${WARM_DAYS} DAY`;
}

async function read(connection: DuckDBConnection, query: string): Promise<DuckDBValue[][]> {
  return (await connection.runAndReadAll(query)).getRows();
}
