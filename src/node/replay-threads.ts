/** Replays the batches of a trace in several threads: usage of disjoint sets of objects adds up. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Policy } from '../policies/policy.ts';
import type { Simulation, SimulationPart } from '../simulate.ts';
import type { Batch } from '../trace/batch.ts';
import { BATCH_CAPACITY } from '../trace/batch-builder.ts';
import { isFirst, type LentBatch } from './lent-batch.ts';
import type { ReplayMessage, ReplayTask } from './replay-worker.ts';

/** As `npm run build` compiles it; the same file whether run from `src/` or from `dist/`. */
const WORKER = new URL('../../dist/node/replay-worker.js', import.meta.url);

/** A trace of fewer rows is replayed sooner than a thread begins. */
const LEAST_ROWS = 250_000;

/** More threads than this wait for the one that reads. */
const MOST_THREADS = 4;

/** Sums by more groups than this take more memory than several threads should each have. */
const MOST_GROUPS = 50;

/** Batches that wait in a thread beside the one it replays. */
const WAITING = 4;

/** Threads beside the one that reads. */
export class ReplayThreads {
  private readonly simulation: Simulation;
  private readonly threads: readonly ReplayThread[];
  /** Batches that threads are at work on, or were. */
  private readonly lent: Lent[] = [];

  /** @param threads in all; all processors by default */
  constructor(simulation: Simulation, policies: readonly Policy[], threads = availableParallelism()) {
    this.simulation = simulation;
    const recipes = policies.flatMap(({ recipe }) => recipe ?? []);
    const groups = simulation.options.groups?.names.length ?? 1;
    const canLeave = simulation.span.rows >= LEAST_ROWS && groups <= MOST_GROUPS && recipes.length === policies.length;
    const task = taskOf(simulation, recipes);
    const beside = canLeave ? Math.min(threads - 1, MOST_THREADS) : 0;
    this.threads = Array.from({ length: beside }, () => new ReplayThread(task));
  }

  /**
   * Hands a batch to a thread that waits for one; when all have enough to do, it is replayed here.
   * @returns what to fill while a thread is at work on the batch
   */
  add(batch: Batch): Batch {
    const idlest = this.threads.reduce<ReplayThread | undefined>(
      (least, thread) => (least && least.waiting <= thread.waiting ? least : thread),
      undefined,
    );
    if (!idlest || idlest.waiting >= WAITING) {
      this.simulation.add(batch);
      return batch;
    }
    this.lent.push(idlest.add(batch));
    const over = this.lent.findIndex(({ isOver }) => isOver());
    return over < 0 ? batch.another(BATCH_CAPACITY) : this.lent.splice(over, 1)[0]!.batch;
  }

  /**
   * Replays here what no thread has begun, and adds to the simulation what they did.
   * @throws what one of them threw
   */
  async end(): Promise<void> {
    for (const { batch, claim } of this.lent) if (isFirst(claim)) this.simulation.add(batch);
    for (const part of await Promise.all(this.threads.map((thread) => thread.end()))) this.simulation.addPart(part);
  }

  /** Ends the threads, whatever they are at. */
  async close(): Promise<void> {
    await Promise.all(this.threads.map((thread) => thread.close()));
  }
}

function taskOf({ span, options }: Simulation, recipes: ReplayTask['recipes']): Task {
  const { horizon, restoreTier, restoreDays, egress, switches, versioning, groups } = options;
  return {
    recipes,
    span,
    options: { horizon, restoreTier, restoreDays, egress, switches, ...(versioning && { versioning }) },
    groups: groups && { by: groups.by, names: groups.names, unnamed: groups.unnamed },
  };
}

type Task = Omit<ReplayTask, 'replayed'>;

class ReplayThread {
  private given = 0;
  private readonly replayed = new Int32Array(new SharedArrayBuffer(4));
  private readonly worker: Worker;
  private readonly part: Promise<SimulationPart>;

  constructor(task: Task) {
    const workerData: ReplayTask = { ...task, replayed: this.replayed };
    this.worker = new Worker(WORKER, { workerData });
    this.part = new Promise((resolve, reject) => {
      this.worker.on('message', resolve);
      this.worker.on('error', reject);
      this.worker.on('exit', () => reject(new Error('a thread ended before what it was given')));
    });
    // Whoever waits for the part gets the error; until then nobody does.
    this.part.catch(() => {});
  }

  /** Batches it was given and has not replayed. */
  get waiting(): number {
    return this.given - Atomics.load(this.replayed, 0);
  }

  add(batch: Batch): Lent {
    const claim = new Int32Array(new SharedArrayBuffer(4));
    this.post({ batch, claim });
    const number = ++this.given;
    return { batch, claim, isOver: () => Atomics.load(this.replayed, 0) >= number };
  }

  end(): Promise<SimulationPart> {
    this.post('end');
    return this.part;
  }

  async close(): Promise<void> {
    await this.worker.terminate();
  }

  private post(message: ReplayMessage): void {
    this.worker.postMessage(message);
  }
}

/** A batch whose memory a thread reads. */
interface Lent extends LentBatch {
  readonly batch: Batch;
  isOver(): boolean;
}
