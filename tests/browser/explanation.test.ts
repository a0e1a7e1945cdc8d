/** The page of an explanation in a browser. */
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Explanation } from '../../src/model/explanation.ts';
import { explanationAssets } from '../../src/node/report-assets.ts';
import { accountLines } from '../../src/reports/account-lines.ts';
import { renderExplanationHtml } from '../../src/reports/explanation-html.ts';
import { formatNanoUSD, printable } from '../../src/reports/format.ts';
import { hostileDearest, lifeOf, muchRead, versionsOf } from '../reports/explanations.ts';
import { HOSTILE_NAMES } from '../reports/sample-comparison.ts';
import { launchChromium } from './chromium.ts';

const DOCUMENTS = {
  life: lifeOf('exports/2025/q1-customers.parquet'),
  hostile: lifeOf(HOSTILE_NAMES[0], HOSTILE_NAMES[1]),
  versions: versionsOf('site/index.html'),
  long: muchRead('hot'),
  dearest: hostileDearest(),
} as const satisfies Record<string, Explanation>;

let browser: Browser;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tiercast-explanation-'));
  const assets = await explanationAssets();
  for (const [name, document] of Object.entries(DOCUMENTS)) {
    await writeFile(join(folder, `${name}.html`), await renderExplanationHtml(document, assets));
  }
  browser = await launchChromium();
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true });
});

interface Opened {
  readonly page: Page;
  readonly url: string;
  readonly noises: string[];
  readonly requests: string[];
}

async function open(file: keyof typeof DOCUMENTS, options: BrowserContextOptions = {}): Promise<Opened> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
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
  const url = pathToFileURL(join(folder, `${file}.html`)).href;
  await page.goto(url);
  await page.locator('footer').waitFor();
  return { page, url, noises, requests };
}

async function cells(page: Page, table: string): Promise<string[][]> {
  return page.locator(`${table} tbody`).evaluate((body) => {
    return [...(body as HTMLTableSectionElement).rows].map((row) =>
      [...row.cells].map((cell) => cell.textContent ?? ''),
    );
  });
}

describe('the explanation in a browser', { timeout: 60_000 }, () => {
  it('opens from disk, draws the life and asks for nothing but itself', async () => {
    const { page, url, noises, requests } = await open('life');
    expect(await page.locator('.verdict').textContent()).toBe(
      'exports/2025/q1-customers.parquet costs $0.07, 100% of the bill of $0.07, most of it for storage ($0.04).',
    );
    const titles = await page.locator('svg.timeline title').allTextContents();
    expect(titles).toContain("2025-02-03 moved to STANDARD_IA by rule 'cool-down': $0.00001");
    expect(titles.filter((text) => text.includes('stored in'))).toHaveLength(3);
    expect(noises).toEqual([]);
    expect(requests.filter((one) => one !== url && one !== 'data:,')).toEqual([]);
    expect((await stat(join(folder, 'life.html'))).size).toBeLessThan(1e5);
    await page.context().close();
  });

  it('puts bands and the line of costs where they belong in time', async () => {
    const { page } = await open('life');
    const bands = await page
      .locator('svg.timeline rect')
      .evaluateAll((rects) =>
        rects.slice(0, 3).map((rect) => [rect.getAttribute('x'), rect.getAttribute('width')].map(Number)),
      );
    // 28.6, 60 and 59.6 days after one another, beginning on the third day.
    const [standard, infrequent, instant] = bands as [[number, number], [number, number], [number, number]];
    expect(standard[0] + standard[1]).toBeCloseTo(infrequent[0], 1);
    expect(infrequent[0] + infrequent[1]).toBeCloseTo(instant[0], 1);
    expect(infrequent[1] / standard[1]).toBeCloseTo(60 / 30.617, 2);
    const line = (await page.locator('svg.timeline polyline').getAttribute('points'))!.split(' ');
    const heights = line.map((point) => Number(point.split(',')[1]));
    expect(heights.every((height, i) => i === 0 || height <= heights[i - 1]!)).toBe(true);
    await page.context().close();
  });

  it('says in its table what the account says', async () => {
    const { page } = await open('life');
    const [share] = DOCUMENTS.life.objects;
    const lines = accountLines(share!).flatMap(({ words, usages }) =>
      usages.length === 0
        ? [[words, '']]
        : usages.map(({ costUSD }, i) => [i === 0 ? words : undefined, formatNanoUSD(costUSD)]),
    );
    const shown = await cells(page, '.account');
    expect(shown.map((row) => row.at(-1))).toEqual(lines.map(([, usd]) => usd));
    expect(shown.map((row) => row[1]).filter((_, i) => lines[i]![0] !== undefined)).toEqual(
      lines.flatMap(([words]) => words ?? []),
    );
    expect(await page.locator('.account tfoot td').textContent()).toBe(formatNanoUSD(share!.totalUSD));
    await page.context().close();
  });

  it('turns the pages of a long account by keyboard, and prints all of it', async () => {
    const { page, noises } = await open('long');
    const status = page.locator('.status');
    expect(await status.textContent()).toBe('Rows 1 to 100 of 302; the total is of all');
    await page.locator('button', { hasText: 'Later' }).press('Enter');
    expect(await status.textContent()).toBe('Rows 101 to 200 of 302; the total is of all');
    await page.evaluate(() => {
      addEventListener('beforeprint', () => {
        document.body.dataset.rows = String(document.querySelectorAll('.account tbody tr').length);
      });
    });
    await page.pdf({ format: 'A4' });
    expect(await page.evaluate(() => document.body.dataset.rows)).toBe('302');
    expect(await page.locator('.account tbody tr').count()).toBe(100);
    expect(noises).toEqual([]);
    await page.context().close();
  });

  it('has a lane for each version, and their ids', async () => {
    const { page, noises } = await open('versions');
    const texts = await page.locator('svg.timeline > text').allTextContents();
    for (const name of ['#1', '#2', '#3']) expect(texts).toContain(name);
    expect((await cells(page, 'section[aria-labelledby=versions]')).map((row) => row[2])).toEqual([
      'first-id',
      'second-id',
      '–',
    ]);
    expect(noises).toEqual([]);
    await page.context().close();
  });

  it.each(['hostile', 'dearest'] as const)('shows hostile names as the text they are (%s)', async (file) => {
    const { page, noises } = await open(file);
    const text = (await page.locator('main').textContent())!;
    const names = file === 'dearest' ? HOSTILE_NAMES : HOSTILE_NAMES.slice(0, 2);
    for (const name of names) expect(text).toContain(printable(name));
    expect(text).not.toContain('\u202e');
    expect(await page.locator('main img, main script, main style, main iframe, main a').count()).toBe(0);
    expect(await page.locator('script').count()).toBe(2);
    expect(noises).toEqual([]);
    await page.context().close();
  });

  it.each(['life', 'versions', 'dearest', 'hostile'] as const)(
    'fits a phone without scrolling sideways (%s)',
    async (file) => {
      const { page, noises } = await open(file, { viewport: { width: 375, height: 800 } });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(375);
      expect(noises).toEqual([]);
      await page.context().close();
    },
  );

  it('is dark where the reader wants it dark, the picture included, and follows a change', async () => {
    const { page } = await open('life', { colorScheme: 'dark' });
    const look = () =>
      page.evaluate(() => ({
        page: getComputedStyle(document.body).backgroundColor,
        band: document.querySelector('svg.timeline rect')!.getAttribute('fill'),
      }));
    expect(await look()).toEqual({ page: 'rgb(20, 23, 27)', band: '#79b0f2' });
    await page.emulateMedia({ colorScheme: 'light' });
    await expect.poll(look).toEqual({ page: 'rgb(246, 247, 248)', band: '#1f5fa8' });
    await page.setViewportSize({ width: 700, height: 900 });
    await expect.poll(() => page.locator('svg.timeline').getAttribute('viewBox')).toMatch(/^0 0 6\d\d /);
    await page.context().close();
  });

  it('can be read without sight or mouse', async () => {
    const { page } = await open('life');
    const label = await page.locator('svg.timeline').getAttribute('aria-label');
    expect(label).toContain('2025-06-02 deleted');
    await page.keyboard.press('Tab');
    expect(await page.locator(':focus').textContent()).toBe('Skip to the explanation');
    await page.context().close();
  });
});
