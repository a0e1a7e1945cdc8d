/** Findings for a person and for a program. */
import { printable } from '../model/printable.ts';
import { VERSION } from '../model/version.ts';
import type { Finding } from './finding.ts';
import { counted } from './words.ts';

export interface LintedFile {
  /** As the user named it. */
  readonly file: string;
  readonly findings: readonly Finding[];
}

const SEVERITIES = ['error', 'warning', 'note'] as const;

/** ANSI colours of a severity: red, yellow, dim. */
const COLORS: Readonly<Record<Finding['severity'], number>> = { error: 31, warning: 33, note: 2 };

/** One line per finding under the name of its file, and a summary. Foreign text in it is harmless. */
export function renderFindings(files: readonly LintedFile[], { color }: { readonly color: boolean }): string {
  const width = Math.max(...files.flatMap(({ findings }) => findings.map(({ line }) => String(line ?? '').length)), 1);
  const blocks = files
    .filter(({ findings }) => findings.length > 0)
    .map(({ file, findings }) => [
      printable(file),
      ...findings.map((finding) => findingLine(finding, width, color)),
      '',
    ]);
  return [...blocks.flat(), summary(files), ''].join('\n');
}

function findingLine(finding: Finding, width: number, color: boolean): string {
  const { severity, line, check } = finding;
  const painted = color ? `\u001b[${COLORS[severity]}m${severity}\u001b[0m` : severity;
  const padding = ' '.repeat('warning'.length - severity.length);
  const name = check === 'refused' ? '' : ` [${check}]`;
  return `  ${String(line ?? '').padStart(width)}  ${painted}${padding}  ${printable(sentences(finding))}${name}`;
}

function sentences({ rule, code, what, why, advice }: Finding): string {
  const whose = rule === undefined ? '' : `rule '${rule}': `;
  const reason = why === undefined ? '' : `: ${why}`;
  const help = advice === undefined ? '' : ` ${advice[0]!.toUpperCase()}${advice.slice(1)}.`;
  return `${whose}${code === undefined ? '' : `${code}: `}${what}${reason}${help === '' ? '' : `.${help}`}`;
}

function summary(files: readonly LintedFile[]): string {
  const counts = count(files);
  const told = SEVERITIES.filter((severity) => counts[severity] > 0).map((severity) =>
    counted(counts[severity], severity),
  );
  const which = files.length === 1 ? printable(files[0]!.file) : counted(files.length, 'file');
  return `${told.length === 0 ? `nothing to say of ${which}` : `${told.join(', ')} in ${which}`}; ${verdict(files)}`;
}

function verdict(files: readonly LintedFile[]): string {
  const unread = files.filter(isUnread).length;
  const refused = files.filter(isRefused).length - unread;
  const some = (number: number): string => (files.length === 1 ? 'it' : `${number} of them`);
  if (unread + refused === 0) return `S3 would accept ${files.length === 1 ? 'it' : 'all of them'}`;
  const said = [
    ...(refused > 0 ? [`S3 would refuse ${some(refused)}`] : []),
    ...(unread > 0 ? [`${some(unread)} cannot be read`] : []),
  ];
  return said.join(', ');
}

/** Whether a file is nothing that S3 could be given: its error is not S3's. */
function isUnread({ findings }: LintedFile): boolean {
  return findings.some(({ severity, code }) => severity === 'error' && code === undefined);
}

function count(files: readonly LintedFile[]): Record<Finding['severity'], number> {
  const counts = { error: 0, warning: 0, note: 0 };
  for (const { findings } of files) for (const { severity } of findings) counts[severity] += 1;
  return counts;
}

function isRefused({ findings }: LintedFile): boolean {
  return findings.some(({ severity }) => severity === 'error');
}

/** Findings as JSON, `tiercast.lint/1`. */
export function findingsJson(files: readonly LintedFile[], region: string): string {
  const { error: errors, warning: warnings, note: notes } = count(files);
  const listed = files.map((file) => ({ file: file.file, accepted: !isRefused(file), findings: file.findings }));
  const content = { schema: 'tiercast.lint/1', tiercast: VERSION, region, errors, warnings, notes, files: listed };
  return `${JSON.stringify(content, null, 2)}\n`;
}
