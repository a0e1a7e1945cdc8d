/** `tiercast explain` as a person runs it. */
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Explanation } from '../../src/model/explanation.ts';

const CLI = new URL('../../dist/cli.js', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'tiercast-explain-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

writeFileSync(
  join(folder, 'access.csv'),
  [
    'timestamp,operation,bucket,key,size',
    '2025-01-01T00:00:00Z,PUT,one,a/b.bin,1073741824',
    '2025-01-31T00:00:00Z,GET,one,a/b.bin,',
    '2025-01-01T00:00:00Z,PUT,two,a/b.bin,2147483648',
    '2025-01-01T00:00:00Z,PUT,two,\u001b[31mred,1000',
    '',
  ].join('\n'),
);

function explain(...args: string[]): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, [CLI, 'explain', 'access.csv', ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
}

describe('what it writes', () => {
  test('a table, and the files that are asked for', () => {
    const { status, stdout } = explain(
      '--key',
      'two/a/b.bin',
      '--html',
      'x.html',
      '--json',
      'x.json',
      '--csv',
      'x.csv',
    );
    expect(status).toBe(0);
    expect(stdout).toContain('two/a/b.bin: 2 GiB, 1 request');
    // 2 GB for all 31 days at $0.023, and a PUT.
    expect(stdout).toMatch(/total +\$0\.046005000\n/);
    expect(stdout).toMatch(/JSON written to x.json\nCSV written to x.csv\nHTML written to x.html\n$/);
    const { schema, objects } = JSON.parse(readFileSync(join(folder, 'x.json'), 'utf8')) as Explanation;
    expect([schema, objects[0]!.bucket, objects[0]!.totalUSD]).toEqual([
      'tiercast.explanation/1',
      'two',
      '0.046005000',
    ]);
    expect(readFileSync(join(folder, 'x.csv'), 'utf8').split('\r\n')).toHaveLength(4);
    expect(readFileSync(join(folder, 'x.html'), 'utf8')).toContain('id="explanation"');
  });

  test('a document on standard output, and nothing else', () => {
    const { stdout, status } = explain('--json', '-', '--top', '2');
    expect(status).toBe(0);
    expect((JSON.parse(stdout) as Explanation).objects.map(({ bucket }) => bucket)).toEqual(['two', 'one']);
  });

  test('keys that would drive a terminal as text', () => {
    const { stdout } = explain('--prefix', 'two/');
    expect(stdout).toContain('two/\\u{1b}[31mred');
    expect(stdout).not.toContain('\u001b');
  });
});

describe('what it refuses', () => {
  test.each([
    [['--key', 'a/b.bin'], 1, "tiercast: the key 'a/b.bin' is in 2 buckets; name one: 'one/a/b.bin', 'two/a/b.bin'\n"],
    [
      ['--key', 'one/a/c.bin'],
      1,
      "tiercast: no request in the trace is of an object 'one/a/c.bin'; did you mean 'one/a/b.bin'?\n",
    ],
    [['--prefix', 'three/'], 1, "tiercast: no key begins with 'three/'; there are 'one/', 'two/'\n"],
    [['--key', 'x', '--top', '3'], 2, 'tiercast: --key tells one object; --prefix and --top look for several\n'],
    [['--top', '0'], 2, "tiercast: --top '0' is not a whole number from 1 to 10000\n"],
  ])('%j', (args, status, message) => {
    const refused = explain(...args);
    expect([refused.status, refused.stderr, refused.stdout]).toEqual([status, message, '']);
  });
});
