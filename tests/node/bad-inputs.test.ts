/** What goes wrong with the files of real buckets, and is read nevertheless: nothing is lost, and nothing is taken for something else. */
import { mkdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { namedPolicy } from '../../src/policies/index.ts';
import { logLine, logTime } from '../sources/access-log-lines.ts';
import { GOOD, HEADER, refusal, runFiles, sql, testFolder } from './run-files.ts';

const folder = testFolder();
const policies = [namedPolicy('standard'), namedPolicy('intelligent-tiering')];

describe('a folder of mixed formats', () => {
  const log = `${logLine({ operation: 'REST.PUT.OBJECT', key: 'l', size: '7', sent: '-', time: logTime(0) })}\n`;

  test('each file is read as what it is, and the rows add up', async () => {
    mkdirSync(folder.path('mixed/deep'), { recursive: true });
    folder.write('mixed/a.csv', `${GOOD}yesterday,GET,a,\n`);
    folder.write('mixed/b.tsv.gz', gzipSync(GOOD.replaceAll(',', '\t').replaceAll('\ta\t', '\tb\t')));
    folder.write('mixed/deep/2025-01-01-00-00-00-AB', `${log}nonsense\n`);
    folder.write('mixed/c.tr', '1 7 5\n2 7 5\n3 7 5\n4 7 5\nno line of a trace\n');
    folder.write('mixed/days', 'key,day,operation,count,size\nd,2025-01-05,GET,3,9\nd,2025-01-05,GET,0,9\n');
    await sql(
      `COPY (FROM read_csv('${folder.path('mixed/b.tsv.gz')}')) TO '${folder.path('mixed/e')}' (FORMAT parquet)`,
    );
    const rejects = folder.path('rejects.txt');
    const { comparison } = await runFiles(folder.path('mixed'), { onBadRow: 'skip', rejects });
    const { workload } = comparison;
    expect(workload.formats.map(({ name, files }) => [name, files]).sort()).toEqual([
      ['aggregate', 1],
      ['cache-trace', 1],
      ['csv', 2],
      ['parquet', 1],
      ['s3-access-log', 1],
    ]);
    // Of a, b, the log, c, the day and e: 2 + 2 + 1 + 4 + 1 + 2, and a bad one in four of them.
    expect(workload).toMatchObject({ rows: 16, events: 12, rejectedRows: 4 });
    const kept = readFileSync(rejects, 'utf8');
    for (const row of ['yesterday,GET,a,', 'nonsense', 'no line of a trace', 'd,2025-01-05,GET,0,9'])
      expect(kept).toContain(`\n${row}\n`);
  });

  test('two kinds of logs are the same requests twice', async () => {
    mkdirSync(folder.path('both'), { recursive: true });
    folder.write('both/server.log', log);
    folder.write('both/trail.json', '{"Records":[{"eventSource":"s3.amazonaws.com","eventName":"HeadObject"}]}');
    expect(await refusal(runFiles(folder.path('both')))).toContain('record the same requests, which would count twice');
  });
});

describe('a clock that goes backwards', () => {
  const times = Array.from({ length: 200 }, (_, i) => (i * 7919) % 199);

  async function answers(name: string, lines: readonly string[], header = ''): Promise<unknown[]> {
    const orders = [lines, [...lines].reverse(), [...lines].sort()];
    const found = [];
    for (const order of orders) {
      const path = folder.write(name, header + order.map((line) => `${line}\n`).join(''));
      const { comparison } = await runFiles(path, { onBadRow: 'skip', format: name }, policies);
      expect(comparison.workload).toMatchObject({ rows: lines.length, rejectedRows: 0 });
      found.push(comparison.results, comparison.workload.from, comparison.workload.until, comparison.workload.events);
    }
    return [found.slice(0, 4), found.slice(4, 8), found.slice(8)];
  }

  test.each(['csv', 's3-access-log', 'ibm-object-store'])('in a %s', async (format) => {
    const line = (time: number, at: number): string => {
      const operation = at % 3 === 0 ? 'PUT' : 'GET';
      if (format === 'csv') return `${Date.UTC(2025, 0, 1 + time)},${operation},k${at % 9},${100_000 + time}`;
      if (format === 'ibm-object-store')
        return `${time * 86_400_000} REST.${operation}.OBJECT k${at % 9} ${100_000 + time}`;
      const size = String(100_000 + time);
      const sizes = operation === 'PUT' ? { size, sent: '-' } : { size, sent: size };
      const request = { operation: `REST.${operation}.OBJECT`, key: `k${at % 9}`, requestId: `R${at}` };
      return logLine({ ...request, time: logTime(time * 86_400), ...sizes });
    };
    const [asTheyCome, backwards, sorted] = await answers(
      format,
      times.map(line),
      format === 'csv' ? `${HEADER}\n` : '',
    );
    expect(backwards).toEqual(asTheyCome);
    expect(sorted).toEqual(asTheyCome);
  });
});

describe('keys of hostile bytes', () => {
  const KEYS = [
    '../../etc/passwd',
    '=HYPERLINK("http://evil")',
    '<script>alert(1)</script>',
    "'; DROP TABLE events; --",
    '\u001b[31mred',
    '\u0007',
    '\u202egnp.exe',
    'a\nb',
    'a\r\nb',
    ' a',
    'a ',
    'a',
    'A',
    '\ufeffa',
    'é',
    'e\u0301',
    '%41',
    '𝒳',
    'k'.repeat(1024),
    '',
  ];
  const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  const rows = KEYS.map((key) => `2025-01-01T00:00:00Z,PUT,${quoted(key)},1\n`).join('');

  test('in a CSV are as many objects, in whichever reader; what no key can be is a bad row', async () => {
    const latin = Buffer.from('2025-01-01T00:00:00Z,PUT,caf\u00e9,1\n', 'latin1');
    const bytes = Buffer.concat([Buffer.from(`${HEADER}\n${rows}`), latin]);
    const { comparison, rejected } = await runFiles(folder.write('keys.csv', bytes), { onBadRow: 'skip' });
    expect(comparison.workload).toMatchObject({ rows: 21, objects: 19, rejectedRows: 2 });
    expect(rejected.map(({ message }) => message)).toEqual(['the key is empty', 'the text is not UTF-8']);
    const good = rows.slice(0, rows.lastIndexOf('2025'));
    const bulk = await runFiles(folder.write('keys.csv', `${HEADER}\n${good}`));
    expect(bulk.comparison.workload).toMatchObject({ rows: 19, objects: 19, rejectedRows: 0 });
    expect(bulk.comparison.results).toEqual(comparison.results);
  });

  test('in messages carry no escape sequence', async () => {
    const unsized = KEYS.filter((key) => !['', 'a'].includes(key)).map(
      (key) => `2025-01-01T00:00:00Z,GET,${quoted(key)},\n`,
    );
    for (const row of unsized) {
      const said = await refusal(runFiles(folder.write('unsized.csv', `${GOOD}${row}`)).then((run) => run.comparison));
      // biome-ignore lint/suspicious/noControlCharactersInRegex: none of these is to be in it
      expect(said).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
    }
  });
});
