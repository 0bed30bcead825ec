import { join } from 'node:path';
import { idempotencyKey } from '../../core/document/append.ts';
import type { Failure } from '../../core/failure.ts';
import type { RunOrder } from '../../core/machine/effect.ts';
import { ok, type Result } from '../../core/result.ts';
import type { RunDocument } from '../../core/run-document.ts';
import { serialiseJson } from '../../formats/report.ts';
import { loadPath } from '../../formats/stored-path.ts';
import { durableWrite } from '../../store/durable-write.ts';
import { ensureFolder } from '../../store/out-dir.ts';
import type { RunContext } from './context.ts';

/** Steps longer than this reach the child by file only: a variable that large breaks exec (spec section 3). */
const MAX_STEPS_VARIABLE_BYTES = 64 * 1024;

/** What a stage's binary is told by the orchestrator itself (spec sections 3 and 4). */
export function childVariables(
  context: RunContext,
  document: RunDocument,
  order: RunOrder,
): Result<Readonly<Record<string, string>>, Failure> {
  const remediation = remediationVariables(context, order);
  if (!remediation.ok) return remediation;
  const planning = document.planning_context;
  return ok({
    ORCHESTRATOR_RUN_ID: document.run_id,
    ORCHESTRATOR_STAGE: order.stage,
    ORCHESTRATOR_ATTEMPT_ID: idempotencyKey(document.run_id, { ...order, step: order.run.step }),
    ORCHESTRATOR_OUT_DIR: context.paths.outDir,
    ORCHESTRATOR_EXECUTION_ATTEMPT: String(executionAttempt(document)),
    ...(planning === null ? {} : { ORCHESTRATOR_PLANNING_CONTEXT: loadPath(planning.path, context.roots) }),
    ...remediation.value,
  });
}

function executionAttempt(document: RunDocument): number {
  return document.state.status === 'pending' ? 0 : (document.state.progress.attempts.execution ?? 0);
}

/** The steps are a file of ours in out_dir, written anew for each cycle. */
function remediationVariables(
  context: RunContext,
  order: RunOrder,
): Result<Readonly<Record<string, string>>, Failure> {
  if (order.cycle === 0 || order.nextSteps.length === 0) return ok({});
  const text = serialiseJson(order.nextSteps);
  const folder = ensureFolder(context.paths.artifacts, context.paths.outDir);
  if (!folder.ok) return folder;
  const file = join(context.paths.artifacts, `remediation.${order.cycle}.json`);
  const written = durableWrite(file, text, { random: () => context.ports.random(8) });
  if (!written.ok) return written;
  const inline = JSON.stringify(order.nextSteps);
  return ok({
    ORCHESTRATOR_REMEDIATION_CYCLE: String(order.cycle),
    ORCHESTRATOR_REMEDIATION_STEPS_FILE: file,
    ...(Buffer.byteLength(inline) < MAX_STEPS_VARIABLE_BYTES
      ? { ORCHESTRATOR_REMEDIATION_STEPS: inline }
      : {}),
  });
}
