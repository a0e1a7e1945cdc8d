/**
 * Whole-process times and memory, every pair measured in turn in this one run, so that ratios hold on a noisy machine.
 * `npm run bench` prints them and keeps them in tests/bench/results.json.
 *
 *   npm run bench -- [--events 10000000] [--rounds 3] [--keys 17500000] [--objects 10000000]
 *
 * `--objects` are those of an inventory; TIERCAST_BENCH_OBJECTS=100000000 is a large bucket's (3.4 GB of Parquet on disk).
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '10000000' },
    rounds: { type: 'string', default: '3' },
    keys: { type: 'string', default: '17500000' },
    objects: { type: 'string', default: process.env.TIERCAST_BENCH_OBJECTS ?? '10000000' },
  },
});
const events = Number(values.events);
const rounds = Number(values.rounds);
const keys = Number(values.keys);
const objects = Number(values.objects);

/** Requests as AWS records them: 1.2 GB of access log, 450 MB of CloudTrail. */
const LOGGED = 2_000_000;
const RECORDED = 400_000;

const ROOT = new URL('../../', import.meta.url).pathname;
const CLI = join(ROOT, 'dist/cli.js');
const ENGINE = join(ROOT, 'tests/bench/engine.ts');
const FOLDER = join(tmpdir(), 'tiercast-bench');
const EIGHT = [
  'standard',
  'standard-ia',
  'onezone-ia',
  'intelligent-tiering',
  'glacier-ir',
  'glacier',
  'deep-archive',
  'lifecycle-example',
];

interface Run {
  readonly seconds: number;
  /** NaN where the system does not tell. */
  readonly peakMB: number;
  /** Seconds the engine says that parsing took, without what the process needs to begin. */
  readonly parsing?: number;
}

mkdirSync(FOLDER, { recursive: true });
const workload = await made(`events-${events}.csv`, [
  'generate',
  'user-content',
  '--objects',
  String(Math.ceil(events * 0.06)),
  '--events',
  String(events),
]);
const quarter = await made(`events-${events / 4}.csv`, [
  'generate',
  'user-content',
  '--objects',
  String(Math.ceil(events * 0.015)),
  '--events',
  String(events / 4),
]);

const sort = (path: string, order: string) => () => node([...TSX, ENGINE, 'sort', path, order]);
const compare =
  (path: string, policies: readonly string[], ...more: string[]) =>
  () =>
    node([
      CLI,
      'compare',
      path,
      ...policies.flatMap((policy) => ['--policy', policy]),
      '--html',
      join(FOLDER, 'report.html'),
      '--quiet',
      ...more,
    ]);
const trace = await made(`events-${events}.trace.parquet`, ['ingest', workload]);
const TSX = ['--import', 'tsx'];

const measured = await inTurn({
  // The order in which requests are taken: those of one object, time and operation come by size.
  'DuckDB alone: parse and sort by object, time, operation, size into a table': sort(
    workload,
    'id, timestamp, operation, size',
  ),
  'DuckDB alone: parse and sort by object and time into a table': sort(workload, 'id, timestamp'),
  'tiercast compare, 8 policies, CSV in, report out': compare(workload, EIGHT),
  'tiercast compare, 1 policy': compare(workload, EIGHT.slice(0, 1)),
  'tiercast compare, 8 policies, from an ingested trace': compare(trace, EIGHT),
  'tiercast ingest': () => node([CLI, 'ingest', workload, '-o', join(FOLDER, 'ingested.parquet'), '--quiet']),
  'tiercast compare, 8 policies, a quarter of the events': compare(quarter, EIGHT),
  'tiercast --help': () => node([CLI, '--help']),
});
const [engine, engineByTwo, eight, one, ingested, , small, help] = Object.values(measured).map((runs) =>
  median(runs),
) as [Run, Run, Run, Run, Run, Run, Run, Run];
const ratios = {
  'compare ÷ DuckDB alone, by object, time, operation, size (at most 1.5)': round(eight.seconds / engine.seconds),
  'compare ÷ DuckDB alone, by object and time only': round(eight.seconds / engineByTwo.seconds),
  'each further policy, % of the run (at most 5)': round(((eight.seconds - one.seconds) / 7 / eight.seconds) * 100),
  'seconds from an ingested trace (at most 3)': round(ingested.seconds),
  'from an ingested trace ÷ from the CSV': round(ingested.seconds / eight.seconds),
  'peak memory, MB (at most 2048)': Math.round(eight.peakMB),
  'peak memory with a quarter of the events, MB': Math.round(small.peakMB),
  'tiercast --help, ms (at most 200)': Math.round(help.seconds * 1000),
};

const logs = await made(`log-${LOGGED}.txt`, undefined, (path) => node([...TSX, ENGINE, 'log', String(LOGGED), path]));
const trail = await made(`trail-${RECORDED}`, undefined, (path) =>
  node([...TSX, ENGINE, 'cloudtrail', String(RECORDED), path]),
);
const asRecorded = await inTurn({
  'access log: parse alone': () => node([...TSX, ENGINE, 'parse-log', logs]),
  'access log: tiercast compare, 8 policies': compare(logs, EIGHT),
  'access log: tiercast compare, a lifecycle configuration': compare(logs, [join(ROOT, 'samples/lifecycle.json')]),
  'CloudTrail: parse alone': () => node([...TSX, ENGINE, 'parse-cloudtrail', trail]),
  'CloudTrail: tiercast compare, 8 policies': compare(trail, EIGHT),
});
const [parsedLog, comparedLog, configured, parsedTrail, comparedTrail] = Object.values(asRecorded).map((runs) =>
  median(runs),
) as [Run, Run, Run, Run, Run];
const rates = {
  'access log, MB/s parsed (at least 500)': megabytes(logs, parsedLog.parsing!),
  'access log, compare of 8 policies ÷ parse alone (at most 1.5)': round(comparedLog.seconds / parsedLog.seconds),
  'access log, compare of a lifecycle configuration ÷ parse alone (at most 1.5)': round(
    configured.seconds / parsedLog.seconds,
  ),
  'access log, MB/s compared': megabytes(logs, comparedLog.seconds),
  'CloudTrail, MB/s parsed (at least 100)': megabytes(trail, parsedTrail.parsing!),
  'CloudTrail, MB/s compared': megabytes(trail, comparedTrail.seconds),
};

const many: Record<string, unknown> = {};
if (keys > 0) {
  const path = await made(`keys-${keys}.csv`, undefined, (path) => node([...TSX, ENGINE, 'keys', String(keys), path]));
  const run = await compare(path, ['standard', 'intelligent-tiering'])();
  many[`${keys} distinct keys, 2 policies`] = shown(run);
}

if (objects > 0) {
  const folder = await made(`inventory-${objects}`, undefined, (path) =>
    node([...TSX, ENGINE, 'inventory', String(objects), path]),
  );
  const five = ['as-is', 'intelligent-tiering', 'glacier-ir', 'deep-archive', 'lifecycle-example'];
  const run = await compare(join(folder, 'manifest.json'), five)();
  many[`inventory of ${objects} objects in Parquet, 5 policies`] = {
    ...shown(run),
    'microseconds per object': round((run.seconds / objects) * 1e6),
  };
}

const results = {
  machine: `${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} threads, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`,
  events,
  rounds,
  medians: Object.fromEntries(
    Object.entries({ ...measured, ...asRecorded }).map(([name, runs]) => [name, shown(median(runs))]),
  ),
  ratios: { ...ratios, ...rates },
  ...many,
};
writeFileSync(join(ROOT, 'tests/bench/results.json'), `${JSON.stringify(results, undefined, 2)}\n`);
console.log(JSON.stringify(results, undefined, 2));

/** Runs each in turn, round after round, after one round that is not counted. */
async function inTurn(commands: Readonly<Record<string, () => Promise<Run>>>): Promise<Record<string, Run[]>> {
  const runs: Record<string, Run[]> = Object.fromEntries(Object.keys(commands).map((name) => [name, []]));
  for (let turn = 0; turn <= rounds; turn++) {
    for (const [name, command] of Object.entries(commands)) {
      const run = await command();
      console.error(
        `${turn === 0 ? 'warm-up' : `round ${turn}`}: ${name}: ${run.seconds.toFixed(2)} s, ${Math.round(run.peakMB)} MB`,
      );
      if (turn > 0) runs[name]!.push(run);
    }
  }
  return runs;
}

async function made(
  name: string,
  args: readonly string[] | undefined,
  make?: (path: string) => Promise<Run>,
): Promise<string> {
  const path = join(FOLDER, name);
  if (!existsSync(path)) {
    console.error(`making ${path}`);
    await (make ?? (() => node([CLI, ...args!, '-o', path])))(path);
  }
  return path;
}

function node(args: readonly string[]): Promise<Run> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let peakMB = Number.NaN;
    let said = '';
    child.stdout.on('data', (piece) => {
      said += piece;
    });
    const timer = setInterval(() => {
      peakMB = peakOf(child) ?? peakMB;
    }, 20);
    child.on('error', reject);
    child.on('exit', (code) => {
      clearInterval(timer);
      const seconds = (performance.now() - began) / 1000;
      if (code === 0) resolve({ seconds, peakMB, ...(/^[\d.]+\n$/.test(said) && { parsing: Number(said) }) });
      else reject(new Error(`${args.join(' ')} ended with ${code}`));
    });
  });
}

/** The high-water mark of a running process, where /proc tells. */
function peakOf({ pid }: ChildProcess): number | undefined {
  try {
    const kB = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kB === undefined ? undefined : Number(kB) / 1024;
  } catch {
    return undefined;
  }
}

function median(runs: readonly Run[]): Run {
  const middle = (pick: (run: Run) => number): number => runs.map(pick).sort((a, b) => a - b)[runs.length >> 1]!;
  return {
    seconds: middle((run) => run.seconds),
    peakMB: middle((run) => run.peakMB),
    parsing: middle((run) => run.parsing ?? Number.NaN),
  };
}

/** Megabytes of a file, or of the files in a folder, a second. */
function megabytes(path: string, seconds: number): number {
  const files = statSync(path).isDirectory() ? readdirSync(path).map((name) => join(path, name)) : [path];
  return Math.round(files.reduce((bytes, file) => bytes + statSync(file).size, 0) / 1e6 / seconds);
}

function shown({ seconds, peakMB }: Run): { seconds: number; peakMB: number } {
  return { seconds: round(seconds), peakMB: Math.round(peakMB) };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
