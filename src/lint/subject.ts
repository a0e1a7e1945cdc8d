import type { Diagnostic } from '../model/diagnostic.ts';
import { actsOnVersions, type LifecycleConfiguration } from '../policies/lifecycle-configuration.ts';
import type { PolicyDocument } from '../policies/policy-document.ts';
import type { PriceList } from '../pricing/price-list.ts';
import { actionsOf } from './actions.ts';
import { Costs } from './costs.ts';
import type { Subject } from './finding.ts';

export interface LintOptions {
  readonly prices: PriceList;
  /** Absent: versioned where a rule acts on versions. */
  readonly versioning?: 'enabled' | 'suspended' | 'unversioned';
  /** Typical size of an object in bytes; absent: break-even sizes are told instead. */
  readonly objectSize?: number;
  /** UTC seconds; absent: no date is past. */
  readonly today?: number;
}

/** What the checks look at: the rules S3 has no complaint about. */
export function subjectOf(
  document: PolicyDocument,
  configuration: LifecycleConfiguration,
  diagnostics: readonly Diagnostic[],
  { prices, versioning, objectSize, today }: LintOptions,
): Subject {
  const refused = new Set(diagnostics.map(({ where }) => where?.rule));
  const sound = { ...configuration, rules: configuration.rules.filter(({ name }) => !refused.has(name)) };
  const rules = sound.rules.filter(({ enabled }) => enabled);
  const told = versioning === undefined ? undefined : versioning !== 'unversioned';
  return {
    document,
    configuration: sound,
    rules,
    actions: rules.flatMap((rule, index) => actionsOf(rule, index, sound)),
    complete: diagnostics.length === 0,
    versioned: told ?? (rules.some(actsOnVersions) ? true : undefined),
    objectSize,
    today,
    costs: new Costs(prices, today),
  };
}
