import type { SummarySource } from './source.ts';
import { totalsRows } from './totals-rows.ts';
import { parseTotals } from './totals-schema.ts';

/** What one tells a price calculator, for those who have no logs: amounts stored, uploaded and read in a month, as YAML or JSON. */
export const totals: SummarySource = {
  name: 'totals',
  title: 'totals',
  holds: 'summary',
  onBadRow: 'fail',
  recognise: (start) => /^[\s{"']*totals["']?\s*:/m.test(start) && !/^[^\n]*,[^\n]*timestamp/i.test(start),
  async open(text, { file }) {
    const totals = await parseTotals(text, file);
    return { csv: totalsRows(totals, file), horizon: totals.horizon };
  },
};
