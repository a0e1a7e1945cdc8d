import { transitionTarget } from '../model/operation.ts';
import { midnightBefore } from '../model/time.ts';
import type { Life } from '../trace/life.ts';
import type { Stays } from '../trace/stays.ts';
import type { Policy } from './policy.ts';
import { moveAsRecorded, RECORD, RecordedPlacement } from './recorded-placement.ts';

/** What is: objects stay where they were uploaded, or an inventory lists them, until S3's own lifecycle is recorded to have moved or removed them. */
export function asIsPolicy(name: string): Policy {
  const placements = new Map<boolean, RecordedPlacement>();
  return {
    name,
    description: "uploads to the class the trace gives; moves and expires what S3's own records in it say",
    marks: [],
    rules: ['recorded by S3'],
    followsRecords: true,
    recipe: { kind: 'as-is', name },
    place(life, stays) {
      stays.begin(life.uploadClass, life.created);
      if (life.acts > 0) follow(life, stays);
    },
    placeHistory(history, placed, suspended, _until, markOf, markWords) {
      if (history.acts > 0) {
        const known = placements.get(suspended) ?? new RecordedPlacement(suspended);
        placements.set(suspended, known);
        known.place(history, placed);
        return;
      }
      placed.begin(history);
      for (let version = 0; version < history.versions; version++) {
        this.place(history.lives[version]!, placed.stays[version]!, markOf, markWords);
      }
    },
  };
}

/** In an unversioned bucket a delete marker, like a DELETE, is the end of the object. */
function follow({ acts, actOperation, actTime }: Life, stays: Stays): void {
  for (let act = 0; act < acts; act++) {
    const [operation, recorded] = [actOperation[act]!, actTime[act]!];
    if (transitionTarget(operation) === undefined) {
      stays.expire(Math.max(midnightBefore(recorded), stays.from[stays.length - 1]!), RECORD);
      return;
    }
    moveAsRecorded(stays, operation, recorded);
  }
}
