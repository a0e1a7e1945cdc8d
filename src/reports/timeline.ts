/** The life of an object as a picture shows it: bands of classes, marks of events, and when it was asked for. */
import type { AccountEvent, AccountRow, ObjectShare } from '../model/explanation.ts';
import { rowWords } from './account-words.ts';
import { formatExactUSD, formatUSD } from './format.ts';

/** What a mark looks like. */
export type MarkShape = 'begin' | 'move' | 'restore' | 'cover' | 'return' | 'end';

const SHAPES: Readonly<Partial<Record<AccountEvent, MarkShape>>> = {
  exist: 'begin',
  upload: 'begin',
  move: 'move',
  tier: 'move',
  restore: 'restore',
  mark: 'begin',
  noncurrent: 'cover',
  current: 'return',
  expire: 'end',
  delete: 'end',
  overwrite: 'end',
  abort: 'end',
};

/** Times in milliseconds. */
export interface Band {
  readonly from: number;
  readonly until: number;
  /** Class, and the tier inside Intelligent-Tiering. */
  readonly place: string;
  /** Drawn thin, below the object: a restored copy, parts. */
  readonly aside: boolean;
  readonly words: string;
}

export interface EventMark {
  readonly time: number;
  readonly shape: MarkShape;
  readonly words: string;
}

/** Requests, by the time of each row. */
export interface ReadTick {
  readonly time: number;
  readonly times: number;
}

/** One line of the picture: objects that were one after the other, or one version. */
export interface Lane {
  readonly name: string;
  readonly bands: readonly Band[];
  readonly marks: readonly EventMark[];
  readonly reads: readonly ReadTick[];
}

/** Versions that have a lane each; of more, the latest. */
const MOST_LANES = 8;

const ASIDE: Readonly<Partial<Record<AccountEvent, string>>> = {
  copy: 'restored copy',
  parts: 'parts of an upload',
};

/** The lanes of an account: one in an unversioned bucket, else one for each version. */
export function lanesOf(share: ObjectShare, isVersioned: boolean): Lane[] {
  const rows = share.rows ?? [];
  if (!isVersioned || rows.every(({ version }) => version === undefined)) return [laneOf('', rows, share)];
  const shown = share.versions.slice(-MOST_LANES).map(({ version }) => version);
  const last = shown.at(-1);
  return shown.map((version) => {
    const own = rows.filter((row) => row.version === version || (row.version === undefined && version === last));
    return laneOf(share.versions.length > 1 ? `#${version}` : '', own, share);
  });
}

function laneOf(name: string, rows: readonly AccountRow[], share: ObjectShare): Lane {
  return {
    name,
    bands: rows.flatMap((row) => bandOf(row, share)),
    marks: rows.flatMap((row) => markOf(row, share)),
    reads: rows.filter(({ event }) => event === 'request').map(tickOf),
  };
}

function bandOf(row: AccountRow, share: ObjectShare): Band[] {
  const { event, at, until, storageClass = '', tier } = row;
  const aside = ASIDE[event];
  const place = event === 'marked' ? 'delete marker' : (aside ?? `${storageClass}${tier ? ` ${tier}` : ''}`);
  if (until === undefined || (event !== 'stored' && event !== 'marked' && aside === undefined)) return [];
  return [
    { from: Date.parse(at), until: Date.parse(until), place, aside: aside !== undefined, words: withCost(row, share) },
  ];
}

function markOf(row: AccountRow, share: ObjectShare): EventMark[] {
  const shape = SHAPES[row.event];
  return shape ? [{ time: Date.parse(row.at), shape, words: withCost(row, share) }] : [];
}

/** Requests of a whole day stand at its noon. */
function tickOf({ at, until, requests = [] }: AccountRow): ReadTick {
  const begin = Date.parse(at);
  const time = until === undefined ? begin : (begin + Date.parse(until)) / 2;
  return { time, times: requests.reduce((sum, { times }) => sum + times, 0) };
}

function withCost(row: AccountRow, share: ObjectShare): string {
  const cost = Number(row.costUSD) === 0 ? '' : `: ${formatExactUSD(row.costUSD)}`;
  return `${row.at.slice(0, 10)} ${rowWords(row, share)}${cost}`;
}

/** The picture in words, for those who do not see it. */
export function timelineInWords(share: ObjectShare): string {
  const events = (share.rows ?? []).filter(({ event }) => SHAPES[event] !== undefined);
  const told = events.slice(0, 12).map((row) => `${row.at.slice(0, 10)} ${rowWords(row, share)}`);
  const more = events.length > 12 ? ` and ${events.length - 12} more events` : '';
  return `Timeline of what happened to the object: ${told.join('; ')}${more}. It costs ${formatUSD(share.totalUSD)} in all; the table below has every row.`;
}
