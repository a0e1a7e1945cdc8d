/** Explanations of files: the whole run of `compare.ts`, then the trace once more for the objects that are asked for. */
import { Explainer } from '../explain.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { Explanation, ObjectShare, Question } from '../model/explanation.ts';
import type { Policy } from '../policies/policy.ts';
import type { PriceList } from '../pricing/price-list.ts';
import { eachObject } from '../trace/single-objects.ts';
import { type Choice, type CompareFilesOptions, compareInputs, type FinishedRun, type KnownInputs } from './compare.ts';
import type { ObjectId } from './object-splitter.ts';
import { nameOf, TraceNames } from './trace-names.ts';

export type ExplainFilesOptions = Omit<CompareFilesOptions, 'baseline' | 'leftOut' | 'onFinished'>;

export interface ExplainFilesResult {
  readonly explanation: Explanation;
  /** The first of the rows that were left out. */
  readonly rejected: readonly Diagnostic[];
}

/**
 * Replays files through a policy and explains what an object costs, or which are the dearest.
 * @throws InputError when an input cannot be used, no object is of that name, or a usage has no price
 */
export async function explainFiles(
  policy: Policy,
  prices: PriceList,
  asked: Question,
  options: ExplainFilesOptions,
): Promise<ExplainFilesResult> {
  return explainInputs(() => policy, prices, asked, options);
}

/** The same with a policy that is chosen once the inputs were recognised. */
export async function explainInputs(
  choose: (known: KnownInputs) => Policy,
  prices: PriceList,
  asked: Question,
  options: ExplainFilesOptions,
): Promise<ExplainFilesResult> {
  let policy: Policy | undefined;
  let explanation: Explanation | undefined;
  const onFinished = async (run: FinishedRun): Promise<void> => {
    const explainer = new Explainer(policy!, run.simulation, run.comparison, prices);
    explanation = await new FileExplainer(run, explainer, options).explain(asked);
  };
  const chosen = (known: KnownInputs): Choice => {
    policy = choose(known);
    return { policies: [policy], baseline: policy.name, leftOut: [] };
  };
  const { rejected } = await compareInputs(chosen, prices, { ...options, onFinished });
  return { explanation: explanation!, rejected };
}

class FileExplainer {
  private readonly run: FinishedRun;
  private readonly explainer: Explainer;
  private readonly names: TraceNames;
  private readonly options: ExplainFilesOptions;

  constructor(run: FinishedRun, explainer: Explainer, options: ExplainFilesOptions) {
    this.run = run;
    this.explainer = explainer;
    this.names = new TraceNames(run.connection, run.table);
    this.options = options;
  }

  async explain(asked: Question): Promise<Explanation> {
    if ('key' in asked) {
      const id = await this.names.find(asked.key);
      return this.explainer.explanation(asked, await this.each([id], (...one) => this.explainer.account(...one)));
    }
    const { prefix, top } = asked;
    const chosen = prefix === undefined ? undefined : await this.names.chooseUnder(prefix);
    const dearest = this.explainer.dearest<ObjectId>(top);
    const part = prefix === undefined ? undefined : this.explainer.part();
    await this.run.table.scanNamed(
      this.explainer.marks,
      (batch, ids) => {
        dearest.add(batch, (object) => ids.of(object));
        part?.add(batch);
      },
      this.progress,
      chosen,
    );
    const shares = await this.each(dearest.found, (...one) => this.explainer.share(...one));
    const group = part && this.explainer.group(prefix!, part);
    return this.explainer.explanation(asked, shares, group);
  }

  /** What `explain` says of each of some objects. */
  private async each(ids: readonly ObjectId[], explain: Explainer['account']): Promise<ObjectShare[]> {
    const { explainer, names, run } = this;
    const chosen = await names.choose(ids);
    const objects = await names.chosen(run.simulation.versioning !== 'unversioned');
    const shares: ObjectShare[] = [];
    await run.table.scanNamed(
      explainer.marks,
      (batch, found) => {
        eachObject(batch, (one, object) => {
          shares.push(explain(one, objects.get(nameOf(found.of(object)))!));
        });
      },
      () => {},
      chosen,
    );
    return shares;
  }

  private readonly progress = (rows: number): void => {
    const total = this.run.table.span.rows;
    this.options.onProgress?.({ step: 'explaining', done: Math.min(rows / total, 1), total });
  };
}
