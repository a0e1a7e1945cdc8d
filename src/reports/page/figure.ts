/** A chart with its heading, its legend and the same numbers as a table. */

import type { ChartConfiguration } from 'chart.js';
import { type Chart, chartOf } from './chart-js.ts';
import { element } from './dom.ts';
import { currentTheme, onThemeChange, type Theme } from './theme.ts';

export interface FigureParts {
  readonly id: string;
  readonly heading: string;
  /** Pixels the canvas is high. */
  readonly height: number;
}

/** What a figure shows; it changes when another policy is chosen. */
export interface FigureContent {
  /** One line under the heading. */
  readonly text?: string;
  /** The picture in words, for those who do not see it. */
  readonly label: string;
  /** `narrow` on a phone. */
  readonly configure: (theme: Theme, narrow: boolean) => ChartConfiguration;
  readonly legend?: (theme: Theme, chart: Chart) => HTMLElement;
  readonly table: HTMLElement;
  /** Between the chart and its table. */
  readonly remarks?: HTMLElement | undefined;
  /** The table is the figure's better half: shown without being asked for. */
  readonly tableOpen?: boolean;
}

const NARROW_PIXELS = 560;

/** A figure on the page; draw it once it stands in the document. */
export class Figure {
  readonly node: HTMLElement;
  readonly #canvas: HTMLCanvasElement;
  readonly #text = element('p');
  readonly #legend = element('div');
  readonly #below = element('div');
  #content: FigureContent | undefined;
  #chart: Chart | undefined;
  #narrow = false;

  constructor({ id, heading, height }: FigureParts) {
    this.#canvas = element('canvas', { role: 'img' });
    const plot = element('div', { class: 'plot' }, this.#canvas);
    plot.style.height = `${height}px`;
    const caption = element('figcaption', {}, element('h3', { id }, heading), this.#text);
    const picture = element('div', { class: 'picture' }, caption, this.#legend, plot);
    this.node = element('figure', { 'aria-labelledby': id }, picture, this.#below);
    onThemeChange(() => this.#draw());
    addEventListener('resize', () => {
      if (this.#isNarrow() !== this.#narrow) this.#draw();
    });
  }

  /** Shows the content, in place of what was shown. */
  show(content: FigureContent): void {
    const open = this.#below.querySelector('details')?.open ?? false;
    this.#content = content;
    this.#text.textContent = content.text ?? '';
    this.#canvas.setAttribute('aria-label', content.label);
    const numbers = content.tableOpen ? content.table : details(content.table, open);
    this.#below.replaceChildren(...[content.remarks, numbers].filter((node) => node !== undefined));
    this.#draw();
  }

  #draw(): void {
    if (this.#content === undefined) return;
    const theme = currentTheme();
    this.#narrow = this.#isNarrow();
    this.#chart?.destroy();
    const chart = chartOf(this.#canvas, this.#content.configure(theme, this.#narrow), theme);
    this.#chart = chart;
    this.#legend.replaceChildren(...(this.#content.legend ? [this.#content.legend(theme, chart)] : []));
  }

  #isNarrow(): boolean {
    return document.documentElement.clientWidth < NARROW_PIXELS;
  }
}

function details(table: HTMLElement, open: boolean): HTMLElement {
  return element('details', open ? { open: '' } : {}, element('summary', {}, 'The numbers as a table'), table);
}

/** A legend entry: a sample of the colour and a name. */
export function swatch(color: string, style: 'area' | 'solid' | 'dashed' | 'dotted' = 'area'): HTMLElement {
  const sample = element('span', { class: style === 'area' ? 'swatch' : 'stroke', 'aria-hidden': 'true' });
  if (style === 'area') sample.style.backgroundColor = color;
  else sample.style.borderTop = `3px ${style} ${color}`;
  return sample;
}
