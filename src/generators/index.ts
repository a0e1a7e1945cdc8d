import { backup } from './backup.ts';
import { businessCritical } from './business-critical.ts';
import { complianceArchive } from './compliance-archive.ts';
import { dataLake } from './data-lake.ts';
import type { Preset } from './preset.ts';
import { userContent } from './user-content.ts';
import { video } from './video.ts';
import { webHosting } from './web-hosting.ts';

export { workloadCsv } from './csv.ts';
export { generate, type WorkloadChunk, type WorkloadOptions } from './generate.ts';
export type { Preset } from './preset.ts';

/** Every workload `tiercast generate` knows, by name. */
export const presets: Readonly<Record<string, Preset>> = Object.fromEntries(
  [video, webHosting, backup, dataLake, businessCritical, complianceArchive, userContent].map((preset) => [
    preset.name,
    preset,
  ]),
);
