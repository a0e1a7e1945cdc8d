import { expect, it } from 'vitest';
import { parsePolicyFile } from '../../src/policies/index.ts';

/** The description of a policy of these rules, without what it says of uploads. */
function described(...list: readonly object[]): string {
  const Rules = list.map((rule) => ({ Status: 'Enabled', Filter: {}, ...rule }));
  const { policy, diagnostics } = parsePolicyFile(JSON.stringify({ Rules }), { name: 'x' });
  expect(diagnostics).toEqual([]);
  const [uploads, ...rest] = policy!.description.split('; ');
  expect(uploads).toBe('uploads to the class the trace gives');
  return rest.join('; ');
}

it('says what is done to noncurrent versions', () => {
  const rule = {
    NoncurrentVersionTransitions: [
      { NoncurrentDays: 120, NewerNoncurrentVersions: 3, StorageClass: 'DEEP_ARCHIVE' },
      { NoncurrentDays: 0, StorageClass: 'GLACIER' },
    ],
    NoncurrentVersionExpiration: { NoncurrentDays: 365, NewerNoncurrentVersions: 1 },
  };
  expect(described(rule)).toBe(
    'noncurrent versions: GLACIER at the next midnight, DEEP_ARCHIVE after 120 days but for the newest 3; ' +
      'noncurrent versions are removed after 365 days but for the newest one',
  );
});

it('says which delete markers are removed', () => {
  const marker = { Expiration: { ExpiredObjectDeleteMarker: true }, Filter: { Prefix: 'p/' } };
  expect(described(marker, { NoncurrentVersionExpiration: { NoncurrentDays: 1 } })).toBe(
    "under 'p/': delete markers without versions are removed; noncurrent versions are removed after 1 day",
  );
  expect(described({ Expiration: { ExpiredObjectDeleteMarker: false } })).toBe('nothing');
});

it('tells transitions in the order of their dates', () => {
  const Transitions = [
    { Date: '2031-01-01T00:00:00Z', StorageClass: 'DEEP_ARCHIVE' },
    { Date: '2030-01-01T00:00:00Z', StorageClass: 'GLACIER' },
  ];
  expect(described({ Transitions })).toBe('GLACIER on 2030-01-01, DEEP_ARCHIVE on 2031-01-01');
});

it('tells four rules, and how many more there are', () => {
  const rules = (count: number) => Array.from({ length: count }, () => ({ Expiration: { Days: 1 } }));
  const four = new Array(4).fill('expires after 1 day').join('; ');
  expect(described(...rules(4))).toBe(four);
  expect(described(...rules(5))).toBe(`${four}; and 1 more rule`);
  expect(described(...rules(6))).toBe(`${four}; and 2 more rules`);
  expect(described(...rules(1), { Status: 'Disabled', Expiration: { Days: 2 } })).toBe('expires after 1 day');
});

it('tells sizes between two bounds', () => {
  const And = { ObjectSizeGreaterThan: 5, ObjectSizeLessThan: 9 };
  expect(described({ Expiration: { Days: 1 }, Filter: { And } })).toBe(
    'over 5 bytes, under 9 bytes: expires after 1 day',
  );
});

it('tells the archive tiers of enabled configurations, which need no rules', () => {
  const tier = (Days: number, AccessTier: string) => ({ Days, AccessTier });
  const [archive, deep] = [tier(90, 'ARCHIVE_ACCESS'), tier(180, 'DEEP_ARCHIVE_ACCESS')];
  const entries = [
    { Id: 'both', Status: 'Enabled', Tierings: [deep, archive] },
    { Id: 'deep', Status: 'Enabled', Tierings: [deep], Filter: { Prefix: 'p/' } },
    { Id: 'off', Status: 'Disabled', Tierings: [archive] },
  ];
  const { policy } = parsePolicyFile(JSON.stringify({ intelligentTiering: entries }), { name: 'x' });
  expect(policy!.description).toBe(
    'uploads to the class the trace gives; ' +
      "Intelligent-Tiering's Archive Access after 90 days, Deep Archive Access after 180 days without access; " +
      "under 'p/': Intelligent-Tiering's Deep Archive Access after 180 days without access",
  );
});
