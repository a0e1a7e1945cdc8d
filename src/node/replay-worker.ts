/** A thread that replays batches through policies of its own, and hands over what they used. */
import { parentPort, workerData } from 'node:worker_threads';
import { madeAgain, type PolicyRecipe } from '../policies/recipe.ts';
import { Simulation, type SimulationOptions } from '../simulate.ts';
import { type GroupsData, groupsAgain } from '../trace/groups.ts';
import type { TraceSpan } from '../trace/trace.ts';
import { isFirst, type LentBatch } from './lent-batch.ts';

/** What a thread begins with. */
export interface ReplayTask {
  readonly recipes: readonly PolicyRecipe[];
  readonly span: TraceSpan;
  readonly options: Omit<SimulationOptions, 'groups'>;
  readonly groups: GroupsData | undefined;
  /** How many batches are done with: told so that nobody has to wait for a message. */
  readonly replayed: Int32Array;
}

/** The next batch, or that there is no more. */
export type ReplayMessage = LentBatch | 'end';

const { recipes, span, options, groups, replayed } = workerData as ReplayTask;
const simulation = new Simulation(recipes.map(madeAgain), span, {
  ...options,
  ...(groups && { groups: groupsAgain(groups) }),
});

parentPort!.on('message', (message: ReplayMessage) => {
  if (message === 'end') {
    const part = simulation.part();
    parentPort!.postMessage(part, buffersIn(part));
    parentPort!.close();
    return;
  }
  if (isFirst(message.claim)) simulation.add(message.batch);
  Atomics.add(replayed, 0, 1);
});

/** The memory of a part's sums, which is given away rather than copied: most of it was never touched. */
function buffersIn(value: unknown, found: Set<ArrayBuffer> = new Set()): ArrayBuffer[] {
  if (ArrayBuffer.isView(value)) found.add(value.buffer as ArrayBuffer);
  else if (typeof value === 'object' && value !== null) for (const one of Object.values(value)) buffersIn(one, found);
  return [...found];
}
