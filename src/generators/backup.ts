import { halfLife, logNormal, nightly, office } from './distributions.ts';
import { type Preset, padded } from './preset.ts';

/** A restore wants the newest copy that is still good: interest halves every 20 days. */
const restores = halfLife(20);

/** Nightly backups: written, rarely read, deleted after their retention. */
export const backup: Preset = {
  name: 'backup',
  imitates: 'Nightly backups of servers: written, rarely read, deleted after retention',
  parameters:
    'increments log-normal around 180 MB kept 35 days, full copies around 6 GB and their manifests kept 365 days; written from 01:00 to 05:00, one request in 500 object-days at first, half of them HEAD',
  winner: 'DEEP_ARCHIVE',
  why: 'hardly anything is read, and even 180 days of its minimum cost less than 35 days of STANDARD_IA',
  kinds: [
    {
      name: 'increment',
      share: 7,
      sizes: logNormal(180e6, 1.3),
      readsPerDay: 0.002,
      decay: restores,
      ends: { kind: 'retention', days: 35 },
    },
    {
      name: 'full',
      share: 2,
      sizes: logNormal(6e9, 0.9),
      readsPerDay: 0.002,
      decay: restores,
      ends: { kind: 'retention', days: 365 },
    },
    {
      name: 'manifest',
      share: 1,
      sizes: logNormal(40e3, 1),
      readsPerDay: 0.004,
      decay: restores,
      ends: { kind: 'retention', days: 365 },
    },
  ],
  groupSize: 10,
  zipfExponent: 0.4,
  stockShare: 0,
  stockAgeDays: 0,
  uploads: nightly,
  reads: office,
  headShare: 0.5,
  listShare: 0.05,
  key: ({ group, object, kind, date }) => `backups/${date}/job-${padded(group, 7)}/${kind}-${object % 10}.bak`,
};
