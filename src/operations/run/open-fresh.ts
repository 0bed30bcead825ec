import { untoldLimits } from '../../core/agents/untold-limits.ts';
import { resolvePlan } from '../../core/config/resolve-plan.ts';
import { type Failure, failure } from '../../core/failure.ts';
import { mergeAssertions } from '../../core/gates/collect-signals.ts';
import { ORCHESTRATE } from '../../core/machine/pipeline.ts';
import { machineSettings } from '../../core/machine/tasks.ts';
import { transition } from '../../core/machine/transition.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { ROLES, type RunPlan, type RunRequest } from '../../core/run-plan.ts';
import { configDigest } from '../../formats/config-digest.ts';
import { PRODUCT } from '../../formats/report.ts';
import type { SigningKey } from '../../formats/signing-key.ts';
import type { StateKey } from '../../formats/state-key.ts';
import { storeConfig } from '../../formats/stored-config.ts';
import { evidencePaths } from '../../store/layout.ts';
import { MAX_CHECKPOINT_BYTES, readRegularFile } from '../../store/read-regular-file.ts';
import { supersedeEvidence } from '../../store/supersede.ts';
import { timestamp } from '../../system/clock.ts';
import { newRunId } from '../../system/ids.ts';
import { takeBase } from './base.ts';
import { beginDelivery } from './delivery/begin-delivery.ts';
import { trustConfig } from './gate-sources/config-trust.ts';
import { takeHiddenFolders } from './gate-sources/hidden-folders.ts';
import { gatePreconditions } from './gate-sources/preconditions.ts';
import { takeTrustedFiles } from './gate-sources/trusted-files.ts';
import { takeGitSettings } from './git-settings.ts';
import { type HeldGround, holdGround } from './hold-ground.ts';
import { refuseHtmlReport } from './html-report-place.ts';
import { newDocument } from './new-document.ts';
import { openContext } from './open-context.ts';
import { newInvocation, type OpenedRun, releaseAll } from './opened-run.ts';
import type { RunPorts } from './ports.ts';
import { inspectGround, refuseTrackedContext } from './prepare.ts';
import { withRealPaths } from './real-paths.ts';
import type { RunKeys } from './run-keys.ts';
import { noticeSandbox, sandboxFact, sandboxGround } from './sandbox/ground.ts';
import { prepareSandbox, type SandboxHere } from './sandbox/prepare-sandbox.ts';
import { collectSecrecy, type Secrecy } from './secrets.ts';
import { refuseKeyPlace } from './state-key-place.ts';
import { endWatch, startWatch, type Watch } from './watch.ts';

/** A fresh run: nothing is written before everything that can be refused has been looked at. */
export async function openFresh(
  request: RunRequest,
  ports: RunPorts,
  keys: RunKeys,
): Promise<Result<OpenedRun, Failure>> {
  const startedMonotonic = ports.clock.monotonic();
  const given = resolvePlan(request.given, null, ports.cwd);
  const secrecy = await collectSecrecy(given, ports.env, keys);
  if (!secrecy.ok) return secrecy;
  const watch = startWatch(ports);
  const opened = await openWatched(request, ports, {
    given,
    secrecy: secrecy.value,
    stateKey: keys.stateKey,
    signKey: keys.signKey,
    watch,
    startedMonotonic,
  });
  if (!opened.ok) await endWatch(watch);
  return opened;
}

async function openWatched(
  request: RunRequest,
  ports: RunPorts,
  parts: {
    readonly given: RunPlan;
    readonly secrecy: Secrecy;
    readonly stateKey: StateKey | null;
    readonly signKey: SigningKey | null;
    readonly watch: Watch;
    readonly startedMonotonic: number;
  },
): Promise<Result<OpenedRun, Failure>> {
  const { given, watch } = parts;
  const ground = await inspectGround(request.outDir, given, ports.env, watch);
  if (!ground.ok) return ground;
  const gates = await gatePreconditions(given, ground.value.workTree !== null, {
    env: ports.env,
    signKey: parts.signKey,
  });
  if (!gates.ok) return gates;
  const keyPlace = refuseKeyPlace(request, ground.value, given);
  if (!keyPlace.ok) return keyPlace;
  const htmlPlace = refuseHtmlReport(request, ground.value, given);
  if (!htmlPlace.ok) return htmlPlace;
  const plan = withRealPaths(given, request.outDir, ground.value.outDir.path);
  const context = await refuseTrackedContext(ground.value, plan, { env: ports.env, watch });
  if (!context.ok) return context;
  const sandbox = await prepareSandbox(plan, sandboxGround(plan, ground.value, request), ports.env);
  if (!sandbox.ok) return sandbox;
  const foreign = refuseForeignCheckpoint(ground.value.outDir.path, request.checkpointPath);
  if (!foreign.ok) return foreign;
  const held = await holdGround(request, ground.value, ports);
  if (!held.ok) return held;
  const begun = await begin(request, ports, { ...parts, plan, held: held.value, sandbox: sandbox.value });
  if (!begun.ok) await held.value.lock.release();
  return begun;
}

/**
 * A file at `--checkpoint-path` that is not evidence of ours is somebody's work: it is not moved out of the way.
 */
function refuseForeignCheckpoint(outDir: string, checkpointPath: string | null): Result<void, Failure> {
  if (checkpointPath === null) return ok(undefined);
  const { checkpoint } = evidencePaths(outDir, checkpointPath);
  const found = readRegularFile(checkpoint, MAX_CHECKPOINT_BYTES);
  if (found.kind === 'missing' || found.kind === 'empty') return ok(undefined);
  const ours = found.kind === 'bytes' && found.bytes.subarray(0, 512).includes(`"product": "${PRODUCT}"`);
  if (ours) return ok(undefined);
  return fail(
    failure(
      'precondition',
      `--checkpoint-path ${checkpoint}: expected a checkpoint or nothing, got another file`,
      {
        remedy: 'give another --checkpoint-path',
      },
    ),
  );
}

interface FreshParts {
  readonly plan: RunPlan;
  readonly secrecy: Secrecy;
  readonly stateKey: StateKey | null;
  readonly held: HeldGround;
  readonly sandbox: SandboxHere;
  readonly watch: Watch;
  readonly startedMonotonic: number;
}

async function begin(
  request: RunRequest,
  ports: RunPorts,
  parts: FreshParts,
): Promise<Result<OpenedRun, Failure>> {
  const { plan, secrecy, held, watch, startedMonotonic } = parts;
  const { cookie } = watch;
  const runId = newRunId(ports.clock.now(), ports.random);
  const machine = { pipeline: ORCHESTRATE, settings: machineSettings(plan, request.simulateBlocked) };
  const opened = await openContext({
    request,
    ports,
    plan,
    machine,
    secrecy,
    stateKey: parts.stateKey,
    held,
    sandbox: parts.sandbox,
    watch,
    believed: null,
    auditBytes: Buffer.alloc(0),
    sequence: 0,
    committedSeq: 0,
    reopening: null,
    startedMonotonic,
    earlierAttempts: 0,
  });
  if (!opened.ok) return opened;
  const context = opened.value;
  const base = await takeBase(ports, plan, held.ground.workTree, context.abort);
  if (!base.ok) return base;
  const configFile = await trustConfig(context, base.value);
  if (!configFile.ok) return configFile;
  const hidden = await takeHiddenFolders(context);
  if (!hidden.ok) return hidden;
  const trusted = takeTrustedFiles(context, null);
  if (!trusted.ok) return trusted;
  const { workTree } = held.ground;
  const delivery = await beginDelivery({ ports, plan, workTree, signal: context.abort });
  if (!delivery.ok) return delivery;
  const moved = withdrawEarlier(held, ports);
  if (!moved.ok) return moved;
  const gitSettings = await takeGitSettings(context);
  if (!gitSettings.ok) return gitSettings;
  const config = storeConfig(plan, context.roots, {
    text: secrecy.mask.text,
    isSecret: secrecy.isSecret,
    passedSecrets: secrecy.passedSecrets,
    argsWithheld: {},
    envWithheld: {},
    promptsWithheld: [],
  });
  const invocation = newInvocation(ports, held, {
    resumed: false,
    cookie,
    changes: [],
    earlierExecutions: 0,
    earlierTransitions: 0,
    secrecy,
  });
  const nowSecs = Math.floor(ports.clock.now() / 1000);
  const document = newDocument({
    runId,
    pipeline: ORCHESTRATE,
    config,
    assertions: mergeAssertions([], request.assertions, nowSecs),
    host: invocation.host,
    invocation,
    isGit: held.ground.workTree !== null,
    base: base.value,
    delivery: delivery.value,
    gitSettings: gitSettings.value,
    trustedFiles: trusted.value,
    configFile: configFile.value,
    hiddenBefore: hidden.value,
  });
  context.evidence.audit('run-started', {
    run_id: runId,
    argv: invocation.argv,
    version: ports.version,
    host: invocation.host,
    pid: ports.pid,
    assertions: document.assertions,
    config_digest: configDigest(document.config),
    sandbox: sandboxFact(parts.sandbox),
    base: base.value,
    delivery: delivery.value,
    superseded: moved.value,
  });
  ports.observe({ type: 'run-started', run_id: runId, out_dir: held.paths.outDir, resumed: false });
  if (moved.value !== null) {
    ports.observe({ type: 'notice', text: `earlier evidence moved to ${moved.value}` });
  }
  noticeSecrets(ports, secrecy);
  noticeReach(ports, plan, held);
  noticeUntold(ports, plan);
  noticeSandbox(ports, plan, parts.sandbox);
  return ok({
    context,
    document,
    step: transition(machine, document.state, { type: 'started' }),
    release: () => releaseAll(context, held),
  });
}

/** Moves earlier evidence aside: before the first stage starts, the success of an earlier run is gone. */
function withdrawEarlier(held: HeldGround, ports: RunPorts): Result<string | null, Failure> {
  const found = readRegularFile(held.paths.checkpoint, MAX_CHECKPOINT_BYTES);
  const named =
    found.kind === 'bytes' ? /"run_id": "([A-Za-z0-9._-]{1,64})"/.exec(found.bytes.toString('latin1')) : null;
  const runId = named?.[1] ?? `unknown-${timestamp(ports.clock.now()).replaceAll(':', '')}`;
  const moved = supersedeEvidence(held.paths, runId);
  return moved.ok ? ok(moved.value?.folder ?? null) : moved;
}

/** Said once: what looks like a secret and cannot be masked. */
export function noticeSecrets(ports: RunPorts, secrecy: Secrecy): void {
  if (secrecy.tooShort.length === 0) return;
  const names = secrecy.tooShort.join(', ');
  ports.observe({ type: 'notice', text: `too short to be masked, though named like a secret: ${names}` });
}

/** Said before the work is done and paid for. */
export function noticeUntold(ports: RunPorts, plan: RunPlan): void {
  for (const role of ROLES) {
    const one = plan.roles[role];
    const limits = one === null ? [] : untoldLimits(role, one);
    if (limits.length === 0) continue;
    const text = `${one?.agent ?? role} never says how much it used of ${limits.join(' and ')}: its stage can only end as BUDGET_UNKNOWN`;
    ports.observe({ type: 'notice', text });
  }
}

/** Said once: what an operator may believe to be checked and is not. */
function noticeReach(ports: RunPorts, plan: RunPlan, held: HeldGround): void {
  const { workTree } = held.ground;
  if (workTree !== null && workTree.prefix !== '') {
    const text = `repo-root is a folder of the work tree ${workTree.topLevel}: only that folder is watched (--repo-root)`;
    ports.observe({ type: 'notice', text });
  }
  const { reviewer } = plan.roles;
  const reports = reviewer?.expectedArtifacts.some((one) => one.path.toLowerCase().endsWith('.json'));
  if (reviewer !== null && reports !== true) {
    const text =
      'no report is asked of the reviewer (--reviewer-expected-artifact X.json): its exit code alone counts';
    ports.observe({ type: 'notice', text });
  }
}
