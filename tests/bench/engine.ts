/**
 * What the bulk engine needs by itself, as a process of its own: `sort FILE COLUMNS`, `parse-log FILE`, `parse-cloudtrail FOLDER`;
 * and what makes inputs: `keys N FILE` a workload of N keys, `inventory N FOLDER` an inventory of N objects, `log N FILE`
 * and `cloudtrail N FOLDER` N requests as AWS records them.
 */
import { closeSync, mkdirSync, openSync, readdirSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { withEngine } from '../../src/node/duckdb.ts';
import { cloudTrailRelation } from '../../src/sources/cloudtrail-sql.ts';
import { literal, pathLiteral } from '../../src/sources/projection.ts';
import { accessLogRelation } from '../../src/sources/s3-access-log-sql.ts';
import type { Relation } from '../../src/sources/source.ts';
import { writeManifest } from '../inventories.ts';
import { logLine, logTime } from '../sources/access-log-lines.ts';
import { record } from '../sources/cloudtrail-records.ts';

const PER_FILE = 10_000_000;
const BATCH = 5_000;
const YEAR_SECONDS = 365 * 86_400;
const SCHEMA =
  'message s3.inventory { required binary bucket (STRING); required binary key (STRING); optional int64 size; optional int64 last_modified_date (TIMESTAMP(MILLIS,true)); optional binary storage_class (STRING);}';

const [task, ...args] = process.argv.slice(2);

await withEngine({ temporaryFolder: process.env.TMPDIR ?? '/tmp' }, async (connection) => {
  if (task === 'sort') {
    await connection.run(
      `CREATE TEMP TABLE sorted AS SELECT hash(key) AS id, timestamp, operation, size
       FROM read_csv(${pathLiteral(args[0]!)}, header = true) ORDER BY ${args[1]}`,
    );
  } else if (task === 'keys') {
    await connection.run(
      `COPY (SELECT strftime(TIMESTAMP '2025-01-01' + to_seconds((i * 31) % 31536000), '%Y-%m-%dT%H:%M:%SZ') AS timestamp,
         'PUT' AS operation, 'objects/' || hash(i) || '.bin' AS key, 1000 + (hash(i) % 5000000) AS size
       FROM range(${Number(args[0])}) AS rows(i)) TO ${literal(args[1]!)} (HEADER)`,
    );
  } else if (task === 'inventory') await makeInventory(connection, Number(args[0]), args[1]!);
  else if (task === 'log') writeLog(args[1]!, Number(args[0]));
  else if (task === 'cloudtrail') writeTrail(args[1]!, Number(args[0]));
  else if (task === 'parse-log') await parse(connection, accessLogRelation([args[0]!], 'none'));
  else if (task === 'parse-cloudtrail') await parse(connection, cloudTrailRelation(filesIn(args[0]!), 'none'));
});

/** Every column of every row, once; prints the seconds that takes. */
async function parse(connection: DuckDBConnection, { sql, columns }: Relation): Promise<void> {
  const all = [...Object.values(columns), 'kind'].map((column) => `max(hash(${column}))`);
  const began = performance.now();
  await connection.run(`SELECT ${all.join(', ')} FROM ${sql}`);
  console.log((performance.now() - began) / 1000);
}

function filesIn(folder: string): string[] {
  return readdirSync(folder).map((name) => join(folder, name));
}

/** Requests line by line, in batches: a file may be larger than a text can be. */
function writeLog(path: string, requests: number): void {
  const file = openSync(path, 'w');
  for (let first = 0; first < requests; first += BATCH) {
    writeSync(file, `${requestsFrom(first, requests).map(logged).join('\n')}\n`);
  }
  closeSync(file);
}

/** Documents as CloudTrail delivers them, a file each. */
function writeTrail(folder: string, requests: number): void {
  mkdirSync(folder, { recursive: true });
  for (let first = 0; first < requests; first += BATCH) {
    const records = requestsFrom(first, requests).map(recorded);
    writeFileSync(join(folder, `${first / BATCH}.json`), `{"Records":[${records.join(',')}]}`);
  }
}

function requestsFrom(first: number, requests: number): Request[] {
  return Array.from({ length: Math.min(BATCH, requests - first) }, (_, i) => requestOf(first + i, requests));
}

interface Request {
  readonly number: number;
  /** Seconds since the beginning of 2025. */
  readonly seconds: number;
  readonly operation: 'PUT' | 'GET' | 'HEAD';
  readonly key: string;
  readonly size: number;
}

/** Of twenty requests of each object the first is its upload; all take a year. */
function requestOf(number: number, requests: number): Request {
  const objects = Math.ceil(requests / 20);
  const object = number % objects;
  return {
    number,
    seconds: Math.floor((number / requests) * YEAR_SECONDS),
    operation: number < objects ? 'PUT' : number % 9 === 0 ? 'HEAD' : 'GET',
    key: `photos/2025/${object % 1000}/img-${object}.jpg`,
    size: 1000 + ((object * 69_621) % 4_000_000),
  };
}

function logged({ number, seconds, operation, key, size }: Request): string {
  return logLine({
    time: logTime(seconds),
    requestId: `${number.toString(16).toUpperCase().padStart(16, '0')}`,
    operation: `REST.${operation}.OBJECT`,
    key,
    uri: `"${operation} /${key}?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Expires=3600 HTTP/1.1"`,
    sent: operation === 'GET' ? String(size) : '-',
    size: String(size),
    agent: '"Boto3/1.21.19 Python/3.9.10 Linux/4.4.0-1104-aws Botocore/1.24.19 Resource"',
  });
}

function recorded({ number, seconds, operation, key, size }: Request): string {
  const moved = { GET: { bytesTransferredOut: size }, PUT: { bytesTransferredIn: size }, HEAD: {} }[operation];
  return JSON.stringify(
    record({
      eventTime: `${new Date(Date.UTC(2025, 0, 1) + seconds * 1000).toISOString().slice(0, 19)}Z`,
      eventName: { GET: 'GetObject', PUT: 'PutObject', HEAD: 'HeadObject' }[operation],
      eventID: `cdc4b7ed-e171-4cef-975a-${number.toString(16).padStart(12, '0')}`,
      userAgent: '[aws-sdk-java/2.20.1 Linux/5.10 OpenJDK]',
      requestParameters: { bucketName: 'amzn-s3-demo-bucket', Host: 'amzn-s3-demo-bucket.s3.amazonaws.com', key },
      additionalEventData: {
        SignatureVersion: 'SigV4',
        CipherSuite: 'ECDHE-RSA-AES128-GCM-SHA256',
        bytesTransferredIn: 0,
        bytesTransferredOut: 0,
        AuthenticationMethod: 'AuthHeader',
        'x-amz-id-2': 's9lzHYrFp76ZVxRcpX9+5cjAnEH2ROuNkd2BHfIa6UkFVdtjf5mKR3',
        ...moved,
      },
      resources: [
        { type: 'AWS::S3::Object', ARN: `arn:aws:s3:::amzn-s3-demo-bucket/${key}` },
        { accountId: '111122223333', type: 'AWS::S3::Bucket', ARN: 'arn:aws:s3:::amzn-s3-demo-bucket' },
      ],
    }),
  );
}

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
