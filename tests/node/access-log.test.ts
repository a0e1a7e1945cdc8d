/** Server access logs as a run takes them: every line counted, and the bulk path to the same end as the careful reader. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Comparison } from '../../src/model/comparison.ts';
import { regionPrices } from '../../src/node/price-files.ts';
import { namedPolicy } from '../../src/policies/index.ts';
import { rowNotices } from '../../src/reports/row-notices.ts';
import { compare } from '../../src/simulate.ts';
import { readTrace } from '../../src/sources/read-trace.ts';
import { FUZZ_TIMEOUT, fuzzLines } from '../fuzz.ts';
import { type LogFields, logFields, logLine, logTime, tampered } from '../sources/access-log-lines.ts';
import { refusal, runFiles, testFolder } from './run-files.ts';

const folder = testFolder();
const prices = regionPrices('us-east-1');
const policies = [namedPolicy('standard'), namedPolicy('glacier-ir'), namedPolicy('as-is')];
const LINES = fuzzLines(20_000);

const START = Array.from({ length: 10 }, (_, i) => `${logLine({ time: logTime(i) })}\n`).join('');

/** A comparison but for the names of its inputs. */
function withoutInputs({ workload, ...rest }: Comparison): unknown {
  const rejections = workload.rejections.filter(({ reason }) => !reason.includes('never given'));
  return { ...rest, workload: { ...workload, inputs: [], formats: [], rowBytes: '', rejections } };
}

function lines(...changes: readonly Partial<LogFields>[]): string {
  return changes.map((changed) => `${logLine(changed)}\n`).join('');
}

const put = (key: string, day: number, more: Partial<LogFields> = {}): Partial<LogFields> => ({
  operation: 'REST.PUT.OBJECT',
  key,
  time: logTime(day * 86_400),
  sent: '-',
  size: '1000000',
  requestId: `PUT${key}${day}`,
  ...more,
});

test('bulk and in memory, whatever the lines hold', { timeout: FUZZ_TIMEOUT }, async () => {
  const line = fc.oneof(
    { weight: 6, arbitrary: logFields.map(logLine) },
    { weight: 2, arbitrary: tampered(logFields.map(logLine)) },
    fc.constantFrom('', '\u0001', '\u0002', 'x\u0001y', 'nonsense', '\ufeff'),
  );
  const ends = fc.constantFrom('\n', '\n', '\n', '\r\n', '\r', '\n\n', '\n\u00ff\n');
  const piece = fc.tuple(line, ends, fc.constantFrom(...'      \u00ff\u00fe'));
  for (let seed = 0, rows = 0; rows < LINES; seed++) {
    const pieces = fc.sample(piece, { numRuns: 1000, seed });
    const text = pieces
      .map(
        ([text, end, byte]) => Buffer.from(text).toString('latin1').replace('Mozilla', `Mozilla${byte.trim()}`) + end,
      )
      .join('');
    // A text may hold zero bytes, but does not begin with them.
    const bytes = Buffer.from(START + text, 'latin1');
    const path = folder.write('fuzz.log', seed % 2 === 0 ? bytes : gzipSync(bytes));
    const expected = compare(readTrace(bytes, { format: 's3-access-log', file: path }), policies, prices);
    const { comparison } = await runFiles(
      path,
      { format: 's3-access-log', onBadRow: 'skip', threads: 1 + (seed % 2) },
      policies,
    );
    const { workload } = comparison;
    const count = bytes
      .toString('latin1')
      .replace(/^\u00ef\u00bb\u00bf/, '')
      .split(/[\r\n]+/)
      .filter((one) => one !== '');
    expect([seed, workload.rows]).toEqual([seed, count.length]);
    const others = workload.otherRows.reduce((sum, { rows }) => sum + rows, 0);
    expect(workload.events + workload.rejectedRows + workload.duplicateRows + others).toBe(workload.rows);
    expect(workload.rejections.reduce((sum, { rows }) => sum + rows, 0)).toBe(workload.rejectedRows);
    expect([seed, withoutInputs(comparison)]).toEqual([seed, withoutInputs(expected)]);
    rows += count.length;
  }
});

/** Quantities of one policy's bill by usage type and operation. */
async function used(
  content: string | Uint8Array,
  ...more: Parameters<typeof runFiles>[1][]
): Promise<Record<string, string>> {
  const { comparison } = await runFiles(folder.write('a.log', content), more[0]);
  return Object.fromEntries(
    comparison.results[0]!.lineItems.map(({ usageType, operation, usageQuantity }) => [
      `${usageType} ${operation}`,
      usageQuantity,
    ]),
  );
}

async function workloadOf(
  content: string | Uint8Array,
  ...more: Parameters<typeof runFiles>[1][]
): Promise<Comparison['workload']> {
  const { comparison } = await runFiles(folder.write('a.log', content), { onBadRow: 'skip', ...more[0] });
  return comparison.workload;
}

describe('what records mean', () => {
  test('two copies of one thing, in two records and delivered twice', async () => {
    // The copy of 2,000,000 bytes does not give its size; its source does, under the same request id.
    const text = lines(
      put('a', 1, { size: '2000000' }),
      {
        operation: 'REST.COPY.OBJECT_GET',
        key: 'a',
        uri: '-',
        referrer: '-',
        agent: '-',
        time: logTime(2 * 86_400),
        requestId: 'C1',
        sent: '-',
        size: '2000000',
        more: '',
      },
      { operation: 'REST.COPY.OBJECT', key: 'b', time: logTime(2 * 86_400), requestId: 'C1', sent: '234', size: '-' },
      { operation: 'REST.COPY.OBJECT', key: 'b', time: logTime(2 * 86_400), requestId: 'C1', sent: '234', size: '-' },
      {
        operation: 'REST.COPY.OBJECT',
        key: 'b',
        time: logTime(2 * 86_400),
        requestId: 'C2',
        sent: '234',
        size: '2000000',
      },
    );
    const workload = await workloadOf(text);
    expect(workload).toMatchObject({ rows: 5, events: 4, duplicateRows: 1, rejectedRows: 0, objects: 2 });
    expect(workload.bytes).toBe('6000000');
    // Two days of a, one of b: 2,000,000 × 3 × 86,400 byte-seconds.
    expect(await used(text)).toMatchObject({
      'TimedStorage-ByteHrs StandardStorage': '518400000000',
      'Requests-Tier1 PutObject': '1',
      'Requests-Tier1 CopyObject': '2',
      'Requests-Tier2 GetObject': '1',
    });
  });

  test('copies and bad lines beyond what is kept in mind at once, among others, with zero bytes in them', async () => {
    const copies = 6000;
    const bare = { uri: '-', referrer: '-', agent: '-' };
    const text = Array.from({ length: copies }, (_, i) => {
      // Ids that differ behind a zero byte.
      const copy = {
        time: logTime(2 * 86_400 + i),
        requestId: `C\0${i}`,
        bucket: i % 3 === 0 ? `other-${i % 2}` : 'b',
      };
      return [
        put(`a${i}`, 1, { bucket: copy.bucket, size: String(1000 + i) }),
        {
          ...copy,
          ...bare,
          operation: 'REST.COPY.OBJECT_GET',
          key: `a${i}`,
          sent: '-',
          size: String(1000 + i),
          more: '',
        },
        {
          ...copy,
          operation: 'REST.PUT.PART',
          key: `p${i}`,
          requestId: `P${i}`,
          sent: '-',
          size: i % 5 === 0 ? '-' : '7',
        },
        { ...copy, operation: 'REST.COPY.OBJECT', key: `b${i}`, sent: '234', size: '-' },
      ];
    }).flatMap((records, i) => [
      lines(...records),
      `${i % 2 === 0 ? '' : '\ufeff\ufeff'}bad \0 ${i}\n`,
      lines({ operation: 'REST.DELETE.WEBSITE', key: '-' }),
    ]);
    const bytes = Buffer.from(START + text.join(''));
    const path = folder.write('copies.log', bytes);
    const expected = compare(readTrace(bytes, { format: 's3-access-log', file: path }), policies, prices);
    const { comparison } = await runFiles(path, { onBadRow: 'skip' }, policies);
    expect(withoutInputs(comparison)).toEqual(withoutInputs(expected));
    const { workload } = comparison;
    expect(workload).toMatchObject({ rows: 10 + 6 * copies, rejectedRows: copies, unknownCopies: copies / 5 });
    expect(workload.otherRows).toEqual([{ kind: 'REST.DELETE.WEBSITE', rows: copies }]);
    expect(workload.buckets).toEqual(['amzn-s3-demo-bucket', 'b', 'other-0', 'other-1']);
    // What was copied, twice: 6000 × 1000 + (0 + 1 + … + 5999), and the ten reads of START.
    expect(workload.bytes).toBe(String(2 * (6_000_000 + (5999 * 6000) / 2) + 1000));
  });

  test('copied parts have the bytes that their part has, or none that anyone knows', async () => {
    const part = { time: logTime(86_400), uri: '-', referrer: '-', agent: '-', sent: '-' };
    const text = lines(
      put('a', 0, { size: '100' }),
      { ...part, operation: 'REST.COPY.PART_GET', key: 'a', requestId: 'P1', size: '100' },
      { ...part, operation: 'REST.COPY.PART', key: 'b', requestId: 'P1', size: '40' },
      { ...part, operation: 'REST.COPY.PART_GET', key: 'a', requestId: 'P2', size: '100' },
      { ...part, operation: 'REST.POST.UPLOAD', key: 'b', requestId: 'U1', size: '-', time: logTime(86_401) },
    );
    expect((await workloadOf(text)).unknownCopies).toBe(1);
    const { comparison } = await runFiles(folder.write('a.log', text), {}, [namedPolicy('standard-ia')]);
    const retrieved = comparison.results[0]!.lineItems.find(({ usageType }) => usageType === 'Retrieval-SIA');
    expect(retrieved!.usageQuantity).toBe('40');
    // The completed upload is as large as its part.
    expect(comparison.workload.bytes).toBe('140');
  });

  test('a record of a copy that cannot be read is a bad row, and no read without bytes', async () => {
    const source = { operation: 'REST.COPY.OBJECT_GET', key: 'a', sent: '-', size: '-', requestId: 'C1' };
    const workload = await workloadOf(lines(put('a', 1), { ...source, time: '[06/Feb/2200:10:00:00 +0000]' }));
    expect(workload).toMatchObject({ rows: 2, events: 1, rejectedRows: 1, unknownCopies: 0 });
  });

  test('an upload in parts is as large as they are, where its completion does not say', async () => {
    const text = lines(
      { operation: 'REST.POST.UPLOADS', key: 'big', time: logTime(0), sent: '300', size: '-', requestId: 'A' },
      { operation: 'REST.PUT.PART', key: 'big', time: logTime(1), sent: '-', size: '8388608', requestId: 'B' },
      { operation: 'REST.PUT.PART', key: 'big', time: logTime(2), sent: '-', size: '1000', requestId: 'C' },
      { operation: 'REST.POST.UPLOAD', key: 'big', time: logTime(3), sent: '300', size: '-', requestId: 'D' },
    );
    expect((await workloadOf(text)).bytes).toBe('8389608');
  });

  test('keys are encoded twice, once in BATCH.DELETE.OBJECT and in records of S3 itself', async () => {
    // The key is `a b%c+d`: encoded once a+b%25c%2Bd, twice a%2Bb%2525c%252Bd.
    const text = lines(
      put('a%2Bb%2525c%252Bd', 0),
      {
        operation: 'BATCH.DELETE.OBJECT',
        key: 'a+b%25c%2Bd',
        uri: '-',
        status: '204',
        sent: '-',
        size: '1000000',
        total: '-',
        turnAround: '-',
        referrer: '-',
        agent: '-',
        time: logTime(86_400),
        requestId: 'B',
      },
      {
        operation: 'S3.EXPIRE.OBJECT',
        key: 'a+b%25c%2Bd',
        requester: 'AmazonS3',
        uri: '"-"',
        status: '-',
        sent: '-',
        total: '-',
        turnAround: '-',
        time: logTime(90_000),
        requestId: 'E',
      },
    );
    const workload = await workloadOf(text);
    expect(workload).toMatchObject({ events: 2, objects: 1, deletesOfUnknownKeys: 0, rejectedRows: 0 });
    expect(workload.otherRows).toEqual([{ kind: 'S3.EXPIRE.OBJECT', rows: 1 }]);
    const other = { ...workload, otherRows: [{ kind: 'REST.DELETE.CORS', rows: 1 }] };
    expect(rowNotices(other)).toContain('1 row is no request that is replayed: 1 REST.DELETE.CORS');
    // Deleted after a day: 1,000,000 × 86,400 byte-seconds, and nothing later though the trace goes on.
    expect(await used(text)).toMatchObject({ 'TimedStorage-ByteHrs StandardStorage': '86400000000' });
  });

  test('what S3 does by the bucket’s rules is replayed by no policy but as-is', async () => {
    const own = (operation: string, hours: number): Partial<LogFields> => ({
      operation,
      key: 'a',
      requester: 'AmazonS3',
      uri: '"-"',
      status: '-',
      sent: '-',
      total: '-',
      turnAround: '-',
      time: logTime(hours * 3600),
      requestId: operation,
    });
    const kinds = [
      'S3.TRANSITION_SIA.OBJECT',
      'S3.TRANSITION_GDA.OBJECT',
      'S3.CREATE.DELETEMARKER',
      'S3.EXPIRE.OBJECT',
      'S3.DELETE.UPLOAD',
      'S3.COMPUTE.OBJECT.CHECKSUM',
    ];
    const text = lines(put('a', 0), { key: 'a', time: logTime(5 * 86_400), requestId: 'G' });
    const more = lines(...kinds.map((kind, at) => own(kind, at + 1)));
    expect(await used(text + more)).toEqual(await used(text));
    const { events, otherRows, rows } = await workloadOf(text + more);
    expect([rows, events]).toEqual([8, 2]);
    expect(otherRows.map(({ kind }) => kind).sort()).toEqual([...kinds].sort());
  });

  test('a removal of several versions in one request is several removals', async () => {
    const batch = (version: string): Partial<LogFields> => ({
      operation: 'BATCH.DELETE.OBJECT',
      key: 'a',
      uri: '-',
      status: '204',
      sent: '-',
      total: '-',
      turnAround: '-',
      referrer: '-',
      agent: '-',
      requestId: 'B',
      version,
      time: logTime(86_400),
    });
    const versions = ['1'.repeat(32), '2'.repeat(32)];
    const { events, duplicateRows } = await workloadOf(lines(...versions.map(batch), batch(versions[0]!)));
    expect([events, duplicateRows]).toEqual([2, 1]);
  });

  test('bytes are those sent, and none where `-` stands; errors are told apart', async () => {
    const text = lines(
      put('a', 0),
      { key: 'a', time: logTime(100), requestId: '1', status: '206', sent: '300' },
      { key: 'a', time: logTime(101), requestId: '2', status: '200', sent: '-', size: '1000000' },
      { key: 'a', time: logTime(102), requestId: '3', status: '304', sent: '-', size: '1000000' },
      { key: 'a', time: logTime(103), requestId: '4', status: '404', error: 'NoSuchKey', sent: '272', size: '-' },
      {
        key: 'a',
        time: logTime(104),
        requestId: '5',
        status: '403',
        error: 'SignatureDoesNotMatch',
        sent: '272',
        size: '-',
      },
      { key: 'a', time: logTime(105), requestId: '6', status: '503', error: 'SlowDown', sent: '272', size: '-' },
    );
    const { comparison } = await runFiles(folder.write('a.log', text), {}, [namedPolicy('standard-ia')]);
    const items = Object.fromEntries(
      comparison.results[0]!.lineItems.map((item) => [`${item.usageType} ${item.operation}`, item.usageQuantity]),
    );
    expect(items['Retrieval-SIA GetObject']).toBe('300');
    // 206, 200, 304 and NoSuchKey are billed; a wrong signature and 5xx are not.
    expect(Number(items['Requests-SIA-Tier2 GetObject'] ?? 0) + Number(items['Requests-Tier2 GetObject'] ?? 0)).toBe(4);
  });
});

describe('files of logs', () => {
  test('hundreds of requests for one object within a second, each recorded twice, are each counted once', async () => {
    const requests = Array.from({ length: 300 }, (_, i) => ({ key: 'hot', time: logTime(60), requestId: `H${i}` }));
    const again = requests.toSorted((a, b) => (a.requestId < b.requestId ? -1 : 1));
    const { events, duplicateRows } = await workloadOf(
      lines(put('hot', 0), ...requests, ...again, ...requests.slice(7, 9)),
    );
    expect([events, duplicateRows]).toEqual([301, 302]);
  });

  const text = lines(...Array.from({ length: 300 }, (_, i) => put(`k${i % 40}`, i % 20, { requestId: `R${i}` })));

  test('in any order, in pieces, packed, in folders of both layouts', async () => {
    const expected = await used(text);
    const all = text.trimEnd().split('\n');
    expect(await used(`${all.toReversed().join('\n')}\n`)).toEqual(expected);
    expect(await used(all.join('\r\n'))).toEqual(expected);
    expect(await used(gzipSync(text))).toEqual(expected);
    mkdirSync(folder.path('logs/123456789012/us-east-1/b/2025/01/02'), { recursive: true });
    const third = (from: number): string => all.slice(from * 100, from * 100 + 100).join('\n');
    folder.write('logs/2025-01-01-05-06-35-0123456789ABCDEF', `${third(0)}\n`);
    folder.write('logs/2025-01-02-00-00-00-0123456789ABCDEF', third(1));
    folder.write(
      'logs/123456789012/us-east-1/b/2025/01/02/2025-01-02-00-00-00-AB',
      gzipSync(`${third(2)}\n${third(0)}\n`),
    );
    const { comparison } = await runFiles(folder.path('logs'));
    expect(comparison.workload.formats).toEqual([{ name: 's3-access-log', title: 'S3 server access log', files: 3 }]);
    expect(comparison.workload).toMatchObject({ rows: 400, events: 300, duplicateRows: 100 });
    expect(
      Object.fromEntries(
        comparison.results[0]!.lineItems.map((item) => [`${item.usageType} ${item.operation}`, item.usageQuantity]),
      ),
    ).toEqual(expected);
  });

  test('cut in the middle: the last line is left out, a gzip is refused', async () => {
    const cut = text.slice(0, text.lastIndexOf('HTTP/1.1'));
    const workload = await workloadOf(cut);
    expect(workload).toMatchObject({ rows: 300, events: 299, rejectedRows: 1 });
    expect(workload.rejections[0]!.example).toMatch(
      /a\.log:300: there is no status with its sizes after the request: /,
    );
    expect(await refusal(runFiles(folder.write('a.log.gz', gzipSync(text).subarray(0, 900))))).toMatch(
      /cut off or damaged/,
    );
  });

  test('bad lines are left out by default, named by file and line when they must not be there', async () => {
    const odd = lines({ operation: 'REST.BREW.COFFEE' }, { key: '%25FF' });
    const path = folder.write('bad.log', `${text}nonsense\n${odd}`);
    const rejects = folder.path('rejects.txt');
    const { comparison, rejected } = await runFiles(path, { onBadRow: 'skip', rejects });
    expect(comparison.workload.rejections.map(({ reason, rows }) => [reason, rows])).toEqual([
      ['this is no record of an S3 server access log: …', 1],
      ['operation … is unknown', 1],
      ['the key … is no UTF-8 text when it is decoded', 1],
    ]);
    const bytes = Buffer.byteLength(`nonsense${odd}`) - 2;
    expect(comparison.workload.rejections.reduce((sum, one) => sum + Number(one.bytes), 0)).toBe(bytes);
    expect(comparison.workload.rowBytes).toBe(String(Buffer.byteLength(`${text}nonsense${odd}`) - 302));
    expect(rejected.map(({ where }) => where!.line)).toEqual([301, 302, 303]);
    expect(readFileSync(rejects, 'utf8')).toContain(
      ":301: this is no record of an S3 server access log: 'nonsense'\nnonsense\n# ",
    );
    expect(await refusal(runFiles(path, { onBadRow: 'fail' }))).toMatch(
      /^bad\.log:301: this is no record of an S3 server access log: 'nonsense'\nbad\.log:302: operation 'REST\.BREW\.COFFEE' is unknown\nbad\.log:303: /,
    );
  });

  test('an object of which no record tells the size is named by its lines', async () => {
    const tagged = lines({ operation: 'REST.GET.OBJECT_TAGGING', key: 'x', size: '-', requestId: 'T' });
    const { comparison, rejected } = await runFiles(folder.write('t.log', text + tagged + tagged), {
      onBadRow: 'skip',
    });
    expect(comparison.workload).toMatchObject({ rows: 302, events: 300, duplicateRows: 1, rejectedRows: 1 });
    expect(rejected).toMatchObject([
      { message: "the size of this object is never given (key 'x')", where: { line: 301 } },
    ]);
  });

  test('a line with characters that mean something to the engine is a row', async () => {
    const odd = ['\u0001', '\u0002', 'x\u0001\u0002', '\u0001\u0002', '\u0002\u0001', 'x\u0001', '\u00ff'];
    const bytes = Buffer.from(`${text}${odd.join('\n')}\n`, 'latin1');
    for (const content of [bytes, gzipSync(bytes)])
      expect(await workloadOf(content)).toMatchObject({ rows: 307, events: 300, rejectedRows: 7 });
  });

  test('a line of 40 MB is one line, and counted', async () => {
    const long = `${logLine({ agent: `"${'x'.repeat(40 * 2 ** 20)}"` })}\n`;
    for (const content of [text + long + text, gzipSync(text + long + text)]) {
      const workload = await workloadOf(content);
      expect(workload).toMatchObject({ rows: 601, duplicateRows: 300, rejectedRows: 1 });
      expect(workload.rejections[0]!.reason).toBe('the line is longer than 1 MB');
    }
  });
});

describe('buckets', () => {
  const text = lines(
    put('k', 0, { bucket: 'one' }),
    put('k', 1, { bucket: 'two', size: '5' }),
    put('k', 2, { bucket: 'three' }),
  );

  test('are kept apart and named; --bucket picks', async () => {
    expect(await workloadOf(text)).toMatchObject({ objects: 3, buckets: ['one', 'three', 'two'] });
    const picked = await workloadOf(text, { buckets: ['two', 'four'] });
    expect(picked).toMatchObject({ rows: 3, events: 1, objects: 1, bytes: '5', buckets: ['two'] });
    expect(picked.otherRows).toEqual([{ kind: 'of another bucket', rows: 2 }]);
  });

  test('of a CSV too', async () => {
    const csv = 'timestamp,operation,key,size,bucket\n2025-01-01,PUT,k,1,one\n2025-01-01,PUT,k,1,two\n';
    expect(await workloadOf(csv)).toMatchObject({ objects: 2, buckets: ['one', 'two'] });
    expect(await workloadOf(csv, { buckets: ['one'] })).toMatchObject({ rows: 2, objects: 1, buckets: ['one'] });
    const bad = `${csv}2025-01-01,PUT,k,x,one\n2025-01-01,PUT,k,x,two\n`;
    expect(await workloadOf(bad, { buckets: ['one'] })).toMatchObject({ rows: 4, objects: 1, rejectedRows: 2 });
    expect(
      await refusal(runFiles(folder.write('n.csv', 'timestamp,operation,key,size\n1,PUT,k,1\n'), { buckets: ['x'] })),
    ).toBe("n.csv: there is no column 'bucket' to pick by (--bucket)");
  });
});

const SAMPLES = new URL('../../../shared/data/', import.meta.url).pathname;

describe.runIf(existsSync(SAMPLES))('real logs', () => {
  test('of DANDI, with quotes, code and spaces where none should be', async () => {
    const { comparison } = await runFiles(join(SAMPLES, 's3-access-logs'), { onBadRow: 'fail' });
    const { workload } = comparison;
    // 33 lines in 7 files: three files say the same of one request each, two of seven requests, one of two keys.
    expect(workload.rows).toBe(33);
    expect(workload.skippedFiles).toMatchObject([{ reason: 'of no known format', files: 1 }]);
    expect(workload.rejectedRows).toBe(0);
    expect(workload.buckets).toEqual(['dandiarchive']);
  });

  test('of AWS’s documentation', async () => {
    const path = join(SAMPLES, 'aws-docs-samples/logformat_example.log');
    const { comparison } = await runFiles(path, { onBadRow: 'fail' });
    expect(comparison.workload).toMatchObject({ rows: 5, events: 5, objects: 1, bytes: '4406583' });
  });
});
