/** Elements made of plain values. Text only ever becomes a text node, so nothing in a comparison can become markup. */
import { printable } from '../format.ts';

type Child = Node | string | undefined;

/** A new element with attributes (undefined ones left out) and children; strings become text. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string | undefined>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== undefined));
  return made;
}

/** Foreign text (a policy, a file) kept apart from the direction of the text around it. */
export function foreign(text: string): HTMLElement {
  return element('bdi', {}, printable(text));
}

/** A column of a {@link table}: its heading, and whether it holds numbers. */
export interface Column {
  readonly heading: string;
  readonly numeric?: boolean;
}

/** A table with a caption for screen readers, in a box of its own that scrolls when the page is too narrow for it. */
export function table(caption: string, columns: readonly Column[], rows: readonly (readonly Child[])[]): HTMLElement {
  const head = columns.map(({ heading, numeric }) =>
    element('th', { scope: 'col', class: numeric ? 'number' : undefined }, heading),
  );
  const body = rows.map((cells) =>
    element('tr', {}, ...cells.map((cell, index) => tableCell(columns[index]!, cell, index))),
  );
  return scrollBox(
    caption,
    element(
      'table',
      {},
      element('caption', {}, caption),
      element('thead', {}, element('tr', {}, ...head)),
      element('tbody', {}, ...body),
    ),
  );
}

/** A box that scrolls sideways, also by keyboard. */
export function scrollBox(label: string, ...children: readonly Node[]): HTMLElement {
  return element('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': label }, ...children);
}

/** A labelled select; `changed` hears the index of the option chosen. */
export function choice(
  label: string,
  options: readonly string[],
  selected: number,
  changed: (index: number) => void,
): HTMLElement {
  const select = element('select', {}, ...options.map((name) => element('option', {}, printable(name))));
  select.selectedIndex = selected;
  select.addEventListener('change', () => changed(select.selectedIndex));
  return element('label', { class: 'choice' }, element('span', {}, label), select);
}

function tableCell(column: Column, cell: Child, index: number): HTMLElement {
  if (index === 0) return element('th', { scope: 'row' }, cell);
  return element('td', { class: column.numeric ? 'number' : undefined }, cell);
}
