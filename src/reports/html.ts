/**
 * The report as one HTML file that needs nothing else: it opens from disk, asks nothing of any network, and its
 * Content-Security-Policy lets no script run but the two it carries. The comparison travels as inert JSON; the page's
 * own script (`page/`) reads it and puts every text into the document as text.
 */
import type { Comparison } from '../model/comparison.ts';
import { HTML_STYLE } from './html-style.ts';
import { packComparison } from './page-data.ts';

/** The scripts of the page, as text: the chart library and the compiled `page/main.ts`. */
export interface HtmlAssets {
  readonly chart: string;
  readonly page: string;
}

/** The whole file. The same comparison and assets give the same bytes. */
export async function renderHtml(comparison: Comparison, assets: HtmlAssets): Promise<string> {
  const [chart, page, style] = [inlineScript(assets.chart), inlineScript(assets.page), HTML_STYLE];
  const [chartHash, pageHash, styleHash] = await Promise.all([chart, page, style].map(sourceHash));
  const csp = [
    "default-src 'none'",
    `script-src ${chartHash} ${pageHash}`,
    `style-src ${styleHash}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${csp}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="Tiercast">
<title>Tiercast: S3 storage class comparison</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<a class="skip" href="#report">Skip to the report</a>
<main id="report" tabindex="-1"><noscript><p>This report draws itself with JavaScript, which is turned off here. It needs no network.</p></noscript></main>
<script type="application/json" id="comparison">${jsonForHtml(packComparison(comparison))}</script>
<script>${chart}</script>
<script type="module">${page}</script>
</body>
</html>
`;
}

/** JSON that no HTML parser can take for markup, and that is still the same JSON. */
function jsonForHtml(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/**
 * A script as it may stand in HTML: newlines as the parser would leave them (the hash is of what it leaves), nothing
 * that ends the element early, and no source map for the browser to go and look for.
 */
function inlineScript(script: string): string {
  return script
    .replace(/\r\n?/g, '\n')
    .replace(/^\/\/# sourceMappingURL=.*$/gm, '')
    .replace(/<(?=\/script|!--|script)/gi, '\\x3c');
}

async function sourceHash(text: string): Promise<string> {
  const digest = await globalThis.crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return `'sha256-${btoa(String.fromCharCode(...new Uint8Array(digest)))}'`;
}
