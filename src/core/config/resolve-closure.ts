import type { GivenClosure } from '../run-plan.ts';
import { CLOSURE_KEYS, type ClosureSettings } from './closure-settings.ts';

/**
 * What is not given is taken from `base`. A rule of a scope configures the scope: one that was written down and did
 * not hold would be worse than none.
 */
export function resolveClosure(given: GivenClosure, base: ClosureSettings): ClosureSettings {
  const values = CLOSURE_KEYS.flatMap((key) => {
    const one = given[key];
    return one === undefined ? [] : [[key, one.value] as const];
  });
  const resolved: ClosureSettings = { ...base, ...Object.fromEntries(values) };
  const ruled = CLOSURE_KEYS.some((key) => key.startsWith('scope_') && given[key] !== undefined);
  return given.scope === undefined && ruled ? { ...resolved, scope: true } : resolved;
}
