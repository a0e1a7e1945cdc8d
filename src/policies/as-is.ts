import type { Policy } from './policy.ts';

/** What would have been without any rule: objects stay in the class they were uploaded to. */
export function asIsPolicy(name: string): Policy {
  return {
    name,
    description: 'uploads to the class the trace gives; nothing moves or expires',
    marks: [],
    rules: [],
    recipe: { kind: 'as-is', name },
    place: (life, stays) => stays.begin(life.uploadClass, life.created),
  };
}
