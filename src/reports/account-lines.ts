/** An account as its table has it: one line per row and usage type, with many requests alike drawn together. */
import type { AccountRow, ObjectShare, RequestCount, ShareItem } from '../model/explanation.ts';
import { instantText, rowWords } from './account-words.ts';
import { sumDecimals } from './decimal.ts';

/** A row of an account, or several requests alike that follow each other. */
export interface AccountLine {
  readonly at: string;
  readonly words: string;
  /** What it used, each usage type and operation once, all months together. */
  readonly usages: readonly LineUsage[];
  readonly costUSD: string;
}

type LineUsage = Pick<ShareItem, 'usageType' | 'operation' | 'pricingQuantity' | 'pricingUnit' | 'costUSD'>;

/** Requests alike in a row from which on they are one line. */
const MANY = 4;

/** The lines of an account. */
export function accountLines(share: ObjectShare): AccountLine[] {
  const lines: AccountLine[] = [];
  for (const run of runs(share.rows ?? [])) {
    if (run.length >= MANY) lines.push(lineOf(together(run), share, run.at(-1)!));
    else lines.push(...run.map((row) => lineOf(row, share)));
  }
  return lines;
}

/** Rows cut where a row is not a request like the one before. */
function runs(rows: readonly AccountRow[]): AccountRow[][] {
  const found: AccountRow[][] = [];
  let likeness: string | undefined;
  for (const row of rows) {
    const next = likenessOf(row);
    if (next !== undefined && next === likeness) found.at(-1)!.push(row);
    else found.push([row]);
    likeness = next;
  }
  return found;
}

function likenessOf({ event, version, requests = [], waitSeconds, items }: AccountRow): string | undefined {
  if (event !== 'request' || waitSeconds !== undefined) return undefined;
  const kinds = requests.map(({ operation, failed, notFound }) => [operation, failed ?? 0, notFound ?? 0]);
  return JSON.stringify([version, kinds, items.map(({ usageType, operation }) => [usageType, operation])]);
}

function together(rows: readonly AccountRow[]): AccountRow {
  const requests = new Map<string, RequestCount>();
  for (const request of rows.flatMap((row) => row.requests ?? [])) {
    const { operation, times, failed, notFound, bytes } = request;
    const sum = requests.get(operation);
    const plus = (a?: number, b?: number): number | undefined => (a === undefined ? b : a + (b ?? 0));
    const [failures, misses, moved] = [
      plus(failed, sum?.failed),
      plus(notFound, sum?.notFound),
      plus(bytes, sum?.bytes),
    ];
    requests.set(operation, {
      operation,
      times: times + (sum?.times ?? 0),
      ...(failures && { failed: failures }),
      ...(misses && { notFound: misses }),
      ...(moved && { bytes: moved }),
    });
  }
  return {
    ...rows[0]!,
    requests: [...requests.values()],
    costUSD: sumDecimals(rows.map(({ costUSD }) => costUSD)),
    items: rows.flatMap(({ items }) => items),
  };
}

/** @param last the last of the rows drawn together, if they are several */
function lineOf(row: AccountRow, share: ObjectShare, last?: AccountRow): AccountLine {
  const until = last ? `, the last ${instantText(last.at)}` : '';
  return { at: row.at, words: `${rowWords(row, share)}${until}`, usages: usagesOf(row.items), costUSD: row.costUSD };
}

function usagesOf(items: readonly ShareItem[]): LineUsage[] {
  const usages = new Map<string, ShareItem[]>();
  for (const item of items) {
    const name = `${item.usageType} ${item.operation}`;
    usages.set(name, [...(usages.get(name) ?? []), item]);
  }
  return [...usages.values()].map((alike) => ({
    usageType: alike[0]!.usageType,
    operation: alike[0]!.operation,
    pricingQuantity: sumDecimals(alike.map(({ pricingQuantity }) => pricingQuantity)),
    pricingUnit: alike[0]!.pricingUnit,
    costUSD: sumDecimals(alike.map(({ costUSD }) => costUSD)),
  }));
}
