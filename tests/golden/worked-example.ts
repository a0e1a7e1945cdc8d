import { billingMonths } from '../../src/model/time.ts';
import type { Usage } from '../../src/model/usage.ts';
import examples from './worked-examples.json' with { type: 'json' };

/** A bill, or a part of one, that somebody published with its inputs. */
export interface WorkedExample {
  readonly id: string;
  /** What was used and at which prices, in words. */
  readonly inputs: string;
  /** As printed at the source; absent where the figure is derived here. */
  readonly published?: string;
  /** The lines of the bill in USD (in another unit where `published` says so), to the cent. */
  readonly lines?: readonly string[];
  /** The unrounded result: USD, or the quantity where `published` is one. */
  readonly exact?: string;
  /** `inexact` and `wrong`: the published figure is not what AWS bills; `outdated`: AWS does it otherwise now. */
  readonly verdict: string;
  /** Why it is not right. */
  readonly why?: string;
  readonly source: string;
}

export const WORKED_EXAMPLES: readonly WorkedExample[] = examples;

/** A calendar month's usage: quantities by usage kind, in the kind's unit. */
export function usageOf(month: string, quantities: Readonly<Record<number, bigint>>): Usage {
  const from = Date.parse(`${month}-01T00:00:00Z`) / 1000;
  const [billingMonth] = billingMonths({ from, until: from + 28 * 86_400 });
  const entries = Object.entries(quantities).map(([kind, quantity]): [number, bigint] => [Number(kind), quantity]);
  return { months: [{ month: billingMonth!, quantities: new Map(entries) }] };
}
