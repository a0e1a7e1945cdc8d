import { type ClassCode, INTELLIGENT_TIERING, STORAGE_CLASSES } from '../model/storage-class.ts';
import type { Policy } from './policy.ts';

const TIERS = 'its own tiers take in what is not read for 30 and for 90 days; nothing expires';

/** Every upload, and every object that existed before, is in one class until it is removed. */
export function fixedPolicy(name: string, uploadClass: ClassCode): Policy {
  return {
    name,
    description: `uploads to ${STORAGE_CLASSES[uploadClass]!}; ${uploadClass === INTELLIGENT_TIERING ? TIERS : 'nothing moves or expires'}`,
    marks: [],
    rules: [],
    uploadClass,
    fixedClass: uploadClass,
    recipe: { kind: 'fixed', name, storageClass: uploadClass },
    place: (life, stays) => stays.begin(uploadClass, life.created),
  };
}
