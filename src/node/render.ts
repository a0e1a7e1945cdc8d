import type { Comparison } from '../model/comparison.ts';
import { reports } from '../reports/index.ts';
import { reportAssets } from './report-assets.ts';

/** A comparison in one of the file formats, with what a page needs from this installation. */
export async function render(comparison: Comparison, format: keyof typeof reports): Promise<string> {
  return reports[format](comparison, reportAssets);
}
