/** The formats a comparison is written in. One line each. */
import type { Comparison } from '../model/comparison.ts';
import { renderCsv } from './csv.ts';
import { type HtmlAssets, renderHtml } from './html.ts';
import { renderJson } from './json.ts';

/** Turns a comparison into a file's text; `assets` brings the scripts of a page, if it is one. */
export type Report = (comparison: Comparison, assets: () => Promise<HtmlAssets>) => string | Promise<string>;

export const reports = {
  json: renderJson,
  csv: renderCsv,
  html: async (comparison, assets) => renderHtml(comparison, await assets()),
} as const satisfies Record<string, Report>;
