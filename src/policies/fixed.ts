import { type ClassCode, STORAGE_CLASSES } from '../model/storage-class.ts';
import type { Policy } from './policy.ts';

/** Every upload, and every object that existed before, is in one class until it is removed. */
export function fixedPolicy(name: string, uploadClass: ClassCode): Policy {
  return {
    name,
    description: `uploads to ${STORAGE_CLASSES[uploadClass]!}; nothing moves or expires`,
    marks: [],
    rules: [],
    uploadClass,
    fixedClass: uploadClass,
    place: (life, stays) => stays.begin(uploadClass, life.created),
  };
}
