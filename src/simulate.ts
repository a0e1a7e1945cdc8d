/**
 * The whole idea on one screen: requests become lives, each policy says where a life stays, a meter records what was
 * used, a price list turns that into a bill. Up to usage there is not a dollar in the program; after it, not an object.
 */

import { broadcastByGroup, toldGroups } from './by-group.ts';
import { DailyUsage } from './metering/daily-usage.ts';
import { GroupedUsage } from './metering/grouped-usage.ts';
import type { MeterOptions } from './metering/meter.ts';
import { SharedUsage } from './metering/shared-usage.ts';
import { assumptions, DEFAULT_SWITCHES } from './model/assumptions.ts';
import type { Comparison, Workload } from './model/comparison.ts';
import { InputError } from './model/diagnostic.ts';
import { type GroupBy, TOP_GROUPS } from './model/grouping.ts';
import { COPY, COPY_SOURCE, type OperationCode } from './model/operation.ts';
import type { RowCounts } from './model/row-tally.ts';
import { DAY_SECONDS, formatInstant, type Horizon, midnightBefore } from './model/time.ts';
import { VERSION } from './model/version.ts';
import type { Policy } from './policies/policy.ts';
import { inExactPortions, type PolicyPart, PolicyRun, type UsageByGroup } from './policy-run.ts';
import { compareBills, type MeteredPolicy } from './pricing/comparison.ts';
import { type PriceList, withEarlyDeleteMonth } from './pricing/price-list.ts';
import type { Groups } from './trace/groups.ts';
import { MARKER } from './trace/history.ts';
import type { LivesVisitor } from './trace/lives.ts';
import { memoryGroups } from './trace/memory-groups.ts';
import type { MemoryTrace } from './trace/memory-trace.ts';
import { readerOf, type TraceReader } from './trace/reader-of.ts';
import { Marks, type TraceBatch, type TraceSpan, type Versioning } from './trace/trace.ts';
import { WorkloadCounts } from './trace/workload-counts.ts';

/** What a run is told besides its trace and its policies. */
export interface SimulationOptions extends MeterOptions {
  /** The groups of objects whose shares of the bills are told; none when absent. */
  readonly groups?: Groups;
  /** How many groups are told apart at the most; 10 when absent. The smaller ones are told together. */
  readonly topGroups?: number;
  /** What the bucket does about versions; where absent, what the trace shows: `enabled` when its rows name versions. */
  readonly versioning?: Versioning;
}

/** What a comparison says about its input besides what the simulation counted. */
export interface ComparisonHeader {
  /** Files, folders and globs as the user named them. */
  readonly inputs: readonly string[];
  readonly formats: Workload['formats'];
  readonly skippedFiles: Workload['skippedFiles'];
  /** Rows that were not replayed, but for those of objects without a size. */
  readonly rejectedRows: number;
  readonly rowCounts: RowCounts;
  /** Policy savings are measured against. */
  readonly baseline: string;
  readonly leftOut: Comparison['leftOut'];
}

/** What policies did with some of a trace's objects. */
export interface SimulationPart {
  readonly counts: WorkloadCounts;
  readonly unsizedOrders: ReadonlySet<number>;
  /** By number of the group. */
  readonly shared: readonly SharedUsage[];
  readonly groupCounts: readonly WorkloadCounts[];
  readonly policies: readonly PolicyPart[];
}

/** The days a trace covers, from its first to the end of its last: what a run bills unless told otherwise. */
export function traceHorizon({ first, last }: TraceSpan): Horizon {
  return { from: midnightBefore(first / 1000), until: midnightBefore(last / 1000) + DAY_SECONDS };
}

/** Requests through all policies at once: every policy sees one life, then the next life. */
export class Simulation {
  /** Orders of the first rows of objects whose size no row gives. */
  readonly unsizedOrders: Set<number> = new Set();
  /** What the bucket does about versions, as told or as shown. */
  readonly versioning: Versioning;
  private readonly policies: readonly PolicyRun<DailyUsage | GroupedUsage>[];
  /** What the trace holds, as far as it was added. */
  readonly counts: WorkloadCounts = new WorkloadCounts();
  /** By number of the group; the only one when there are none. */
  private readonly shared: readonly SharedUsage[];
  private readonly groupCounts: readonly WorkloadCounts[];
  private readonly lives: TraceReader;
  readonly options: SimulationOptions;
  readonly span: TraceSpan;
  private results: (MeteredPolicy & UsageByGroup)[] | undefined;

  /** @param span of the whole trace, since objects first seen in a read are as old as its first day */
  constructor(policies: readonly Policy[], span: TraceSpan, options: SimulationOptions) {
    const marks = new Marks(policies.map((policy) => policy.marks));
    const assumedSince = Math.min(options.horizon.from, midnightBefore(span.first / 1000));
    const { until } = options.horizon;
    this.span = span;
    this.options = options;
    const { groups, horizon } = options;
    const numbers = [...(groups?.names ?? ['']).keys()];
    this.shared = numbers.map(() => new SharedUsage(horizon));
    this.groupCounts = groups ? numbers.map(() => new WorkloadCounts()) : [];
    this.versioning = options.versioning ?? (span.namesVersions ? 'enabled' : 'unversioned');
    const suspended = this.versioning === 'suspended';
    this.policies = policies.map((policy) => {
      const usage = groups ? new GroupedUsage(horizon, groups.names.length) : new DailyUsage(horizon);
      return new PolicyRun(policy, options, marks, suspended, usage, policy.fixedClass);
    });
    const whole = broadcast(this.counts, this.unsizedOrders, this.shared[0]!, this.policies);
    const counted = groups && { groups, counts: this.groupCounts };
    const visitor = counted ? broadcastByGroup(whole, this.counts, this.shared, this.policies, counted) : whole;
    const times = { assumedSince, until };
    this.lives = readerOf(this.versioning, marks.words, times, visitor);
  }

  /** Whole objects, in any order of objects. */
  add(batch: TraceBatch): void {
    this.lives.read(batch);
  }

  /** What was counted so far, as data that can be sent to another thread. */
  part(): SimulationPart {
    const { counts, unsizedOrders, shared, groupCounts, policies } = this;
    return { counts, unsizedOrders, shared, groupCounts, policies: policies.map((policy) => policy.part()) };
  }

  /** Adds what the same policies did with other objects of the trace, perhaps in another thread. */
  addPart({ counts, unsizedOrders, shared, groupCounts, policies }: SimulationPart): void {
    this.counts.addAll(counts);
    for (const order of unsizedOrders) this.unsizedOrders.add(order);
    shared.forEach((part, group) => void this.shared[group]!.addAll(part));
    groupCounts.forEach((part, group) => void this.groupCounts[group]!.addAll(part));
    policies.forEach((part, policy) => void this.policies[policy]!.addPart(part));
  }

  /** What each policy used, before any price: called when all batches are added. */
  metered(): readonly (MeteredPolicy & UsageByGroup)[] {
    this.results ??= this.policies.map((policy) => policy.metered(this.shared, this.versioning !== 'unversioned'));
    return this.results;
  }

  /** Requests of objects in the horizon, without those that failed to make one. */
  private requests(operation: OperationCode): number {
    return this.shared.reduce((sum, shared) => sum + shared.requests(operation), 0);
  }

  /**
   * The bills, side by side.
   * @throws InputError naming every usage the price list has no price for
   */
  compare(prices: PriceList, header: ComparisonHeader): Comparison {
    const { horizon, switches, groups, topGroups } = this.options;
    const unsized = this.counts.unsizedRows;
    const rejectedRows = header.rejectedRows + unsized;
    const events = this.span.rows - header.rowCounts.duplicateRows - unsized;
    const otherRows = header.rowCounts.otherRows.reduce((sum, { rows }) => sum + rows, 0);
    const metered = this.metered();
    const told = groups && toldGroups({ groups, counts: this.groupCounts }, metered, topGroups);
    return compareBills(told?.policies ?? metered, withEarlyDeleteMonth(prices, switches), {
      ...header,
      ...(told && { groupBy: told.groupBy }),
      version: VERSION,
      horizon,
      assumptions: assumptions(switches),
      workload: {
        inputs: header.inputs,
        formats: header.formats,
        skippedFiles: header.skippedFiles,
        rows: this.span.rows + header.rejectedRows + otherRows,
        events,
        versioning: this.versioning,
        objects: this.counts.objects,
        versions: this.counts.versions,
        deleteMarkers: this.counts.deleteMarkers,
        bytes: this.counts.bytes.toString(),
        from: formatInstant(horizon.from),
        until: formatInstant(horizon.until),
        rejectedRows,
        ...header.rowCounts,
        assumedObjects: this.counts.assumedObjects,
        assumedBytes: this.counts.assumedBytes.toString(),
        deletesOfUnknownKeys: this.counts.deletesOfUnknownKeys,
        copiesWithoutSource: Math.max(this.requests(COPY) - this.requests(COPY_SOURCE), 0),
      },
    });
  }
}

/** What {@link compare} may be told; everything has a default. */
export interface CompareOptions extends Omit<Partial<SimulationOptions>, 'groups'> {
  /** By what the bills are told by groups of objects. */
  readonly groupBy?: GroupBy;
  /** Name of the policy savings are measured against; the first by default. */
  readonly baseline?: string;
}

/**
 * Replays a trace held in memory through policies and compares their bills.
 * @throws InputError naming every usage the price list has no price for
 */
export function compare(
  trace: MemoryTrace,
  policies: readonly Policy[],
  prices: PriceList,
  options: CompareOptions = {},
): Comparison {
  const simulation = replay(trace, policies, options);
  return simulation.compare(prices, memoryHeader(trace, simulation, options.baseline ?? policies[0]!.name));
}

/**
 * Replays a trace held in memory through policies.
 * @throws InputError when it holds no request, and no horizon is given
 */
export function replay(trace: MemoryTrace, policies: readonly Policy[], options: CompareOptions): Simulation {
  const { groupBy, topGroups = TOP_GROUPS } = options;
  if (trace.span.rows === 0 && !options.horizon) throw new InputError('there is no request in the trace');
  const grouped = groupBy && memoryGroups(trace, groupBy, topGroups);
  const simulation = new Simulation(policies, trace.span, {
    horizon: traceHorizon(trace.span),
    restoreTier: 'standard',
    restoreDays: 1,
    egress: false,
    switches: DEFAULT_SWITCHES,
    ...options,
    ...(grouped && { groups: grouped.groups }),
  });
  const marks = new Marks(policies.map(({ marks }) => marks));
  trace.scan(marks, (batch) => simulation.add(batch), undefined, grouped?.groupOf);
  return simulation;
}

/** What is known of a trace held in memory. */
export function memoryHeader(
  { rejected, tally }: MemoryTrace,
  simulation: Simulation,
  baseline: string,
): ComparisonHeader {
  return {
    inputs: [],
    formats: [],
    skippedFiles: [],
    rejectedRows: rejected.length,
    rowCounts: withUnsized(tally.counts(), simulation.counts.unsizedRows),
    baseline,
    leftOut: [],
  };
}

/** What a run of files says of each such row, of all of them. */
function withUnsized(counts: RowCounts, rows: number): RowCounts {
  if (rows === 0) return counts;
  const reason = 'the size of this object is never given';
  return { ...counts, rejections: [...counts.rejections, { reason, rows, bytes: '0', example: reason }] };
}

function broadcast(
  counts: WorkloadCounts,
  unsizedOrders: Set<number>,
  shared: SharedUsage,
  policies: readonly PolicyRun[],
): LivesVisitor {
  return {
    life(life) {
      counts.life(life);
      inExactPortions(life, () => {
        shared.life(life);
        for (const policy of policies) policy.life(life);
      });
    },
    history(history) {
      counts.history(history);
      for (let version = 0; version < history.versions; version++) {
        const life = history.lives[version]!;
        inExactPortions(life, () => shared.life(life));
      }
      for (let entity = 0; entity < history.entities; entity++) {
        if (history.lifeOf[entity] !== MARKER) continue;
        shared.marker(history.created[entity]!, history.removed[entity]!, history.keyBytes, history.count[entity]!);
      }
      for (const policy of policies) policy.history(history);
    },
    multipart(upload) {
      for (const policy of policies) policy.multipart(upload);
    },
    stray(operation, time, count) {
      shared.stray(operation, time, count);
    },
    failedUpload(operation, time, count, uploadClass) {
      for (const policy of policies) policy.failedUpload(operation, time, count, uploadClass);
    },
    unknownDelete(count) {
      counts.deletesOfUnknownKeys += count;
    },
    unsized(batch, rows) {
      counts.unsizedRows += rows.length;
      unsizedOrders.add(batch.order[rows[0]!]!);
    },
  };
}
