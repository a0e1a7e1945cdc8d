/** What a policy file says, before it is made a policy: a configuration as S3's tools print it, or a document with one in it. */
import { type Diagnostic, nearest, quoted } from '../model/diagnostic.ts';
import { type ClassCode, EXPRESS_ONEZONE, INTELLIGENT_TIERING, STORAGE_CLASSES } from '../model/storage-class.ts';
import { Checks } from './checks.ts';
import {
  INTELLIGENT_TIERING_FIELDS,
  type IntelligentTieringConfiguration,
  parseIntelligentTiering,
} from './intelligent-tiering-configuration.ts';
import { isObject, type JsonObject, parseJson } from './json.ts';
import {
  CONFIGURATION_FIELDS,
  type LifecycleConfiguration,
  type LifecycleRule,
  parseLifecycleConfiguration,
} from './lifecycle-configuration.ts';
import { otherFormat, templateFormat } from './other-formats.ts';
import { readXml } from './xml.ts';

export interface PolicyDocument {
  readonly name?: string;
  /** Absent: uploads keep the class the trace gives. */
  readonly uploadClass?: ClassCode;
  /** Absent: no rules. */
  readonly configuration?: LifecycleConfiguration;
  readonly intelligentTiering?: readonly IntelligentTieringConfiguration[];
}

export interface ReadPolicyDocument {
  /** Where there are errors, what could be read in spite of them; absent when nothing could. */
  readonly document?: PolicyDocument;
  readonly diagnostics: readonly Diagnostic[];
}

/** Fields of a policy document. */
const DOCUMENT_FIELDS = ['name', 'uploadStorageClass', 'lifecycle', 'intelligentTiering'];

const LONGEST_NAME = 100;

const PRINT_JSON = 'aws s3api get-bucket-lifecycle-configuration --bucket BUCKET --output json';

/**
 * Reads a policy file's text: a lifecycle configuration as JSON (`{"Rules": […]}`) or as the XML that S3 takes, an
 * Intelligent-Tiering configuration as S3's tools print it, or a document
 * `{"name", "uploadStorageClass", "lifecycle": {…}, "intelligentTiering": […]}`. What S3 would refuse is an error with
 * S3's code and words.
 *
 * @param file named in diagnostics
 */
export function readPolicyDocument(text: string, file?: string): ReadPolicyDocument {
  const checks = new Checks(file);
  const document = readContent(checks, text.replace(/^\uFEFF/, ''));
  return { ...(document && { document }), diagnostics: checks.diagnostics };
}

function readContent(checks: Checks, text: string): PolicyDocument | undefined {
  if (text.trimStart().startsWith('<')) return readXmlContent(checks, text);
  const other = otherFormat(text);
  if (other !== undefined) return refuseFormat(checks, other);
  const result = parseJson(text);
  if ('slip' in result) {
    const { line, column, message } = result.slip;
    checks.error(`not valid JSON at ${line}:${column}: ${message}`, line);
    return undefined;
  }
  const root = result.value;
  if (!isObject(root)) {
    checks.error(`a policy file holds one object { "Rules": [ … ] }; print one with: ${PRINT_JSON}`, 1);
    return undefined;
  }
  const template = templateFormat(root);
  return template === undefined ? readRoot(checks, root) : refuseFormat(checks, template);
}

function refuseFormat(checks: Checks, format: string): undefined {
  const message = `this is ${format}, which is not read; print the configuration of the bucket it makes with: ${PRINT_JSON}`;
  checks.error(message, 1);
}

function readXmlContent(checks: Checks, text: string): PolicyDocument | undefined {
  const read = readXml(checks, text);
  if (!read) return undefined;
  if (read.root === 'LifecycleConfiguration') return { configuration: parseLifecycleConfiguration(checks, read.value) };
  return intelligentTieringDocument(checks, read.value);
}

function readRoot(checks: Checks, root: JsonObject): PolicyDocument {
  const has = (field: string): boolean => root.fields.has(field);
  if (CONFIGURATION_FIELDS.some(has)) return { configuration: parseLifecycleConfiguration(checks, root) };
  if (INTELLIGENT_TIERING_FIELDS.some(has)) return intelligentTieringDocument(checks, root);
  return readDocument(checks, root);
}

/** A file that configures Intelligent-Tiering says that objects are in it. */
function intelligentTieringDocument(checks: Checks, root: JsonObject): PolicyDocument {
  return { uploadClass: INTELLIGENT_TIERING, intelligentTiering: parseIntelligentTiering(checks, root, root.line) };
}

function readDocument(checks: Checks, root: JsonObject): PolicyDocument {
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
  const name = parseName(checks, root);
  return {
    ...(name === undefined ? {} : { name }),
    ...(uploadClass === undefined ? {} : { uploadClass }),
    ...(configuration === undefined ? {} : { configuration }),
    ...(tiering === undefined ? {} : { intelligentTiering: parseIntelligentTiering(checks, tiering, line) }),
  };
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
  for (const rule of rules) {
    const foreign = rule.enabled ? foreignToDirectoryBuckets(rule) : undefined;
    if (foreign === undefined) continue;
    const message = `uploads to EXPRESS_ONEZONE go to a directory bucket, whose lifecycle rules have no ${foreign}`;
    checks.ofRule(rule.name, () => checks.error(message, rule.line));
  }
}

function foreignToDirectoryBuckets(rule: LifecycleRule): string | undefined {
  if (rule.transitions.length > 0) return 'Transition';
  if (rule.noncurrentTransitions.length > 0) return 'NoncurrentVersionTransition';
  if (rule.noncurrentExpiration) return 'NoncurrentVersionExpiration';
  if (rule.expiredObjectDeleteMarker) return 'ExpiredObjectDeleteMarker';
  if (rule.filter.tags.length > 0) return 'Tag';
  return rule.expiration && 'date' in rule.expiration ? 'Date' : undefined;
}
