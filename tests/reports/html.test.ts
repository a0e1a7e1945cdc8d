import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { renderHtml } from '../../src/reports/html.ts';
import { packComparison, unpackComparison } from '../../src/reports/page-data.ts';
import { sampleComparison } from './sample-comparison.ts';

const ASSETS = { chart: 'var Chart = 1;\n', page: 'void 0;\n' };

function contents(html: string, tag: string): string[] {
  return [...html.matchAll(new RegExp(`<${tag}(?: [^>]*)?>([\\s\\S]*?)</${tag}>`, 'g'))].map(([, text]) => text!);
}

describe('renderHtml', () => {
  it('allows exactly the scripts and the style it carries, by their hashes', async () => {
    const html = await renderHtml(sampleComparison(), ASSETS);
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)![1]!;
    const [, chart, page] = contents(html, 'script');
    const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      `script-src ${hash(chart!)} ${hash(page!)}`,
      `style-src ${hash(contents(html, 'style')[0]!)}`,
      'img-src data:',
      "base-uri 'none'",
      "form-action 'none'",
    ]);
  });

  it('carries the whole comparison, whatever its names are, as JSON without a character of markup', async () => {
    const comparison = sampleComparison('hostile');
    const withSeparators = { ...comparison, baseline: 'a\u2028b\u2029c&amp;</script><!--' };
    const json = contents(await renderHtml(withSeparators, ASSETS), 'script')[0]!;
    expect(json).not.toMatch(/[<>&\u2028\u2029]/);
    expect(unpackComparison(JSON.parse(json))).toEqual(withSeparators);
  });

  it('packs line items without losing or sharing anything it should not', () => {
    const comparison = sampleComparison();
    const [first, ...others] = comparison.results;
    const item = first!.lineItems[0]!;
    // The same usage type at another rate, as a volume tier has it.
    const changed = {
      ...comparison,
      results: [{ ...first!, lineItems: [item, { ...item, rateUSD: '9' }] }, ...others],
    };
    expect(unpackComparison(packComparison(changed))).toEqual(changed);
  });

  it('keeps a script from ending its element, and looks for no source map', async () => {
    const chart = 'x = "</script><script>alert(1)</script><!--";\r\n//# sourceMappingURL=chart.js.map\r\n';
    const html = await renderHtml(sampleComparison(), { ...ASSETS, chart });
    expect(contents(html, 'script')).toHaveLength(3);
    expect(html).toContain('x = "\\x3c/script>\\x3cscript>alert(1)\\x3c/script>\\x3c!--";\n');
    expect(html).not.toContain('sourceMappingURL');
    expect(html).not.toContain('\r');
  });

  it('names no address to fetch anything from', async () => {
    const html = await renderHtml(sampleComparison(), ASSETS);
    expect(html).not.toMatch(/\ssrc=|url\(|@import|https?:/);
    expect([...html.matchAll(/\shref="([^"]*)"/g)].map(([, address]) => address)).toEqual(['data:,', '#report']);
  });

  it('gives the same bytes for the same comparison', async () => {
    expect(await renderHtml(sampleComparison(), ASSETS)).toBe(await renderHtml(sampleComparison(), ASSETS));
  });
});
