import { leisure, logNormal, powerLaw } from './distributions.ts';
import type { Ending, Preset } from './preset.ts';

/** Interest falls fast at first and then lingers: a power law of the age, not a half-life. */
const lingering = powerLaw(2, 1.3);

/** One in seven is deleted by its owner, after 90 days on average. */
const byOwner: Ending = { kind: 'people', share: 0.15, meanDays: 90 };

/** What people call their files: with spaces, commas, quotes and any alphabet. */
const NAMES = ['IMG', 'Scan (1)', 'été à la mer', '写真', 'Müller, Rechnung', 'my "best" shot', 'отпуск', 'notes'];
const EXTENSION: Readonly<Record<string, string>> = {
  thumbnail: 'webp',
  photo: 'jpg',
  document: 'docx',
  clip: 'mp4',
  note: 'txt',
};

/** What very many users upload: very diverse, each object read by few. */
export const userContent: Preset = {
  name: 'user-content',
  imitates: 'Uploads of very many users: thumbnails, photos, documents, clips and notes',
  parameters:
    'log-normal by kind, from notes around 1 KB (some empty) to clips around 22 MB; Zipf 1.1 (median 1.2 of 54 measured caches); interest falls as (1 + age / 2 days) ^ -1.3; documents overwritten every 45 days; 15% deleted by their owners; evenings and weekends',
  winner: 'INTELLIGENT_TIERING',
  why: 'of the classes nobody waits for: nobody can say which user comes back to what; small objects stay unmonitored, the many cold ones sink by themselves',
  kinds: [
    { name: 'thumbnail', share: 4, sizes: logNormal(12e3, 0.5), readsPerDay: 3, decay: lingering, ends: byOwner },
    { name: 'photo', share: 3, sizes: logNormal(2.4e6, 0.7), readsPerDay: 1.5, decay: lingering, ends: byOwner },
    {
      name: 'document',
      share: 1.5,
      sizes: logNormal(180e3, 1.8),
      emptyShare: 0.02,
      readsPerDay: 0.8,
      decay: lingering,
      rewriteDays: 45,
      ends: byOwner,
    },
    { name: 'clip', share: 1, sizes: logNormal(22e6, 1.1), readsPerDay: 1.2, decay: lingering, ends: byOwner },
    {
      name: 'note',
      share: 0.5,
      sizes: logNormal(1e3, 1),
      emptyShare: 0.1,
      readsPerDay: 0.5,
      decay: lingering,
      ends: byOwner,
    },
  ],
  groupSize: 1,
  /** Twitter's production caches have a median of 1.2 (Yang et al., OSDI 2020, statistics of March 2020). */
  zipfExponent: 1.1,
  stockShare: 0.25,
  stockAgeDays: 200,
  uploads: leisure,
  reads: leisure,
  headShare: 0.05,
  listShare: 0.01,
  key: ({ object, kind, random }) => {
    const user = random.integer().toString(16).padStart(8, '0');
    return `users/${user}/${NAMES[random.below(NAMES.length)]} ${object}.${EXTENSION[kind]}`;
  },
};
