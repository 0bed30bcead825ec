import type { RequiredCheck } from '../gate-plan.ts';
import type { ForgeDemand, RequiredBy } from './facts.ts';

/** One entry of the union of all demands. */
export interface Requirement {
  readonly name: string;
  /** Numeric id or slug of the only app that counts; null for any. */
  readonly app: string | null;
  /** Conclusions that pass beside `success`, among `skipped` and `neutral`; any other word in it has no effect. */
  readonly accept: readonly string[];
  readonly by: readonly RequiredBy[];
}

/**
 * The required set: the project's own list and what the forge demands. A demand of the forge takes `accept` from the
 * project's entries of that name, unless they are for another app: the project said so for that check.
 */
export function requiredChecks(
  own: readonly RequiredCheck[],
  forge: readonly ForgeDemand[],
): readonly Requirement[] {
  const found = new Map<string, Requirement>();
  for (const check of own) add(found, { ...check, by: ['own list'] });
  for (const { name, app, by } of forge) {
    const accept = own
      .filter((check) => check.name === name && (check.app === null || check.app === app))
      .flatMap((check) => check.accept);
    add(found, { name, app, accept, by: [by] });
  }
  return [...found.values()];
}

function add(found: Map<string, Requirement>, more: Requirement): void {
  const key = JSON.stringify([more.name, more.app]);
  const before = found.get(key);
  found.set(key, {
    ...more,
    accept: unique([...(before?.accept ?? []), ...more.accept]),
    by: unique([...(before?.by ?? []), ...more.by]),
  });
}

function unique<Item>(items: readonly Item[]): readonly Item[] {
  return [...new Set(items)];
}
