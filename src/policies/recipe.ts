import type { ClassCode } from '../model/storage-class.ts';
import { asIsPolicy } from './as-is.ts';
import { fixedPolicy } from './fixed.ts';
import { type LifecyclePolicyOptions, lifecyclePolicy } from './lifecycle.ts';
import type { Policy } from './policy.ts';

/** What a policy is made of, as data that can be sent to another thread. */
export type PolicyRecipe =
  | { readonly kind: 'as-is'; readonly name: string }
  | { readonly kind: 'fixed'; readonly name: string; readonly storageClass: ClassCode }
  | { readonly kind: 'lifecycle'; readonly options: LifecyclePolicyOptions };

/** Makes a policy that does what the one with this recipe does. */
export function madeAgain(recipe: PolicyRecipe): Policy {
  switch (recipe.kind) {
    case 'as-is':
      return asIsPolicy(recipe.name);
    case 'fixed':
      return fixedPolicy(recipe.name, recipe.storageClass);
    case 'lifecycle':
      return lifecyclePolicy(recipe.options);
  }
}
