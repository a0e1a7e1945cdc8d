/** SVG elements made of plain values; as in `dom.ts`, text only ever becomes a text node. */

const NAMESPACE = 'http://www.w3.org/2000/svg';

type Attributes = Readonly<Record<string, string | number | undefined>>;

/** A new SVG element with attributes (undefined ones left out) and children; strings become text. */
export function svg(tag: string, attributes: Attributes = {}, ...children: readonly (Node | string)[]): SVGElement {
  const made = document.createElementNS(NAMESPACE, tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) made.setAttribute(name, typeof value === 'number' ? rounded(value) : value);
  }
  made.append(...children);
  return made;
}

/** What a mouse that rests on an element is told. */
export function title(text: string): SVGElement {
  return svg('title', {}, text);
}

function rounded(value: number): string {
  return String(Math.round(value * 100) / 100);
}
