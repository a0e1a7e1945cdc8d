import type { Comparison } from '../model/comparison.ts';
import type { Explanation } from '../model/explanation.ts';
import type { Profile } from '../model/profile.ts';
import { explanationReports, profileReports, reports } from '../reports/index.ts';
import { explanationAssets, profileAssets, reportAssets } from './report-assets.ts';

/** A comparison in one of the file formats, with what a page needs from this installation. */
export async function render(comparison: Comparison, format: keyof typeof reports): Promise<string> {
  return reports[format](comparison, reportAssets);
}

/** An explanation in one of them. */
export async function renderExplained(
  explanation: Explanation,
  format: keyof typeof explanationReports,
): Promise<string> {
  return explanationReports[format](explanation, explanationAssets);
}

/** A profile in one of them. */
export async function renderProfiled(profile: Profile, format: keyof typeof profileReports): Promise<string> {
  return profileReports[format](profile, profileAssets);
}
