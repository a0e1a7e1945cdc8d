/** What rules do, one action at a time. */
import { type ClassCode, STORAGE_CLASSES } from '../model/storage-class.ts';
import { whenInWords } from '../policies/description.ts';
import { dueDays, type LifecycleDue, type NoncurrentDue } from '../policies/due.ts';
import type { LifecycleConfiguration, LifecycleRule } from '../policies/lifecycle-configuration.ts';
import { smallestMoved } from '../policies/rule.ts';
import { sizes } from './scope.ts';

export interface Action {
  readonly rule: LifecycleRule;
  /** Of the rule in the configuration. */
  readonly index: number;
  readonly subject: 'current' | 'noncurrent' | 'upload';
  /** Where to; absent for what removes. */
  readonly target?: ClassCode;
  /** What `at` counts: days since creation or since superseded, or days since 1970. */
  readonly by: 'days' | 'date';
  readonly at: number;
  /** Newer noncurrent versions there must be. */
  readonly newer: number;
  /** The smallest object it is done to; 0 where it is done to all the filter takes. */
  readonly smallest: number;
  /** `after 30 days` */
  readonly when: string;
}

/** The actions of an enabled rule. */
export function actionsOf(rule: LifecycleRule, index: number, { smallObjects }: LifecycleConfiguration): Action[] {
  const common = { rule, index, newer: 0, smallest: 0 };
  const [least] = sizes(rule.filter);
  const moved = (target: ClassCode) => ({
    target,
    smallest: Math.max(least, smallestMoved(rule.filter, target, smallObjects)),
  });
  const { abortIncompleteUploadDays: abort } = rule;
  return [
    ...rule.transitions.map((due) => ({ ...common, ...current(due), ...moved(due.storageClass) })),
    ...(rule.expiration ? [{ ...common, ...current(rule.expiration) }] : []),
    ...rule.noncurrentTransitions.map((due) => ({ ...common, ...noncurrent(due), ...moved(due.storageClass) })),
    ...(rule.noncurrentExpiration ? [{ ...common, ...noncurrent(rule.noncurrentExpiration) }] : []),
    ...(abort === undefined
      ? []
      : [
          { ...common, subject: 'upload' as const, by: 'days' as const, at: abort, when: whenInWords({ days: abort }) },
        ]),
  ];
}

function current(due: LifecycleDue): Pick<Action, 'subject' | 'by' | 'at' | 'when'> {
  return {
    subject: 'current',
    by: 'days' in due ? 'days' : 'date',
    at: dueDays(due),
    when: whenInWords(due),
  };
}

function noncurrent(due: NoncurrentDue): Pick<Action, 'subject' | 'by' | 'at' | 'when' | 'newer'> {
  return {
    subject: 'noncurrent',
    by: 'days',
    at: due.noncurrentDays,
    newer: due.newerNoncurrentVersions ?? 0,
    when: whenInWords({ days: due.noncurrentDays }),
  };
}

/** `GLACIER after 30 days`, `the expiration after 365 days`. */
export function actionInWords({ subject, target, when }: Action): string {
  if (subject === 'upload') return `aborting incomplete uploads ${when}`;
  if (target === undefined)
    return subject === 'current' ? `the expiration ${when}` : `the removal of noncurrent versions ${when}`;
  return `${STORAGE_CLASSES[target]!} ${when}${subject === 'current' ? '' : ' for noncurrent versions'}`;
}
