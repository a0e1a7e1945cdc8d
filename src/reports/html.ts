/** The report as one HTML file that needs nothing else. */
import type { Comparison } from '../model/comparison.ts';
import { htmlPage } from './html-page.ts';
import { packComparison } from './page-data.ts';

/** The scripts of the page, as text: the chart library and the compiled `page/main.ts`. */
export interface HtmlAssets {
  readonly chart: string;
  readonly page: string;
}

/** The whole file. The same comparison and assets give the same bytes. */
export function renderHtml(comparison: Comparison, { chart, page }: HtmlAssets): Promise<string> {
  return htmlPage({
    title: 'Tiercast: S3 storage class comparison',
    kind: 'report',
    dataId: 'comparison',
    data: packComparison(comparison),
    libraries: [chart],
    script: page,
  });
}
