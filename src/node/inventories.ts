/** What inventories among the inputs change about a run: what is joined, which days are billed, and what is said of it. */
import type { Comparison, InventoryFacts } from '../model/comparison.ts';
import { InputError, quoted } from '../model/diagnostic.ts';
import { DAY_SECONDS, formatDate, formatInstant, type Horizon, midnightBefore } from '../model/time.ts';
import { Snapshots, twiceListed } from '../sources/snapshots.ts';
import type { TraceSpan } from '../trace/trace.ts';
import type { Input } from './open-inputs.ts';
import type { ListedRows } from './row-shape.ts';

/** Days that are billed of an inventory alone: long enough for every age and minimum duration. */
const ALONE_DAYS = 365;

/**
 * The inventories among some inputs; undefined when there are none.
 * @throws InputError for two of one bucket, or requests of which nobody can say whose bucket they are of
 */
export function snapshotsOf(inputs: readonly Input[]): Snapshots | undefined {
  const byManifest = new Map(inputs.flatMap(({ manifest, snapshot }) => (snapshot ? [[manifest, snapshot]] : [])));
  const all = [...byManifest.values()];
  if (all.length === 0) return undefined;
  const problem = twiceListed(all);
  if (problem !== undefined) throw new InputError(problem);
  const requests = inputs.filter(({ snapshot }) => !snapshot);
  const snapshots = new Snapshots(all, requests.length > 0);
  const nameless = requests.find(({ opened }) => opened.columns.bucket === undefined);
  if (nameless && snapshots.bucket === undefined) {
    const buckets = all.map(({ bucket }) => quoted(bucket)).join(', ');
    const message = `the requests name no bucket, and there are inventories of ${buckets}`;
    throw new InputError([{ severity: 'error', message, where: { file: nameless.file.name } }]);
  }
  return snapshots;
}

/**
 * The days billed from an inventory on: of one alone {@link ALONE_DAYS}, of requests after it until the last.
 * @param last UTC milliseconds of the last row
 */
export function inventoryHorizon({ latest, isJoined }: Snapshots, last: number): Horizon {
  const from = midnightBefore(latest / 1000);
  const until = isJoined ? midnightBefore(last / 1000) + DAY_SECONDS : from + ALONE_DAYS * DAY_SECONDS;
  return { from, until: Math.max(until, from + DAY_SECONDS) };
}

/** @throws InputError for a horizon that begins before the inventories, which do not tell what was deleted until then */
export function checkHorizon({ latest }: Snapshots, { from }: Horizon): void {
  if (from >= midnightBefore(latest / 1000)) return;
  throw new InputError(
    `--from ${formatDate(from)} is before the inventory of ${formatDate(latest / 1000)}, which does not tell what was deleted until then`,
  );
}

/** A span as `Simulation` wants it: objects that no inventory lists came to be when the last was taken, not when the oldest object was. */
export function spanSince(span: TraceSpan, snapshots: Snapshots | undefined): TraceSpan {
  return snapshots ? { ...span, first: snapshots.latest } : span;
}

export function inventoryFacts({ all, isJoined }: Snapshots, listed: ListedRows): InventoryFacts {
  return {
    buckets: all.map(({ bucket, takenAt }) => ({ bucket, takenAt: formatInstant(takenAt / 1000) })),
    listed: listed.objects,
    impliedReads: listed.reads,
    hasRequests: isJoined,
  };
}

/**
 * A comparison that says what of it is inventories: rows of theirs are no requests, and reads that tiers show are no rows.
 * @param unsized what of the rows listed is of objects without a size, which the comparison leaves out
 */
export function withInventory(
  comparison: Comparison,
  snapshots: Snapshots,
  listed: ListedRows,
  unsized: Pick<ListedRows, 'objects' | 'reads'>,
): Comparison {
  const { workload } = comparison;
  const [objects, reads] = [listed.objects - unsized.objects, listed.reads - unsized.reads];
  const inventory = inventoryFacts(snapshots, { ...listed, objects, reads });
  const rows = workload.rows - listed.reads;
  const events = workload.events - objects - reads;
  const rejectedRows = workload.rejectedRows - unsized.reads;
  return { ...comparison, workload: { ...workload, rows, events, rejectedRows, inventory } };
}
