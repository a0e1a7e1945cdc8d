/** The kernel on the same terms as the reference model: a scenario in, quantities by `month|usageType|operation` out. */

import { classCode } from '../../src/model/storage-class.ts';
import { fixedPolicy } from '../../src/policies/fixed.ts';
import { namedPolicy, parsePolicyFile } from '../../src/policies/index.ts';
import type { Policy } from '../../src/policies/policy.ts';
import type { MeteredPolicy } from '../../src/pricing/comparison.ts';
import { Simulation } from '../../src/simulate.ts';
import { readCsv } from '../../src/sources/csv.ts';
import { Marks } from '../../src/trace/trace.ts';
import { type Scenario, workloadCsv } from './arbitraries.ts';
import { type ReferencePolicy, usageAsMap } from './reference-model.ts';

export interface KernelResult {
  readonly usage: Map<string, bigint>;
  readonly readsAfterExpiration: number;
  readonly readsNeedingRestore: number;
  readonly restores: number;
  readonly restoreWaitHours: number;
  readonly longestRestoreWaitHours: number;
  readonly unsized: boolean;
}

/** @param batchRows rows of a batch: must change nothing */
export function kernelUsage(scenario: Scenario, batchRows?: number): KernelResult {
  const { usage, notices, unsized } = kernelMetered(scenario, batchRows);
  return { usage: usageAsMap(usage.usage()), ...notices, unsized };
}

export function kernelMetered(
  { events, policy, options }: Scenario,
  batchRows?: number,
): MeteredPolicy & { readonly unsized: boolean } {
  const trace = readCsv(workloadCsv(events));
  const policies = [toPolicy(policy, options.restoreTier)];
  const simulation = new Simulation(policies, trace.span, {
    horizon: { from: options.from, until: options.until },
    restoreTier: options.restoreTier,
    restoreDays: options.restoreDays,
    egress: options.egress,
    switches: { 'early-delete-overhead': options.earlyDeleteOverhead },
  });
  trace.scan(new Marks(policies.map(({ marks }) => marks)), (batch) => simulation.add(batch), batchRows);
  return { ...simulation.metered()[0]!, unsized: simulation.unsized !== undefined };
}

function toPolicy(policy: ReferencePolicy, restoreTier: 'expedited' | 'standard' | 'bulk'): Policy {
  const { uploadStorageClass, fixed, lifecycle, intelligentTiering } = policy;
  if (!lifecycle && !intelligentTiering) {
    return fixed ? fixedPolicy('fixed', classCode(uploadStorageClass!)!) : namedPolicy('as-is');
  }
  const document = { name: 'random', uploadStorageClass, lifecycle, intelligentTiering };
  const { policy: parsed, diagnostics } = parsePolicyFile(JSON.stringify(document), { name: 'random', restoreTier });
  if (!parsed) throw new Error(diagnostics.map(({ message }) => message).join('; '));
  return parsed;
}
