import { existsSync, readFileSync } from 'node:fs';
import { basename, extname } from 'node:path';
import type { Comparison } from '../model/comparison.ts';
import { InputError, nearest, quoted, UsageError } from '../model/diagnostic.ts';
import { namedPolicy, parsePolicyFile, policyNames } from '../policies/index.ts';
import type { RunChoices } from '../policies/lifecycle.ts';
import type { Policy } from '../policies/policy.ts';
import type { PriceList } from '../pricing/price-list.ts';

/** Policies to run, those that cannot be, and the one savings are measured against. */
export interface Selection {
  readonly policies: readonly Policy[];
  readonly leftOut: Comparison['leftOut'];
  readonly baseline: string;
}

/** What the bucket costs as it is. */
const AS_IS = 'as-is';

/** Policies of a comparison for which no `--policy` is given: all that move or place objects. */
const DEFAULT_POLICIES: readonly string[] = policyNames.filter((name) => name !== AS_IS);

/**
 * The policies a comparison runs. By default EXPRESS_ONEZONE is left out, by name, in regions without its prices.
 * @param presentClasses the inputs say which class each object is in at present: savings are measured against that
 * @throws UsageError for a baseline that is none of them
 */
export function selectPolicies(
  specs: readonly string[],
  baseline: string | undefined,
  run: RunChoices,
  prices: PriceList,
  presentClasses = false,
): Selection {
  const isDefault = specs.length === 0;
  const withoutExpress = isDefault && !prices.prices.some(({ usageType }) => usageType === 'TimedStorage-XZ-ByteHrs');
  const wanted = isDefault ? DEFAULT_POLICIES.filter((name) => !(withoutExpress && name === EXPRESS)) : specs;
  const isNamed = wanted.some((spec) => spec === AS_IS || spec.startsWith(`${AS_IS}=`));
  const addsPresent = presentClasses && !isNamed && (baseline === undefined || baseline === AS_IS);
  const policies = readPolicies(addsPresent ? [AS_IS, ...wanted] : wanted, run);
  const names = policies.map(({ name }) => name);
  if (baseline !== undefined && !names.includes(baseline)) {
    const near = nearest(baseline, names);
    const hint = near ? `did you mean '${near}'?` : `there are ${names.join(', ')}`;
    throw new UsageError(`--baseline: no policy ${quoted(baseline)} in this comparison; ${hint}`);
  }
  const reason = `the price list of ${prices.region} has no prices for Express One Zone`;
  return {
    policies,
    leftOut: withoutExpress ? [{ policy: EXPRESS, reason }] : [],
    baseline:
      baseline ?? [...(presentClasses ? [AS_IS] : []), 'standard'].find((name) => names.includes(name)) ?? names[0]!,
  };
}

const EXPRESS = 'express-onezone';

/**
 * The policies of `--policy` flags: names, paths of policy files, or `label=` before either.
 * @throws UsageError for an unknown name or a name used twice, InputError for a file S3 would refuse
 */
export function readPolicies(specs: readonly string[], run: RunChoices): Policy[] {
  const policies = specs.map((spec) => readPolicy(spec, run));
  const names = policies.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new UsageError(`two policies are named ${quoted(twice)}; give one a label: --policy label=${twice}`);
  return policies;
}

function readPolicy(spec: string, run: RunChoices): Policy {
  if (policyNames.includes(spec)) return namedPolicy(spec, run);
  if (existsSync(spec)) return readPolicyFile(spec, undefined, run);
  const at = spec.indexOf('=');
  if (at > 0) {
    const [label, rest] = [spec.slice(0, at), spec.slice(at + 1)];
    if (policyNames.includes(rest)) return { ...namedPolicy(rest, run), name: label };
    return readPolicyFile(rest, label, run);
  }
  return /[./\\]/.test(spec) ? readPolicyFile(spec, undefined, run) : namedPolicy(spec, run);
}

function readPolicyFile(path: string, label: string | undefined, run: RunChoices): Policy {
  const name = label ?? basename(path, extname(path));
  const { policy, diagnostics } = parsePolicyFile(readText(path), { file: path, name, ...run });
  if (!policy) throw new InputError(diagnostics);
  return label === undefined ? policy : { ...policy, name: label };
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'this is a directory' : message;
    throw new InputError([{ severity: 'error', message: reason, where: { file: path } }]);
  }
}
