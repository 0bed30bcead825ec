import { resolve } from 'node:path';
import { CLOSURE_CONFIG_KEYS, CLOSURE_KEYS, type ClosureSettings } from '../core/config/closure-settings.ts';
import type { GateName } from '../core/gates/gate.ts';
import type { RequiredCheck } from '../core/gates/gate-plan.ts';
import { withPath } from '../core/gates/source-path.ts';
import type { Given, GivenClosure } from '../core/run-plan.ts';
import type { ConfigDocument } from '../formats/config.ts';
import { resolveBin } from './given-plan.ts';

/** Settings as they were typed, by key; what was not given is left out. */
export type TypedClosure = { readonly [Key in keyof ClosureSettings]?: ClosureSettings[Key] };

/** Paths resolve from the caller's working directory, once, whether a flag or a file gave them. */
export function absoluteClosure(typed: TypedClosure, cwd: string): TypedClosure {
  const change = { bin: (bin: string) => resolveBin(bin, cwd), path: (path: string) => resolve(cwd, path) };
  const sources = (gate: GateName, texts: readonly string[] | undefined) =>
    texts?.map((text) => withPath(gate, text, change));
  const changed = {
    policy_from: sources('policy', typed.policy_from),
    ci_from: sources('ci', typed.ci_from),
    review_from: sources('review', typed.review_from),
    approver_keys: typed.approver_keys?.map(change.path),
    opa_bin: typed.opa_bin === undefined ? undefined : change.bin(typed.opa_bin),
    conftest_bin: typed.conftest_bin === undefined ? undefined : change.bin(typed.conftest_bin),
  };
  const present = Object.entries(changed).filter(([, value]) => value !== undefined);
  return { ...typed, ...Object.fromEntries(present) };
}

/** What `base`, `gates`, `scope` and `delivery` of a config file give. */
export function closureFromConfig(document: ConfigDocument, shown: string, cwd: string): GivenClosure {
  const typed = absoluteClosure(typedClosure(document), cwd);
  const entries = CLOSURE_KEYS.flatMap((key) => {
    const value = typed[key];
    if (value === undefined) return [];
    const one: Given<unknown> = { value, origin: `${shown}: ${CLOSURE_CONFIG_KEYS[key]}` };
    return [[key, one]];
  });
  return Object.fromEntries(entries);
}

function typedClosure(document: ConfigDocument): TypedClosure {
  const entries = CLOSURE_KEYS.flatMap((key) => {
    const path = CLOSURE_CONFIG_KEYS[key];
    const value = path === null ? undefined : valueAt(document, path.split('.'));
    return value === undefined ? [] : [[key, value]];
  });
  const scoped = document.scope !== undefined && document.scope.enabled === undefined ? { scope: true } : {};
  const checks = document.gates?.ci?.required?.map(requiredCheck);
  return {
    ...Object.fromEntries(entries),
    ...scoped,
    ...(checks === undefined ? {} : { ci_required: checks }),
  };
}

type WrittenCheck = string | { name: string; app?: string | undefined; accept?: string[] | undefined };

/** A check as a file writes it: its name alone, or a mapping. */
export function requiredCheck(check: WrittenCheck): RequiredCheck {
  if (typeof check === 'string') return { name: check, app: null, accept: [] };
  return { name: check.name, app: check.app ?? null, accept: check.accept ?? [] };
}

function valueAt(document: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    return Reflect.get(value, key);
  }, document);
}
