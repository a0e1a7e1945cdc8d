/** A policy as data that another thread can be sent, made into a policy again: it says and bills the same. */
import { expect, test } from 'vitest';
import { regionPrices } from '../../src/node/price-files.ts';
import { namedPolicy, parsePolicyFile, policyNames } from '../../src/policies/index.ts';
import type { Policy } from '../../src/policies/policy.ts';
import { madeAgain } from '../../src/policies/recipe.ts';
import { compare } from '../../src/simulate.ts';
import { trace } from '../events.ts';

const RULES = JSON.stringify({
  Rules: [
    {
      ID: 'logs',
      Status: 'Enabled',
      Filter: { And: { Prefix: 'logs/', ObjectSizeGreaterThan: 1000 } },
      Transitions: [{ Days: 10, StorageClass: 'GLACIER_IR' }],
      Expiration: { Days: 100 },
    },
  ],
});

function fromFile(): Policy {
  const { policy } = parsePolicyFile(RULES, { name: 'rules', rulesFrom: Date.UTC(2025, 0, 21) / 1000 });
  return policy!;
}

test.each([...policyNames, 'rules'])('%s', (of) => {
  const policy = of === 'rules' ? fromFile() : namedPolicy(of);
  const again = madeAgain(structuredClone(policy.recipe!));
  const { name, description, marks, rules } = policy;
  expect(again).toMatchObject({ name, description, marks, rules });
  const events = trace(
    '2025-01-01T00:00 PUT logs/a size=200000',
    '2025-01-01T00:00 PUT b size=200000 storage_class=STANDARD_IA',
    '2025-01-15T00:00 GET logs/a',
    '2025-02-11T05:00 EXPIRE b',
    '2025-06-01T00:00 GET logs/a',
  );
  const { results } = compare(events, [policy, again], regionPrices('us-east-1'));
  expect(results).toHaveLength(2);
  expect(results[1]).toEqual(results[0]);
});
