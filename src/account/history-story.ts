import type { Ledger } from '../metering/ledger.ts';
import type { History } from '../trace/history.ts';
import type { PlacedEntity } from '../trace/placed.ts';
import { NO_RULE } from '../trace/stays.ts';
import { type MeteredLife, type Telling, tellLife } from './life-story.ts';

/** A version or delete marker of a key under the policy. */
export interface ToldEntity extends PlacedEntity {
  /** From 1, in order of creation. */
  readonly version: number;
  /** Number of its version id, or NO_VERSION. */
  readonly id: number;
  readonly isNull: boolean;
}

/** Meters and tells all versions and delete markers of a key, and says which they are. */
export function tellHistory(
  telling: Telling,
  ledger: Ledger,
  history: History,
  tell: (metered: MeteredLife) => void,
): readonly ToldEntity[] {
  const { run } = telling;
  run.place(history);
  const entities = inOrder(history, run.placed.entities, (entity) => run.placed.entity(entity));
  for (const told of entities) {
    if (told.isMarker) {
      run.marker(told.from, told.until, history.keyBytes, told.count);
      tellMarker(telling, ledger, told, history.keyBytes);
    } else if (history.lives[told.life]!.count > 0) {
      run.version(history, told.life);
      const [life, stays] = [history.lives[told.life]!, run.placed.stays[told.life]!];
      const metered = { life, stays, version: told.version, entries: ledger.take() };
      tellLife(telling, metered);
      tell(metered);
    }
  }
  tellCurrent(telling, entities);
  return entities;
}

/** Entities that a policy made come after those that rows made in the same second. */
function inOrder(
  history: History,
  entities: number,
  placed: (entity: number) => PlacedEntity,
): (ToldEntity & { readonly life: number })[] {
  return Array.from({ length: entities }, (_, entity) => ({ entity, ...placed(entity) }))
    .sort((a, b) => a.from - b.from || a.entity - b.entity)
    .map(({ entity, ...facts }, at) => ({
      ...facts,
      version: at + 1,
      life: history.lifeOf[entity]!,
      id: entity < history.entities ? history.versionOf[entity]! : 0,
      isNull: entity < history.entities && history.isNull[entity]!,
    }));
}

function tellMarker({ rows, run, horizon }: Telling, ledger: Ledger, marker: ToldEntity, keyBytes: number): void {
  const { version, from, madeBy, removedBy, count } = marker;
  const until = Math.min(marker.until, horizon.until);
  const byRule = (rule: number): { rule?: string } => (rule === NO_RULE ? {} : { rule: run.policy.rules[rule]! });
  const many = count > 1 ? { count } : {};
  rows.row('mark', version, from, undefined, { ...many, ...byRule(madeBy) });
  const held = rows.row('marked', version, from, until, { ...many, size: keyBytes });
  held.entries.push(...ledger.take().map((entry) => ({ ...entry, until })));
  if (marker.until >= horizon.until) return;
  rows.row(removedBy === NO_RULE ? 'delete' : 'expire', version, until, undefined, { ...many, ...byRule(removedBy) });
}

/** Tells when versions stop being the current one, and when they are it again. */
function tellCurrent({ rows, horizon }: Telling, entities: readonly ToldEntity[]): void {
  const byEnd = entities.toSorted((a, b) => a.until - b.until);
  const instants = new Set(entities.flatMap(({ from, until }) => [from, until]));
  const alive: ToldEntity[] = [];
  let [begun, ended] = [0, 0];
  let current: ToldEntity | undefined;
  for (const instant of [...instants].sort((a, b) => a - b)) {
    if (instant >= horizon.until) break;
    const created: ToldEntity[] = [];
    while (entities[begun]?.from === instant) created.push(entities[begun++]!);
    alive.push(...created);
    while (byEnd[ended]?.until === instant) alive.splice(alive.lastIndexOf(byEnd[ended++]!), 1);
    const next = alive.at(-1);
    for (const entity of current ? [current, ...created] : created) {
      const isCovered = entity !== next && entity.until > instant;
      if (isCovered && !entity.isMarker) rows.row('noncurrent', entity.version, instant);
    }
    if (next && next !== current && !next.isMarker && next.from < instant) rows.row('current', next.version, instant);
    current = next;
  }
}
