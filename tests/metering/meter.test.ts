/** What a meter accrues at its edges: the instants between two rules, the second object, equal objects, who pays. */
import { describe, expect, it } from 'vitest';
import virginia from '../../pricing/us-east-1.json' with { type: 'json' };
import { DEFAULT_SWITCHES } from '../../src/model/assumptions.ts';
import type { PolicyResult } from '../../src/model/comparison.ts';
import { namedPolicy, parsePolicyFile } from '../../src/policies/index.ts';
import type { Policy } from '../../src/policies/policy.ts';
import { parsePriceList } from '../../src/pricing/price-list.ts';
import { type CompareOptions, compare } from '../../src/simulate.ts';
import { chargedTrace, instant, trace } from '../events.ts';

const prices = parsePriceList(virginia);
const DAY = 86_400;
const HOUR = 3600;
const INDEX = 32_768;
const NAME = 8192;

function document(content: object): Policy {
  const { policy, diagnostics } = parsePolicyFile(JSON.stringify(content), { name: 'document' });
  expect(diagnostics).toEqual([]);
  return policy!;
}

function rules(...actions: readonly object[]): Policy {
  return document({ Rules: actions.map((action, i) => ({ ID: `r${i}`, Status: 'Enabled', Filter: {}, ...action })) });
}

interface Run extends CompareOptions {
  readonly policy?: string | Policy;
  readonly from?: string;
  readonly until?: string;
}

/** From January to March 2025 unless told otherwise. */
function run(
  events: string | ReturnType<typeof trace>,
  { policy = 'as-is', from, until, ...options }: Run = {},
): PolicyResult {
  const horizon = { from: instant(from ?? '2025-01-01'), until: instant(until ?? '2025-04-01') };
  const named = typeof policy === 'string' ? namedPolicy(policy) : policy;
  const read = typeof events === 'string' ? trace(events) : events;
  return compare(read, [named], prices, { horizon, ...options }).results[0]!;
}

/** What was used of a usage type and operation, in bytes or byte-seconds, objects or requests. */
function used({ lineItems }: PolicyResult, usageType: string, operation?: string): number {
  const items = lineItems.filter((i) => i.usageType === usageType && (operation ?? i.operation) === i.operation);
  return items.reduce((sum, { usageQuantity }) => sum + Number(usageQuantity), 0);
}

describe('equal objects', () => {
  it.each([
    ['GLACIER', 'Glacier', 'TimedStorage-GlacierByteHrs'],
    ['DEEP_ARCHIVE', 'DeepArchive', 'TimedStorage-GDA-ByteHrs'],
  ])('have each an overhead in %s', (storageClass, name, type) => {
    // Three objects on the last day of March: 3 × 32 KB and 3 × 8 KB for 86,400 seconds.
    const result = run(`2025-03-31 PUT a size=1 count=3 storage_class=${storageClass}`);
    expect(used(result, type, `${name}ObjectOverhead`)).toBe(3 * INDEX * DAY);
    expect(used(result, 'TimedStorage-ByteHrs', `${name}S3ObjectOverhead`)).toBe(3 * NAME * DAY);
  });

  it('wait each for their restore, at each of their reads', () => {
    // Two reads of each of three objects, an hour before the copy is there: 6 hours in all.
    const events = `
      2025-01-01T00:00 PUT a size=1 count=3 storage_class=GLACIER
      2025-02-01T00:00 RESTORE a
      2025-02-01T04:00 GET a count=2`;
    expect(run(events).notices).toMatchObject({
      restores: 3,
      readsNeedingRestore: 6,
      restoreWaitHours: 6,
      longestRestoreWaitHours: 1,
    });
  });
});

describe('the second object', () => {
  it('is not read in the class the first has moved to', () => {
    const policy = rules(
      {
        Filter: { Prefix: 'a' },
        Transitions: [
          { Days: 30, StorageClass: 'STANDARD_IA' },
          { Days: 60, StorageClass: 'GLACIER_IR' },
        ],
      },
      { Filter: { Prefix: 'b' }, Transitions: [{ Days: 30, StorageClass: 'STANDARD_IA' }] },
    );
    const events = ['a', 'b', 'c'].map(
      (key) => `
      2025-01-01T00:00 PUT ${key} size=200000
      2025-03-15T00:00 GET ${key}`,
    );
    const result = run(events.join('\n'), { policy });
    const gets = ['Requests-Tier2', 'Requests-SIA-Tier2', 'Requests-GIR-Tier2'].map((type) => used(result, type));
    expect(gets).toEqual([1, 1, 1]);
  });

  it.each(['glacier', 'deep-archive'])('is not read when the first is, in %s', (policy) => {
    const events = `
      2025-01-01T00:00 PUT a size=1
      2025-01-10T00:00 GET a
      2025-03-10T00:00 GET a
      2025-01-01T00:00 PUT b size=1
      2025-01-10T00:00 GET b`;
    expect(run(events, { policy }).notices).toMatchObject({ restores: 3, readsNeedingRestore: 3 });
  });

  it.each(['standard', 'as-is'])('has tags of its own: %s', (policy) => {
    // Two tags for 9 days and one for 10, until the third change takes it away; one of the other object for 5 days.
    const events = `
      2025-01-01T00:00 PUT a size=1 tags=x=1&y=2
      2025-01-10T00:00 PUT_TAGGING a tags=x=1
      2025-01-20T00:00 PUT_TAGGING a
      2025-03-27T00:00 PUT b size=1 tags=x=1`;
    expect(used(run(events, { policy }), 'TagStorage-TagHrs')).toBe((2 * 9 + 10 + 5) * DAY);
  });
});

describe('an object of exactly 128 KB', () => {
  it('is monitored in Intelligent-Tiering, one byte less is not', () => {
    for (const policy of ['intelligent-tiering', document({ uploadStorageClass: 'INTELLIGENT_TIERING' })]) {
      const monitored = (size: number) =>
        used(run(`2025-03-31T00:00 PUT a size=${size}`, { policy }), 'Monitoring-Automation-INT');
      expect([monitored(131_072), monitored(131_071)]).toEqual([DAY, 0]);
    }
  });
});

describe('at the midnight', () => {
  it('an object expires, a read finds nothing any more', () => {
    // 30 days after 10:00 on 1 January are over on 31 January, due the midnight after.
    const policy = rules({ Expiration: { Days: 30 } });
    const read = (time: string) =>
      run(`2025-01-01T10:00 PUT a size=1 storage_class=GLACIER_IR\n${time} GET a`, { policy });
    expect(read('2025-01-31T23:59:59').notices.readsAfterExpiration).toBe(0);
    expect(used(read('2025-01-31T23:59:59'), 'Requests-GIR-Tier2')).toBe(1);
    expect(read('2025-02-01T00:00').notices.readsAfterExpiration).toBe(1);
    expect(used(read('2025-02-01T00:00'), 'Requests-Tier2')).toBe(1);
  });

  it('an object moves, a read finds it in its new class', () => {
    const policy = rules({ Transitions: [{ Days: 30, StorageClass: 'STANDARD_IA' }] });
    const read = (time: string) => run(`2025-01-01T10:00 PUT a size=200000\n${time} GET a`, { policy });
    expect(used(read('2025-01-31T23:59:59'), 'Requests-SIA-Tier2')).toBe(0);
    expect(used(read('2025-02-01T00:00'), 'Requests-SIA-Tier2')).toBe(1);
  });

  it.each(['glacier', 'as-is'])('a restored copy expires, a read needs another restore: %s', (policy) => {
    // Restored at 5:00 on 1 February for a day: until midnight of the 3rd.
    const read = (time: string) =>
      run(`2025-01-01T00:00 PUT a size=1 storage_class=GLACIER\n2025-02-01T00:00 GET a\n${time} GET a`, { policy })
        .notices;
    expect(read('2025-02-02T23:59:59').restores).toBe(1);
    expect(read('2025-02-03T00:00').restores).toBe(2);
  });
});

describe('on the first day of a horizon', () => {
  const from = '2025-02-01';

  it('an early delete is charged, before it none is', () => {
    // 10 days before the 30 of STANDARD_IA are over.
    const removed = (time: string) =>
      run(`2025-01-12T12:00 PUT a size=200000 storage_class=STANDARD_IA\n${time} DELETE a`, { from });
    expect(used(removed('2025-02-01T12:00'), 'EarlyDelete-SIA')).toBe(200_000 * 10 * DAY);
    expect(used(removed('2025-01-31T12:00'), 'EarlyDelete-SIA')).toBe(0);
  });

  it('reads after expiration are counted, before it they are not', () => {
    const policy = rules({ Expiration: { Days: 10 } });
    const read = (time: string) => run(`2025-01-01T00:00 PUT a size=1\n${time} GET a`, { from, policy }).notices;
    expect(read('2025-02-01T00:00').readsAfterExpiration).toBe(1);
    expect(read('2025-01-31T23:59:59').readsAfterExpiration).toBe(0);
  });

  it('restores and waits are counted, before it they are not', () => {
    const read = (time: string) =>
      run(`2025-01-01T00:00 PUT a size=1 storage_class=DEEP_ARCHIVE\n${time} GET a`, { from }).notices;
    const waited = { restores: 1, readsNeedingRestore: 1, restoreWaitHours: 12, longestRestoreWaitHours: 12 };
    const none = { restores: 0, readsNeedingRestore: 0, restoreWaitHours: 0, longestRestoreWaitHours: 0 };
    expect(read('2025-02-01T00:00')).toMatchObject(waited);
    expect(read('2025-01-31T23:59:59')).toMatchObject(none);
  });

  it('an unfinished upload is counted that is there, one that was aborted or is begun after the end is not', () => {
    const upload = (created: string, aborted?: string) => {
      const events = `
        ${created} CREATE_MULTIPART a
        ${created} UPLOAD_PART a size=1000
        ${aborted ? `${aborted} ABORT_MULTIPART a` : ''}
        2025-05-01T00:00 LIST -`;
      return run(events, { from, until: '2025-03-01' }).unfinishedUploads?.uploads;
    };
    expect(run('2025-02-15T00:00 CREATE_MULTIPART a').unfinishedUploads).toBeUndefined();
    expect(upload('2025-01-15T00:00', '2025-02-01T00:00:01')).toBe(1);
    expect(upload('2025-01-15T00:00', '2025-02-01T00:00')).toBeUndefined();
    expect(upload('2025-01-15T00:00', '2025-01-16T00:00')).toBeUndefined();
    expect(upload('2025-02-28T23:59:59')).toBe(1);
    expect(upload('2025-03-01T00:00')).toBeUndefined();
  });
});

describe('the early delete of an archived object', () => {
  it.each([
    ['GLACIER', 90, 'EarlyDelete-ByteHrs'],
    ['DEEP_ARCHIVE', 180, 'EarlyDelete-GDA'],
  ])('is of its index too, in %s', (storageClass, days, type) => {
    const events = `2025-01-01T00:00 PUT a size=1000 count=2 storage_class=${storageClass}\n2025-01-11T00:00 DELETE a`;
    expect(used(run(events), type)).toBe(2 * (1000 + INDEX) * (days - 10) * DAY);
    const switches = { ...DEFAULT_SWITCHES, 'early-delete-overhead': 'excluded' } as const;
    expect(used(run(events, { switches }), type)).toBe(2 * 1000 * (days - 10) * DAY);
  });
});

describe('RestoreObject', () => {
  const PUT = '2025-01-01T00:00 PUT a size=1000 count=2 storage_class=GLACIER';
  const copied = (result: PolicyResult) => used(result, 'TimedStorage-ByteHrs', 'RestoreObject');

  it('prolongs a copy for the price of a GET', () => {
    // There at 5:00 on 1 February, until the 3rd; asked for again on the 2nd at 12:00: a day more, until the 4th.
    const result = run(`${PUT}\n2025-02-01T00:00 RESTORE a\n2025-02-02T12:00 RESTORE a`);
    expect(used(result, 'Requests-Tier3', 'RestoreObject')).toBe(2);
    expect(used(result, 'Standard-Retrieval-Bytes')).toBe(2000);
    expect(used(result, 'Requests-GLACIER-Tier2')).toBe(2);
    expect(copied(result)).toBe(2000 * (3 * DAY - 5 * HOUR));
  });

  it('out of DEEP_ARCHIVE keeps a copy in the name of Deep Archive', () => {
    // There 12 hours later, at noon of 1 February, until the midnight of the 3rd.
    const result = run('2025-01-01T00:00 PUT a size=1000 storage_class=DEEP_ARCHIVE\n2025-02-01T00:00 RESTORE a');
    expect(used(result, 'TimedStorage-ByteHrs', 'DeepArchiveRestoreObject')).toBe((1000 * 3 * DAY) / 2);
    expect(copied(result)).toBe(0);
  });

  it('does not prolong what is under way, nor shorten a copy', () => {
    const again = (time: string) => run(`${PUT}\n2025-02-01T00:00 RESTORE a\n${time} RESTORE a`);
    for (const time of ['2025-02-01T00:00', '2025-02-01T04:59:59', '2025-02-01T05:00']) {
      expect([used(again(time), 'Requests-GLACIER-Tier2'), copied(again(time))]).toEqual([
        2,
        2000 * (2 * DAY - 5 * HOUR),
      ]);
    }
  });

  it('repeated in one row is one restore, and GETs', () => {
    const result = run(`${PUT}\n2025-02-01T00:00 RESTORE a count=3`);
    expect(used(result, 'Requests-Tier3', 'RestoreObject')).toBe(2);
    expect(used(result, 'Requests-GLACIER-Tier2')).toBe(4);
    expect(result.notices.restores).toBe(2);
  });

  it('restores anew from the midnight its copy expires, and both copies are billed', () => {
    const result = run(`${PUT}\n2025-02-01T00:00 RESTORE a\n2025-02-03T00:00 RESTORE a`);
    expect(used(result, 'Requests-Tier3', 'RestoreObject')).toBe(4);
    expect(used(result, 'Requests-GLACIER-Tier2')).toBe(0);
    expect(copied(result)).toBe(2 * 2000 * (2 * DAY - 5 * HOUR));
  });

  it('costs the owner nothing that others asked for where the requester pays, but the copy', () => {
    const owner = '111122223333';
    const events = ['2025-02-01T00:00', '2025-02-02T12:00'].map(
      (time) => `${time} RESTORE a requester=arn:aws:iam::444455556666:user/b`,
    );
    const result = run(chargedTrace({ account: owner, requesterPays: true }, PUT, ...events));
    expect(used(result, 'Requests-Tier3', 'RestoreObject')).toBe(0);
    expect(used(result, 'Standard-Retrieval-Bytes')).toBe(0);
    expect(used(result, 'Requests-GLACIER-Tier2')).toBe(0);
    expect([result.notices.restores, copied(result)]).toEqual([2, 2000 * (3 * DAY - 5 * HOUR)]);
  });
});

describe('the archive tiers of Intelligent-Tiering', () => {
  const tierings = [
    { Days: 90, AccessTier: 'ARCHIVE_ACCESS' },
    { Days: 180, AccessTier: 'DEEP_ARCHIVE_ACCESS' },
  ];
  const policy = document({
    uploadStorageClass: 'INTELLIGENT_TIERING',
    intelligentTiering: [{ Id: 'archive', Status: 'Enabled', Tierings: tierings }],
  });
  const read = (created: string, restoreTier: 'expedited' | 'standard', requester = '') => {
    const events = `${created} PUT a size=200000 count=2\n2025-02-01T00:00 GET a count=3${requester}`;
    const charges = { account: '111122223333', requesterPays: true };
    return run(chargedTrace(charges, events), { policy, restoreTier, from: '2025-02-01', until: '2025-02-02' });
  };
  /** In Archive Access since midnight of 30 January 2025; in Deep Archive Access since 28 January 2025. */
  const [ARCHIVED, DEEP] = ['2024-11-01T00:00', '2024-08-01T00:00'];

  it('charge an expedited restore out of Archive Access, and no other', () => {
    const fees = (result: PolicyResult) => [used(result, 'Requests-Tier6'), used(result, 'Expedited-Retrieval-Bytes')];
    expect(fees(read(ARCHIVED, 'expedited'))).toEqual([2, 400_000]);
    expect(fees(read(ARCHIVED, 'standard'))).toEqual([0, 0]);
    expect(fees(read(DEEP, 'expedited'))).toEqual([0, 0]);
    expect(fees(read(ARCHIVED, 'expedited', ' requester=arn:aws:iam::444455556666:user/b'))).toEqual([0, 0]);
  });

  it('count each read of each object that waits', () => {
    // Two objects, three reads each.
    const waited = (hours: number) => ({
      restores: 2,
      readsNeedingRestore: 6,
      restoreWaitHours: 6 * hours,
      longestRestoreWaitHours: hours,
    });
    expect(read(ARCHIVED, 'standard').notices).toMatchObject(waited(5));
    expect(read(DEEP, 'standard').notices).toMatchObject(waited(12));
    expect(
      run(`${ARCHIVED} PUT a size=200000\n2025-02-01T00:00 GET a`, { policy, from: '2025-02-02' }).notices,
    ).toMatchObject({
      restores: 0,
      readsNeedingRestore: 0,
    });
  });

  it.each([
    [ARCHIVED, 'AA'],
    [DEEP, 'DAA'],
  ])('add an index and a name to each object there: since %s', (created, tier) => {
    const result = run(`${created} PUT a size=200000 count=2`, { policy, from: '2025-02-01', until: '2025-02-02' });
    const held = (type: string, operation: string) => used(result, type, operation);
    expect(held(`TimedStorage-INT-${tier}-ByteHrs`, `IntelligentTiering${tier}Storage`)).toBe(400_000 * DAY);
    expect(held(`TimedStorage-INT-${tier}-ByteHrs`, `Int${tier}ObjectOverhead`)).toBe(2 * INDEX * DAY);
    expect(held('TimedStorage-ByteHrs', `Int${tier}S3ObjectOverhead`)).toBe(2 * NAME * DAY);
  });
});

describe('uploads to Express One Zone', () => {
  it.each(['as-is', 'express-onezone'])(
    'are billed by the byte, with parts, and those that fail are not: %s',
    (policy) => {
      const events = `
      2025-01-01T00:00 PUT a size=1000 storage_class=EXPRESS_ONEZONE
      2025-01-02T00:00 PUT a size=500 storage_class=EXPRESS_ONEZONE
      2025-01-03T00:00 PUT a size=300 status=400 storage_class=EXPRESS_ONEZONE
      2025-01-04T00:00 CREATE_MULTIPART b storage_class=EXPRESS_ONEZONE
      2025-01-04T00:00 UPLOAD_PART b size=70 storage_class=EXPRESS_ONEZONE`;
      expect(used(run(events, { policy }), 'Upload-XZ')).toBe(1570);
    },
  );
});

describe('a policy that moves nothing', () => {
  it.each(['standard-ia', document({ uploadStorageClass: 'STANDARD_IA' })])(
    'retrieves nothing by a read that fails',
    (policy) => {
      const events = '2025-01-01T00:00 PUT a size=1000\n2025-01-02T00:00 GET a\n2025-01-03T00:00 GET a status=403';
      const result = run(events, { policy, egress: true });
      expect([used(result, 'Requests-SIA-Tier2'), used(result, 'Retrieval-SIA')]).toEqual([2, 1000]);
      expect(used(result, 'DataTransfer-Out-Bytes')).toBe(1000);
    },
  );

  it.each(['standard-ia', document({ uploadStorageClass: 'STANDARD_IA' })])(
    'sends nothing out for a copy, whose request a switch decides',
    (policy) => {
      const events =
        '2025-01-01T00:00 PUT a size=1000\n2025-01-02T00:00 GET a\n2025-01-02T00:00 COPY_SOURCE a\n2025-01-02T00:00 COPY_SOURCE none';
      const copied = (choice: 'charged' | 'free') => {
        const switches = { ...DEFAULT_SWITCHES, 'copy-source-request': choice };
        const result = run(events, { policy, egress: true, switches });
        return ['Requests-SIA-Tier2', 'Retrieval-SIA', 'DataTransfer-Out-Bytes'].map((type) => used(result, type));
      };
      expect(copied('charged')).toEqual([2, 2000, 1000]);
      expect(copied('free')).toEqual([1, 2000, 1000]);
    },
  );

  it.each(['standard', 'glacier'])('bills delete markers too: %s', (policy) => {
    // A marker of the 3 bytes of its key, for the last day of March.
    const events =
      '2025-01-01T00:00 PUT key size=0 version_id=v\n2025-03-31T00:00 DELETE key\n2025-03-31T00:00 DELETE key version_id=v';
    expect(used(run(events, { policy, versioning: 'enabled' }), 'TimedStorage-ByteHrs', 'StandardStorage')).toBe(
      3 * DAY,
    );
  });
});
