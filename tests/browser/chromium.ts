/** The Chromium that comes as an npm package: no browser need be installed. */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import sparticuz from '@sparticuz/chromium';
import { type Browser, chromium } from 'playwright-core';

// The package's own flags are for AWS Lambda; they turn off web security and end the browser with its first page.
const ARGUMENTS = ['--no-sandbox', '--use-gl=angle', '--use-angle=swiftshader', '--font-render-hinting=none'];

/** A running browser; close it. */
export async function launchChromium(): Promise<Browser> {
  return chromium.launch({ args: ARGUMENTS, executablePath: await unpackedChromium() });
}

/**
 * The executable, unpacked on first use into a folder of the temporary directory that is named after its version. It
 * is unpacked beside and then moved, so that test processes that come at the same time each find it whole.
 */
async function unpackedChromium(): Promise<string> {
  const folder = join(tmpdir(), `tiercast-chromium-${await packageVersion()}`);
  if (!existsSync(folder)) {
    const fresh = await mkdtemp(`${folder}-`);
    const before = process.env.TMPDIR;
    process.env.TMPDIR = fresh;
    try {
      await sparticuz.executablePath();
    } finally {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
    }
    await rename(fresh, folder).catch((error) => {
      if (!existsSync(folder)) throw error;
      return rm(fresh, { recursive: true });
    });
  }
  return join(folder, 'chromium');
}

async function packageVersion(): Promise<string> {
  const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium');
  const manifest = new URL('../../package.json', pathToFileURL(`${dirname(entry)}/`));
  return JSON.parse(await readFile(manifest, 'utf8')).version;
}
