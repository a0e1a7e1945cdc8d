import { describe, expect, it } from 'vitest';
import { formatDiagnostic } from '../../src/model/diagnostic.ts';
import { GLACIER, STANDARD_IA } from '../../src/model/storage-class.ts';
import { Checks } from '../../src/policies/checks.ts';
import { parsePolicyFile } from '../../src/policies/index.ts';
import { parseJson } from '../../src/policies/json.ts';
import { parseLifecycleConfiguration } from '../../src/policies/lifecycle-configuration.ts';

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
const noncurrent = (...list: readonly (readonly [days: number, storageClass: string])[]) => ({
  NoncurrentVersionTransitions: list.map(([days, storageClass]) => ({
    NoncurrentDays: days,
    StorageClass: storageClass,
  })),
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
      'noncurrent versions in STANDARD_IA before 30 days',
      noncurrent([29, 'STANDARD_IA']),
      "InvalidArgument: 'NoncurrentDays' in NoncurrentVersionTransition action must be greater than or equal to 30 for storageClass 'STANDARD_IA'",
    ],
    [
      'noncurrent versions moved after negative days',
      noncurrent([-1, 'GLACIER']),
      "InvalidArgument: 'NoncurrentDays' in NoncurrentVersionTransition action must be nonnegative",
    ],
    [
      'noncurrent versions moved without a class',
      { NoncurrentVersionTransitions: [{ NoncurrentDays: 1 }] },
      `MalformedXML: ${MALFORMED}'StorageClass' of a NoncurrentVersionTransition is missing`,
    ],
    [
      'noncurrent versions moved to STANDARD',
      noncurrent([1, 'STANDARD']),
      "InvalidArgument: Invalid target Storage class for NoncurrentVersionTransition action: 'STANDARD'",
    ],
    [
      'a class twice for noncurrent versions',
      noncurrent([90, 'GLACIER'], [30, 'GLACIER']),
      "InvalidRequest: 'StorageClass' must be different for 'NoncurrentVersionTransition' actions in same 'Rule' with filter '(prefix=test/)'",
    ],
    [
      'noncurrent versions in a colder class no later than in a warmer one',
      noncurrent([1, 'GLACIER'], [1, 'DEEP_ARCHIVE']),
      "InvalidArgument: 'NoncurrentDays' in the NoncurrentVersionTransition action for StorageClass 'DEEP_ARCHIVE' for filter '(prefix=test/)' must be greater than 'NoncurrentDays' in the NoncurrentVersionTransition action for StorageClass 'GLACIER' for filter '(prefix=test/)'",
    ],
    [
      'noncurrent versions less than 90 days in GLACIER',
      noncurrent([1, 'GLACIER'], [90, 'DEEP_ARCHIVE']),
      "InvalidArgument: 'NoncurrentDays' in the 'NoncurrentVersionTransition' action for StorageClass 'DEEP_ARCHIVE' for filter '(prefix=test/)' must be 90 days more than 'filter '(prefix=test/)'' in the 'NoncurrentVersionTransition' action for StorageClass 'GLACIER'",
    ],
    [
      'newer versions without a Filter',
      { Filter: undefined, Prefix: '', NoncurrentVersionExpiration: { NoncurrentDays: 1, NewerNoncurrentVersions: 1 } },
      'InvalidRequest: NewerNoncurrentVersions element can only be used in Lifecycle V2.',
    ],
    [
      'no newer versions',
      { NoncurrentVersionTransitions: [{ NoncurrentDays: 1, NewerNoncurrentVersions: 0, StorageClass: 'GLACIER' }] },
      "InvalidArgument: 'NewerNoncurrentVersions' for NoncurrentVersionTransition action must be a positive integer",
    ],
    [
      'delete markers and a date',
      { Expiration: { ExpiredObjectDeleteMarker: true, Date: '2099-01-01T00:00:00Z' } },
      `MalformedXML: ${MALFORMED}Expiration must have one of 'Days', 'Date' and 'ExpiredObjectDeleteMarker'`,
    ],
    [
      'delete markers by size, even when they stay',
      { Expiration: { ExpiredObjectDeleteMarker: false }, Filter: { ObjectSizeGreaterThan: 1 } },
      'InvalidRequest: ExpiredObjectDeleteMarker cannot be specified with Object Size.',
    ],
    [
      'delete markers neither removed nor kept',
      { Expiration: { ExpiredObjectDeleteMarker: 'true' } },
      `MalformedXML: ${MALFORMED}'ExpiredObjectDeleteMarker' must be true or false, not the text 'true'`,
    ],
    [
      'days and date of an expiration at once',
      { Expiration: { Days: 1, Date: '2025-01-01' } },
      `MalformedXML: ${MALFORMED}Expiration must have one of 'Days' and 'Date'`,
    ],
    [
      'a date without hyphens',
      { Expiration: { Date: '20200101' } },
      `MalformedXML: ${MALFORMED}'Date' must be like 2025-01-01T00:00:00Z, but is '20200101'`,
    ],
    [
      'uploads aborted without days',
      { AbortIncompleteMultipartUpload: {} },
      `MalformedXML: ${MALFORMED}'DaysAfterInitiation' is missing`,
    ],
    [
      'a prefix of more than 1024 bytes',
      { ...expire, Filter: { Prefix: 'é'.repeat(513) } },
      'InvalidRequest: The maximum size of a prefix is 1024',
    ],
    [
      'a tag key of more than 128 characters',
      { ...expire, Filter: { Tag: { Key: 'k'.repeat(129), Value: '' } } },
      "InvalidRequest: A Tag's Key must be a length between 1 and 128.",
    ],
    [
      'an empty tag key',
      { ...expire, Filter: { Tag: { Key: '', Value: '' } } },
      "InvalidRequest: A Tag's Key must be a length between 1 and 128.",
    ],
    [
      'a tag value of more than 256 characters',
      { ...expire, Filter: { Tag: { Key: 'k', Value: 'v'.repeat(257) } } },
      "InvalidRequest: A Tag's Value must be a length between 0 and 256.",
    ],
    [
      'And beside another predicate',
      { ...expire, Filter: { Prefix: 'a', And: { Prefix: 'a', ObjectSizeLessThan: 5 } } },
      `MalformedXML: ${MALFORMED}Filter must have one of Prefix, Tag, ObjectSizeGreaterThan, ObjectSizeLessThan, And; several go into And`,
    ],
    [
      'a size of nothing',
      { ...expire, Filter: { ObjectSizeLessThan: 0 } },
      "InvalidRequest: 'ObjectSizeLessThan' should be between 1 and 1099511627776000.",
    ],
    [
      'an unknown field',
      { ...expire, Transitoins: [] },
      "error: unknown field 'Transitoins' in the rule; did you mean 'Transitions'?",
    ],
  ])('%s', (_, rule, words) => {
    expect(refused(rule)).toEqual([words]);
  });

  it.each<[string, Readonly<Record<string, unknown>>, string]>([
    ['a filter', { Filter: 7 }, 'Filter must be an object { … }, not 7'],
    ['And', { Filter: { And: 7 } }, 'And must be an object { … }, not 7'],
    ['tags', { Filter: { And: { Prefix: 'a', ObjectSizeLessThan: 5, Tags: 7 } } }, 'Tags must be a list [ … ], not 7'],
    ['a tag', { Filter: { Tag: 7 } }, 'Tag must be an object { … }, not 7'],
    ['the key of a tag', { Filter: { Tag: { Key: 7 } } }, "'Key' of a Tag must be a text, not 7"],
    ['a tag without a key', { Filter: { Tag: { Value: 'v' } } }, "'Key' of a Tag is missing"],
    ['the value of a tag', { Filter: { Tag: { Key: 'k', Value: 7 } } }, "'Value' of a Tag must be a text, not 7"],
    ['a prefix', { Filter: { Prefix: 7 } }, "'Prefix' of Filter must be a text, not 7"],
    [
      'a prefix in And',
      { Filter: { And: { Prefix: 7, ObjectSizeLessThan: 5 } } },
      "'Prefix' of And must be a text, not 7",
    ],
    [
      'a size',
      { Filter: { ObjectSizeLessThan: 'x' } },
      "'ObjectSizeLessThan' must be a whole number, not the text 'x'",
    ],
    ['no status', { Status: undefined }, "'Status' must be 'Enabled' or 'Disabled', but is missing"],
    ['a status', { Status: 7 }, "'Status' must be 'Enabled' or 'Disabled', but is no text"],
    ['an expiration', { Expiration: 7 }, 'Expiration must be an object { … }, not 7'],
    ['a date', { Expiration: { Date: 7 } }, "'Date' must be a text, not 7"],
    [
      'a date with something before it',
      { Expiration: { Date: 'x2099-01-01' } },
      "'Date' must be like 2025-01-01T00:00:00Z, but is 'x2099-01-01'",
    ],
    ['a transition', { Transitions: [7] }, 'a Transition must be an object { … }, not 7'],
    [
      'the class of a transition',
      { Transitions: [{ Days: 1, StorageClass: 'quite another' }] },
      "no storage class 'quite another'; it is one of STANDARD_IA, INTELLIGENT_TIERING, ONEZONE_IA, GLACIER_IR, GLACIER, DEEP_ARCHIVE",
    ],
    [
      'newer versions',
      { NoncurrentVersionExpiration: { NoncurrentDays: 1, NewerNoncurrentVersions: 'x' } },
      "'NewerNoncurrentVersions' must be a whole number, not the text 'x'",
    ],
  ])('%s of another kind is malformed', (_, rule, words) => {
    expect(refused({ ...expire, ...rule })).toEqual([`MalformedXML: ${MALFORMED}${words}`]);
  });

  it('accepts the longest prefix and the largest size', () => {
    expect(refused({ ...expire, Filter: { Prefix: 'é'.repeat(512) } })).toEqual([]);
    expect(refused({ ...expire, Filter: { ObjectSizeLessThan: 1_099_511_627_776_000 } })).toEqual([]);
  });

  it('may move at any date into the IA classes, which by days they do from the 30th on', () => {
    const Transitions = [{ Date: '1970-01-02T00:00:00Z', StorageClass: 'STANDARD_IA' }];
    expect(refused({ Transitions })).toEqual([]);
  });

  it('names no prefix in the filter where there is none', () => {
    const none = { ...transitions([5, 'GLACIER']), Expiration: { Days: 5 }, Filter: { ObjectSizeLessThan: 9 } };
    expect(refused(none)[0]).toContain("for filter '(objectsizelessthan=9)'");
  });

  it('names tags and sizes of the filter', () => {
    const And = { Prefix: 'test/', Tags: [{ Key: 'a', Value: 'b' }], ObjectSizeLessThan: 120_120 };
    expect(refused({ ...transitions([5, 'GLACIER']), Expiration: { Days: 5 }, Filter: { And } })[0]).toContain(
      "for filter '(prefix=test/ and tag={key=a, value=b} and objectsizelessthan=120120)' must",
    );
  });

  it('accepts what S3 was seen to accept', () => {
    const marker = { Expiration: { ExpiredObjectDeleteMarker: true } };
    expect(refused({ ...marker, ...transitions([12, 'DEEP_ARCHIVE']) })).toEqual([]);
    expect(refused({ ...transitions([1, 'GLACIER']), ...noncurrent([0, 'GLACIER']) })).toEqual([]);
    expect(refused({ ...expire, Filter: { And: { Prefix: '', ObjectSizeGreaterThan: 0 } } })).toEqual([]);
    expect(refused({ ...expire, Filter: { Tag: { Key: '𐐀'.repeat(64), Value: '𐐀'.repeat(128) } } })).toEqual([]);
    expect(refused({ Expiration: { Date: '2099-01-01T00:00:00.000Z' } })).toEqual([]);
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

  it('with a rule that is of both versions', () => {
    expect(all({ ...rule({ ID: 'b' }), Prefix: '' })).toEqual([
      "life.json:1: rule 'b': InvalidRequest: Base level prefix cannot be used in Lifecycle V2, prefixes are only supported in the Filter.",
    ]);
  });

  it('with overlapping prefixes in V1, for the same action only', () => {
    const v1 = (prefix: string, action: object) => ({ Status: 'Enabled', Prefix: prefix, ...action });
    expect(all(v1('a', expire), v1('', expire))).toEqual([
      "life.json:1: rule 'rule 1': InvalidRequest: Found overlapping prefixes '' and 'a' for same action type 'Expiration'",
    ]);
    expect(all(v1('a', expire), v1('ab', { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } }))).toEqual([]);
    expect(all(v1('a', expire), v1('b', expire))).toEqual([]);
    const moved = { Transitions: [{ Days: 1, StorageClass: 'GLACIER' }] };
    expect(all(v1('ab', moved), v1('b', expire), v1('a', moved), v1('aa', expire))).toEqual([
      "life.json:1: rule 'rule 1': InvalidRequest: Found overlapping prefixes 'a' and 'ab' for same action type 'Transition'",
    ]);
    // Sorted, 'b' stands between 'a' and 'ba': the one begins with the other, the last does not end with it.
    expect(all(v1('ba', expire), v1('a', expire))).toEqual([]);
    expect(all(v1('ab', expire), v1('b', expire), v1('a', expire))).toEqual([
      "life.json:1: rule 'rule 1': InvalidRequest: Found overlapping prefixes 'a' and 'ab' for same action type 'Expiration'",
    ]);
    expect(all(v1('undefined', expire))).toEqual([]);
    // In V2 they may overlap: the shorter expiration wins.
    expect(all(rule({ Filter: { Prefix: 'a' } }), rule({ Filter: { Prefix: '' } }))).toEqual([]);
  });

  it('with a rule of neither version first', () => {
    const neither = { Status: 'Enabled', ...expire };
    const abort = { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } };
    expect(all(neither, { Status: 'Enabled', Prefix: 'a', ...abort })).toEqual([
      `life.json:1: rule 'rule 1': MalformedXML: ${MALFORMED}a rule needs a 'Filter'`,
    ]);
  });

  it('with a rule of neither version, which is of the whole bucket', () => {
    const neither = { ID: '', Status: 'Enabled', ...expire };
    const needed = `life.json:1: rule 'rule 1': MalformedXML: ${MALFORMED}a rule needs a 'Filter'`;
    expect(all(neither, { Status: 'Enabled', Prefix: 'a', ...expire })).toEqual([
      needed,
      "life.json:1: rule 'rule 2': InvalidRequest: Found overlapping prefixes '' and 'a' for same action type 'Expiration'",
    ]);
    expect(all(neither, rule({ ID: 'b' }))).toEqual([needed]);
  });

  it('with an unknown default for small objects', () => {
    const read = (choice: unknown) =>
      printed(JSON.stringify({ Rules: [rule({})], TransitionDefaultMinimumObjectSize: choice }));
    expect(read('none')).toEqual([
      'life.json:1: InvalidRequest: Invalid TransitionDefaultMinimumObjectSize found: none; it is one of all_storage_classes_128K, varies_by_storage_class',
    ]);
    expect(read('varies_by_storage_class')).toEqual([]);
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
