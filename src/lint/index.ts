/** What is to be said of a policy file before it is put on a bucket: what S3 would refuse, and what would be regretted. */
import type { Diagnostic } from '../model/diagnostic.ts';
import { readPolicyDocument } from '../policies/policy-document.ts';
import type { Check, Finding } from './finding.ts';
import { disabled, leadingSlash, noAbort, pastDate, smallObjectsMove } from './housekeeping.ts';
import { neverHappens } from './never-happens.ts';
import { earlyDeleteByAnother } from './overlapping.ts';
import { earlyDelete, neverMoves, neverPays, pays, smallInIntelligentTiering } from './pays.ts';
import { type LintOptions, subjectOf } from './subject.ts';
import { manyNewerVersions, markersKept, noncurrentKept, noVersions } from './versions.ts';

export type { Finding } from './finding.ts';
export type { LintOptions } from './subject.ts';

/** Every check of what S3 accepts. One line each. */
export const checks: readonly Check[] = [
  neverHappens,
  neverPays,
  neverMoves,
  smallInIntelligentTiering,
  earlyDelete,
  earlyDeleteByAnother,
  smallObjectsMove,
  noAbort,
  noncurrentKept,
  markersKept,
  noVersions,
  manyNewerVersions,
  leadingSlash,
  pastDate,
  disabled,
  pays,
];

/** All findings on the text of a policy file, in the order of its lines. */
export function lint(text: string, options: LintOptions): Finding[] {
  const { document, diagnostics } = readPolicyDocument(text);
  const refused = diagnostics.map(refusal);
  const { configuration } = document ?? {};
  if (!document || !configuration) return refused;
  const subject = subjectOf(document, configuration, diagnostics, options);
  const found = checks.flatMap(({ name, check }) =>
    check(subject).map(({ of, ...remark }) => ({
      ...remark,
      check: name,
      ...(of && { rule: of.name, line: of.line }),
    })),
  );
  return [...refused, ...found].sort((a, b) => (a.line ?? Infinity) - (b.line ?? Infinity));
}

/** What cannot be read or would be refused, as a finding. */
export function refusal({ severity, code, message, where }: Diagnostic): Finding {
  return {
    severity,
    check: 'refused',
    ...(code !== undefined && { code }),
    ...(where?.rule !== undefined && { rule: where.rule }),
    ...(where?.line !== undefined && { line: where.line }),
    what: message,
  };
}
