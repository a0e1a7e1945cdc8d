/** The account of one object: its rows of a trace → its lives under a policy → what each event of them cost. */
import { Ledger } from '../metering/ledger.ts';
import type { MeterOptions } from '../metering/meter.ts';
import type { ObjectShare } from '../model/explanation.ts';
import { formatNanoUSD, parseNanoUSD, sumUSD } from '../model/money.ts';
import {
  isFailed,
  isOfBucket,
  isRead,
  isUpload,
  OPERATIONS,
  type OperationCode,
  operationOf,
} from '../model/operation.ts';
import { STORAGE_CLASSES } from '../model/storage-class.ts';
import type { Policy } from '../policies/policy.ts';
import { inExactPortions, PolicyRun } from '../policy-run.ts';
import { componentsOf } from '../pricing/bill.ts';
import type { History } from '../trace/history.ts';
import type { Life } from '../trace/life.ts';
import type { LivesVisitor } from '../trace/lives.ts';
import type { TracedObject } from '../trace/memory-trace.ts';
import type { MultipartUpload } from '../trace/multipart.ts';
import { readerOf } from '../trace/reader-of.ts';
import { type Marks, orderOperation, type TraceBatch, type Versioning } from '../trace/trace.ts';
import { causeOf } from './events.ts';
import { tellHistory } from './history-story.ts';
import { type MeteredLife, type Telling, tellLife } from './life-story.ts';
import { isShown, RowPricer, type WholeBill } from './priced-rows.ts';
import { countRequests, type RowDraft, Rows, type RowsByDay } from './rows.ts';
import { VersionList } from './version-list.ts';

/** A run that accounts are given of. */
export interface AccountedRun {
  readonly policy: Policy;
  readonly marks: Marks;
  readonly options: MeterOptions;
  readonly versioning: Versioning;
  /** UTC seconds since which objects are taken to have been there that are first seen in a read. */
  readonly assumedSince: number;
  readonly whole: WholeBill;
}

/** Rows of a trace about one object above which its requests of a day are one row of its account. */
const MANY_REQUESTS = 10_000;

/** Uploads of one key above which everything that happens on a day is told in one row for all of them. */
const MANY_UPLOADS = 1_000;

/**
 * One object's share of a bill, with all that led to it.
 * @param one a batch of that object alone
 */
export function accountOf(run: AccountedRun, one: TraceBatch, name: TracedObject): ObjectShare {
  const account = new Account(run, one, name);
  const { options, assumedSince, versioning, marks } = run;
  readerOf(versioning, marks.words, { assumedSince, until: options.horizon.until }, account).read(one);
  return account.share();
}

class Account implements LivesVisitor {
  private readonly of: AccountedRun;
  private readonly name: TracedObject;
  private readonly rows: Rows;
  private readonly ledger: Ledger;
  private readonly run: PolicyRun;
  private readonly telling: Telling;
  private readonly versions: VersionList;
  private latest: { readonly size: number; readonly count: number } | undefined;
  private requests = 0;
  private reads = 0;
  private leftOut = 0;

  constructor(of: AccountedRun, one: TraceBatch, name: TracedObject) {
    const { policy, options, marks, versioning } = of;
    this.of = of;
    this.name = name;
    this.ledger = new Ledger(options.horizon);
    this.run = new PolicyRun(policy, options, marks, versioning === 'suspended', this.ledger);
    this.rows = new Rows(foldingOf(one));
    if (this.rows.byDay !== 'nothing') this.ledger.byDay = (kind) => causeOf(kind) === 'request';
    const { horizon, restoreTier } = options;
    this.telling = { rows: this.rows, run: this.run, horizon, restoreTier };
    this.versions = new VersionList(policy.rules, name.versionIds);
  }

  life(life: Life): void {
    inExactPortions(life, () => this.run.life(life));
    const metered = { life, stays: this.run.stays, version: this.versions.next, entries: this.ledger.take() };
    tellLife(this.telling, metered);
    this.know(metered);
  }

  history(history: History): void {
    const entities = tellHistory(this.telling, this.ledger, history, (metered) => this.know(metered));
    this.versions.nameAll(entities);
  }

  private know(metered: MeteredLife): void {
    const { life } = metered;
    this.versions.add(metered);
    this.latest = { size: life.size, count: life.count };
    for (let at = 0; at < life.accesses; at++) {
      const code = life.accessOperation[at]!;
      this.count(
        life.accessTime[at]!,
        life.accessCount[at]! * life.count,
        isRead(operationOf(code)) && !isFailed(code),
      );
    }
  }

  private count(time: number, requests: number, read: boolean): void {
    const { from, until } = this.of.options.horizon;
    if (time < from || time >= until) return;
    this.requests += requests;
    if (read) this.reads += requests;
  }

  multipart(upload: MultipartUpload): void {
    const { run, ledger, rows } = this;
    run.multipart(upload);
    const end = run.endOf(upload);
    const parts = upload.parts.length > 0 ? this.partsRow(upload, end.at) : undefined;
    for (const entry of ledger.take()) {
      const row = entry.until === undefined ? rows.row('request', undefined, entry.from) : parts!;
      row.entries.push(entry);
    }
    for (const { operation, time, count } of upload.requests) this.request(operation, time, count, {});
    if (!upload.completed || end.rule !== undefined) this.abort(end);
  }

  private partsRow(upload: MultipartUpload, until: number): RowDraft {
    const began = upload.parts.reduce((first, { time }) => Math.min(first, time), Infinity);
    return this.rows.row('parts', undefined, began, until, {
      size: upload.parts.reduce((sum, { bytes }) => sum + bytes, 0),
      storageClass: STORAGE_CLASSES[this.of.policy.uploadClass ?? upload.uploadClass]!,
    });
  }

  private abort({ at, rule }: { at: number; rule?: number }): void {
    if (at >= this.of.options.horizon.until) return;
    const byRule = rule === undefined ? {} : { rule: this.of.policy.rules[rule]! };
    this.rows.row('abort', undefined, at, undefined, byRule);
  }

  stray(operation: OperationCode, time: number, count: number): void {
    this.run.stray(operation, time, count);
    this.request(operation, time, count, { notFound: !isOfBucket(operation) });
  }

  failedUpload(operation: OperationCode, time: number, count: number, uploadClass: number): void {
    this.run.failedUpload(operation, time, count, uploadClass);
    this.request(operation, time, count, { failed: true });
  }

  /** A request that is of no version. */
  private request(
    operation: OperationCode,
    time: number,
    count: number,
    outcome: { failed?: boolean; notFound?: boolean },
  ): void {
    const { from, until } = this.of.options.horizon;
    if (time < from || time >= until) return;
    const row = this.rows.row('request', undefined, time);
    row.entries.push(...this.ledger.take());
    countRequests(row, OPERATIONS[operation]!, count, outcome);
    this.count(time, count, false);
  }

  unknownDelete(): void {}

  unsized(_: TraceBatch, rows: readonly number[]): void {
    this.leftOut += rows.length;
  }

  /** What it all comes to. */
  share(): ObjectShare {
    const pricer = new RowPricer(this.of.whole);
    const rows = this.rows.sorted(this.of.options.horizon.from).map((row) => pricer.price(row));
    const lineItems = pricer.lineItems();
    return {
      bucket: this.name.bucket,
      key: this.name.key,
      count: this.latest?.count ?? 1,
      size: this.latest?.size ?? null,
      versionCount: this.versions.count,
      versions: this.versions.latest,
      requests: this.requests,
      reads: this.reads,
      leftOut: this.leftOut,
      totalUSD: formatNanoUSD(sumUSD(lineItems.map(({ costUSD }) => parseNanoUSD(costUSD)))),
      components: componentsOf(lineItems),
      lineItems,
      notices: this.run.notices(),
      rows: rows.filter(isShown),
    };
  }
}

function foldingOf({ objectStart, order }: TraceBatch): RowsByDay {
  let uploads = 0;
  for (let row = objectStart[0]!; row < objectStart[1]!; row++) {
    if (isUpload(operationOf(orderOperation(order[row]!)))) uploads++;
  }
  if (uploads > MANY_UPLOADS) return 'everything';
  return objectStart[1]! - objectStart[0]! > MANY_REQUESTS ? 'requests' : 'nothing';
}
