import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Shadow, shadows } from '../../src/lint/never-happens.ts';
import { subjectOf } from '../../src/lint/subject.ts';
import { STANDARD, STORAGE_CLASSES } from '../../src/model/storage-class.ts';
import { parsePolicyFile } from '../../src/policies/index.ts';
import { readPolicyDocument } from '../../src/policies/policy-document.ts';
import { compare } from '../../src/simulate.ts';
import { readCsv } from '../../src/sources/read-trace.ts';
import { at, type LifeText, placed, stayLines } from '../policies/a-life.ts';
import { acceptedRules } from '../policies/arbitrary-rules.ts';
import {
  abort,
  expire,
  findings,
  noncurrentTransition,
  type Options,
  PRICES,
  prefix,
  removeNoncurrent,
  said,
  tagged,
  transition,
  transitions,
} from './linted.ts';

const never = (list: readonly object[], options?: Options, more?: object) => said('never-happens', list, options, more);

describe('an action never happens', () => {
  it('when another rule expires the same objects first', () => {
    expect(never([{ ...transition(60, 'GLACIER'), ...prefix('logs/') }, expire(30)])).toEqual([
      "warning r1: GLACIER after 60 days never happens | rule 'r2' expires the same objects after 30 days | remove it, or narrow the filter of rule 'r2'",
    ]);
    expect(never([expire(365), expire(30)])).toEqual([
      "warning r1: the expiration after 365 days never happens | rule 'r2' expires the same objects after 30 days | remove it, or narrow the filter of rule 'r2'",
    ]);
  });

  it('when another rule moves the same objects there first, or does the same on the same day', () => {
    expect(never([transition(30, 'GLACIER'), { ...transition(60, 'GLACIER'), ...tagged('k') }])).toEqual([
      "warning r2: GLACIER after 60 days never happens | rule 'r1' moves the same objects there after 30 days | remove it, or narrow the filter of rule 'r1'",
    ]);
    expect(never([expire(30), expire(30)])).toHaveLength(1);
    expect(never([transition(30, 'GLACIER'), transition(30, 'GLACIER')])).toHaveLength(1);
  });

  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html
  it('when the waterfall of classes does not go there any more', () => {
    expect(never([transition(30, 'DEEP_ARCHIVE'), transition(60, 'STANDARD_IA')])).toEqual([
      "warning r2: STANDARD_IA after 60 days never happens | rule 'r1' moves the same objects to DEEP_ARCHIVE after 30 days, and from there S3 does not move them to STANDARD_IA | remove it, or narrow the filter of rule 'r1'",
    ]);
    const elsewhere = { ...transition(0, 'INTELLIGENT_TIERING'), ...prefix('a/') };
    expect(never([{ ...transitions([30, 'ONEZONE_IA'], [60, 'GLACIER_IR']), ...prefix('b/') }, elsewhere])).toEqual([
      'warning r1: GLACIER_IR after 60 days never happens | this rule moves the same objects to ONEZONE_IA after 30 days, and from there S3 does not move them to GLACIER_IR | take one of the two out',
    ]);
  });

  it('when uploads go to a class that does not lead there', () => {
    const lifecycle = { Rules: [{ ID: 'r1', Status: 'Enabled', Filter: {}, ...transition(30, 'STANDARD_IA') }] };
    const document = (uploadStorageClass: string) => JSON.stringify({ uploadStorageClass, lifecycle });
    expect(findings(document('GLACIER_IR'), 'never-happens')).toEqual([
      {
        severity: 'warning',
        check: 'never-happens',
        rule: 'r1',
        line: 1,
        what: 'STANDARD_IA after 30 days never happens to uploads',
        why: 'they go to GLACIER_IR, and from there S3 does not move them to STANDARD_IA',
        advice: 'remove it, or upload to a warmer class',
      },
    ]);
    expect(findings(document('STANDARD'), 'never-happens')).toEqual([]);
  });

  it('to noncurrent versions and uploads likewise', () => {
    const versions = [removeNoncurrent(30), { ...noncurrentTransition(60, 'GLACIER'), ...removeNoncurrent(90, 3) }];
    expect(never(versions)).toEqual([
      "warning r2: GLACIER after 60 days for noncurrent versions never happens | rule 'r1' removes the same versions after 30 days | remove it, or narrow the filter of rule 'r1'",
      "warning r2: the removal of noncurrent versions after 90 days never happens | rule 'r1' removes the same versions after 30 days | remove it, or narrow the filter of rule 'r1'",
    ]);
    expect(never([abort, { ...abort, ...prefix('a') }])).toEqual([
      "warning r2: aborting incomplete uploads after 7 days never happens | rule 'r1' aborts the same uploads after 7 days | remove it, or narrow the filter of rule 'r1'",
    ]);
  });
});

describe('an action may happen', () => {
  it.each<[string, readonly object[]]>([
    ['when the other rule is about fewer objects', [expire(60), { ...expire(30), ...prefix('logs/') }]],
    [
      'when the other rule is about other tags',
      [
        { ...expire(60), ...tagged('k') },
        { ...expire(30), ...tagged('l') },
      ],
    ],
    ['when the other rule is disabled', [expire(60), { ...expire(30), Status: 'Disabled' }]],
    [
      'when the other rule moves no objects this small',
      [{ ...transition(60, 'GLACIER'), Filter: { ObjectSizeGreaterThan: 0 } }, transition(30, 'GLACIER')],
    ],
    ['when the waterfall goes on', [transitions([30, 'STANDARD_IA'], [90, 'GLACIER_IR'], [200, 'DEEP_ARCHIVE'])]],
    [
      'when it takes precedence at the midnight a tag is set',
      [
        { ...transition(30, 'GLACIER_IR'), ...tagged('k') },
        { ...transition(60, 'INTELLIGENT_TIERING'), ...tagged('k') },
      ],
    ],
    ['when the other keeps versions that it removes', [removeNoncurrent(60), removeNoncurrent(30, 3)]],
    ['when it is about versions and the other about current objects', [expire(30), removeNoncurrent(60)]],
    ['when one has a date and the other has days', [expire(30), { Expiration: { Date: '2099-01-01' } }]],
    [
      'when Intelligent-Tiering is preferred to the earlier move',
      [transition(11, 'GLACIER_IR'), transitions([11, 'INTELLIGENT_TIERING'], [12, 'GLACIER_IR'])],
    ],
    [
      'when Intelligent-Tiering may have refused the earlier move',
      [transition(0, 'INTELLIGENT_TIERING'), transition(100, 'ONEZONE_IA'), transition(120, 'GLACIER_IR')],
    ],
  ])('%s', (_, list) => {
    expect(never(list)).toEqual([]);
  });

  it('when Deep Archive Access may have kept an object from the earlier move, and a read has brought it back', () => {
    const rule = (ID: string, days: number) => ({ ID, Status: 'Enabled', Filter: {}, ...transition(days, 'GLACIER') });
    const text = JSON.stringify({
      uploadStorageClass: 'INTELLIGENT_TIERING',
      lifecycle: { Rules: [rule('r1', 200), rule('r2', 250)] },
      intelligentTiering: [
        { Id: 'a', Status: 'Enabled', Tierings: [{ Days: 180, AccessTier: 'DEEP_ARCHIVE_ACCESS' }] },
      ],
    });
    // Unread for 180 days on the 200th, which the read of the 210th ends.
    const read = [at('2024-07-29')] as const;
    const { policy } = parsePolicyFile(text, { name: 'x' });
    expect(stayLines(policy!, { accesses: [read] }).slice(1)).toEqual(['GLACIER 2024-09-07 by r2']);
    expect(findings(text, 'never-happens')).toEqual([]);
  });

  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-conflicts.html: permanent deletion, transition, delete marker.
  it('on the day of an expiration in a versioned bucket, where the transition comes first', () => {
    const list = [transition(60, 'GLACIER'), expire(60)];
    expect(never(list, { versioning: 'unversioned' })).toHaveLength(1);
    expect(never(list, { versioning: 'enabled' })).toEqual([]);
  });
});

const anHour = fc.integer({ min: 0, max: 300 * 24 }).map((hours) => at('2024-01-01') + hours * 3600);
const aLife = fc.record({
  key: fc.constantFrom('a', 'a/b/c', 'ab', 'b', 'c', ' <&> é'),
  size: fc.constantFrom(0, 500, 1001, 140_000, 131_072, 200_001, 999_999, 5_000_000),
  created: anHour,
  tags: fc.array(
    fc.tuple(
      anHour,
      fc.record({ k: fc.constantFrom('1', '2', ''), l: fc.constantFrom('1', '2', '') }, { requiredKeys: [] }),
    ),
    { maxLength: 3 },
  ),
  accesses: fc.array(anHour, { maxLength: 4 }),
});

function lifeText({
  tags,
  accesses,
  created,
  ...life
}: typeof aLife extends fc.Arbitrary<infer T> ? T : never): LifeText {
  const after = <T extends readonly [number, unknown]>(rows: readonly T[]): T[] =>
    rows.filter(([time]) => time > created).sort((a, b) => a[0] - b[0]);
  return {
    ...life,
    created,
    uploadClass: STANDARD,
    tags: [[created, tags[0]?.[1] ?? {}], ...after(tags.slice(1))],
    accesses: after(accesses.map((time) => [time, undefined] as const)).map(([time]) => [time] as const),
  };
}

interface Rule {
  readonly ID: string;
  readonly Transitions?: readonly Move[];
  readonly Expiration?: object;
  readonly NoncurrentVersionTransitions?: readonly Move[];
  readonly NoncurrentVersionExpiration?: object;
}

interface Move {
  readonly StorageClass: (typeof STORAGE_CLASSES)[number];
}

/** The rules without what never happens to current objects and noncurrent versions. */
function withoutDead(rules: readonly object[], dead: readonly Shadow[]): object[] {
  return rules.flatMap((rule) => {
    const { Transitions, Expiration, NoncurrentVersionTransitions, NoncurrentVersionExpiration, ...rest } =
      rule as Rule;
    const gone = (subject: string) =>
      dead
        .filter(({ action }) => action.rule.name === rest.ID && action.subject === subject)
        .map(({ action }) => action.target);
    const [current, noncurrent] = [gone('current'), gone('noncurrent')];
    const kept = (moves: readonly Move[] | undefined, targets: readonly unknown[]) =>
      moves?.filter(({ StorageClass }) => !targets.includes(STORAGE_CLASSES.indexOf(StorageClass))) ?? [];
    const left = {
      ...rest,
      Transitions: kept(Transitions, current),
      NoncurrentVersionTransitions: kept(NoncurrentVersionTransitions, noncurrent),
      ...(Expiration !== undefined && !current.includes(undefined) && { Expiration }),
      ...(NoncurrentVersionExpiration !== undefined &&
        !noncurrent.includes(undefined) && { NoncurrentVersionExpiration }),
    };
    const acts = left.Transitions.length + left.NoncurrentVersionTransitions.length > 0;
    const others = ['Expiration', 'NoncurrentVersionExpiration', 'AbortIncompleteMultipartUpload'];
    return acts || others.some((field) => field in left) ? [left] : [];
  });
}

/** What never happens in a bucket, of rules as `aws s3api` prints them. */
function deadActions(Rules: readonly object[], versioning: 'enabled' | 'unversioned'): Shadow[] {
  const { document } = readPolicyDocument(JSON.stringify({ Rules }));
  return shadows(subjectOf(document!, document!.configuration!, [], { prices: PRICES, versioning }));
}

it('without what never happens, objects uploaded to S3 Standard live as they did', () => {
  let [removed, acted] = [0, 0];
  fc.assert(
    fc.property(acceptedRules, fc.array(aLife, { minLength: 20, maxLength: 20 }), (Rules, lives) => {
      const dead = deadActions(Rules, 'unversioned').filter(({ action }) => action.subject === 'current');
      if (dead.length === 0) return;
      removed += dead.length;
      const policy = parsePolicyFile(JSON.stringify({ Rules }), { name: 'x' }).policy!;
      const leaner = parsePolicyFile(JSON.stringify({ Rules: withoutDead(Rules, dead) }), { name: 'x' }).policy!;
      for (const life of lives) {
        const [before, after] = [policy, leaner].map((one) => {
          const { length, from, storageClass, expires } = placed(one, lifeText(life));
          return { from: from.slice(0, length), storageClass: storageClass.slice(0, length), expires };
        });
        expect(after).toEqual(before);
        acted += before!.from.length - 1;
      }
    }),
    { numRuns: 1500 },
  );
  // It was put to the test: actions were removed, and others acted.
  expect(removed).toBeGreaterThan(150);
  expect(acted).toBeGreaterThan(250);
});

const aDay = fc.integer({ min: 0, max: 300 });
const aTag = fc.constantFrom('', 'k=1', 'k=2', 'l=1', 'k=1&l=2', 'k=&l=');
const aRequest = fc.oneof(
  fc.tuple(aDay, fc.constant('PUT'), fc.constantFrom(0, 999, 131_072, 140_000, 300_000, 2_000_000), aTag),
  fc.tuple(aDay, fc.constant('DELETE'), fc.constant(''), fc.constant('')),
  fc.tuple(aDay, fc.constant('GET'), fc.constant(''), fc.constant('')),
  fc.tuple(aDay, fc.constant('PUT_TAGGING'), fc.constant(''), aTag),
);
const aTrace = fc
  .array(fc.tuple(fc.constantFrom('a', 'a/b/c', 'b', 'ab'), fc.array(aRequest, { maxLength: 8 })), {
    minLength: 1,
    maxLength: 5,
  })
  .map((keys) => {
    const first = keys.map(([key], i) => [0, 'PUT', 400_000, 'k=1', `${key}${i}`] as const);
    const rows = [...first, ...keys.flatMap(([key, list], i) => list.map((row) => [...row, `${key}${i}`] as const))];
    const lines = [...rows]
      .sort((x, y) => x[0] - y[0])
      .map(
        ([day, operation, size, tags, key]) =>
          `${Date.UTC(2024, 0, 1 + day, 5) / 1000},${operation},${key},${size},${tags}`,
      );
    return readCsv(['timestamp,operation,key,size,tags', ...lines].join('\n'));
  });

it('without what never happens, a versioned bucket costs what it did', () => {
  const horizon = { from: at('2024-01-01'), until: at('2025-07-01') };
  let removed = 0;
  fc.assert(
    fc.property(acceptedRules, aTrace, (Rules, trace) => {
      const dead = deadActions(Rules, 'enabled');
      if (dead.length === 0) return;
      removed += dead.length;
      const [before, after] = [Rules, withoutDead(Rules, dead)].map((list) => {
        const { policy } = parsePolicyFile(JSON.stringify({ Rules: list }), { name: 'x' });
        return compare(trace, [policy!], PRICES, { horizon, versioning: 'enabled' }).results[0]!.lineItems;
      });
      expect(after).toEqual(before);
    }),
    { numRuns: 400 },
  );
  expect(removed).toBeGreaterThan(40);
});
