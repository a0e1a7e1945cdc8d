/** Explanations of files: the bulk engine finds what a trace in memory finds, by names people write. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { explain } from '../../src/explain.ts';
import { DEFAULT_SWITCHES } from '../../src/model/assumptions.ts';
import type { Explanation, Question } from '../../src/model/explanation.ts';
import { explainFiles } from '../../src/node/explain.ts';
import { regionPrices } from '../../src/node/price-files.ts';
import { namedPolicy, parsePolicyFile } from '../../src/policies/index.ts';
import type { Policy } from '../../src/policies/policy.ts';
import { readCsv } from '../../src/sources/read-trace.ts';
import { refusal, sql, testFolder } from './run-files.ts';

const folder = testFolder();
const prices = regionPrices('us-east-1');

async function explained(
  input: string,
  asked: Question,
  policy: Policy = namedPolicy('standard'),
  onBadRow: 'fail' | 'skip' = 'fail',
): Promise<Explanation> {
  const { explanation } = await explainFiles(policy, prices, asked, {
    inputs: [input],
    renames: {},
    onBadRow,
    restoreTier: 'standard',
    restoreDays: 1,
    egress: false,
    switches: DEFAULT_SWITCHES,
  });
  return explanation;
}

/** All but what says where the trace came from. */
function withoutOrigin({ workload, ...explanation }: Explanation): object {
  const { inputs: _, formats: __, ...facts } = workload;
  return { ...explanation, workload: facts };
}

const VIDEO = 'samples/video.csv';
const LIFECYCLE = parsePolicyFile(readFileSync('samples/lifecycle.json', 'utf8'), { name: 'lifecycle' }).policy!;

describe('files are explained as a trace in memory is', () => {
  test.each<[string, Question]>([
    ['one object', { key: 'titles/0000000/1080p-0.mp4' }],
    ['the dearest', { top: 12 }],
    ['the dearest under a prefix', { top: 5, prefix: 'titles/00000' }],
  ])('%s', async (_, asked) => {
    const bulk = await explained(VIDEO, asked, LIFECYCLE);
    const memory = explain(readCsv(readFileSync(VIDEO, 'utf8')), LIFECYCLE, prices, asked);
    expect(withoutOrigin(bulk)).toEqual(withoutOrigin(memory));
    expect(bulk.objects.length).toBeGreaterThan(0);
  });

  test('versions with their ids, in several buckets, out of Parquet', async () => {
    const csv = folder.write(
      'versions.csv',
      [
        'timestamp,operation,bucket,key,size,version_id,tags',
        '2025-01-01T00:00:00Z,PUT,one,a b/ü,200000,v1,x=1',
        '2025-01-02T00:00:00Z,PUT,one,a b/ü,300000,v2,',
        '2025-01-03T00:00:00Z,GET,one,a b/ü,,v1,',
        '2025-01-04T00:00:00Z,DELETE,one,a b/ü,,,',
        '2025-01-05T00:00:00Z,DELETE,one,a b/ü,,gone,',
        "2025-01-05T00:00:00Z,PUT,two,it's,100,null,",
        '2025-01-31T00:00:00Z,LIST,two,,,,',
        '',
      ].join('\n'),
    );
    const parquet = folder.path('versions.parquet');
    const rows = `SELECT * REPLACE (CAST(size AS BIGINT) AS size) FROM read_csv('${csv}', all_varchar=true)`;
    await sql(`COPY (${rows}) TO '${parquet}'`);
    const trace = readCsv(readFileSync(csv, 'utf8'));
    for (const asked of [{ key: 'one/a b/ü' }, { key: "it's" }, { top: 9 }, { top: 9, prefix: 'two/' }]) {
      const memory = withoutOrigin(explain(trace, namedPolicy('as-is'), prices, asked));
      for (const input of [csv, parquet]) {
        expect(withoutOrigin(await explained(input, asked, namedPolicy('as-is')))).toEqual(memory);
      }
    }
    const { objects } = await explained(csv, { key: 'a b/ü' }, namedPolicy('as-is'));
    expect(objects[0]!.versions.map(({ versionId }) => versionId)).toEqual(['v1', 'v2', 'gone']);
  });

  test('with rows left out that cannot be read', async () => {
    const rows = ['timestamp,operation,key,size', '2025-01-01T00:00:00Z,PUT,k,1000', 'yesterday,PUT,k,2000', ''];
    const bad = folder.write('bad.csv', rows.join('\n'));
    const good = folder.write('good.csv', rows.toSpliced(2, 1).join('\n'));
    const [left, whole] = [await explained(bad, { key: 'k' }, undefined, 'skip'), await explained(good, { key: 'k' })];
    expect(left.objects).toEqual(whole.objects);
    expect(left.workload.rejectedRows).toBe(1);
  });

  test('an object whose size nobody gives is named as left out', async () => {
    const input = folder.write(
      'unsized.csv',
      'timestamp,operation,key,size\n2025-01-01T00:00:00Z,PUT,k,1000\n2025-01-02T00:00:00Z,GET,lost,\n',
    );
    const { objects } = await explained(input, { key: 'lost' }, undefined, 'skip');
    expect(objects[0]).toMatchObject({ key: 'lost', leftOut: 1, size: null, totalUSD: '0.000000000', rows: [] });
  });
});

describe('what nobody asked for in the trace', () => {
  test.each([
    ['titles/0000000/1080p-0.mp3', "; did you mean 'titles/0000000/1080p-0.mp4'?"],
    ['1080p-0.mp4', /; did you mean 'titles\/\d+\/1080p-0.mp4'\?$/],
    ['TITLES/0000000/1080P-0.MP4', "; did you mean 'titles/0000000/1080p-0.mp4'?"],
    ['titles/0000000/', /^no object 'titles\/0000000\/'; \d+ keys begin with it: --prefix 'titles\/0000000\/'$/],
    ["x' OR 1=1 --", /of an object 'x' OR 1=1 --'$/],
  ])('the key %j', async (key, hint) => {
    const message = await refusal(explained(VIDEO, { key }));
    if (typeof hint === 'string') expect(message).toContain(hint);
    else expect(message).toMatch(hint);
  });

  test.each([
    ['titles/none/', "no key begins with 'titles/none/'; there are 'titles/'"],
    ['photos/', "no key begins with 'photos/'; there are 'titles/'"],
  ])('the prefix %j', async (prefix, message) => {
    expect(await refusal(explained(VIDEO, { top: 1, prefix }))).toBe(message);
  });
});
