import { GET } from '../../src/model/operation.ts';
import { type ClassCode, STANDARD, STORAGE_CLASSES } from '../../src/model/storage-class.ts';
import type { Policy } from '../../src/policies/policy.ts';
import { ALIVE, type Life } from '../../src/trace/life.ts';
import { Stays } from '../../src/trace/stays.ts';
import type { Mark } from '../../src/trace/trace.ts';

/** UTC seconds of an ISO time; a date alone is its midnight. */
export const at = (text: string): number => Date.parse(text.length === 10 ? text : text.replace(/Z?$/, 'Z')) / 1000;

export interface LifeText {
  created?: string | number;
  ended?: string | number;
  size?: number;
  uploadClass?: ClassCode;
  key?: string;
  /** Tags from an instant on; the first are those of the upload. */
  tags?: readonly (readonly [time: string | number, tags: Readonly<Record<string, string>>])[];
  accesses?: readonly (readonly [time: string | number, operation?: number])[];
}

const seconds = (time: string | number): number => (typeof time === 'number' ? time : at(time));

/** A life in words, with the marks a policy asks about. */
export function aLife(text: LifeText, marks: readonly Mark[] = []): Life {
  const { created = '2024-01-01', ended = '2030-01-01', size = 1_000_000, uploadClass = STANDARD } = text;
  const { key = 'a', tags = [[created, {}]], accesses = [] } = text;
  const markWords = Math.ceil(marks.length / 31);
  const words = new Int32Array(tags.length * markWords);
  for (const [change, [, has]] of tags.entries()) {
    for (const [i, mark] of marks.entries()) {
      const holds = mark.kind === 'prefix' ? key.startsWith(mark.prefix) : has[mark.key] === mark.value;
      if (holds) words[change * markWords + Math.floor(i / 31)]! |= 1 << (i % 31);
    }
  }
  return {
    created: seconds(created),
    ended: seconds(ended),
    endedBy: ALIVE,
    size,
    count: 1,
    uploadClass,
    assumed: false,
    group: 0,
    first: true,
    accesses: accesses.length,
    accessTime: Float64Array.from(accesses, ([time]) => seconds(time)),
    accessOperation: Uint8Array.from(accesses, ([, operation = GET]) => operation),
    accessBytes: new Float64Array(accesses.length),
    accessCount: new Float64Array(accesses.length).fill(1),
    acts: 0,
    actTime: [],
    actOperation: [],
    markFlags: new Uint8Array(tags.length),
    tags: new Uint8Array(tags.length),
    markChanges: tags.length,
    markTime: Float64Array.from(tags, ([time]) => seconds(time)),
    marks: words,
  };
}

/** Lays a life into a policy. */
export function placed(policy: Policy, text: LifeText): Stays {
  const stays = new Stays();
  const words = Math.ceil(policy.marks.length / 31);
  policy.place(aLife(text, policy.marks), stays, [...policy.marks.keys()], words);
  return stays;
}

const time = (t: number): string => new Date(t * 1000).toISOString().replace(/(T00:00:00)?\.000Z$/, '');

/** `STANDARD 2024-01-01`, `GLACIER 2024-03-01 by archive`, `expires 2025-01-01 by drop`. */
export function stayLines(policy: Policy, text: LifeText): string[] {
  const stays = placed(policy, text);
  const by = (rule: number): string => (rule < 0 ? '' : ` by ${policy.rules[rule]}`);
  const lines = Array.from({ length: stays.length }, (_, i) => {
    return `${STORAGE_CLASSES[stays.storageClass[i]!]} ${time(stays.from[i]!)}${by(stays.rule[i]!)}`;
  });
  if (stays.expires < Infinity) lines.push(`expires ${time(stays.expires)}${by(stays.expiryRule)}`);
  return lines;
}
