import { logNormal, machines, steady } from './distributions.ts';
import { type Preset, padded } from './preset.ts';

/** Static data an application cannot do without, steadily read. */
export const businessCritical: Preset = {
  name: 'business-critical',
  imitates: 'Static data that an application reads all day and cannot wait for',
  parameters:
    'all loaded on the first day; reference data log-normal around 600 KB, templates around 60 KB, bundles around 30 MB; Zipf 0.6; 4 requests a day, steady, by day and night',
  winner: 'STANDARD',
  why: 'every object is read daily, so that the retrieval fee of any colder class exceeds its saving',
  kinds: [
    { name: 'reference', share: 6, sizes: logNormal(600e3, 1.2), readsPerDay: 4, decay: steady },
    { name: 'template', share: 3, sizes: logNormal(60e3, 1), readsPerDay: 5, decay: steady },
    { name: 'bundle', share: 1, sizes: logNormal(30e6, 0.8), readsPerDay: 2, decay: steady },
  ],
  groupSize: 1,
  zipfExponent: 0.6,
  stockShare: 1,
  stockAgeDays: 0,
  uploads: machines,
  reads: machines,
  headShare: 0.1,
  listShare: 0.01,
  key: ({ object, kind }) => `app/${kind}/${padded(object % 256, 3)}/${padded(object, 9)}.bin`,
};
