/** A policy file: a lifecycle configuration as S3's tools print it, or a document with one in it. */
import { type Diagnostic, nearest, quoted } from '../model/diagnostic.ts';
import { type ClassCode, EXPRESS_ONEZONE, STORAGE_CLASSES } from '../model/storage-class.ts';
import { Checks } from './checks.ts';
import { parseIntelligentTiering } from './intelligent-tiering-configuration.ts';
import { isObject, type JsonObject, parseJson } from './json.ts';
import { lifecyclePolicy, type RunChoices } from './lifecycle.ts';
import {
  CONFIGURATION_FIELDS,
  type LifecycleConfiguration,
  parseLifecycleConfiguration,
} from './lifecycle-configuration.ts';
import type { Policy } from './policy.ts';

export interface PolicyFileOptions extends RunChoices {
  /** Named in diagnostics. */
  readonly file?: string;
  /** The policy's name where the file gives none. */
  readonly name: string;
}

export interface PolicyFile {
  /** Absent when there is an error. */
  readonly policy?: Policy;
  readonly diagnostics: readonly Diagnostic[];
}

/** Fields of a policy document. */
const DOCUMENT_FIELDS = ['name', 'uploadStorageClass', 'lifecycle', 'intelligentTiering'];

const LONGEST_NAME = 100;

const PRINT_JSON = 'aws s3api get-bucket-lifecycle-configuration --bucket BUCKET --output json';

/**
 * Reads a policy file's text: a bare lifecycle configuration (`{"Rules": […]}`), or a document
 * `{"name", "uploadStorageClass", "lifecycle": {…}, "intelligentTiering": […]}`. What S3 would refuse is an error with
 * S3's code and words.
 */
export function parsePolicyFile(text: string, { file, name, ...run }: PolicyFileOptions): PolicyFile {
  const checks = new Checks(file);
  const content = text.replace(/^\uFEFF/, '');
  const policy = parseContent(checks, content, name, run);
  return checks.diagnostics.length === 0 && policy ? { policy, diagnostics: [] } : { diagnostics: checks.diagnostics };
}

function parseContent(checks: Checks, text: string, name: string, run: RunChoices): Policy | undefined {
  const other = otherLanguage(text);
  if (other !== undefined) {
    checks.error(`this is ${other}, not JSON; print the bucket's configuration as JSON with: ${PRINT_JSON}`, 1);
    return undefined;
  }
  const result = parseJson(text);
  if ('slip' in result) {
    const { line, column, message } = result.slip;
    checks.error(`not valid JSON at ${line}:${column}: ${message}`, line);
    return undefined;
  }
  if (!isObject(result.value)) {
    checks.error(
      `a policy file holds one object { "${CONFIGURATION_FIELDS[0]}": [ … ] }; print one with: ${PRINT_JSON}`,
      1,
    );
    return undefined;
  }
  const root = result.value;
  if (CONFIGURATION_FIELDS.some((field) => root.fields.has(field))) {
    return lifecyclePolicy({ name, configuration: parseLifecycleConfiguration(checks, root), ...run });
  }
  return parseDocument(checks, root, name, run);
}

/** The language of a text that is clearly meant to be something other than JSON. */
function otherLanguage(text: string): string | undefined {
  const start = text.trimStart();
  if (start.startsWith('<')) return 'XML';
  if (/^(?:#.*\n\s*)*(?:resource|data|module|locals|variable)\s*["{]/.test(start)) return 'Terraform';
  if (/^(?:---|#|- |[A-Za-z][\w-]*:(?:\s|$))/.test(start)) return 'YAML';
  return undefined;
}

function parseDocument(checks: Checks, root: JsonObject, name: string, run: RunChoices): Policy | undefined {
  const { fields, line } = root;
  for (const field of fields.keys()) {
    if (!DOCUMENT_FIELDS.includes(field)) {
      checks.unknownField(field, 'a policy file', [...CONFIGURATION_FIELDS, ...DOCUMENT_FIELDS], line);
    }
  }
  if (fields.size === 0) {
    checks.error(
      `an empty policy: it has neither '${CONFIGURATION_FIELDS[0]}' nor any of ${DOCUMENT_FIELDS.join(', ')}`,
      line,
    );
  }
  const uploadClass = parseUploadClass(checks, root);
  const lifecycle = fields.get('lifecycle');
  const tiering = fields.get('intelligentTiering');
  const configuration = lifecycle === undefined ? undefined : parseLifecycleConfiguration(checks, lifecycle, line);
  if (uploadClass === EXPRESS_ONEZONE && configuration) checkDirectoryBucket(checks, configuration);
  return lifecyclePolicy({
    name: parseName(checks, root) ?? name,
    ...run,
    ...(uploadClass === undefined ? {} : { uploadClass }),
    ...(configuration === undefined ? {} : { configuration }),
    ...(tiering === undefined ? {} : { intelligentTiering: parseIntelligentTiering(checks, tiering, line) }),
  });
}

function parseName(checks: Checks, { fields, line }: JsonObject): string | undefined {
  const name = fields.get('name');
  if (name === undefined) return undefined;
  if (typeof name === 'string' && name.trim() !== '' && name.length <= LONGEST_NAME) return name;
  checks.error(`'name' must be a text of 1 to ${LONGEST_NAME} characters`, line);
  return undefined;
}

function parseUploadClass(checks: Checks, { fields, line }: JsonObject): ClassCode | undefined {
  const name = fields.get('uploadStorageClass');
  if (name === undefined) return undefined;
  const code = (STORAGE_CLASSES as readonly unknown[]).indexOf(name);
  if (code >= 0) return code;
  const text = typeof name === 'string' ? name : '';
  const meant = nearest(text.slice(0, 64), STORAGE_CLASSES);
  const help = meant === undefined ? `it is one of ${STORAGE_CLASSES.join(', ')}` : `did you mean '${meant}'?`;
  checks.error(`'uploadStorageClass' ${quoted(text)} is no storage class; ${help}`, line);
  return undefined;
}

/**
 * Objects in S3 Express One Zone live in a directory bucket, whose rules only expire objects and abort uploads.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/directory-buckets-objects-lifecycle.html
 */
function checkDirectoryBucket(checks: Checks, { rules }: LifecycleConfiguration): void {
  for (const { name, enabled, transitions, filter, expiration } of rules) {
    if (!enabled) continue;
    const unknown =
      transitions.length > 0
        ? 'Transition'
        : filter.tags.length > 0
          ? 'Tag'
          : expiration && 'date' in expiration
            ? 'Date'
            : undefined;
    if (unknown === undefined) continue;
    checks.ofRule(name, () =>
      checks.error(`uploads to EXPRESS_ONEZONE go to a directory bucket, whose lifecycle rules have no ${unknown}`),
    );
  }
}
