import { describe, expect, it } from 'vitest';
import {
  abort,
  expire,
  findings,
  noncurrentTransition,
  prefix,
  removeNoncurrent,
  rulesText,
  said,
  tagged,
  transition,
  transitions,
} from './linted.ts';

// Money: us-east-1, a million objects. A transition costs 0.00001 (IA, Intelligent-Tiering), 0.00002 (GIR), 0.00003 (Glacier)
// or 0.00005 (Deep Archive) each; a month has 30.4375 days.
describe('never-pays', () => {
  const never = (...args: Parameters<typeof said> extends [string, ...infer Rest] ? Rest : never) =>
    said('never-pays', ...args);

  it('speaks of the smallest objects a rule moves, when it does not pay for them', () => {
    // 60 days are 1.971 months: 2^-13 GB × 0.0105 × 1.971 × 10^6 = 2.53. All is saved from 0.00001 / (0.0105 × 1.971)
    // GB = 518,766 bytes on, and at 128 KB in 7.80 months.
    expect(never([{ ...transition(30, 'STANDARD_IA'), ...expire(90) }])).toEqual([
      'warning r1: STANDARD_IA after 30 days does not pay for objects under 507 KiB | a million objects of 128 KiB cost $10.00 to move and save $2.53 in the 60 days until they expire; they would need 7.9 months | set ObjectSizeGreaterThan to 519168, let objects stay longer, or take this transition out',
    ]);
    expect(
      never([{ ...transition(30, 'STANDARD_IA'), ...expire(90), Filter: { ObjectSizeGreaterThan: 519_167 } }]),
    ).toEqual([]);
    expect(never([{ ...transition(30, 'STANDARD_IA'), ...expire(365) }])).toEqual([]);
    expect(never([transition(30, 'STANDARD_IA')])).toEqual([]);
  });

  it('counts the days until the next class, or until another rule expires all of them', () => {
    expect(never([transitions([30, 'STANDARD_IA'], [60, 'GLACIER_IR'])])[0]).toContain(
      'in the 30 days until they go on to GLACIER_IR',
    );
    expect(never([{ ...transition(30, 'STANDARD_IA'), ...prefix('a') }, expire(90)])[0]).toContain(
      "in the 60 days until they expire (rule 'r2')",
    );
    expect(never([transition(30, 'STANDARD_IA'), { ...expire(90), ...prefix('a') }])).toEqual([]);
  });

  it('speaks of the size the user tells', () => {
    const list = [{ ...transition(30, 'STANDARD_IA'), ...expire(90) }];
    expect(never(list, { objectSize: 600_000 })).toEqual([]);
    expect(never(list, { objectSize: 400_000 })[0]).toMatch(
      /^warning r1: STANDARD_IA after 30 days does not pay for objects of 391 KiB \| .*; they would need 2\.6 months, or 507 KiB each \|/,
    );
    // Not moved at all.
    expect(never(list, { objectSize: 100_000 })).toEqual([]);
    expect(never([{ ...list[0], Filter: { ObjectSizeLessThan: 300_000 } }], { objectSize: 400_000 })).toEqual([]);
  });

  it('says when a move pays for no size and in no time', () => {
    // Of 1000 bytes 131072 are billed: (131072 × 0.004 − 1000 × 0.023) / 2^30 × 12 × 10^6 = 5.60.
    expect(never([{ ...transition(30, 'GLACIER_IR'), Filter: { ObjectSizeGreaterThan: 999 } }])).toEqual([
      'warning r1: GLACIER_IR after 30 days does not pay for objects under 22.3 KiB | a million objects of 1,000 B cost $20.00 to move and $5.60 more to keep in a year; no time is long enough | set ObjectSizeGreaterThan to 23552, or take this transition out',
    ]);
    const moves = { ...transitions([0, 'INTELLIGENT_TIERING'], [30, 'GLACIER_IR']) };
    expect(never([moves])).toEqual([
      'warning r1: INTELLIGENT_TIERING at the next midnight does not pay whatever the size of an object | a million objects of 128 KiB cost $10.00 to move and $2.46 more to keep in the 30 days until they go on to GLACIER_IR; no time is long enough | take this transition out',
    ]);
  });

  it('speaks of noncurrent versions too', () => {
    expect(never([{ ...noncurrentTransition(30, 'STANDARD_IA'), ...removeNoncurrent(90) }])[0]).toContain(
      'STANDARD_IA after 30 days for noncurrent versions does not pay for objects under 507 KiB | a million objects of 128 KiB cost $10.00 to move and save $2.53 in the 60 days until they are removed;',
    );
    // With newer versions to be kept nothing says when they are removed.
    expect(never([{ ...noncurrentTransition(30, 'STANDARD_IA'), ...removeNoncurrent(90, 3) }])).toEqual([]);
  });

  it('counts on in a versioned bucket until the noncurrent version is removed', () => {
    const rule = { ...transition(30, 'STANDARD_IA'), ...expire(90), ...removeNoncurrent(20) };
    expect(never([rule])[0]).toContain('in the 80 days until they are removed, 20 days after they expire');
    expect(never([rule], { versioning: 'unversioned' })[0]).toContain('in the 60 days until they expire');
    expect(never([{ ...transition(30, 'STANDARD_IA'), ...expire(90) }], { versioning: 'enabled' })).toEqual([]);
  });

  it('uses the class uploads go to', () => {
    const Rules = JSON.parse(rulesText([{ ...transition(30, 'GLACIER_IR'), ...expire(300) }])).Rules;
    const text = (uploadStorageClass: string) => JSON.stringify({ uploadStorageClass, lifecycle: { Rules } });
    expect(findings(text('STANDARD'), 'never-pays')).toHaveLength(0);
    // 0.0125 − 0.004 in Standard-IA for 270 days: 0.00002 / (0.0085 × 8.87) GB = 284,800 bytes.
    expect(findings(text('STANDARD_IA'), 'never-pays')[0]!.what).toBe(
      'GLACIER_IR after 30 days does not pay for objects under 278 KiB',
    );
  });
});

describe('pays', () => {
  it('says when a move is paid back, if the user tells a size', () => {
    // 1 MiB is 2^-10 GB: 0.0105 / 1024 = 0.00001025 a month, so that 0.00001 takes 0.975 months.
    expect(said('pays', [transition(30, 'STANDARD_IA')], { objectSize: 2 ** 20 })).toEqual([
      'note r1: STANDARD_IA after 30 days pays for objects of 1 MiB | a million of them cost $10.00 to move, which is saved in 30 days; it pays for all that the rule moves',
    ]);
    expect(said('pays', [{ ...transition(30, 'STANDARD_IA'), ...expire(90) }], { objectSize: 2 ** 20 })).toEqual([
      'note r1: STANDARD_IA after 30 days pays for objects of 1 MiB | a million of them cost $10.00 to move, which is saved in 30 days; it pays from 507 KiB on',
    ]);
    expect(said('pays', [transition(30, 'STANDARD_IA')])).toEqual([]);
  });
});

describe('never-moves', () => {
  it('says that objects of the size the user tells stay where they are', () => {
    expect(said('never-moves', [transition(30, 'GLACIER')], { objectSize: 131_071 })).toEqual([
      'warning r1: GLACIER after 30 days does not move objects of 128 KiB | without a filter by size, nothing under 128 KiB moves | set ObjectSizeGreaterThan below 131071 if they are to move',
    ]);
    expect(said('never-moves', [transition(30, 'GLACIER')], { objectSize: 131_072 })).toEqual([]);
    const varies = { TransitionDefaultMinimumObjectSize: 'varies_by_storage_class' };
    expect(said('never-moves', [transition(30, 'GLACIER')], { objectSize: 1 }, varies)).toEqual([]);
    const filtered = { ...transition(30, 'GLACIER'), Filter: { ObjectSizeGreaterThan: 200_000 } };
    expect(said('never-moves', [filtered], { objectSize: 1 })).toEqual([]);
  });
});

describe('small-in-intelligent-tiering', () => {
  it('warns of objects that Intelligent-Tiering does not monitor', () => {
    const small = { ...transition(0, 'INTELLIGENT_TIERING'), Filter: { ObjectSizeGreaterThan: 1023 } };
    expect(said('small-in-intelligent-tiering', [small])).toEqual([
      'warning r1: INTELLIGENT_TIERING at the next midnight moves objects from 1 KiB, and never pays under 128 KiB | objects so small are not monitored and stay in Frequent Access, at the price of S3 Standard; only the move is charged | set ObjectSizeGreaterThan to 131071',
    ]);
    expect(said('small-in-intelligent-tiering', [transition(0, 'INTELLIGENT_TIERING')])).toEqual([]);
    expect(said('small-in-intelligent-tiering', [small], { objectSize: 131_072 })).toEqual([]);
  });
});

describe('early-delete', () => {
  const early = (...list: readonly object[]) => said('early-delete', list);

  it('warns of objects that expire before the minimum of their class', () => {
    expect(early({ ...transition(30, 'STANDARD_IA'), ...expire(45) })).toEqual([
      'warning r1: STANDARD_IA after 30 days is billed for 30 days, of which objects stay 15 | then they expire; the other 15 days are charged as an early delete, and the move never pays | let them stay 30 days, or leave them in STANDARD',
    ]);
    expect(early({ ...transition(30, 'STANDARD_IA'), ...expire(60) })).toEqual([]);
    expect(early({ ...transition(1, 'GLACIER_IR'), ...expire(90) })).toHaveLength(1);
    expect(early({ ...transition(0, 'GLACIER_IR'), ...expire(90) })).toEqual([]);
    expect(early(transition(30, 'GLACIER'), expire(119))[0]).toContain("then they expire (rule 'r2')");
  });

  it('only notes it where the move pays in spite of it', () => {
    // 100 days in S3 Standard, 0.0756 per GB, against 180 in Deep Archive, 0.0059: so that what is
    // moved at all pays when it is large enough.
    const rule = { ...transition(0, 'DEEP_ARCHIVE'), ...expire(100) };
    expect(early({ ...rule, Filter: { ObjectSizeGreaterThan: 1_000_000 } })[0]).toMatch(
      /^note r1: DEEP_ARCHIVE at the next midnight is billed for 180 days, of which objects stay 100 .*, and the move pays all the same/,
    );
    expect(early(rule)[0]).toMatch(/^warning r1: .*, and the move pays from [\d.]+ [KM]iB on/);
  });

  it('warns of noncurrent versions, which a versioned bucket keeps in their class', () => {
    expect(early({ ...noncurrentTransition(0, 'DEEP_ARCHIVE'), ...removeNoncurrent(30) })).toHaveLength(1);
    const current = { ...transition(30, 'STANDARD_IA'), ...expire(45) };
    expect(said('early-delete', [current], { versioning: 'enabled' })).toEqual([]);
    expect(said('early-delete', [{ ...current, ...removeNoncurrent(15) }], { versioning: 'enabled' })).toEqual([]);
    expect(said('early-delete', [{ ...current, ...removeNoncurrent(14) }], { versioning: 'enabled' })).toHaveLength(1);
  });
});

describe('early-delete-by-another-rule', () => {
  const early = (...list: readonly object[]) => said('early-delete-by-another-rule', list);

  it('warns of rules that take some of the objects out of a class', () => {
    expect(early(transition(30, 'GLACIER_IR'), { ...expire(40), ...tagged('temporary') })).toEqual([
      "warning r1: GLACIER_IR after 30 days is billed for 90 days, but rule 'r2' expires some of the objects after 40 days | the other 80 days are charged as an early delete | keep the two rules apart by their filters, or let the second wait",
    ]);
    expect(early(transition(30, 'STANDARD_IA'), { ...transition(45, 'GLACIER'), ...prefix('a') })[0]).toContain(
      "rule 'r2' moves some of the objects on to GLACIER after 45 days | the other 15 days",
    );
  });

  it('is silent where they never meet, or late enough, or all of them leave', () => {
    expect(early({ ...transition(30, 'GLACIER_IR'), ...prefix('a') }, { ...expire(40), ...prefix('b') })).toEqual([]);
    expect(early({ ...transition(30, 'GLACIER_IR'), ...tagged('k') }, { ...expire(40), ...tagged('k', '2') })).toEqual(
      [],
    );
    expect(
      early(transition(30, 'GLACIER_IR'), { ...expire(40), Filter: { ObjectSizeLessThan: 131_073 } }),
    ).toHaveLength(1);
    expect(early(transition(30, 'GLACIER_IR'), { ...expire(40), Filter: { ObjectSizeLessThan: 131_072 } })).toEqual([]);
    expect(early(transition(30, 'GLACIER_IR'), { ...expire(120), ...prefix('a') })).toEqual([]);
    expect(early(transition(30, 'GLACIER_IR'), { ...expire(20), ...prefix('a') })).toEqual([]);
    expect(early(transition(30, 'GLACIER_IR'), expire(40))).toEqual([]);
  });

  it('warns of uploads to a class that they leave early', () => {
    const Rules = [{ ID: 'r1', Status: 'Enabled', Filter: {}, ...expire(30) }];
    const text = JSON.stringify({ uploadStorageClass: 'GLACIER', lifecycle: { Rules } });
    expect(findings(text, 'early-delete-by-another-rule')).toEqual([
      {
        severity: 'warning',
        check: 'early-delete-by-another-rule',
        rule: 'r1',
        line: 1,
        what: "uploads to GLACIER are billed for 90 days, but rule 'r1' expires objects after 30 days",
        why: 'the other 60 days are charged as an early delete',
        advice: 'let it wait, or upload what is short-lived to S3 Standard',
      },
    ]);
    expect(findings(text, 'early-delete-by-another-rule', { versioning: 'enabled' })).toEqual([]);
  });
});

describe('small-objects-move', () => {
  it('names the rules that act as before September 2024', () => {
    const varies = { TransitionDefaultMinimumObjectSize: 'varies_by_storage_class' };
    const list = [
      transition(30, 'GLACIER'),
      transition(30, 'STANDARD_IA'),
      { ...transition(30, 'DEEP_ARCHIVE'), Filter: { ObjectSizeGreaterThan: 1 } },
    ];
    expect(said('small-objects-move', list, {}, varies)).toEqual([
      'warning r1: GLACIER after 30 days moves objects under 128 KiB too, as before September 2024 | TransitionDefaultMinimumObjectSize is varies_by_storage_class; a million of them cost $30.00 to move, and under 15.4 KiB they cost more than in S3 Standard | set it to all_storage_classes_128K, or ObjectSizeGreaterThan in the filter',
    ]);
    expect(said('small-objects-move', list)).toEqual([]);
    expect(said('never-pays', [transition(30, 'GLACIER')], {}, varies)).toEqual([]);
  });
});

describe('no-abort', () => {
  it('misses a rule that aborts incomplete uploads, anywhere or under some prefix', () => {
    const why = 'their parts are billed until somebody does, and no listing of objects shows them';
    const advice = 'add AbortIncompleteMultipartUpload with DaysAfterInitiation 7 to a rule of the whole bucket';
    expect(said('no-abort', [expire(30)])).toEqual([
      `warning: no rule aborts incomplete multipart uploads | ${why} | ${advice}`,
    ]);
    expect(
      said('no-abort', [
        { ...abort, ...prefix('a/') },
        { ...abort, Status: 'Disabled' },
      ]),
    ).toEqual([`warning: no rule aborts incomplete multipart uploads outside 'a/' | ${why} | ${advice}`]);
    expect(said('no-abort', [abort])).toEqual([]);
  });

  it('does not know while there are refusals', () => {
    expect(said('no-abort', [expire(30), { ...abort, ...tagged('k') }])).toEqual([]);
  });
});

describe('noncurrent-kept', () => {
  it('warns of versions that an expiration leaves behind', () => {
    expect(said('noncurrent-kept', [expire(30)], { versioning: 'enabled' })).toEqual([
      'warning r1: noncurrent versions are kept for ever | in a versioned bucket Expiration only puts a delete marker on top; the version under it is billed on | add NoncurrentVersionExpiration',
    ]);
    expect(said('noncurrent-kept', [expire(30), removeNoncurrent(30)], { versioning: 'suspended' })).toEqual([]);
    expect(said('noncurrent-kept', [expire(30), { ...removeNoncurrent(30), ...prefix('a') }])).toHaveLength(1);
    expect(said('noncurrent-kept', [expire(30)], { versioning: 'unversioned' })).toEqual([]);
  });

  it('asks where nothing tells whether the bucket is versioned', () => {
    expect(said('noncurrent-kept', [expire(30)])).toEqual([
      'note: if this bucket is versioned, objects that expire stay as noncurrent versions and are billed on | say --versioning enabled or --versioning unversioned',
    ]);
    expect(said('noncurrent-kept', [transition(30, 'GLACIER')])).toEqual([]);
  });
});

describe('markers-kept', () => {
  it('warns of delete markers that nothing removes', () => {
    expect(said('markers-kept', [removeNoncurrent(30)])).toEqual([
      'warning r1: delete markers stay when the versions behind them are gone | each is billed for its key, and listing a bucket full of them is slow | add Expiration with ExpiredObjectDeleteMarker, in a rule without tags and sizes',
    ]);
    const marker = { Expiration: { ExpiredObjectDeleteMarker: true } };
    expect(said('markers-kept', [removeNoncurrent(30), marker])).toEqual([]);
    expect(said('markers-kept', [{ ...removeNoncurrent(30), ...expire(365) }])).toEqual([]);
    expect(said('markers-kept', [removeNoncurrent(30), { ...marker, ...prefix('a') }])).toHaveLength(1);
    expect(said('markers-kept', [removeNoncurrent(30), { ...expire(365), ...tagged('k') }])).toHaveLength(1);
    expect(said('markers-kept', [removeNoncurrent(30)], { versioning: 'unversioned' })).toEqual([]);
  });
});

describe('no-versions', () => {
  it('warns of actions on versions in a bucket that has none', () => {
    const list = [removeNoncurrent(30), noncurrentTransition(1, 'GLACIER'), expire(30)];
    const what =
      'actions on noncurrent versions and delete markers do nothing in an unversioned bucket | remove them, or enable versioning';
    expect(said('no-versions', list, { versioning: 'unversioned' })).toEqual([
      `warning r1: ${what}`,
      `warning r2: ${what}`,
    ]);
    expect(said('no-versions', list)).toEqual([]);
  });
});

describe('newer-versions', () => {
  it('warns above the documented 100', () => {
    expect(said('newer-versions', [removeNoncurrent(1, 100), removeNoncurrent(1, 101)])).toEqual([
      'warning r2: NewerNoncurrentVersions is over 100 | AWS documents 1 to 100; S3 has taken more, but does not say that it will | keep to 100',
    ]);
  });
});

describe('leading-slash', () => {
  it('warns of a prefix that begins with a slash', () => {
    expect(
      said('leading-slash', [
        { ...expire(1), ...prefix('//logs/') },
        { ...expire(1), ...prefix('logs/') },
      ]),
    ).toEqual([
      "warning r1: the prefix '//logs/' begins with a slash | a prefix is compared with the key as it is, and keys seldom begin with a slash | 'logs/' is probably meant",
    ]);
  });
});

describe('past-date', () => {
  const today = Date.UTC(2026, 10, 24, 12) / 1000;
  const on = (date: string) => ({ Expiration: { Date: date } });

  it('warns of dates that have come', () => {
    expect(said('past-date', [on('2026-11-23'), on('2026-11-24'), on('2026-11-25')], { today })).toEqual([
      'warning r1: the expiration on 2026-11-23 is past | it acts at once on all objects since before 2026-11-23, and on every later one the midnight after its upload | use Days if objects are to age first',
    ]);
    expect(said('past-date', [on('2020-01-01')])).toEqual([]);
  });
});

describe('disabled', () => {
  it('notes rules that do nothing, and finds nothing else in them', () => {
    const off = { ...transition(30, 'STANDARD_IA'), ...expire(45), ...prefix('/a'), Status: 'Disabled' };
    expect(said('disabled', [off, abort])).toEqual(['note r1: this rule is Disabled and does nothing']);
    expect(findings(rulesText([off, abort]), 'early-delete')).toEqual([]);
    expect(findings(rulesText([off, abort]), 'leading-slash')).toEqual([]);
  });
});

describe('what S3 refuses', () => {
  it('is an error with its code, rule and line, and ends the checks of its rule only', () => {
    const text = rulesText([
      { ...transition(29, 'STANDARD_IA'), ...prefix('/a') },
      { ...expire(1), ...prefix('/b') },
    ]);
    expect(findings(text, 'refused')).toEqual([
      {
        severity: 'error',
        check: 'refused',
        code: 'InvalidArgument',
        rule: 'r1',
        line: 1,
        what: "'Days' in Transition action must be greater than or equal to 30 for storageClass 'STANDARD_IA'",
      },
    ]);
    expect(findings(text, 'leading-slash').map(({ rule }) => rule)).toEqual(['r2']);
  });

  it('may be anything at all', () => {
    expect(findings('{', 'refused')).toHaveLength(1);
    expect(findings('<x/>', 'refused')[0]).toMatchObject({ severity: 'error', code: 'MalformedXML' });
    expect(findings('{"uploadStorageClass": "GLACIER"}', 'refused')).toEqual([]);
  });
});
