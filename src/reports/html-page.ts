/**
 * A page as one HTML file that needs nothing else: it opens from disk, asks nothing of any network, and its
 * Content-Security-Policy lets no script run but those it carries. Its data travel as inert JSON; the page's own script
 * (`page/`) reads them and puts every text into the document as text.
 */
import { HTML_STYLE } from './html-style.ts';

export interface PageParts {
  /** Until the page's script sets another. */
  readonly title: string;
  /** What the page is, as the link past its top names it: `report`. */
  readonly kind: string;
  /** Id of the element with the data, and these. */
  readonly dataId: string;
  readonly data: unknown;
  /** Scripts that run before the page's own. */
  readonly libraries: readonly string[];
  /** The page's own script, a module. */
  readonly script: string;
}

/** The whole file. The same parts give the same bytes. */
export async function htmlPage(parts: PageParts): Promise<string> {
  const libraries = parts.libraries.map(inlineScript);
  const script = inlineScript(parts.script);
  const hashes = await Promise.all([...libraries, script].map(sourceHash));
  const csp = [
    "default-src 'none'",
    `script-src ${hashes.join(' ')}`,
    `style-src ${await sourceHash(HTML_STYLE)}`,
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
<title>${parts.title}</title>
<link rel="icon" href="data:,">
<style>${HTML_STYLE}</style>
</head>
<body>
<a class="skip" href="#report">Skip to the ${parts.kind}</a>
<main id="report" tabindex="-1"><noscript><p>This ${parts.kind} draws itself with JavaScript, which is turned off here. It needs no network.</p></noscript></main>
<script type="application/json" id="${parts.dataId}">${jsonForHtml(parts.data)}</script>
${libraries.map((library) => `<script>${library}</script>\n`).join('')}<script type="module">${script}</script>
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
