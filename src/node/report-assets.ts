/** The scripts the HTML report carries, read from this installation. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { HtmlAssets } from '../reports/html.ts';

const IMPORT = /^import \{(?<names>[^}]*)\} from ['"](?<specifier>[^'"]+)['"];\n/gm;
const EXPORT = /^export (?<declaration>(?:async )?(?:function|class|const|let) )(?<name>\w+)/gm;

/**
 * The chart library and the page's script for `renderHtml`. Run from `src/`, the page's script is that of the last
 * `npm run build`. Rejects with the file system's error when either is missing.
 */
export async function reportAssets(): Promise<HtmlAssets> {
  const built = import.meta.url.endsWith('.ts') ? '../../dist/reports/page/main.js' : '../reports/page/main.js';
  const [chart, page] = await Promise.all([
    readFile(new URL('chart.umd.min.js', chartFolder()), 'utf8'),
    linkModules(new URL(built, import.meta.url)),
  ]);
  return { chart, page };
}

/** chart.js does not export its browser build by name; it lies beside the module it does export. */
function chartFolder(): URL {
  return pathToFileURL(createRequire(import.meta.url).resolve('chart.js'));
}

/**
 * One module out of an entry module and all it imports, since a script in an HTML file on disk has nothing to import
 * from. Every module becomes a function that is called once, after those it imports, and returns its exports. It
 * knows the one form of import and export that the compiler leaves of our own code: named ones.
 */
async function linkModules(entry: URL): Promise<string> {
  const names = new Map<string, string>();
  const linked: string[] = [];
  const link = async (module: URL): Promise<string> => {
    const known = names.get(module.href);
    if (known !== undefined) return known;
    const name = `module${names.size}`;
    names.set(module.href, name);
    const source = await readFile(module, 'utf8');
    const imports: string[] = [];
    for (const { groups } of source.matchAll(IMPORT)) {
      const imported = await link(new URL(groups!.specifier!, module));
      imports.push(`const {${groups!.names!.replaceAll(' as ', ': ')}} = ${imported};\n`);
    }
    const exported = [...source.matchAll(EXPORT)].map(({ groups }) => groups!.name);
    const body = source.replace(IMPORT, '').replace(EXPORT, '$<declaration>$<name>');
    linked.push(`const ${name} = (() => {\n${imports.join('')}${body}return { ${exported.join(', ')} };\n})();\n`);
    return name;
  };
  await link(entry);
  return linked.join('');
}
