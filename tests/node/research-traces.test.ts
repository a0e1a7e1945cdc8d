/** Traces for research: those of simulators of caches, IBM's, libCacheSim's. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Comparison } from '../../src/model/comparison.ts';
import { namedPolicy } from '../../src/policies/index.ts';
import { parseStep } from '../../src/sources/trace-clock.ts';
import { refusal, runFiles, testFolder } from './run-files.ts';

const folder = testFolder();
const has = (program: string): boolean => spawnSync(program, ['--version']).status === 0;
const policies = ['standard', 'glacier-ir'].map((name) => namedPolicy(name));

function facts({ workload }: Comparison): unknown {
  const { events, objects, bytes, assumedObjects, from, until, formats } = workload;
  return {
    events,
    objects,
    bytes,
    assumedObjects,
    days: [from.slice(0, 10), until.slice(0, 10)],
    read: formats[0]!.title,
  };
}

/** Requests and retrieved bytes of the second policy. */
function used({ results }: Comparison): Record<string, number> {
  const items = results.find(({ policy }) => policy === 'glacier-ir')!.lineItems;
  const of = (usageType: string): number =>
    items.filter((item) => item.usageType === usageType).reduce((sum, item) => sum + Number(item.usageQuantity), 0);
  return { puts: of('Requests-GIR-Tier1'), reads: of('Requests-GIR-Tier2'), retrieved: of('Retrieval-GIR') };
}

describe('time id size', () => {
  const TRACE = '1 7 100\n86401 7 100 extra\n\n172801\t8  200\r\n';

  test('reads of objects that were there', async () => {
    const { comparison } = await runFiles(folder.write('a.tr', TRACE), {}, policies);
    expect(facts(comparison)).toEqual({
      events: 3,
      objects: 2,
      bytes: '300',
      assumedObjects: 2,
      days: ['2025-01-01', '2025-01-04'],
      read: 'cache trace, steps of 1 s from 2025-01-01',
    });
    expect(used(comparison)).toEqual({ puts: 0, reads: 3, retrieved: 400 });
  });

  test('the clock, as it is told or as it shows', async () => {
    const path = folder.write('a.tr', TRACE);
    const days = async (clock: object, text = path): Promise<unknown> => {
      const { comparison } = await runFiles(text, { clock });
      const { from, until, formats } = comparison.workload;
      return [from.slice(0, 10), until.slice(0, 10), formats[0]!.title.slice('cache trace, '.length)];
    };
    expect(await days({ stepMs: 1000 * 60, startMs: Date.UTC(2024, 1, 1) })).toEqual([
      '2024-02-01',
      '2024-06-01',
      'steps of 1 m from 2024-02-01',
    ]);
    expect(await days({ stepMs: 1 })).toEqual(['2025-01-01', '2025-01-02', 'steps of 1 ms from 2025-01-01']);
    const unix = folder.write('unix.tr', '1735689600.5 1 1\n1735776000 1 1\n');
    expect(await days({}, unix)).toEqual(['2025-01-01', '2025-01-03', 'steps of 1 s since 1970']);
    expect([parseStep('100ms'), parseStep('2 h'), parseStep('1'), parseStep('0s')]).toEqual([
      100,
      7_200_000,
      undefined,
      undefined,
    ]);
  });

  test('bad lines, each by its number', async () => {
    const path = folder.write('bad.tr', `${TRACE}x 7 100\n5 7\n5 7 -1\n5 7 1e3\n-5 7 1\n9 9 9\n`);
    expect((await refusal(runFiles(path, { format: 'cache-trace' }))).split('\n')).toEqual(
      [
        ['5', 'x 7 100'],
        ['6', '5 7'],
        ['7', '5 7 -1'],
        ['8', '5 7 1e3'],
        ['9', '-5 7 1'],
      ].map(([line, text]) => `bad.tr:${line}: a line is 'time id size', not '${text}'`),
    );
    const { comparison } = await runFiles(path, { format: 'cache-trace', onBadRow: 'skip' });
    expect(comparison.workload).toMatchObject({ events: 4, rejectedRows: 5 });
    expect(await refusal(runFiles(folder.write('words.txt', 'to be or\n'), { format: 'cache-trace' }))).toBe(
      "words.txt:1: this is no cache trace: a line is 'time id size', not 'to be or'",
    );
  });

  test('a line with a character that means something to the engine is a row', async () => {
    const lines = [
      '1 7 100',
      '\u0001',
      '2 7 100\u0001',
      '3 7 100\u0001x',
      '\u0002',
      '4 \u0002 100',
      '5 7 100\u0001\u0002',
    ];
    const { comparison } = await runFiles(folder.write('odd.tr', `${lines.join('\n')}\n`), {
      onBadRow: 'skip',
      format: 'cache-trace',
    });
    expect(comparison.workload).toMatchObject({ rows: 7, events: 2, rejectedRows: 5 });
  });

  const SAMPLE = '../shared/data/adaptsize-request/request.trace.xz';
  test.runIf(existsSync(SAMPLE) && has('xz'))('the trace of AdaptSize', async () => {
    const text = execFileSync('xz', ['-dc', SAMPLE], { maxBuffer: 2 ** 28 });
    const { comparison } = await runFiles(folder.write('request.tr', text), { clock: { stepMs: 60_000 } }, policies);
    // 66,987 requests of 36,815 objects, 485 MB, says its SOURCE.txt.
    expect(facts(comparison)).toMatchObject({ events: 66_987, objects: 36_815, assumedObjects: 36_815 });
    const requested = text
      .toString()
      .split('\n')
      .reduce((sum, line) => sum + Number(line.split(' ')[2] ?? 0), 0);
    expect(used(comparison)).toEqual({ puts: 0, reads: 66_987, retrieved: requested });
    const zipped = await runFiles(
      folder.write('request.tr.gz', gzipSync(text)),
      { clock: { stepMs: 60_000 } },
      policies,
    );
    expect(zipped.comparison.results).toEqual(comparison.results);
  });
});

describe('IBM', () => {
  /** From the traces' own description. */
  const TRACE = [
    '1219008 REST.PUT.OBJECT 8d4fcda3d675bac9 1056',
    '1221974 REST.HEAD.OBJECT 39d177fb735ac5df 528',
    '1232488 REST.GET.OBJECT 95d363d3fbdc0b03 1168 0 1167',
    '1234545 REST.GET.OBJECT bfc07f9981aa6a5a 528 0 99',
    '1256491 REST.GET.OBJECT 13943e909692962f 9760',
    '86400000 REST.DELETE.OBJECT 8d4fcda3d675bac9',
  ].join('\n');

  test('every kind of line', async () => {
    const { comparison } = await runFiles(folder.write('IBMObjectStoreTrace000Part0', TRACE), {}, policies);
    expect(facts(comparison)).toEqual({
      events: 6,
      objects: 5,
      bytes: String(1056 + 528 + 1168 + 528 + 9760),
      assumedObjects: 4,
      days: ['2025-01-01', '2025-01-03'],
      read: 'IBM object store trace, steps of 1 ms from 2025-01-01',
    });
    expect(used(comparison)).toEqual({ puts: 1, reads: 4, retrieved: 1168 + 100 + 9760 });
  });

  test.each([
    ['1 REST.GET.OBJECT', "a line is 'time operation id [size [first-byte last-byte]]', not '1 REST.GET.OBJECT'"],
    ['1 REST.GET.OBJECT a 5 4 3', "not '1 REST.GET.OBJECT a 5 4 3'"],
    ['1 REST.GET.OBJECT a 5 4', "not '1 REST.GET.OBJECT a 5 4'"],
    ['1 REST.GET.OBJECT a five', "not '1 REST.GET.OBJECT a five'"],
    ['1 REST.GRT.OBJECT a 5', "operation 'REST.GRT.OBJECT' is unknown"],
  ])('%s', async (line, message) => {
    expect(
      await refusal(runFiles(folder.write('bad', `${TRACE}\n${line}\n`), { format: 'ibm-object-store' })),
    ).toContain(`bad:7: ${message.startsWith('not') ? '' : message}`);
    expect(await refusal(runFiles(folder.write('bad', `${TRACE}\n${line}\n`)))).toContain(message);
  });
});

interface OracleRecord {
  readonly time: number;
  readonly object: bigint;
  readonly size: number;
  readonly next: bigint;
}

function oracle(records: readonly OracleRecord[]): Buffer {
  const bytes = Buffer.alloc(records.length * 24);
  records.forEach(({ time, object, size, next }, at) => {
    bytes.writeUInt32LE(time, at * 24);
    bytes.writeBigUInt64LE(object, at * 24 + 4);
    bytes.writeUInt32LE(size, at * 24 + 12);
    bytes.writeBigInt64LE(next, at * 24 + 16);
  });
  return bytes;
}

describe('oracleGeneral', () => {
  const record = (time: number, object: bigint, size: number, next = -1n): OracleRecord => ({
    time,
    object,
    size,
    next,
  });
  const TRACE = oracle([
    record(0, 2n ** 64n - 1n, 100, 2n),
    record(5, 7n, 4_000_000_000),
    record(86_400, 2n ** 64n - 1n, 100),
  ]);

  test('plain and packed, by its content or by its name', async () => {
    const { comparison } = await runFiles(folder.write('w.oracleGeneral', TRACE), {}, policies);
    expect(facts(comparison)).toEqual({
      events: 3,
      objects: 2,
      bytes: '4000000100',
      assumedObjects: 2,
      days: ['2025-01-01', '2025-01-03'],
      read: 'oracleGeneral trace, steps of 1 s from 2025-01-01',
    });
    expect(used(comparison)).toEqual({ puts: 0, reads: 3, retrieved: 4_000_000_200 });
    const packed: [string, Buffer][] = [['w.gz', gzipSync(TRACE)]];
    if (has('zstd')) packed.push(['w.zst', execFileSync('zstd', ['-q', '-c'], { input: TRACE })]);
    for (const [name, content] of packed) {
      const again = await runFiles(folder.write(name, content), { format: 'oracle-general' }, policies);
      expect(again.comparison.results).toEqual(comparison.results);
    }
  });

  test('what is none', async () => {
    expect(await refusal(runFiles(folder.write('cut', TRACE.subarray(0, 60))))).toBe(
      'cut: the file is cut off: 12 bytes follow the last of 2 records of 24 bytes',
    );
    const back = oracle([record(5, 1n, 1), record(4, 1n, 1)]);
    expect(await refusal(runFiles(folder.write('back', back)))).toMatch(/^back: this is a binary file \(a zero byte/);
    expect(await refusal(runFiles(folder.write('back', back), { format: 'oracle-general' }))).toBe(
      'back: this is no oracleGeneral trace: time goes back in record 2',
    );
    const odd = oracle([record(5, 1n, 1, 0n)]);
    expect(await refusal(runFiles(folder.write('odd', odd), { format: 'oracle-general' }))).toBe(
      'odd: this is no oracleGeneral trace: the next access of record 1 is 0',
    );
    expect(await refusal(runFiles(folder.write('short', 'abc'), { format: 'oracle-general' }))).toBe(
      'short: this is no oracleGeneral trace: there is no whole record of 24 bytes',
    );
  });

  test('beside a file with a bad row', async () => {
    const log = folder.write(
      'bad.csv',
      'timestamp,operation,key,size\n2025-01-01T00:00:00Z,PUT,7,4000000000\nx,PUT,b,1\n',
    );
    const inputs = [folder.write('w.oracleGeneral', TRACE), log];
    const { comparison } = await runFiles(inputs, { onBadRow: 'skip' });
    expect(comparison.workload).toMatchObject({ events: 4, objects: 2, rejectedRows: 1, assumedObjects: 1 });
  });

  test('more records than a chunk holds', async () => {
    const many = oracle(Array.from({ length: 10_001 }, (_, i) => record(i, BigInt(i % 997), 1 + (i % 997), -1n)));
    const { comparison } = await runFiles(folder.write('many', many), {}, policies);
    const retrieved = Array.from({ length: 10_001 }, (_, i) => 1 + (i % 997)).reduce((sum, size) => sum + size, 0);
    expect(used(comparison)).toEqual({ puts: 0, reads: 10_001, retrieved });
    expect(comparison.workload.objects).toBe(997);
  });
});
