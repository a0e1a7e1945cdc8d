import { type LivesOptions, LivesReader, type LivesVisitor } from './lives.ts';
import type { TraceBatch, Versioning } from './trace.ts';
import { VersionsReader } from './versions.ts';

/** What turns rows into lives: in an unversioned bucket one after the other, else in histories of versions. */
export interface TraceReader {
  /** Whole objects. */
  read(batch: TraceBatch): void;
}

/** The reader for a bucket in that state. */
export function readerOf(
  versioning: Versioning,
  markWords: number,
  options: LivesOptions,
  visitor: LivesVisitor,
): TraceReader {
  return versioning === 'unversioned'
    ? new LivesReader(markWords, options, visitor)
    : new VersionsReader(markWords, options, versioning, visitor);
}
