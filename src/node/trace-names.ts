/** The names of a trace's objects: read anew from the inputs when somebody asks, since a run needs none. */
import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import {
  type Alternatives,
  MOST_FOLDERS,
  noSuchKey,
  noSuchPrefix,
  objectNamed,
  shorterPrefixes,
} from '../account/names.ts';
import { nearest } from '../model/diagnostic.ts';
import { literal, nameList } from '../sources/projection.ts';
import type { TracedObject } from '../trace/memory-trace.ts';
import type { ObjectId } from './object-splitter.ts';
import type { TraceOrigin, TraceTable } from './trace-table.ts';

/** Table of the `id` and `id2` of objects that were chosen. */
const CHOSEN = 'chosen_objects';

/** Names near to one that is not there that are looked at. */
const MOST_NEAR = 20;

export class TraceNames {
  private readonly connection: DuckDBConnection;
  /** SQL of the names of all rows, with `path` as people write it. */
  private readonly rows: string;

  constructor(connection: DuckDBConnection, { origin }: Pick<TraceTable, 'origin'>) {
    this.connection = connection;
    this.rows = `(SELECT *, CASE WHEN bucket = '' THEN key ELSE concat(bucket, '/', key) END AS path
      FROM (${namesOf(origin)}))`;
  }

  /**
   * The object of a key, or of a bucket and a key.
   * @throws InputError when there is none, or the key is in several buckets
   */
  async find(text: string): Promise<ObjectId> {
    const is = `key = ${literal(text)} OR path = ${literal(text)}`;
    const found = await this.read(
      `SELECT DISTINCT bucket, key, id::VARCHAR, id2::VARCHAR FROM ${this.rows} WHERE ${is} ORDER BY ALL`,
    );
    const named = objectNamed(
      found.map(
        ([bucket, key, id, id2]) => ({ bucket, key, id: [id, id2] as const }) as TracedObject & { id: ObjectId },
      ),
      text,
    );
    if (!named) throw noSuchKey(text, { ...(await this.under(text)), ...(await this.meant(text)) });
    return named.id;
  }

  /**
   * Chooses the objects whose key, or bucket and key, begin with a text.
   * @returns the table of their ids
   * @throws InputError when there is none
   */
  async chooseUnder(prefix: string): Promise<string> {
    await this.connection.run(
      `CREATE OR REPLACE TEMP TABLE ${CHOSEN} AS SELECT DISTINCT id, id2 FROM ${this.rows} WHERE ${begins(prefix)}`,
    );
    const [[count]] = (await this.read(`SELECT count(*)::INTEGER FROM ${CHOSEN}`)) as [[number]];
    if (count === 0) throw noSuchPrefix(prefix, { under: 0, beginnings: await this.beginnings(prefix) });
    return CHOSEN;
  }

  /** Chooses objects by their ids. Returns the table of these. */
  async choose(ids: readonly ObjectId[]): Promise<string> {
    await this.connection.run(`CREATE OR REPLACE TEMP TABLE ${CHOSEN} (id UBIGINT, id2 UBIGINT)`);
    const values = ids.map(([id, id2]) => `(${id}, ${id2})`);
    if (values.length > 0) await this.connection.run(`INSERT INTO ${CHOSEN} VALUES ${values.join(', ')}`);
    return CHOSEN;
  }

  /** The names of the objects chosen, and with `versions` the ids of these, by {@link nameOf} of their ids. */
  async chosen(versions: boolean): Promise<Map<string, TracedObject>> {
    const columns = `id::VARCHAR, id2::VARCHAR, bucket, key, ${versions ? 'version_id, version' : "'', 0"}`;
    const rows = await this.read(`SELECT DISTINCT ${columns} FROM ${this.rows} SEMI JOIN ${CHOSEN} USING (id, id2)`);
    const objects = new Map<string, TracedObject & { readonly versionIds: Map<number, string> }>();
    for (const [id, id2, bucket, key, versionId, version] of rows as [
      string,
      string,
      string,
      string,
      string,
      number,
    ][]) {
      const name = nameOf([id, id2]);
      const object = objects.get(name) ?? { bucket, key, versionIds: new Map() };
      if (versionId !== '') object.versionIds.set(version, versionId);
      objects.set(name, object);
    }
    return objects;
  }

  private async under(text: string): Promise<{ under: number }> {
    const [[under]] = (await this.read(
      `SELECT count(DISTINCT path)::INTEGER FROM ${this.rows} WHERE ${begins(text)}`,
    )) as [[number]];
    return { under };
  }

  /** The path that differs least, of those that have one half of the text or end with it. */
  private async meant(text: string): Promise<Pick<Alternatives, 'meant'>> {
    const half = text.slice(0, text.length / 2);
    const other = text.slice(text.length / 2);
    const isNear = `starts_with(lower(path), ${literal(half.toLowerCase())})
      OR ends_with(lower(path), ${literal(other.toLowerCase())})`;
    const rows = await this.read(
      `SELECT DISTINCT path, ends_with(path, ${literal(`/${text}`)}) AS ends, levenshtein(path, ${literal(text)}) AS off
       FROM ${this.rows} WHERE ${isNear} ORDER BY ends DESC, off, path LIMIT ${MOST_NEAR}`,
    );
    const [first] = rows;
    if (!first) return {};
    const paths = rows.map(([path]) => path as string);
    const meant = first[1] ? paths[0] : nearest(text, paths);
    return meant === undefined ? {} : { meant };
  }

  private async beginnings(prefix: string): Promise<string[]> {
    for (const part of shorterPrefixes(prefix)) {
      const [[found]] = (await this.read(`SELECT count(*)::INTEGER FROM ${this.rows} WHERE ${begins(part)}`)) as [
        [number],
      ];
      if (found > 0) return [part];
    }
    const folder = "CASE WHEN contains(path, '/') THEN concat(split_part(path, '/', 1), '/') ELSE path END";
    const rows = await this.read(
      `SELECT DISTINCT ${folder} AS folder FROM ${this.rows} WHERE key <> '' ORDER BY folder LIMIT ${MOST_FOLDERS}`,
    );
    return rows.map(([name]) => name as string);
  }

  private async read(sql: string): Promise<DuckDBValue[][]> {
    return (await this.connection.runAndReadAll(sql)).getRows();
  }
}

/** An id as the key of a map. */
export function nameOf([id, id2]: ObjectId): string {
  return `${id} ${id2}`;
}

function namesOf({ relations, salt, snapshots }: TraceOrigin): string {
  const selects = relations.map(({ sql, columns }) => `SELECT ${nameList({ columns, salt, snapshots })} FROM ${sql}`);
  return selects.join('\nUNION ALL ');
}

function begins(text: string): string {
  return `(starts_with(key, ${literal(text)}) OR starts_with(path, ${literal(text)}))`;
}
