/** What objects cost by the parts of the bill: bars, and the legend of their colours. */
import type { ObjectShare } from '../../model/explanation.ts';
import { COMPONENTS, type Component } from '../../model/usage-type.ts';
import { formatUSD } from '../format.ts';
import { element } from './dom.ts';
import { swatch } from './figure.ts';
import { svg, title } from './svg.ts';
import { currentTheme, seriesColor } from './theme.ts';

type Costs = Pick<ObjectShare, 'components'>;

/** A bar of an object's components, `width` long where the object costs `most`. */
export function componentBar({ components }: Costs, most: number, width: number): SVGElement {
  const theme = currentTheme();
  let left = 0;
  const pieces = COMPONENTS.map((component, i) => {
    const length = most > 0 ? (width * Number(components[component] ?? 0)) / most : 0;
    left += length;
    return svg('rect', { x: left - length, y: 2, width: length, height: 14, fill: seriesColor(theme, i) });
  });
  const words = amounts(components).map(([component, cost]) => `${component} ${formatUSD(cost)}`);
  const attributes = {
    viewBox: `0 0 ${width} 18`,
    preserveAspectRatio: 'none',
    role: 'img',
    'aria-label': words.join(', '),
    class: 'bar',
  };
  return svg('svg', { ...attributes, width, height: 18 }, title(words.join(', ')), ...pieces);
}

/** The components that some objects cost anything in; with what each costs, where it is one object. */
export function componentLegend(objects: readonly Costs[]): HTMLElement {
  const theme = currentTheme();
  const used = COMPONENTS.filter((component) =>
    objects.some(({ components }) => Number(components[component] ?? 0) > 0),
  );
  const entries = used.map((component) => {
    const cost = objects.length === 1 ? ` ${formatUSD(objects[0]!.components[component]!)}` : '';
    const color = seriesColor(theme, COMPONENTS.indexOf(component));
    return element('li', {}, swatch(color), `${component}${cost}`);
  });
  return element('ul', { class: 'legend' }, ...entries);
}

function amounts(components: Costs['components']): [Component, string][] {
  return COMPONENTS.flatMap((component): [Component, string][] => {
    const cost = components[component];
    return cost === undefined ? [] : [[component, cost]];
  });
}
