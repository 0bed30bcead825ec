import { basename, dirname, join, resolve } from 'node:path';
import { EXIT, exitCodeOfFailure, exitCodeOfRun } from '../../core/exit-code.ts';
import type { Failure } from '../../core/failure.ts';
import { isUndecided } from '../../core/gates/undecided.ts';
import type { RunDocument } from '../../core/run-document.ts';
import type { RunRequest } from '../../core/run-plan.ts';
import { terminalStateOf } from '../../formats/report.ts';
import type { SigningKey } from '../../formats/signing-key.ts';
import { isInside } from '../../formats/stored-path.ts';
import { realOrSame } from '../../store/real-path.ts';
import { failureOfCause } from './cancel.ts';
import type { RunContext } from './context.ts';
import { withdrawPage, writePage } from './html-report.ts';
import { type LoopEnd, runLoop } from './loop.ts';
import { openRun } from './open-run.ts';
import type { OpenedRun } from './opened-run.ts';
import type { RunPorts } from './ports.ts';
import { readRunKeys } from './run-keys.ts';
import { maskFailure } from './secrets.ts';

/** How a run ended for its caller: an exit code, and the failure of a start that was refused. */
export interface RunEnd {
  readonly exitCode: number;
  /** Set when nothing was run: one line for stderr. */
  readonly refused: Failure | null;
}

/**
 * `orchestrator [out_dir]` (spec sections 1 to 7). Returns 0 only when `done` has been committed by this
 * invocation.
 */
export async function run(request: RunRequest, ports: RunPorts): Promise<RunEnd> {
  const limit = createRunLimit(ports);
  limit.start(request.given.runTimeoutMs?.value ?? null);
  try {
    // Before anything is started: what is started must not find their descriptors open.
    const keys = await readRunKeys(request);
    if (!keys.ok) return refuse(keys.failure, ports);
    if (keys.value.signKey !== null) {
      const { refuseForeignStatements } = await import('./sign-report.ts');
      const going = await refuseForeignStatements(request, keys.value.signKey);
      if (!going.ok) return refuse(going.failure, ports);
    } else if (request.resume) {
      const { refuseUnsigned } = await import('./sign-report.ts');
      const signed = refuseUnsigned(request);
      if (!signed.ok) return refuse(signed.failure, ports);
    }
    if (ports.listener) {
      // What our caller has left open must not be open in a process that is there while stages run.
      ports.closeInherited();
      ports.listener.opening();
    }
    const opened = await openRun(request, ports, keys.value);
    if (!opened.ok) return refuse(opened.failure, ports);
    limit.start(opened.value.context.plan.runTimeoutMs);
    try {
      await withdrawPage(opened.value.context);
      const { context, document, step } = opened.value;
      ports.listener?.began(document);
      return await finish(opened.value, await runLoop(context, document, step), keys.value.signKey);
    } finally {
      await opened.value.release();
    }
  } finally {
    limit.stop();
  }
}

/** Nothing was run. What was cut off by a signal or by the limit says so, whatever it was doing. */
function refuse(failure: Failure, ports: RunPorts): RunEnd {
  const cause = ports.cancellation.cause();
  const cutOff = cause !== null && ['interrupted', 'git_failed', 'lock_lost'].includes(failure.reason);
  const refused = cutOff ? failureOfCause(cause, null) : failure;
  return { exitCode: exitCodeOfFailure(refused), refused };
}

/** `--run-timeout-ms`: the whole invocation, from its start; a resume knows its limit only from the checkpoint. */
function createRunLimit(ports: RunPorts) {
  const startedMs = ports.clock.monotonic();
  let timer: NodeJS.Timeout | null = null;
  return {
    start: (limitMs: number | null) => {
      if (limitMs === null || timer !== null) return;
      const left = Math.max(0, limitMs - (ports.clock.monotonic() - startedMs));
      timer = setTimeout(() => ports.cancellation.cancel({ kind: 'run-timeout', limitMs }), left);
    },
    stop: () => {
      if (timer !== null) clearTimeout(timer);
    },
  };
}

async function finish(opened: OpenedRun, ended: LoopEnd, signKey: SigningKey | null): Promise<RunEnd> {
  const { context } = opened;
  const { document } = ended;
  for (const decision of document.gate_decisions) {
    if (!isUndecided(decision)) context.ports.observe({ type: 'gate-decided', decision });
  }
  const unsigned = await signEnd(context, ended, signKey);
  const failure = ended.uncommitted ?? document.failure ?? unsigned;
  const endCode = exitCodeOfEnd(ended);
  const exitCode = unsigned === null || endCode !== EXIT.done ? endCode : exitCodeOfFailure(unsigned);
  await writeSummary(opened, document);
  await writePage(context, ended, unsigned);
  context.ports.observe({
    type: 'run-ended',
    run_id: document.run_id,
    terminal_state: ended.uncommitted === null ? terminalStateOf(document.state) : 'failed',
    failure,
    blocked_reason_codes: document.blocked_reason_codes,
    gate_decisions: document.gate_decisions,
    report: context.paths.report,
    checkpoint: context.paths.checkpoint,
    duration_ms: Math.round(context.ports.clock.monotonic() - context.startedMonotonic),
    exit_code: exitCode,
  });
  const firstExecution = opened.document.stage_executions.length;
  context.ports.listener?.ended({ document, firstExecution, failure, exitCode, mask: context.mask.text });
  return { exitCode, refused: null };
}

/** Signs what was committed; why that could not be done, which is told and never exit 0. */
async function signEnd(
  context: RunContext,
  ended: LoopEnd,
  signKey: SigningKey | null,
): Promise<Failure | null> {
  if (signKey === null || ended.uncommitted !== null) return null;
  const { signReport } = await import('./sign-report.ts');
  const signed = await signReport(context, ended.document, signKey);
  if (signed.ok) return null;
  const why = maskFailure(signed.failure, context.mask);
  context.ports.observe({ type: 'notice', text: why.message });
  return why;
}

/** Only a committed state speaks; what could not be committed is what its failure says, and never 0. */
function exitCodeOfEnd(ended: LoopEnd): number {
  if (ended.uncommitted !== null) return exitCodeOfFailure(ended.uncommitted);
  return exitCodeOfRun(terminalStateOf(ended.document.state), ended.document.failure);
}

/** The step summary of a CI that has one; it is made of the committed report and can fail without harm. */
async function writeSummary({ context }: OpenedRun, document: RunDocument): Promise<void> {
  const path = context.ports.env.GITHUB_STEP_SUMMARY;
  if (path === undefined || path === '') return;
  // The file need not be there yet, and a link may lead to its folder.
  const real = join(realOrSame(dirname(resolve(context.ports.cwd, path))), basename(path));
  const { outDir } = context.paths;
  const watched = context.workTree !== null && isInside(realOrSame(context.plan.repoRoot), real);
  if (watched && !isInside(realOrSame(outDir), real)) {
    const text = `the step summary ${path} was not written: it lies in the work tree, which it would change`;
    return context.ports.observe({ type: 'notice', text });
  }
  const { appendStepSummary } = await import('../step-summary.ts');
  const { reportMarkdown } = await import('../../render/report-markdown.ts');
  const { placeSeenFrom } = await import('../../render/evidence-place.ts');
  const report = context.reportOf(document);
  const place = placeSeenFrom(context.ports.cwd, context.request);
  const render = (maxBytes: number) => reportMarkdown(report, { place, doubts: [], maxBytes });
  const notice = appendStepSummary({ path, render });
  if (notice !== null) context.ports.observe({ type: 'notice', text: notice });
}
