import type { TraceBatch } from './trace.ts';

/** Hands over each object of a batch as a batch of its own, which is filled again for the next. */
export function eachObject(batch: TraceBatch, visit: (one: TraceBatch, object: number) => void): void {
  const objectStart = new Uint32Array(2);
  const keyBytes = new Uint32Array(1);
  const one = { ...batch, objects: 1, objectStart, keyBytes };
  for (let object = 0; object < batch.objects; object++) {
    objectStart[0] = batch.objectStart[object]!;
    objectStart[1] = batch.objectStart[object + 1]!;
    keyBytes[0] = batch.keyBytes[object]!;
    visit(one, object);
  }
}
