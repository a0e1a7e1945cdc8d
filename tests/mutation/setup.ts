/** A mutant is dead at the first case that fails, which is among the first or hardly ever: nobody reads the smallest one. */
import fc from 'fast-check';

fc.configureGlobal({ endOnFailure: true, numRuns: 20 });
