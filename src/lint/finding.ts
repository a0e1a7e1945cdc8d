import type { LifecycleConfiguration, LifecycleRule } from '../policies/lifecycle-configuration.ts';
import type { PolicyDocument } from '../policies/policy-document.ts';
import type { Action } from './actions.ts';
import type { Costs } from './costs.ts';

/** What is to be said of a policy file: what S3 refuses (error), what will be regretted (warning), what is good to know (note). */
export interface Finding {
  readonly severity: 'error' | 'warning' | 'note';
  /** Name of the check that found it; `refused` for what S3 would refuse or what cannot be read. */
  readonly check: string;
  /** S3's error code where S3 would refuse. */
  readonly code?: string;
  readonly rule?: string;
  readonly line?: number;
  /** What is wrong, in the words of S3 where S3 would say it. */
  readonly what: string;
  readonly why?: string;
  /** What to do about it. */
  readonly advice?: string;
}

/** What a check says of a rule, or of the whole configuration where there is no rule. */
export type Remark = Omit<Finding, 'check' | 'code' | 'rule' | 'line'> & { readonly of?: LifecycleRule };

/** A configuration that S3 accepts, or the rules it has no complaint about. */
export interface Subject {
  readonly document: PolicyDocument;
  readonly configuration: LifecycleConfiguration;
  /** Rules that are enabled, in the order of the configuration. */
  readonly rules: readonly LifecycleRule[];
  /** What they do. */
  readonly actions: readonly Action[];
  /** Whether all rules are among these, so that what is missing is missing. */
  readonly complete: boolean;
  /** Undefined where nothing tells. */
  readonly versioned: boolean | undefined;
  /** Typical size of an object in bytes, if the user told. */
  readonly objectSize: number | undefined;
  /** UTC seconds, if known. */
  readonly today: number | undefined;
  readonly costs: Costs;
}

export interface Check {
  /** `kebab-case`, the name a user sees in brackets. */
  readonly name: string;
  readonly check: (subject: Subject) => readonly Remark[];
}
