/** Tiercast as a library: what runs anywhere, in a browser too. Files and bulk data are in `tiercast/node`. */

export { explain } from './explain.ts';
export { generate, presets, workloadCsv } from './generators/index.ts';
export { type Finding, type LintOptions, lint } from './lint/index.ts';
export { assumptions, DEFAULT_SWITCHES, type Switches } from './model/assumptions.ts';
export type { Comparison, LineItem, PolicyResult } from './model/comparison.ts';
export { type Diagnostic, formatDiagnostic, InputError, UsageError } from './model/diagnostic.ts';
export type { AccountRow, Explanation, ObjectShare, Question } from './model/explanation.ts';
export { namedPolicy, parsePolicyFile, policyNames } from './policies/index.ts';
export type { Policy } from './policies/policy.ts';
export { bill } from './pricing/bill.ts';
export { type Derivation, derivations } from './pricing/derivation.ts';
export { type PriceList, parsePriceList } from './pricing/price-list.ts';
export { renderExplanation } from './reports/explanation.ts';
export { type ExplanationAssets, renderExplanationHtml } from './reports/explanation-html.ts';
export { type HtmlAssets, renderHtml } from './reports/html.ts';
export { parseComparison } from './reports/json.ts';
export { renderTable } from './reports/table.ts';
export { type CompareOptions, compare, Simulation, traceHorizon } from './simulate.ts';
export { readCsv, readTrace } from './sources/read-trace.ts';
export type { MemoryTrace } from './trace/memory-trace.ts';
