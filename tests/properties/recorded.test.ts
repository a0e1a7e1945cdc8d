/** The kernel against the reference model on what S3 itself is recorded to have done; a file of its own, to run beside the other. */
import { test } from 'vitest';
import { expectAgreement } from './agreement.ts';
import { recordedScenarios } from './arbitraries.ts';

test('every line item and notice is the reference model’s', { timeout: 600_000 }, () =>
  expectAgreement(recordedScenarios()),
);
