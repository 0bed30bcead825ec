import { applyState } from '../../core/document/apply-state.ts';
import { type Failure, failure } from '../../core/failure.ts';
import { ORCHESTRATE } from '../../core/machine/pipeline.ts';
import type { BegunState } from '../../core/machine/state.ts';
import { machineSettings } from '../../core/machine/tasks.ts';
import { transition } from '../../core/machine/transition.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { gatesDecidedAnew } from '../../core/resume/decided-anew.ts';
import { refuseUnsandboxed } from '../../core/resume/isolation.ts';
import type { RunDocument } from '../../core/run-document.ts';
import type { RunRequest } from '../../core/run-plan.ts';
import { configDigest } from '../../formats/config-digest.ts';
import type { StateKey } from '../../formats/state-key.ts';
import { loadClosure } from '../../formats/stored-closure.ts';
import { loadRepoRoot } from '../../formats/stored-path.ts';
import { sweepCookies } from '../../process/process-tree.ts';
import { realOrSame } from '../../store/real-path.ts';
import { timestamp } from '../../system/clock.ts';
import { planFailure } from '../config-rules.ts';
import { refuseWithoutKey } from '../evidence/authenticity.ts';
import { besideIt } from '../evidence/no-run.ts';
import { examineEvidence, type ReadEvidence } from '../examine-evidence.ts';
import { takeUpAuditLog } from './audit-tail.ts';
import type { RunContext } from './context.ts';
import { resumeDelivery } from './delivery/begin-delivery.ts';
import { refuseChangedConfig } from './gate-sources/config-trust.ts';
import { gatePreconditions } from './gate-sources/preconditions.ts';
import { type TrustedBefore, takeTrustedFiles } from './gate-sources/trusted-files.ts';
import { takeGitSettings } from './git-settings.ts';
import { holdGround } from './hold-ground.ts';
import { refuseHtmlReport } from './html-report-place.ts';
import { judgeResume, type ResumeVerdict } from './judge-resume.ts';
import { openContext } from './open-context.ts';
import { noticeSecrets, noticeUntold } from './open-fresh.ts';
import { newInvocation, type OpenedRun, releaseAll } from './opened-run.ts';
import type { RunPorts } from './ports.ts';
import { inspectGround } from './prepare.ts';
import { withRealPaths } from './real-paths.ts';
import type { ResumeParts } from './resume-parts.ts';
import { planOfResume, takeOver } from './resume-run.ts';
import type { RunKeys } from './run-keys.ts';
import { noticeSandbox, sandboxFact, sandboxGround } from './sandbox/ground.ts';
import { prepareSandbox } from './sandbox/prepare-sandbox.ts';
import { collectSecrecy, refuseLostSecrets } from './secrets.ts';
import { refuseKeyPlace } from './state-key-place.ts';
import { endWatch, startWatch } from './watch.ts';
import { withdrawDone, withdrawTampered } from './withdraw.ts';

/** `--resume` (spec section 6). What is refused leaves the evidence as it is, unless it says `done` and is not. */
export async function openResumed(
  given: RunRequest,
  ports: RunPorts,
  keys: RunKeys,
): Promise<Result<OpenedRun, Failure>> {
  const startedMonotonic = ports.clock.monotonic();
  const request = { ...given, outDir: realOrSame(given.outDir) };
  const { stateKey, signKey } = keys;
  const read = await readEvidence(request, stateKey);
  if (!read.ok) return read;
  const { state } = read.value;
  const planned = planOfResume(ORCHESTRATE, read.value.evidence.checkpoint.run, state, request, ports.cwd);
  if (!planned.ok) return planned;
  const plan = withRealPaths(planned.value.plan, given.outDir, request.outDir);
  const resumed = { ...planned.value, plan };
  const problem = planFailure(plan, request);
  if (problem !== null) return fail(problem);
  const secrecy = await collectSecrecy(plan, ports.env, keys);
  if (!secrecy.ok) return secrecy;
  const lost = refuseLostSecrets(read.value.evidence.checkpoint.run, resumed.standing, ports.env);
  if (!lost.ok) return lost;
  const watch = startWatch(ports);
  const parts = {
    request,
    ports,
    resumed,
    secrecy: secrecy.value,
    stateKey,
    signKey,
    watch,
    startedMonotonic,
  };
  const opened = await openWatched({ ...parts, ...read.value });
  if (!opened.ok) await endWatch(watch);
  return opened;
}

async function openWatched(
  parts: Omit<ResumeParts, 'held' | 'sandbox'>,
): Promise<Result<OpenedRun, Failure>> {
  const { request, ports, watch } = parts;
  const ground = await inspectGround(request.outDir, parts.resumed.plan, ports.env, watch);
  if (!ground.ok) return ground;
  const { plan, standing } = parts.resumed;
  // A done run that is verified again asks no source.
  if (parts.state.status !== 'done') {
    const gates = await gatePreconditions(plan, ground.value.workTree !== null, {
      env: ports.env,
      signKey: parts.signKey,
    });
    if (!gates.ok) return gates;
  }
  const sandbox = await prepareSandbox(plan, sandboxGround(plan, ground.value, request), ports.env);
  if (!sandbox.ok) return sandbox;
  const weaker = refuseUnsandboxed(plan, parts.evidence.checkpoint.run.stage_executions, standing);
  if (!weaker.ok) return weaker;
  const keyPlace = refuseKeyPlace(request, ground.value, parts.resumed.plan);
  if (!keyPlace.ok) return keyPlace;
  const htmlPlace = refuseHtmlReport(request, ground.value, parts.resumed.plan);
  if (!htmlPlace.ok) return htmlPlace;
  const held = await holdGround(request, ground.value, ports);
  if (!held.ok) return held;
  const opened = await underLock({ ...parts, held: held.value, sandbox: sandbox.value });
  if (!opened.ok) await held.value.lock.release();
  return opened;
}

/** The evidence, or why there is nothing to go on from: none is exit 2, one that cannot be read is exit 1. */
async function readEvidence(
  request: RunRequest,
  stateKey: StateKey | null,
): Promise<Result<{ readonly evidence: ReadEvidence; readonly state: BegunState }, Failure>> {
  const examined = await examineEvidence({ ...request, key: stateKey });
  if (examined.kind === 'unreadable') return fail(examined.failure);
  if (examined.kind === 'nothing') {
    return fail(
      failure(
        'precondition',
        `--resume: there is no checkpoint at ${examined.paths.checkpoint}${besideIt(examined)}`,
        {
          remedy: 'start a fresh run without --resume, or name its out_dir and --checkpoint-path',
        },
      ),
    );
  }
  const known = refuseWithoutKey(examined.authenticity, examined.checkpoint);
  if (!known.ok) return known;
  const { state } = examined.checkpoint.run;
  if (state.status === 'pending') {
    return fail(
      failure('checkpoint_unreadable', `${examined.paths.checkpoint}: the run in it has not begun`),
    );
  }
  return ok({ evidence: examined, state });
}

/** With the lock held the evidence is read again: what was planned is for exactly that checkpoint. */
async function underLock(parts: ResumeParts): Promise<Result<OpenedRun, Failure>> {
  const again = await readEvidence(parts.request, parts.stateKey);
  if (!again.ok) return again;
  if (!again.value.evidence.checkpointBytes.equals(parts.evidence.checkpointBytes)) {
    return fail(
      failure('locked', 'another process worked on this out_dir just now', { remedy: 'try again' }),
    );
  }
  const current = { ...parts, evidence: again.value.evidence };
  const [finding] = current.evidence.findings;
  if (finding !== undefined) {
    return current.state.status === 'done'
      ? withdrawTampered(current, finding.failure)
      : fail(finding.failure);
  }
  const verdict = judgeResume(current);
  if (verdict.ok) return goOn(current, verdict.value);
  const evidenceFailed = ['artifact_changed', 'binary_changed'].includes(verdict.failure.reason);
  return current.state.status === 'done' && evidenceFailed
    ? withdrawDone(current, verdict.failure)
    : fail(verdict.failure);
}

/** The base as the run began: a ref that is looked up again could have been moved by a stage. */
function baseOfResume(parts: ResumeParts, before: RunDocument): Result<string | null, Failure> {
  const { plan } = parts.resumed;
  if (plan.closure.base === before.config.closure.base) return ok(before.repo.base);
  return fail(
    failure('precondition', '--base: expected the base that the run began with, got another', {
      remedy: 'start a fresh run without --resume: what was judged was measured against that base',
    }),
  );
}

function deliveryOfResume(parts: ResumeParts, before: RunDocument, config: ResumeVerdict['config']) {
  const { ports, resumed, held, watch, request, state } = parts;
  const stands = state.status === 'done' || state.progress.closed !== null;
  return resumeDelivery(
    { ports, plan: resumed.plan, workTree: held.ground.workTree, signal: watch.abort },
    before,
    { config, isVerified: stands && request.rerunFrom === null },
  );
}

async function goOn(parts: ResumeParts, verdict: ResumeVerdict): Promise<Result<OpenedRun, Failure>> {
  const { request, ports, evidence, held } = parts;
  const swept = await sweepEarlier(parts);
  if (!swept.ok) return swept;
  const before = evidence.checkpoint.run;
  const { watch } = parts;
  const { cookie } = watch;
  const { secrecy } = parts;
  const { changes } = verdict;
  const invocation = newInvocation(ports, held, {
    resumed: true,
    cookie,
    changes,
    // An attempt that was cut off is closed by this invocation, and of the one before.
    earlierExecutions: before.stage_executions.length + (before.intent === null ? 0 : 1),
    earlierTransitions: before.transitions.length,
    secrecy,
  });
  const base = baseOfResume(parts, before);
  if (!base.ok) return base;
  const delivery = await deliveryOfResume(parts, before, verdict.config);
  if (!delivery.ok) return delivery;
  const document = takeOver(before, {
    config: verdict.config,
    standing: parts.resumed.standing,
    invocation,
    assertions: request.assertions,
    nowMs: ports.clock.now(),
    isGit: request.given.repoRoot === undefined ? before.repo.is_git : held.ground.workTree !== null,
    base: base.value,
    delivery: delivery.value,
  });
  const machine = {
    pipeline: ORCHESTRATE,
    settings: machineSettings(parts.resumed.plan, request.simulateBlocked),
  };
  const anew = gatesDecidedAnew(before.config.closure, verdict.config.closure, request.given.closure ?? {});
  const step = transition(machine, document.state, { type: 'resumed', from: request.rerunFrom, anew });
  const audit = takeUpAuditLog(held.paths);
  if (!audit.ok) return audit;
  const opened = await openContext({
    request,
    ports,
    plan: parts.resumed.plan,
    machine,
    secrecy,
    stateKey: parts.stateKey,
    held,
    sandbox: parts.sandbox,
    watch,
    believed: evidence.checkpointBytes,
    auditBytes: audit.value.bytes,
    sequence: evidence.checkpoint.sequence,
    committedSeq: evidence.checkpoint.audit_head.seq,
    reopening:
      parts.state.status === 'done'
        ? {
            // What was given now is told by the log with the next commit, and not before.
            document: applyState(
              { ...before, invocations: document.invocations },
              step.state,
              timestamp(ports.clock.now()),
            ),
            report_sha256: evidence.checkpoint.report_sha256,
            audit_head: evidence.checkpoint.audit_head,
          }
        : null,
    startedMonotonic: parts.startedMonotonic,
    earlierAttempts: document.stage_executions.length,
  });
  if (!opened.ok) return opened;
  const context = opened.value;
  const settings = await settingsFrom(context, document, before);
  if (!settings.ok) return settings;
  const config = refuseChangedConfig(context, before.config_file);
  if (!config.ok) return config;
  const trusted = takeTrustedFiles(context, trustedBefore(context, document, before));
  if (!trusted.ok) return trusted;
  context.evidence.audit('run-resumed', {
    argv: invocation.argv,
    version: ports.version,
    host: invocation.host,
    pid: ports.pid,
    from: request.rerunFrom,
    found: parts.state.status,
    changes,
    assertions: document.assertions,
    config_digest: configDigest(document.config),
    after_seq: evidence.checkpoint.audit_head.seq,
    sandbox: sandboxFact(parts.sandbox),
    swept: swept.value,
    torn_bytes_removed: audit.value.removed,
    report_rebuilt: evidence.report.state !== 'matches',
  });
  ports.observe({ type: 'run-started', run_id: before.run_id, out_dir: held.paths.outDir, resumed: true });
  for (const text of changes) ports.observe({ type: 'notice', text: `changed: ${text}` });
  noticeSecrets(ports, secrecy);
  noticeUntold(ports, parts.resumed.plan);
  noticeSandbox(ports, parts.resumed.plan, parts.sandbox);
  const taken = {
    ...document,
    git_settings: settings.value,
    trusted_files: trusted.value,
    config_file: config.value,
  };
  return ok({ context, document: taken, step, release: () => releaseAll(context, held) });
}

/**
 * The git settings that closure compares with: those from before the first stage, unless the run goes on in another
 * repository or on another machine, where none of its stages has been. Naming the same repo-root again, or moving
 * out_dir, is neither.
 */
async function settingsFrom(
  context: RunContext,
  document: RunDocument,
  before: RunDocument,
): Promise<Result<RunDocument['git_settings'], Failure>> {
  return isHere(context, document, before) ? ok(before.git_settings) : takeGitSettings(context);
}

/** Likewise the files that gates are decided with. */
function trustedBefore(
  context: RunContext,
  document: RunDocument,
  before: RunDocument,
): TrustedBefore | null {
  if (!isHere(context, document, before)) return null;
  return { files: before.trusted_files, closure: loadClosure(before.config.closure, context.roots) };
}

/** Whether this is the machine and the repository in which the run's stages have been. */
function isHere(context: RunContext, document: RunDocument, before: RunDocument): boolean {
  const then = realOrSame(loadRepoRoot(before.config.repo_root, before.host.out_dir));
  return document.host.hostname === before.host.hostname && realOrSame(context.plan.repoRoot) === then;
}

/** What is left of earlier attempts is ended before anything starts (spec section 6); returns how many. */
async function sweepEarlier(parts: ResumeParts): Promise<Result<number, Failure>> {
  const cookies = parts.evidence.checkpoint.run.invocations.map((one) => one.cookie);
  const swept = await sweepCookies(cookies, {
    graceMs: parts.resumed.plan.killGraceMs,
    clock: parts.ports.clock,
    reaperPid: null,
  });
  if (swept.survivors === 0) return ok(swept.killed);
  return fail(
    failure('survivors', `${swept.survivors} processes of an earlier attempt could not be killed`, {
      remedy: 'end them by hand, then --resume',
    }),
  );
}
