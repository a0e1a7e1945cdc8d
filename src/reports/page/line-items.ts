/** All line items as a table that sorts exactly, filters by policy, and never has more than one page of rows in the document. */
import type { Comparison, LineItem } from '../../model/comparison.ts';
import { decimalOrder, sumDecimals } from '../decimal.ts';
import { formatCount, formatDecimal, formatExactUSD, formatUSD, printable } from '../format.ts';
import { choice, element, foreign, scrollBox } from './dom.ts';

const ROWS_PER_PAGE = 50;

interface Row extends LineItem {
  readonly policy: string;
}

interface SortableColumn {
  readonly heading: string;
  readonly numeric: boolean;
  /** What the column is sorted by: a decimal where it is numeric. */
  readonly value: (row: Row) => string;
  readonly cell: (row: Row) => Node | string;
}

const COLUMNS: readonly SortableColumn[] = [
  text('Policy', (row) => row.policy),
  text('Month', (row) => row.month),
  text('Usage type', (row) => row.usageType),
  text('Operation', (row) => row.operation),
  number(
    'Billed as',
    (row) => row.pricingQuantity,
    (row) => quantity(row.pricingQuantity, row.pricingUnit),
  ),
  number(
    'Rate',
    (row) => row.rateUSD,
    (row) => formatExactUSD(row.rateUSD),
  ),
  number(
    'USD',
    (row) => row.costUSD,
    (row) => formatExactUSD(row.costUSD),
  ),
  number(
    'Usage',
    (row) => row.usageQuantity,
    (row) => quantity(row.usageQuantity, row.usageUnit),
  ),
];

/** The table with its controls. */
export function lineItems(comparison: Comparison): HTMLElement {
  return new LineItemTable(comparison).node;
}

class LineItemTable {
  readonly node: HTMLElement;
  readonly #rows: readonly Row[];
  readonly #policies: readonly string[];
  readonly #orders = new Map<SortableColumn, readonly number[]>();
  readonly #heads: readonly HTMLElement[];
  readonly #body = element('tbody');
  readonly #status = element('p', { class: 'status', role: 'status' });
  readonly #previous = element('button', { type: 'button' }, 'Previous');
  readonly #next = element('button', { type: 'button' }, 'Next');
  #policy: string | undefined;
  #sorted: SortableColumn | undefined;
  #descending = false;
  #page = 0;

  constructor({ results }: Comparison) {
    this.#rows = results.flatMap(({ policy, lineItems }) => lineItems.map((item) => ({ ...item, policy })));
    this.#policies = results.map(({ policy }) => policy);
    this.#heads = COLUMNS.map((column) => this.#head(column));
    this.#previous.addEventListener('click', () => this.#turn(-1));
    this.#next.addEventListener('click', () => this.#turn(1));
    const filter = choice('Policy', ['All policies', ...this.#policies], 0, (index) => {
      this.#policy = this.#policies[index - 1];
      this.#page = 0;
      this.#show();
    });
    const grid = element(
      'table',
      { class: 'items' },
      element('caption', {}, 'Line items'),
      element('thead', {}, element('tr', {}, ...this.#heads)),
      this.#body,
    );
    this.node = element(
      'div',
      { class: 'items-box' },
      element('div', { class: 'controls' }, filter, this.#status),
      scrollBox('Line items', grid),
      element('div', { class: 'pager' }, this.#previous, this.#next),
    );
    this.#show();
  }

  #head(column: SortableColumn): HTMLElement {
    const button = element('button', { type: 'button' }, column.heading);
    button.addEventListener('click', () => {
      this.#descending = this.#sorted === column && !this.#descending;
      this.#sorted = column;
      this.#page = 0;
      this.#show();
    });
    return element('th', { scope: 'col', class: column.numeric ? 'number' : undefined }, button);
  }

  #turn(pages: number): void {
    this.#page += pages;
    this.#show();
  }

  #show(): void {
    const rows = this.#chosen();
    const first = this.#page * ROWS_PER_PAGE;
    const shown = rows.slice(first, first + ROWS_PER_PAGE);
    this.#body.replaceChildren(...shown.map(rowOf));
    this.#previous.disabled = first === 0;
    this.#next.disabled = first + ROWS_PER_PAGE >= rows.length;
    const range =
      rows.length === 0 ? 'No rows' : `Rows ${formatCount(first + 1)} to ${formatCount(first + shown.length)}`;
    const sum = formatUSD(sumDecimals(rows.map(({ costUSD }) => costUSD)));
    this.#status.textContent = `${range} of ${formatCount(rows.length)}${this.#policy === undefined ? '' : `, together ${sum}`}`;
    for (const [index, head] of this.#heads.entries()) {
      if (COLUMNS[index] === this.#sorted)
        head.setAttribute('aria-sort', this.#descending ? 'descending' : 'ascending');
      else head.removeAttribute('aria-sort');
    }
  }

  /** The rows of the chosen policy, in the chosen order. */
  #chosen(): Row[] {
    const order = this.#sorted === undefined ? [...this.#rows.keys()] : [...this.#orderBy(this.#sorted)];
    if (this.#descending) order.reverse();
    const rows = order.map((index) => this.#rows[index]!);
    return this.#policy === undefined ? rows : rows.filter(({ policy }) => policy === this.#policy);
  }

  #orderBy(column: SortableColumn): readonly number[] {
    const known = this.#orders.get(column);
    if (known !== undefined) return known;
    const values = this.#rows.map(column.value);
    const order = column.numeric ? decimalOrder(values) : textOrder(values);
    this.#orders.set(column, order);
    return order;
  }
}

function rowOf(row: Row): HTMLElement {
  const cells = COLUMNS.map(({ numeric, cell }) => element('td', numeric ? { class: 'number' } : {}, cell(row)));
  return element('tr', {}, ...cells);
}

function textOrder(values: readonly string[]): number[] {
  return [...values.keys()].sort((a, b) => (values[a]! < values[b]! ? -1 : values[a]! > values[b]! ? 1 : a - b));
}

function text(heading: string, value: (row: Row) => string): SortableColumn {
  return { heading, numeric: false, value, cell: (row) => foreign(value(row)) };
}

function number(heading: string, value: (row: Row) => string, cell: (row: Row) => Node | string): SortableColumn {
  return { heading, numeric: true, value, cell };
}

function quantity(decimal: string, unit: string): HTMLElement {
  return element('span', {}, formatDecimal(decimal), ' ', element('span', { class: 'unit' }, printable(unit)));
}
