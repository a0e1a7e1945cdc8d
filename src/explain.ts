/**
 * Where the cost of objects comes from: a whole run says what each line of the bill costs, then single objects are run
 * again with a ledger in the place of sums, and have their share of each line.
 */
import { type AccountedRun, accountOf } from './account/account.ts';
import { Dearest } from './account/dearest.ts';
import { alternativesIn, identityOf, isUnder, noSuchKey, noSuchPrefix, objectNamed, pathOf } from './account/names.ts';
import type { Comparison } from './model/comparison.ts';
import {
  EXPLANATION_SCHEMA,
  type Explanation,
  type ObjectGroup,
  type ObjectShare,
  type Question,
} from './model/explanation.ts';
import { formatNanoUSD, parseNanoUSD } from './model/money.ts';
import { midnightBefore } from './model/time.ts';
import { nanoUSD } from './model/units.ts';
import { USAGE_KINDS } from './model/usage-type.ts';
import type { Policy } from './policies/policy.ts';
import { componentsOf } from './pricing/bill.ts';
import type { PriceList } from './pricing/price-list.ts';
import { BilledUsage } from './pricing/share.ts';
import { memoryHeader, replay, Simulation, type SimulationOptions } from './simulate.ts';
import type { MemoryTrace, TracedObject } from './trace/memory-trace.ts';
import { eachObject } from './trace/single-objects.ts';
import { Marks, type TraceBatch } from './trace/trace.ts';

/** A finished run of one policy that explains what its objects cost. */
export class Explainer {
  /** Marks that batches handed in must have. */
  readonly marks: Marks;
  private readonly policy: Policy;
  private readonly simulation: Simulation;
  private readonly comparison: Comparison;
  private readonly run: AccountedRun;

  /** @param comparison of that simulation */
  constructor(policy: Policy, simulation: Simulation, comparison: Comparison, { prefix }: PriceList) {
    const { options, span, versioning } = simulation;
    const { horizon } = options;
    this.policy = policy;
    this.simulation = simulation;
    this.comparison = comparison;
    this.marks = new Marks([policy.marks]);
    this.run = {
      policy,
      marks: this.marks,
      options,
      versioning,
      assumedSince: Math.min(horizon.from, midnightBefore(span.first / 1000)),
      whole: { billed: this.billed(prefix), prefix, horizon },
    };
  }

  private billed(prefix: string): BilledUsage {
    return new BilledUsage(this.simulation.metered()[0]!.usage.usage(), this.comparison.results[0]!, prefix);
  }

  /** Looks for the dearest objects; whoever calls hands in all batches. */
  dearest<Id>(most: number): Dearest<Id> {
    return new Dearest(this.run, most);
  }

  /** A run of some of the objects alone, for {@link group}; whoever calls hands in their batches. */
  part(): Simulation {
    const { span, options, versioning } = this.simulation;
    return new Simulation([this.policy], span, { ...options, versioning });
  }

  /** What the objects of a {@link part} cost together. */
  group(prefix: string, part: Simulation): ObjectGroup {
    const { usage, notices } = part.metered()[0]!;
    const { billed } = this.run.whole;
    const lines = usage.usage().months.flatMap(({ quantities }, month) =>
      [...quantities].map(([kind, quantity]) => ({
        component: USAGE_KINDS[kind]!.component,
        costUSD: formatNanoUSD(billed.cost(month, kind, quantity)),
      })),
    );
    const total = lines.reduce((sum, { costUSD }) => sum + parseNanoUSD(costUSD), 0n);
    return {
      prefix,
      objects: part.counts.objects,
      bytes: part.counts.bytes.toString(),
      totalUSD: formatNanoUSD(nanoUSD(total)),
      components: componentsOf(lines),
      notices,
    };
  }

  /**
   * The account of an object.
   * @param one a batch of that object alone
   */
  account(one: TraceBatch, object: TracedObject): ObjectShare {
    return accountOf(this.run, one, object);
  }

  /** The same without the rows. */
  share(one: TraceBatch, object: TracedObject): ObjectShare {
    const { rows: _, ...share } = this.account(one, object);
    return share;
  }

  /** The objects' accounts, or shares, as a document. */
  explanation(asked: Question, objects: readonly ObjectShare[], group?: ObjectGroup): Explanation {
    const { comparison } = this;
    const { policy, description, totalUSD } = comparison.results[0]!;
    return {
      schema: EXPLANATION_SCHEMA,
      tiercast: comparison.tiercast,
      prices: comparison.prices,
      workload: comparison.workload,
      assumptions: comparison.assumptions,
      policy,
      description,
      totalUSD,
      asked,
      ...(group && { group }),
      objects: objects.toSorted(byCost),
    };
  }
}

/** Dearest first; of equally dear ones in order of their names. */
function byCost(a: ObjectShare, b: ObjectShare): number {
  const dearer = parseNanoUSD(b.totalUSD) - parseNanoUSD(a.totalUSD);
  if (dearer !== 0n) return dearer > 0n ? 1 : -1;
  return pathOf(a) < pathOf(b) ? -1 : 1;
}

/**
 * Explains what an object of a trace held in memory costs under a policy, or which are the dearest.
 * @throws InputError when no object is of that name, and naming every usage the price list has no price for
 */
export function explain(
  trace: MemoryTrace,
  policy: Policy,
  prices: PriceList,
  asked: Question,
  options: Partial<SimulationOptions> = {},
): Explanation {
  const { objects } = trace;
  const chosen = 'key' in asked ? keyIn(objects, asked.key) : prefixIn(objects, asked.prefix);
  const simulation = replay(trace, [policy], options);
  const comparison = simulation.compare(prices, memoryHeader(trace, simulation, policy.name));
  const explainer = new Explainer(policy, simulation, comparison, prices);
  const part = trace.where((row) => chosen.has(identityOf(row)));
  if ('key' in asked)
    return explainer.explanation(
      asked,
      each(part, explainer, (...one) => explainer.account(...one)),
    );
  const dearest = explainer.dearest<TracedObject>(asked.top);
  const parts = explainer.part();
  const named = part.objects;
  let before = 0;
  part.scan(explainer.marks, (batch) => {
    dearest.add(batch, (object) => named[before + object]!);
    parts.add(batch);
    before += batch.objects;
  });
  const found = new Set(dearest.found.map(identityOf));
  const shares = each(
    trace.where((row) => found.has(identityOf(row))),
    explainer,
    (...one) => explainer.share(...one),
  );
  const group = asked.prefix === undefined ? undefined : explainer.group(asked.prefix, parts);
  return explainer.explanation(asked, shares, group);
}

/** What `explain` says of each object of a trace. */
function each(
  trace: MemoryTrace,
  { marks }: Explainer,
  explain: (one: TraceBatch, object: TracedObject) => ObjectShare,
): ObjectShare[] {
  const { objects } = trace;
  const shares: ObjectShare[] = [];
  trace.scan(marks, (batch) => {
    eachObject(batch, (one) => shares.push(explain(one, objects[shares.length]!)));
  });
  return shares;
}

function keyIn(objects: readonly TracedObject[], text: string): ReadonlySet<string> {
  const candidates = objects.filter((object) => object.key === text || pathOf(object) === text);
  const found = objectNamed(candidates, text);
  if (!found) throw noSuchKey(text, alternativesIn(objects, text));
  return new Set([identityOf(found)]);
}

function prefixIn(objects: readonly TracedObject[], prefix = ''): ReadonlySet<string> {
  const under = objects.filter((object) => isUnder(object, prefix));
  if (under.length === 0) throw noSuchPrefix(prefix, alternativesIn(objects, prefix));
  return new Set(under.map(identityOf));
}
