import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GET, SELECT } from '../../src/model/operation.ts';
import { INTELLIGENT_TIERING, STANDARD, STORAGE_CLASSES } from '../../src/model/storage-class.ts';
import { namedPolicy, parsePolicyFile, policyNames } from '../../src/policies/index.ts';
import { LIFECYCLE_EXAMPLE } from '../../src/policies/lifecycle-example.ts';
import type { Policy } from '../../src/policies/policy.ts';
import { Stays } from '../../src/trace/stays.ts';
import { aLife, at, type LifeText, placed, stayLines } from './a-life.ts';

const KB = 1024;

function policyOf(content: object): Policy {
  const { policy, diagnostics } = parsePolicyFile(JSON.stringify(content), { name: 'test' });
  expect(diagnostics).toEqual([]);
  return policy!;
}

/** Rules r1, r2, … of the whole bucket unless they have a Filter. */
function rules(...list: readonly object[]): Policy {
  return policyOf({ Rules: list.map((rule, i) => ({ ID: `r${i + 1}`, Status: 'Enabled', Filter: {}, ...rule })) });
}

const transition = (days: number, storageClass: string) => ({
  Transitions: [{ Days: days, StorageClass: storageClass }],
});
const expire = (days: number) => ({ Expiration: { Days: days } });

describe('when a rule is due', () => {
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html, "How Amazon S3 calculates how
  // long an object has been noncurrent / lifecycle rules: based on an object's age".
  it.each([
    ['2014-01-15T10:30:00', 3, '2014-01-19'],
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshoot-lifecycle.html
    ['2014-01-02T00:05:00', 1, '2014-01-04'],
    // An instant already at midnight stays.
    ['2014-01-15', 3, '2014-01-18'],
    ['2024-02-28T23:59:59', 1, '2024-03-01'],
  ])('created %s, after %i days: %s', (created, days, date) => {
    expect(stayLines(rules(expire(days)), { created })).toEqual([`STANDARD ${created}`, `expires ${date} by r1`]);
  });

  it('at the next midnight for 0 days', () => {
    const policy = rules(transition(0, 'GLACIER_IR'));
    expect(stayLines(policy, { created: '2024-01-01T09:00:00' })[1]).toBe('GLACIER_IR 2024-01-02 by r1');
    expect(stayLines(policy, { created: '2024-01-01' })[1]).toBe('GLACIER_IR 2024-01-01 by r1');
  });

  it('on a date, or at the midnight after its creation when that date has passed', () => {
    const policy = rules({ Expiration: { Date: '2025-01-01T00:00:00+00:00' } });
    expect(stayLines(policy, { created: '2024-05-05T01:00:00' })[1]).toBe('expires 2025-01-01 by r1');
    expect(stayLines(policy, { created: '2025-03-03T01:00:00' })[1]).toBe('expires 2025-03-04 by r1');
  });

  it('only while the object is there: a removal at that very midnight comes first', () => {
    const policy = rules({ ...transition(30, 'STANDARD_IA'), ...expire(60) });
    expect(stayLines(policy, { created: '2024-01-01', ended: '2024-01-31' })).toEqual(['STANDARD 2024-01-01']);
    expect(stayLines(policy, { created: '2024-01-01', ended: at('2024-01-31') + 1 })).toHaveLength(2);
    expect(placed(policy, { created: '2024-01-01', ended: '2024-03-01' }).expires).toBe(Infinity);
    expect(placed(policy, { created: '2024-01-01', ended: at('2024-03-01') + 1 }).expires).toBe(at('2024-03-01'));
  });

  it('never while its rule is disabled', () => {
    expect(stayLines(rules({ ...expire(1), Status: 'Disabled' }), {})).toEqual(['STANDARD 2024-01-01']);
  });
});

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-conflicts.html
describe('which of several rules wins', () => {
  it('expiration over transition on the same day', () => {
    const policy = rules(transition(365, 'GLACIER'), expire(365));
    expect(stayLines(policy, {})).toEqual(['STANDARD 2024-01-01', 'expires 2024-12-31 by r2']);
  });

  it('the earlier of two expirations, and the first named of two on one day', () => {
    expect(stayLines(rules(expire(365), expire(10)), {})[1]).toBe('expires 2024-01-11 by r2');
    expect(stayLines(rules(expire(10), expire(10)), {})[1]).toBe('expires 2024-01-11 by r1');
  });

  it('the earlier of two transitions, the later then from there', () => {
    const policy = rules(transition(365, 'GLACIER'), transition(30, 'STANDARD_IA'));
    expect(stayLines(policy, {}).slice(1)).toEqual(['STANDARD_IA 2024-01-31 by r2', 'GLACIER 2024-12-31 by r1']);
  });

  it('the coldest of those on one day, INTELLIGENT_TIERING above all but the archives', () => {
    const warmestFirst = ['STANDARD_IA', 'ONEZONE_IA', 'GLACIER_IR', 'INTELLIGENT_TIERING', 'GLACIER', 'DEEP_ARCHIVE'];
    for (const [i, winner] of warmestFirst.entries()) {
      for (const loser of warmestFirst.slice(0, i)) {
        expect(stayLines(rules(transition(30, loser), transition(30, winner)), {})[1]).toBe(
          `${winner} 2024-01-31 by r2`,
        );
      }
    }
  });

  it('the first named of two into the same class on one day, which the other cannot repeat', () => {
    expect(stayLines(rules(transition(30, 'GLACIER'), transition(30, 'GLACIER')), {})).toEqual([
      'STANDARD 2024-01-01',
      'GLACIER 2024-01-31 by r1',
    ]);
  });

  it('among those left when an earlier one was made: the coldest, then the first named', () => {
    const [ia, glacier, deep] = [
      transition(30, 'STANDARD_IA'),
      transition(60, 'GLACIER'),
      transition(60, 'DEEP_ARCHIVE'),
    ];
    expect(stayLines(rules(ia, glacier, glacier), {}).slice(1)).toEqual([
      'STANDARD_IA 2024-01-31 by r1',
      'GLACIER 2024-03-01 by r2',
    ]);
    expect(stayLines(rules(ia, glacier, deep), {})[2]).toBe('DEEP_ARCHIVE 2024-03-01 by r3');
    expect(stayLines(rules(ia, deep, glacier), {})[2]).toBe('DEEP_ARCHIVE 2024-03-01 by r2');
  });

  it('one transition a midnight: what else was due is dropped, though INTELLIGENT_TIERING might go on to GLACIER_IR', () => {
    const policy = rules(transition(30, 'GLACIER_IR'), transition(30, 'INTELLIGENT_TIERING'));
    expect(stayLines(policy, {}).slice(1)).toEqual(['INTELLIGENT_TIERING 2024-01-31 by r2']);
  });

  it('an expiration of a tag rule over a later transition of another', () => {
    const policy = rules(
      { ...transition(365, 'GLACIER'), Filter: { Tag: { Key: 'tag1', Value: 'value1' } } },
      { ...expire(14), Filter: { Tag: { Key: 'tag2', Value: 'value2' } } },
    );
    const tags = [['2024-01-01', { tag1: 'value1', tag2: 'value2' }]] as const;
    expect(stayLines(policy, { tags })).toEqual(['STANDARD 2024-01-01', 'expires 2024-01-15 by r2']);
  });
});

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-filters.html
describe('filters', () => {
  it('take a prefix as plain text', () => {
    const policy = rules({ ...expire(1), Filter: { Prefix: 'logs/' } });
    expect(placed(policy, { key: 'logs/a' }).expires).toBe(at('2024-01-02'));
    expect(placed(policy, { key: 'logs' }).expires).toBe(Infinity);
    expect(placed(policy, { key: '/logs/a' }).expires).toBe(Infinity);
  });

  it('take the Prefix of a V1 rule the same', () => {
    const policy = policyOf({ Rules: [{ Status: 'Enabled', Prefix: 'tmp/', Expiration: { Days: 1 } }] });
    expect(placed(policy, { key: 'tmp/a' }).expires).toBe(at('2024-01-02'));
    expect(placed(policy, { key: 'a' }).expires).toBe(Infinity);
    expect(policy.rules).toEqual(['rule 1']);
  });

  it('take sizes exclusively: of 500 to 64000, neither end', () => {
    const bounds = { ObjectSizeGreaterThan: 500, ObjectSizeLessThan: 64_000 };
    const policy = rules({ ...expire(1), Filter: { And: bounds } });
    const expires = [500, 501, 63_999, 64_000].map((size) => placed(policy, { size }).expires < Infinity);
    expect(expires).toEqual([false, true, true, false]);
  });

  it('take tags by key and value, whatever other tags there are', () => {
    const policy = rules({
      ...expire(1),
      Filter: { And: { Prefix: 'a', Tags: [{ Key: 'k', Value: 'v' }, { Key: 'e' }] } },
    });
    const expires = (tags: Record<string, string>) =>
      placed(policy, { tags: [['2024-01-01', tags]] }).expires < Infinity;
    expect(expires({ k: 'v', e: '', other: '1' })).toBe(true);
    expect(expires({ k: 'v', e: 'x' })).toBe(false);
    expect(expires({ k: 'v' })).toBe(false);
    expect(expires({ K: 'v', e: '' })).toBe(false);
  });

  it('ask each prefix and tag once, also over more than one word of marks', () => {
    const many = Array.from({ length: 40 }, (_, i) => ({ ...expire(i + 1), Filter: { Prefix: `p${i}/` } }));
    const policy = rules(...many, { ...transition(0, 'GLACIER'), Filter: { Prefix: 'p39/' } });
    expect(policy.marks).toHaveLength(40);
    expect(stayLines(policy, { key: 'p39/x' })).toEqual([
      'STANDARD 2024-01-01',
      'GLACIER 2024-01-01 by r41',
      'expires 2024-02-10 by r40',
    ]);
  });
});

describe('a policy at work', () => {
  it('does nothing to one object that was due to another', () => {
    const policy = rules({ ...transition(30, 'GLACIER'), Filter: { Prefix: 'a' } }, expire(60));
    expect(stayLines(policy, { key: 'a' })).toHaveLength(3);
    expect(stayLines(policy, { key: 'b' })).toEqual(['STANDARD 2024-01-01', 'expires 2024-03-01 by r2']);
  });

  it('acts by a date before any age is reached, and by an age before any date', () => {
    const byDate = { Transitions: [{ Date: '2024-01-10T00:00:00Z', StorageClass: 'GLACIER' }] };
    expect(stayLines(rules(byDate, expire(365)), { ended: '2024-02-01' })[1]).toBe('GLACIER 2024-01-10 by r1');
    const late = { Expiration: { Date: '2030-01-01T00:00:00Z' } };
    expect(stayLines(rules(transition(10, 'GLACIER'), late), { ended: '2024-02-01' })[1]).toBe(
      'GLACIER 2024-01-11 by r1',
    );
  });

  it('moves nothing at the midnight after its end, when tags match on its last day', () => {
    const policy = rules({ ...transition(10, 'GLACIER'), Filter: { Tag: { Key: 'done', Value: 'yes' } } });
    const tags = [
      ['2024-01-01', {}],
      ['2024-02-05T10:00:00', { done: 'yes' }],
    ] as const;
    expect(stayLines(policy, { tags, ended: '2024-02-05T12:00:00' })).toHaveLength(1);
    expect(stayLines(policy, { tags, ended: '2024-02-06' })).toHaveLength(1);
    expect(stayLines(policy, { tags, ended: '2024-02-06T00:00:01' })).toHaveLength(2);
  });

  it('that is fixed has no rules, and says what it is made of', () => {
    for (const [name, uploadClass, description] of [
      ['standard', STANDARD, 'uploads to STANDARD; nothing moves or expires'],
      [
        'intelligent-tiering',
        INTELLIGENT_TIERING,
        'uploads to INTELLIGENT_TIERING; its own tiers take in what is not read for 30 and for 90 days; nothing expires',
      ],
    ] as const) {
      expect(namedPolicy(name)).toMatchObject({
        name,
        description,
        marks: [],
        rules: [],
        uploadClass,
        recipe: { kind: 'fixed', name, storageClass: uploadClass },
      });
    }
    expect(namedPolicy('as-is').recipe).toEqual({ kind: 'as-is', name: 'as-is' });
  });

  it('by name takes the choices of the run', () => {
    const rulesFrom = at('2025-01-01');
    expect(namedPolicy('lifecycle-example', { rulesFrom }).rulesFrom).toBe(rulesFrom);
  });

  it('says of itself what it has, and no more', () => {
    const plain = ['description', 'marks', 'name', 'place', 'placeHistory', 'recipe', 'rules'];
    expect(Object.keys(rules(expire(1))).sort()).toEqual(plain);
    const bare = policyOf({ uploadStorageClass: 'GLACIER' });
    expect(Object.keys(bare).sort()).toEqual([...plain, 'uploadClass']);
    expect(bare.rules).toEqual([]);
    const version = { NoncurrentVersionExpiration: { NoncurrentDays: 1 } };
    expect(rules(expire(1), version)).toMatchObject({ actsOnVersions: true });
    const abort = { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } };
    expect(rules(expire(1), abort).abortIncompleteUploads).toMatchObject([{ days: 7, rule: 1 }]);
  });
});

describe('tags that change', () => {
  const policy = () => rules({ ...expire(10), Filter: { Tag: { Key: 'done', Value: 'yes' } } });

  it('count as they are when the rule is due', () => {
    const tags = [
      ['2024-01-01', { done: 'yes' }],
      ['2024-01-05', { done: 'no' }],
    ] as const;
    expect(placed(policy(), { tags }).expires).toBe(Infinity);
    const late = [
      ['2024-01-01', { done: 'yes' }],
      ['2024-01-12', { done: 'no' }],
    ] as const;
    expect(placed(policy(), { tags: late }).expires).toBe(at('2024-01-11'));
  });

  it('make it due at the midnight after they first match, when it was due before', () => {
    const tags = [
      ['2024-01-01', {}],
      ['2024-02-05T10:00:00', { x: '1' }],
      ['2024-03-05T10:00:00', { done: 'yes' }],
    ] as const;
    expect(placed(policy(), { tags }).expires).toBe(at('2024-03-06'));
  });
});

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html: since
// September 2024 objects smaller than 128 KB do not transition unless a filter by size says so.
describe('objects under 128 KB', () => {
  const moves = (policy: Policy, size: number) => placed(policy, { size }).length === 2;

  it('do not move by default; one of exactly 131072 bytes does', () => {
    for (const target of ['STANDARD_IA', 'INTELLIGENT_TIERING', 'GLACIER', 'DEEP_ARCHIVE']) {
      const policy = rules(transition(30, target));
      expect([131_071, 131_072].map((size) => moves(policy, size))).toEqual([false, true]);
    }
  });

  it('expire all the same', () => {
    expect(placed(rules(expire(1)), { size: 1 }).expires).toBe(at('2024-01-02'));
  });

  it('move into the archives under varies_by_storage_class', () => {
    const policy = (target: string) =>
      policyOf({
        TransitionDefaultMinimumObjectSize: 'varies_by_storage_class',
        Rules: [{ ID: 'r1', Status: 'Enabled', Filter: { Prefix: '' }, ...transition(30, target) }],
      });
    expect(moves(policy('GLACIER'), 1)).toBe(true);
    expect(moves(policy('DEEP_ARCHIVE'), 1)).toBe(true);
    for (const target of ['STANDARD_IA', 'ONEZONE_IA', 'INTELLIGENT_TIERING', 'GLACIER_IR']) {
      expect(moves(policy(target), 131_071)).toBe(false);
    }
  });

  it("move where the rule's filter asks for a size", () => {
    expect(moves(rules({ ...transition(30, 'GLACIER_IR'), Filter: { ObjectSizeGreaterThan: 1 } }), 2)).toBe(true);
    expect(moves(rules({ ...transition(30, 'GLACIER_IR'), Filter: { ObjectSizeLessThan: 64 * KB } }), 0)).toBe(true);
  });
});

// The table "Supported lifecycle transitions" of lifecycle-transition-general-considerations.html.
const WATERFALL: Readonly<Record<string, readonly string[]>> = {
  STANDARD: ['STANDARD_IA', 'INTELLIGENT_TIERING', 'ONEZONE_IA', 'GLACIER_IR', 'GLACIER', 'DEEP_ARCHIVE'],
  STANDARD_IA: ['INTELLIGENT_TIERING', 'ONEZONE_IA', 'GLACIER_IR', 'GLACIER', 'DEEP_ARCHIVE'],
  INTELLIGENT_TIERING: ['ONEZONE_IA', 'GLACIER_IR', 'GLACIER', 'DEEP_ARCHIVE'],
  ONEZONE_IA: ['GLACIER', 'DEEP_ARCHIVE'],
  GLACIER_IR: ['GLACIER', 'DEEP_ARCHIVE'],
  GLACIER: ['DEEP_ARCHIVE'],
  DEEP_ARCHIVE: [],
  EXPRESS_ONEZONE: [],
};
const TARGETS = WATERFALL.STANDARD!;

describe('the waterfall', () => {
  it.each(STORAGE_CLASSES.flatMap((from) => TARGETS.map((to) => [from, to] as const)))('%s to %s', (from, to) => {
    const lines = stayLines(rules(transition(30, to)), { uploadClass: STORAGE_CLASSES.indexOf(from) });
    expect(lines.slice(1)).toEqual(WATERFALL[from]!.includes(to) ? [`${to} 2024-01-31 by r1`] : []);
  });

  it('drops what is not allowed at its midnight for good', () => {
    // Already in ONEZONE_IA when GLACIER_IR is due; GLACIER follows later from there.
    const policy = rules(transition(30, 'ONEZONE_IA'), transition(60, 'GLACIER_IR'), transition(100, 'GLACIER'));
    expect(stayLines(policy, {}).slice(1)).toEqual(['ONEZONE_IA 2024-01-31 by r1', 'GLACIER 2024-04-10 by r3']);
  });

  // Day 0 is 2024-01-01; not read, an object is in Infrequent Access from day 30, Archive Instant Access from day 90,
  // Archive Access from day 120 and Deep Archive Access from day 180 on.
  it.each([
    [100, 'ONEZONE_IA', false],
    [60, 'ONEZONE_IA', true],
    [100, 'GLACIER_IR', true],
    [130, 'GLACIER_IR', false],
    [130, 'GLACIER', true],
    [200, 'GLACIER', false],
    [200, 'DEEP_ARCHIVE', true],
  ])('from the tier Intelligent-Tiering has it in on day %i to %s: %s', (days, target, allowed) => {
    const policy = policyOf({
      uploadStorageClass: 'INTELLIGENT_TIERING',
      lifecycle: { Rules: [{ ID: 'r1', Status: 'Enabled', Filter: {}, ...transition(days, target) }] },
      intelligentTiering: [
        {
          Id: 'a',
          Status: 'Enabled',
          Tierings: [
            { Days: 120, AccessTier: 'ARCHIVE_ACCESS' },
            { Days: 180, AccessTier: 'DEEP_ARCHIVE_ACCESS' },
          ],
        },
      ],
    });
    expect(placed(policy, {}).length).toBe(allowed ? 2 : 1);
    // Read in time, it is in Frequent Access.
    expect(
      placed(policy, { accesses: Array.from({ length: 10 }, (_, i) => [at('2024-01-21') + i * 20 * 86_400]) }).length,
    ).toBe(2);
  });

  it('from Archive Instant Access, which needs no opting in, not to ONEZONE_IA', () => {
    const lines = (days: number) =>
      stayLines(rules(transition(days, 'ONEZONE_IA')), { uploadClass: INTELLIGENT_TIERING });
    expect(lines(89)).toEqual(['INTELLIGENT_TIERING 2024-01-01', 'ONEZONE_IA 2024-03-30 by r1']);
    expect(lines(90)).toEqual(['INTELLIGENT_TIERING 2024-01-01']);
  });

  it('waits for the restore at the speed of the run before it counts a read out of an archive tier', () => {
    const document = JSON.stringify({
      uploadStorageClass: 'INTELLIGENT_TIERING',
      lifecycle: { Rules: [{ Status: 'Enabled', Filter: {}, ...transition(130, 'GLACIER_IR') }] },
      intelligentTiering: [{ Id: 'a', Status: 'Enabled', Tierings: [{ Days: 90, AccessTier: 'ARCHIVE_ACCESS' }] }],
    });
    // Day 130 is 2024-05-10. Read 6 hours before: standard takes 5 hours, bulk 12.
    const life: LifeText = { accesses: [['2024-05-09T18:00:00']] };
    const standard = parsePolicyFile(document, { name: 'x' }).policy!;
    const bulk = parsePolicyFile(document, { name: 'x', restoreTier: 'bulk' }).policy!;
    expect(placed(standard, life).length).toBe(2);
    expect(placed(bulk, life).length).toBe(1);
  });
});

describe('named policies', () => {
  it('put every upload into their class', () => {
    const expected = [
      'STANDARD',
      'STANDARD_IA',
      'ONEZONE_IA',
      'GLACIER_IR',
      'GLACIER',
      'DEEP_ARCHIVE',
      'INTELLIGENT_TIERING',
      'EXPRESS_ONEZONE',
    ];
    const classes = policyNames.slice(0, 8).map((name) => stayLines(namedPolicy(name), { uploadClass: STANDARD }));
    expect(classes).toEqual(expected.map((name) => [`${name} 2024-01-01`]));
    expect(policyNames.slice(0, 8).map((name) => STORAGE_CLASSES[namedPolicy(name).uploadClass!])).toEqual(expected);
    expect(namedPolicy('glacier-ir').description).toBe('uploads to GLACIER_IR; nothing moves or expires');
  });

  it('as-is: in the class of the upload', () => {
    expect(stayLines(namedPolicy('as-is'), { uploadClass: 5 })).toEqual(['GLACIER 2024-01-01']);
    expect(namedPolicy('as-is')).not.toHaveProperty('uploadClass');
    expect(namedPolicy('lifecycle-example')).not.toHaveProperty('uploadClass');
  });

  it('lifecycle-example: the same as samples/lifecycle.json', () => {
    const text = readFileSync(new URL('../../samples/lifecycle.json', import.meta.url), 'utf8');
    expect(JSON.parse(text)).toEqual(LIFECYCLE_EXAMPLE);
    const policy = namedPolicy('lifecycle-example');
    expect(policy.description).toBe(
      'uploads to the class the trace gives; STANDARD_IA after 30 days, GLACIER_IR after 90 days',
    );
    expect(stayLines(policy, {})).toEqual([
      'STANDARD 2024-01-01',
      'STANDARD_IA 2024-01-31 by cool-down',
      'GLACIER_IR 2024-03-31 by cool-down',
    ]);
  });

  it('name the nearest for one that is not there', () => {
    expect(() => namedPolicy('galcier')).toThrow("no policy 'galcier'; did you mean 'glacier'?");
    expect(() => namedPolicy('\u001b[2J')).toThrow("no policy '\\u{1b}[2J'; known policies: standard, ");
  });
});

// Lives and configurations at random. Days are within 400 of 2024-01-01, in hours.
const anHour = fc.integer({ min: 0, max: 400 * 24 }).map((hours) => at('2024-01-01') + hours * 3600);
const aRule = fc.record({
  days: fc.integer({ min: 30, max: 300 }),
  target: fc.constantFrom(...TARGETS),
  expires: fc.boolean(),
  tag: fc.boolean(),
});
const aCase = fc.record({
  rules: fc.array(aRule, { minLength: 1, maxLength: 6 }),
  uploadClass: fc.integer({ min: 0, max: 7 }),
  size: fc.constantFrom(1, 131_071, 131_072, 1_000_000),
  created: anHour,
  accesses: fc.array(fc.tuple(anHour, fc.constantFrom(GET, SELECT)), { maxLength: 8 }),
  tags: fc.array(fc.tuple(anHour, fc.boolean()), { maxLength: 4 }),
  cut: anHour,
});

function build({ rules: list, accesses, tags, ...life }: typeof aCase extends fc.Arbitrary<infer T> ? T : never) {
  const policy = policyOf({
    lifecycle: {
      Rules: list.map(({ days, target, expires, tag }) => ({
        Status: 'Enabled',
        Filter: tag ? { Tag: { Key: 't', Value: '1' } } : {},
        ...(expires ? expire(days) : transition(days, target)),
      })),
    },
    intelligentTiering: [{ Id: 'a', Status: 'Enabled', Tierings: [{ Days: 90, AccessTier: 'ARCHIVE_ACCESS' }] }],
  });
  const after = <T extends readonly [number, unknown]>(rows: readonly T[]): T[] =>
    rows.filter(([t]) => t >= life.created).sort((a, b) => a[0] - b[0]);
  const text: LifeText = {
    ...life,
    accesses: after(accesses),
    tags: [[life.created, {}], ...after(tags).map(([t, has]) => [t, has ? { t: '1' } : {}] as const)],
  };
  return { policy, text };
}

describe('for any configuration and life', () => {
  it('cutting the life does not change what was before the cut', () => {
    fc.assert(
      fc.property(aCase, (random) => {
        const { policy, text } = build(random);
        const cut = Math.max(random.cut, random.created);
        const whole = placed(policy, text);
        const known = {
          accesses: text.accesses!.filter(([t]) => +t < cut),
          tags: text.tags!.filter(([t]) => +t <= cut),
        };
        const part = placed(policy, { ...text, ...known, ended: cut });
        const before = Array.from({ length: whole.length }, (_, i) => i).filter((i) => i === 0 || whole.from[i]! < cut);
        expect(part.from.slice(0, part.length)).toEqual(before.map((i) => whole.from[i]));
        expect(part.storageClass.slice(0, part.length)).toEqual(before.map((i) => whole.storageClass[i]));
        expect(part.rule.slice(0, part.length)).toEqual(before.map((i) => whole.rule[i]));
        expect(part.expires).toBe(whole.expires < cut ? whole.expires : Infinity);
      }),
    );
  });

  it('stays ascend, only go down the waterfall, and end before the object expires', () => {
    const order = [
      'STANDARD',
      'STANDARD_IA',
      'INTELLIGENT_TIERING',
      'ONEZONE_IA',
      'GLACIER_IR',
      'GLACIER',
      'DEEP_ARCHIVE',
    ];
    fc.assert(
      fc.property(aCase, (random) => {
        const { policy, text } = build(random);
        const { length, from, storageClass, expires } = placed(policy, text);
        for (let i = 1; i < length; i++) {
          expect(from[i]!).toBeGreaterThanOrEqual(from[i - 1]!);
          expect(from[i]! % 86_400).toBe(0);
          expect(from[i]!).toBeLessThan(expires);
          const [warmer, colder] = [storageClass[i - 1]!, storageClass[i]!].map((code) =>
            order.indexOf(STORAGE_CLASSES[code]!),
          );
          expect(colder!).toBeGreaterThan(warmer!);
        }
      }),
    );
  });
});

it('places a life in the same Stays as often as asked, with nothing left of the one before', () => {
  const policy = rules({ ...transition(30, 'STANDARD_IA'), ...expire(60) });
  const stays = new Stays();
  policy.place(aLife({}), stays, [], 0);
  policy.place(aLife({ ended: '2024-01-02' }), stays, [], 0);
  expect([stays.length, stays.expires, stays.expiryRule]).toEqual([1, Infinity, -1]);
});

it('finds its marks wherever a trace has them, also in one trace after another', () => {
  const policy = rules({ ...expire(10), Filter: { Prefix: 'p/' } });
  const stays = new Stays();
  const others = Array.from({ length: 40 }, (_, i) => ({ kind: 'prefix', prefix: `o${i}/` }) as const);
  policy.place(aLife({ key: 'p/a' }, policy.marks), stays, [0], 1);
  expect(stays.expires).toBe(at('2024-01-11'));
  policy.place(aLife({ key: 'p/a' }, [...others, ...policy.marks]), stays, [40], 2);
  expect(stays.expires).toBe(at('2024-01-11'));
  policy.place(aLife({ key: 'o0/a' }, [...others, ...policy.marks]), stays, [40], 2);
  expect(stays.expires).toBe(Infinity);
});
