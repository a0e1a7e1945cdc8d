/** An ingested trace is the logs it was made of: whatever is asked of it, the answer is theirs. */
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OWNER_PAYS } from '../../src/model/charges.ts';
import type { Comparison } from '../../src/model/comparison.ts';
import { type CompareFilesOptions, compareFiles } from '../../src/node/compare.ts';
import { withEngine } from '../../src/node/duckdb.ts';
import { type IngestOptions, type IngestResult, ingestFiles } from '../../src/node/ingest.ts';
import { regionPrices } from '../../src/node/price-files.ts';
import { profileFiles } from '../../src/node/profile.ts';
import { namedPolicy, parsePolicyFile } from '../../src/policies/index.ts';
import { pathLiteral } from '../../src/sources/projection.ts';
import { VERSIONING_STATES } from '../../src/trace/trace.ts';
import { writeInventory } from '../inventories.ts';
import { logFields, logLine, logTime, tampered } from '../sources/access-log-lines.ts';
import { documentOf, record, records } from '../sources/cloudtrail-records.ts';
import { csv, rows } from './random-rows.ts';
import { GOOD, HEADER, RUN_OPTIONS, refusal, runFiles, sql, testFolder } from './run-files.ts';

const { path, write } = testFolder();
const rules = {
  Rules: [
    { ID: 'p', Status: 'Enabled', Filter: { Prefix: 'logs/' }, Transitions: [{ Days: 3, StorageClass: 'GLACIER_IR' }] },
    {
      ID: 't',
      Status: 'Enabled',
      Filter: { Tag: { Key: 'team a', Value: 'x=y' } },
      Transitions: [{ Days: 5, StorageClass: 'GLACIER' }],
    },
  ],
};
const policies = [
  namedPolicy('as-is'),
  namedPolicy('glacier'),
  namedPolicy('intelligent-tiering'),
  parsePolicyFile(JSON.stringify(rules), { name: 'rules' }).policy!,
];

function ingest(
  inputs: string | readonly string[],
  output: string,
  more: Partial<IngestOptions> = {},
): Promise<IngestResult> {
  return ingestFiles({ inputs: [inputs].flat(), output, append: false, renames: {}, ...more });
}

function append(
  inputs: string | readonly string[],
  output: string,
  more: Partial<IngestOptions> = {},
): Promise<IngestResult> {
  return ingest(inputs, output, { append: true, ...more });
}

async function bill(inputs: string | readonly string[], more: Partial<CompareFilesOptions> = {}): Promise<Comparison> {
  return (await runFiles(inputs, more, policies)).comparison;
}

/** A comparison without what tells files and formats. */
function numbers({ workload, ...rest }: Comparison): unknown {
  const rejections = workload.rejections.filter(({ reason }) => !reason.includes('never given'));
  return { ...rest, workload: { ...workload, inputs: [], formats: [], rejections, rowBytes: '' } };
}

async function rowsOf(file: string, columns = '*'): Promise<unknown[][]> {
  return withEngine({ temporaryFolder: tmpdir() }, async (connection) => {
    const reader = await connection.runAndReadAll(`SELECT ${columns} FROM read_parquet(${pathLiteral(file)})`);
    return reader.getRowsJson() as unknown[][];
  });
}

/** A record's id is of one status and one requester. */
function withId<Row extends { readonly status: string; readonly error_code: string; readonly requester: string }>(
  row: Row,
  at: number,
): Row & { readonly request_id: string } {
  const id = [row.status, row.error_code, row.requester].join('/').replaceAll(' ', '');
  return { ...row, request_id: at % 3 === 0 ? '' : id };
}

test('a trace, written at once or added to, bills what its logs bill', { timeout: 300_000 }, async () => {
  const trace = path('random.parquet');
  await fc.assert(
    fc.asyncProperty(
      fc.array(rows(14), { minLength: 1, maxLength: 4 }),
      fc.constantFrom(undefined, ...VERSIONING_STATES),
      fc.constantFrom(OWNER_PAYS, { account: '111122223333', requesterPays: true }),
      async (pieces, state, charges) => {
        const versioning = state === undefined ? {} : { versioning: state };
        const files = pieces.map((rows, at) => write(`piece-${at}.csv`, csv(rows.map(withId))));
        rmSync(trace, { force: true });
        for (const file of files) await append(file, trace);
        const options = { ...versioning, charges, onBadRow: 'skip' } as const;
        expect(numbers(await bill(trace, options))).toEqual(numbers(await bill(files, options)));
      },
    ),
    { numRuns: 40, seed: 3 },
  );
});

test('of more objects than the engine reads at once is read in order by several threads', {
  timeout: 60_000,
}, async () => {
  const header = 'timestamp,operation,key,size,status,error_code,requester';
  const line = (_: unknown, at: number): string => `2025-01-01T00:00:00Z,PUT,${at},1,200,-,arn:aws:iam::1:user/a\n`;
  const log = write('wide.csv', `${header}\n${Array.from({ length: 400_000 }, line).join('')}`);
  const trace = path('wide.parquet');
  await ingest(log, trace);
  const { workload } = await bill(trace, { threads: 2, charges: { account: '111122223333', requesterPays: true } });
  expect([workload.objects, workload.bytes]).toEqual([400_000, '400000']);
});

describe('what is in the file', () => {
  test('the columns, in the order of object, time and operation', async () => {
    const log = write(
      'order.csv',
      [
        'timestamp,operation,key,size,bytes,bucket,storage_class,status,error_code,tags,version_id,requester,request_id,count',
        '2025-01-02T00:00:00.250Z,get,b,,10,one,,206,,,v1,arn:aws:iam::1:user/a,R2,',
        '2025-01-01T00:00:00Z,REST.PUT.OBJECT,b,10,,one,standard_ia,200,,k=v,v1,-,R1,2',
        '2025-01-03T00:00:00Z,DELETE,b,,,one,,404,NoSuchUpload,,-,,,',
        '2025-01-01T00:00:00Z,PUT,b,7,,two,,,,,,,,',
        '2025-01-01T00:00:00Z,PUT,a,8,,one,,,,,null,,,',
        '2025-01-01T00:00:00Z,LIST,,,,,,,,,,,,',
        '',
      ].join('\n'),
    );
    const trace = path('order.parquet');
    await ingest(log, trace);
    const types = await withEngine({ temporaryFolder: tmpdir() }, async (connection) => {
      const found = await connection.runAndReadAll(
        `SELECT name, type, converted_type FROM parquet_schema(${pathLiteral(trace)}) WHERE type IS NOT NULL`,
      );
      return found.getRows();
    });
    expect(types).toEqual([
      ['object', 'INT32', 'UINT_32'],
      ['run', 'INT32', 'UINT_8'],
      ['timestamp', 'INT64', 'TIMESTAMP_MILLIS'],
      ['operation', 'BYTE_ARRAY', 'UTF8'],
      ['bucket', 'BYTE_ARRAY', 'UTF8'],
      ['key', 'BYTE_ARRAY', 'UTF8'],
      ['size', 'INT64', 'INT_64'],
      ['bytes', 'INT64', 'INT_64'],
      ['version_id', 'BYTE_ARRAY', 'UTF8'],
      ['storage_class', 'BYTE_ARRAY', 'UTF8'],
      ['status', 'INT32', 'UINT_16'],
      ['error_code', 'BYTE_ARRAY', 'UTF8'],
      ['tags', 'BYTE_ARRAY', 'UTF8'],
      ['requester', 'BYTE_ARRAY', 'UTF8'],
      ['request_id', 'BYTE_ARRAY', 'UTF8'],
      ['count', 'INT32', 'UINT_32'],
    ]);
    const none = null;
    expect(await rowsOf(trace)).toEqual([
      [0, 0, '2025-01-01 00:00:00', 'LIST', none, '', ...Array(10).fill(none)],
      [1, 0, '2025-01-01 00:00:00', 'PUT', 'one', 'a', '8', none, 'null', ...Array(7).fill(none)],
      [2, 0, '2025-01-01 00:00:00', 'PUT', 'one', 'b', '10', none, 'v1', 'STANDARD_IA', 200, none, 'k=v', '-', 'R1', 2],
      [
        ...[2, 0, '2025-01-02 00:00:00.25', 'GET', 'one', 'b', none, '10', 'v1', none, 206, none, none],
        ...['arn:aws:iam::1:user/a', 'R2', none],
      ],
      [
        2,
        0,
        '2025-01-03 00:00:00',
        'DELETE',
        'one',
        'b',
        none,
        none,
        none,
        none,
        404,
        'NoSuchUpload',
        ...Array(4).fill(none),
      ],
      [3, 0, '2025-01-01 00:00:00', 'PUT', 'two', 'b', '7', none, ...Array(8).fill(none)],
    ]);
  });

  test('its facts are those of its logs', async () => {
    const log = write('facts.csv', `${GOOD}2025-02-01T12:00:00.5Z,PUT,b,1\n`);
    const { facts, added, rejected } = await ingest(log, path('facts.parquet'));
    expect({ facts, added, rejected }).toEqual({
      facts: {
        schema: 'tiercast.trace/1',
        tiercast: '0.1.0',
        rows: 3,
        objects: 2,
        first: '2025-01-01T00:00:00.000Z',
        last: '2025-02-01T12:00:00.500Z',
        namesVersions: false,
        hasTags: false,
        runs: [3],
        formats: [{ name: 'csv', title: 'CSV', files: 1 }],
        onBadRow: 'fail',
        rejectedRows: 0,
        counts: {
          rejections: [],
          rowBytes: '0',
          duplicateRows: 0,
          otherRows: [],
          unknownCopies: 0,
          sizesFromReads: 0,
          buckets: [],
        },
      },
      added: 3,
      rejected: [],
    });
    const { comparison } = await runFiles(path('facts.parquet'));
    expect(comparison.workload.formats).toEqual([{ name: 'tiercast-trace', title: 'Tiercast trace', files: 1 }]);
  });

  test('the same rows make the same bytes, in whatever order they come', async () => {
    const lines = Array.from({ length: 2000 }, (_, i) => {
      const at = new Date(Date.UTC(2025, 0, 1 + (i % 3))).toISOString();
      return `${at},${['PUT', 'GET', 'HEAD'][i % 3]},key-${(i * 7) % 40},${i % 5},${i % 2 === 0 ? '' : i % 4}`;
    });
    const header = 'timestamp,operation,key,size,bytes';
    const columns = 'object, run, timestamp, operation, key, size, bytes';
    const found: unknown[] = [];
    for (const order of [1, 7, 1999]) {
      const shuffled = lines.map((_, i) => lines[(i * order) % lines.length]!);
      await ingest(write('shuffled.csv', `${[header, ...shuffled].join('\n')}\n`), path('shuffled.parquet'));
      found.push(await rowsOf(path('shuffled.parquet'), columns));
    }
    expect(found[1]).toEqual(found[0]);
    expect(found[2]).toEqual(found[0]);
  });
});

describe('what came twice', () => {
  const records = (...lines: string[]): string => `timestamp,operation,key,size,request_id\n${lines.join('\n')}\n`;

  test('a log record is known by request id, operation, time and object; an equal row of a CSV is another request', async () => {
    const log = write(
      'twice.csv',
      records(
        '2025-01-01T00:00:00Z,PUT,a,1,A',
        '2025-01-01T00:00:00Z,PUT,a,1,A',
        '2025-01-02T00:00:00Z,GET,a,,B',
        '2025-01-02T00:00:00Z,GET,a,,C',
        // One request that deletes many keys has one id; a copy's two records have one id and two operations.
        '2025-01-03T00:00:00Z,DELETE,a,,D',
        '2025-01-03T00:00:00Z,DELETE,b,,D',
        '2025-01-04T00:00:00Z,COPY,c,5,E',
        '2025-01-04T00:00:00Z,COPY_SOURCE,c,5,E',
        '2025-01-05T00:00:00Z,GET,c,,',
        '2025-01-05T00:00:00Z,GET,c,,',
      ),
    );
    const { facts } = await ingest(log, path('twice.parquet'));
    expect([facts.rows, facts.counts.duplicateRows]).toEqual([9, 1]);
  });

  test('so it is across what is added', async () => {
    const trace = path('added.parquet');
    await ingest(write('log-1.csv', records('2025-01-01T00:00:00Z,PUT,a,1,A', '2025-01-02T00:00:00Z,GET,a,,B')), trace);
    const late = ['2025-01-02T00:00:00Z,GET,a,,B', '2025-01-02T00:00:00Z,GET,a,,C', '2025-01-01T12:00:00Z,GET,a,,D'];
    const { facts, added } = await append(write('log-2.csv', records(...late)), trace);
    expect([facts.rows, facts.counts.duplicateRows, added]).toEqual([4, 1, 2]);
    const kept = await rowsOf(trace, 'request_id');
    expect(kept.flat().sort()).toEqual(['A', 'B', 'C', 'D']);
  });

  test('an input is known by its content, under any name', async () => {
    const trace = path('known.parquet');
    const first = write('first.csv', GOOD);
    const same = write('same.csv', GOOD);
    const other = write('other.csv', GOOD.replaceAll(',a,', ',b,'));
    await append(first, trace);
    const before = readFileSync(trace);
    const nothing = await append([first, same], trace);
    expect([nothing.added, nothing.known]).toEqual([0, [first, same]]);
    expect(readFileSync(trace)).toEqual(before);
    const more = await append([same, other], trace);
    expect([more.added, more.known, more.facts.rows, more.facts.objects]).toEqual([2, [same], 4, 2]);
    expect(more.facts.formats).toEqual([{ name: 'csv', title: 'CSV', files: 2 }]);
  });
});

describe('access logs', () => {
  test('are what they are at once, whatever their lines hold', { timeout: 300_000 }, async () => {
    const line = fc.oneof(
      { weight: 6, arbitrary: logFields.map(logLine) },
      { weight: 2, arbitrary: tampered(logFields.map(logLine)) },
    );
    const start = Array.from({ length: 10 }, (_, i) => logLine({ time: logTime(i) }));
    for (let seed = 0; seed < 8; seed++) {
      const lines = [...start, ...fc.sample(line, { numRuns: 1000, seed })];
      const log = write('fuzz.log', `${lines.join('\n')}\n`);
      const trace = path('fuzz.parquet');
      const { facts } = await ingest(log, trace);
      const told = await bill(log, { onBadRow: 'skip' });
      expect([seed, numbers(await bill(trace, { onBadRow: 'skip' }))]).toEqual([seed, numbers(told)]);
      expect(facts.counts.rowBytes).toBe(told.workload.rowBytes);
      // Other requests that the account does not pay.
      const paid = { onBadRow: 'skip', charges: { account: '123456789012', requesterPays: true } } as const;
      expect(numbers(await bill(trace, paid))).toEqual(numbers(await bill(log, paid)));
    }
  });

  test('say what was left out in every run of the trace, added up over what was added', async () => {
    const lines = (day: number): string[] => [
      logLine({ time: logTime(day * 86_400), operation: 'REST.PUT.OBJECT', requestId: `P${day}` }),
      logLine({ time: logTime(day * 86_400 + 9), requestId: `G${day}` }),
      logLine({ time: logTime(day * 86_400 + 9), requestId: `G${day}` }),
      logLine({ time: logTime(day * 86_400 + 10), operation: 'S3.EXPIRE.OBJECT', requestId: `S${day}` }),
      `nonsense ${day}`,
    ];
    const files = [1, 2].map((day) => write(`day-${day}.log`, `${lines(day).join('\n')}\n`));
    const trace = path('days.parquet');
    const rejects = path('days.rejects');
    for (const file of files) await append(file, trace, { rejects });
    expect(readFileSync(rejects, 'utf8')).toMatch(/^# .*day-2\.log:5: .*\nnonsense 2\n$/);
    const [ofTrace, ofLogs] = [await bill(trace), await bill(files, { onBadRow: 'skip' })];
    expect(numbers(ofTrace)).toEqual(numbers(ofLogs));
    expect(ofTrace.workload).toMatchObject({
      rows: 10,
      events: 4,
      rejectedRows: 2,
      duplicateRows: 2,
      otherRows: [{ kind: 'S3.EXPIRE.OBJECT', rows: 2 }],
      rowBytes: ofLogs.workload.rowBytes,
      buckets: ['amzn-s3-demo-bucket'],
    });
  });

  test('leave out an object without a size, as the logs themselves do', async () => {
    const log = write(
      'unsized.log',
      `${[logLine({ key: 'a' }), logLine({ key: 'b', sent: '-', size: '-', requestId: 'B' })].join('\n')}\n`,
    );
    const trace = path('unsized.parquet');
    await ingest(log, trace);
    for (const file of [log, trace]) {
      const options = { ...RUN_OPTIONS, inputs: [file], baseline: 'standard' };
      const { rejected } = await compareFiles([namedPolicy('standard')], regionPrices('us-east-1'), options);
      expect(rejected.map(({ message }) => message)).toEqual(["the size of this object is never given (key 'b')"]);
    }
    // A CSV's must not be lost.
    const csv = write('unsized.csv', `${HEADER}\n2025-01-01T00:00:00Z,GET,b,\n`);
    await append(csv, trace);
    expect(await refusal(runFiles(trace))).toContain('the size of this object is never given');
  });

  test('of several buckets are kept, and picked when they are asked for', async () => {
    const line = (bucket: string, second: number): string =>
      logLine({ bucket, operation: 'REST.PUT.OBJECT', time: logTime(second), requestId: `${bucket}${second}` });
    const log = write('buckets.log', `${[line('one', 1), line('two', 2), line('one', 3)].join('\n')}\n`);
    const [trace, one] = [path('buckets.parquet'), path('bucket.parquet')];
    await ingest(log, trace);
    const { facts } = await ingest(log, one, { buckets: ['one'] });
    expect([facts.rows, facts.counts.otherRows]).toEqual([2, [{ kind: 'of another bucket', rows: 1 }]]);
    const picked = await bill(log, { buckets: ['one'] });
    expect(numbers(await bill(one))).toEqual(numbers(picked));
    expect(numbers(await bill(trace, { buckets: ['one'] }))).toEqual(numbers(picked));
  });
});

describe('CloudTrail', () => {
  test('is what it is at once, whatever its records hold', { timeout: 300_000 }, async () => {
    for (let seed = 0; seed < 6; seed++) {
      const text = documentOf([record(), ...fc.sample(records, { numRuns: 600, seed })], seed);
      const log = write('fuzz.json', text);
      const trace = path('fuzz-trail.parquet');
      await ingest(log, trace);
      const told = await bill(log, { onBadRow: 'skip' });
      expect([seed, numbers(await bill(trace, { onBadRow: 'skip' }))]).toEqual([seed, numbers(told)]);
    }
  });

  test('is not added to access logs, which record the same requests', async () => {
    const [lines, trail] = [write('two.log', `${logLine()}\n`), write('two.json', documentOf([record()], 0))];
    const [ofLines, ofTrail] = [path('two-log.parquet'), path('two-trail.parquet')];
    await ingest(lines, ofLines);
    await ingest(trail, ofTrail);
    const twice = /record the same requests, which would count twice/;
    expect(await refusal(append(trail, ofLines))).toMatch(twice);
    expect(await refusal(bill([ofTrail, lines]))).toMatch(twice);
    expect(await refusal(bill([ofLines, ofTrail]))).toMatch(twice);
  });
});

describe('other formats', () => {
  test('totals are about the days they name', async () => {
    const totals = write('totals.yaml', readFileSync('samples/totals.yaml', 'utf8'));
    const trace = path('totals.parquet');
    const { facts } = await ingest(totals, trace);
    const { comparison } = await runFiles(totals);
    const seconds = (text: string): number => Date.parse(text) / 1000;
    const { from, until } = comparison.workload;
    expect(facts.horizon).toEqual({ from: seconds(from), until: seconds(until) });
    expect(numbers(await bill(trace))).toEqual(numbers(await bill(totals)));
  });

  test('daily aggregates', async () => {
    const days = write(
      'days.csv',
      'day,operation,key,count,bytes,size\n2025-01-01,PUT,a,3,,100\n2025-01-09,GET,a,7,100,100\n2025-01-09,LIST,,2,,\n',
    );
    await ingest(days, path('days.parquet'));
    expect(numbers(await bill(path('days.parquet')))).toEqual(numbers(await bill(days)));
  });

  test('an inventory goes beside a trace, not into it', async () => {
    const { manifest } = writeInventory(path('.'), {
      columns: 'Bucket, Key, Size, LastModifiedDate',
      files: [['a|1000000|2025-01-01T00:00:00.000Z', 'b|5|2025-02-01T00:00:00.000Z']],
    });
    expect(await refusal(ingest(manifest, path('inventory.parquet')))).toMatch(
      /manifest\.json: an inventory holds no requests to ingest; name it beside the trace/,
    );
    const log = write('after.csv', `${HEADER}\n2025-03-11T00:00:00Z,GET,b,\n2025-03-12T00:00:00Z,DELETE,a,\n`);
    const trace = path('after.parquet');
    await ingest(log, trace);
    const inventories = [manifest];
    expect(numbers(await bill(trace, { inventories }))).toEqual(numbers(await bill(log, { inventories })));
  });
});

describe('added rows', () => {
  const log = (name: string, rows: number, from: number): string => {
    const lines = Array.from({ length: rows }, (_, i) => {
      const at = new Date(Date.UTC(2025, 0, 1) + (from + i) * 60_000).toISOString();
      return `${at},PUT,k${(from + i) % 37},${i + 1}`;
    });
    return write(name, `${HEADER}\n${lines.join('\n')}\n`);
  };

  test('are a run of their own, sorted with runs that are not larger only', async () => {
    const trace = path('runs.parquet');
    const runs: (readonly number[])[] = [];
    for (const [at, rows] of [400, 100, 50, 50, 10, 300].entries()) {
      runs.push((await append(log(`runs-${at}.csv`, rows, at * 1000), trace)).facts.runs);
    }
    // 50 + 50 make 100, which is not less than the 100 before it; 300 + 10 + 200 make 510, which is more than 400.
    expect(runs).toEqual([[400], [400, 100], [400, 100, 50], [400, 200], [400, 200, 10], [910]]);
  });

  test('are merged as they are read, where an object has many rows in both and more than a batch takes', {
    timeout: 60_000,
  }, async () => {
    const at = (i: number): string => new Date(Date.UTC(2025, 0, 1) + i * 10_000).toISOString();
    const line = (i: number): string =>
      `${at(i)},${i === 0 ? 'PUT' : 'GET'},${i % 3 === 0 ? 'hot' : `k${i % 5000}`},${i % 1000}`;
    const lines = Array.from({ length: 240_000 }, (_, i) => line(i));
    // Late records: the second log has every fourth row of the same time, and what comes after.
    const isLate = (i: number): boolean => i % 4 === 0 || i > 200_000;
    const files = [false, true].map((late) =>
      write(`late-${late}.csv`, `${[HEADER, ...lines.filter((_, i) => isLate(i) === late)].join('\n')}\n`),
    );
    const trace = path('late.parquet');
    for (const file of files) await append(file, trace);
    expect(numbers(await bill(trace))).toEqual(numbers(await bill(files)));
  });

  test('bring columns of their own', async () => {
    const trace = path('columns.parquet');
    const plain = log('plain.csv', 40, 0);
    const rich = write(
      'rich.csv',
      'timestamp,operation,key,size,bucket,tags,storage_class\n2025-03-01T00:00:00Z,PUT,k1,5,,a=b,GLACIER\n2025-03-01T00:00:00Z,PUT,k1,5,other,,\n',
    );
    await ingest(plain, trace);
    const { facts } = await append(rich, trace);
    expect([facts.objects, facts.hasTags, facts.runs]).toEqual([38, true, [40, 2]]);
    expect(numbers(await bill(trace))).toEqual(numbers(await bill([plain, rich])));
    const back = path('columns-2.parquet');
    await ingest(rich, back);
    await append(plain, back);
    expect(numbers(await bill(back))).toEqual(numbers(await bill([plain, rich])));
  });

  test('leave what is there alone when they cannot be read', async () => {
    const trace = path('kept.parquet');
    await ingest(log('kept.csv', 5, 0), trace);
    const before = readFileSync(trace);
    const bad = write('bad.csv', `${GOOD}yesterday,GET,a,\n`);
    expect(await refusal(append(bad, trace))).toMatch(/^bad\.csv:4: timestamp 'yesterday'/);
    expect(readFileSync(trace)).toEqual(before);
  });

  test('are refused when what is there is damaged', async () => {
    const trace = path('damaged.parquet');
    await ingest(log('damaged.csv', 500, 0), trace);
    const bytes = readFileSync(trace);
    writeFileSync(trace, bytes.fill(0xff, 8, 400));
    expect(await refusal(append(log('damaged-2.csv', 5, 900), trace))).toMatch(
      /^damaged\.parquet: the Parquet file is cut off or damaged/,
    );
    expect(readFileSync(trace)).toEqual(bytes);
  });

  test('are refused when somebody else has added to the trace meanwhile', async () => {
    const [trace, other] = [path('shared.parquet'), path('other.parquet')];
    const meanwhile = (): Partial<IngestOptions> => ({
      onProgress: ({ step }) => step === 'writing' && copyFileSync(other, trace),
    });
    await ingest(log('other.csv', 9, 0), other);
    const message = 'shared.parquet: another program has written the trace meanwhile; nothing is added: do it again';
    // One that is not there yet, and one that is.
    for (const rows of [5, 6]) {
      expect(await refusal(append(log('shared.csv', rows, 100), trace, meanwhile()))).toBe(message);
      expect(readFileSync(trace)).toEqual(readFileSync(other));
    }
    expect((await append(log('shared.csv', 6, 100), trace)).facts.rows).toBe(9 + 6);
  });

  test('are added to a trace only', async () => {
    const plain = write('plain.csv', GOOD);
    expect(await refusal(append(plain, write('not-a-trace.parquet', GOOD)))).toMatch(
      /this is no trace that tiercast ingest wrote/,
    );
  });
});

test('rows that cannot be read are left out, kept and told, by every run of the trace too', async () => {
  const log = write(
    'bad-rows.csv',
    `${GOOD}yesterday,GET,a,\n2025-01-21T00:00:00Z,GET,a,\n2025-01-22T00:00:00Z,GTE,a,\n`,
  );
  const [trace, rejects] = [path('bad-rows.parquet'), path('rejects.csv')];
  const { facts, rejected } = await ingest(log, trace, { onBadRow: 'skip', rejects });
  expect([facts.rows, facts.rejectedRows, rejected.map(({ where }) => where?.line)]).toEqual([3, 2, [4, 6]]);
  expect(readFileSync(rejects, 'utf8').match(/^(yesterday|2025-01-22).*$/gm)).toHaveLength(2);
  expect((await bill(trace)).workload.rejectedRows).toBe(2);
  expect(numbers(await bill(trace))).toEqual(numbers(await bill(log, { onBadRow: 'skip' })));
});

test('what decides who pays is kept where rows were read one by one, too', async () => {
  const rows = [
    '2025-01-01T00:00:00Z,PUT,a,1000,200,,',
    '2025-01-02T00:00:00Z,GET,a,,403,AccessDenied,-',
    '2025-01-02T00:00:00Z,GET,a,,403,AccessDenied,arn:aws:iam::111122223333:user/a',
    '2025-01-02T00:00:00Z,GET,a,,403,InvalidAccessKeyId,arn:aws:iam::111122223333:user/a',
    '2025-01-02T00:00:00Z,GET,a,,200,,arn:aws:iam::999900001111:root',
    '2025-01-02T00:00:00Z,GET,a,,503,SlowDown,',
  ];
  const text = `timestamp,operation,key,size,status,error_code,requester\n${rows.join('\n')}\n`;
  const log = write('payers.csv', text);
  await ingest(log, path('payers.parquet'));
  await ingest(write('payers-bad.csv', `${text}yesterday,GET,a,,,,\n`), path('payers-careful.parquet'), {
    onBadRow: 'skip',
  });
  const gets = async (file: string, charges: CompareFilesOptions['charges']): Promise<string | undefined> => {
    const { results } = await bill(file, { ...(charges && { charges }) });
    const items = results.find(({ policy }) => policy === 'as-is')!.lineItems;
    return items.find(({ operation }) => operation === 'GetObject')?.usageQuantity;
  };
  // Anybody pays for the 403 of an account of its own and for the 200; nobody for the errors AWS does not bill.
  for (const file of [log, path('payers.parquet'), path('payers-careful.parquet')]) {
    expect(await gets(file, undefined)).toBe('2');
    expect(await gets(file, { account: '111122223333', requesterPays: false })).toBe('2');
    expect(await gets(file, { account: '111122223333', requesterPays: true })).toBe('1');
    expect(await gets(file, { account: '999900001111', requesterPays: false })).toBe('1');
  }
});

test('traces and logs can be read together, or ingested again', async () => {
  const [one, two] = [write('one.csv', GOOD), write('two.csv', GOOD.replaceAll('2025-01', '2025-02'))];
  const trace = path('one.parquet');
  await ingest(one, trace);
  expect(numbers(await bill([trace, two]))).toEqual(numbers(await bill([one, two])));
  await ingest([trace, two], path('both.parquet'));
  expect(numbers(await bill(path('both.parquet')))).toEqual(numbers(await bill([one, two])));
});

describe('a trace another program has changed', () => {
  async function changed(order: string, metadata = (text: string): string => text, columns = '*'): Promise<string> {
    const [trace, copy] = [path('whole.parquet'), path('changed.parquet')];
    const lines = Array.from({ length: 50 }, (_, i) => `2025-01-${10 + (i % 10)}T00:00:00Z,PUT,k${i % 5},${i}`);
    await ingest(write('whole.csv', `${HEADER}\n${lines.join('\n')}\n`), trace);
    await withEngine({ temporaryFolder: tmpdir() }, async (connection) => {
      const found = await connection.runAndReadAll(
        `SELECT decode(value) FROM parquet_kv_metadata(${pathLiteral(trace)}) WHERE decode(key) = 'tiercast.trace'`,
      );
      const text = metadata(String(found.getRows()[0]![0])).replaceAll("'", "''");
      await connection.run(
        `COPY (SELECT ${columns} FROM read_parquet(${pathLiteral(trace)}) ORDER BY ${order}) TO ${pathLiteral(copy)} (FORMAT parquet, KV_METADATA {'tiercast.trace': '${text}'})`,
      );
    });
    return copy;
  }

  test.each([
    ['the order of objects', 'object DESC, timestamp', 'the objects are not in order'],
    ['the order of time', 'object, timestamp DESC', 'the requests of an object are not in order'],
  ])('is refused when it is %s', async (_, order, message) => {
    expect(await refusal(bill(await changed(order)))).toBe(
      `changed.parquet: ${message}; another program has changed the trace: ingest the logs again`,
    );
  });

  test('is read as a table when its metadata is gone', async () => {
    const trace = await changed('timestamp DESC', () => '');
    expect(await refusal(bill(trace))).toContain("the metadata 'tiercast.trace' is not valid JSON");
    await withEngine({ temporaryFolder: tmpdir() }, async (connection) => {
      await connection.run(
        `COPY (FROM read_parquet(${pathLiteral(trace)})) TO ${pathLiteral(path('table.parquet'))} (FORMAT parquet)`,
      );
    });
    expect(numbers(await bill(path('table.parquet')))).toEqual(numbers(await bill(path('whole.csv'))));
  });

  test('is refused when its metadata is no text', async () => {
    const table = path('bytes.parquet');
    await sql(
      `COPY (SELECT 1 AS object, 0 AS run, 1735689600 AS timestamp, 'PUT' AS operation, 'k' AS key, 5 AS size)
        TO ${pathLiteral(table)} (FORMAT parquet, KV_METADATA {'tiercast.trace': '\\xFF'::BLOB})`,
    );
    expect(await refusal(bill(table))).toContain("bytes.parquet: the metadata 'tiercast.trace' is not valid JSON");
  });

  test('is refused when it is of a later schema', async () => {
    const trace = await changed('object', (text) => text.replace('tiercast.trace/1', 'tiercast.trace/2'));
    expect(await refusal(bill(trace))).toBe(
      "changed.parquet: the trace is of schema 'tiercast.trace/2', not 'tiercast.trace/1'; ingest the logs again",
    );
  });

  test.each([
    ['runs', (text: string) => text.replace('"runs":[50]', '"runs":"50"')],
    ['counts', (text: string) => text.replace('"otherRows":[]', '"otherRows":[null]')],
    ['texts', (text: string) => text.replace('"title":"CSV"', '"title":1')],
  ])('is refused when its %s are not those of a trace', async (_, change) => {
    expect(await refusal(bill(await changed('object', change)))).toBe(
      "changed.parquet: the metadata 'tiercast.trace' is not as tiercast ingest writes it",
    );
  });

  test.each([
    ['no run', '"runs":[50]', '"runs":[]'],
    ['fewer rows', '"rows":50', '"rows":-50'],
    ['a year that no calendar has', '"last":"2025', '"last":"+275759'],
    ['a span that is none', '"first":"2025', '"first":"2026'],
    ['values that are no text', '"schema":"tiercast.trace/1"', '"schema":{"toString":1}'],
    ['times that are no text', '"first":"2025-01-10T00:00:00.000Z"', '"first":{"toString":1}'],
    ['days that never end', '"runs":[50]', '"horizon":{"from":0,"until":9007199254740991},"runs":[50]'],
    ['parts of days', '"runs":[50]', '"horizon":{"from":0,"until":86401},"runs":[50]'],
    ['bytes that are none', '"rowBytes":"0"', '"rowBytes":"1e3"'],
  ])('is refused when its metadata has %s', async (_, from, to) => {
    expect(await refusal(bill(await changed('object', (text) => text.replace(from, to))))).toMatch(
      /^changed.parquet: (the metadata 'tiercast.trace' is not as tiercast ingest writes it|the trace is of schema '{"toString":1}')/,
    );
  });

  test.each([
    ['"runs":[50]', '"runs":[20,30]', 'the trace has 50 rows, its metadata says 20 + 30 rows'],
    ['"rows":50', '"rows":49', 'the trace has 50 rows, its metadata says 49 rows'],
    [
      '"last":"2025-01-19',
      '"last":"2025-01-18',
      'there are requests before 2025-01-10T00:00:00.000Z or after 2025-01-18T00:00:00.000Z, which its metadata does not say',
    ],
  ])('is refused when there is more in it than it says: %s is %s', async (from, to, message) => {
    const fewer = (text: string): string => (to.includes('49') ? text.replace('[50]', '[49]') : text);
    expect(await refusal(bill(await changed('object', (text) => fewer(text).replace(from, to))))).toBe(
      `changed.parquet: ${message}; another program has changed the trace: ingest the logs again`,
    );
  });

  test('is refused when it is damaged', async () => {
    const trace = await changed('object');
    const bytes = readFileSync(trace);
    bytes.fill(0xff, 8, 400);
    writeFileSync(trace, bytes);
    const message = 'changed.parquet: the Parquet file is cut off or damaged';
    expect(await refusal(bill(trace))).toContain(message);
    expect(await refusal(bill(trace, { groupBy: { kind: 'prefix', depth: 1 } }))).toContain(message);
    expect(await refusal(profileFiles({ inputs: [trace], renames: {} }))).toContain(message);
  });

  test('is refused when rows are missing, or objects are told by something else', async () => {
    const refused = async (trace: string): Promise<string> => (await refusal(bill(trace))).split(';')[0]!;
    expect(await refused(await changed('object LIMIT 40'))).toBe(
      'changed.parquet: the trace has 40 rows, its metadata says 50 rows',
    );
    expect(await refused(await changed('object', undefined, '* REPLACE (CAST(object AS VARCHAR) AS object)'))).toBe(
      "changed.parquet: column 'object' is VARCHAR, not UINTEGER",
    );
  });
});
