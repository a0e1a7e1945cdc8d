import type { Assumption } from './comparison.ts';

/** Points AWS leaves open whose choice can move a bill by more than one per cent; the first choice is the default. */
export const SWITCHES = {
  'early-delete-overhead': {
    choices: ['included', 'excluded'],
    effect: 'for objects of 1 MB 3 % of an early delete from an archive; more for smaller ones',
    text: {
      included: 'An early delete from Glacier or Deep Archive covers the 32 KB of index billed with each object.',
      excluded: 'An early delete from Glacier or Deep Archive covers the bytes of the object alone.',
    },
  },
  'early-delete-month': {
    choices: ['calendar-month', '30-days'],
    effect: 'up to 3 % of an early delete, 7 % in February',
    text: {
      'calendar-month':
        'An early delete is converted to GB-months with the hours of the calendar month it falls in, as all storage is.',
      '30-days': 'An early delete is converted to GB-months of 30 days, so that 30, 90 and 180 days are whole months.',
    },
  },
  'intelligent-tiering-move': {
    choices: ['midnight', 'day-later', 'two-days-later'],
    effect: 'a day or two of storage at the old rate for each object moved',
    text: {
      midnight: 'A transition into Intelligent-Tiering is made, and billed, at the midnight its rule is satisfied.',
      'day-later': 'A transition into Intelligent-Tiering is made, and billed, a day after its rule is satisfied.',
      'two-days-later':
        'A transition into Intelligent-Tiering is made, and billed, two days after its rule is satisfied.',
    },
  },
  'copy-source-request': {
    choices: ['charged', 'free'],
    effect: '$0.0004 to $0.01 for 1,000 copies',
    text: {
      charged: 'The read of a copy’s source is charged as a GET besides its retrieval.',
      free: 'The read of a copy’s source is charged its retrieval and no request.',
    },
  },
} as const;

/** Days of the months an early delete is converted to; undefined: those of the calendar month. */
export const EARLY_DELETE_DAYS: Readonly<Record<Switches['early-delete-month'], number | undefined>> = {
  'calendar-month': undefined,
  '30-days': 30,
};

/** Days after its midnight at which a transition into INTELLIGENT_TIERING is made. */
export const TIERING_DELAY_DAYS: Readonly<Record<Switches['intelligent-tiering-move'], number>> = {
  midnight: 0,
  'day-later': 1,
  'two-days-later': 2,
};

export type Switches = { readonly [Name in keyof typeof SWITCHES]: (typeof SWITCHES)[Name]['choices'][number] };

export const DEFAULT_SWITCHES: Switches = {
  'early-delete-overhead': 'included',
  'early-delete-month': 'calendar-month',
  'intelligent-tiering-move': 'midnight',
  'copy-source-request': 'charged',
};

/** Decisions without a switch: each moves a bill by less than one per cent, or is the only reading that works. */
const FIXED: readonly Assumption[] = [
  {
    name: 'time',
    choice: 'whole seconds',
    text: 'Storage is metered in byte-seconds; fractions of a second order requests and are then dropped.',
    effect: 'less than a second of storage per object',
  },
  {
    name: 'zone',
    choice: 'UTC',
    text: 'A time without a zone is UTC, as every time AWS writes is.',
    effect: 'hours of storage, if times were local',
  },
  {
    name: 'midnight',
    choice: 'stays',
    text: 'An age that ends exactly at midnight UTC is due at that midnight, not at the next.',
    effect: 'a day of one class per object created at midnight',
  },
  {
    name: 'existing-objects',
    choice: 'created when the trace begins',
    text: 'An object first seen in a read existed before: its age counts from the trace’s first day, and its upload is not billed.',
    effect: 'early deletes and moves of objects that were there, of which only a log before would tell',
  },
  {
    name: 'price-changes',
    choice: 'first day of the month',
    text: 'A month is billed at the prices in force on its first day; a month before the first prices known, at those.',
    effect: 'part of a month at the other price',
  },
  {
    name: 'restore-time',
    choice: 'upper end',
    text: 'A restore takes the longest time AWS names: Glacier 5 minutes, 5 or 12 hours; Deep Archive 12 or 48 hours (standard, bulk; expedited, which it does not have, is taken as standard).',
    effect: 'waiting times; storage of the copy by hours',
  },
  {
    name: 'tier-moves',
    choice: 'midnight UTC',
    text: 'Intelligent-Tiering moves objects at the midnight UTC after their days without access.',
    effect: 'less than a day of one tier for each move',
  },
  {
    name: 'reads-after-expiration',
    choice: '404, billed',
    text: 'A read of an object a policy has expired is answered 404 and billed as a request to S3 Standard.',
    effect: '$0.0004 for 1,000 such reads',
  },
  {
    name: 'same-instant',
    choice: 'uploads, reads, removals',
    text: 'Requests of one object in the same millisecond are taken in the order: uploads, tags, restores, reads, removals.',
    effect: 'none where times have a fraction',
  },
  {
    name: 'unnamed-versions',
    choice: 'oldest first',
    text: 'A version ID that no upload gives is that of the oldest version without one; where there is none, of a version from before the trace.',
    effect: 'which of a key’s versions a row is about, where uploads name none',
  },
  {
    name: 'newer-versions',
    choice: 'versions and markers',
    text: 'NewerNoncurrentVersions counts noncurrent delete markers too, and a version is noncurrent since it last stopped being the current one.',
    effect: 'when noncurrent versions under NewerNoncurrentVersions go, where markers are among them',
  },
  {
    name: 'one-midnight',
    choice: 'older versions first, one move each',
    text: 'Of what rules do to versions at one midnight the older version comes first, and a version moves once; a move that becomes due by what was done at that midnight waits a day.',
    effect: 'which noncurrent versions NewerNoncurrentVersions counts at that midnight; a day of one class',
  },
  {
    name: 'recorded-requests',
    choice: 'made after it',
    text: 'Under as-is a request made between the midnight from which an act of S3’s own lifecycle is billed and its record is taken as made after that act.',
    effect: 'class, restore and reads after expiration of what is asked for in the night an object moves or goes',
  },
  {
    name: 'tier-pooling',
    choice: 'this input fills them alone',
    text: 'Volume tiers fill with what is in the input: other buckets and linked accounts, which AWS adds up by region, are not known.',
    effect: 'the tier in which usage beyond 50 TB begins',
  },
  {
    name: 'free-tier',
    choice: 'all of it to this input',
    text: 'With --free-tier the monthly 5 GB, 2,000 and 20,000 requests, which AWS gives once over all regions, go to this input; the credits of accounts since July 2025 are not modelled.',
    effect: 'up to $0.13 a month',
  },
  {
    name: 'metadata',
    choice: 'not counted',
    text: 'User metadata and the bytes of keys, which AWS stores and bills with an object, are in no log and not counted, but for delete markers.',
    effect: 'some hundred bytes an object',
  },
  {
    name: 'retrieval-bytes',
    choice: 'the bytes moved',
    text: 'Retrieval counts the bytes that moved, without the 128 KB minimum; a GET of no bytes is an access to Intelligent-Tiering all the same.',
    effect: 'for objects under 128 KB, where AWS may round up',
  },
  {
    name: 'noncurrent-size',
    choice: 'as current ones',
    text: 'The 128 KB default and its switch hold for noncurrent transitions too.',
    effect: 'transitions of small noncurrent versions',
  },
];

/** The assumptions a run rests on, those with a switch first. */
export function assumptions(switches: Switches): Assumption[] {
  const chosen = (Object.keys(SWITCHES) as (keyof typeof SWITCHES)[]).map((name) => ({
    name,
    choice: switches[name],
    effect: SWITCHES[name].effect,
    text: (SWITCHES[name].text as Readonly<Record<string, string>>)[switches[name]]!,
  }));
  return [...chosen, ...FIXED];
}
