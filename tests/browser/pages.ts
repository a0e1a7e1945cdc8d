/** Pages in a browser as tests look at them. */
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

const DESKTOP = { width: 1280, height: 900 };

export interface Opened {
  readonly page: Page;
  readonly url: string;
  /** Everything a report must not do: console messages, page errors, dialogs. */
  readonly noises: string[];
  readonly requests: string[];
}

/** Opens a page from disk, once it is drawn. */
export async function openPage(browser: Browser, path: string, options: BrowserContextOptions = {}): Promise<Opened> {
  const context = await browser.newContext({ viewport: DESKTOP, ...options });
  const page = await context.newPage();
  const noises: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => noises.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => noises.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => {
    noises.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => requests.push(request.url()));
  const url = pathToFileURL(path).href;
  await page.goto(url);
  await page.locator('footer').waitFor();
  return { page, url, noises, requests };
}

export async function close({ page }: Opened): Promise<void> {
  await page.context().close();
}

/** The different opaque colours of each canvas, by its figure's heading: a blank one has none, an empty plot two or three. */
export async function colorsDrawn(page: Page): Promise<Record<string, number>> {
  return page.evaluate(() => {
    const counts: Record<string, number> = {};
    for (const figure of document.querySelectorAll('figure')) {
      const canvas = figure.querySelector('canvas')!;
      const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d')!;
      copy.drawImage(canvas, 0, 0);
      const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
      const pixels = new Uint32Array(data.buffer).filter((pixel) => pixel >>> 24 === 255);
      counts[figure.querySelector('h3')!.textContent!] = new Set(pixels).size;
    }
    return counts;
  });
}

/** The cells of a table's body, by its caption. */
export async function cells(page: Page, caption: string): Promise<string[][]> {
  const table = page.locator('table', { has: page.locator(`caption:text-is("${caption}")`) });
  return table.locator('tbody').evaluate((body) => {
    return [...(body as HTMLTableSectionElement).rows].map((row) =>
      [...row.cells].map((cell) => cell.textContent ?? ''),
    );
  });
}
