/** The chart library, which the page has as a script of its own before this one. */
import type { Chart as ChartClass, ChartConfiguration } from 'chart.js';
import type { Theme } from './theme.ts';

export type Chart = ChartClass;

declare const window: { readonly Chart: typeof ChartClass };

/** The system's own typeface. */
export const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';

/** Draws a chart, still and in the theme's colours. */
export function chartOf(canvas: HTMLCanvasElement, configuration: ChartConfiguration, theme: Theme): Chart {
  const { defaults } = window.Chart;
  defaults.animation = false;
  defaults.responsive = true;
  defaults.maintainAspectRatio = false;
  defaults.color = theme.muted;
  defaults.borderColor = theme.line;
  defaults.font.family = FONT;
  defaults.font.size = 12;
  Object.assign(defaults.plugins.tooltip, {
    backgroundColor: theme.text,
    titleColor: theme.surface,
    bodyColor: theme.surface,
    footerColor: theme.surface,
    padding: 10,
    boxPadding: 4,
    cornerRadius: 6,
  });
  return new window.Chart(canvas, configuration);
}
