/**
 * A second, slow meter to hold the fast one against. It shares the nouns with it (names of classes, operations, usage
 * kinds) and nothing else: no due dates are computed ahead and no intervals are intersected. First the rows of a key
 * tell their story (`reference/story.ts`: which versions there were, which row was for which), then a walk through time
 * asks at each interesting second what is true under the policy (`reference/timeline.ts`) and adds bytes × seconds up
 * until the next one.
 */
import type { Usage } from '../../src/model/usage.ts';
import { REQUESTED } from '../../src/model/usage-type.ts';
import { Ledger, usageKey } from './reference/ledger.ts';
import type { ReferenceEvent, ReferenceOptions, ReferencePolicy, ReferenceResult } from './reference/nouns.ts';
import { countOf, inOrder, isAct, isCharged, midnightBefore, secondOf } from './reference/rows.ts';
import { unsizedRows } from './reference/story.ts';
import { Timeline } from './reference/timeline.ts';

export type * from './reference/nouns.ts';

/** The project's own usage in the shape of {@link ReferenceResult.usage}, to compare the two. */
export function usageAsMap(usage: Usage): Map<string, bigint> {
  const map = new Map<string, bigint>();
  for (const { month, quantities } of usage.months)
    for (const [kind, quantity] of quantities) {
      const key = usageKey(month.month, kind);
      if (quantity !== 0n) map.set(key, (map.get(key) ?? 0n) + quantity);
    }
  return map;
}

/**
 * What a policy would have used.
 * @throws RangeError for a trace with an error row: an object or upload that never gets a size
 */
export function referenceUsage(
  events: readonly ReferenceEvent[],
  policy: ReferencePolicy,
  options: ReferenceOptions,
): ReferenceResult {
  const ledger = new Ledger(options.from, options.until);
  const rows = rowsUntil(events, options.until);
  const requests = rows.filter((row) => !isAct(row));
  const first = Math.min(options.from, ...requests.slice(0, 1).map(secondOf));
  const timelines = [...byKey(rows)].map(([key, ofKey]) => {
    return new Timeline(key, ofKey, midnightBefore(first), policy, options, ledger);
  });
  for (const timeline of timelines) timeline.run();
  for (const row of rows)
    if (row.operation === 'LIST' && isCharged(row)) ledger.once(REQUESTED.list, countOf(row), secondOf(row));
  const stories = timelines.map(({ story }) => story);
  return {
    usage: ledger.usage(),
    ...ledger.notices,
    objects: timelines.reduce((sum, { largestCohort }) => sum + largestCohort, 0),
    assumedObjects: stories.reduce((sum, { before }) => sum + before.length, 0),
    deletesOfUnknownKeys: stories.reduce((sum, { deletesOfUnknownKeys }) => sum + deletesOfUnknownKeys, 0),
    events: requests.length,
  };
}

/** Rows that are errors because no row gives their object a size, by their place among the events. */
export function unsizedEvents(
  events: readonly ReferenceEvent[],
  { until, versioning = 'unversioned' }: Pick<ReferenceOptions, 'until' | 'versioning'>,
): number[] {
  const numbered = events.map((event, place) => ({ ...event, place })).filter((event) => !isAct(event));
  const keys = [...byKey(rowsUntil(numbered, until)).values()];
  return keys.flatMap((rows) => unsizedRows(rows, versioning)).map((row) => (row as (typeof numbered)[number]).place);
}

/** Copies, so that an event that is there twice is two. */
function rowsUntil<Event extends ReferenceEvent>(events: readonly Event[], until: number): Event[] {
  return events
    .filter((event) => secondOf(event) < until)
    .map((event) => ({ ...event }))
    .sort(inOrder);
}

function byKey(rows: readonly ReferenceEvent[]): Map<string, ReferenceEvent[]> {
  const map = new Map<string, ReferenceEvent[]>();
  for (const row of rows) {
    const ofKey = map.get(row.key) ?? [];
    map.set(row.key, ofKey);
    if (row.operation !== 'LIST') ofKey.push(row);
  }
  return map;
}
