import { join } from 'node:path';
import { ok, type Result } from '../../../core/result.ts';
import type { RunDocument } from '../../../core/run-document.ts';
import type { PlannedChanges } from '../../../core/scope/planned-changes.ts';
import { parsePlanScope } from '../../../formats/plan-scope.ts';
import { readRegularFile } from '../../../store/read-regular-file.ts';
import type { RunContext } from '../context.ts';

/**
 * What the plan declares to change: of the first `.json` artifact that planning left, by the copy that was kept when
 * it was judged. null where there is none, or where it declares nothing; the failure is in words.
 */
export async function planDeclaration(
  context: RunContext,
  document: RunDocument,
): Promise<Result<PlannedChanges | null, string>> {
  const plan = document.artifacts.find(
    (one) => one.stage === 'planning' && one.path.toLowerCase().endsWith('.json'),
  );
  if (plan === undefined) return ok(null);
  const found = readRegularFile(join(context.paths.outDir, plan.copy), context.plan.maxArtifactBytes);
  return parsePlanScope(found.kind === 'bytes' ? found.bytes : new Uint8Array());
}
