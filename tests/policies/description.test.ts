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
