import { logNormal, quantiles, steady, visitors } from './distributions.ts';
import { type Preset, padded } from './preset.ts';

/**
 * Sizes of what a web server sends: quantiles of the download class of Akamai's production servers (TRAGEN, Sabnis and
 * Sitaraman, IMC 2021: median 11 KB, one in ten above 254 KB, one in a hundred above 4 MB).
 */
const downloads = quantiles([
  [0, 200],
  [0.01, 1_000],
  [0.1, 2_000],
  [0.25, 5_000],
  [0.5, 11_000],
  [0.75, 41_000],
  [0.84, 89_000],
  [0.9, 254_000],
  [0.95, 1_082_000],
  [0.99, 3_976_000],
  [0.999, 57_783_000],
  [1, 400_000_000],
]);

const EXTENSIONS = ['css', 'js', 'png', 'webp', 'svg', 'woff2'];

/** Pages, scripts and pictures of web sites: written once, read by many. */
export const webHosting: Preset = {
  name: 'web-hosting',
  imitates: 'Web sites: files written once and read by many for as long as they are there',
  parameters:
    'sizes as measured on web servers (median 11 KB, a long tail), some empty; Zipf 1.0; 3 reads a day, steady; waking hours',
  winner: 'STANDARD',
  why: 'small files read every day: retrieval fees and the 128 KB minimum of colder classes cost more than they save',
  kinds: [
    { name: 'page', share: 2, sizes: logNormal(14_000, 1), readsPerDay: 4, decay: steady },
    { name: 'asset', share: 7, sizes: downloads, readsPerDay: 3, decay: steady },
    { name: 'marker', share: 0.1, sizes: logNormal(100, 1), emptyShare: 1, readsPerDay: 0.02, decay: steady },
  ],
  groupSize: 1,
  zipfExponent: 1,
  stockShare: 0.6,
  stockAgeDays: 0,
  uploads: visitors,
  reads: visitors,
  headShare: 0.05,
  listShare: 0,
  key: ({ object, kind, random }) => {
    const site = padded(random.below(400), 3);
    if (kind === 'page') return `sites/${site}/pages/${object}/index.html`;
    if (kind === 'marker') return `sites/${site}/folders/${object}/`;
    return `sites/${site}/assets/${object}.${EXTENSIONS[random.below(EXTENSIONS.length)]}`;
  },
};
