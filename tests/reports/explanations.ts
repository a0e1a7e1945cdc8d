/** Explanations of small traces for tests of what shows them. */
import { explain } from '../../src/explain.ts';
import type { Explanation, Question } from '../../src/model/explanation.ts';
import { regionPrices } from '../../src/node/price-files.ts';
import { parsePolicyFile } from '../../src/policies/index.ts';
import { readRow } from '../../src/sources/row.ts';
import type { EventRow } from '../../src/trace/memory-trace.ts';
import { MemoryTrace } from '../../src/trace/memory-trace.ts';
import { HOSTILE_NAMES } from './sample-comparison.ts';

const prices = regionPrices('us-east-1');

/** Uploaded, tagged, read, moved twice, deleted early; under a rule whose ID does damage where it is markup. */
export function lifeOf(key: string, ruleId = 'cool-down'): Explanation {
  const Rules = [
    {
      ID: ruleId,
      Status: 'Enabled',
      Filter: {},
      Transitions: [
        { Days: 30, StorageClass: 'STANDARD_IA' },
        { Days: 90, StorageClass: 'GLACIER_IR' },
      ],
    },
  ];
  const rows = [
    ['2025-01-03T09:12:05Z', 'PUT', '734003200', 'team=data&env=prod'],
    ...['04', '05', '09', '12', '20'].map((day) => [`2025-01-${day}T10:00:00Z`, 'GET', '', '']),
    ['2025-01-21T08:30:00Z', 'HEAD', '', ''],
    ['2025-02-18T11:00:00Z', 'GET', '', ''],
    ['2025-05-20T07:45:00Z', 'GET', '', ''],
    ['2025-06-02T15:20:00Z', 'DELETE', '', ''],
    ['2025-06-30T15:20:00Z', 'GET', '', ''],
  ];
  const events = rows.map(([timestamp = '', operation = '', size = '', tags = '']) =>
    row({ timestamp, operation, key, size, tags }),
  );
  return explained(events, { key }, Rules);
}

/** A key of a versioned bucket, superseded, covered by a marker, expired. */
export function versionsOf(key: string): Explanation {
  const Rules = [
    { ID: 'old', Status: 'Enabled', Filter: {}, NoncurrentVersionExpiration: { NoncurrentDays: 20 } },
    { ID: 'new', Status: 'Enabled', Filter: {}, Expiration: { Days: 40 } },
  ];
  const events = [
    row({ timestamp: '2025-01-01T00:00:00Z', operation: 'PUT', key, size: '500000000', version_id: 'first-id' }),
    row({ timestamp: '2025-01-11T00:00:00Z', operation: 'PUT', key, size: '600000000', version_id: 'second-id' }),
    row({ timestamp: '2025-03-31T00:00:00Z', operation: 'HEAD', key }),
  ];
  return explained(events, { key }, Rules);
}

/** Many reads, more than a page of an account. */
export function muchRead(key: string): Explanation {
  const events = [row({ timestamp: '2025-01-01T00:00:00Z', operation: 'PUT', key, size: '50000000' })];
  for (let i = 0; i < 300; i++) {
    const timestamp = new Date(Date.UTC(2025, 0, 2) + i * 7_200_000).toISOString();
    events.push(row({ timestamp, operation: i % 2 === 0 ? 'GET' : 'HEAD', key }));
  }
  return explained(events, { key }, []);
}

/** The dearest of some objects, all of whose names do damage. */
export function hostileDearest(prefix?: string): Explanation {
  const events = HOSTILE_NAMES.map((name, i) =>
    row({ timestamp: '2025-01-01T00:00:00Z', operation: 'PUT', key: `a/${name}`, size: String((i + 1) * 1e9) }),
  );
  events.push(row({ timestamp: '2025-01-31T00:00:00Z', operation: 'LIST', key: '' }));
  return explained(events, { top: 10, ...(prefix !== undefined && { prefix }) }, []);
}

function explained(events: readonly EventRow[], asked: Question, Rules: readonly object[]): Explanation {
  const rules = Rules.length > 0 ? Rules : [{ ID: 'r', Status: 'Enabled', Filter: {}, Expiration: { Days: 3000 } }];
  const { policy, diagnostics } = parsePolicyFile(JSON.stringify({ Rules: rules }), { name: 'rules' });
  if (!policy) throw new Error(JSON.stringify(diagnostics));
  return explain(new MemoryTrace(events), policy, prices, asked);
}

function row(fields: Parameters<typeof readRow>[0]): EventRow {
  const read = readRow(fields);
  if (typeof read === 'string') throw new Error(read);
  return read;
}
