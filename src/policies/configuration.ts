/** A policy file made a policy. */
import type { Diagnostic } from '../model/diagnostic.ts';
import { lifecyclePolicy, type RunChoices } from './lifecycle.ts';
import type { Policy } from './policy.ts';
import { readPolicyDocument } from './policy-document.ts';

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

/**
 * Reads a policy file's text: a lifecycle configuration as JSON (`{"Rules": […]}`) or as the XML that S3 takes, an
 * Intelligent-Tiering configuration as S3's tools print it, or a document
 * `{"name", "uploadStorageClass", "lifecycle": {…}, "intelligentTiering": […]}`. What S3 would refuse is an error with
 * S3's code and words.
 */
export function parsePolicyFile(text: string, { file, name, ...run }: PolicyFileOptions): PolicyFile {
  const { document, diagnostics } = readPolicyDocument(text, file);
  if (!document || diagnostics.length > 0) return { diagnostics };
  return { policy: lifecyclePolicy({ name, ...document, ...run }), diagnostics };
}
