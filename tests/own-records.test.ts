/**
 * What S3's own lifecycle is recorded to have done to versions and delete markers, as `as-is` follows it: records in,
 * line items out. In byte-days: size × days. A record counts from the midnight UTC before it, a move into
 * INTELLIGENT_TIERING from its own time. Source:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-and-other-bucket-config.html
 */
import { describe, expect, test } from 'vitest';
import type { PolicyResult } from '../src/model/comparison.ts';
import { regionPrices } from '../src/node/price-files.ts';
import { namedPolicy } from '../src/policies/index.ts';
import { compare } from '../src/simulate.ts';
import { instant, trace } from './events.ts';

const prices = regionPrices('us-east-1');
const DAY = 86_400;

function bill(versioning: 'enabled' | 'suspended', ...lines: readonly string[]): PolicyResult {
  const horizon = { from: instant('2025-01-01'), until: instant('2025-02-01') };
  const events = trace(...lines.map((line) => (line.startsWith('2024') ? line : `2025-01-${line}`)));
  return compare(events, [namedPolicy('as-is')], prices, { horizon, versioning }).results[0]!;
}

/** Byte-days of January in a class; STANDARD's hold those of delete markers too. */
function stored({ lineItems }: PolicyResult, usageType = 'TimedStorage-ByteHrs'): number {
  const items = lineItems.filter((item) => item.usageType === usageType && item.usageUnit.endsWith('-seconds'));
  return items.reduce((sum, { usageQuantity }) => sum + Number(usageQuantity) / DAY, 0);
}

test('the policy says what it does', () => {
  expect(namedPolicy('as-is')).toMatchObject({
    description: "uploads to the class the trace gives; moves and expires what S3's own records in it say",
    marks: [],
    rules: ['recorded by S3'],
    followsRecords: true,
  });
});

describe('whom a record is about', () => {
  const TWO = ['01T00:00 PUT k size=1000 version_id=a', '02T00:00 PUT k size=2000'];

  test('the version it names, the current one when it names none', () => {
    expect(stored(bill('enabled', ...TWO, '11T05:00 EXPIRE k version_id=a'))).toBe(1000 * 10 + 2000 * 30);
    expect(stored(bill('enabled', ...TWO, '11T05:00 EXPIRE k'))).toBe(1000 * 31 + 2000 * 9);
  });

  test('the oldest without an id, when no row gives the one it names', () => {
    expect(stored(bill('enabled', ...TWO, '11T05:00 EXPIRE k version_id=x'))).toBe(1000 * 31 + 2000 * 9);
    const unnamed = ['01T00:00 PUT k size=200000', '02T00:00 PUT k size=300000'];
    const result = bill(
      'enabled',
      ...unnamed,
      '11T05:00 TRANSITION_GLACIER_IR k version_id=x',
      '12T05:00 TRANSITION_STANDARD_IA k version_id=y',
      '21T05:00 TRANSITION_GLACIER k version_id=x',
    );
    expect(stored(result, 'TimedStorage-GIR-ByteHrs')).toBe(200_000 * 10);
    expect(stored(result, 'TimedStorage-SIA-ByteHrs')).toBe(300_000 * 20);
    expect(stored(result, 'TimedStorage-GlacierByteHrs')).toBe((200_000 + 32_768) * 11);
  });

  test('nobody, when all have ids and none has that', () => {
    const named = [TWO[0]!, '02T00:00 PUT k size=2000 version_id=b'];
    expect(stored(bill('enabled', ...named, '11T05:00 EXPIRE k version_id=x'))).toBe(1000 * 31 + 2000 * 30);
    expect(stored(bill('enabled', ...named, '11T05:00 TRANSITION_GLACIER_IR k version_id=x'))).toBe(91_000);
    const next = ['11T05:00 EXPIRE k version_id=x', '12T05:00 EXPIRE k'];
    expect(stored(bill('enabled', ...named, ...next))).toBe(1000 * 31 + 2000 * 10);
  });

  test('the same one again, when the id was used before: it is gone', () => {
    const unnamed = ['01T00:00 PUT k size=1000', '02T00:00 PUT k size=2000'];
    const records = ['11T05:00 EXPIRE k version_id=x', '21T05:00 EXPIRE k version_id=x'];
    expect(stored(bill('enabled', ...unnamed, ...records))).toBe(1000 * 10 + 2000 * 30);
  });

  test('one record delivered twice is one; two of different times are two', () => {
    const again = ['11T05:00 EXPIRE k', '11T05:00 EXPIRE k'];
    expect(stored(bill('enabled', ...TWO, ...again))).toBe(1000 * 31 + 2000 * 9);
    expect(stored(bill('enabled', ...TWO, ...again, '11T05:01 EXPIRE k'))).toBe(1000 * 10 + 2000 * 9);
  });

  test('moves are of versions, removals of delete markers too', () => {
    const lines = ['01T00:00 DELETE k', '02T00:00 PUT k size=200000'];
    const moved = bill('enabled', ...lines, '11T05:00 TRANSITION_GLACIER_IR k version_id=x');
    expect(stored(moved, 'TimedStorage-GIR-ByteHrs')).toBe(200_000 * 21);
    const removed = bill('enabled', ...lines, '11T05:00 EXPIRE k version_id=x');
    // The marker, of one byte, is the oldest.
    expect(stored(removed)).toBe(10 + 200_000 * 30);
    expect(stored(bill('enabled', '01T00:00 DELETE k', '11T05:00 TRANSITION_GLACIER_IR k'))).toBe(31);
  });

  test('the null version of a suspended bucket by that name alone', () => {
    const lines = ['01T00:00 PUT k size=1000', '02T00:00 PUT k size=2000 version_id=v'];
    expect(stored(bill('suspended', ...lines, '11T05:00 EXPIRE k version_id=x'))).toBe(1000 * 31 + 2000 * 30);
    const records = ['11T05:00 EXPIRE k version_id=v', '21T05:00 EXPIRE k version_id=null'];
    expect(stored(bill('suspended', ...lines, ...records))).toBe(1000 * 20 + 2000 * 9);
  });

  test('of its own key: what was said of another is not said of it', () => {
    const result = bill(
      'enabled',
      '01T00:00 PUT a size=1 version_id=p',
      '01T00:00 PUT a size=1 version_id=q',
      '01T00:00 PUT a size=1 version_id=r',
      '11T05:00 TRANSITION_GLACIER_IR a version_id=p',
      '12T05:00 EXPIRE a',
      '13T05:00 EXPIRE a',
      '01T00:00 PUT b size=200000 version_id=p',
      '11T05:00 TRANSITION_GLACIER_IR b version_id=p',
      '01T00:00 PUT c size=3000 version_id=p',
      '11T05:00 CREATE_DELETE_MARKER c',
      '21T05:00 CREATE_DELETE_MARKER c',
    );
    expect(stored(result, 'TimedStorage-GIR-ByteHrs')).toBe(200_000 * 21 + 21);
    // Of a: p for 10 days, r for 11, q for 12. A marker on a marker there is not.
    expect(stored(result)).toBe(10 + 11 + 12 + 200_000 * 10 + 3000 * 31 + 21);
  });

  test('of its own key too, where that has fewer records and more versions', () => {
    const versions = (key: string) => [`01T00:00 PUT ${key} size=1000`, `05T00:00 PUT ${key} size=2000`];
    const record = (key: string) => `02T05:00 TRANSITION_STANDARD_IA ${key} version_id=none`;
    const result = bill(
      'enabled',
      ...versions('a'),
      record('a'),
      '01T00:00 PUT b size=1',
      '02T05:00 TRANSITION_GLACIER b version_id=none',
      '03T05:00 EXPIRE b',
      ...versions('c'),
      record('c'),
    );
    // Of a and c the first version in STANDARD_IA since the 2nd, padded to 128 KB by another line; b for two days, one of
    // them in GLACIER, whose 8 KB of overhead are in STANDARD.
    expect(stored(result)).toBe(2 * (1000 + 2000 * 27) + 1 + 8192);
    const ofStandardIa = result.lineItems.filter(({ operation }) => operation === 'StandardIAStorage');
    expect(ofStandardIa.map(({ usageQuantity }) => Number(usageQuantity) / DAY)).toContain(2 * 1000 * 30);
  });

  test('nothing of which only later rows know', () => {
    const read = '05T00:00 GET k size=200000';
    expect(stored(bill('enabled', read))).toBe(200_000 * 31);
    for (const record of ['EXPIRE k', 'CREATE_DELETE_MARKER k', 'TRANSITION_GLACIER_IR k']) {
      expect(stored(bill('enabled', `2024-12-20T05:00 ${record}`, read))).toBe(200_000 * 31);
    }
    // It is taken to be there from the first midnight on.
    expect(stored(bill('enabled', '01T00:00 EXPIRE k', read))).toBe(0);
    expect(stored(bill('enabled', '01T00:00 CREATE_DELETE_MARKER k', read))).toBe(200_001 * 31);
  });

  test('what rows removed is gone for records too', () => {
    const lines = [...TWO, '06T00:00 DELETE k version_id=a', '11T05:00 EXPIRE k version_id=a'];
    expect(stored(bill('enabled', ...lines))).toBe(1000 * 5 + 2000 * 30);
    const current = [TWO[0]!, '02T00:00 PUT k size=2000 version_id=b', '06T00:00 DELETE k version_id=b'];
    expect(stored(bill('enabled', ...current, '11T05:00 EXPIRE k'))).toBe(1000 * 10 + 2000 * 4);
  });
});

describe('since when', () => {
  test('a noncurrent version from the midnight before, a current one not before rows last changed what is current', () => {
    const lines = ['01T00:00 PUT k size=1000 version_id=a', '02T00:00 PUT k size=2000 version_id=b'];
    const put = '11T03:00 PUT k size=4000 version_id=c';
    expect(stored(bill('enabled', ...lines, put, '11T05:00 EXPIRE k version_id=a'))).toBeCloseTo(
      1000 * 10 + 2000 * 30 + 4000 * (21 - 3 / 24),
      6,
    );
    const removed = [...lines, '11T03:00 DELETE k version_id=b', '11T05:00 EXPIRE k'];
    expect(stored(bill('enabled', ...removed))).toBeCloseTo(1000 * (10 + 3 / 24) + 2000 * (9 + 3 / 24), 6);
  });

  test('nothing before it came to where it is', () => {
    const tiered = ['01T00:00 PUT k size=200000 version_id=a', '11T04:00 TRANSITION_INTELLIGENT_TIERING k'];
    const expired = bill('enabled', ...tiered, '11T05:00 EXPIRE k');
    expect(stored(expired)).toBeCloseTo(200_000 * (10 + 4 / 24), 6);
    expect(stored(expired, 'TimedStorage-INT-FA-ByteHrs')).toBe(0);
    const marked = bill('suspended', '01T00:00 PUT k size=200000', tiered[1]!, '11T05:00 CREATE_DELETE_MARKER k');
    // The null marker, which takes the place of the null version, is there from then on too.
    expect(stored(marked)).toBeCloseTo(200_000 * (10 + 4 / 24) + (21 - 4 / 24), 6);
  });

  test('what comes next is not before what was said of the current version, but may be before what was said of another', () => {
    const three = ['01T00:00 PUT k size=200000 version_id=a', '02T00:00 PUT k size=300000 version_id=b'];
    const current = bill(
      'enabled',
      ...three,
      '11T04:00 TRANSITION_INTELLIGENT_TIERING k',
      '11T05:00 EXPIRE k',
      '11T06:00 EXPIRE k',
    );
    expect(stored(current)).toBeCloseTo(200_000 * (10 + 4 / 24) + 300_000 * (9 + 4 / 24), 6);
    const other = bill(
      'enabled',
      ...three,
      '11T04:00 TRANSITION_INTELLIGENT_TIERING k version_id=a',
      '11T05:00 EXPIRE k version_id=a',
      '11T06:00 CREATE_DELETE_MARKER k',
    );
    expect(stored(other)).toBeCloseTo(200_000 * (10 + 4 / 24) + 300_000 * 30 + 21, 6);
  });
});

describe('delete markers of S3', () => {
  const PUT = '01T00:00 PUT k size=1000 version_id=a';

  test('go by their id, by one that no row or record gave, and never with the version that they cover', () => {
    const named = ['11T05:00 CREATE_DELETE_MARKER k version_id=m', '21T05:00 EXPIRE k version_id=m'];
    expect(stored(bill('enabled', PUT, ...named))).toBe(1000 * 31 + 10);
    expect(stored(bill('enabled', '01T00:00 PUT k size=1000', ...named))).toBe(1000 * 31 + 10);
    expect(stored(bill('enabled', PUT, '11T05:00 CREATE_DELETE_MARKER k', named[1]!))).toBe(1000 * 31 + 10);
  });

  test('of a suspended bucket take the place of the null version, and an upload takes theirs', () => {
    const lines = ['01T00:00 PUT k size=1000', '11T05:00 CREATE_DELETE_MARKER k', '21T00:00 PUT k size=2000'];
    expect(stored(bill('suspended', ...lines))).toBe(1000 * 10 + 10 + 2000 * 11);
    // A version with an id stays beneath.
    expect(stored(bill('suspended', PUT, ...lines.slice(1)))).toBe(1000 * 31 + 10 + 2000 * 11);
  });

  test('answer requests that name no version, until they are gone', () => {
    const reads = ['10T12:00', '12T12:00', '22T12:00'].map((at) => `${at} GET k`);
    const missed = (...lines: string[]): number =>
      bill('enabled', PUT, ...reads, '13T00:00 GET k version_id=a', ...lines).notices.readsAfterExpiration;
    const covered = '11T05:00 CREATE_DELETE_MARKER k version_id=m';
    expect(missed()).toBe(0);
    expect(missed(covered)).toBe(2);
    expect(missed(covered, '21T05:00 EXPIRE k version_id=m')).toBe(1);
    // Of another upload that is removed again nothing is found but the marker.
    expect(missed(covered, '14T00:00 PUT k size=1 version_id=b', '15T00:00 DELETE k version_id=b')).toBe(2);
  });
});
