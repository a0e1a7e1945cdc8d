/** A profile as one HTML file that needs nothing else. */
import type { Profile } from '../model/profile.ts';
import type { HtmlAssets } from './html.ts';
import { htmlPage } from './html-page.ts';

/** The whole file. The same profile and assets (the page's script is the compiled `page/profile.ts`) give the same bytes. */
export function renderProfileHtml(profile: Profile, { chart, page }: HtmlAssets): Promise<string> {
  return htmlPage({
    title: 'Tiercast: what is in a bucket',
    kind: 'profile',
    dataId: 'profile',
    data: profile,
    libraries: [chart],
    script: page,
  });
}
