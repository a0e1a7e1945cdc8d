/** What a file is that is meant for another tool: said by name instead of by its first wrong character. */
import type { JsonObject } from './json.ts';

/** Comments, then the first word of a block. */
const TERRAFORM_BLOCK =
  /^(?:(?:#|\/\/).*\n\s*|\/\*(?:(?!\*\/)[\s\S])*\*\/\s*)*(?:resource|data|module|locals|variable|provider|terraform|output|rule|lifecycle_rule)\s*["{]/;

const CLOUDFORMATION_FIELDS = ['AWSTemplateFormatVersion', 'Resources'];
const TERRAFORM_FIELDS = ['terraform_version', 'planned_values', 'resource'];

/** The format of a text that is clearly neither JSON nor XML; undefined where it may be. */
export function otherFormat(text: string): string | undefined {
  const start = text.trimStart();
  if (TERRAFORM_BLOCK.test(start)) return 'Terraform';
  if (!/^(?:---|%YAML|#|- |[A-Za-z][\w-]*:(?:\s|$))/.test(start)) return undefined;
  return /^(?:AWSTemplateFormatVersion|Resources):/m.test(start) ? 'a CloudFormation template' : 'YAML';
}

/** The format of a JSON object that is a template of infrastructure. */
export function templateFormat({ fields }: JsonObject): string | undefined {
  if (CLOUDFORMATION_FIELDS.some((field) => fields.has(field))) return 'a CloudFormation template';
  if (TERRAFORM_FIELDS.some((field) => fields.has(field))) return 'Terraform';
  return undefined;
}
