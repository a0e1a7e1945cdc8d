import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { formatDiagnostic } from '../../src/model/diagnostic.ts';
import { EXPRESS_ONEZONE, GLACIER_IR, INTELLIGENT_TIERING } from '../../src/model/storage-class.ts';
import { parsePolicyFile } from '../../src/policies/index.ts';
import { readPolicyDocument } from '../../src/policies/policy-document.ts';

const samples = new URL('../../samples/', import.meta.url);

/** What is printed of a file's text. */
function printed(text: string): string[] {
  const { policy, diagnostics } = parsePolicyFile(text, { file: 'life.json', name: 'life' });
  expect(policy === undefined).toBe(diagnostics.length > 0);
  return diagnostics.map(formatDiagnostic);
}

const RULE = { ID: 'r', Status: 'Enabled', Filter: { Prefix: 'test/' } };
const expire = { Expiration: { Days: 365 } };

describe('a text that is no policy', () => {
  it.each([
    ['Rules:\n- ID: a\n', 'YAML'],
    ['---\nRules: []', 'YAML'],
    ['resource "aws_s3_bucket_lifecycle_configuration" "x" {\n}', 'Terraform'],
    ['# logs\n/* of the site */ // all\nlocals {\n}', 'Terraform'],
    ['  rule {\n    id = "logs"\n  }', 'Terraform'],
    ['Rules:', 'YAML'],
    ['x:\n  AWSTemplateFormatVersion: 1', 'YAML'],
    ['{"terraform_version": "1.9.0", "planned_values": {}}', 'Terraform'],
    ['AWSTemplateFormatVersion: 2010-09-09\nResources:\n  Bucket:\n', 'a CloudFormation template'],
    ['{"Resources": {"Bucket": {"Type": "AWS::S3::Bucket"}}}', 'a CloudFormation template'],
  ])('%j is %s', (text, format) => {
    expect(printed(text)).toEqual([
      `life.json:1: this is ${format}, which is not read; print the configuration of the bucket it makes with: aws s3api get-bucket-lifecycle-configuration --bucket BUCKET --output json`,
    ]);
  });

  it.each(['{"a": "x: y" "b"}', '[# no]'])('%s is no YAML, since it does not begin so', (text) => {
    expect(printed(text)[0]).toContain('not valid JSON');
  });

  it('is told at once, however long its comments are', () => {
    expect(printed(`${'/* a */ '.repeat(100_000)}x`)[0]).toContain('not valid JSON at 1:1');
  });

  it.each([
    ['{\n  "Rules": [\n    oops\n  ]\n}', "3:5: expected a value, found 'oops'"],
    ['{"Rules": [],}', "1:14: expected a field name in double quotes, found '}'"],
    ['{"Rules": [{"ID": "a"} {}]}', "1:24: expected ',' or ']', found '{}]}'"],
    ['{"a" 1}', "1:6: expected ':', found '1}'"],
    ['{"a": "\\u00"}', '1:7: expected a text closed by a double quote'],
    ['{"a": \nx', "2:1: expected a value, found 'x'"],
    ['{"a": "b\n"}', `1:7: expected a text closed by a double quote, without line breaks in it, found '"b'`],
    ['{"a": 1\u2028\n}', "1:8: expected ',' or '}', found '"],
    ['{"Rules": [', '1:12: expected a value, found the end of the file'],
    ['{"Rules": []} x', "1:15: expected the end of the file, found 'x'"],
    ['{"a": 01}', "1:7: expected a value, found '01}'"],
    ['{"Rules": [], "Rules": []}', `1:15: expected each field once, found '"Rules": []}'`],
    ['{"a": "b\u001b[2J"}', '1:7: expected a text closed by a double quote, without line breaks in it, found '],
    ['', '1:1: expected a value, found the end of the file'],
    [`${'['.repeat(100_000)}`, '1:65: expected at most 64 levels, found '],
  ])('%# says where it stops being JSON', (text, words) => {
    const [message] = printed(text);
    expect(message).toContain(`not valid JSON at ${words}`);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence would drive a terminal
    expect(message).not.toMatch(/\u001b/);
  });

  it.each([
    ['[]', 'a policy file holds one object'],
    [
      '{}',
      "an empty policy: it has neither 'Rules' nor any of name, uploadStorageClass, lifecycle, intelligentTiering",
    ],
    ['{"uploadStorageClass": "EXPRESS_ONEZONE", "lifecycle": {"Rules": 5}}', 'Rules must be a list [ … ], not 5'],
    ['{"rules": []}', "unknown field 'rules' in a policy file; did you mean 'Rules'?"],
    ['{"Rules": 5}', 'Rules must be a list [ … ], not 5'],
    ['{"Rules": [7]}', 'rule 1 must be an object { … }, not 7'],
    [
      '{"uploadStorageClass": "GLACIER_RI"}',
      "'uploadStorageClass' 'GLACIER_RI' is no storage class; did you mean 'GLACIER_IR'?",
    ],
    [
      '{"uploadStorageClass": "quite another"}',
      "'uploadStorageClass' 'quite another' is no storage class; it is one of STANDARD, STANDARD_IA, ",
    ],
    ['{"uploadStorageClass": 7}', "'uploadStorageClass' '' is no storage class; it is one of STANDARD, "],
    ['{"name": 7}', "'name' must be a text of 1 to 100 characters"],
    ['{"name": " "}', "'name' must be a text of 1 to 100 characters"],
    [`{"name": "${'x'.repeat(101)}"}`, "'name' must be a text of 1 to 100 characters"],
    [
      '{"Rules": [], "TransitionDefaultMinimumObjectSize": 7}',
      'Invalid TransitionDefaultMinimumObjectSize found: no text;',
    ],
    ['{"Rules": [{"ID": 7, "Filter": {}}]}', "'ID' must be a text, not 7"],
    ['{"name": ""}', "'name' must be a text of 1 to 100 characters"],
    ['{"lifecycle": {"__proto__": 1, "Rules": []}}', "unknown field '__proto__' in the lifecycle configuration"],
  ])('%s', (text, words) => {
    expect(printed(text)[0]).toContain(words);
  });

  it('names the line of the rule', () => {
    const text = JSON.stringify(
      {
        Rules: [
          { ...RULE, ...expire },
          { ...RULE, ID: 'two', Expiration: { Days: 0 } },
        ],
      },
      null,
      2,
    );
    const line = text.split('\n').findIndex((row) => row.includes('"Days": 0'));
    expect(printed(text)).toEqual([
      `life.json:${line}: rule 'two': InvalidArgument: 'Days' for Expiration action must be a positive integer`,
    ]);
  });

  it('shows what is hostile in it harmlessly, and keeps it as it is in data', () => {
    const ID = '\u001b]0;owned\u0007<script>alert(1)</script>';
    expect(printed(JSON.stringify({ Rules: [{ ...RULE, ID }] }))).toEqual([
      "life.json:1: rule '\\u{1b}]0;owned\\u{7}<script>alert(1)</script>': InvalidRequest: At least one action needs to be specified in a rule",
    ]);
    const Filter = { Prefix: '\u001b[2J/' };
    const { policy } = parsePolicyFile(JSON.stringify({ Rules: [{ ...RULE, ...expire, ID, Filter }] }), { name: 'x' });
    expect(policy!.rules).toEqual([ID]);
    expect(policy!.description).toBe(
      "uploads to the class the trace gives; under '\\u{1b}[2J/': expires after 365 days",
    );
  });
});

describe('a policy document', () => {
  it('names itself, the class of uploads, and rules', () => {
    const lifecycle = {
      Rules: [{ ...RULE, Filter: {}, Transitions: [{ Days: 30, StorageClass: 'GLACIER' }], ...expire }],
    };
    const { policy } = parsePolicyFile(
      `\uFEFF${JSON.stringify({ name: 'mine', uploadStorageClass: 'GLACIER_IR', lifecycle })}`,
      { name: 'file' },
    );
    expect(policy).toMatchObject({ name: 'mine', uploadClass: GLACIER_IR, rules: ['r'] });
    expect(policy!.description).toBe('uploads to GLACIER_IR; GLACIER after 30 days; expires after 365 days');
  });

  it('may have a name of 100 characters, and uploads to STANDARD', () => {
    const name = 'x'.repeat(100);
    const { policy } = parsePolicyFile(JSON.stringify({ name, uploadStorageClass: 'STANDARD' }), { name: 'file' });
    expect(policy).toMatchObject({ name, uploadClass: 0 });
  });

  it('may have a byte order mark before it, and keeps one within', () => {
    expect(readPolicyDocument('\uFEFF{"name": "a\uFEFFb"}').document).toEqual({ name: 'a\uFEFFb' });
    expect(readPolicyDocument('{"name": "a\uFEFFb"}').document).toEqual({ name: 'a\uFEFFb' });
  });

  it('says nothing of what it does not say', () => {
    const { document } = readPolicyDocument('{"name": "x"}');
    expect(document).toStrictEqual({ name: 'x' });
  });

  it('has rules that only expire in EXPRESS_ONEZONE, or are disabled', () => {
    const Rules = [
      { ...RULE, ...expire },
      { ...RULE, ID: 's', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } },
      { ...RULE, ID: 't', Status: 'Disabled', Transitions: [{ Days: 30, StorageClass: 'GLACIER' }] },
    ];
    expect(printed(JSON.stringify({ uploadStorageClass: 'EXPRESS_ONEZONE', lifecycle: { Rules } }))).toEqual([]);
  });

  it('takes the name it is given when it has none', () => {
    expect(parsePolicyFile('{"uploadStorageClass":"EXPRESS_ONEZONE"}', { name: 'file' }).policy).toMatchObject({
      name: 'file',
      uploadClass: EXPRESS_ONEZONE,
      description: 'uploads to EXPRESS_ONEZONE; nothing moves or expires',
    });
  });

  it('has no transitions out of EXPRESS_ONEZONE', () => {
    const lifecycle = { Rules: [{ ...RULE, Transitions: [{ Days: 30, StorageClass: 'GLACIER' }] }] };
    expect(printed(JSON.stringify({ uploadStorageClass: 'EXPRESS_ONEZONE', lifecycle }))).toEqual([
      "life.json:1: rule 'r': uploads to EXPRESS_ONEZONE go to a directory bucket, whose lifecycle rules have no Transition",
    ]);
  });

  it.each([
    ['NoncurrentVersionTransition', { NoncurrentVersionTransitions: [{ NoncurrentDays: 1, StorageClass: 'GLACIER' }] }],
    ['NoncurrentVersionExpiration', { NoncurrentVersionExpiration: { NoncurrentDays: 1 } }],
    ['ExpiredObjectDeleteMarker', { Expiration: { ExpiredObjectDeleteMarker: true } }],
    ['Tag', { ...expire, Filter: { Tag: { Key: 'k', Value: 'v' } } }],
    ['Date', { Expiration: { Date: '2099-01-01' } }],
  ])('has no %s in EXPRESS_ONEZONE', (foreign, rule) => {
    const lifecycle = { Rules: [{ ...RULE, ...rule }] };
    expect(printed(JSON.stringify({ uploadStorageClass: 'EXPRESS_ONEZONE', lifecycle }))[0]).toMatch(
      new RegExp(`whose lifecycle rules have no ${foreign}$`),
    );
  });

  it('says which uploads are aborted, by prefix', () => {
    const abort = (DaysAfterInitiation: number) => ({ AbortIncompleteMultipartUpload: { DaysAfterInitiation } });
    const Rules = [
      { ...RULE, ...abort(7) },
      { ...RULE, ID: 's', Filter: {}, ...abort(14) },
      { ...RULE, ID: 't', Status: 'Disabled', ...abort(1) },
    ];
    const { policy } = parsePolicyFile(JSON.stringify({ Rules }), { name: 'x' });
    expect(policy!.marks).toEqual([{ kind: 'prefix', prefix: 'test/' }]);
    expect(policy!.abortIncompleteUploads).toEqual([
      { marks: [0], days: 7, notBefore: -Infinity, rule: 0 },
      { marks: [], days: 14, notBefore: -Infinity, rule: 1 },
    ]);
    expect(policy!.description).toContain("under 'test/': incomplete uploads are aborted after 7 days");
  });
});

describe("Intelligent-Tiering's archive configurations", () => {
  const entry = { Id: 'a', Status: 'Enabled', Tierings: [{ Days: 90, AccessTier: 'ARCHIVE_ACCESS' }] };
  const tiers = (intelligentTiering: unknown) =>
    parsePolicyFile(JSON.stringify({ intelligentTiering }), { name: 'x' }).policy?.archiveTiers;

  it.each([
    ['a list', [entry]],
    ['what get-bucket-intelligent-tiering-configuration prints', { IntelligentTieringConfiguration: entry }],
    ['a list of these', [{ IntelligentTieringConfiguration: entry }]],
    ['what list-bucket-intelligent-tiering-configurations prints', { IntelligentTieringConfigurationList: [entry] }],
  ])('may be %s', (_, value) => {
    expect(tiers(value)).toEqual([{ marks: [], archiveAccessDays: 90 }]);
  });

  it.each([
    ['what get-bucket-intelligent-tiering-configuration prints', { IntelligentTieringConfiguration: entry }],
    [
      'what list-bucket-intelligent-tiering-configurations prints',
      { IsTruncated: false, IntelligentTieringConfigurationList: [entry] },
    ],
    ['what put-bucket-intelligent-tiering-configuration takes', entry],
  ])('are a policy by themselves: %s', (_, content) => {
    const { policy, diagnostics } = parsePolicyFile(JSON.stringify(content), { name: 'tiers' });
    expect(diagnostics).toEqual([]);
    expect(policy).toMatchObject({
      name: 'tiers',
      uploadClass: INTELLIGENT_TIERING,
      archiveTiers: [{ marks: [], archiveAccessDays: 90 }],
      description: "uploads to INTELLIGENT_TIERING; Intelligent-Tiering's Archive Access after 90 days without access",
    });
  });

  it('must be a whole list, and nothing else beside it', () => {
    const list = { IntelligentTieringConfigurationList: [entry] };
    expect(printed(JSON.stringify({ ...list, IsTruncated: true }))).toEqual([
      'life.json:1: this list goes on (IsTruncated): print the rest with --continuation-token, and put all into one list',
    ]);
    expect(printed(JSON.stringify({ ...list, IntelligentTiering: 1 }))[0]).toContain(
      "unknown field 'IntelligentTiering' in the output of list-bucket-intelligent-tiering-configurations",
    );
    expect(printed(JSON.stringify({ IntelligentTieringConfiguration: entry, Bucket: 'b' }))[0]).toContain(
      "unknown field 'Bucket' in the output of get-bucket-intelligent-tiering-configuration",
    );
  });

  it('filter by prefix and tags, and count when enabled', () => {
    const Filter = { And: { Prefix: 'p/', Tags: [{ Key: 'k', Value: 'v' }] } };
    const deep = [{ Days: 730, AccessTier: 'DEEP_ARCHIVE_ACCESS' }];
    expect(
      tiers([
        { ...entry, Filter, Tierings: deep },
        { ...entry, Id: 'b', Status: 'Disabled' },
      ]),
    ).toEqual([{ marks: [0, 1], deepArchiveAccessDays: 730 }]);
  });

  it.each([
    [
      [{ Days: 89, AccessTier: 'ARCHIVE_ACCESS' }],
      'InvalidArgument: Days specified in ARCHIVE_ACCESS tier should not be less than 90.',
    ],
    [
      [{ Days: 179, AccessTier: 'DEEP_ARCHIVE_ACCESS' }],
      'InvalidArgument: Days specified in DEEP_ARCHIVE_ACCESS tier should not be less than 180.',
    ],
    [
      [{ Days: 731, AccessTier: 'ARCHIVE_ACCESS' }],
      'InvalidArgument: Days specified in ARCHIVE_ACCESS tier should not be more than 730.',
    ],
    [
      [{ Days: 90, AccessTier: 'constructor' }],
      "'AccessTier' must be ARCHIVE_ACCESS or DEEP_ARCHIVE_ACCESS, not 'constructor'",
    ],
    [[], "'Tierings' must name a tier"],
    [[entry.Tierings[0], entry.Tierings[0]], "'AccessTier' ARCHIVE_ACCESS is given twice"],
  ])('%j is refused', (Tierings, words) => {
    const [message] = printed(JSON.stringify({ intelligentTiering: [{ ...entry, Tierings }] }));
    expect(message).toContain(`life.json:1: rule 'a': `);
    expect(message).toContain(words);
  });

  const MALFORMED =
    'MalformedXML: The XML you provided was not well-formed or did not validate against our published schema: ';

  it.each<[string, unknown, string]>([
    ['no list', 7, `${MALFORMED}intelligentTiering must be a list of configurations`],
    ['too many', new Array(1001).fill(entry), 'a bucket has at most 1000 Intelligent-Tiering configurations'],
    [
      'no object in a list',
      [entry, 7],
      `${MALFORMED}Intelligent-Tiering configuration 2 must be an object { … }, not 7`,
    ],
    ['an Id that is no text', [{ ...entry, Id: 7 }], `rule 'configuration 1': ${MALFORMED}'Id' must be a text, not 7`],
    ['the same Id twice', [entry, entry], "rule 'a': the same Id is given to more than one configuration"],
    ['another status', [{ ...entry, Status: 'On' }], `rule 'a': ${MALFORMED}'Status' must be 'Enabled' or 'Disabled'`],
    ['a filter that is none', [{ ...entry, Filter: 7 }], `rule 'a': ${MALFORMED}Filter must be an object { … }, not 7`],
    ['no tierings', [{ ...entry, Tierings: undefined }], `rule 'a': ${MALFORMED}'Tierings' is missing`],
    [
      'a tiering that is none',
      [{ ...entry, Tierings: [7] }],
      `rule 'a': ${MALFORMED}a Tiering must be an object { … }, not 7`,
    ],
    ['no tier', [{ ...entry, Tierings: [{ Days: 90 }] }], `rule 'a': ${MALFORMED}'AccessTier' is missing`],
    [
      'no days',
      [{ ...entry, Tierings: [{ AccessTier: 'ARCHIVE_ACCESS' }] }],
      `rule 'a': ${MALFORMED}'Days' is missing`,
    ],
  ])('%s is refused', (_, intelligentTiering, words) => {
    expect(printed(JSON.stringify({ intelligentTiering }))).toEqual([`life.json:1: ${words}`]);
  });

  it('are named by their place where they have no Id, 1,000 at the most', () => {
    const nameless = { ...entry, Id: undefined };
    expect(
      printed(JSON.stringify({ intelligentTiering: [nameless, { ...nameless, Id: '' }, { ...nameless, Id: '' }] })),
    ).toEqual([]);
    const Tierings: readonly unknown[] = [];
    expect(printed(JSON.stringify({ intelligentTiering: [entry, { ...nameless, Tierings }] }))[0]).toContain(
      "rule 'configuration 2': ",
    );
    const many = Array.from({ length: 1000 }, (_, i) => ({ ...entry, Id: `${i}` }));
    expect(printed(JSON.stringify({ intelligentTiering: many }))).toEqual([]);
  });

  it('are read as they are, and no more', () => {
    const Tierings = [{ Days: 180, AccessTier: 'DEEP_ARCHIVE_ACCESS' }];
    const { document } = readPolicyDocument(
      JSON.stringify({ intelligentTiering: [entry, { ...entry, Id: 'b', Tierings }] }),
    );
    expect(document!.intelligentTiering).toStrictEqual([
      { name: 'a', enabled: true, filter: { tags: [] }, archiveAccessDays: 90 },
      { name: 'b', enabled: true, filter: { tags: [] }, deepArchiveAccessDays: 180 },
    ]);
  });

  it('have no filter by size', () => {
    const [message] = printed(
      JSON.stringify({ intelligentTiering: [{ ...entry, Filter: { ObjectSizeLessThan: 1 } }] }),
    );
    expect(message).toContain("unknown field 'ObjectSizeLessThan' in Filter; it may have Prefix, Tag, And");
  });
});

describe('the samples', () => {
  const names = ['lifecycle.json', ...readdirSync(new URL('policies/', samples)).map((name) => `policies/${name}`)];

  it.each(names)('%s is a policy', (name) => {
    expect(printed(readFileSync(new URL(name, samples), 'utf8'))).toEqual([]);
  });

  it('logs.json in words', () => {
    const text = readFileSync(new URL('policies/logs.json', samples), 'utf8');
    expect(parsePolicyFile(text, { name: 'logs' }).policy!.description).toBe(
      "uploads to the class the trace gives; under 'logs/', over 65536 bytes: GLACIER after 30 days, DEEP_ARCHIVE after " +
        "180 days; expires after 730 days; tagged 'keep=no': expires after 7 days; incomplete uploads are aborted after 7 days",
    );
  });
});
