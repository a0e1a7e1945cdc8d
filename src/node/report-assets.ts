/** The scripts the HTML report carries, read from this installation. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { ExplanationAssets } from '../reports/explanation-html.ts';
import type { HtmlAssets } from '../reports/html.ts';

/** The pages' own scripts, as `npm run build` bundles them; the same files whether run from `src/` or from `dist/`. */
const PAGE = new URL('../../dist/reports/page.js', import.meta.url);
const PROFILE_PAGE = new URL('../../dist/reports/profile-page.js', import.meta.url);
const EXPLANATION_PAGE = new URL('../../dist/reports/explanation-page.js', import.meta.url);

/**
 * The chart library and the page's script for `renderHtml`. Rejects with the file system's error when either is missing.
 */
export function reportAssets(): Promise<HtmlAssets> {
  return chartAnd(PAGE);
}

/** The same for `renderProfileHtml`. */
export function profileAssets(): Promise<HtmlAssets> {
  return chartAnd(PROFILE_PAGE);
}

async function chartAnd(script: URL): Promise<HtmlAssets> {
  const [chart, page] = await Promise.all([
    readFile(new URL('chart.umd.min.js', chartFolder()), 'utf8'),
    readFile(script, 'utf8'),
  ]);
  return { chart, page };
}

/** The same for `renderExplanationHtml`, whose page draws by itself. */
export async function explanationAssets(): Promise<ExplanationAssets> {
  return { page: await readFile(EXPLANATION_PAGE, 'utf8') };
}

/** chart.js does not export its browser build by name; it lies beside the module it does export. */
function chartFolder(): URL {
  return pathToFileURL(createRequire(import.meta.url).resolve('chart.js'));
}
