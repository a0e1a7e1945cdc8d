/** An account as a table, never more than one page of it in the document. */
import type { ObjectShare } from '../../model/explanation.ts';
import { type AccountLine, accountLines } from '../account-lines.ts';
import { instantText } from '../account-words.ts';
import { formatCount, formatDecimal, formatNanoUSD } from '../format.ts';
import { element, scrollBox } from './dom.ts';

const LINES_PER_PAGE = 100;

/** The table, with its controls where there is more than a page of it. */
export function accountTable(share: ObjectShare): HTMLElement {
  return new AccountTable(share).node;
}

class AccountTable {
  readonly node: HTMLElement;
  readonly #lines: readonly AccountLine[];
  readonly #body = element('tbody');
  readonly #status = element('p', { class: 'status', role: 'status' });
  readonly #previous = element('button', { type: 'button' }, 'Earlier');
  readonly #next = element('button', { type: 'button' }, 'Later');
  #page = 0;

  constructor(share: ObjectShare) {
    this.#lines = accountLines(share);
    this.#previous.addEventListener('click', () => this.#turn(-1));
    this.#next.addEventListener('click', () => this.#turn(1));
    const headings = ['When (UTC)', 'What', 'Usage type', 'Quantity', 'USD'].map((heading, i) =>
      element('th', { scope: 'col', class: i > 2 ? 'number' : undefined }, heading),
    );
    const total = element(
      'tfoot',
      {},
      element(
        'tr',
        {},
        element('th', { scope: 'row', colspan: '4' }, 'Total'),
        element('td', { class: 'number' }, formatNanoUSD(share.totalUSD)),
      ),
    );
    const grid = element(
      'table',
      { class: 'account' },
      element('caption', {}, 'The account'),
      element('thead', {}, element('tr', {}, ...headings)),
      this.#body,
      total,
    );
    const isLong = this.#lines.length > LINES_PER_PAGE;
    this.node = element(
      'div',
      { class: 'items-box' },
      isLong ? element('div', { class: 'controls' }, this.#status) : undefined,
      scrollBox('The account', grid),
      isLong ? element('div', { class: 'pager' }, this.#previous, this.#next) : undefined,
    );
    // Paper cannot be turned.
    addEventListener('beforeprint', () => this.#body.replaceChildren(...this.#lines.flatMap(rowsOf)));
    addEventListener('afterprint', () => this.#show());
    this.#show();
  }

  #turn(pages: number): void {
    this.#page += pages;
    this.#show();
  }

  #show(): void {
    const first = this.#page * LINES_PER_PAGE;
    const shown = this.#lines.slice(first, first + LINES_PER_PAGE);
    this.#body.replaceChildren(...shown.flatMap(rowsOf));
    this.#previous.disabled = first === 0;
    this.#next.disabled = first + LINES_PER_PAGE >= this.#lines.length;
    const range = `${formatCount(first + 1)} to ${formatCount(first + shown.length)}`;
    this.#status.textContent = `Rows ${range} of ${formatCount(this.#lines.length)}; the total is of all`;
  }
}

function rowsOf({ at, words, usages }: AccountLine): HTMLElement[] {
  const when = element('th', { scope: 'row' }, instantText(at));
  const what = element('td', { class: 'words' }, words);
  if (usages.length === 0)
    return [element('tr', {}, when, what, ...['', '', ''].map((text) => element('td', {}, text)))];
  return usages.map((usage, i) => {
    const quantity = [formatDecimal(usage.pricingQuantity), ' ', element('span', { class: 'unit' }, usage.pricingUnit)];
    return element(
      'tr',
      i === 0 ? {} : { class: 'more' },
      i === 0 ? when : element('td'),
      i === 0 ? what : element('td', { class: 'words unit' }, usage.operation),
      element('td', {}, usage.usageType),
      element('td', { class: 'number' }, ...quantity),
      element('td', { class: 'number' }, formatNanoUSD(usage.costUSD)),
    );
  });
}
