/** A profile of files: their trace in order, one look at every life, and what the bulk engine counts. */
import { OWNER_PAYS } from '../model/charges.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { type GroupBy, TOP_GROUPS } from '../model/grouping.ts';
import { PROFILE_SCHEMA, type PrefixProfile, type Profile } from '../model/profile.ts';
import { DAY_SECONDS, formatInstant, midnightBefore } from '../model/time.ts';
import { VERSION } from '../model/version.ts';
import type { GroupStats } from '../profile/group-stats.ts';
import { Profiler } from '../profile/profiler.ts';
import { type Groups, objectGroups } from '../trace/groups.ts';
import { readerOf } from '../trace/reader-of.ts';
import { Marks, type Versioning } from '../trace/trace.ts';
import type { Rejects } from './clean-rows.ts';
import { engineError } from './duckdb.ts';
import { inventoryFacts } from './inventories.ts';
import { type OrderedRows, orderedRows } from './ordered-rows.ts';
import { daysOf, equalRowsIn, operationsOf, requestersOf, requestsIn } from './profile-queries.ts';
import {
  byReason,
  formatsOf,
  namesOf,
  type Reading,
  type ReadOptions,
  rejectedBefore,
  withReading,
} from './reading.ts';
import { TraceFile } from './trace-file.ts';

export interface ProfileFilesOptions extends Omit<ReadOptions, 'charges'> {
  /** What the bucket does about versions; absent: what the trace shows. */
  readonly versioning?: Versioning;
  readonly groupBy?: GroupBy;
  readonly topGroups?: number;
}

export interface ProfileFilesResult {
  readonly profile: Profile;
  /** The first of the rows that were left out. */
  readonly rejected: readonly Diagnostic[];
}

/**
 * Tells what is in files before anybody asks what it costs.
 * @throws InputError when an input cannot be used, or holds a bad row and `onBadRow` is `fail`
 */
export async function profileFiles(options: ProfileFilesOptions): Promise<ProfileFilesResult> {
  return withReading(options, async (reading, rejects) => {
    const ordered = await orderedRows(reading, rejects);
    const profile = await new FileProfiler(reading, ordered, options).profile(rejects).catch((error: Error) => {
      throw engineError(error);
    });
    return { profile, rejected: rejects.listed };
  });
}

/** Prefixes that are told apart to find the hottest and the coldest: the largest, and besides them those most read. */
const LARGEST_PREFIXES = 200;
const MOST_READ_PREFIXES = 50;

/** Folders of a key that are looked at for prefixes, at the most, and prefixes that are not too many to be looked at. */
const DEEPEST = 5;
const FEW_PREFIXES = 50;

/** Prefixes named as the hottest, and as the coldest. */
const NAMED_PREFIXES = 10;

/** Days without a read after which an object is cold: the most that the trace is long enough for. */
const COLD_DAYS: readonly number[] = [90, 30, 7, 1];

class FileProfiler {
  private readonly reading: Reading;
  private readonly options: ProfileFilesOptions;
  private readonly ordered: OrderedRows;
  private readonly table: TraceFile;
  /** UTC seconds: when the first request was, or the last inventory; the midnight before it, and that after the last request. */
  private readonly first: number;
  private readonly since: number;
  private readonly until: number;
  private readonly last: number;

  constructor(reading: Reading, ordered: OrderedRows, options: ProfileFilesOptions) {
    this.reading = reading;
    this.ordered = ordered;
    this.options = options;
    const { versioning } = options;
    const { file, trace } = ordered;
    this.table = new TraceFile(reading.connect, file, trace, {
      charges: OWNER_PAYS,
      ...(versioning && { versioning }),
    });
    const { first, last } = this.table.span;
    this.first = (reading.snapshots?.latest ?? first) / 1000;
    this.last = Math.max(last / 1000, this.first);
    this.since = midnightBefore(this.first);
    this.until = midnightBefore(this.last) + DAY_SECONDS;
  }

  async profile(rejects: Rejects): Promise<Profile> {
    const { options, reading, table, since } = this;
    const { connection, snapshots } = reading;
    const { groupBy, topGroups = TOP_GROUPS } = options;
    const depth = groupBy?.kind === 'prefix' ? groupBy.depth : await this.depthOf(table);
    const prefixes = await table.groupBy(connection, { kind: 'prefix', depth }, LARGEST_PREFIXES, MOST_READ_PREFIXES);
    const ofObjects = groupBy?.kind === 'class' || groupBy?.kind === 'size' ? [objectGroups(groupBy.kind)] : [];
    const profiler = await this.look(table, [prefixes, ...ofObjects]);
    const grouped = groupBy ? await this.grouped(table, groupBy, profiler) : this.unasked(profiler);
    const requests = requestsIn(table.rows, snapshots);
    const requesters = await requestersOf(connection, table.rows, requests, since);
    return {
      schema: PROFILE_SCHEMA,
      tiercast: VERSION,
      workload: await this.workload(profiler, rejects),
      ...profiler.profile(),
      operations: await operationsOf(connection, requests),
      days: await daysOf(connection, requests, since),
      prefixes: prefixProfile(depth, prefixes, profiler.groups[0]!, this.coldDays),
      ...(requesters && { requesters }),
      ...(grouped && { groupBy: grouped.largest(topGroups) }),
    };
  }

  /** Every life once. */
  private async look(table: TraceFile, groupings: readonly Groups[]): Promise<Profiler> {
    const { span } = table;
    const { since, until, coldDays } = this;
    // Reads before an inventory are what its tiers imply.
    const known = this.reading.snapshots ? this.first : -Infinity;
    const profiler = new Profiler({ since: known, until }, coldDays, groupings);
    const lives = readerOf(this.versioning, 0, { assumedSince: since, until }, profiler.visitor);
    await table.scan(
      new Marks([]),
      (batch) => lives.read(batch),
      (rows) => this.options.onProgress?.({ step: 'profiling', done: Math.min(rows / span.rows, 1), total: span.rows }),
    );
    return profiler;
  }

  /** Prefixes, where there are no reads to rank them by. */
  private unasked(profiler: Profiler): GroupStats | undefined {
    const { snapshots } = this.reading;
    return snapshots && !snapshots.isJoined ? profiler.groups[0]! : undefined;
  }

  /** The groups that were asked for; tags take a look of their own, since a row carries one group. */
  private async grouped(table: TraceFile, by: GroupBy, profiler: Profiler): Promise<GroupStats> {
    if (by.kind !== 'tag') return profiler.groups.at(-1)!;
    const groups = await table.groupBy(this.reading.connection, by, LARGEST_PREFIXES, MOST_READ_PREFIXES);
    return (await this.look(table, [groups])).groups[0]!;
  }

  /** As many folders as leave few prefixes; one at least. */
  private async depthOf(table: TraceFile): Promise<number> {
    const { connection } = this.reading;
    let depth = 1;
    for (let groups = await table.countGroups(connection, { kind: 'prefix', depth }); depth < DEEPEST; depth++) {
      const more = await table.countGroups(connection, { kind: 'prefix', depth: depth + 1 });
      if (more > FEW_PREFIXES || more === groups) break;
      groups = more;
    }
    return depth;
  }

  private async workload({ counts, strayRequests }: Profiler, rejects: Rejects): Promise<Profile['workload']> {
    const { inputs, skipped, snapshots, connection } = this.reading;
    const { listed } = this.ordered;
    const { rows } = this.table.span;
    const rejectedRows = rejects.count + rejectedBefore(inputs);
    const { tally } = rejects;
    return {
      inputs: namesOf(this.options),
      formats: formatsOf(inputs),
      skippedFiles: byReason(skipped),
      rows: rows - listed.reads + rejectedRows + tally.duplicates + tally.otherRows,
      requests: rows - listed.objects - listed.reads,
      first: formatInstant(this.first),
      last: formatInstant(this.last),
      until: formatInstant(this.until),
      versioning: this.versioning,
      objects: counts.objects,
      versions: counts.versions,
      deleteMarkers: counts.deleteMarkers,
      bytes: String(counts.bytes),
      assumedObjects: counts.assumedObjects,
      assumedBytes: String(counts.assumedBytes),
      rejectedRows,
      ...tally.counts(),
      equalRows: await equalRowsIn(connection, this.table.rows),
      unsizedRows: counts.unsizedRows,
      strayRequests,
      deletesOfUnknownKeys: counts.deletesOfUnknownKeys,
      ...(snapshots && { inventory: inventoryFacts(snapshots, listed) }),
    };
  }

  private get versioning(): Versioning {
    return this.options.versioning ?? (this.table.span.namesVersions ? 'enabled' : 'unversioned');
  }

  private get coldDays(): number {
    const days = (this.until - this.since) / DAY_SECONDS;
    return COLD_DAYS.find((cold) => cold <= days)!;
  }
}

function prefixProfile(depth: number, { names, unnamed }: Groups, stats: GroupStats, coldDays: number): PrefixProfile {
  const known = names.length - 1;
  return {
    depth,
    prefixes: known + unnamed,
    known,
    coldDays,
    hottest: stats.ranked(NAMED_PREFIXES, 'reads'),
    coldest: stats.ranked(NAMED_PREFIXES, 'cold'),
  };
}
