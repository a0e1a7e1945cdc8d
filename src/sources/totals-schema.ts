/** The file of totals, checked: every problem is said with its line. */
import { nearest, quotedValue } from '../model/diagnostic.ts';
import { LARGEST_OBJECT_BYTES, STORAGE_CLASSES, type StorageClass } from '../model/storage-class.ts';
import type { Horizon } from '../model/time.ts';
import { type Path, YamlReader } from './yaml-reader.ts';

export interface Totals {
  /** Whole calendar months. */
  readonly horizon: Horizon;
  readonly groups: readonly TotalsGroup[];
}

/** Objects under one prefix that are treated alike. */
export interface TotalsGroup {
  readonly name: string;
  readonly storageClass: StorageClass;
  /** What is there at the beginning, uploaded evenly over so many days before. */
  readonly stored: (Amount & { readonly oldestDays: number }) | undefined;
  /** What is uploaded each month. */
  readonly uploads: Amount | undefined;
  readonly reads: Reads | undefined;
  /** LIST requests each month. */
  readonly lists: number;
  /** Days after which an object is deleted; Infinity: never. */
  readonly retentionDays: number;
}

/** So many objects, in classes of equal size. */
export interface Amount {
  readonly objects: number;
  readonly sizes: readonly SizeShare[];
}

export interface SizeShare {
  readonly bytes: number;
  /** Part of the objects, of 1. */
  readonly share: number;
}

export interface Reads {
  /** GET requests each month. */
  readonly requests: number;
  /** Bytes they move each month; undefined: whole objects. */
  readonly bytes: number | undefined;
  /** Part of the objects they go to, of 1. */
  readonly share: number;
  /** Days from which on an object is not read any more; Infinity: read at any age. */
  readonly youngerThanDays: number;
}

const GB = 2 ** 30;
const MOST_OBJECTS = 1e11;
const MOST_REQUESTS = 1e12;
const MOST_MONTHS = 120;
const MOST_DAYS = 36_500;

/**
 * Reads totals in YAML, of which JSON is a part.
 * @throws InputError naming file, line and the offending text
 */
export async function parseTotals(text: string, file: string): Promise<Totals> {
  const reader = await YamlReader.open(text, file);
  const totals = readTotals(reader);
  reader.refuse();
  return totals;
}

function readTotals(reader: YamlReader): Totals {
  const horizon = { from: 0, until: 0 };
  const names = reader.names([], ['totals', 'start', 'months', 'groups']);
  if (!names) return { horizon, groups: [] };
  if (reader.value(['totals']) !== 1) {
    reader.problem(['totals'], `version ${quotedValue(reader.value(['totals']))} is not known; this is version 1`);
  }
  const months = reader.number(['months'], 12, 1, MOST_MONTHS);
  const [year, month] = startOf(reader);
  horizon.from = Date.UTC(year, month - 1) / 1000;
  horizon.until = Date.UTC(year, month - 1 + months) / 1000;
  const groups = reader.names(['groups']) ?? [];
  if (groups.length === 0) reader.problem(['groups'], 'there is no group');
  return { horizon, groups: groups.flatMap((name) => readGroup(reader, name) ?? []) };
}

function startOf(reader: YamlReader): [year: number, month: number] {
  const start = reader.value(['start']) ?? '2025-01';
  const [, year, month] = /^(\d{4})-(0[1-9]|1[0-2])(?:-01)?$/.exec(typeof start === 'string' ? start : '') ?? [];
  if (year !== undefined && Number(year) >= 1980 && Number(year) <= 2180) return [Number(year), Number(month)];
  reader.problem(['start'], `${quotedValue(start)} is not the first day of a month such as 2025-01 or 2025-01-01`);
  return [2025, 1];
}

const GROUP_NAMES = ['storageClass', 'size', 'sizes', 'stored', 'uploads', 'reads', 'lists', 'retention'];

function readGroup(reader: YamlReader, name: string): TotalsGroup | undefined {
  const at = ['groups', name];
  if (!/^[^\p{Cc}]{1,200}$/u.test(name)) return reader.problem(at, 'the name of a group is a prefix of keys');
  if (!reader.names(at, GROUP_NAMES)) return undefined;
  const sizes = readSizes(reader, at);
  const retentionDays = reader.number([...at, 'retention'], Infinity, 1, MOST_DAYS);
  const defaultOldest = Number.isFinite(retentionDays) ? retentionDays : 0;
  const oldestDays = reader.number([...at, 'stored', 'oldest'], defaultOldest, 0, MOST_DAYS);
  if (oldestDays > retentionDays) {
    reader.problem(
      [...at, 'stored', 'oldest'],
      `objects of ${oldestDays} days where they are deleted after ${retentionDays}`,
    );
  }
  const stored = readAmount(reader, [...at, 'stored'], sizes, ['oldest']);
  const uploads = readAmount(reader, [...at, 'uploads'], sizes);
  if (!stored && !uploads) reader.problem(at, 'nothing is stored and nothing is uploaded');
  const lists = reader.number([...at, 'lists'], 0, 0, MOST_REQUESTS);
  return {
    name,
    storageClass: readClass(reader, [...at, 'storageClass']),
    stored: stored && { ...stored, oldestDays },
    uploads,
    reads: readReads(reader, [...at, 'reads']),
    lists,
    retentionDays,
  };
}

function readClass(reader: YamlReader, path: Path): StorageClass {
  const value = reader.value(path) ?? 'STANDARD';
  const found = STORAGE_CLASSES.find((storageClass) => storageClass === value);
  if (found) return found;
  const near = typeof value === 'string' ? nearest(value, STORAGE_CLASSES) : undefined;
  reader.problem(path, `${quotedValue(value)} is no storage class${near ? `; did you mean ${near}?` : ''}`);
  return 'STANDARD';
}

/** The sizes of a group's objects, when it gives them by themselves. */
function readSizes(reader: YamlReader, at: Path): readonly SizeShare[] | undefined {
  const size = reader.size([...at, 'size']);
  const list = reader.value([...at, 'sizes']);
  if (list === undefined) return size === undefined ? undefined : [{ bytes: size, share: 1 }];
  const path = [...at, 'sizes'];
  if (size !== undefined) return reader.problem(path, 'there is a size already');
  if (!Array.isArray(list) || list.length === 0)
    return reader.problem(path, `${quotedValue(list)} is not a list of sizes`);
  const sizes = list.map((_, i) => {
    reader.names([...path, i], ['size', 'share']);
    return { bytes: reader.size([...path, i, 'size']) ?? 0, share: reader.share([...path, i, 'share'], 0) };
  });
  const sum = sizes.reduce((sum, { share }) => sum + share, 0);
  if (Math.abs(sum - 1) > 1e-9)
    return reader.problem(path, `the shares add up to ${Math.round(sum * 1e6) / 1e4}%, not 100%`);
  return sizes;
}

/** An amount of which two of GB, objects and sizes are given. */
function readAmount(
  reader: YamlReader,
  path: Path,
  sizes: readonly SizeShare[] | undefined,
  more: readonly string[] = [],
): Amount | undefined {
  if (!reader.names(path, ['GB', 'objects', ...more])) return undefined;
  const objects = reader.number([...path, 'objects'], undefined, 0, MOST_OBJECTS);
  const gigabytes = reader.number([...path, 'GB'], undefined, 0, 1e12, false);
  if (sizes) {
    if (objects !== undefined && gigabytes !== undefined) {
      return reader.problem(path, 'GB and objects are given besides the size; leave out one of the three');
    }
    const average = sizes.reduce((sum, { bytes, share }) => sum + bytes * share, 0);
    if (objects !== undefined) return { objects, sizes };
    if (gigabytes === undefined) return reader.problem(path, 'GB or objects is missing');
    if (average === 0) return reader.problem(path, 'GB of objects whose size is 0');
    return { objects: Math.round((gigabytes * GB) / average), sizes };
  }
  if (objects === undefined || gigabytes === undefined) {
    const missing = objects === undefined ? 'objects' : 'GB';
    return reader.problem(path, `${missing} is missing (or a size, or sizes, of the group)`);
  }
  const bytes = objects === 0 ? 0 : Math.round((gigabytes * GB) / objects);
  if (bytes > LARGEST_OBJECT_BYTES) return reader.problem(path, 'the objects are over 50 TB, the largest S3 stores');
  return { objects, sizes: [{ bytes, share: 1 }] };
}

function readReads(reader: YamlReader, path: Path): Reads | undefined {
  if (!reader.names(path, ['requests', 'objects', 'youngerThan', 'GB'])) return undefined;
  const requests = reader.number([...path, 'requests'], undefined, 0, MOST_REQUESTS);
  if (requests === undefined) {
    if (reader.value([...path, 'requests']) === undefined) reader.problem(path, 'requests is missing');
    return undefined;
  }
  const gigabytes = reader.number([...path, 'GB'], undefined, 0, 1e12, false);
  return {
    requests,
    bytes: gigabytes === undefined ? undefined : Math.round(gigabytes * GB),
    share: reader.share([...path, 'objects'], 1),
    youngerThanDays: reader.number([...path, 'youngerThan'], Infinity, 1, MOST_DAYS),
  };
}
