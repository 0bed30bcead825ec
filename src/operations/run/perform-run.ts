import { appendExecution, idempotencyKey } from '../../core/document/append.ts';
import { auditedAttempt } from '../../core/document/audited-attempt.ts';
import { type Failure, failure } from '../../core/failure.ts';
import { type AttemptVerdict, judgeAttempt, type ProcessEnd } from '../../core/judge-attempt.ts';
import type { RunOrder } from '../../core/machine/effect.ts';
import type { RunEvent } from '../../core/machine/event.ts';
import type { StageExecution } from '../../core/records.ts';
import type { RunDocument } from '../../core/run-document.ts';
import { unreachable } from '../../core/unreachable.ts';
import { displayPath, storePath } from '../../formats/stored-path.ts';
import type { SetAside } from '../../store/artifacts/freshness.ts';
import { type ReadAgent, readAgent } from './agent/read-agent.ts';
import {
  type AttemptArtifacts,
  collectArtifacts,
  putBackAll,
  setAsideArtifacts,
} from './attempt-artifacts.ts';
import { cancellationEvent } from './cancel.ts';
import { type RunContext, type RunSpec, specOf } from './context.ts';
import type { Deed } from './gates.ts';
import { readReviewerVerdict } from './reviewer.ts';
import { type StartedProcess, startAndWait } from './start-process.ts';

/** Runs one binary to the end of its process tree and judges what it left (spec section 4). */
export async function performRun(context: RunContext, document: RunDocument, order: RunOrder): Promise<Deed> {
  const spec = specOf(context, document, order.run);
  const startedAtMs = context.ports.clock.now();
  const aside = setAsideArtifacts(context, document, order, spec);
  if (!aside.ok) return broken(document, aside.failure);
  const started = await startAndWait(context, document, order, spec);
  if (!started.ok) return brokenAfter(document, aside.value, started.failure);
  const process = started.value;
  const { baselines } = document;
  const { attemptFolder } = process;
  const before = { baselines, aside: aside.value };
  const collected = await collectArtifacts(context, order, spec, { ...before, attemptFolder });
  attemptFolder?.tidy([]);
  if (!collected.ok) return brokenAfter(document, aside.value, collected.failure);
  const artifacts = collected.value;
  const agent = readAgent(context, document, order, process);
  const verdict = await judge(context, { order, spec, process, artifacts, agent });
  const attempt = { order, spec, startedAtMs, process, artifacts, verdict, agent };
  const execution = record(context, document, attempt);
  context.evidence.audit('attempt-ended', auditedAttempt(execution));
  context.observeCommitted({ type: 'attempt-ended', execution });
  const nextSteps = verdict.end.ended === 'success' ? [] : verdict.end.nextSteps;
  const reviewed = order.run.role === 'reviewer' ? { reviewer_next_steps: nextSteps } : {};
  return {
    document: { ...appendExecution(document, execution), ...reviewed },
    event: eventOf(context, document, process, verdict),
  };
}

function broken(document: RunDocument, why: Failure): Deed {
  return { document, event: { type: 'broke', failure: why } };
}

/** What broke comes first; what was set aside is put back as far as that goes. */
function brokenAfter(document: RunDocument, aside: readonly SetAside[], why: Failure): Deed {
  putBackAll(aside);
  return broken(document, why);
}

async function judge(
  context: RunContext,
  attempt: Omit<Attempt, 'verdict' | 'startedAtMs'>,
): Promise<AttemptVerdict> {
  const { order, spec, process, artifacts } = attempt;
  const expected = spec.expectedArtifacts.map((one) => storePath(one.path, context.roots));
  const reviewer =
    order.run.role === 'reviewer'
      ? await readReviewerVerdict(artifacts.records, expected, context.paths.outDir, context.mask.text)
      : null;
  return judgeAttempt({
    stage: order.stage,
    step: order.run.step,
    end: endOf(process, spec),
    artifacts: {
      missing: artifacts.missing.map(displayPath),
      malformed: artifacts.malformed.map((one) => ({ ...one, path: displayPath(one.path) })),
      stale: artifacts.stale.map(displayPath),
    },
    reviewer,
    agent: attempt.agent?.facts ?? null,
    envWithheld: process.envWithheld,
    sandboxed: process.isolation?.tier === 'sandbox',
  });
}

function endOf(process: StartedProcess, spec: RunSpec): ProcessEnd {
  const { end } = process;
  switch (end.kind) {
    case 'exited':
      return { kind: 'exited', code: end.code };
    case 'signalled':
      return { kind: 'signalled', signal: end.signal };
    case 'timed-out':
      return { kind: 'timed-out', limitMs: spec.timeoutMs };
    case 'cancelled':
      return { kind: 'cancelled' };
    case 'spawn-failed':
      return { kind: 'spawn-failed', problem: end.message };
    default:
      return unreachable(end);
  }
}

/** What breaks the run comes before what the stage itself is worth. */
function eventOf(
  context: RunContext,
  document: RunDocument,
  process: StartedProcess,
  verdict: AttemptVerdict,
): RunEvent {
  const stage = document.state.status === 'pending' ? null : document.state.progress.stage;
  const survivors = process.tree?.survivors ?? 0;
  if (survivors > 0) {
    return {
      type: 'broke',
      failure: failure('survivors', `${stage}: ${survivors} of its processes could not be killed`, {
        stage,
        remedy: 'end them by hand, then --resume',
      }),
    };
  }
  if (context.reaper.lost()) {
    return {
      type: 'broke',
      failure: failure('survivors', `${stage}: the reaper was ended while it ran`, {
        stage,
        remedy: 'find out what in the stage ends processes that are not its own, then --resume',
      }),
    };
  }
  if (process.logFailure !== null) {
    return {
      type: 'broke',
      failure: failure(
        'evidence_unwritable',
        `a log of ${stage} could not be written: ${process.logFailure}`,
        {
          stage,
          // Logs are numbered by the checkpoint: one that is there already was written after it.
          remedy: process.logFailure.includes('EEXIST')
            ? 'the evidence here is newer than the checkpoint: put back the newest one, or start a fresh run without --resume'
            : 'make room on the disk, then --resume',
        },
      ),
    };
  }
  const cancelled = process.end.kind === 'cancelled' ? cancellationEvent(context, document) : null;
  return cancelled ?? { type: 'command-ended', end: verdict.end };
}

interface Attempt {
  readonly order: RunOrder;
  readonly spec: RunSpec;
  readonly startedAtMs: number;
  readonly process: StartedProcess;
  readonly artifacts: AttemptArtifacts;
  readonly verdict: AttemptVerdict;
  readonly agent: ReadAgent | null;
}

function record(context: RunContext, document: RunDocument, attempt: Attempt): StageExecution {
  const { order, spec, process, artifacts, verdict } = attempt;
  const mask = context.mask.text;
  const args = spec.args.map(mask);
  const { end } = process;
  return {
    stage: order.stage,
    step: order.run.step,
    attempt: order.attempt,
    cycle: order.cycle,
    idempotency_key: idempotencyKey(document.run_id, { ...order, step: order.run.step }),
    command: mask(process.file === null ? spec.bin : storePath(process.file, context.roots)),
    args,
    args_withheld: spec.args.flatMap((arg, index) => (arg === args[index] ? [] : [index])),
    cwd: storePath(context.plan.repoRoot, context.roots),
    env_keys: process.envKeys,
    env_withheld: process.envWithheld,
    binary: process.binary,
    script: process.script,
    started_at_unix_secs: Math.floor(attempt.startedAtMs / 1000),
    started_at_unix_ms: attempt.startedAtMs,
    duration_ms: Math.round(process.durationMs),
    exit_code: end.kind === 'exited' ? end.code : null,
    signal: end.kind === 'signalled' ? end.signal : null,
    status: verdict.status,
    error: verdict.error === null ? null : mask(verdict.error),
    missing_artifacts: artifacts.missing,
    malformed_artifacts: artifacts.malformed.map((one) => one.path),
    stale_artifacts: artifacts.stale,
    artifacts: verdict.status === 'success' ? artifacts.records : [],
    stdout: process.stdout,
    stderr: process.stderr,
    process_tree: process.tree,
    isolation: process.isolation,
    usage: attempt.agent?.usage ?? null,
    counts: null,
  };
}
