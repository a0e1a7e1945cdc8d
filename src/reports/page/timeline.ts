/** The life of an object as a picture: bands of classes over time, ticks of requests, marks of events, and the cost so far. */
import type { Explanation, ObjectShare } from '../../model/explanation.ts';
import { type CostPoint, costSoFar } from '../cost-so-far.ts';
import { formatPeriod } from '../format.ts';
import {
  type Band,
  type EventMark,
  type Lane,
  lanesOf,
  type MarkShape,
  type ReadTick,
  timelineInWords,
} from '../timeline.ts';
import { chartUSD } from './axes.ts';
import { element } from './dom.ts';
import { swatch } from './figure.ts';
import { amountTicks, timeTicks } from './scales.ts';
import { svg, title } from './svg.ts';
import { currentTheme, onThemeChange, seriesColor, type Theme } from './theme.ts';

const LEFT = 64;
const RIGHT = 14;
const READS = 20;
const BAND = 26;
const ASIDE = 6;
const GAP = 30;
const COST = 130;
const AXIS = 26;

/** The figure; {@link Timeline.draw} it once it stands in the document. */
export class Timeline {
  readonly node: HTMLElement;
  readonly #lanes: readonly Lane[];
  readonly #costs: readonly CostPoint[];
  readonly #from: number;
  readonly #until: number;
  readonly #places: readonly string[];
  readonly #label: string;
  readonly #picture = element('div', { class: 'plot' });
  readonly #legend = element('div');
  #width = 0;

  constructor(share: ObjectShare, { workload }: Explanation) {
    this.#lanes = lanesOf(share, workload.versioning !== 'unversioned');
    this.#from = Date.parse(workload.from);
    this.#until = Date.parse(workload.until);
    this.#costs = costSoFar(share.rows ?? [], this.#from, this.#until);
    this.#places = [...new Set(this.#lanes.flatMap(({ bands }) => bands.map(({ place }) => place)))];
    this.#label = timelineInWords(share);
    const caption = element(
      'figcaption',
      {},
      element('h3', { id: 'timeline' }, 'Where it was, and what it cost so far'),
      element('p', {}, `${formatPeriod(workload.from, workload.until)}. Rest on a band or a mark to read what it is.`),
    );
    this.node = element('figure', { 'aria-labelledby': 'timeline' }, caption, this.#legend, this.#picture);
    onThemeChange(() => this.draw());
    addEventListener('resize', () => {
      if (this.#picture.clientWidth !== this.#width) this.draw();
    });
  }

  draw(): void {
    const theme = currentTheme();
    this.#width = Math.max(this.#picture.clientWidth, 260);
    const lanes = this.#lanes.length * (READS + BAND + ASIDE + GAP);
    const height = lanes + COST + AXIS;
    const x = (time: number): number => {
      const share = (Math.max(time, this.#from) - this.#from) / (this.#until - this.#from);
      return LEFT + share * (this.#width - LEFT - RIGHT);
    };
    const picture = svg(
      'svg',
      { viewBox: `0 0 ${this.#width} ${height}`, role: 'img', 'aria-label': this.#label, class: 'timeline' },
      ...this.#grid(x, lanes, theme),
      ...this.#lanes.flatMap((lane, i) => this.#lane(lane, i * (READS + BAND + ASIDE + GAP), x, theme)),
      ...this.#cost(x, lanes, theme),
    );
    this.#picture.replaceChildren(picture);
    this.#legend.replaceChildren(this.#legendOf(theme));
  }

  #grid(x: (time: number) => number, lanes: number, theme: Theme): SVGElement[] {
    const most = Math.max(Math.floor((this.#width - LEFT) / 84), 2);
    return timeTicks(this.#from, this.#until, most).flatMap(({ value, text }) => [
      svg('line', { x1: x(value), x2: x(value), y1: 0, y2: lanes + COST, stroke: theme.line }),
      svg('text', { x: x(value), y: lanes + COST + 17, fill: theme.muted, 'text-anchor': 'middle' }, text),
    ]);
  }

  #lane({ name, bands, marks, reads }: Lane, top: number, x: (time: number) => number, theme: Theme): SVGElement[] {
    const band = top + READS;
    return [
      ...(name === '' ? [] : [svg('text', { x: 0, y: band + BAND / 2 + 4, fill: theme.text }, name)]),
      ...readTicks(reads, x, band, theme),
      ...bands.flatMap((one) => this.#band(one, band, x, theme)),
      ...marks.map((mark) => markShape(mark, x(mark.time), band, theme)),
    ];
  }

  #band(
    { from, until, place, aside, words }: Band,
    top: number,
    x: (time: number) => number,
    theme: Theme,
  ): SVGElement[] {
    const [left, right] = [x(from), x(until)];
    const width = Math.max(right - left, 1);
    const fill = seriesColor(theme, this.#places.indexOf(place));
    const rect = aside
      ? svg('rect', { x: left, y: top + BAND + 1, width, height: ASIDE - 1, fill }, title(words))
      : svg('rect', { x: left, y: top, width, height: BAND, fill, stroke: theme.surface }, title(words));
    const fits = !aside && width > place.length * 6.6 + 6;
    const label = svg('text', { x: left + 1, y: top + BAND + ASIDE + 13, fill: theme.muted }, place);
    return fits ? [rect, label] : [rect];
  }

  #cost(x: (time: number) => number, top: number, theme: Theme): SVGElement[] {
    const most = this.#costs.at(-1)?.usd ?? 0;
    const base = top + COST;
    const y = (usd: number): number => base - (most > 0 ? usd / most : 0) * (COST - 14);
    const line = this.#costs.map(({ time, usd }) => `${x(time).toFixed(1)},${y(usd).toFixed(1)}`);
    const ticks = amountTicks(most).flatMap((usd) => [
      svg('line', { x1: LEFT, x2: this.#width - RIGHT, y1: y(usd), y2: y(usd), stroke: theme.line }),
      svg('text', { x: LEFT - 8, y: y(usd) + 4, fill: theme.muted, 'text-anchor': 'end' }, chartUSD(usd)),
    ]);
    return [
      ...ticks,
      svg('polygon', {
        points: `${x(this.#from).toFixed(1)},${base} ${line.join(' ')} ${x(this.#until).toFixed(1)},${base}`,
        fill: theme.accent,
        'fill-opacity': 0.12,
      }),
      svg('polyline', { points: line.join(' '), fill: 'none', stroke: theme.accent, 'stroke-width': 2 }),
    ];
  }

  #legendOf(theme: Theme): HTMLElement {
    const shapes = new Set(this.#lanes.flatMap(({ marks }) => marks.map(({ shape }) => shape)));
    const hasReads = this.#lanes.some(({ reads }) => reads.length > 0);
    const sample = (drawn: SVGElement): SVGElement =>
      svg('svg', { viewBox: '0 0 16 16', width: 16, height: 16, 'aria-hidden': 'true' }, drawn);
    return element(
      'ul',
      { class: 'legend' },
      ...this.#places.map((place, i) => element('li', {}, swatch(seriesColor(theme, i)), place)),
      ...(Object.keys(SHAPE_NAMES) as MarkShape[])
        .filter((shape) => shapes.has(shape))
        .map((shape) => element('li', {}, sample(shapeAt(shape, 8, 8, theme)), SHAPE_NAMES[shape])),
      ...(hasReads
        ? [
            element(
              'li',
              {},
              sample(svg('path', { d: 'M5 3V13M11 3V13', stroke: theme.muted, 'stroke-width': 1.5 })),
              'requests',
            ),
          ]
        : []),
      element('li', {}, swatch(theme.accent, 'solid'), 'cost so far'),
    );
  }
}

const SHAPE_NAMES: Readonly<Record<MarkShape, string>> = {
  begin: 'created',
  move: 'moved',
  restore: 'restore begins',
  cover: 'no longer current',
  return: 'current again',
  end: 'removed',
};

/** One tick per pixel, the higher the more requests. */
function readTicks(reads: readonly ReadTick[], x: (time: number) => number, base: number, theme: Theme): SVGElement[] {
  const columns = new Map<number, number>();
  for (const { time, times } of reads) {
    const column = Math.round(x(time));
    columns.set(column, (columns.get(column) ?? 0) + times);
  }
  const most = Math.max(...columns.values(), 1);
  const path = [...columns].map(([column, times]) => {
    const height = 6 + (READS - 9) * (most === 1 ? 0.5 : Math.log(times) / Math.log(most));
    return `M${column} ${base - 2}V${(base - 2 - height).toFixed(1)}`;
  });
  if (path.length === 0) return [];
  const count = reads.reduce((sum, { times }) => sum + times, 0);
  return [svg('path', { d: path.join(''), stroke: theme.muted, 'stroke-width': 1.25 }, title(`${count} requests`))];
}

function markShape({ shape, words }: EventMark, x: number, band: number, theme: Theme): SVGElement {
  return svg('g', {}, shapeAt(shape, x, band + BAND / 2, theme), title(words));
}

function shapeAt(shape: MarkShape, x: number, y: number, theme: Theme): SVGElement {
  const paint = { fill: theme.surface, stroke: theme.text, 'stroke-width': 1.75, 'stroke-linejoin': 'round' };
  switch (shape) {
    case 'begin':
      return svg('circle', { cx: x, cy: y, r: 5, ...paint });
    case 'move':
      return svg('path', { d: `M${x - 4} ${y - 5.5}L${x + 5.5} ${y}L${x - 4} ${y + 5.5}Z`, ...paint });
    case 'restore':
      return svg('path', { d: `M${x} ${y - 6}L${x + 6} ${y}L${x} ${y + 6}L${x - 6} ${y}Z`, ...paint });
    case 'cover':
      return svg('rect', { x: x - 4.5, y: y - 4.5, width: 9, height: 9, ...paint });
    case 'return':
      return svg('rect', { x: x - 4.5, y: y - 4.5, width: 9, height: 9, ...paint, fill: theme.text });
    case 'end':
      return svg(
        'g',
        {},
        svg('circle', { cx: x, cy: y, r: 6.5, fill: theme.surface }),
        svg('path', {
          d: `M${x - 4} ${y - 4}L${x + 4} ${y + 4}M${x + 4} ${y - 4}L${x - 4} ${y + 4}`,
          stroke: theme.text,
          'stroke-width': 2.5,
        }),
      );
  }
}
