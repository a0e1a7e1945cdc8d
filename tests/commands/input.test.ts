/** What a person gives tiercast on a bad day: one clear message and the documented exit code, or it just works. */
import { type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';

const CLI = new URL('../../dist/cli.js', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'tiercast-input-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const HEADER = 'timestamp,operation,key,size';
const GOOD = `${HEADER}\n2025-01-01T00:00:00Z,PUT,a,1000000\n2025-01-20T00:00:00Z,GET,a,\n`;

function tiercast(args: readonly string[], input?: string | Buffer): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, [CLI, ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
    ...(input !== undefined && { input }),
  });
}

function file(name: string, content: string | Buffer): string {
  writeFileSync(join(folder, name), content);
  return name;
}

const ONE = ['--policy', 'standard'] as const;

function compare(content: string | Buffer, ...more: string[]): SpawnSyncReturns<string> {
  return tiercast(['compare', file('trace.csv', content), ...ONE, ...more]);
}

test('a number of groups without groups is refused', () => {
  for (const command of ['compare', 'simulate', 'profile']) {
    const { status, stderr } = tiercast([command, file('trace.csv', GOOD), '--top-groups', '5']);
    expect([status, stderr]).toEqual([2, 'tiercast: --top-groups is for --group-by, which is not given\n']);
  }
});

describe('refused, with file, line and text', () => {
  const rows = (row: string): string => `${GOOD}${row}\n`;
  test.each([
    [
      'a missing column',
      'timestamp,operation,path,size\n',
      "trace.csv:1: no column 'key'; the header has 'timestamp', 'operation', 'path', 'size'; perhaps --map 'key=path'",
    ],
    ['a duplicate column', 'timestamp,operation,key,size,Size\n', "trace.csv:1: column 'size' is there 2 times"],
    ['a header alone', `${HEADER}\n`, 'trace.csv: there is no row in it'],
    ['an empty file', '', 'trace.csv: the file is empty'],
    [
      'an unparsable time',
      rows('yesterday,PUT,b,1'),
      "trace.csv:4: timestamp 'yesterday' is neither ISO 8601 nor epoch seconds or milliseconds",
    ],
    ['a day that is not', rows('2025-02-30T00:00:00Z,PUT,b,1'), "trace.csv:4: timestamp '2025-02-30T00:00:00Z'"],
    [
      'an unknown operation',
      rows('2025-01-02T00:00:00Z,GTE,b,1'),
      "trace.csv:4: operation 'GTE' is unknown; did you mean GET?",
    ],
    ['a size in words', rows('2025-01-02T00:00:00Z,PUT,b,big'), "trace.csv:4: size 'big' is not a number of bytes"],
    ['a negative size', rows('2025-01-02T00:00:00Z,PUT,b,-5'), "trace.csv:4: size '-5' is negative"],
    ['half a byte', rows('2025-01-02T00:00:00Z,PUT,b,1.5'), "trace.csv:4: size '1.5' is not a whole number of bytes"],
    ['51 TB', rows(`2025-01-02T00:00:00Z,PUT,b,${51 * 2 ** 40}`), 'is over 50 TB, the largest object S3 stores'],
    ['an empty key', rows('2025-01-02T00:00:00Z,PUT,,1'), 'trace.csv:4: the key is empty'],
    ['a ragged row', rows('2025-01-02T00:00:00Z,PUT,b'), 'trace.csv:4: 3 fields where the header has 4'],
    [
      'a size never given',
      rows('2025-01-02T00:00:00Z,GET,b,'),
      "trace.csv:4: the size of this object is never given (key 'b')",
    ],
    ['a binary file', Buffer.from([1, 2, 0, 4]), 'trace.csv: this is a binary file (a zero byte at offset 2)'],
    ['UTF-16', Buffer.from(`\ufeff${GOOD}`, 'utf16le'), 'the text is UTF-16; save it as UTF-8'],
    ['what is not UTF-8', Buffer.from(GOOD.replace(',a,', ',\u00e9,'), 'latin1'), 'the text is not UTF-8'],
    ['a gzip cut off', gzipSync(GOOD.repeat(1)).subarray(0, 60), 'trace.csv: the gzip data is cut off or damaged'],
    ['a quote never closed', rows('2025-01-02T00:00:00Z,PUT,"b,1'), 'trace.csv:'],
    [
      'a Parquet file cut off',
      Buffer.from('PAR1 and then nothing'),
      'trace.csv: the Parquet file is cut off or damaged',
    ],
  ])('%s', (_, content, message) => {
    const { status, stderr, stdout } = compare(content);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/\n\s+at |duckdb/i);
    expect(status).toBe(1);
    expect(stdout).toBe('');
  });

  test('a directory, a file that is not there, a glob of nothing', () => {
    mkdirSync(join(folder, 'logs'), { recursive: true });
    expect(tiercast(['compare', 'logs', ...ONE])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('logs: the folder holds no file'),
    });
    expect(tiercast(['compare', 'no.csv', ...ONE])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('no.csv: there is no such file'),
    });
    expect(tiercast(['compare', 'no*.csv', ...ONE])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("no file matches 'no*.csv'"),
    });
  });

  test('a usage without a price names it and the region', () => {
    const { status, stderr } = tiercast([
      'compare',
      file('good.csv', GOOD),
      '--policy',
      'express-onezone',
      '--region',
      'eu-west-1',
    ]);
    expect(stderr).toContain('eu-west-1');
    expect(stderr).toContain('EU-TimedStorage-XZ-ByteHrs');
    expect(status).toBe(1);
  });

  test.each([
    ['XML without rules', '<LifecycleConfiguration/>', 'At least one lifecycle rule must be specified'],
    ['YAML', 'Rules:\n  - ID: a\n', 'YAML'],
    ['broken JSON', '{"Rules": [', 'not valid JSON'],
    [
      'SIA after 10 days',
      '{"Rules":[{"ID":"r1","Status":"Enabled","Filter":{},"Transitions":[{"Days":10,"StorageClass":"STANDARD_IA"}]}]}',
      "'Days' in Transition action must be greater than or equal to 30 for storageClass 'STANDARD_IA'",
    ],
    [
      'keeping no noncurrent version at all',
      '{"Rules":[{"ID":"r1","Status":"Enabled","Filter":{},"NoncurrentVersionExpiration":{"NoncurrentDays":0}}]}',
      "rule 'r1'",
    ],
  ])('a policy file that is %s', (_, content, message) => {
    const { status, stderr } = tiercast(['compare', file('good.csv', GOOD), '--policy', file('rules.json', content)]);
    expect(stderr).toContain('rules.json');
    expect(stderr).toContain(message);
    expect(status).toBe(1);
  });
});

describe('a wrong command line', () => {
  test.each([
    [['compare', 'x.csv', '--policy', 'standrad'], "did you mean 'standard'?"],
    [['compare', 'x.csv', '--region', 'eu-wst-1'], "did you mean 'eu-west-1'?"],
    [['compare', 'x.csv', '--from', 'tomorrow'], 'is not a date'],
    [['compare', 'x.csv', '--rejects', 'r.csv', '--on-bad-row', 'fail'], '--on-bad-row skip'],
    [['compare', file('x.csv', GOOD), '--rejects', 'r.csv'], '--on-bad-row skip'],
    [['compare', 'x.csv', '--map', 'tme=ts'], 'is not a column of an event'],
    [['compare', 'x.csv', '--json', '-', '--csv', '-'], 'only one of'],
    [['compare', 'x.csv', '--policy', 'standard', '--policy', 'standard'], "two policies are named 'standard'"],
    [['compare', 'x.csv', '--memory-limit', 'lots'], '--memory-limit'],
    [['compare'], 'no input; name files, folders, globs'],
    [['compare', 'x.csv', '--polcy', 'standard'], 'unknown option'],
    [['frobnicate'], 'unknown command'],
  ])('%j', (args, message) => {
    const { status, stderr } = tiercast(args);
    expect(stderr).toContain(message);
    expect(status).toBe(2);
  });
});

/** The total of the one policy, from the exact result. */
function total(content: string | Buffer, ...more: string[]): string {
  const { status, stdout, stderr } = compare(content, '--json', '-', ...more);
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return JSON.parse(stdout).results[0].totalUSD;
}

describe('just works', () => {
  const plain = total(GOOD);
  test.each([
    ['a BOM', `\ufeff${GOOD}`],
    ['CRLF', GOOD.replaceAll('\n', '\r\n')],
    ['semicolons', GOOD.replaceAll(',', ';')],
    ['tabs', GOOD.replaceAll(',', '\t')],
    ['blank lines', GOOD.replaceAll('\n', '\n\n')],
    ['no newline at the end', GOOD.trimEnd()],
    ['gzip under another name', gzipSync(GOOD)],
    ['upper case headers', GOOD.replace(HEADER, HEADER.toUpperCase())],
    ['rows out of order', `${HEADER}\n2025-01-20T00:00:00Z,GET,a,\n2025-01-01T00:00:00Z,PUT,a,1000000\n`],
    ['API and log spellings', GOOD.replace('PUT', 'PutObject').replace('GET', 'REST.GET.OBJECT')],
    ['epoch seconds', `${HEADER}\n1735689600,PUT,a,1000000\n1737331200,GET,a,\n`],
    ['epoch milliseconds', `${HEADER}\n1735689600000,PUT,a,1000000\n1737331200000,GET,a,\n`],
    ['another zone', GOOD.replaceAll('T00:00:00Z', 'T02:00:00+02:00')],
    ['mixed times', GOOD.replace('2025-01-20T00:00:00Z', '1737331200')],
    ['no zone', GOOD.replaceAll('Z', '')],
    ['a key with quotes, commas and line breaks', GOOD.replaceAll(',a,', ',"a ""b"", c\nd",')],
    ['emoji and markup', GOOD.replaceAll(',a,', ',🪣/<script>alert(1)</script>,')],
    ['a key of 100 KB', GOOD.replaceAll(',a,', `,${'k'.repeat(100_000)},`)],
    ['a formula', GOOD.replaceAll(',a,', ",=cmd|' /C calc'!A0,")],
  ])('%s', (_, content) => expect(total(content)).toBe(plain));

  test('standard input, plain and compressed; several files; the same file twice', () => {
    const json = (args: string[], input?: string | Buffer): string =>
      JSON.parse(tiercast(['compare', ...args, ...ONE, '--json', '-'], input).stdout).results[0].totalUSD;
    expect(json(['-'], GOOD)).toBe(plain);
    expect(json(['-'], gzipSync(GOOD))).toBe(plain);
    const [first, second] = GOOD.trim().split('\n').slice(1);
    file('part-1.csv', `${HEADER}\n${first}\n`);
    file('part-2.csv', `key,size,operation,timestamp\na,,GET,${second!.slice(0, 20)}\n`);
    expect(json(['part-1.csv', 'part-2.csv'])).toBe(plain);
    expect(json(['part-*.csv', 'part-1.csv'])).toBe(plain);
  });

  test('names with brackets and quotes; --map; a delete of what is not there; 0 bytes and 50 TB', () => {
    expect(tiercast(['compare', file("it's [1]*.csv", GOOD), ...ONE]).status).toBe(0);
    expect(total(GOOD.replace('timestamp', 'ts').replace('key', 'Path'), '--map', 'timestamp=ts,key=path')).toBe(plain);
    const { stdout } = compare(`${GOOD}2025-01-19T00:00:00Z,DELETE,nothing,\n`);
    expect(stdout).toContain('1 DELETE of keys that were not there');
    expect(compare(`${GOOD}2025-01-19T00:00:00Z,COPY,copy,10\n`).stdout).toContain(
      'no row (COPY_SOURCE) tells what 1 copy read: what that costs at the source is in no bill',
    );
    expect(
      compare(`${GOOD}2025-01-02T00:00:00Z,PUT,zero,0\n2025-01-02T00:00:00Z,PUT,large,${50 * 2 ** 40}\n`).status,
    ).toBe(0);
  });

  test('--on-bad-row skip counts and keeps every row it leaves out', () => {
    const content = `${GOOD}bad,PUT,b,1\n2025-01-02T00:00:00Z,PUT,"c\nc",-1\n2025-01-02T00:00:00Z,PUT,d\n`;
    const { stdout, status } = compare(content, '--on-bad-row', 'skip', '--rejects', 'rejects.csv', '--json', '-');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      workload: { events: 2, rejectedRows: 3 },
      results: [{ totalUSD: plain }],
    });
    const rejects = readFileSync(join(folder, 'rejects.csv'), 'utf8');
    expect(rejects.match(/^# trace\.csv:(4|5|7): /gm)).toHaveLength(3);
    expect(rejects).toContain('2025-01-02T00:00:00Z,PUT,"c\nc",-1\n');
  });
});

describe('outputs', () => {
  test('a saved result renders as the run did', () => {
    compare(GOOD, '--json', 'result.json', '--csv', 'items.csv');
    expect(tiercast(['report', 'result.json', '--csv', '-']).stdout).toBe(
      readFileSync(join(folder, 'items.csv'), 'utf8'),
    );
    expect(tiercast(['report', 'items.csv'])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('not valid JSON'),
    });
    expect(tiercast(['report', file('other.json', '{}')])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('schema is missing'),
    });
  });

  test('hostile policy names carry no formula into a spreadsheet and no escape into a terminal', () => {
    const args = ['compare', file('good.csv', GOOD), '--policy', '@SUM(1)\u001b[31m=standard'];
    expect(tiercast([...args, '--csv', '-']).stdout).toContain("\n'@SUM(1)");
    const { stdout } = tiercast(args);
    expect(stdout).not.toContain('\u001b');
    expect(stdout).toContain('\\u{1b}');
  });

  test('what cannot be written is said, and nothing is left behind', () => {
    const { status, stderr } = compare(GOOD, '--json', 'no/such/folder.json');
    expect(stderr).toContain("cannot write 'no/such/folder.json'");
    expect(status).toBe(1);
  });

  test('--quiet prints nothing; a reader that stops early is no error', () => {
    expect(compare(GOOD, '--quiet')).toMatchObject({ status: 0, stdout: '', stderr: '' });
    const piped = spawnSync('sh', ['-c', `"${process.execPath}" "${CLI}" prices --region us-east-1 | head -1`], {
      encoding: 'utf8',
    });
    expect(piped.stderr).toBe('');
  });

  test('a run that is killed leaves the old output and no temporary file', { timeout: 30_000 }, async () => {
    const rows = Array.from({ length: 300_000 }, (_, i) => `2025-01-01T00:00:00Z,PUT,${i},1`).join('\n');
    file('long.csv', `${HEADER}\n${rows}\n`);
    file('old.html', 'old');
    const temporary = mkdtempSync(join(folder, 'tmp-'));
    const child = spawn(process.execPath, [CLI, 'compare', 'long.csv', '--html', 'old.html'], {
      cwd: folder,
      env: { ...process.env, TMPDIR: temporary },
      stdio: 'ignore',
    });
    const ended = new Promise((resolve) => child.on('exit', (_, signal) => resolve(signal)));
    while (readdirSync(temporary).length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    child.kill('SIGTERM');
    expect(await ended).toBe('SIGTERM');
    expect(readdirSync(temporary)).toEqual([]);
    expect(readFileSync(join(folder, 'old.html'), 'utf8')).toBe('old');
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
});
