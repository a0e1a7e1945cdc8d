/** An explanation as one HTML file that needs nothing else: the life of an object as a picture and as a table, or the dearest objects. */
import type { Explanation } from '../model/explanation.ts';
import { htmlPage } from './html-page.ts';

/** The script of the page, as text: the compiled `page/explanation.ts`. */
export interface ExplanationAssets {
  readonly page: string;
}

/** The whole file. The same explanation and assets give the same bytes. */
export function renderExplanationHtml(explanation: Explanation, { page }: ExplanationAssets): Promise<string> {
  return htmlPage({
    title: 'Tiercast: what an object costs',
    kind: 'explanation',
    dataId: 'explanation',
    data: explanation,
    libraries: [],
    script: page,
  });
}
