/** What the bulk engine needs by itself, as a process of its own: `sort FILE`, or `keys N FILE` to make a workload of N keys. */
import { withEngine } from '../../src/node/duckdb.ts';
import { literal, pathLiteral } from '../../src/sources/projection.ts';

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
  }
});
