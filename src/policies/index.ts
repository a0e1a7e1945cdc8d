/** The policies that have a name. One line each. */
import { nearest, quoted, UsageError } from '../model/diagnostic.ts';
import {
  DEEP_ARCHIVE,
  EXPRESS_ONEZONE,
  GLACIER,
  GLACIER_IR,
  INTELLIGENT_TIERING,
  ONEZONE_IA,
  STANDARD,
  STANDARD_IA,
} from '../model/storage-class.ts';
import { asIsPolicy } from './as-is.ts';
import { parsePolicyFile } from './configuration.ts';
import { fixedPolicy } from './fixed.ts';
import type { RunChoices } from './lifecycle.ts';
import { LIFECYCLE_EXAMPLE } from './lifecycle-example.ts';
import type { Policy } from './policy.ts';

const REGISTRY: ReadonlyMap<string, (name: string, run: RunChoices) => Policy> = new Map([
  ['standard', (name) => fixedPolicy(name, STANDARD)],
  ['standard-ia', (name) => fixedPolicy(name, STANDARD_IA)],
  ['onezone-ia', (name) => fixedPolicy(name, ONEZONE_IA)],
  ['glacier-ir', (name) => fixedPolicy(name, GLACIER_IR)],
  ['glacier', (name) => fixedPolicy(name, GLACIER)],
  ['deep-archive', (name) => fixedPolicy(name, DEEP_ARCHIVE)],
  ['intelligent-tiering', (name) => fixedPolicy(name, INTELLIGENT_TIERING)],
  ['express-onezone', (name) => fixedPolicy(name, EXPRESS_ONEZONE)],
  ['as-is', asIsPolicy],
  ['lifecycle-example', lifecycleExample],
]);

/** Names a user can give to `--policy`, in the order of the documentation. */
export const policyNames: readonly string[] = [...REGISTRY.keys()];

/**
 * The policy of a name.
 * @throws {UsageError} naming the nearest policy, when there is none of that name
 */
export function namedPolicy(name: string, run: RunChoices = {}): Policy {
  const make = REGISTRY.get(name);
  if (make) return make(name, run);
  const meant = nearest(name.slice(0, 64), policyNames);
  const help = meant === undefined ? `known policies: ${policyNames.join(', ')}` : `did you mean '${meant}'?`;
  throw new UsageError(`no policy ${quoted(name)}; ${help}`);
}

function lifecycleExample(name: string, run: RunChoices): Policy {
  return parsePolicyFile(JSON.stringify(LIFECYCLE_EXAMPLE), { name, ...run }).policy!;
}

export { parsePolicyFile } from './configuration.ts';
