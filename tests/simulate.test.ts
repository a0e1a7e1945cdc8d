/** What a comparison says of small workloads, told as a user would. */
import { describe, expect, it } from 'vitest';
import virginia from '../pricing/us-east-1.json' with { type: 'json' };
import { DEFAULT_SWITCHES } from '../src/model/assumptions.ts';
import type { Comparison, PolicyResult } from '../src/model/comparison.ts';
import { InputError } from '../src/model/diagnostic.ts';
import { RowTally } from '../src/model/row-tally.ts';
import type { MeteredUsage } from '../src/model/usage.ts';
import { USAGE_KINDS } from '../src/model/usage-type.ts';
import { namedPolicy, parsePolicyFile } from '../src/policies/index.ts';
import type { Policy } from '../src/policies/policy.ts';
import { parsePriceList } from '../src/pricing/price-list.ts';
import { type CompareOptions, compare, Simulation, traceHorizon } from '../src/simulate.ts';
import { readCsv } from '../src/sources/read-trace.ts';
import { Marks } from '../src/trace/trace.ts';
import { instant, trace } from './events.ts';

const GB = 2 ** 30;
const TB = 2 ** 40;
const prices = parsePriceList(virginia);

function run(
  events: string,
  policies: readonly (string | Policy)[] = ['standard'],
  options?: CompareOptions,
): Comparison {
  const named = policies.map((policy) => (typeof policy === 'string' ? namedPolicy(policy) : policy));
  return compare(trace(events), named, prices, options);
}

function expiring(days: number): Policy {
  const rule = { ID: 'expire', Status: 'Enabled', Filter: {}, Expiration: { Days: days } };
  return parsePolicyFile(JSON.stringify({ Rules: [rule] }), { name: 'expiring' }).policy!;
}

function quantity({ lineItems }: PolicyResult, usageType: string): bigint {
  const found = lineItems.filter((item) => item.usageType === usageType);
  return found.reduce((sum, { usageQuantity }) => sum + BigInt(usageQuantity), 0n);
}

function horizon(from: string, until: string) {
  return { horizon: { from: instant(from), until: instant(until) } };
}

describe('the horizon', () => {
  it('is the days of the trace unless told otherwise', () => {
    const { workload, results } = run(`2025-01-30T23:59:59 PUT a size=1\n2025-02-02T00:00 GET a`);
    expect(workload).toMatchObject({ from: '2025-01-30T00:00:00Z', until: '2025-02-03T00:00:00Z' });
    expect(results[0]!.months.map(({ month }) => month)).toEqual(['2025-01', '2025-02']);
    // One second of the 30th, and 3 days.
    expect(quantity(results[0]!, 'TimedStorage-ByteHrs')).toBe(BigInt(1 + 24 * 3600 + 2 * 86_400));
  });

  it('takes in a last request a millisecond before midnight, and none at midnight', () => {
    const span = (last: string) => trace(`2025-01-01 PUT a size=1\n${last} GET a`).span;
    expect(traceHorizon(span('2025-01-31T23:59:59.999')).until).toBe(instant('2025-02-01'));
    expect(traceHorizon(span('2025-02-01')).until).toBe(instant('2025-02-02'));
  });

  it('bills nothing outside, and knows what was there before', () => {
    const events = `
      2025-01-15 PUT early size=1000
      2025-01-20 GET early
      2025-02-10 GET early
      2025-03-10 GET early
      2025-03-11 PUT late size=1000`;
    const [result] = run(events, ['standard'], horizon('2025-02-01', '2025-03-01')).results;
    expect(quantity(result!, 'TimedStorage-ByteHrs')).toBe(BigInt(1000 * 28 * 86_400));
    expect(quantity(result!, 'Requests-Tier1')).toBe(0n);
    expect(quantity(result!, 'Requests-Tier2')).toBe(1n);
  });

  it('counts an age from before it', () => {
    // Created on 1 January, expired on the 31st; the horizon begins on the 21st: 10 days.
    const options = horizon('2025-01-21', '2025-03-01');
    const [result] = run('2025-01-01 PUT a size=1000', [expiring(30)], options).results;
    expect(quantity(result!, 'TimedStorage-ByteHrs')).toBe(BigInt(1000 * 10 * 86_400));
  });
});

describe('objects first seen in a read', () => {
  const events = `
    2025-01-05T12:00 PUT new size=100
    2025-01-10T12:00 GET old size=2000
    2025-01-10T12:00 HEAD older size=3000`;

  it('were there from the first day of the trace on, and their uploads are not billed', () => {
    const { workload, results } = run(events, ['standard'], horizon('2025-01-05', '2025-01-11'));
    expect(workload).toMatchObject({ objects: 3, assumedObjects: 2, bytes: '5100', assumedBytes: '5000' });
    // 5,000 bytes for 6 days, 100 for half a day less.
    expect(quantity(results[0]!, 'TimedStorage-ByteHrs')).toBe(BigInt((5000 * 6 + 100 * 5.5) * 86_400));
    expect(quantity(results[0]!, 'Requests-Tier1')).toBe(1n);
  });

  it('are as old as the horizon when that begins earlier', () => {
    const [result] = run(events, ['standard'], horizon('2025-01-01', '2025-01-11')).results;
    expect(quantity(result!, 'TimedStorage-ByteHrs')).toBe(BigInt((5000 * 10 + 100 * 5.5) * 86_400));
  });

  it('are in the class of a policy for everything, or in the one their rows name', () => {
    const named = '2025-01-01 GET a size=1000000 storage_class=GLACIER_IR';
    const bytes = (policy: string, type: string) => quantity(run(named, [policy]).results[0]!, type);
    expect(bytes('as-is', 'TimedStorage-GIR-ByteHrs')).toBe(BigInt(1_000_000 * 86_400));
    expect(bytes('onezone-ia', 'TimedStorage-ZIA-ByteHrs')).toBe(BigInt(1_000_000 * 86_400));
  });

  it('of unknown size are rows in error, and bill nothing', () => {
    const { workload, results } = run('2025-01-01 GET a\n2025-01-02 GET a\n2025-01-02 PUT b size=0');
    expect(workload).toMatchObject({ objects: 1, assumedObjects: 0, rejectedRows: 2 });
    expect(quantity(results[0]!, 'Requests-Tier2')).toBe(0n);
  });

  it.each(['unversioned', 'enabled'] as const)(
    'of unknown size leave out requests that failed too, but not uploads: %s',
    (versioning) => {
      const { workload, results } = run(
        `
        2025-01-01 HEAD a
        2025-01-02 GET a status=403 error_code=AccessDenied
        2025-01-03 PUT a status=403 error_code=AccessDenied
        2025-01-04 GET a status=412 error_code=PreconditionFailed`,
        ['standard'],
        { versioning },
      );
      expect(workload).toMatchObject({ objects: 0, events: 1, rejectedRows: 3 });
      expect(quantity(results[0]!, 'Requests-Tier1')).toBe(1n);
      expect(quantity(results[0]!, 'Requests-Tier2')).toBe(0n);
    },
  );
});

describe('counts of the workload', () => {
  it.each(['unversioned', 'enabled'] as const)('tell of copies whose sources no row tells: %s', (versioning) => {
    // Four copies that succeeded, of which rows tell one source.
    const rows = `
      2025-01-01 PUT a size=100
      2025-01-02 COPY b size=100
      2025-01-02 COPY_SOURCE a bytes=100
      2025-01-03 COPY c size=100 count=3
      2025-01-04 COPY d size=100 status=403 error_code=AccessDenied`;
    expect(run(rows, ['standard'], { versioning }).workload.copiesWithoutSource).toBe(3);
    expect(run('2025-01-01 COPY_SOURCE a size=1', ['standard'], { versioning }).workload.copiesWithoutSource).toBe(0);
  });

  it('are of different keys, each cohort in full, each upload’s bytes', () => {
    const { workload } = run(`
      2025-01-01 PUT a size=100
      2025-01-02 PUT a size=200
      2025-01-03 DELETE a
      2025-01-04 PUT a size=300
      2025-01-01 PUT cohort size=10 count=1000
      2025-01-02 GET cohort count=5
      2025-01-02 LIST -`);
    expect(workload).toMatchObject({ events: 7, objects: 1001, bytes: '10600', assumedObjects: 0 });
  });

  it('know a DELETE of a key that is not there, which is free', () => {
    const { workload, results } = run(`
      2025-01-01 DELETE a count=2
      2025-01-02 PUT a size=100
      2025-01-03 DELETE a
      2025-01-03 DELETE a
      2025-01-04 DELETE b`);
    expect(workload).toMatchObject({ deletesOfUnknownKeys: 4, objects: 1 });
    expect(quantity(results[0]!, 'Requests-Tier1')).toBe(1n);
    expect(quantity(results[0]!, 'TimedStorage-ByteHrs')).toBe(BigInt(100 * 86_400));
  });

  it('take rows that were left out for rejected', () => {
    const text = 'timestamp,operation,key,size\n2025-01-01,PUT,a,1\nyesterday,PUT,b,1\n';
    expect(() => readCsv(text)).toThrow(InputError);
    const { workload } = compare(readCsv(text, { onBadRow: 'skip' }), [namedPolicy('standard')], prices);
    expect(workload).toMatchObject({ events: 1, rejectedRows: 1 });
  });
});

describe('reads that a policy breaks', () => {
  it('after expiration find nothing: a 404 each, and a notice', () => {
    const events = `
      2025-01-01 PUT a size=1000 count=3
      2025-01-05 GET a
      2025-01-20 GET a count=2
      2025-01-21 HEAD a`;
    const [result] = run(events, [expiring(10)]).results;
    // 3 objects, 2 reads each; a HEAD asks for no data.
    expect(result!.notices.readsAfterExpiration).toBe(6);
    expect(quantity(result!, 'Requests-Tier2')).toBe(3n + 6n + 3n);
    expect(quantity(result!, 'TimedStorage-ByteHrs')).toBe(BigInt(3000 * 10 * 86_400));
  });

  it('in an archive wait for a restore, once for the copy’s life', () => {
    const events = `
      2025-01-01 PUT tape size=${GB}
      2025-01-10T08:00 GET tape
      2025-01-10T10:00 GET tape
      2025-01-10T13:00 GET tape
      2025-01-11T23:59 GET tape
      2025-01-12T12:00 GET tape`;
    const [result] = run(events, ['glacier']).results;
    // Restored by 13:00 on the 10th, a day's copy kept to midnight after the 11th; then again. 5 + 3 + 5 hours.
    expect(result!.notices).toEqual({
      readsAfterExpiration: 0,
      readsNeedingRestore: 3,
      restores: 2,
      restoreWaitHours: 13,
      longestRestoreWaitHours: 5,
    });
    expect(quantity(result!, 'Standard-Retrieval-Bytes')).toBe(BigInt(2 * GB));
    expect(quantity(result!, 'Requests-GLACIER-Tier2')).toBe(5n);
  });

  it.each([
    ['glacier', 'expedited', 0.08],
    ['glacier', 'bulk', 12],
    ['deep-archive', 'expedited', 12],
    ['deep-archive', 'bulk', 48],
  ] as const)('in %s, %s, wait up to %d hours', (policy, restoreTier, hours) => {
    const [result] = run('2025-01-01 PUT a size=1\n2025-01-10 GET a', [policy], { restoreTier }).results;
    expect(result!.notices.longestRestoreWaitHours).toBe(hours);
  });
});

describe('a cohort', () => {
  it('so large that its bytes do not fit a double is metered to the byte', () => {
    // A billion objects of 12,345,678,901 bytes for a day: 1.07 × 10^24 byte-seconds.
    const events = '2025-01-01 PUT a size=12345678901 count=1000000000\n2025-01-01T12:00 GET a';
    const [standard, infrequent] = ['standard', 'standard-ia'].map((name) => run(events, [name]).results[0]!);
    expect(quantity(standard!, 'TimedStorage-ByteHrs')).toBe(12_345_678_901n * 1_000_000_000n * 86_400n);
    expect(quantity(infrequent!, 'Retrieval-SIA')).toBe(12_345_678_901n * 1_000_000_000n);
  });

  it('read so often that the requests do not fit a double is counted to the last of them', () => {
    // 999,999,999² = 999,999,998,000,000,001 reads of 7 bytes.
    const events = '2025-01-01 PUT a size=7 count=999999999\n2025-01-01T12:00 GET a count=999999999';
    const reads = 999_999_999n ** 2n;
    const documented = parsePolicyFile('{"name": "ia", "uploadStorageClass": "STANDARD_IA"}', { name: 'ia' }).policy!;
    for (const policy of [namedPolicy('standard-ia'), documented]) {
      const [result] = run(events, [policy], { egress: true }).results;
      expect(quantity(result!, 'Requests-SIA-Tier2')).toBe(reads);
      expect(quantity(result!, 'Retrieval-SIA')).toBe(7n * reads);
      expect(quantity(result!, 'DataTransfer-Out-Bytes')).toBe(7n * reads);
    }
  });
});

describe('rows of the same instant', () => {
  it('mean the same in any order', () => {
    // Of three uploads at once the largest is taken for the last, whichever row comes first; the read is after them.
    const rows = ['PUT a size=5', 'PUT a size=7', 'PUT a size=6', 'GET a'].map((row) => `2025-01-01T12:00 ${row}`);
    const orders = [rows, [...rows].reverse(), [rows[2]!, rows[3]!, rows[0]!, rows[1]!]];
    const results = orders.map((order) => run(order.join('\n'), ['standard', 'standard-ia']));
    expect(results[1]).toEqual(results[0]);
    expect(results[2]).toEqual(results[0]);
    const standard = results[0]!.results.find(({ policy }) => policy === 'standard')!;
    expect(quantity(standard, 'TimedStorage-ByteHrs')).toBe(BigInt(7 * 12 * 3600));
  });
});

describe('an early delete', () => {
  it.each([
    ['2025-01-30T23:59:59', 1],
    ['2025-01-31T00:00:00', 0],
  ])('on %s, of what was uploaded to Standard-IA on 1 January, is of %d seconds', (deleted, seconds) => {
    const [result] = run(`2025-01-01 PUT a size=200000\n${deleted} DELETE a`, ['standard-ia']).results;
    expect(quantity(result!, 'EarlyDelete-SIA')).toBe(BigInt(200_000 * seconds));
  });
});

describe('parts', () => {
  it('that make more than the largest object leave its size to other rows', () => {
    // 11,000 parts of 5 GB are over 50 TB; as many repetitions of one as a row can say are over 2^53 bytes.
    const parts = (count: number) => `2025-01-01 UPLOAD_PART a size=${5 * GB} count=${count}`;
    for (const count of [11_000, 1_000_000_000]) {
      const unknown = run(`${parts(count)}\n2025-01-02 COMPLETE_MULTIPART a`).workload;
      expect(unknown).toMatchObject({ objects: 0, rejectedRows: 1 });
      const told = run(`${parts(count)}\n2025-01-02 COMPLETE_MULTIPART a\n2025-01-03 GET a size=70`).workload;
      expect(told).toMatchObject({ bytes: '70', rejectedRows: 0 });
    }
    expect(run(`${parts(10_000)}\n2025-01-02 COMPLETE_MULTIPART a`).workload.bytes).toBe(String(50_000 * GB));
  });
});

describe('a comparison', () => {
  const events = `2025-01-01 PUT film size=${TB}\n2025-03-31 GET film`;

  it('measures savings against the first policy, or the one that is named', () => {
    const first = run(events, ['standard', 'glacier-ir']);
    expect(first.baseline).toBe('standard');
    expect(first.results.map(({ policy }) => policy)).toEqual(['glacier-ir', 'standard']);
    const named = run(events, ['standard', 'glacier-ir'], { baseline: 'glacier-ir' });
    expect(named.results.map(({ savingPercent }) => savingPercent.startsWith('-'))).toEqual([false, true]);
  });

  it('meters transfer to the internet only when asked', () => {
    const sent = (egress: boolean) => run(events, ['standard'], { egress }).results[0]!.components['data transfer'];
    expect(sent(false)).toBeUndefined();
    // 1,024 GB less the free 100 × $0.09.
    expect(sent(true)).toBe('83.160000000');
  });

  it('gives the same whether batches are one object or all', () => {
    const text = trace(`${events}\n2025-02-01 PUT b size=5\n2025-02-02 PUT c size=7\n2025-02-03 DELETE b`);
    const policies = [namedPolicy('standard'), namedPolicy('lifecycle-example')];
    const results = [1, 1000].map((batchRows) => {
      const simulation = new Simulation(policies, text.span, {
        horizon: traceHorizon(text.span),
        restoreTier: 'standard',
        restoreDays: 1,
        egress: false,
        switches: DEFAULT_SWITCHES,
      });
      let batches = 0;
      text.scan(
        new Marks(policies.map(({ marks }) => marks)),
        (batch) => {
          batches++;
          simulation.add(batch);
        },
        batchRows,
      );
      const header = {
        inputs: [],
        formats: [],
        skippedFiles: [],
        rowCounts: new RowTally().counts(),
        rejectedRows: 0,
        baseline: 'standard',
        leftOut: [],
      };
      return { batches, result: simulation.compare(prices, header) };
    });
    expect(results.map(({ batches }) => batches)).toEqual([3, 1]);
    expect(results[0]!.result).toEqual(results[1]!.result);
  });
});

describe('parts of a trace, replayed apart', () => {
  const MULTIPART = (key: string, day: string) =>
    `${day} CREATE_MULTIPART ${key}\n${day} UPLOAD_PART ${key} size=${GB}`;
  const ONE = ['2025-01-01 PUT a size=200000', '2025-01-03 GET a', '2025-01-20 GET a', MULTIPART('p', '2025-01-05')];
  const OTHER = [
    '2025-01-02 PUT b size=300000',
    '2025-01-15 GET b',
    '2025-01-16 GET b',
    '2025-01-16T01:00 GET b',
    '2025-01-25 GET b',
    MULTIPART('q', '2025-01-07'),
    MULTIPART('r', '2025-01-08'),
  ];
  const WHOLE = [...ONE, ...OTHER];
  const archiving = parsePolicyFile(
    JSON.stringify({
      Rules: [
        {
          ID: 'archive',
          Status: 'Enabled',
          Filter: {},
          Transitions: [{ Days: 2, StorageClass: 'GLACIER' }],
          Expiration: { Days: 18 },
        },
      ],
    }),
    { name: 'archiving' },
  ).policy!;
  const policies = () => [namedPolicy('standard-ia'), namedPolicy('glacier'), archiving];

  function simulation(events: readonly string[]): Simulation {
    const used = new Simulation(policies(), trace(...WHOLE).span, {
      ...horizon('2025-01-01', '2025-02-01'),
      restoreTier: 'bulk',
      restoreDays: 1,
      egress: true,
      switches: DEFAULT_SWITCHES,
    });
    const marks = new Marks(policies().map((policy) => policy.marks));
    trace(...events).scan(marks, (batch) => used.add(batch));
    return used;
  }

  function told(used: Simulation) {
    const quantities = (usage: MeteredUsage | undefined) => USAGE_KINDS.map((_, kind) => usage?.quantities(kind));
    return used.metered().map(({ usage, unfinishedUploads, notices }) => ({
      notices,
      usage: quantities(usage),
      unfinished: { ...unfinishedUploads, usage: quantities(unfinishedUploads?.usage) },
    }));
  }

  it.each([
    ['in halves', ONE, OTHER],
    ['the other way round', OTHER, ONE],
    ['with nothing in one', WHOLE, []],
    ['with nothing in the other', [], WHOLE],
  ] as const)('are what the whole is: %s', (_, here, there) => {
    const sum = simulation(here);
    sum.addPart(structuredClone(simulation(there).part()));
    const whole = told(simulation(WHOLE));
    expect(told(sum)).toEqual(whole);
    // The reads of the 3rd and the 15th wait for a copy, which is there until the 17th; those from the 20th on find nothing.
    expect(whole[2]!.notices).toMatchObject({ readsAfterExpiration: 2, readsNeedingRestore: 2, restores: 2 });
    expect(whole[2]!.unfinished).toMatchObject({ uploads: 3, bytes: String(3 * GB) });
  });
});
