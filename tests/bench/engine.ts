/** What the bulk engine needs by itself, as a process of its own: `sort FILE`, `keys N FILE` to make a workload of N keys, `inventory N FOLDER` to make an inventory of N objects. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { withEngine } from '../../src/node/duckdb.ts';
import { literal, pathLiteral } from '../../src/sources/projection.ts';
import { writeManifest } from '../inventories.ts';

const PER_FILE = 10_000_000;
const SCHEMA =
  'message s3.inventory { required binary bucket (STRING); required binary key (STRING); optional int64 size; optional int64 last_modified_date (TIMESTAMP(MILLIS,true)); optional binary storage_class (STRING);}';

const [task, ...args] = process.argv.slice(2);

await withEngine({ temporaryFolder: process.env.TMPDIR ?? '/tmp' }, async (connection) => {
  if (task === 'sort') {
    await connection.run(
      `CREATE TEMP TABLE sorted AS SELECT hash(key) AS id, timestamp, operation, size
       FROM read_csv(${pathLiteral(args[0]!)}, header = true) ORDER BY id, timestamp`,
    );
  } else if (task === 'keys') {
    await connection.run(
      `COPY (SELECT strftime(TIMESTAMP '2025-01-01' + to_seconds((i * 31) % 31536000), '%Y-%m-%dT%H:%M:%SZ') AS timestamp,
         'PUT' AS operation, 'objects/' || hash(i) || '.bin' AS key, 1000 + (hash(i) % 5000000) AS size
       FROM range(${Number(args[0])}) AS rows(i)) TO ${literal(args[1]!)} (HEADER)`,
    );
  } else if (task === 'inventory') await makeInventory(connection, Number(args[0]), args[1]!);
});

/** Parquet lists of at most 10 million objects each, as S3 writes them, and their manifest. */
async function makeInventory(connection: DuckDBConnection, objects: number, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const files: string[] = [];
  for (let first = 0; first < objects; first += PER_FILE) {
    const file = `list-${files.length}.parquet`;
    await connection.run(
      `COPY (SELECT 'pictures' AS bucket, 'albums/' || hash(i) % 100000 || '/' || to_hex(hash(i, 1)) || '.jpg' AS key,
         (exp(8 + 6 * (hash(i, 2) % 1000000) / 1e6) + hash(i, 3) % 1000)::BIGINT AS size,
         TIMESTAMPTZ '2022-01-01' + to_seconds((hash(i, 4) % 100000000)::BIGINT) AS last_modified_date,
         CASE WHEN hash(i, 5) % 3 = 0 THEN 'STANDARD_IA' ELSE 'STANDARD' END AS storage_class
       FROM range(${first}, ${Math.min(first + PER_FILE, objects)}) AS rows(i)) TO ${literal(join(folder, file))} (FORMAT parquet)`,
    );
    files.push(file);
  }
  const inventory = { bucket: 'pictures', takenAt: '2025-03-10T01:00:00Z', format: 'Parquet', schema: SCHEMA };
  writeManifest(join(folder, 'manifest.json'), inventory, folder, files);
}
