/** The formats a comparison, or an explanation, is written in. One line each. */
import type { Comparison } from '../model/comparison.ts';
import type { Explanation } from '../model/explanation.ts';
import { renderCsv } from './csv.ts';
import { renderExplanationCsv } from './explanation-csv.ts';
import { type ExplanationAssets, renderExplanationHtml } from './explanation-html.ts';
import { type HtmlAssets, renderHtml } from './html.ts';
import { renderExplanationJson, renderJson } from './json.ts';

/** Turns a document into a file's text; `assets` brings the scripts of a page, if it is one. */
type ReportOf<Document, Assets> = (document: Document, assets: () => Promise<Assets>) => string | Promise<string>;

export type Report = ReportOf<Comparison, HtmlAssets>;

export const reports = {
  json: renderJson,
  csv: renderCsv,
  html: async (comparison, assets) => renderHtml(comparison, await assets()),
} as const satisfies Record<string, Report>;

export const explanationReports = {
  json: renderExplanationJson,
  csv: renderExplanationCsv,
  html: async (explanation, assets) => renderExplanationHtml(explanation, await assets()),
} as const satisfies Record<string, ReportOf<Explanation, ExplanationAssets>>;
