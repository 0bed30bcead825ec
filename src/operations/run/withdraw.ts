import { applyState, breakOff } from '../../core/document/apply-state.ts';
import type { Failure } from '../../core/failure.ts';
import { fail, type Result } from '../../core/result.ts';
import { createAuditLog } from '../../store/audit-log.ts';
import { openEvidence } from '../../store/evidence.ts';
import { supersedeEvidence } from '../../store/supersede.ts';
import { timestamp } from '../../system/clock.ts';
import { takeUpAuditLog } from './audit-tail.ts';
import { createCommit } from './commit.ts';
import { newInvocation } from './opened-run.ts';
import type { ResumeParts } from './resume-parts.ts';

/**
 * A run that says `done` and whose artifacts or binaries say otherwise: the green state is withdrawn, then the
 * failure is told. Takes up nothing.
 */
export function withdrawDone(parts: ResumeParts, why: Failure): Result<never, Failure> {
  const { evidence, held, ports, stateKey } = parts;
  const { checkpoint } = evidence;
  const audit = takeUpAuditLog(held.paths);
  if (!audit.ok) return audit;
  const at = timestamp(ports.clock.now());
  const invocation = newInvocation(ports, held, {
    resumed: true,
    cookie: parts.watch.cookie,
    changes: [],
    earlierExecutions: checkpoint.run.stage_executions.length,
    earlierTransitions: checkpoint.run.transitions.length,
    secrecy: parts.secrecy,
  });
  const joined = { ...checkpoint.run, invocations: [...checkpoint.run.invocations, invocation] };
  const failed = applyState(joined, breakOff(joined.state, why), at);
  const store = openEvidence({
    paths: held.paths,
    log: createAuditLog({
      file: held.paths.audit,
      existing: audit.value.bytes,
      clock: ports.clock.now,
      mac: stateKey?.auditRecord ?? null,
    }),
    believed: evidence.checkpointBytes,
    commits: stateKey === null ? null : checkpoint.sequence,
    random: () => ports.random(8),
    fence: held.lock.fence,
  });
  store.audit('done-withdrawn', { reason: why.reason, message: why.message });
  const commit = createCommit({
    evidence: store,
    version: ports.version,
    generation: held.lock.generation,
    sequence: checkpoint.sequence,
    reopening: {
      document: failed,
      report_sha256: checkpoint.report_sha256,
      audit_head: checkpoint.audit_head,
    },
    stateKey,
  });
  const committed = commit(failed);
  return committed.ok ? fail(why) : committed;
}

/**
 * A run that says `done` in evidence that contradicts itself: all of it is moved aside as it was found, the
 * checkpoint first, so that nothing in its place says `done` any more.
 */
export function withdrawTampered(parts: ResumeParts, why: Failure): Result<never, Failure> {
  const moved = supersedeEvidence(parts.held.paths, parts.evidence.checkpoint.run.run_id);
  if (!moved.ok) return moved;
  const where = moved.value === null ? '' : `; the evidence was moved to ${moved.value.folder}`;
  return fail({ ...why, message: `${why.message}${where}`, remedy: 'start a fresh run without --resume' });
}
