/** The edge of the library: files, bulk data, the bundled prices. Needs Node. */
export { type CompareFilesOptions, compareFiles } from './compare.ts';
export { type ExplainFilesOptions, explainFiles } from './explain.ts';
export { type IngestOptions, type IngestResult, ingestFiles } from './ingest.ts';
export { pricedRegions, regionPrices } from './price-files.ts';
export { type ProfileFilesOptions, profileFiles } from './profile.ts';
export { explanationAssets, reportAssets } from './report-assets.ts';
export { writeWorkload } from './write-workload.ts';
