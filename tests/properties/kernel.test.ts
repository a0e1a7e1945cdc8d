/** The kernel against the reference model on random small workloads and policies. */
import { test } from 'vitest';
import { expectAgreement } from './agreement.ts';
import { scenarios } from './arbitraries.ts';

test('every line item and notice is the reference model’s', { timeout: 600_000 }, () => expectAgreement(scenarios()));
