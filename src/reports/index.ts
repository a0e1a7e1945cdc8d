/** The formats a comparison, an explanation or a profile is written in. One line each. */
import type { Comparison } from '../model/comparison.ts';
import type { Explanation } from '../model/explanation.ts';
import type { Profile } from '../model/profile.ts';
import { renderCsv } from './csv.ts';
import { renderExplanationCsv } from './explanation-csv.ts';
import { type ExplanationAssets, renderExplanationHtml } from './explanation-html.ts';
import { type HtmlAssets, renderHtml } from './html.ts';
import { renderExplanationJson, renderJson, renderProfileJson } from './json.ts';
import { renderProfileHtml } from './profile-html.ts';

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

export const profileReports = {
  json: renderProfileJson,
  html: async (profile, assets) => renderProfileHtml(profile, await assets()),
} as const satisfies Record<string, ReportOf<Profile, HtmlAssets>>;
