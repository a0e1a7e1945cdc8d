import { logNormal, office, steady } from './distributions.ts';
import { type Ending, type Preset, padded } from './preset.ts';

/** Seven years, the leap days counted. */
const sevenYears: Ending = { kind: 'retention', days: 2557 };

/** Records kept for years because the law says so, audited seldom. */
export const complianceArchive: Preset = {
  name: 'compliance-archive',
  imitates: 'Records kept for seven years because they must be, audited seldom',
  parameters:
    'documents log-normal around 1.2 MB, mail journals around 45 MB, recordings around 9 MB; one request in seven object-years, office hours; deleted after 2557 days',
  winner: 'DEEP_ARCHIVE',
  why: 'years of storage and next to no reads; an auditor can wait twelve hours',
  kinds: [
    { name: 'document', share: 5, sizes: logNormal(1.2e6, 1.1), readsPerDay: 0.0004, decay: steady, ends: sevenYears },
    { name: 'mail', share: 3, sizes: logNormal(45e6, 0.8), readsPerDay: 0.0003, decay: steady, ends: sevenYears },
    { name: 'recording', share: 2, sizes: logNormal(9e6, 0.9), readsPerDay: 0.0004, decay: steady, ends: sevenYears },
  ],
  groupSize: 1,
  zipfExponent: 0.5,
  stockShare: 0.1,
  stockAgeDays: 0,
  uploads: office,
  reads: office,
  headShare: 0.15,
  listShare: 0.1,
  key: ({ object, kind, date }) => `records/${kind}/${date.slice(0, 7)}/${padded(object, 9)}.dat`,
};
