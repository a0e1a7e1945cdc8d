import type { LedgerEntry } from '../metering/ledger.ts';
import type { AccountEvent, AccountRow, RequestCount } from '../model/explanation.ts';
import type { Operation } from '../model/operation.ts';
import { DAY_SECONDS, midnightBefore } from '../model/time.ts';
import { EVENT_ORDER } from './events.ts';

type Details = Pick<
  AccountRow,
  'storageClass' | 'tier' | 'rule' | 'size' | 'count' | 'tags' | 'readyAt' | 'waitSeconds'
>;

/** A row of an account that has no price yet. Times are UTC seconds. */
export interface RowDraft {
  readonly event: AccountEvent;
  /** Undefined for requests that found no object, and for what happened to many in a day. */
  readonly version: number | undefined;
  readonly from: number;
  /** Undefined for what happens at an instant. */
  until: number | undefined;
  readonly details: { -readonly [Name in keyof Details]?: Details[Name] };
  readonly requests: Map<Operation, { -readonly [Name in keyof RequestCount]: RequestCount[Name] }>;
  /** What was used. */
  readonly entries: LedgerEntry[];
}

/** What of one day shares a row, lest an account be longer than anybody reads. */
export type RowsByDay = 'nothing' | 'requests' | 'everything';

/** The rows of one object's account as they are found. */
export class Rows {
  readonly byDay: RowsByDay;
  private readonly drafts = new Map<string, RowDraft>();

  constructor(byDay: RowsByDay) {
    this.byDay = byDay;
  }

  /**
   * The row of an event of a version from one time to another (undefined: at an instant), new when there is none.
   * @param details of the event; where everything of a day shares rows, those alike in class, tier and rule do
   */
  row(
    event: AccountEvent,
    version: number | undefined,
    from: number,
    until?: number,
    details: RowDraft['details'] = {},
  ): RowDraft {
    if (this.byDay === 'everything') return this.rowOfDay(event, from, until, details);
    const ofDay = event === 'request' && this.byDay === 'requests';
    const [at, end] = ofDay ? [midnightBefore(from), midnightBefore(from) + DAY_SECONDS] : [from, until];
    return this.draft(`${event} ${version} ${at} ${end}`, { event, version, from: at, until: end, details });
  }

  private rowOfDay(
    event: AccountEvent,
    from: number,
    until: number | undefined,
    { storageClass, tier, rule, count = 1 }: RowDraft['details'],
  ): RowDraft {
    const midnight = midnightBefore(from);
    const end = until ?? midnight + DAY_SECONDS;
    const name = JSON.stringify([event, midnight, storageClass, tier, rule]);
    const alike = {
      ...(storageClass !== undefined && { storageClass }),
      ...(tier !== undefined && { tier }),
      ...(rule !== undefined && { rule }),
    };
    const draft = this.draft(name, { event, version: undefined, from: midnight, until: end, details: alike });
    draft.until = Math.max(draft.until!, end);
    if (event !== 'request') draft.details.count = (draft.details.count ?? 0) + count;
    return draft;
  }

  private draft(name: string, begun: Pick<RowDraft, 'event' | 'version' | 'from' | 'until' | 'details'>): RowDraft {
    let draft = this.drafts.get(name);
    if (!draft) {
      draft = { ...begun, requests: new Map(), entries: [] };
      this.drafts.set(name, draft);
    }
    return draft;
  }

  /**
   * All rows in order of time, and at one instant as things happen.
   * @param since UTC seconds from which what lasts is told
   */
  sorted(since: number): RowDraft[] {
    const timeOf = (draft: RowDraft): number => (draft.until === undefined ? draft.from : toldAt(draft, since));
    const order = (draft: RowDraft): number => EVENT_ORDER.indexOf(draft.event);
    return [...this.drafts.values()].sort((a, b) => timeOf(a) - timeOf(b) || order(a) - order(b));
  }
}

/** The requests of a whole day come after what happened on it. */
function toldAt({ event, from, until }: RowDraft, since: number): number {
  return event === 'request' ? until! - 1 : Math.max(from, since);
}

/** Counts requests in a row. */
export function countRequests(
  row: RowDraft,
  operation: Operation,
  times: number,
  { failed = false, notFound = false, bytes = 0 }: { failed?: boolean; notFound?: boolean; bytes?: number } = {},
): void {
  const counted = row.requests.get(operation) ?? { operation, times: 0 };
  counted.times += times;
  if (failed) counted.failed = (counted.failed ?? 0) + times;
  else if (notFound) counted.notFound = (counted.notFound ?? 0) + times;
  if (bytes > 0) counted.bytes = (counted.bytes ?? 0) + bytes;
  row.requests.set(operation, counted);
}
