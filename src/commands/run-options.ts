/** The flags that commands share: `compare` and `simulate` all of them. */
import { type Command, Option } from 'commander';
import { DEFAULT_SWITCHES, SWITCHES, type Switches, TIERING_DELAY_DAYS } from '../model/assumptions.ts';
import { nearest, quoted, UsageError } from '../model/diagnostic.ts';
import { type GroupBy, parseGroupBy, TOP_GROUPS } from '../model/grouping.ts';
import { midnightBefore, parseTimestamp } from '../model/time.ts';
import { RESTORE_TIERS, type RestoreTier } from '../model/usage-type.ts';
import type { KnownInputs } from '../node/compare.ts';
import type { RunChoices } from '../policies/lifecycle.ts';
import { parseRenames, type Renames } from '../sources/columns.ts';
import { formatNames, namedSources } from '../sources/index.ts';
import { parseStep } from '../sources/trace-clock.ts';
import { VERSIONING_STATES, type Versioning } from '../trace/trace.ts';

/** The region whose prices are used when none is named. */
export const DEFAULT_REGION = 'us-east-1';

/** What is told about reading the inputs. */
export interface ReadingFlags {
  readonly map: Renames;
  readonly format?: string;
  readonly bucket: readonly string[];
  readonly traceStep?: number;
  readonly traceStart?: number;
  readonly onBadRow?: 'fail' | 'skip';
  readonly rejects?: string;
  readonly threads?: number;
  readonly memoryLimit?: string;
  readonly quiet: boolean;
}

export interface RunFlags extends ReadingFlags {
  readonly region?: string;
  readonly prices?: string;
  readonly freeTier: boolean;
  readonly inventory: readonly string[];
  readonly from?: number;
  readonly until?: number;
  readonly restoreTier: RestoreTier;
  readonly restoreDays: number;
  readonly egress: boolean;
  /** Of `compare` and `simulate` alone. */
  readonly why?: readonly string[];
  readonly versioning?: Versioning;
  readonly rulesFrom?: number;
  readonly account?: string;
  readonly requesterPays: boolean;
  readonly assume: Switches;
  readonly groupBy?: GroupBy;
  readonly topGroups?: number;
  readonly json?: string;
  readonly csv?: string;
  readonly html?: string;
}

/** The flags of everything that reads inputs. */
export function addReadingOptions(command: Command): Command {
  return command
    .option('--format <name>', `format of the inputs, instead of recognising it: ${formatNames.join(', ')}`, format)
    .option('--trace-step <length>', 'length of a step of the times of a research trace: 1s, 100ms, 5m, 1h, 1d', step)
    .option(
      '--trace-start <date>',
      'day on which a research trace begins (default: 2025-01-01, or 1970 for Unix time)',
      day,
    )
    .option('--map <columns>', 'other names of columns, as timestamp=ts,key=path', renames, {})
    .option('--bucket <name>', 'a bucket whose requests are replayed (repeatable; default: all)', collect, [])
    .addOption(
      new Option(
        '--on-bad-row <what>',
        'what a row that cannot be read does (default: skip in logs, fail in tables)',
      ).choices(['fail', 'skip']),
    )
    .option('--rejects <file>', 'where rows that are skipped are written')
    .option(
      '--threads <n>',
      'threads that read and replay (default: all processors)',
      wholeNumber('--threads', 1, 1024),
    )
    .option(
      '--memory-limit <size>',
      'memory of the bulk engine before it spills to disk, as 1GB (default: 1GB)',
      memory,
    );
}

/** Where a run begins with what there was. */
export function inventoryOption(): Option {
  return new Option(
    '--inventory <manifest>',
    'manifest.json of an S3 Inventory: what there was before the requests (repeatable, one of each bucket)',
  )
    .argParser(collect)
    .default([]);
}

export function addRunOptions(command: Command): Command {
  command
    .option('--region <region>', `region whose prices are used (default: ${DEFAULT_REGION})`)
    .option('--prices <file>', "your own prices: a price file, or one that changes a region's")
    .option('--free-tier', "bill each month's first 5 GB, 2,000 PUT and 20,000 GET of S3 Standard at $0", false)
    .addOption(inventoryOption())
    .option('--from <date>', 'first day that is billed, UTC (default: the first of the trace, or the inventory’s)', day)
    .option('--until <date>', 'day before which billing ends, UTC (default: the day after the last of the trace)', day)
    .addOption(
      new Option('--restore-tier <speed>', 'speed of restores that reads of archived objects need')
        .choices(RESTORE_TIERS)
        .default('standard'),
    )
    .option('--restore-days <days>', 'days a restored copy is kept', wholeNumber('--restore-days', 1, 36_500), 1)
    .addOption(versioningOption())
    .option(
      '--rules-from <date>',
      'day the rules begin, on objects that are there by then too (default: always, or the inventory’s day)',
      day,
    )
    .option('--account <id>', "the bucket owner's account: 12 digits, or the canonical user id that logs give", account)
    .option('--requester-pays', 'requests of other accounts are paid by them (needs --account)', false)
    .option('--egress', 'bill data transfer out to the internet (the same under every policy)', false)
    .option(
      '--assume <name=choice>',
      `a choice AWS leaves open: ${switchNames()} (repeatable)`,
      assume,
      DEFAULT_SWITCHES,
    );
  addReadingOptions(command);
  return addOutputOptions(command);
}

export function addWhyOption(command: Command): Command {
  return command.option(
    '--why <usage type>',
    'print the calculation behind a usage type, month by month (repeatable)',
    collect,
    [],
  );
}

/** What the bucket does about versions. */
export function versioningOption(): Option {
  return new Option(
    '--versioning <state>',
    'what the bucket does about versions (default: enabled where the input names versions)',
  ).choices(VERSIONING_STATES);
}

/** The flags of everything that is told by groups of objects. */
export function addGroupOptions(command: Command): Command {
  return command
    .option(
      '--group-by <what>',
      'tell groups of objects apart: prefix:N (first N folders), tag:KEY, class or size (at upload)',
      parseGroupBy,
    )
    .option(
      '--top-groups <n>',
      `groups that are told apart, by bytes; the others are told together (default: ${TOP_GROUPS})`,
      wholeNumber('--top-groups', 1, MOST_GROUPS),
    );
}

/** Groups cost memory: each has sums of its own. */
const MOST_GROUPS = 1000;

/** @throws UsageError for a number of groups without groups */
export function checkGroups({ groupBy, topGroups }: Pick<RunFlags, 'groupBy' | 'topGroups'>): void {
  if (topGroups !== undefined && !groupBy) throw new UsageError('--top-groups is for --group-by, which is not given');
}

/** @throws UsageError when there is nothing to read */
export function checkInputs(inputs: readonly string[], inventories: readonly string[]): void {
  if (inputs.length > 0 || inventories.length > 0) return;
  throw new UsageError('no input; name files, folders, globs, - for standard input, or an --inventory');
}

/** @throws UsageError for flags that contradict each other, or when there is nothing to read */
export function checkRun(inputs: readonly string[], flags: RunFlags): void {
  const { inventory, from, until, requesterPays, account, why = [], json, csv, html } = flags;
  checkInputs(inputs, inventory);
  if (from !== undefined && until !== undefined && from >= until) {
    throw new UsageError('--until must be after --from: it is the day before which billing ends');
  }
  if (requesterPays && account === undefined) throw new UsageError('--requester-pays needs --account');
  if (why.length > 0 && [json, csv, html].includes('-')) {
    throw new UsageError('--why prints to standard output, where a document is to go; write that to a file');
  }
  checkGroups(flags);
  checkReading(flags);
}

/** @throws UsageError for flags that contradict each other */
export function checkReading({ onBadRow, rejects }: Pick<ReadingFlags, 'onBadRow' | 'rejects'>): void {
  if (rejects === undefined) return;
  if (onBadRow === 'fail') throw new UsageError('--rejects needs --on-bad-row skip: otherwise a bad row ends the run');
  if (rejects === '-') throw new UsageError('--rejects is a file, not standard output');
}

/** Every file a run reads that is named on the command line. */
export function filesRead(inputs: readonly string[], { inventory, prices }: RunFlags): string[] {
  return [...inputs, ...inventory, ...(prices === undefined ? [] : [prices])];
}

export function addOutputOptions(command: Command): Command {
  return command
    .option('--html <file>', 'write the report with charts; - for standard output')
    .option('--json <file>', 'write the exact result; - for standard output')
    .option('--csv <file>', 'write every line item; - for standard output')
    .option('--quiet', 'print no table and no progress', false);
}

/** What the flags say about reading the inputs. */
export function readingOptions(flags: ReadingFlags) {
  const { map, format, bucket, traceStep, traceStart, onBadRow, rejects, threads, memoryLimit } = flags;
  return {
    renames: map,
    ...(format !== undefined && { format }),
    ...(bucket.length > 0 && { buckets: bucket }),
    clock: {
      ...(traceStep !== undefined && { stepMs: traceStep }),
      ...(traceStart !== undefined && { startMs: traceStart * 1000 }),
    },
    ...(onBadRow !== undefined && { onBadRow }),
    ...(rejects !== undefined && { rejects }),
    ...(threads !== undefined && { threads }),
    ...(memoryLimit !== undefined && { memoryLimit }),
  };
}

/** What the flags say of every lifecycle policy. Rules begin on the day of an inventory: until then, what it shows is what was. */
export function runChoices(
  { restoreTier, rulesFrom: from, assume }: RunFlags,
  { inventoryDay }: Pick<KnownInputs, 'inventoryDay'> = {},
): RunChoices {
  const rulesFrom = from ?? inventoryDay;
  return {
    restoreTier,
    tieringDelayDays: TIERING_DELAY_DAYS[assume['intelligent-tiering-move']],
    ...(rulesFrom !== undefined && { rulesFrom }),
  };
}

function account(text: string): string {
  if (/^(\d{12}|[\da-f]{64})$/.test(text)) return text;
  throw new UsageError(`--account ${quoted(text)} is neither 12 digits nor a canonical user id`);
}

function day(text: string): number {
  const milliseconds = /^\d{4}-\d\d-\d\d$/.test(text) ? parseTimestamp(text) : undefined;
  if (milliseconds === undefined) throw new UsageError(`${quoted(text)} is not a date such as 2025-01-31`);
  return midnightBefore(milliseconds / 1000);
}

function step(text: string): number {
  const milliseconds = parseStep(text);
  if (milliseconds === undefined)
    throw new UsageError(`--trace-step ${quoted(text)} is not a length such as 1s or 100ms`);
  return milliseconds;
}

function format(text: string): string {
  return namedSources(text)[0]!.name;
}

/** The values of an option that may be repeated. */
export function collect(value: string, previous: readonly string[]): string[] {
  return [...previous, value];
}

function renames(text: string, previous: Renames): Renames {
  try {
    return { ...previous, ...parseRenames(text) };
  } catch (error) {
    throw new UsageError(`--map: ${(error as Error).message}`);
  }
}

function assume(text: string, previous: Switches): Switches {
  const [name = '', choice = ''] = text.split('=');
  if (!Object.hasOwn(SWITCHES, name)) {
    const near = nearest(name, Object.keys(SWITCHES));
    throw new UsageError(
      `--assume: no assumption ${quoted(name)}; ${near ? `did you mean '${near}'?` : `there is ${switchNames()}`}`,
    );
  }
  const { choices } = SWITCHES[name as keyof Switches];
  if (!(choices as readonly string[]).includes(choice)) {
    throw new UsageError(`--assume: ${name} is ${choices.join(' or ')}, not ${quoted(choice)}`);
  }
  return { ...previous, [name]: choice };
}

function switchNames(): string {
  return Object.entries(SWITCHES)
    .map(([name, { choices }]) => `${name}=${choices.join('|')}`)
    .join(', ');
}

function memory(text: string): string {
  if (!/^\d+(\.\d+)?\s*([KMGT]i?B)$/i.test(text.trim())) {
    throw new UsageError(`--memory-limit ${quoted(text)} is not a size such as 1GB or 512MB`);
  }
  return text.trim();
}

export function wholeNumber(flag: string, least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most) {
      throw new UsageError(`${flag} ${quoted(text)} is not a whole number from ${least} to ${most}`);
    }
    return value;
  };
}
