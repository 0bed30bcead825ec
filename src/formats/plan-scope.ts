import { fail, ok, type Result } from '../core/result.ts';
import type { PlannedChange, PlannedChanges, PlannedKind } from '../core/scope/planned-changes.ts';
import { quote } from './printable.ts';
import { parseStrictJson } from './strict-json.ts';

/**
 * Reads what a plan declares (`changes`, or the target paths of `actions`; both together are one list). Null is a plan
 * that declares nothing: a JSON document with neither word, or with actions that name no path. The failure is one line:
 * a declaration that cannot be understood is none, and blocks. zod is loaded here.
 */
export async function parsePlanScope(bytes: Uint8Array): Promise<Result<PlannedChanges | null, string>> {
  const json = parseStrictJson(bytes);
  if (!json.ok) return fail(`the plan ${json.failure.problem}`);
  const { planScopeSchema } = await import('./plan-scope.schema.ts');
  // A plan that is a list or a text has no place for a declaration.
  if (typeof json.value !== 'object' || json.value === null || Array.isArray(json.value)) return ok(null);
  const parsed = planScopeSchema.safeParse(json.value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return fail(
      `the plan's ${quote(issue?.path.join('.') ?? '')} is not what it should be: ${issue?.message}`,
    );
  }
  const { changes, actions } = parsed.data;
  const targets = (actions ?? []).flatMap((one) => [
    ...(typeof one.target_path === 'string' ? [one.target_path] : []),
    ...(one.target_paths ?? []),
  ]);
  if (changes === undefined && targets.length === 0) return ok(null);
  const declared = (changes ?? []).map(({ path, kind }) => planned(path, kind ?? null));
  return ok([...declared, ...targets.map((path) => planned(path, null))]);
}

function planned(path: string, kind: PlannedKind | null): PlannedChange {
  return { path: path.replace(/^(?:\.\/)+/, ''), kind };
}
