/** Documents of any content (policies, prices, offers, manifests, totals): a value, or what is wrong with them in words. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InputError, UsageError } from '../src/model/diagnostic.ts';
import { regionPrices } from '../src/node/price-files.ts';
import { namedPolicy, parsePolicyFile } from '../src/policies/index.ts';
import { importOffers } from '../src/pricing/import-offers.ts';
import { parseOfferCsv } from '../src/pricing/offer-csv.ts';
import { parseOfferJson } from '../src/pricing/offer-json.ts';
import { parsePriceList } from '../src/pricing/price-list.ts';
import { compare } from '../src/simulate.ts';
import { readTrace } from '../src/sources/read-trace.ts';
import { s3Inventory } from '../src/sources/s3-inventory.ts';
import { totals } from '../src/sources/totals.ts';
import { readTraceFacts, TRACE_KEY, type TraceFacts } from '../src/sources/trace-facts.ts';
import { changedJson, FUZZ_TIMEOUT, fuzzLines, tampered } from './fuzz.ts';

const SETTINGS = { file: 'document', renames: {} };
const TRACE = readTrace('timestamp,operation,key,size\n2025-01-01T00:00:00Z,PUT,a,9\n2025-02-01T00:00:00Z,GET,a,\n');
const PRICES = regionPrices('us-east-1');
const STANDARD = namedPolicy('standard');

/** How a document is read and then used; what is wrong with it is an InputError. */
interface Reader {
  /** Texts that can be read. */
  readonly good: readonly string[];
  /** What is put into them. */
  readonly pieces: readonly string[];
  read(text: string): unknown;
}

const file = (name: string): string => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');

const JSON_PIECES = [
  '{',
  '}',
  '[',
  ']',
  '"',
  ',',
  ':',
  'null',
  '1e999',
  '-0',
  '{"toString":1}',
  '"\\u0000"',
  '\\',
  '\n',
];
const YAML_PIECES = [
  '- ',
  '? ',
  ': ',
  '&a ',
  '*a',
  '|',
  '>',
  '!!set',
  '<<: ',
  '\n  ',
  '\t',
  '#',
  '---\n',
  '%',
  '"',
  '{',
  '[',
];
const XML_PIECES = [
  '<',
  '>',
  '</',
  '/>',
  '<!--',
  '-->',
  '<![CDATA[',
  ']]>',
  '&amp;',
  '&#0;',
  '&a;',
  '<?x?>',
  '<Rule>',
  '"',
];

function readPolicy(text: string): void {
  const { policy, diagnostics } = parsePolicyFile(text, { name: 'fuzzed', file: 'document' });
  expect(policy === undefined).toBe(diagnostics.length > 0);
  for (const { message } of diagnostics) expect(message).toMatch(/\S/);
  if (policy) compare(TRACE, [policy], PRICES);
}

function readPrices(text: string): void {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return;
  }
  compare(TRACE, [STANDARD], parsePriceList(json, 'document', regionPrices));
}

const MANIFEST = JSON.stringify(
  {
    sourceBucket: 'pictures',
    version: '2016-11-30',
    creationTimestamp: '1741568400000',
    fileFormat: 'CSV',
    fileSchema: 'Bucket, Key, VersionId, IsLatest, IsDeleteMarker, Size, LastModifiedDate, StorageClass',
    files: [{ key: 'data/a.csv.gz', size: 2147483647, MD5checksum: 'f11166069f1990abeb9c97ace9cdfabc' }],
  },
  undefined,
  2,
);

const FACTS: TraceFacts = {
  schema: 'tiercast.trace/1',
  tiercast: '0.1.0',
  rows: 50,
  objects: 5,
  first: '2025-01-10T00:00:00.000Z',
  last: '2025-01-19T00:00:00.000Z',
  namesVersions: false,
  hasTags: false,
  runs: [20, 30],
  formats: [{ name: 'csv', title: 'CSV', files: 1 }],
  onBadRow: 'skip',
  rejectedRows: 1,
  counts: {
    rejections: [{ reason: 'the key is empty', rows: 1, bytes: '20', example: 'a.csv:7: the key is empty' }],
    rowBytes: '2000',
    duplicateRows: 0,
    otherRows: [{ kind: 'S3 management event', rows: 3 }],
    unknownCopies: 0,
    sizesFromReads: 0,
    buckets: ['b'],
  },
  horizon: { from: 1736467200, until: 1737331200 },
};

const READERS: Readonly<Record<string, Reader>> = {
  'a policy in JSON': {
    good: ['lifecycle', 'policies/logs', 'policies/intelligent-archive'].map((name) => file(`samples/${name}.json`)),
    pieces: [...JSON_PIECES, '"Days"', '"GLACIER"', '"Filter"', '"Tag"', '-1', '2147483648', '"2025-01-01"'],
    read: readPolicy,
  },
  'a policy in XML': { good: [file('samples/draft.xml')], pieces: XML_PIECES, read: readPolicy },
  prices: {
    good: [file('samples/contract.json'), file('pricing/us-east-1.json')],
    pieces: [...JSON_PIECES, '"-1"', '"0.1"', '"1e3"', '"*"', '"extends"', '9'],
    read: readPrices,
  },
  'an offer in JSON': {
    good: ['AmazonS3', 'AmazonS3GlacierDeepArchive', 'AWSDataTransfer'].map((name) =>
      file(`tests/pricing/offers/${name}.json`),
    ),
    pieces: [...JSON_PIECES, '"Inf"', '"USD"', '"OnDemand"', '9'],
    read: (text) => importOffers([parseOfferJson(text, 'document')]),
  },
  'an offer in CSV': {
    good: [file('tests/pricing/offers/AmazonS3-eu-west-1.csv')],
    pieces: ['"', '""', ',', '\n', '\r', 'Inf', '-1', '1e3', 'é', '\u0000'],
    read: (text) => importOffers([parseOfferCsv(text, 'document')]),
  },
  'a manifest': {
    good: [MANIFEST],
    pieces: [...JSON_PIECES, '"ORC"', '"Parquet"', '../'],
    read: (text) => s3Inventory.open(text, SETTINGS),
  },
  'the facts of a trace': {
    good: [JSON.stringify(FACTS, undefined, 2)],
    pieces: JSON_PIECES,
    read: (text) => readTraceFacts(new Map([[TRACE_KEY, text]]), 'document'),
  },
  totals: {
    good: [
      file('samples/totals.yaml'),
      JSON.stringify({ totals: 1, groups: { a: { stored: { GB: 1, objects: 5 } } } }),
    ],
    pieces: [...YAML_PIECES, ...JSON_PIECES, '20%', '1 GB', '1e9', '0x10', '9'],
    async read(text) {
      const { csv } = await totals.open(text, SETTINGS);
      // Rows of many months take their time.
      if (csv.length < 100_000) readTrace(csv, { format: 'csv' });
    },
  },
};

/** Reads a text; anything thrown but a refusal in words fails the test. Says whether it was read. */
async function isRead(read: Reader['read'], text: string): Promise<boolean> {
  try {
    await read(text);
    return true;
  } catch (error) {
    if (!(error instanceof InputError || error instanceof UsageError)) throw error;
    expect(error.message).toMatch(/\S/);
    return false;
  }
}

/** A text in which lines are gone, or come again elsewhere. */
function shuffled(text: string): fc.Arbitrary<string> {
  const lines = text.split('\n');
  return fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat(3)), { minLength: 1, maxLength: 3 }).map((moves) => {
    const changed = [...lines];
    for (const [from, to, count] of moves) {
      const moved = lines.slice(from % lines.length, (from % lines.length) + count);
      changed.splice(to % (changed.length + 1), count === 3 ? 2 : 0, ...moved);
    }
    return changed.join('\n');
  });
}

describe('a document that is changed somewhere', () => {
  test.each(Object.entries(READERS))('%s', { timeout: FUZZ_TIMEOUT }, async (_, { good, pieces, read }) => {
    const whole = fc.constantFrom(...good);
    const isJson = /^[{[]/.test(good[0]!);
    const text = fc.oneof(
      { weight: 3, arbitrary: tampered(whole, pieces) },
      { weight: 2, arbitrary: whole.chain((text) => shuffled(text)) },
      ...(isJson ? [{ weight: 3, arbitrary: whole.chain((text) => changedJson(text)) }] : []),
      {
        weight: 1,
        arbitrary: fc.array(fc.constantFrom(...pieces), { maxLength: 40, size: 'max' }).map((all) => all.join('')),
      },
      { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
    );
    for (const one of good) await read(one);
    let taken = 0;
    for (let lines = 0, seed = 0; lines < fuzzLines(1000); seed++) {
      for (const one of fc.sample(text, { numRuns: 50, seed })) {
        if (await isRead(read, one)) taken++;
        lines += one.split('\n').length;
      }
    }
    expect(taken).toBeGreaterThan(0);
  });
});

/** Repetitions of a piece: more than a stack has calls, where there is time. */
const TIMES = Math.min(fuzzLines(1000), 50_000);

describe('a document that is one piece over and over', () => {
  const beginnings = [
    '',
    '{"Rules":[',
    '{"a":',
    '<LifecycleConfiguration>',
    'totals: 1\ngroups: ',
    '{"offerCode":"AmazonS3","products":',
    'SKU\n',
  ];

  test.each(Object.entries(READERS))('%s', { timeout: 300_000 }, async (_, { good, pieces, read }) => {
    const all = [
      ...pieces,
      ' ',
      '\n',
      'a',
      'a ',
      '"a",',
      '{"a":',
      '<a>',
      '<a b="c">',
      '<a b="/>">',
      '- - ',
      '\ufeff',
      '(',
      '//x\n',
      '/*',
    ];
    for (const piece of new Set(all))
      for (const begin of new Set(['', good[0]!.slice(0, good[0]!.length / 2), ...beginnings]))
        await isRead(read, begin + piece.repeat(TIMES));
  });
});
