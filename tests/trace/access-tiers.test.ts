import { describe, expect, it } from 'vitest';
import { COPY, FAILED, GET, GET_TAGGING, HEAD, RESTORE, SELECT, UNCHARGED } from '../../src/model/operation.ts';
import {
  ACCESS_TIERS,
  type ArchiveTierConfiguration,
  optIn,
  tierSettings,
  walkTiers,
} from '../../src/trace/access-tiers.ts';
import { aLife, at, type LifeText } from '../policies/a-life.ts';

const day = (n: number): number => at('2024-01-01') + n * 86_400;

/** What a walk tells, times in days since the stay began (2024-01-01 00:00). */
function walk(
  text: LifeText,
  to: number,
  { archive = Infinity, deep = Infinity, tier = 'standard' as const } = {},
): string[] {
  const settings = tierSettings(tier);
  settings.archiveAccessSeconds = archive * 86_400;
  settings.deepArchiveAccessSeconds = deep * 86_400;
  const told: string[] = [];
  const days = (t: number): string => String(+((t - day(0)) / 86_400).toFixed(4));
  const last = walkTiers(aLife(text), day(0), day(to), settings, {
    held: (tier, from, end) => told.push(`${ACCESS_TIERS[tier]} ${days(from)}..${days(end)}`),
    restored: (tier, access, completes) =>
      told.push(`restore ${access} from ${ACCESS_TIERS[tier]} until ${days(completes)}`),
    waited: (access, completes) => told.push(`wait ${access} until ${days(completes)}`),
  });
  told.push(`then ${ACCESS_TIERS[last]}`);
  return told;
}

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/intelligent-tiering-overview.html: 30 consecutive days without
// access, 90 consecutive days, and the days opted in.
describe('Intelligent-Tiering', () => {
  it('moves an object that is not read after 30 and 90 days', () => {
    expect(walk({}, 100)).toEqual([
      'frequent 0..30',
      'infrequent 30..90',
      'archive instant 90..100',
      'then archive instant',
    ]);
  });

  it('moves at the midnight after, when the stay began during a day', () => {
    const told: string[] = [];
    const from = day(0) + 3600;
    walkTiers(aLife({ created: from }), from, day(40), tierSettings('standard'), {
      held: (tier, a, b) => told.push(`${tier} ${a - day(0)} ${(b - day(0)) / 86_400}`),
      restored: () => {},
      waited: () => {},
    });
    // 01:00 on day 0 plus 30 days is 01:00 on day 30: the midnight after is day 31.
    expect(told).toEqual(['0 3600 31', `1 ${31 * 86_400} 40`]);
  });

  it('keeps objects under 128 KB in Frequent Access', () => {
    expect(walk({ size: 131_071 }, 400, { archive: 90 })).toEqual(['frequent 0..400', 'then frequent']);
    expect(walk({ size: 131_072 }, 31)).toEqual(['frequent 0..30', 'infrequent 30..31', 'then infrequent']);
  });

  it('lifts an object that is read back to Frequent Access and starts its clock again', () => {
    expect(walk({ accesses: [[day(40)]] }, 80)).toEqual([
      'frequent 0..30',
      'infrequent 30..40',
      'frequent 40..70',
      'infrequent 70..80',
      'then infrequent',
    ]);
    expect(walk({ accesses: [[day(29)]] }, 59)).toEqual(['frequent 0..59', 'then infrequent']);
  });

  it('takes no notice of HEAD, tagging, a COPY to it, and requests that failed', () => {
    const accesses = [HEAD, GET_TAGGING, COPY, RESTORE, GET | FAILED, GET | FAILED | UNCHARGED].map(
      (operation, i) => [day(20 + i), operation] as const,
    );
    expect(walk({ accesses }, 40)).toEqual(['frequent 0..30', 'infrequent 30..40', 'then infrequent']);
  });

  it('moves before a request of the same instant', () => {
    expect(walk({ accesses: [[day(30)]] }, 31)).toEqual(['frequent 0..30', 'frequent 30..31', 'then frequent']);
    expect(walk({ accesses: [[day(90)]] }, 91, { archive: 90 }).slice(2)).toEqual([
      'restore 0 from archive until 90.2083',
      'wait 0 until 90.2083',
      'archive 90..90.2083',
      'frequent 90.2083..91',
      'then frequent',
    ]);
  });

  it('lets Archive Access at 90 days bypass Archive Instant Access', () => {
    expect(walk({}, 200, { archive: 90, deep: 180 })).toEqual([
      'frequent 0..30',
      'infrequent 30..90',
      'archive 90..180',
      'deep archive 180..200',
      'then deep archive',
    ]);
    expect(walk({}, 400, { archive: 300, deep: 180 }).slice(2)).toEqual([
      'archive instant 90..180',
      'deep archive 180..400',
      'then deep archive',
    ]);
  });

  it('lets SELECT restart the clocks of the archive tiers only', () => {
    expect(walk({ accesses: [[day(50), SELECT]] }, 150, { archive: 90 })).toEqual([
      'frequent 0..30',
      'infrequent 30..90',
      'archive instant 90..140',
      'archive 140..150',
      'then archive',
    ]);
  });

  it('restores out of Archive Access in 5 hours, keeps it there meanwhile, and makes later reads wait', () => {
    const accesses = [[day(100)], [day(100) + 3 * 3600, SELECT], [day(101)]] as const;
    expect(walk({ accesses }, 131, { archive: 90, deep: 180 }).slice(2)).toEqual([
      'restore 0 from archive until 100.2083',
      'wait 0 until 100.2083',
      'wait 1 until 100.2083',
      'archive 90..100.2083',
      'frequent 100.2083..131',
      'then infrequent',
    ]);
  });

  it('does not move to Deep Archive Access while a restore runs, and counts 30 days from its completion', () => {
    // Read two hours before the move of day 180; 5 hours later, on day 180 at 03:00, it is back.
    expect(walk({ accesses: [[day(180) - 2 * 3600]] }, 220, { archive: 90, deep: 180 }).slice(2)).toEqual([
      'restore 0 from archive until 180.125',
      'wait 0 until 180.125',
      'archive 90..180.125',
      'frequent 180.125..211',
      'infrequent 211..220',
      'then infrequent',
    ]);
  });

  it('restores out of Deep Archive Access in 12 hours; a RESTORE waits for nobody', () => {
    expect(walk({ accesses: [[day(190), RESTORE]] }, 191, { deep: 180 }).slice(3)).toEqual([
      'restore 0 from deep archive until 190.5',
      'deep archive 180..190.5',
      'frequent 190.5..191',
      'then frequent',
    ]);
  });

  it('counts requests before the end of the stay, and at it where the life ends there', () => {
    const accesses = [[day(40)]] as const;
    expect(walk({ accesses }, 40)).toEqual(['frequent 0..30', 'infrequent 30..40', 'then infrequent']);
    expect(walk({ accesses, ended: day(40) }, 40)).toEqual(['frequent 0..30', 'infrequent 30..40', 'then frequent']);
  });
});

describe('archive configurations', () => {
  it('opt in the objects that have their marks when the stay begins, at the earliest days', () => {
    const marks = [{ kind: 'tag', key: 'a', value: '1' }] as const;
    const life = aLife(
      {
        tags: [
          [day(0), {}],
          [day(10), { a: '1' }],
        ],
      },
      marks,
    );
    const configurations: ArchiveTierConfiguration[] = [
      { marks: [], archiveAccessDays: 120, deepArchiveAccessDays: 180 },
      { marks: [0], archiveAccessDays: 90 },
    ];
    const settings = tierSettings('bulk');
    optIn(settings, configurations, life, day(9), [0], 1);
    expect(settings).toMatchObject({ archiveAccessSeconds: 120 * 86_400, deepArchiveAccessSeconds: 180 * 86_400 });
    optIn(settings, configurations, life, day(10), [0], 1);
    expect(settings).toMatchObject({ archiveAccessSeconds: 90 * 86_400, deepArchiveAccessSeconds: 180 * 86_400 });
    optIn(settings, undefined, life, day(10), [0], 1);
    expect(settings).toMatchObject({ archiveAccessSeconds: Infinity, deepArchiveAccessSeconds: Infinity });
  });

  it('wait as long as S3 says for the speed of the restore', () => {
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/restoring-objects-retrieval-options.html
    expect(tierSettings('expedited').restoreWaitSeconds).toEqual({ archive: 300, deepArchive: 43_200 });
    expect(tierSettings('standard').restoreWaitSeconds).toEqual({ archive: 18_000, deepArchive: 43_200 });
    expect(tierSettings('bulk').restoreWaitSeconds).toEqual({ archive: 43_200, deepArchive: 172_800 });
  });
});
