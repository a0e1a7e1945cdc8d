import type { Comparison } from '../model/comparison.ts';
import { nearest, quoted, UsageError } from '../model/diagnostic.ts';
import { printable } from '../model/printable.ts';
import { USAGE_KINDS } from '../model/usage-type.ts';
import { derivations } from '../pricing/derivation.ts';
import type { PriceList } from '../pricing/price-list.ts';
import { renderWhy } from '../reports/why.ts';

/**
 * What `--why` prints: the calculation of each usage type named, per policy where there are several. Checked at once, so
 * that no run is in vain.
 * @throws UsageError for a usage type that is never metered, with the nearest that is
 */
export function explanation(names: readonly string[], prices: PriceList): (comparison: Comparison) => string {
  const usageTypes = [...new Set(names.map((name) => usageTypeNamed(name, prices.prefix)))];
  if (usageTypes.length === 0) return () => '';
  return ({ results }) =>
    results
      .map(({ policy, lineItems }) => {
        const texts = usageTypes.map((usageType) =>
          renderWhy(`${prices.prefix}${usageType}`, derivations(lineItems, prices, usageType)),
        );
        return `${results.length > 1 ? `policy ${printable(policy)}\n\n` : ''}${texts.join('\n')}`;
      })
      .join('\n');
}

/** Without the region's prefix, with which it may be named. */
function usageTypeNamed(name: string, prefix: string): string {
  const usageType = name.startsWith(prefix) ? name.slice(prefix.length) : name;
  const known = new Set(USAGE_KINDS.map((kind) => kind.usageType));
  if (known.has(usageType)) return usageType;
  const near = nearest(usageType, known);
  const hint = near ? `did you mean '${near}'?` : 'a line of the bill begins with its usage type';
  throw new UsageError(`--why: no usage type ${quoted(name)}; ${hint}`);
}
