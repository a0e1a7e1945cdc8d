import { WeightedUsage } from '../metering/weighted-usage.ts';
import { inExactPortions, PolicyRun } from '../policy-run.ts';
import { readerOf, type TraceReader } from '../trace/reader-of.ts';
import { eachObject } from '../trace/single-objects.ts';
import type { TraceBatch } from '../trace/trace.ts';
import type { AccountedRun } from './account.ts';

interface Candidate<Id> {
  readonly id: Id;
  readonly cost: number;
}

/**
 * Looks for the objects that cost most, going once through a trace: their costs are rough, to some twelve digits, and no
 * object is remembered that others have surpassed.
 */
export class Dearest<Id> {
  private readonly most: number;
  private readonly usage: WeightedUsage;
  private readonly reader: TraceReader;
  private candidates: Candidate<Id>[] = [];
  /** What an object must cost to be one of them. */
  private least = -Infinity;

  /** @param most objects that are wanted */
  constructor(run: AccountedRun, most: number) {
    const { policy, options, marks, versioning, assumedSince, whole } = run;
    this.most = most;
    this.usage = new WeightedUsage(options.horizon, weights(whole));
    const policyRun = new PolicyRun(policy, options, marks, versioning === 'suspended', this.usage);
    this.reader = readerOf(versioning, marks.words, { assumedSince, until: options.horizon.until }, visitor(policyRun));
  }

  /** @param idOf by which an object of the batch can be found again */
  add(batch: TraceBatch, idOf: (object: number) => Id): void {
    eachObject(batch, (one, object) => {
      this.usage.sum = 0;
      this.reader.read(one);
      const { sum: cost } = this.usage;
      if (cost <= this.least) return;
      this.candidates.push({ id: idOf(object), cost });
      if (this.candidates.length >= 2 * this.most + 1000) this.keepDearest();
    });
  }

  /** The objects, dearest first. */
  get found(): readonly Id[] {
    this.keepDearest();
    return this.candidates.map(({ id }) => id);
  }

  private keepDearest(): void {
    this.candidates = this.candidates.sort((a, b) => b.cost - a.cost).slice(0, this.most);
    if (this.candidates.length === this.most) this.least = this.candidates[this.most - 1]!.cost;
  }
}

function visitor(run: PolicyRun): Parameters<typeof readerOf>[3] {
  const nothing = (): void => {};
  return {
    life: (life) => inExactPortions(life, () => run.life(life)),
    history: (history) => run.history(history),
    multipart: (upload) => run.multipart(upload),
    stray: (operation, time, count) => run.stray(operation, time, count),
    failedUpload: (operation, time, count, uploadClass) => run.failedUpload(operation, time, count, uploadClass),
    unknownDelete: nothing,
    unsized: nothing,
  };
}

/** What a unit of each kind costs on each day: the rate of its month over all volume tiers. */
function weights({ billed }: AccountedRun['whole']): (kind: number, day: number) => number {
  const monthOf = billed.months.flatMap(({ firstDay, endDay }, month) => Array(endDay - firstDay).fill(month));
  return (kind, day) => {
    const line = billed.line(monthOf[day], kind);
    return line ? Number(line.cost) / Number(line.quantity) : 0;
  };
}
