import { halfLife, logNormal, officeAndBatch, steady } from './distributions.ts';
import { type Preset, padded } from './preset.ts';

/**
 * Column chunks of a table scan. Uber's Presto workloads read 1 MiB at a time, IBM's object-store traces 2 to 4 MB a
 * request (MACARON, Park et al., SOSP 2024, hourly counts).
 */
const columnChunks = logNormal(2 ** 20, 0.9);

const TABLES = ['orders', 'clicks', 'sessions', 'inventory', 'payments', 'sensors'];

/** Tables and text scanned for analytics and machine learning. */
export const dataLake: Preset = {
  name: 'data-lake',
  imitates: 'Tables and text scanned for analytics and machine learning',
  parameters:
    'tables log-normal around 48 MB read in ranges around 1 MiB, interest halves every 14 days; raw text around 3 MB (5 days, deleted after 180); training shards around 128 MB read steadily; empty markers; office hours and a nightly batch, HEAD and LIST among them',
  winner: 'INTELLIGENT_TIERING',
  why: 'partitions cool at different times while training data stays warm, and nobody knows which will be scanned next',
  kinds: [
    {
      name: 'table',
      share: 5,
      sizes: logNormal(48e6, 1.1),
      readsPerDay: 6,
      decay: halfLife(14),
      range: columnChunks,
    },
    {
      name: 'raw',
      share: 3,
      sizes: logNormal(3e6, 1.5),
      readsPerDay: 1.5,
      decay: halfLife(5),
      ends: { kind: 'retention', days: 180 },
    },
    { name: 'training', share: 1.5, sizes: logNormal(128e6, 0.5), readsPerDay: 0.4, decay: steady },
    { name: 'marker', share: 0.5, sizes: logNormal(100, 1), emptyShare: 1, readsPerDay: 0.5, decay: halfLife(3) },
  ],
  groupSize: 8,
  zipfExponent: 0.8,
  stockShare: 0.25,
  stockAgeDays: 90,
  uploads: officeAndBatch,
  reads: officeAndBatch,
  headShare: 0.08,
  listShare: 0.06,
  key: ({ group, object, kind, date }) => {
    const table = TABLES[group % TABLES.length]!;
    if (kind === 'raw') return `raw/${table}/${date}/${padded(object, 9)}.json.gz`;
    if (kind === 'training') return `training/${table}/shard-${padded(object, 9)}.tfrecord`;
    const partition = `tables/${table}/dt=${date}/run=${padded(group, 8)}`;
    return kind === 'marker' ? `${partition}/_SUCCESS-${object % 8}` : `${partition}/part-${object % 8}.parquet`;
  },
};
