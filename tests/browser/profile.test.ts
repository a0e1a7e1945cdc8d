/** The page of a profile in a browser. */
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Profile } from '../../src/model/profile.ts';
import { profileFiles } from '../../src/node/profile.ts';
import { profileAssets } from '../../src/node/report-assets.ts';
import { formatBytes, formatCount, printable } from '../../src/reports/format.ts';
import { renderProfile } from '../../src/reports/profile.ts';
import { renderProfileHtml } from '../../src/reports/profile-html.ts';
import { HOSTILE_NAMES } from '../reports/sample-comparison.ts';
import { launchChromium } from './chromium.ts';
import { cells, close, colorsDrawn, type Opened, openPage } from './pages.ts';

let browser: Browser;
let folder: string;
let profile: Profile;

/** Folders and requesters of hostile names; no request on the 4th to the 9th of January. */
const LOG = [
  'timestamp,operation,key,size,storage_class,requester',
  ...HOSTILE_NAMES.flatMap((name, at) => {
    const key = `"${name.replaceAll('/', '').replaceAll('"', '""')}/x"`;
    const who = `"${name.replaceAll('"', '""')}"`;
    return [
      `2025-01-01T00:00:00Z,PUT,${key},${10 ** (at * 3 + 2)},${at === 1 ? 'GLACIER' : ''},app`,
      `2025-01-0${at === 3 ? 3 : at + 1}T08:00:00Z,GET,${key},,,app`,
      ...Array.from({ length: at + 1 }, (_, i) => `2025-0${i + 3}-10T00:00:00Z,GET,${key},,,${who}`),
    ];
  }),
  ...Array.from({ length: 170 }, (_, day) => `${new Date(Date.UTC(2025, 0, 10 + day)).toISOString()},HEAD,none,,,app`),
  '',
].join('\n');

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tiercast-profile-'));
  const log = join(folder, 'log.csv');
  await writeFile(log, LOG);
  ({ profile } = await profileFiles({ inputs: [log], renames: {}, groupBy: { kind: 'class' }, onBadRow: 'skip' }));
  await writeFile(join(folder, 'profile.html'), await renderProfileHtml(profile, await profileAssets()));
  browser = await launchChromium();
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true });
});

function open(options: BrowserContextOptions = {}): Promise<Opened> {
  return openPage(browser, join(folder, 'profile.html'), options);
}

const FIGURES = [
  'By size',
  'By class at upload',
  'Age and last read',
  'Gaps between reads',
  'Age when read',
  'Most read',
  'Most cold bytes',
  'Bytes by group',
  'Bytes kept warm',
  'Requests by day',
];

describe('the profile in a browser', { timeout: 60_000 }, () => {
  it('opens from disk, draws its charts and asks for nothing but itself', async () => {
    const opened = await open();
    const drawn = await colorsDrawn(opened.page);
    expect(Object.keys(drawn)).toEqual(FIGURES);
    for (const [figure, colors] of Object.entries(drawn)) expect([figure, colors > 3]).toEqual([figure, true]);
    expect(opened.noises).toEqual([]);
    expect(opened.requests.filter((url) => url !== opened.url && url !== 'data:,')).toEqual([]);
    expect((await stat(join(folder, 'profile.html'))).size).toBeLessThan(1e6);
    await close(opened);
  });

  it('says in its tables what the profile says', async () => {
    const opened = await open();
    const { page } = opened;
    const sizes = await cells(page, 'Objects and bytes by size');
    expect(sizes.map((row) => [row[0], row[1], row[3]])).toEqual(
      profile.sizes.map(({ name, objects, bytes }) => [name, formatCount(objects), formatBytes(bytes)]),
    );
    const idle = await cells(page, 'Bytes by age and by last read');
    expect(idle.map((row) => row[5])).toEqual(profile.idle.map(({ bytes }) => formatBytes(bytes)));
    const gaps = await cells(page, 'Reads by gap');
    expect(gaps.map((row) => row[1])).toEqual(profile.gaps.map(({ reads }) => formatCount(reads)));
    const groups = await cells(page, 'By class at upload');
    expect(groups.map((row) => row[0])).toEqual(['STANDARD', 'GLACIER']);
    const months = await cells(page, 'Requests by month');
    expect(months[0]).toEqual(['2025-01', formatCount(4 + 4 + 22), '6']);
    expect(
      await page
        .locator('figure', { has: page.locator('#days') })
        .locator('figcaption')
        .textContent(),
    ).toContain('No request on 4 January 2025 to 9 January 2025.');
    const notices = await page.locator('.notices li').allTextContents();
    expect(notices.filter((text) => /[.?]\.$/.test(text))).toEqual([]);
    expect(await page.locator('.verdict').textContent()).toBe(
      renderProfile(profile, { color: false }).trimEnd().split('\n').at(-1),
    );
    await close(opened);
  });

  it('shows hostile folders and requesters as the text they are', async () => {
    const opened = await open();
    const { page } = opened;
    const folders = (await cells(page, 'The hottest prefixes')).map(([name]) => name);
    const requesters = (await cells(page, 'Who keeps cold data warm')).map(([name]) => name);
    for (const name of HOSTILE_NAMES) {
      expect(folders).toContain(printable(`${name.replaceAll('/', '')}/`));
      expect(requesters).toContain(printable(name));
    }
    expect(await page.locator('main img, main script, main style, main iframe, main a').count()).toBe(0);
    expect(await page.locator('main').textContent()).not.toContain('\u202e');
    expect(opened.noises).toEqual([]);
    await close(opened);
  });

  it('fits a phone without scrolling sideways', async () => {
    const opened = await open({ viewport: { width: 375, height: 800 } });
    expect(await opened.page.evaluate(() => document.documentElement.scrollWidth)).toBe(375);
    expect(opened.noises).toEqual([]);
    await close(opened);
  });

  it('is dark where the reader wants it dark, and prints its tables unfolded, on white', async () => {
    const opened = await open({ colorScheme: 'dark' });
    const { page } = opened;
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe('rgb(20, 23, 27)');
    for (const colors of Object.values(await colorsDrawn(page))) expect(colors).toBeGreaterThan(3);
    await page.evaluate(() => {
      addEventListener('beforeprint', () => {
        document.body.dataset.folded = String(document.querySelectorAll('details:not([open])').length);
      });
    });
    expect((await page.pdf({ format: 'A4' })).subarray(0, 5).toString()).toBe('%PDF-');
    expect(await page.evaluate(() => document.body.dataset.folded)).toBe('0');
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe('rgb(255, 255, 255)');
    await close(opened);
  });

  it('can be read without sight or mouse', async () => {
    const opened = await open();
    for (const canvas of await opened.page.locator('canvas').all()) {
      expect(await canvas.getAttribute('role')).toBe('img');
      expect((await canvas.getAttribute('aria-label'))!.length).toBeGreaterThan(40);
    }
    await opened.page.keyboard.press('Tab');
    expect(await opened.page.locator(':focus').textContent()).toBe('Skip to the profile');
    await close(opened);
  });
});
