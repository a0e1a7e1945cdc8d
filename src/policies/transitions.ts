/** The transitions of a rule, of current and of noncurrent versions, and the order S3 asks of them. */
import { nearest, quoted } from '../model/diagnostic.ts';
import {
  type ClassCode,
  DEEP_ARCHIVE,
  GLACIER,
  GLACIER_IR,
  INTELLIGENT_TIERING,
  ONEZONE_IA,
  STANDARD_IA,
  STORAGE_CLASSES,
} from '../model/storage-class.ts';
import type { Checks } from './checks.ts';
import {
  ACTION_TIMES,
  dueDays,
  type LifecycleDue,
  NONCURRENT_TIMES,
  type NoncurrentDue,
  parseDue,
  parseNoncurrentDue,
} from './due.ts';
import { filterInS3Words, type ObjectFilter } from './filters.ts';
import type { Json, JsonObject } from './json.ts';

export type LifecycleTransition = LifecycleDue & { readonly storageClass: ClassCode };
export type NoncurrentTransition = NoncurrentDue & { readonly storageClass: ClassCode };

/** Classes a transition can go to, warmest first as S3 orders them. */
const TRANSITION_TARGETS: readonly ClassCode[] = [
  STANDARD_IA,
  INTELLIGENT_TIERING,
  ONEZONE_IA,
  GLACIER_IR,
  GLACIER,
  DEEP_ARCHIVE,
];

/** Days an object must have been in a class before the same rule moves it on. */
const GAP_DAYS: Readonly<Record<number, number>> = {
  [STANDARD_IA]: 30,
  [ONEZONE_IA]: 30,
  [GLACIER_IR]: 90,
  [GLACIER]: 90,
};

/** Days before which the IA classes take no object. */
const LEAST_IA_DAYS = 30;

type TransitionAction = 'Transition' | 'NoncurrentVersionTransition';

/** A transition as far as its order among those of the rule goes. */
interface Step {
  readonly storageClass: ClassCode;
  readonly days: number;
  readonly line: number;
}

/** How S3 names what is wrong with the order. */
interface Naming {
  readonly action: TransitionAction;
  readonly field: 'Days' | 'Date' | 'NoncurrentDays';
  /** The rule's filter. */
  readonly words: string;
}

export function parseTransitions(checks: Checks, rule: JsonObject, filter: ObjectFilter): LifecycleTransition[] {
  const name = 'Transition';
  const found = actionsOf(checks, rule, name, ACTION_TIMES).flatMap((action) => {
    const storageClass = targetClass(checks, action, name);
    const due = parseDue(checks, action, name);
    return due && storageClass !== undefined ? { transition: { ...due, storageClass }, line: action.line } : [];
  });
  const transitions = found.map(({ transition }) => transition);
  const words = filterInS3Words(filter);
  const byDays = transitions.filter((transition) => 'days' in transition).length;
  if (byDays > 0 && byDays < transitions.length) {
    const message = `Found mixed 'Date' and 'Days' based Transition actions in lifecycle rule for filter '${words}'`;
    checks.refuse('InvalidRequest', message, rule.line);
    return transitions;
  }
  const steps = found.map(({ transition, line }) => ({
    storageClass: transition.storageClass,
    days: dueDays(transition),
    line,
  }));
  checkOrder(checks, steps, { action: name, field: byDays > 0 ? 'Days' : 'Date', words }, rule.line);
  return transitions;
}

export function parseNoncurrentTransitions(
  checks: Checks,
  rule: JsonObject,
  filter: ObjectFilter,
): NoncurrentTransition[] {
  const name = 'NoncurrentVersionTransition';
  const found = actionsOf(checks, rule, name, NONCURRENT_TIMES).flatMap((action) => {
    const storageClass = targetClass(checks, action, name);
    const due = parseNoncurrentDue(checks, rule, action, name);
    return due && storageClass !== undefined ? { transition: { ...due, storageClass }, line: action.line } : [];
  });
  const steps = found.map(({ transition, line }) => ({
    storageClass: transition.storageClass,
    days: transition.noncurrentDays,
    line,
  }));
  checkOrder(checks, steps, { action: name, field: 'NoncurrentDays', words: filterInS3Words(filter) }, rule.line);
  return found.map(({ transition }) => transition);
}

/** A list, or the one object that `get-bucket-lifecycle`, which this API replaced, prints under the singular name. */
function actionsOf(
  checks: Checks,
  { fields, line }: JsonObject,
  name: TransitionAction,
  times: readonly string[],
): JsonObject[] {
  const one = fields.get(name);
  const several = `${name}s`;
  const list = fields.has(several) ? checks.array(fields.get(several), several, line) : undefined;
  if (fields.has(several) && one !== undefined) {
    checks.error(`a rule has '${several}' or '${name}', not both`, line);
  }
  const items: readonly Json[] = list?.items ?? (one === undefined ? [] : [one]);
  return items.flatMap(
    (item) => checks.object(item, `a ${name}`, [...times, 'StorageClass'], list?.line ?? line) ?? [],
  );
}

function targetClass(checks: Checks, { fields, line }: JsonObject, action: TransitionAction): ClassCode | undefined {
  const name = checks.string(fields.get('StorageClass'), `'StorageClass' of a ${action}`, line);
  if (name === undefined) return undefined;
  const code = TRANSITION_TARGETS.find((target) => STORAGE_CLASSES[target] === name);
  if (code !== undefined) return code;
  if (name === 'REDUCED_REDUNDANCY' || (STORAGE_CLASSES as readonly string[]).includes(name)) {
    checks.refuse('InvalidArgument', `Invalid target Storage class for ${action} action: '${name}'`, line);
  } else {
    const names = TRANSITION_TARGETS.map((target) => STORAGE_CLASSES[target]!);
    const meant = nearest(name.slice(0, 64), names);
    const help = meant === undefined ? `it is one of ${names.join(', ')}` : `did you mean '${meant}'?`;
    checks.malformed(`no storage class ${quoted(name)}; ${help}`, line);
  }
  return undefined;
}

/** The IA classes take objects from their 30th day on; colder classes come later, after the minimum of the warmer. */
function checkOrder(checks: Checks, steps: readonly Step[], naming: Naming, line: number): void {
  const { action, field, words } = naming;
  for (const step of steps) if (field !== 'Date') checkLeastDays(checks, step, naming);
  if (new Set(steps.map((step) => step.storageClass)).size < steps.length) {
    const message = `'StorageClass' must be different for '${action}' actions in same 'Rule' with filter '${words}'`;
    checks.refuse('InvalidRequest', message, line);
    return;
  }
  const coldestLast = [...steps].sort((a, b) => rank(a) - rank(b));
  for (const [i, colder] of coldestLast.entries()) {
    if (i > 0) checkGap(checks, coldestLast[i - 1]!, colder, naming);
  }
}

const rank = ({ storageClass }: Step): number => TRANSITION_TARGETS.indexOf(storageClass);

function checkLeastDays(checks: Checks, { storageClass, days, line }: Step, { action, field }: Naming): void {
  if (days >= LEAST_IA_DAYS || (storageClass !== STANDARD_IA && storageClass !== ONEZONE_IA)) return;
  const message = `'${field}' in ${action} action must be greater than or equal to ${LEAST_IA_DAYS} for storageClass '${STORAGE_CLASSES[storageClass]}'`;
  checks.refuse('InvalidArgument', message, line);
}

/** In one rule an object must have been in a class for the class's minimum before it moves on. */
function checkGap(checks: Checks, warmer: Step, colder: Step, { action, field, words }: Naming): void {
  const [from, to] = [STORAGE_CLASSES[warmer.storageClass]!, STORAGE_CLASSES[colder.storageClass]!];
  const gap = colder.days - warmer.days;
  const least = GAP_DAYS[warmer.storageClass] ?? 0;
  if (gap <= 0) {
    const message =
      `'${field}' in the ${action} action for StorageClass '${to}' for filter '${words}' must be greater than ` +
      `'${field}' in the ${action} action for StorageClass '${from}' for filter '${words}'`;
    checks.refuse('InvalidArgument', message, colder.line);
  } else if (gap < least) {
    const message =
      `'${field}' in the '${action}' action for StorageClass '${to}' for filter '${words}' must be ${least} days more than ` +
      `'filter '${words}'' in the '${action}' action for StorageClass '${from}'`;
    checks.refuse('InvalidArgument', message, colder.line);
  }
}
