import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { formatDiagnostic } from '../../src/model/diagnostic.ts';
import { EXPRESS_ONEZONE, GLACIER, GLACIER_IR, STANDARD_IA } from '../../src/model/storage-class.ts';
import { Checks } from '../../src/policies/checks.ts';
import { parsePolicyFile } from '../../src/policies/index.ts';
import { parseJson } from '../../src/policies/json.ts';
import { parseLifecycleConfiguration } from '../../src/policies/lifecycle-configuration.ts';

const samples = new URL('../../samples/', import.meta.url);

/** What is printed of a file's text. */
function printed(text: string): string[] {
  const { policy, diagnostics } = parsePolicyFile(text, { file: 'life.json', name: 'life' });
  expect(policy === undefined).toBe(diagnostics.length > 0);
  return diagnostics.map(formatDiagnostic);
}

const RULE = { ID: 'r', Status: 'Enabled', Filter: { Prefix: 'test/' } };
const MALFORMED = 'The XML you provided was not well-formed or did not validate against our published schema: ';

/** Code and words for one rule, on top of an enabled rule under test/; undefined takes a field away. */
function refused(rule: Readonly<Record<string, unknown>>): string[] {
  const { diagnostics } = parsePolicyFile(JSON.stringify({ Rules: [{ ...RULE, ...rule }] }), { name: 'life' });
  for (const { where } of diagnostics) expect(where?.rule).toBe('r');
  return diagnostics.map(({ code, message }) => `${code ?? 'error'}: ${message}`);
}

const transitions = (...list: readonly (readonly [days: unknown, storageClass: string])[]) => ({
  Transitions: list.map(([days, storageClass]) => ({ Days: days, StorageClass: storageClass })),
});
const onDates = (...list: readonly (readonly [date: string, storageClass: string])[]) => ({
  Transitions: list.map(([date, storageClass]) => ({ Date: date, StorageClass: storageClass })),
});
const expire = { Expiration: { Days: 365 } };

// The words are those of S3's own answers, as recorded in the issue trackers of Terraform, CDK and S3-compatible servers.
describe('a rule that S3 refuses, in its words', () => {
  it.each<[string, Readonly<Record<string, unknown>>, string]>([
    ['no action', {}, 'InvalidRequest: At least one action needs to be specified in a rule'],
    ['no transitions', { Transitions: [] }, 'InvalidRequest: At least one action needs to be specified in a rule'],
    [
      'STANDARD_IA before 30 days',
      transitions([29, 'STANDARD_IA']),
      "InvalidArgument: 'Days' in Transition action must be greater than or equal to 30 for storageClass 'STANDARD_IA'",
    ],
    [
      'ONEZONE_IA before 30 days',
      transitions([0, 'ONEZONE_IA']),
      "InvalidArgument: 'Days' in Transition action must be greater than or equal to 30 for storageClass 'ONEZONE_IA'",
    ],
    ['negative days', transitions([-1, 'GLACIER']), "InvalidArgument: 'Days' in Transition action must be nonnegative"],
    [
      'less than 30 days in STANDARD_IA',
      transitions([30, 'STANDARD_IA'], [59, 'GLACIER']),
      "InvalidArgument: 'Days' in the 'Transition' action for StorageClass 'GLACIER' for filter '(prefix=test/)' must be 30 days more than 'filter '(prefix=test/)'' in the 'Transition' action for StorageClass 'STANDARD_IA'",
    ],
    [
      'less than 90 days in GLACIER_IR, whatever the order',
      transitions([93, 'DEEP_ARCHIVE'], [4, 'GLACIER_IR']),
      "InvalidArgument: 'Days' in the 'Transition' action for StorageClass 'DEEP_ARCHIVE' for filter '(prefix=test/)' must be 90 days more than 'filter '(prefix=test/)'' in the 'Transition' action for StorageClass 'GLACIER_IR'",
    ],
    [
      'less than 90 days in GLACIER, by date',
      onDates(['2025-01-01', 'GLACIER'], ['2025-03-31', 'DEEP_ARCHIVE']),
      "InvalidArgument: 'Date' in the 'Transition' action for StorageClass 'DEEP_ARCHIVE' for filter '(prefix=test/)' must be 90 days more than 'filter '(prefix=test/)'' in the 'Transition' action for StorageClass 'GLACIER'",
    ],
    [
      'a colder class no later than a warmer one',
      transitions([60, 'GLACIER'], [60, 'STANDARD_IA']),
      "InvalidArgument: 'Days' in the Transition action for StorageClass 'GLACIER' for filter '(prefix=test/)' must be greater than 'Days' in the Transition action for StorageClass 'STANDARD_IA' for filter '(prefix=test/)'",
    ],
    [
      'an expiration no later than a transition',
      { ...transitions([180, 'DEEP_ARCHIVE']), Expiration: { Days: 180 } },
      "InvalidArgument: 'Days' in the Expiration action for filter '(prefix=test/)' must be greater than 'Days' in the Transition action",
    ],
    [
      'an expiration no later than a transition, by date',
      { ...onDates(['2027-01-01', 'GLACIER']), Expiration: { Date: '2027-01-01' } },
      "InvalidArgument: 'Date' in the Expiration action for filter '(prefix=test/)' must be greater than 'Date' in the Transition action",
    ],
    [
      'transitions by days and by date',
      {
        Transitions: [
          ...transitions([30, 'GLACIER']).Transitions,
          ...onDates(['2026-01-01', 'DEEP_ARCHIVE']).Transitions,
        ],
      },
      "InvalidRequest: Found mixed 'Date' and 'Days' based Transition actions in lifecycle rule for filter '(prefix=test/)'",
    ],
    [
      'an expiration by date after a transition by days',
      { ...transitions([12, 'DEEP_ARCHIVE']), Expiration: { Date: '2027-01-03T00:00:00.000Z' } },
      "InvalidRequest: Found mixed 'Date' and 'Days' based Expiration and Transition actions in lifecycle rule for filter '(prefix=test/)'",
    ],
    [
      'a class twice',
      transitions([90, 'DEEP_ARCHIVE'], [180, 'DEEP_ARCHIVE']),
      "InvalidRequest: 'StorageClass' must be different for 'Transition' actions in same 'Rule' with filter '(prefix=test/)'",
    ],
    [
      'STANDARD',
      transitions([30, 'STANDARD']),
      "InvalidArgument: Invalid target Storage class for Transition action: 'STANDARD'",
    ],
    [
      'REDUCED_REDUNDANCY',
      transitions([30, 'REDUCED_REDUNDANCY']),
      "InvalidArgument: Invalid target Storage class for Transition action: 'REDUCED_REDUNDANCY'",
    ],
    [
      'an unknown class',
      transitions([30, 'Standard-IA']),
      `MalformedXML: ${MALFORMED}no storage class 'Standard-IA'; did you mean 'STANDARD_IA'?`,
    ],
    [
      'days and date at once',
      { Transitions: [{ Days: 1, Date: '2025-01-01', StorageClass: 'GLACIER' }] },
      `MalformedXML: ${MALFORMED}Transition must have one of 'Days' and 'Date'`,
    ],
    ['neither', { Expiration: {} }, `MalformedXML: ${MALFORMED}Expiration must have one of 'Days' and 'Date'`],
    [
      'zero days',
      { Expiration: { Days: 0 } },
      "InvalidArgument: 'Days' for Expiration action must be a positive integer",
    ],
    [
      'a date by day',
      { Expiration: { Date: '2025-01-01T01:00:00Z' } },
      "InvalidArgument: 'Date' must be at midnight GMT",
    ],
    [
      'a midnight elsewhere',
      { Expiration: { Date: '2025-01-01T00:00:00+01:00' } },
      "InvalidArgument: 'Date' must be at midnight GMT",
    ],
    [
      'no date',
      { Expiration: { Date: '2025-02-30' } },
      `MalformedXML: ${MALFORMED}'Date' must be like 2025-01-01T00:00:00Z, but is '2025-02-30'`,
    ],
    [
      'days as text',
      { Expiration: { Days: '30' } },
      `MalformedXML: ${MALFORMED}'Days' must be a whole number, not the text '30'`,
    ],
    ['half days', { Expiration: { Days: 1.5 } }, `MalformedXML: ${MALFORMED}'Days' must be a whole number, not 1.5`],
    [
      'too many days',
      { Expiration: { Days: 2 ** 31 } },
      `MalformedXML: ${MALFORMED}'Days' must be at most 2147483647, not 2147483648`,
    ],
    [
      'a status in lower case',
      { ...expire, Status: 'enabled' },
      `MalformedXML: ${MALFORMED}'Status' must be 'Enabled' or 'Disabled', but is 'enabled'`,
    ],
    [
      'neither Filter nor Prefix',
      { ...expire, Filter: undefined },
      `MalformedXML: ${MALFORMED}a rule needs a 'Filter'`,
    ],
    [
      'Filter and Prefix',
      { ...expire, Prefix: '' },
      'InvalidRequest: Base level prefix cannot be used in Lifecycle V2, prefixes are only supported in the Filter.',
    ],
    [
      'several predicates without And',
      { ...expire, Filter: { Prefix: 'a', ObjectSizeLessThan: 5 } },
      `MalformedXML: ${MALFORMED}Filter must have one of Prefix, Tag, ObjectSizeGreaterThan, ObjectSizeLessThan, And; several go into And`,
    ],
    [
      'And with one predicate',
      { ...expire, Filter: { And: { Prefix: 'a', Tags: [] } } },
      `MalformedXML: ${MALFORMED}And must have two predicates or more`,
    ],
    [
      'a tag key twice',
      {
        ...expire,
        Filter: {
          And: {
            Tags: [
              { Key: 'k', Value: '1' },
              { Key: 'k', Value: '2' },
            ],
          },
        },
      },
      'InvalidRequest: Duplicate Tag Keys are not allowed.',
    ],
    [
      'a size below 0',
      { ...expire, Filter: { ObjectSizeGreaterThan: -1 } },
      "InvalidRequest: 'ObjectSizeGreaterThan' should be between 0 and 1099511627776000.",
    ],
    [
      'a size above the largest',
      { ...expire, Filter: { ObjectSizeLessThan: 1_099_511_627_776_001 } },
      "InvalidRequest: 'ObjectSizeLessThan' should be between 1 and 1099511627776000.",
    ],
    [
      'no size between',
      { ...expire, Filter: { And: { ObjectSizeGreaterThan: 5, ObjectSizeLessThan: 5 } } },
      "InvalidRequest: 'ObjectSizeLessThan' has to be a value greater than 'ObjectSizeGreaterThan'.",
    ],
    [
      'aborted uploads by tag',
      { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 }, Filter: { Tag: { Key: 'k', Value: 'v' } } },
      'InvalidRequest: AbortIncompleteMultipartUpload cannot be specified with Tags.',
    ],
    [
      'aborted uploads by size',
      { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 }, Filter: { ObjectSizeLessThan: 5 } },
      'InvalidRequest: AbortIncompleteMultipartUpload cannot be specified with Object Size.',
    ],
    [
      'uploads aborted after 0 days',
      { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 0 } },
      "InvalidArgument: 'DaysAfterInitiation' for AbortIncompleteMultipartUpload action must be a positive integer",
    ],
    [
      'delete markers by tag',
      {
        Status: 'Disabled',
        Expiration: { ExpiredObjectDeleteMarker: true },
        Filter: { Tag: { Key: 'k', Value: 'v' } },
      },
      'InvalidRequest: ExpiredObjectDeleteMarker cannot be specified with Tags.',
    ],
    [
      'delete markers and days',
      { Status: 'Disabled', Expiration: { ExpiredObjectDeleteMarker: true, Days: 1 } },
      `MalformedXML: ${MALFORMED}Expiration must have one of 'Days', 'Date' and 'ExpiredObjectDeleteMarker'`,
    ],
    [
      'noncurrent versions after 0 days',
      { Status: 'Disabled', NoncurrentVersionExpiration: { NoncurrentDays: 0 } },
      "InvalidArgument: 'NoncurrentDays' for NoncurrentVersionExpiration action must be a positive integer",
    ],
    [
      'noncurrent versions without days',
      { Status: 'Disabled', NoncurrentVersionExpiration: { NewerNoncurrentVersions: 3 } },
      `MalformedXML: ${MALFORMED}'NoncurrentDays' is missing`,
    ],
    [
      'noncurrent versions expired no later than moved',
      {
        Status: 'Disabled',
        NoncurrentVersionExpiration: { NoncurrentDays: 1 },
        NoncurrentVersionTransitions: [{ NoncurrentDays: 1, StorageClass: 'DEEP_ARCHIVE' }],
      },
      "InvalidArgument: 'NoncurrentDays' in the NoncurrentVersionExpiration action for filter '(prefix=test/)' must be greater than 'NoncurrentDays' in the NoncurrentVersionTransition action",
    ],
    [
      'an unknown field',
      { ...expire, Transitoins: [] },
      "error: unknown field 'Transitoins' in the rule; did you mean 'Transitions'?",
    ],
  ])('%s', (_, rule, words) => {
    expect(refused(rule)).toEqual([words]);
  });

  it('names tags and sizes of the filter', () => {
    const And = { Prefix: 'test/', Tags: [{ Key: 'a', Value: 'b' }], ObjectSizeLessThan: 120_120 };
    expect(refused({ ...transitions([5, 'GLACIER']), Expiration: { Days: 5 }, Filter: { And } })[0]).toContain(
      "for filter '(prefix=test/ and tag={key=a, value=b} and objectsizelessthan=120120)' must",
    );
  });

  it('accepts the gaps S3 accepts: 30, 60, 150 and 240 days', () => {
    const list = transitions([30, 'STANDARD_IA'], [60, 'GLACIER_IR'], [150, 'GLACIER'], [240, 'DEEP_ARCHIVE']);
    expect(refused({ ...list, Expiration: { Days: 241 } })).toEqual([]);
  });
});

describe('a configuration that S3 refuses', () => {
  const rule = (more: object) => ({ Status: 'Enabled', Filter: {}, ...expire, ...more });
  const all = (...list: readonly object[]) => printed(JSON.stringify({ Rules: list }));

  it('without rules, or with more than 1000', () => {
    expect(all()).toEqual(['life.json:1: InvalidRequest: At least one lifecycle rule must be specified.']);
    expect(all(...new Array(1001).fill(rule({})))).toEqual([
      'life.json:1: InvalidRequest: The number of lifecycle rules must not exceed the allowed limit of 1000 rules.',
    ]);
    expect(all(...new Array(1000).fill(rule({})))).toEqual([]);
  });

  it('with an ID twice, or over 255 characters', () => {
    expect(all(rule({ ID: 'a' }), rule({ ID: 'a' }))).toEqual([
      "life.json:1: rule 'a': InvalidArgument: Rule ID must be unique. Found same ID for more than one rule",
    ]);
    expect(all(rule({ ID: 'x'.repeat(255) }))).toEqual([]);
    expect(all(rule({ ID: 'x'.repeat(256) }))[0]).toMatch(
      /InvalidArgument: ID length should not exceed allowed limit of 255$/,
    );
  });

  it('with rules of both versions', () => {
    const v1 = { Status: 'Enabled', Prefix: 'a', ...expire };
    expect(all(v1, rule({ ID: 'b' }))).toEqual([
      "life.json:1: rule 'b': InvalidRequest: Filter element can only be used in Lifecycle V2.",
    ]);
    expect(all(rule({}), v1)).toEqual([
      "life.json:1: rule 'rule 2': InvalidRequest: Base level prefix cannot be used in Lifecycle V2, prefixes are only supported in the Filter.",
    ]);
  });

  it('with overlapping prefixes in V1, for the same action only', () => {
    const v1 = (prefix: string, action: object) => ({ Status: 'Enabled', Prefix: prefix, ...action });
    expect(all(v1('a', expire), v1('', expire))).toEqual([
      "life.json:1: rule 'rule 1': InvalidRequest: Found overlapping prefixes '' and 'a' for same action type 'Expiration'",
    ]);
    expect(all(v1('a', expire), v1('ab', { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } }))).toEqual([]);
    expect(all(v1('a', expire), v1('b', expire))).toEqual([]);
    // In V2 they may overlap: the shorter expiration wins.
    expect(all(rule({ Filter: { Prefix: 'a' } }), rule({ Filter: { Prefix: '' } }))).toEqual([]);
  });

  it('with an unknown default for small objects', () => {
    expect(printed(JSON.stringify({ Rules: [rule({})], TransitionDefaultMinimumObjectSize: 'none' }))[0]).toContain(
      'InvalidRequest: Invalid TransitionDefaultMinimumObjectSize found',
    );
  });
});

describe('rules about versions', () => {
  /** What is read of one rule. */
  function read(rule: object, more: object = { Filter: {} }) {
    const checks = new Checks();
    const parsed = parseJson(JSON.stringify({ Rules: [{ Status: 'Enabled', ...more, ...rule }] }));
    const { rules } = parseLifecycleConfiguration(checks, 'value' in parsed ? parsed.value : null);
    expect(checks.diagnostics).toEqual([]);
    return rules[0]!;
  }

  it('are read with their days and counts', () => {
    const NoncurrentVersionTransitions = [
      { NoncurrentDays: 30, NewerNoncurrentVersions: 2, StorageClass: 'STANDARD_IA' },
      { NoncurrentDays: 60, StorageClass: 'GLACIER' },
    ];
    const NoncurrentVersionExpiration = { NoncurrentDays: 90, NewerNoncurrentVersions: 500 };
    expect(read({ NoncurrentVersionTransitions, NoncurrentVersionExpiration })).toMatchObject({
      noncurrentTransitions: [
        { noncurrentDays: 30, newerNoncurrentVersions: 2, storageClass: STANDARD_IA },
        { noncurrentDays: 60, storageClass: GLACIER },
      ],
      noncurrentExpiration: { noncurrentDays: 90, newerNoncurrentVersions: 500 },
      expiredObjectDeleteMarker: false,
    });
  });

  it('are empty where there are none', () => {
    const rule = read(expire);
    expect(rule).toMatchObject({ noncurrentTransitions: [], expiredObjectDeleteMarker: false });
    expect(rule).not.toHaveProperty('noncurrentExpiration');
  });

  it('are read with delete markers, asked for or not', () => {
    const marker = (ExpiredObjectDeleteMarker: boolean) => read({ Expiration: { ExpiredObjectDeleteMarker } });
    expect([marker(true).expiredObjectDeleteMarker, marker(false).expiredObjectDeleteMarker]).toEqual([true, false]);
    expect(marker(true)).not.toHaveProperty('expiration');
  });

  it('are read in the singular, as get-bucket-lifecycle prints them', () => {
    const Transition = { Days: 30, StorageClass: 'STANDARD_IA' };
    const NoncurrentVersionTransition = { NoncurrentDays: 7, StorageClass: 'GLACIER' };
    expect(read({ Transition, NoncurrentVersionTransition }, { Prefix: '' })).toMatchObject({
      transitions: [{ days: 30, storageClass: STANDARD_IA }],
      noncurrentTransitions: [{ noncurrentDays: 7, storageClass: GLACIER }],
    });
    expect(refused({ Transition, Transitions: [Transition] })).toEqual([
      "error: a rule has 'Transitions' or 'Transition', not both",
    ]);
  });

  it('keep at least one newer version, without an upper bound', () => {
    const NoncurrentVersionExpiration = { NoncurrentDays: 1, NewerNoncurrentVersions: 0 };
    expect(refused({ NoncurrentVersionExpiration })).toEqual([
      "InvalidArgument: 'NewerNoncurrentVersions' for NoncurrentVersionExpiration action must be a positive integer",
    ]);
  });
});

describe('a text that is no policy', () => {
  it.each([
    ['<LifecycleConfiguration><Rule/></LifecycleConfiguration>', 'XML'],
    ['\uFEFF<?xml version="1.0"?>\n<LifecycleConfiguration/>', 'XML'],
    ['Rules:\n- ID: a\n', 'YAML'],
    ['---\nRules: []', 'YAML'],
    ['resource "aws_s3_bucket_lifecycle_configuration" "x" {\n}', 'Terraform'],
  ])('%j is %s', (text, language) => {
    expect(printed(text)).toEqual([
      `life.json:1: this is ${language}, not JSON; print the bucket's configuration as JSON with: aws s3api get-bucket-lifecycle-configuration --bucket BUCKET --output json`,
    ]);
  });

  it.each([
    ['{\n  "Rules": [\n    oops\n  ]\n}', "3:5: expected a value, found 'oops'"],
    ['{"Rules": [],}', "1:14: expected a field name in double quotes, found '}'"],
    ['{"Rules": [{"ID": "a"} {}]}', "1:24: expected ',' or ']', found '{}]}'"],
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
    ['{}', 'an empty policy'],
    ['{"rules": []}', "unknown field 'rules' in a policy file; did you mean 'Rules'?"],
    ['{"Rules": 5}', 'Rules must be a list [ … ], not 5'],
    ['{"Rules": [7]}', 'rule 1 must be an object { … }, not 7'],
    [
      '{"uploadStorageClass": "GLACIER_RI"}',
      "'uploadStorageClass' 'GLACIER_RI' is no storage class; did you mean 'GLACIER_IR'?",
    ],
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
    const lifecycle = { Rules: [{ ...RULE, Filter: {}, ...transitions([30, 'GLACIER']), ...expire }] };
    const { policy } = parsePolicyFile(
      `\uFEFF${JSON.stringify({ name: 'mine', uploadStorageClass: 'GLACIER_IR', lifecycle })}`,
      { name: 'file' },
    );
    expect(policy).toMatchObject({ name: 'mine', uploadClass: GLACIER_IR, rules: ['r'] });
    expect(policy!.description).toBe('uploads to GLACIER_IR; GLACIER after 30 days; expires after 365 days');
  });

  it('takes the name it is given when it has none', () => {
    expect(parsePolicyFile('{"uploadStorageClass":"EXPRESS_ONEZONE"}', { name: 'file' }).policy).toMatchObject({
      name: 'file',
      uploadClass: EXPRESS_ONEZONE,
      description: 'uploads to EXPRESS_ONEZONE; nothing moves or expires',
    });
  });

  it('has no transitions out of EXPRESS_ONEZONE', () => {
    const lifecycle = { Rules: [{ ...RULE, ...transitions([30, 'GLACIER']) }] };
    expect(printed(JSON.stringify({ uploadStorageClass: 'EXPRESS_ONEZONE', lifecycle }))).toEqual([
      "life.json: rule 'r': uploads to EXPRESS_ONEZONE go to a directory bucket, whose lifecycle rules have no Transition",
    ]);
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
      { marks: [0], days: 7, notBefore: -Infinity },
      { marks: [], days: 14, notBefore: -Infinity },
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
