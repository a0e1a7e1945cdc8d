/** The dearest objects as a table with a bar of what each costs, by component. */
import type { Explanation } from '../../model/explanation.ts';
import { historyWords } from '../account-words.ts';
import { percentOf } from '../decimal.ts';
import { objectName } from '../explanation.ts';
import { formatBytes, formatCount, formatPercent, formatUSD } from '../format.ts';
import { componentBar, componentLegend } from './components.ts';
import { element, foreign, table } from './dom.ts';
import { onThemeChange } from './theme.ts';

const BAR = 160;

/** The table and its legend. */
export function dearestTable({ objects, totalUSD }: Explanation): HTMLElement {
  const box = element('div', { class: 'items-box' });
  const draw = (): void => {
    const columns = [
      { heading: 'Object' },
      { heading: 'Cost' },
      { heading: 'USD', numeric: true },
      { heading: '% of the bill', numeric: true },
      { heading: 'Size', numeric: true },
      { heading: 'Reads', numeric: true },
      { heading: 'Where it was' },
    ];
    const most = Math.max(...objects.map((share) => Number(share.totalUSD)));
    const rows = objects.map((share) => [
      element('div', { class: 'policy' }, foreign(objectName(share))),
      componentBar(share, most, BAR),
      formatUSD(share.totalUSD),
      formatPercent(percentOf(share.totalUSD, totalUSD)),
      share.size === null ? '–' : formatBytes(share.size),
      formatCount(share.reads),
      element('div', { class: 'description' }, foreign(historyWords(share))),
    ]);
    box.replaceChildren(componentLegend(objects), table('The dearest objects', columns, rows));
  };
  draw();
  onThemeChange(draw);
  return box;
}
