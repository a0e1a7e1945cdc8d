/** What a file can be wrong in, as a whole or row by row, and what is read nevertheless. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { parsePolicyFile } from '../../src/policies/index.ts';
import type { Policy } from '../../src/policies/policy.ts';
import { GOOD, HEADER, refusal, runFiles, sql, testFolder } from './run-files.ts';

const folder = testFolder();
const hasZstd = spawnSync('zstd', ['--version']).status === 0;

function zstd(content: string): Buffer {
  return execFileSync('zstd', ['-q', '-c'], { input: content, maxBuffer: 2 ** 28 });
}

const lines = Array.from({ length: 60_000 }, (_, i) => `2025-01-01T00:00:00Z,PUT,${(i * 7919) % 60_013},${i}\n`);
const LONG = `${HEADER}\n${lines.join('')}`;

async function total(...args: Parameters<typeof runFiles>): Promise<string> {
  const { comparison } = await runFiles(...args);
  return comparison.results[0]!.totalUSD;
}

describe('compressed texts', () => {
  const long = gzipSync(LONG);
  const damaged = Buffer.from(long);
  damaged[damaged.length >> 1]! ^= 0x55;
  test.each([
    ['cut off in the middle', long.subarray(0, long.length >> 1)],
    ['without its checksum', long.subarray(0, long.length - 8)],
    ['damaged', damaged],
    ['of 12 bytes', long.subarray(0, 12)],
  ])('gzip %s', async (_, content) => {
    const path = folder.write('cut.csv.gz', content);
    const message = /^cut\.csv\.gz: the gzip data is cut off or damaged \(/;
    expect(await refusal(runFiles(path))).toMatch(message);
    expect(await refusal(runFiles(path, { onBadRow: 'skip' }))).toMatch(message);
  });

  test('gzip cut off between two rows', async () => {
    const halves = [lines.slice(0, 30_000).join(''), lines.slice(30_000).join('')];
    const whole = gzipSync(`${HEADER}\n${halves[0]}`);
    const path = folder.write('rows.csv.gz', whole.subarray(0, whole.length - 8));
    expect(await refusal(runFiles(path))).toBe(
      'rows.csv.gz: the gzip data is cut off or damaged (unexpected end of file)',
    );
    const members = folder.write('members.csv.gz', Buffer.concat([whole, gzipSync(halves[1]!)]));
    const { comparison } = await runFiles(members);
    expect(comparison.workload.events).toBe(60_000);
  });

  test('gzip of nothing, of a binary', async () => {
    expect(await refusal(runFiles(folder.write('a.gz', gzipSync(''))))).toBe('a.gz: the file is empty');
    expect(await refusal(runFiles(folder.write('a.gz', gzipSync(Buffer.alloc(10)))))).toContain(
      'this is a binary file',
    );
  });

  test.runIf(hasZstd)('zstd', async () => {
    const whole = zstd(LONG);
    const expected = await total(folder.write('long.csv', LONG));
    expect(await total(folder.write('long.csv.zst', whole))).toBe(expected);
    const skippable = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);
    const frames = [zstd(`${HEADER}\n${lines.slice(0, 100).join('')}`), skippable, zstd(lines.slice(100).join(''))];
    expect(await total(folder.write('frames.csv.zst', Buffer.concat(frames)))).toBe(expected);
    for (const [name, content] of [
      ['cut', whole.subarray(0, whole.length - 4)],
      ['half', whole.subarray(0, whole.length >> 1)],
      ['junk', Buffer.concat([whole, Buffer.from('junk and more junk')])],
    ] as const) {
      const path = folder.write(`${name}.csv.zst`, content);
      expect(await refusal(runFiles(path))).toMatch(/^\w+\.csv\.zst: the zstd data is cut off or damaged \(/);
      expect(await refusal(runFiles(path, { onBadRow: 'skip' }))).toMatch(/cut off or damaged/);
    }
    const damaged = Buffer.from(whole);
    damaged[damaged.length >> 1]! ^= 0x55;
    expect(await refusal(runFiles(folder.write('damaged.csv.zst', damaged)))).toBe(
      "damaged.csv.zst: the zstd data is cut off or damaged (Restored data doesn't match checksum)",
    );
  });
});

describe('what is no trace', () => {
  test.each([
    [
      'a ZIP archive',
      Buffer.from('PK\u0003\u0004'),
      'this is a ZIP archive (or a spreadsheet); unpack it, or save it as CSV',
    ],
    ['bzip2', Buffer.from('BZh91AY'), 'the file is compressed with bzip2; use gzip or zstd'],
    ['UTF-16, big end first', Buffer.from([0xfe, 0xff, 0, 0x74]), 'the text is UTF-16; save it as UTF-8'],
    ['blanks', ' \n\n \n', 'the file is empty'],
    ['a BOM alone', '\ufeff', 'the file is empty'],
  ])('%s', async (_, content, message) => {
    expect(await refusal(runFiles(folder.write('odd', content)))).toBe(`odd: ${message}`);
  });

  test('a header that a quote never ends', async () => {
    expect(await refusal(runFiles(folder.write('quote.csv', `timestamp,"operation\n${GOOD}`)))).toMatch(
      /^quote\.csv:1: /,
    );
  });

  test('the header has no such column, twice or under another name', async () => {
    const path = folder.write('named.csv', 'ts;op;Path;size;size\n1;PUT;a;1;1\n');
    expect(await refusal(runFiles(path))).toBe(
      [
        "named.csv:1: column 'size' is there 2 times",
        "named.csv:1: no columns 'timestamp', 'operation', 'key'; the header has 'ts', 'op', 'Path', 'size', 'size'; perhaps --map 'timestamp=ts,operation=op,key=Path'",
      ].join('\n'),
    );
    const both = folder.write('both.csv', GOOD);
    expect(await refusal(runFiles(both, { renames: { size: 'key' } }))).toBe(
      "both.csv:1: column 'key' cannot be key and size at once (--map)",
    );
    const renames = { timestamp: 'when' };
    expect(await refusal(runFiles(folder.write('good.csv', GOOD), { renames }))).toContain(
      "good.csv:1: there is no column 'when' (--map timestamp=…)",
    );
  });

  test('rows all of which are bad', async () => {
    const path = folder.write('none.csv', `${HEADER}\nx\ny\n`);
    expect(await refusal(runFiles(path, { onBadRow: 'skip' }))).toBe('none.csv: none of the 2 rows can be read');
  });
});

describe('bad rows', () => {
  const row = (key: string, size: string): string => `2025-01-02T00:00:00Z,PUT,${key},${size}\n`;

  test('are named by the line they begin on, whatever the ends of lines', async () => {
    const text = `\ufeff\n"timestamp",operation,"key",size\n\n${row('"a\nb"', '1')}\n\n${row('"c\n\nd"', '-1')}${row('e', 'x')}`;
    const expected = ["bad.csv:8: size '-1' is negative", "bad.csv:11: size 'x' is not a number of bytes"].join('\n');
    for (const end of ['\n', '\r\n']) {
      const path = folder.write('bad.csv', text.replaceAll('\n', end));
      expect(await refusal(runFiles(path))).toBe(expected);
      expect(await refusal(runFiles(folder.write('bad.csv', gzipSync(text.replaceAll('\n', end)))))).toBe(expected);
    }
  });

  test('ten are listed', async () => {
    const path = folder.write('many.csv', `${HEADER}\n${row('k', 'x').repeat(30)}`);
    expect((await refusal(runFiles(path))).split('\n')).toHaveLength(10);
    const { comparison, rejected } = await runFiles(folder.write('many.csv', GOOD + row('k', 'x').repeat(30)), {
      onBadRow: 'skip',
    });
    expect(comparison.workload.rejectedRows).toBe(30);
    expect(rejected).toHaveLength(10);
  });

  test('every row in is understood or in the rejects, bytes as they were', async () => {
    const latin = Buffer.from(row('caf\u00e9', '1'), 'latin1');
    const bad = [
      Buffer.from(row('b', '1.5')),
      latin,
      Buffer.from('2025-01-02T00:00:00Z,PUT\n'),
      Buffer.from(row('"c"d', '1')),
      Buffer.from('2025-01-02T00:00:00Z,HEAD,never,\n'),
      Buffer.from('2025-01-03T00:00:00Z,GET,never,\n'),
      Buffer.from('2025-01-02T00:00:00Z,PUT,"open,1\n'),
    ];
    const good = [GOOD, row('d', '7'), row('"e ""f"""', '1_000'), row('\u0007', '1'), '2025-01-02T00:00:00Z,HEAD,d,\n'];
    const path = folder.write(
      'mixed.csv',
      Buffer.concat([Buffer.from(good[0]!), ...bad.slice(0, 5), Buffer.from(good.slice(1).join('')), ...bad.slice(5)]),
    );
    const rejects = folder.path('mixed-rejects.csv');
    const { comparison, rejected } = await runFiles(path, { onBadRow: 'skip', rejects });
    // Two rows in GOOD and four more; the seven of `bad` are left out.
    expect(comparison.workload).toMatchObject({ events: 6, rejectedRows: 7, objects: 4 });
    expect(rejected.map(({ message, where }) => `${where!.line}: ${message}`)).toEqual([
      "4: size '1.5' is not a whole number of bytes",
      '5: the text is not UTF-8',
      '6: 2 fields where the header has 4',
      '7: text follows the quote that ends a field',
      '14: a quote is opened and never closed',
      "8: the size of this object is never given (key 'never')",
      "13: the size of this object is never given (key 'never')",
    ]);
    const written = readFileSync(rejects);
    for (const one of bad) expect(written.includes(one)).toBe(true);
    expect(written.toString('latin1').match(/^# /gm)).toHaveLength(7);
  });

  test('the rejects are there though there are none, and are not when the run fails', async () => {
    const rejects = folder.write('rejects.csv', 'of the last run');
    await refusal(runFiles(folder.write('good.csv', `${HEADER}\n`), { onBadRow: 'skip', rejects }));
    expect(readFileSync(rejects, 'utf8')).toBe('of the last run');
    await runFiles(folder.write('good.csv', GOOD), { onBadRow: 'skip', rejects });
    expect(readFileSync(rejects, 'utf8')).toBe('');
    const nowhere = { onBadRow: 'skip', rejects: folder.path('no/rejects.csv') } as const;
    expect(await refusal(runFiles(folder.path('good.csv'), nowhere))).toContain('there is no such folder');
    const full = { onBadRow: 'skip', rejects: '/dev/full' } as const;
    expect(await refusal(runFiles(folder.write('bad.csv', `${GOOD}bad\n`), full))).toBe(
      "cannot write '/dev/full': the disk is full",
    );
  });

  test('an object without a size is named, not another of the same instant', async () => {
    const text = `${HEADER}\n2025-01-01T00:00:00Z,PUT,a,5\n2025-01-02T00:00:00Z,GET,a,\n2025-01-02T00:00:00Z,GET,b,\n`;
    for (const content of [text, gzipSync(text)]) {
      expect(await refusal(runFiles(folder.write('unsized.csv', content)))).toBe(
        "unsized.csv:4: the size of this object is never given (key 'b')",
      );
    }
    const upload = `${HEADER}\n2025-01-01T00:00:00Z,PUT,a,5\n2025-01-02T00:00:00Z,PUT,a,\n2025-01-03T00:00:00Z,GET,a,\n`;
    expect(await refusal(runFiles(folder.write('unsized.csv', upload)))).toBe(
      ['3', '4'].map((line) => `unsized.csv:${line}: the size of this object is never given (key 'a')`).join('\n'),
    );
  });
});

test.each([
  '2025-01-01T\t2:00:00Z',
  '2025-01-01 \t2:00:00',
  '2025-01-01T  2:00:00Z',
  '2025-01-21T10:20:3.000Z',
  '2025-01-21T10:2:30.00Z',
  '2025-01-21T10:20:30.Z',
  '2025-01-21T10:20:3.',
  '02025-1-21T10:20:30Z',
  '2025-01-21T10:20:0Z',
  '2025-01-1T010:20:30Z',
  '2025-01-2  10:20:30',
])('%j is no time, in whichever reader', async (time) => {
  const path = folder.write('times.csv', `${GOOD}${time},GET,a,\n`);
  expect(await refusal(runFiles(path))).toContain('times.csv:4: timestamp ');
});

describe('just works', () => {
  test('tags whose bytes are no text are taken as they stand, in whichever reader', async () => {
    const header = 'timestamp,operation,key,size,tags';
    const text = `${header}\n2025-01-01T00:00:00Z,PUT,a,1000000,%FF=x&t=%41%\n2025-02-01T00:00:00Z,GET,a,,\n`;
    const rule = (key: string, value: string): Policy => {
      const rules = [
        { ID: 'r', Status: 'Enabled', Filter: { Tag: { Key: key, Value: value } }, Expiration: { Days: 1 } },
      ];
      return parsePolicyFile(JSON.stringify({ Rules: rules }), { name: `${key}=${value}` }).policy!;
    };
    const policies = [rule('%FF', 'x'), rule('t', 'A%'), rule('t', 'x')];
    for (const bad of ['', '2025-01-03T00:00:00Z,PUT,b,x,\n']) {
      const path = folder.write('tags.csv', text + bad);
      const { comparison } = await runFiles(path, { onBadRow: 'skip' }, policies);
      const lost = policies.map(({ name }) => comparison.results.find(({ policy }) => policy === name)!.notices);
      expect(lost.map(({ readsAfterExpiration }) => readsAfterExpiration)).toEqual([1, 1, 0]);
    }
  });

  test('extra empty columns, rows of other widths in other files, a key of 2 MB', async () => {
    const expected = await total(folder.write('good.csv', GOOD));
    expect(await total(folder.write('extra.csv', GOOD.replaceAll(/(?<!size)\n/g, ',,\n')))).toBe(expected);
    expect(await total(folder.write('wide.csv', GOOD.replaceAll(/\n/g, ',x\n').replace('size,x', 'size,note')))).toBe(
      expected,
    );
    expect(await total(folder.write('key.csv', GOOD.replaceAll(',a,', `,${'k'.repeat(2 ** 21)},`)))).toBe(expected);
    expect(
      await refusal(runFiles(folder.write('key.csv', GOOD.replaceAll(',a,', `,${'k'.repeat(5 * 2 ** 20)},`)))),
    ).toContain('key.csv:2: the row is longer than 4 MB');
  });

  test('buckets keep equal keys apart', async () => {
    const text = (a: string, b: string): string =>
      `timestamp,operation,bucket,key,size\n2025-01-01T00:00:00Z,PUT,${a},1\n2025-01-01T00:00:00Z,PUT,${b},1\n`;
    const objects = async (a: string, b: string): Promise<number> =>
      (await runFiles(folder.write('buckets.csv', text(a, b)))).comparison.workload.objects;
    expect(await objects('x,k', 'y,k')).toBe(2);
    expect(await objects('x,k', 'x,k')).toBe(1);
    expect(await objects('x,y/k', 'x/y,k')).toBe(2);
    const plain = folder.write('plain.csv', `${HEADER}\n2025-01-01T00:00:00Z,PUT,k,1\n`);
    const { comparison } = await runFiles([plain, folder.write('buckets.csv', text(',k', 'x,k'))]);
    expect(comparison.workload.objects).toBe(2);
  });

  test.each(["it's", 'a*b', 'a?b', '[ab]', 'a\\b', '~', 'a"b', 'a b', 'ä🪣', '-', 'a;b', '%41', 'a$b{c}'])(
    'a file named %s.csv',
    async (name) => {
      mkdirSync(folder.path('names'), { recursive: true });
      expect((await runFiles(folder.write(`names/${name}.csv`, GOOD))).comparison.workload.events).toBe(2);
    },
  );

  test('the same file by several names is read once', async () => {
    const path = folder.write('once.csv', GOOD);
    const { comparison } = await runFiles([path, folder.path('on*.csv'), `${folder.path('names')}/../once.csv`]);
    expect(comparison.workload.events).toBe(2);
  });

  test('days that are billed: inside, outside, none', async () => {
    const path = folder.write('good.csv', GOOD);
    const day = (text: string): number => Date.parse(text) / 1000;
    const run = async (from: string, until: string) =>
      (await runFiles(path, { from: day(from), until: day(until) })).comparison;
    expect((await run('2025-01-10', '2025-01-11')).workload).toMatchObject({
      from: '2025-01-10T00:00:00Z',
      until: '2025-01-11T00:00:00Z',
    });
    expect((await run('2024-01-01', '2024-02-01')).results[0]!.totalUSD).toBe('0.000000000');
    expect(Number((await run('2026-01-01', '2026-02-01')).results[0]!.totalUSD)).toBeGreaterThan(0);
    expect(await refusal(runFiles(path, { from: day('2025-03-01') }))).toBe(
      'nothing to bill: the horizon begins on 2025-03-01 and ends on 2025-01-21 (the trace covers 2025-01-01 to 2025-01-21)',
    );
  });
});

describe('Parquet', () => {
  const COLUMNS =
    "operation, key, size FROM (VALUES ('PUT', 'a', 1000000, 0), ('GET', 'a', NULL, 19)) t(operation, key, size, day)";

  async function parquet(name: string, select: string): Promise<string> {
    const path = folder.path(name);
    await sql(`COPY (SELECT ${select}) TO '${path.replaceAll("'", "''")}' (FORMAT parquet)`);
    return path;
  }

  test.each(['TIMESTAMP', 'TIMESTAMPTZ', 'TIMESTAMP_S', 'TIMESTAMP_MS', 'TIMESTAMP_NS', 'DATE', 'VARCHAR'])(
    'times as %s',
    async (type) => {
      const expected = await total(folder.write('good.csv', GOOD));
      const path = await parquet(
        'times.parquet',
        `CAST(TIMESTAMP '2025-01-01' + INTERVAL 1 DAY * day AS ${type}) AS timestamp, ${COLUMNS}`,
      );
      expect(await total(path)).toBe(expected);
    },
  );

  test.each([
    '1735689600 + 86400 * day',
    '(1735689600 + 86400 * day)::BIGINT * 1000',
    '(1735689600 + 86400 * day)::DOUBLE',
  ])('times as the number %s', async (time) => {
    const path = await parquet('epoch.parquet', `${time} AS timestamp, ${COLUMNS}`);
    expect(await total(path)).toBe(await total(folder.write('good.csv', GOOD)));
  });

  const BAD = `TIMESTAMP '2025-01-01' AS timestamp, 'PUT' AS operation, 'k' || i AS key,
    CASE i WHEN 2 THEN -5 WHEN 4 THEN NULL WHEN 5 THEN 1.5 ELSE 7 END AS size FROM range(1, 7) t(i)`;

  test('bad rows are named by number, and kept', async () => {
    const path = await parquet('bad.parquet', BAD);
    expect(await refusal(runFiles(path))).toBe(
      "bad.parquet:2: size '-5.0' is negative\nbad.parquet:5: size '1.5' is not a whole number of bytes".replace(
        '-5.0',
        '-5',
      ),
    );
    const rejects = folder.path('parquet-rejects.csv');
    const { comparison } = await runFiles([path, folder.write('good.csv', GOOD)], { onBadRow: 'skip', rejects });
    expect(comparison.workload).toMatchObject({ events: 5, rejectedRows: 3 });
    const text = readFileSync(rejects, 'utf8');
    expect(text.match(/^# .*bad\.parquet:(2|5|4): /gm)).toHaveLength(3);
    expect(text).toContain('2025-01-01 00:00:00,PUT,k2,-5');
    expect(text).toContain("the size of this object is never given (key 'k4')");
  });

  test('a key that begins with a byte order mark is another key, in whichever reader', async () => {
    const select = (bad: string): string =>
      `TIMESTAMP '2025-01-01' AS timestamp, 'PUT' AS operation, unnest(['a', chr(65279) || 'a', 'b']) AS key, unnest([1, 2, ${bad}]) AS size`;
    const objects = async (bad: string): Promise<number> => {
      const { comparison } = await runFiles(await parquet('marks.parquet', select(bad)), { onBadRow: 'skip' });
      return comparison.workload.objects;
    };
    expect([await objects('3'), await objects('-3')]).toEqual([3, 2]);
  });

  test('times that are none', async () => {
    const path = await parquet(
      'infinity.parquet',
      `unnest(['infinity', NULL, '1969-12-31', '2200-01-01'])::TIMESTAMP AS timestamp, 'PUT' AS operation, 'k' AS key, 1 AS size`,
    );
    expect((await refusal(runFiles(path))).split('\n').map((line) => line.slice(0, 45))).toEqual([
      "infinity.parquet:1: timestamp 'infinity' is n",
      "infinity.parquet:2: timestamp '' is neither I",
      "infinity.parquet:3: timestamp '1969-12-31 00:",
      "infinity.parquet:4: timestamp '2200-01-01 00:",
    ]);
  });

  test.each([
    [
      "DATE '2025-01-01' AS timestamp, 'PUT' AS operation, 'k' AS key, '5' AS size",
      "column 'size' is VARCHAR, not a number",
    ],
    ["TIME '10:00' AS timestamp, 'PUT' AS operation, 'k' AS key, 5 AS size", "column 'timestamp' is TIME, not a time"],
    ["1 AS timestamp, 'PUT' AS operation, 7 AS key, 5 AS size", "column 'key' is INTEGER, not text"],
    [
      "1 AS timestamp, 'PUT' AS operation, 7 AS object, 5 AS size",
      "no column 'key'; the header has 'timestamp', 'operation', 'object', 'size'; perhaps --map 'key=object'",
    ],
  ])('columns that cannot be: %s', async (select, message) => {
    expect(await refusal(runFiles(await parquet('types.parquet', select)))).toBe(`types.parquet: ${message}`);
  });

  test('an object without a size, no rows, cut off, damaged', async () => {
    const unsized = await parquet(
      'unsized.parquet',
      "1735689600 AS timestamp, unnest(['PUT', 'GET']) AS operation, unnest(['a', 'b']) AS key, unnest([1, NULL]) AS size",
    );
    expect(await refusal(runFiles(unsized))).toBe(
      "unsized.parquet:2: the size of this object is never given (key 'b')",
    );
    const none = await parquet('none.parquet', `${BAD} WHERE i > 9`);
    expect(await refusal(runFiles(none))).toBe('none.parquet: there is no row in it');
    const whole = readFileSync(
      await parquet(
        'whole.parquet',
        `TIMESTAMP '2025-01-01' AS timestamp, 'PUT' AS operation, 'key ' || hash(i) AS key, i AS size FROM range(50000) t(i)`,
      ),
    );
    const message = /^damaged\.parquet: the Parquet file is cut off or damaged \(/;
    expect(await refusal(runFiles(folder.write('damaged.parquet', whole.subarray(0, whole.length >> 1))))).toMatch(
      message,
    );
    whole.fill(0xff, whole.length >> 2, (whole.length >> 2) + 5000);
    const damaged = folder.write('damaged.parquet', whole);
    expect(await refusal(runFiles(damaged))).toMatch(message);
    expect(await refusal(runFiles([folder.write('bad.csv', `${GOOD}bad\n`), damaged], { onBadRow: 'skip' }))).toMatch(
      message,
    );
  });
});
