/** The bulk engine and the careful reader read the texts that are no logs alike, row for row. */
import { writeFileSync } from 'node:fs';
import type { DuckDBConnection } from '@duckdb/node-api';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OWNER_PAYS } from '../../src/model/charges.ts';
import { withEngine } from '../../src/node/duckdb.ts';
import { binaryText } from '../../src/sources/bytes.ts';
import { namedSources } from '../../src/sources/index.ts';
import { bucketOf, name, READABLE, selectList } from '../../src/sources/projection.ts';
import { readReading } from '../../src/sources/row.ts';
import { s3Inventory } from '../../src/sources/s3-inventory.ts';
import type { OpenedText, TextSource } from '../../src/sources/source.ts';
import type { EventRow } from '../../src/trace/memory-trace.ts';
import { FUZZ_TIMEOUT, fuzzLines } from '../fuzz.ts';
import { INVENTORY_LINES, INVENTORY_SCHEMA, ODD_LINES, type OddLines } from '../sources/odd-lines.ts';
import { testFolder } from './run-files.ts';

const folder = testFolder();

/** Texts whose rows the engine projects at once. */
const BATCH = 100;

/** What the careful reader says of a row: undefined, when it cannot be read. */
function careful(opened: OpenedText, text: string): (readonly unknown[] | undefined)[] {
  return [...opened.rows().read(text, true)].map(({ reading }) => {
    const row = readReading(reading, { charges: OWNER_PAYS });
    if (typeof row === 'string') return undefined;
    const { order, size, bytes, count, storageClass, bucket, key, versionId } = row as EventRow;
    // The engine's binding drops a byte order mark that a text begins with.
    const texts = [bucket, key, versionId].map((text) => `.${text}`);
    return [order, size, Number.isNaN(bytes) ? size : bytes, count, storageClass, ...texts];
  });
}

/** The same of the engine, for each of some texts; undefined for a text, when it cannot read all of it. */
class Bulk {
  private readonly connection: DuckDBConnection;
  private readonly path = folder.path('x.txt');
  /** SQL that reads the file at {@link path}. */
  private readonly reader: string;
  private readonly projected: string;

  constructor(connection: DuckDBConnection, opened: OpenedText) {
    this.connection = connection;
    const { sql, columns, time } = opened.relation([this.path], 'none');
    this.reader = /read_csv\(.*?columns=\{.*?\}\)/s.exec(sql)![0];
    const reading = { columns, time, salt: '', marks: [], charges: OWNER_PAYS };
    const version = columns.version_id ? `trim(coalesce(${name(columns.version_id)}, ''))` : "''";
    this.projected = `SELECT coalesce(${READABLE}, false), w, size, CASE WHEN isnan(bytes) THEN size ELSE bytes END,
      count::DOUBLE, storage_class, concat('.', bucket_name), concat('.', key_name), concat('.', version_name)
      FROM (SELECT ${selectList(reading, ['bytes', 'count', 'storage_class'])}, ${bucketOf(columns, undefined)} AS bucket_name,
        coalesce(${name(columns.key!)}, '') AS key_name, CASE ${version} WHEN '-' THEN '' ELSE ${version} END AS version_name
        FROM ${sql.replace(this.reader, 'texts')})`;
  }

  async read(texts: readonly string[], { header, after }: OddLines): Promise<(readonly unknown[][] | undefined)[]> {
    const { connection, path, reader } = this;
    writeFileSync(path, reader.includes('header=true') ? `${header}\n${after}` : after);
    await connection.run(`CREATE OR REPLACE TEMP TABLE after AS SELECT * FROM ${reader}`);
    await connection.run('CREATE OR REPLACE TEMP TABLE texts AS SELECT * FROM after LIMIT 0');
    const isRead: boolean[] = [];
    for (const text of texts) {
      writeFileSync(path, text, 'latin1');
      isRead.push(await this.stage());
    }
    const found: unknown[][][] = [[]];
    for (const row of (await connection.runAndReadAll(this.projected)).getRows())
      if (row[7] === '.after') found.push([]);
      else found.at(-1)!.push(row);
    return texts.map((_, at) => {
      const rows = found[at]!;
      return isRead[at] && rows.every(([isReadable]) => isReadable) ? rows.map(([, ...row]) => row) : undefined;
    });
  }

  private async stage(): Promise<boolean> {
    const { connection, reader } = this;
    try {
      await connection.run(`INSERT INTO texts SELECT * FROM ${reader} UNION ALL SELECT * FROM after`);
      return true;
    } catch (error) {
      expect((error as Error).message).toMatch(/^(Invalid Input|Conversion|Out of Range) Error/);
      await connection.run('INSERT INTO texts SELECT * FROM after');
      return false;
    }
  }
}

/**
 * Texts of few lines each, since one bad row leaves all of a text to the careful reader.
 * @param judge what tells bad rows, where the reader itself passes over them: a text that it leaves is left as a whole
 */
async function readBoth(opened: OpenedText, lines: OddLines, least: number, judge = opened): Promise<void> {
  const { header, line } = lines;
  const end = fc.constantFrom('\n', '\n', '\r\n', '\r');
  const text = fc
    .tuple(fc.array(line, { minLength: 1, maxLength: 36, size: 'max' }), end, fc.boolean())
    .map(([lines, end, isEnded]) => (header === '' ? lines : [header, ...lines]).join(end) + (isEnded ? end : ''))
    .map((text) => binaryText(Buffer.from(text)));
  let [rows, all, taken, needlessly] = [0, 0, 0, 0];
  await withEngine({ temporaryFolder: folder.path('.'), threads: 1 }, async (connection) => {
    const bulk = new Bulk(connection, opened);
    const judging = new Bulk(connection, judge);
    for (let seed = 0; rows < least; seed++) {
      const texts = fc.sample(text, { numRuns: BATCH, seed });
      const found = await bulk.read(texts, lines);
      const judged = judge === opened ? found : await judging.read(texts, lines);
      texts.forEach((text, at) => {
        const expected = careful(opened, text);
        rows += Math.max(expected.length, 1);
        all++;
        if (found[at]) taken++;
        else if (!careful(judge, text).includes(undefined)) needlessly++;
        if (found[at] && judged[at]) expect([seed, text, found[at]]).toEqual([seed, text, expected]);
      });
    }
  });
  expect(taken / all).toBeGreaterThan(0.15);
  expect(needlessly / all).toBeLessThan(0.1);
}

const CSVS = Object.keys(ODD_LINES).filter((format) => format.startsWith('csv'));

test.each(Object.entries(ODD_LINES))('%j', { timeout: FUZZ_TIMEOUT }, async (format, lines) => {
  const source = namedSources(format.split(' ')[0]!).find(({ holds }) => holds === 'text') as TextSource;
  const share = CSVS.includes(format) ? CSVS.length : 1;
  await readBoth(source.open(`${lines.header}\n`, { file: 'x', renames: {} }), lines, fuzzLines(600) / share);
});

test.each(['objects', 'reads'])('%s of inventories', { timeout: FUZZ_TIMEOUT }, async (list) => {
  const manifest = {
    sourceBucket: 'pictures',
    creationTimestamp: String(Date.UTC(2025, 2, 10, 1)),
    fileFormat: 'CSV',
    fileSchema: INVENTORY_SCHEMA,
    files: [{ key: 'x' }],
  };
  const { contents } = s3Inventory.open(JSON.stringify(manifest), { file: 'manifest.json', renames: {} });
  if (contents.holds !== 'text') throw new Error('a list in CSV is a text');
  const [objects, reads] = contents.listings.map(({ opened }) => opened) as [OpenedText, OpenedText];
  await readBoth(list === 'reads' ? reads : objects, INVENTORY_LINES, fuzzLines(600) / 2, objects);
});
