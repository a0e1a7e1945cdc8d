import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { generate, presets, type WorkloadOptions, workloadCsv } from '../../src/generators/index.ts';
import { UsageError } from '../../src/model/diagnostic.ts';
import { byKey, DAY, rowsOf, START } from './rows.ts';

const names = Object.keys(presets);
const fiftyTerabytes = 50 * 1024 ** 4;

function digest(preset: string, options: Partial<WorkloadOptions>): string {
  const hash = createHash('sha256');
  const workload = generate(presets[preset]!, { objects: 50, days: 30, seed: 1, start: START, ...options });
  for (const piece of workloadCsv(workload)) hash.update(piece);
  return hash.digest('hex').slice(0, 16);
}

describe.each(names)('%s', (name) => {
  it('has a life of uploads, reads and at most one delete for every object', () => {
    const keys = byKey(rowsOf(name, { objects: 400, days: 400, events: 30_000 }));
    expect(keys.size).toBe(400);
    const wrong = [...keys.values()].flatMap((events) => {
      let size: number | undefined;
      return events.filter((event, i) => {
        if (event.operation === 'PUT') size = event.size;
        const inOrder = i === 0 ? event.operation === 'PUT' : events[i - 1]!.time <= event.time;
        const sized = event.operation === 'DELETE' || (event.size === size && (event.bytes ?? 0) <= size!);
        return !(inOrder && sized && (event.operation !== 'DELETE' || i === events.length - 1));
      });
    });
    expect(wrong).toEqual([]);
  });

  it('keeps to the horizon, to sizes S3 stores and to keys S3 takes', () => {
    const possible = (bytes = 0) => Number.isInteger(bytes) && bytes >= 0 && bytes <= fiftyTerabytes;
    const within = (time: number) => Number.isInteger(time) && time >= START && time < START + 20 * DAY;
    const wrong = rowsOf(name, { objects: 400, days: 20, events: 20_000 }).filter(
      ({ time, operation, key, size, bytes }) =>
        !within(time) ||
        !['PUT', 'GET', 'HEAD', 'LIST', 'DELETE'].includes(operation) ||
        Buffer.byteLength(key) > 1024 ||
        !possible(size) ||
        !possible(bytes),
    );
    expect(wrong).toEqual([]);
  });

  it('gives an object the same events whatever the number of objects', () => {
    const few = rowsOf(name, { objects: 40, days: 60 });
    const many = rowsOf(name, { objects: 400, days: 60 });
    expect(many.slice(0, few.length)).toEqual(few);
    expect(many.length).toBeGreaterThan(few.length);
  });

  it('gives another workload for another seed, in its high bits as well', () => {
    const seeds = [0, 1, 2, 2 ** 32 + 1, Number.MAX_SAFE_INTEGER];
    expect(new Set(seeds.map((seed) => digest(name, { seed }))).size).toBe(seeds.length);
  });

  it('comes near the number of events asked for', () => {
    for (const events of [30_000, 120_000]) {
      const { length } = rowsOf(name, { objects: 3000, days: 182, events });
      expect(Math.abs(length / events - 1)).toBeLessThan(0.04);
    }
  });
});

it('writes the same bytes for the same numbers, today and tomorrow', () => {
  expect(Object.fromEntries(names.map((name) => [name, digest(name, {})]))).toMatchInlineSnapshot(`
    {
      "backup": "f3519ec6fd426300",
      "business-critical": "e935726502cb4bee",
      "compliance-archive": "604806c9f3da1e1f",
      "data-lake": "eb386e5447579334",
      "user-content": "37678262a7c856fe",
      "video": "5a64bd96258ae43f",
      "web-hosting": "37e83e217c809275",
    }
  `);
});

it('starts on the day it is told to', () => {
  const start = Date.UTC(2027, 5, 1) / 1000;
  const [first] = rowsOf('business-critical', { objects: 1, start });
  expect(Math.floor((first!.time - start) / DAY)).toBe(0);
});

it('puts the first day of the upload in keys with dates', () => {
  for (const { key, time } of rowsOf('backup', { objects: 50 }).filter(({ operation }) => operation === 'PUT')) {
    expect(key).toContain(`backups/${new Date(time * 1000).toISOString().slice(0, 10)}/`);
  }
});

it.each([
  [{ objects: 0 }, 'objects must be a whole number from 1 to 1000000000, not 0'],
  [{ objects: 1.5 }, 'objects must be a whole number from 1 to 1000000000, not 1.5'],
  [{ days: 36_501 }, 'days must be a whole number from 1 to 36500, not 36501'],
  [{ seed: -1 }, 'seed must be a whole number from 0 to 9007199254740991, not -1'],
  [{ events: Number.NaN }, 'events must be a whole number from 1 to 1000000000000, not NaN'],
  [{ start: START + 1 }, 'start must be a day from 1970-01-01 to 2999-12-31'],
  [{ objects: 100, events: 99 }, 'events must be 100 or more: so many uploads and deletes have these objects'],
])('refuses %o', (options, message) => {
  const all = { objects: 10, days: 10, seed: 1, start: START, ...options };
  expect(() => generate(presets.video!, all)).toThrow(new UsageError(message));
});
