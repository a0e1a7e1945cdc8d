/** Rows that add up a day give the bill of the requests they add up, had those come at noon. */
import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Comparison } from '../../src/model/comparison.ts';
import { namedPolicy } from '../../src/policies/index.ts';
import { refusal, runFiles, sql, testFolder } from './run-files.ts';

const folder = testFolder();
const HEADER = 'key,day,operation,count,bytes,size';
const policies = ['standard-ia', 'glacier', 'intelligent-tiering'].map((name) => namedPolicy(name));

function bills({ results, workload: { from, until, objects, bytes } }: Comparison): unknown {
  return { results, from, until, objects, bytes };
}

const request = fc.record({
  key: fc.constantFrom('a', 'b/c', "it's"),
  day: fc.integer({ min: 1, max: 28 }),
  operation: fc.constantFrom('PUT', 'GetObject', 'REST.GET.OBJECT', 'HEAD', 'DELETE', 'COPY', 'LIST', 'RESTORE'),
  bytes: fc.integer({ min: 0, max: 1000 }),
});
const dayOf = (day: number): string => `2025-02-${String(day).padStart(2, '0')}`;

/** What one would write in Athena. */
const AGGREGATE = `SELECT key, CAST(timestamp AS DATE) AS day, operation, count(*) AS count, sum(bytes) AS bytes, max(size) AS size
  FROM read_csv($1, header = true, types = {'timestamp': 'TIMESTAMP'}) GROUP BY ALL ORDER BY ALL`;

test('the bill of requests at noon, from CSV and from Parquet', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: 40 }), async (requests) => {
      const rows = requests.map(
        ({ key, day, operation, bytes }) => `${dayOf(day)}T12:00:00Z,${operation},${key},300000,${bytes}`,
      );
      const events = folder.write('events.csv', `timestamp,operation,key,size,bytes\n${rows.join('\n')}\n`);
      const select = AGGREGATE.replace('$1', `'${events}'`);
      await sql(`COPY (${select}) TO '${folder.path('days.csv')}' (HEADER)`);
      await sql(`COPY (${select}) TO '${folder.path('days.parquet')}' (FORMAT parquet)`);
      const expected = await runFiles(events, {}, policies);
      for (const path of ['days.csv', 'days.parquet']) {
        const { comparison } = await runFiles(folder.path(path), {}, policies);
        expect(bills(comparison)).toEqual(bills(expected.comparison));
        expect(comparison.workload.formats).toEqual([{ name: 'aggregate', title: 'daily aggregate', files: 1 }]);
      }
    }),
    { numRuns: 10 },
  );
}, 60_000);

describe('the published SQL', () => {
  const SQL = ['access-logs-duckdb', 'daily-aggregate'].map((name) => readFileSync(`samples/${name}.sql`, 'utf8'));

  /** What the SQL makes of raw logs: the path of the CSV; daily.parquet is beside it. */
  async function addUp(lines: readonly string[]): Promise<string> {
    const [prelude, select] = SQL as [string, string];
    const log = folder.write('raw.log', `${lines.join('\n')}\n`);
    const days = folder.path('daily.csv');
    const [view, packed] = [prelude.replace("'logs/**'", `'${log}'`), folder.path('daily.parquet')];
    await sql(view, `COPY (${select}) TO '${days}' (HEADER)`, `COPY (${select}) TO '${packed}' (FORMAT parquet)`);
    return days;
  }

  /** A record of a log, keys URL-encoded twice, or once in those of DeleteObjects. */
  function record({ key, day, operation, bytes, id }: LoggedRequest): string {
    const encoded = encodeURIComponent(key).replaceAll('%2F', '/');
    const logged = operation === 'LIST' ? '-' : operation.startsWith('BATCH') ? encoded : encodeURIComponent(encoded);
    const name = operation === 'LIST' ? 'REST.GET.BUCKET' : operation;
    const isRead = name === 'REST.GET.OBJECT';
    const numbers = `200 - ${isRead ? bytes : '-'} ${operation === 'LIST' ? '-' : 300_000}`;
    const time = `${String(day).padStart(2, '0')}/Feb/2025:12:00:00 +0000`;
    return `owner photos [${time}] 192.0.2.3 arn:aws:iam::1:user/a R${id} ${name} ${logged} "GET /"x" HTTP/1.1" ${numbers} 7 6 "-" "a "b" c" - h SigV4 c AuthHeader s TLSv1.2 - -`;
  }

  interface LoggedRequest {
    readonly key: string;
    readonly day: number;
    readonly operation: string;
    readonly bytes: number;
    readonly id: number;
  }

  const logged = fc.record({
    key: fc.constantFrom('a', 'b/c d+é%', "it's"),
    day: fc.integer({ min: 1, max: 28 }),
    operation: fc.constantFrom('REST.PUT.OBJECT', 'REST.GET.OBJECT', 'REST.HEAD.OBJECT', 'BATCH.DELETE.OBJECT', 'LIST'),
    bytes: fc.integer({ min: 0, max: 1000 }),
    id: fc.integer({ min: 1, max: 60 }),
  });

  test('gives the bill of the requests, as the logs themselves do', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(logged, { selector: ({ id }) => id, minLength: 1, maxLength: 40 }),
        async (requests) => {
          const noise = record({ ...requests[0]!, operation: 'S3.EXPIRE.OBJECT', id: 99 });
          const lines = requests.map(record);
          const days = await addUp([...lines, lines[0]!, noise, noise.replace('S3.EXPIRE.OBJECT', 'REST.DELETE.CORS')]);
          const rows = requests.map(({ key, day, operation, bytes }) => {
            const [name, object, size] = operation === 'LIST' ? ['LIST', '', ''] : [operation, `"${key}"`, '300000'];
            return `${dayOf(day)}T12:00:00Z,${name},${object},${size},${name === 'REST.GET.OBJECT' ? bytes : ''},photos,200`;
          });
          const events = folder.write(
            'events.csv',
            `timestamp,operation,key,size,bytes,bucket,status\n${rows.join('\n')}\n`,
          );
          const expected = await runFiles(events, {}, policies);
          for (const path of [days, folder.path('daily.parquet'), folder.path('raw.log')]) {
            const { comparison } = await runFiles(path, {}, policies);
            expect(bills(comparison)).toEqual(bills(expected.comparison));
          }
        },
      ),
      { numRuns: 10 },
    );
  }, 60_000);

  const SAMPLES = '../shared/data/s3-access-logs/dandi-dandi-s3-log-extraction__2022-01-01.log';
  test.runIf(existsSync(SAMPLES))('reads real logs', async () => {
    const lines = readFileSync(SAMPLES, 'utf8').trim().split('\n');
    const days = readFileSync(await addUp(lines), 'utf8')
      .trim()
      .split('\n');
    const counts = days.slice(1).map((line) => Number(line.split(',').at(-3)));
    // Requests with a status and sizes after the request-URI, each once; the sample has malformed lines too.
    const whole = lines.filter((line) => /"? (\d{3}|-) [^ "]+ (\d+|-) (\d+|-) \d+ /.test(line));
    const requests = new Set(whole.map((line) => line.split(' ').slice(6, 8).join(' ')));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(requests.size);
    expect(requests.size).toBeGreaterThan(5);
  });
});

test('many repetitions are one row, many uploads are many', async () => {
  const days = folder.write(
    'days.csv',
    `${HEADER}\nk,2025-02-01,PUT,3,,1000\nk,2025-02-02,GET,999999999,2000000000,1000\n`,
  );
  const { comparison } = await runFiles(days, { egress: true });
  // 999,999,997 reads of 2 bytes and two of 3: two rows; three uploads of one object.
  expect(comparison.workload).toMatchObject({ events: 5, objects: 1 });
  const quantity = (usageType: string): string | undefined =>
    comparison.results[0]!.lineItems.find((item) => item.usageType === usageType)?.usageQuantity;
  expect(quantity('Requests-Tier1')).toBe('3');
  expect(quantity('Requests-Tier2')).toBe('999999999');
  expect(quantity('DataTransfer-Out-Bytes')).toBe('2000000000');
});

describe('what is wrong is said by its line', () => {
  test.each([
    ['k,yesterday,GET,1,,5', "day 'yesterday' is not a date such as 2025-01-31"],
    ['k,2025-02-03T10:00:00Z,GET,1,,5', "day '2025-02-03T10:00:00Z' is not a date such as 2025-01-31"],
    ['k,2025-02-30,GET,1,,5', "timestamp '2025-02-30T12:00:00Z' is neither"],
    ['k,2025-02-03,GET,,,5', "count '' is not a whole number from 1 to 1000000000"],
    ['k,2025-02-03,GET,0,,5', "count '0' is not a whole number"],
    ['k,2025-02-03,PUT,100001,,5', 'count 100001 is more than 100000 uploads of one key on one day'],
    ['k,2025-02-03,GET,2,1.5,5', "bytes '1.5' is not a whole number of bytes, or over 8 PiB"],
    ['k,2025-02-03,GET,1,9007199254740993,5', 'over 8 PiB'],
    ['k,2025-02-03,GTE,1,,5', "operation 'GTE' is unknown"],
    [',2025-02-03,GET,1,,5', 'the key is empty'],
  ])('%s', async (row, message) => {
    const days = folder.write('bad.csv', `${HEADER}\nk,2025-02-01,PUT,1,,5\n${row}\n`);
    const said = await refusal(runFiles(days));
    expect(said).toContain(`bad.csv:3: `);
    expect(said).toContain(message);
  });

  test('a day that is a number', async () => {
    const path = folder.path('epoch.parquet');
    await sql(
      `COPY (SELECT 'k' AS key, 20000 AS day, 'GET' AS operation, 1 AS count, 1 AS size) TO '${path}' (FORMAT parquet)`,
    );
    expect(await refusal(runFiles(path))).toBe("epoch.parquet: column 'day' is a number, not a date");
  });

  test('a column that is missing', async () => {
    const days = folder.write('short.csv', 'day;operation;key;count;object_size\n');
    expect(await refusal(runFiles(days))).toBe(
      "short.csv:1: no column 'size'; the header has 'day', 'operation', 'key', 'count', 'object_size'; perhaps --map 'size=object_size'",
    );
  });
});
