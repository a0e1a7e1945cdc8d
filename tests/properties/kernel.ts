/** The kernel on the same terms as the reference model: a scenario in, quantities by `month|usageType|operation` out. */

import { DEFAULT_SWITCHES, TIERING_DELAY_DAYS } from '../../src/model/assumptions.ts';
import { classCode } from '../../src/model/storage-class.ts';
import { fixedPolicy } from '../../src/policies/fixed.ts';
import { namedPolicy, parsePolicyFile } from '../../src/policies/index.ts';
import type { Policy } from '../../src/policies/policy.ts';
import { Simulation } from '../../src/simulate.ts';
import { readRow } from '../../src/sources/row.ts';
import { type EventRow, MemoryTrace } from '../../src/trace/memory-trace.ts';
import { Marks, type TraceSpan } from '../../src/trace/trace.ts';
import type { Scenario } from './arbitraries.ts';
import { CHARGES, workloadFields } from './random-workloads.ts';
import { type ReferenceEvent, type ReferenceOptions, type ReferencePolicy, usageAsMap } from './reference-model.ts';

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
  const { policy, options } = scenario;
  const simulation = simulated(scenario, [toPolicy(policy, options)], undefined, batchRows);
  const { usage, notices } = simulation.metered()[0]!;
  return { usage: usageAsMap(usage.usage()), ...notices, unsized: simulation.counts.unsizedRows > 0 };
}

/**
 * A scenario's events replayed through policies.
 * @param span of the trace these events are a part of; their own by default
 */
export function simulated(
  { events, options }: Scenario,
  policies: readonly Policy[],
  span?: TraceSpan,
  batchRows?: number,
): Simulation {
  const trace = traceOf(events);
  const simulation = new Simulation(policies, span ?? trace.span, {
    horizon: { from: options.from, until: options.until },
    restoreTier: options.restoreTier,
    restoreDays: options.restoreDays,
    egress: options.egress,
    versioning: options.versioning ?? 'unversioned',
    switches: {
      // Which quantity an early delete is, not what it costs.
      ...DEFAULT_SWITCHES,
      'early-delete-overhead': options.earlyDeleteOverhead,
      'intelligent-tiering-move': options.intelligentTieringMove ?? 'midnight',
      'copy-source-request': options.copySourceRequest ?? 'charged',
    },
  });
  trace.scan(new Marks(policies.map(({ marks }) => marks)), (batch) => simulation.add(batch), batchRows);
  return simulation;
}

/** The span of a scenario's whole trace. */
export function spanOf({ events }: Scenario): TraceSpan {
  return traceOf(events).span;
}

/** Row by row rather than as a CSV, whose reader in memory knows no owner who is not charged. */
function traceOf(events: readonly ReferenceEvent[]): MemoryTrace {
  const rows = events.map((event) => readRow(workloadFields(event), CHARGES));
  const bad = rows.find((row) => typeof row === 'string');
  if (bad) throw new Error(bad);
  return new MemoryTrace(rows as EventRow[], []);
}

/** The project's policy of a reference policy. */
export function toPolicy(policy: ReferencePolicy, options: ReferenceOptions): Policy {
  const { uploadStorageClass, fixed, lifecycle, intelligentTiering } = policy;
  if (!lifecycle && !intelligentTiering) {
    if (!uploadStorageClass) return namedPolicy('as-is');
    if (fixed) return fixedPolicy('fixed', classCode(uploadStorageClass)!);
  }
  const document = { name: 'random', uploadStorageClass, lifecycle, intelligentTiering };
  const { policy: parsed, diagnostics } = parsePolicyFile(JSON.stringify(document), {
    name: 'random',
    restoreTier: options.restoreTier,
    tieringDelayDays: TIERING_DELAY_DAYS[options.intelligentTieringMove ?? 'midnight'],
    ...(options.rulesFrom !== undefined && { rulesFrom: options.rulesFrom }),
  });
  if (!parsed) throw new Error(diagnostics.map(({ message }) => message).join('; '));
  return parsed;
}
