import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Comparison } from '../../src/model/comparison.ts';
import { regionPrices } from '../../src/node/price-files.ts';
import { reportAssets } from '../../src/node/report-assets.ts';
import { namedPolicy } from '../../src/policies/index.ts';
import { decimalOrder } from '../../src/reports/decimal.ts';
import { formatExactUSD, formatUSD, printable } from '../../src/reports/format.ts';
import { renderHtml } from '../../src/reports/html.ts';
import { compare } from '../../src/simulate.ts';
import { readCsv } from '../../src/sources/read-trace.ts';
import { HOSTILE_NAMES, sampleComparison } from '../reports/sample-comparison.ts';
import { launchChromium } from './chromium.ts';
import { cells, close, colorsDrawn, type Opened, openPage } from './pages.ts';

const PLAIN = sampleComparison();
const HOSTILE = sampleComparison('hostile');
const GROUPED = compare(
  readCsv(
    [
      'timestamp,operation,key,size',
      ...HOSTILE_NAMES.map((name, at) => rowIn(name, at)),
      '2025-03-31T00:00:00Z,HEAD,a,1',
      '',
    ].join('\n'),
  ),
  ['standard', 'glacier-ir'].map((name) => namedPolicy(name)),
  regionPrices('us-east-1'),
  { groupBy: { kind: 'prefix', depth: 1 } },
);

/** A terabyte and more in a folder of any name. */
function rowIn(name: string, at: number): string {
  return `2025-01-01T00:00:00Z,PUT,"${name.replaceAll('/', '').replaceAll('"', '""')}/a",${(at + 1) * 2 ** 40}`;
}

let browser: Browser;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tiercast-report-'));
  const assets = await reportAssets();
  await writeFile(join(folder, 'plain.html'), await renderHtml(PLAIN, assets));
  await writeFile(join(folder, 'hostile.html'), await renderHtml(HOSTILE, assets));
  await writeFile(join(folder, 'grouped.html'), await renderHtml(GROUPED, assets));
  browser = await launchChromium();
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true });
});

function open(file: 'plain' | 'hostile' | 'grouped', options: BrowserContextOptions = {}): Promise<Opened> {
  return openPage(browser, join(folder, `${file}.html`), options);
}

async function columnOf(page: Page, heading: string): Promise<string[]> {
  const headings = await page.locator('.items thead th').allTextContents();
  const rows = await cells(page, 'Line items');
  return rows.map((row) => row[headings.indexOf(heading)]!);
}

function firstSorted(comparison: Comparison, descending: boolean): string[] {
  const costs = comparison.results.flatMap(({ lineItems }) => lineItems.map(({ costUSD }) => costUSD));
  const order = decimalOrder(costs);
  if (descending) order.reverse();
  return order.slice(0, 50).map((index) => formatExactUSD(costs[index]!));
}

describe('the report in a browser', { timeout: 60_000 }, () => {
  it('opens from disk, draws four charts and asks for nothing but itself', async () => {
    const opened = await open('plain');
    const drawn = await colorsDrawn(opened.page);
    expect(Object.keys(drawn)).toEqual(['Total by policy', 'Cost so far', 'Cost by month', 'Bytes by storage class']);
    for (const colors of Object.values(drawn)) expect(colors).toBeGreaterThan(3);
    expect(opened.noises).toEqual([]);
    expect(opened.requests.filter((url) => url !== opened.url && url !== 'data:,')).toEqual([]);
    expect((await stat(join(folder, 'plain.html'))).size).toBeLessThan(1.5e6);
    await close(opened);
  });

  it('says in its tables what the comparison says', async () => {
    const opened = await open('plain');
    const { page } = opened;
    const totals = await cells(page, 'Total by policy');
    expect(totals.map((row) => row[1])).toEqual(PLAIN.results.map(({ totalUSD }) => formatUSD(totalUSD)));
    expect(totals.map((row) => row[4])).toEqual(
      PLAIN.results.map(({ notices }) => String(notices.readsAfterExpiration)),
    );
    const [cheapest] = PLAIN.results;
    const months = await cells(page, `Cost by month of ${cheapest!.policy}`);
    expect(months.map((row) => row.at(-1))).toEqual(cheapest!.months.map(({ totalUSD }) => formatUSD(totalUSD)));
    const rows = await cells(page, 'Line items');
    const items = PLAIN.results.flatMap(({ policy, lineItems }) => lineItems.map((item) => ({ ...item, policy })));
    expect(rows.map((row) => [row[0], row[1], row[2], row[3], row[6]])).toEqual(
      items
        .slice(0, 50)
        .map((item) => [item.policy, item.month, item.usageType, item.operation, formatExactUSD(item.costUSD)]),
    );
    expect(await page.locator('.verdict').textContent()).toBe(
      'deep-archive is cheapest: $551.75 for 2025, $2,228.92 (80%) less than standard at $2,780.67, saved on storage.',
    );
    await close(opened);
  });

  it('shows another policy when one is chosen, by keyboard', async () => {
    const opened = await open('plain');
    const { page } = opened;
    await page.locator('section[aria-labelledby=inside] select').focus();
    await page.keyboard.press('ArrowDown');
    const second = PLAIN.results[1]!;
    const months = await cells(page, `Cost by month of ${second.policy}`);
    expect(months.map((row) => row.at(-1))).toEqual(second.months.map(({ totalUSD }) => formatUSD(totalUSD)));
    expect(
      await page
        .locator('figure', { has: page.locator('#classes') })
        .locator('canvas')
        .getAttribute('aria-label'),
    ).toContain(second.policy);
    await close(opened);
  });

  it('sorts line items exactly, filters and turns pages, by keyboard', async () => {
    const opened = await open('plain');
    const { page } = opened;
    const head = page.locator('.items th', { hasText: 'USD' });
    await head.locator('button').focus();
    await page.keyboard.press('Enter');
    expect(await head.getAttribute('aria-sort')).toBe('ascending');
    expect(await columnOf(page, 'USD')).toEqual(firstSorted(PLAIN, false));
    await page.keyboard.press('Space');
    expect(await head.getAttribute('aria-sort')).toBe('descending');
    expect(await columnOf(page, 'USD')).toEqual(firstSorted(PLAIN, true));
    expect(await page.locator('.items th[aria-sort]').count()).toBe(1);

    await page.locator('section[aria-labelledby=items] select').selectOption('glacier-ir');
    const glacier = PLAIN.results.find(({ policy }) => policy === 'glacier-ir')!;
    const status = page.locator('.status');
    const count = glacier.lineItems.length;
    expect(await status.textContent()).toBe(`Rows 1 to 50 of ${count}, together ${formatUSD(glacier.totalUSD)}`);
    await page.locator('button', { hasText: 'Next' }).press('Enter');
    expect(await status.textContent()).toContain(`Rows 51 to ${count} of ${count}`);
    expect(new Set(await columnOf(page, 'Policy'))).toEqual(new Set(['glacier-ir']));
    await close(opened);
  });

  it('shows hostile names as the text they are', async () => {
    const opened = await open('hostile');
    const { page } = opened;
    const names = await page.locator('table .policy bdi:first-child').allTextContents();
    for (const name of HOSTILE_NAMES) expect(names).toContain(printable(name));
    expect(await page.locator('main img, main script, main style, main iframe, main a').count()).toBe(0);
    expect(await page.locator('script').count()).toBe(3);
    expect(await page.locator('main').textContent()).not.toContain('\u202e');
    for (const policy of HOSTILE.results.keys()) {
      await page.locator('section[aria-labelledby=inside] select').selectOption({ index: policy });
    }
    await page.locator('section[aria-labelledby=items] select').selectOption({ label: HOSTILE_NAMES[0] });
    expect(new Set(await columnOf(page, 'Policy'))).toEqual(new Set([HOSTILE_NAMES[0]]));
    expect(opened.noises).toEqual([]);
    await close(opened);
  });

  it('tells groups of any name by policy, with what costs least of each', async () => {
    const opened = await open('grouped');
    const { page } = opened;
    expect((await colorsDrawn(page))['Cost by group']).toBeGreaterThan(3);
    const { groupBy, results } = GROUPED;
    for (const [index, { policy, groups }] of results.entries()) {
      await page.locator('section[aria-labelledby=by-group] select').selectOption({ index });
      const rows = await cells(page, `Cost by first folder of ${policy}`);
      expect(rows.map((row) => row[0])).toEqual([
        ...HOSTILE_NAMES.toReversed().map((name) => printable(`${name.replaceAll('/', '')}/`)),
        '(no folder)',
      ]);
      expect(rows.map((row) => row[3])).toEqual(groups!.map(({ totalUSD }) => formatUSD(totalUSD)));
      // Glacier Instant Retrieval costs a sixth of Standard, but 128 KB of what has one byte.
      expect(rows.map((row) => row[6])).toEqual([...HOSTILE_NAMES.map(() => 'glacier-ir'), 'standard']);
    }
    expect(groupBy!.groups).toHaveLength(HOSTILE_NAMES.length + 1);
    expect(await page.locator('main img, main script, main style').count()).toBe(0);
    expect(opened.noises).toEqual([]);
    await close(opened);
  });

  it('lets no script run and nothing load that it did not bring', async () => {
    const opened = await open('plain');
    const outcome = await opened.page.evaluate(async () => {
      const refused: string[] = [];
      document.addEventListener('securitypolicyviolation', (event) => refused.push(event.effectiveDirective));
      const script = document.createElement('script');
      script.textContent = 'globalThis.intruded = true';
      const image = document.createElement('img');
      image.src = 'https://example.com/pixel.gif';
      image.setAttribute('onerror', 'globalThis.intruded = true');
      document.body.append(script, image);
      await fetch('https://example.com/').catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 100));
      return { refused: refused.sort(), intruded: 'intruded' in globalThis };
    });
    expect(outcome.intruded).toBe(false);
    expect(new Set(outcome.refused)).toEqual(new Set(['connect-src', 'img-src', 'script-src-attr', 'script-src-elem']));
    await close(opened);
  });

  it.each(['plain', 'hostile', 'grouped'] as const)('fits a phone without scrolling sideways (%s)', async (file) => {
    const opened = await open(file, { viewport: { width: 375, height: 800 } });
    const width = await opened.page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBe(375);
    expect(opened.noises).toEqual([]);
    await close(opened);
  });

  it('is dark where the reader wants it dark, charts included, and follows a change', async () => {
    const opened = await open('plain', { colorScheme: 'dark' });
    const { page } = opened;
    // The cheapest policy's bar in the accent colour of the dark and of the light theme.
    const look = () =>
      page.evaluate(() => {
        const canvas = document.querySelector('canvas')!;
        const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d')!;
        copy.drawImage(canvas, 0, 0);
        const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
        const colors = new Set<string>();
        for (let i = 0; i < data.length; i += 4) colors.add(data.slice(i, i + 3).join());
        const bar = colors.has('121,176,242') ? 'dark' : colors.has('31,95,168') ? 'light' : 'neither';
        return { page: getComputedStyle(document.body).backgroundColor, bar };
      });
    expect(await look()).toEqual({ page: 'rgb(20, 23, 27)', bar: 'dark' });
    for (const colors of Object.values(await colorsDrawn(page))) expect(colors).toBeGreaterThan(3);
    await page.emulateMedia({ colorScheme: 'light' });
    await expect.poll(look).toEqual({ page: 'rgb(246, 247, 248)', bar: 'light' });
    expect(opened.noises).toEqual([]);
    await close(opened);
  });

  it('prints every chart with its table unfolded, on white', async () => {
    const opened = await open('plain', { colorScheme: 'dark' });
    const { page } = opened;
    await page.evaluate(() => {
      addEventListener('beforeprint', () => {
        document.body.dataset.folded = String(document.querySelectorAll('details:not([open])').length);
      });
    });
    expect((await page.pdf({ format: 'A4' })).subarray(0, 5).toString()).toBe('%PDF-');
    expect(await page.evaluate(() => document.body.dataset.folded)).toBe('0');
    expect(await page.locator('details[open]').count()).toBe(0);
    await page.setViewportSize({ width: 700, height: 900 });
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    const printed = await page.evaluate(() => ({
      background: getComputedStyle(document.body).backgroundColor,
      clipped: [...document.querySelectorAll('canvas')].some(
        (canvas) => canvas.getBoundingClientRect().right > innerWidth,
      ),
    }));
    expect(printed).toEqual({ background: 'rgb(255, 255, 255)', clipped: false });
    await close(opened);
  });

  it('can be read without sight or mouse: landmarks, names and a way past the top', async () => {
    const opened = await open('plain');
    const { page } = opened;
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    for (const canvas of await page.locator('canvas').all()) {
      expect(await canvas.getAttribute('role')).toBe('img');
      expect((await canvas.getAttribute('aria-label'))!.length).toBeGreaterThan(40);
    }
    await page.keyboard.press('Tab');
    expect(await page.locator(':focus').textContent()).toBe('Skip to the report');
    await page.keyboard.press('Enter');
    expect(await page.locator(':focus').getAttribute('id')).toBe('report');
    await close(opened);
  });
});
