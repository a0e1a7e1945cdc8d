import { UsageError } from '../model/diagnostic.ts';
import { DELETE, GET, HEAD, LIST, type OperationCode, PUT } from '../model/operation.ts';
import { DAY_SECONDS, formatDate } from '../model/time.ts';
import { hourOfWeek, zipfWeight } from './distributions.ts';
import type { Kind, Preset } from './preset.ts';
import { GROUP_STREAM, OBJECT_STREAM, Random, salt } from './random.ts';

export interface WorkloadOptions {
  readonly objects: number;
  /** Whole days from `start` on; every event is within them. */
  readonly days: number;
  /** Every whole number gives another workload; the same one gives the same. */
  readonly seed: number;
  /** UTC seconds of a midnight. */
  readonly start: number;
  /**
   * About how many events there shall be: the reads are scaled, uploads and deletes stay as they are. Without it every
   * object has the reads it has in any larger workload of the same seed.
   */
  readonly events?: number;
}

/** Rows `0` to `length - 1` of a workload in columns. The arrays are used again for the next chunk. */
export interface WorkloadChunk {
  length: number;
  /** UTC seconds. */
  readonly seconds: Float64Array;
  readonly operations: Uint8Array;
  /** The key; the folder of a LIST. */
  readonly keys: string[];
  /** Bytes of the object; NaN on DELETE and LIST. */
  readonly sizes: Float64Array;
  /** Bytes a GET of a range moves; NaN where the whole object or nothing moves. */
  readonly bytes: Float64Array;
}

const WORKLOAD_LIMITS = { objects: 1e9, days: 36_500, seed: Number.MAX_SAFE_INTEGER, events: 1e12 } as const;

/** 2999-12-31 */
const LATEST_START = 32_503_593_600;

const CHUNK_ROWS = 4096;

/**
 * The events of a preset, object by object, each object's in the order of time. Memory does not grow with the workload.
 * An object's randomness is its own: the first thousand objects are the same among a thousand and among a million.
 *
 * @throws UsageError for numbers that are not whole or out of range, and for fewer events than there are uploads and deletes
 */
export function generate(preset: Preset, options: WorkloadOptions): Generator<WorkloadChunk, void, undefined> {
  for (const [name, limit] of Object.entries(WORKLOAD_LIMITS)) {
    const value = options[name as keyof typeof WORKLOAD_LIMITS];
    if (value === undefined && name === 'events') continue;
    requireWhole(name, value, name === 'seed' ? 0 : 1, limit);
  }
  if (options.start % DAY_SECONDS !== 0 || options.start < 0 || options.start > LATEST_START) {
    throw new UsageError('start must be a day from 1970-01-01 to 2999-12-31');
  }
  return chunks(preset, options, options.events === undefined ? 1 : readsFactor(preset, options, options.events));
}

function requireWhole(name: string, value: number | undefined, least: number, most: number): void {
  if (Number.isInteger(value) && value! >= least && value! <= most) return;
  throw new UsageError(`${name} must be a whole number from ${least} to ${most}, not ${value}`);
}

function* chunks(preset: Preset, options: WorkloadOptions, factor: number): Generator<WorkloadChunk, void, undefined> {
  const chunk: WorkloadChunk = {
    length: 0,
    seconds: new Float64Array(CHUNK_ROWS),
    operations: new Uint8Array(CHUNK_ROWS),
    keys: new Array<string>(CHUNK_ROWS).fill(''),
    sizes: new Float64Array(CHUNK_ROWS),
    bytes: new Float64Array(CHUNK_ROWS),
  };
  const events = new ObjectEvents(preset, options, factor);
  for (let object = 0; object < options.objects; object++) {
    events.begin(object);
    while (events.next()) {
      const row = chunk.length++;
      chunk.seconds[row] = options.start + events.second;
      chunk.operations[row] = events.operation;
      chunk.keys[row] = events.operation === LIST ? folder(events.key) : events.key;
      chunk.sizes[row] = events.operation === LIST || events.operation === DELETE ? Number.NaN : events.size;
      chunk.bytes[row] = events.bytes;
      if (chunk.length < CHUNK_ROWS) continue;
      yield chunk;
      chunk.length = 0;
    }
  }
  if (chunk.length > 0) yield chunk;
}

function folder(key: string): string {
  return key.slice(0, key.lastIndexOf('/') + 1);
}

/** What the reads of every object are multiplied by, so that `events` is about the number of all events. */
function readsFactor(preset: Preset, options: WorkloadOptions, events: number): number {
  const life = new ObjectPlan(preset, options);
  let writes = 0;
  let reads = 0;
  for (let object = 0; object < options.objects; object++) {
    life.plan(object);
    writes += life.expectedWrites();
    reads += life.expectedReads();
  }
  if (events < writes) {
    throw new UsageError(`events must be ${Math.ceil(writes)} or more: so many uploads and deletes have these objects`);
  }
  return (events - writes) / reads;
}

/** When an object comes and goes and how much interest it meets. Times are seconds since the workload's start. */
class ObjectPlan {
  kind: Kind;
  group = 0;
  created = 0;
  /** The instant it is gone, or the horizon's end. */
  end = 0;
  deleted = false;
  /** Days of interest that have passed before the upload. */
  ageBefore = 0;
  /** Requests per day at age 0. */
  readsPerDay = 0;
  /** The object's own randomness, as {@link plan} leaves it. */
  readonly random: Random = new Random();

  private readonly preset: Preset;
  private readonly start: number;
  private readonly horizon: number;
  private readonly seed: number;
  private readonly salt: number;
  private readonly shares: number;
  private readonly groupRandom = new Random();

  constructor(preset: Preset, options: WorkloadOptions) {
    this.preset = preset;
    this.kind = preset.kinds[0]!;
    this.start = options.start;
    this.horizon = options.days * DAY_SECONDS;
    this.seed = options.seed;
    this.salt = salt(preset.name);
    this.shares = preset.kinds.reduce((sum, { share }) => sum + share, 0);
  }

  plan(object: number): void {
    const { preset, random, groupRandom } = this;
    this.group = Math.floor(object / preset.groupSize);
    groupRandom.reseed(this.seed, this.salt, GROUP_STREAM, this.group);
    random.reseed(this.seed, this.salt, OBJECT_STREAM, object);
    const stock = groupRandom.uniform() < preset.stockShare;
    const weight = zipfWeight(groupRandom, preset.zipfExponent);
    this.ageBefore = stock ? preset.stockAgeDays * groupRandom.exponential() : 0;
    const occasion = stock ? groupRandom.below(DAY_SECONDS) : this.arrival(groupRandom);
    this.created = Math.min(this.horizon - 1, occasion + (preset.groupSize > 1 ? random.below(600) : 0));
    this.kind = this.pickKind(random.uniform() * this.shares);
    this.readsPerDay = this.kind.readsPerDay * weight;
    const gone = this.created + this.lifetime();
    this.deleted = gone < this.horizon;
    this.end = Math.min(gone, this.horizon);
  }

  expectedReads(): number {
    const { decay } = this.kind;
    const until = this.ageBefore + (this.end - this.created) / DAY_SECONDS;
    return this.readsPerDay * (decay.mass(until) - decay.mass(this.ageBefore));
  }

  expectedWrites(): number {
    const { rewriteDays } = this.kind;
    const rewrites = rewriteDays === undefined ? 0 : (this.end - this.created) / DAY_SECONDS / rewriteDays;
    return 1 + rewrites + (this.deleted ? 1 : 0);
  }

  /** An instant of the horizon, more often when there are many uploads. */
  private arrival(random: Random): number {
    for (;;) {
      const second = random.below(this.horizon);
      if (random.uniform() < this.preset.uploads.keep[hourOfWeek(this.start + second)]!) return second;
    }
  }

  private pickKind(share: number): Kind {
    const { kinds } = this.preset;
    let i = 0;
    for (let rest = share - kinds[0]!.share; rest > 0 && i < kinds.length - 1; rest -= kinds[i]!.share) i++;
    return kinds[i]!;
  }

  private lifetime(): number {
    const { ends } = this.kind;
    const { random } = this;
    if (!ends) return Infinity;
    if (ends.kind === 'retention') return ends.days * DAY_SECONDS + random.below(3600);
    const chosen = random.uniform() < ends.share;
    return chosen ? 1 + Math.floor(random.exponential() * ends.meanDays * DAY_SECONDS) : Infinity;
  }
}

/**
 * The events of one object after the other, a cursor: {@link next} fills its fields with the next event. Reads are a
 * Poisson process whose rate fades with age and follows the hour of the week: candidates at the highest rate of the
 * week, one exponential step after the other on the scale of the decay's mass, are kept as often as their hour deserves.
 */
class ObjectEvents {
  second = 0;
  operation: OperationCode = PUT;
  key = '';
  size = 0;
  bytes: number = Number.NaN;

  private readonly plan: ObjectPlan;
  private readonly preset: Preset;
  private readonly start: number;
  private readonly factor: number;
  private uploaded = false;
  private removed = false;
  private mass = 0;
  private nextRead = 0;
  private nextRewrite = 0;
  /** Dates by day of the workload; making one takes longer than making an event. */
  private readonly dates: string[] = [];

  constructor(preset: Preset, options: WorkloadOptions, factor: number) {
    this.plan = new ObjectPlan(preset, options);
    this.preset = preset;
    this.start = options.start;
    this.factor = factor;
  }

  begin(object: number): void {
    const { plan } = this;
    plan.plan(object);
    const { kind, random, created, group } = plan;
    this.size = random.uniform() < (kind.emptyShare ?? 0) ? 0 : kind.sizes(random);
    const date = this.date(created);
    this.key = this.preset.key({ object, group, kind: kind.name, date, random });
    this.uploaded = this.removed = false;
    this.mass = kind.decay.mass(plan.ageBefore);
    this.nextRead = this.readAfter();
    this.nextRewrite = this.rewriteAfter(created);
  }

  next(): boolean {
    const { plan } = this;
    this.bytes = Number.NaN;
    if (!this.uploaded) {
      this.uploaded = true;
      return this.event(PUT, plan.created);
    }
    if (this.nextRewrite < plan.end && this.nextRewrite <= this.nextRead) return this.rewrite();
    if (this.nextRead < plan.end) return this.read();
    if (!plan.deleted || this.removed) return false;
    this.removed = true;
    return this.event(DELETE, plan.end);
  }

  private date(second: number): string {
    const day = Math.floor(second / DAY_SECONDS);
    this.dates[day] ??= formatDate(this.start + second);
    return this.dates[day];
  }

  private event(operation: OperationCode, second: number): true {
    this.operation = operation;
    this.second = second;
    return true;
  }

  private rewrite(): true {
    const { kind, random } = this.plan;
    const second = this.nextRewrite;
    this.size = kind.sizes(random);
    this.nextRewrite = this.rewriteAfter(second);
    return this.event(PUT, second);
  }

  private read(): true {
    const { preset, plan } = this;
    const { random } = plan;
    const second = this.nextRead;
    this.nextRead = this.readAfter();
    const share = preset.headShare + preset.listShare > 0 ? random.uniform() : 1;
    if (share < preset.headShare) return this.event(HEAD, second);
    if (share < preset.headShare + preset.listShare) return this.event(LIST, second);
    if (plan.kind.range) this.bytes = Math.min(this.size, plan.kind.range(random));
    return this.event(GET, second);
  }

  /** The instant of the next read; the plan's end or later when there is none. */
  private readAfter(): number {
    const { plan, preset } = this;
    const { random, kind, created, end } = plan;
    const highestRate = plan.readsPerDay * this.factor * preset.reads.peak;
    for (;;) {
      this.mass += random.exponential() / highestRate;
      const days = kind.decay.age(this.mass) - plan.ageBefore;
      const second = created + 1 + Math.floor(Math.max(0, days) * DAY_SECONDS);
      if (!(second < end)) return Infinity;
      if (random.uniform() < preset.reads.keep[hourOfWeek(this.start + second)]!) return second;
    }
  }

  private rewriteAfter(second: number): number {
    const { rewriteDays } = this.plan.kind;
    if (rewriteDays === undefined) return Infinity;
    return second + 1 + Math.floor(this.plan.random.exponential() * rewriteDays * DAY_SECONDS);
  }
}
