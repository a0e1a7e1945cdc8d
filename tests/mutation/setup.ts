/** A mutant is dead at the first case that fails: nobody reads the smallest one. */
import fc from 'fast-check';

fc.configureGlobal({ endOnFailure: true });
