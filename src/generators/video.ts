import { halfLife, leisure, logNormal, quantiles } from './distributions.ts';
import { type Preset, padded } from './preset.ts';

/**
 * What one request of a player moves: quantiles of the objects in the video class of Akamai's production servers
 * (TRAGEN, Sabnis and Sitaraman, IMC 2021: median 537 KB, at most 10.5 MB). The popularity there falls by rank with an
 * exponent of about 1.5 within one server's window; a catalogue over a year is less skewed.
 */
const segments = quantiles([
  [0, 2_000],
  [0.01, 5_000],
  [0.1, 27_000],
  [0.25, 28_000],
  [0.5, 537_000],
  [0.75, 1_256_000],
  [0.84, 2_634_000],
  [0.9, 10_549_000],
  [1, 10_550_000],
]);

const fading = halfLife(10);

/** New titles are hot, then cold. */
export const video: Preset = {
  name: 'video',
  imitates: 'A video catalogue: new titles are hot, then cold; players read ranges',
  parameters:
    'renditions log-normal around 190 MB to 900 MB, posters around 60 KB; Zipf 0.9 by title; interest halves every 10 days; evenings and weekends',
  winner: 'GLACIER_IR',
  why: 'after some weeks a title is hardly read, yet a viewer who asks for it cannot wait',
  kinds: [
    { name: '1080p', share: 3, sizes: logNormal(900e6, 0.6), readsPerDay: 14, decay: fading, range: segments },
    { name: '720p', share: 3, sizes: logNormal(420e6, 0.6), readsPerDay: 10, decay: fading, range: segments },
    { name: '480p', share: 2, sizes: logNormal(190e6, 0.6), readsPerDay: 5, decay: fading, range: segments },
    { name: 'poster', share: 2, sizes: logNormal(60e3, 0.8), readsPerDay: 8, decay: fading },
  ],
  groupSize: 4,
  zipfExponent: 0.9,
  stockShare: 0.3,
  stockAgeDays: 150,
  uploads: leisure,
  reads: leisure,
  headShare: 0.01,
  listShare: 0,
  key: ({ group, object, kind }) =>
    `titles/${padded(group, 7)}/${kind}-${object % 4}.${kind === 'poster' ? 'jpg' : 'mp4'}`,
};
