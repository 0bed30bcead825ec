import { join } from 'node:path';
import { needsVariable } from '../../core/agents/agent-command.ts';
import type { Failure } from '../../core/failure.ts';
import type { RunOrder } from '../../core/machine/effect.ts';
import type { ExecutableRecord, ProcessTreeRecord, StreamRecord } from '../../core/records.ts';
import { ok, type Result } from '../../core/result.ts';
import type { RunDocument } from '../../core/run-document.ts';
import type { IsolationRecord } from '../../core/sandbox.ts';
import { storePath } from '../../formats/stored-path.ts';
import { buildChildEnvironment, type ChildEnvironment } from '../../process/child-environment.ts';
import type { CommandEnd, CommandOutcome, CommandSpec } from '../../process/command.ts';
import { resolveExecutable } from '../../process/executables.ts';
import { type ExecutableIdentity, identifyExecutable } from '../../process/identify-executable.ts';
import { runCommand } from '../../process/run-command.ts';
import { ensureFolder } from '../../store/out-dir.ts';
import { childVariables } from './child-variables.ts';
import type { RunContext, RunSpec } from './context.ts';
import type { AttemptFolder } from './sandbox/attempt-folder.ts';
import { type Isolation, isolate } from './sandbox/isolate.ts';

/** A process that was started, or was to be, as the record needs it. Paths are stored ones. */
export interface StartedProcess {
  readonly end: CommandEnd;
  readonly durationMs: number;
  /** Absolute; null when no file could be found to start. */
  readonly file: string | null;
  readonly binary: ExecutableRecord | null;
  readonly script: ExecutableRecord | null;
  readonly envKeys: readonly string[];
  readonly envWithheld: number;
  readonly stdout: StreamRecord | null;
  readonly stderr: StreamRecord | null;
  /** Of the kept stdout of an agent with a profile, all of it; null otherwise. */
  readonly stdoutSha256: string | null;
  readonly tree: ProcessTreeRecord | null;
  readonly isolation: IsolationRecord | null;
  /** Stands in out_dir's place; null without a sandbox. */
  readonly attemptFolder: AttemptFolder | null;
  readonly logFailure: string | null;
}

/** Starts the binary and waits until nothing of its tree is left. What cannot start is an end, not a failure. */
export async function startAndWait(
  context: RunContext,
  document: RunDocument,
  order: RunOrder,
  spec: RunSpec,
): Promise<Result<StartedProcess, Failure>> {
  const own = childVariables(context, document, order);
  if (!own.ok) return own;
  const agentRole = order.run.role === null ? null : context.plan.roles[order.run.role];
  const environment = buildChildEnvironment({
    callerEnv: context.ports.env,
    pass: (name) => context.secrecy.pass(name) || needsVariable(agentRole, name),
    inherit: context.plan.inheritEnv,
    withheld: context.secrecy.withheld,
    roleEnv: spec.env,
    ownEnv: own.value,
    cookie: context.cookie,
    platform: process.platform,
  });
  const cwd = context.plan.repoRoot;
  const resolved = resolveExecutable(spec.bin, { path: environment.env.PATH ?? '', cwd });
  if (!resolved.ok) {
    const { errno, message } = resolved.failure;
    return ok(notStarted(environment, { kind: 'spawn-failed', errno, message }));
  }
  const file = resolved.value;
  const identity = identifyExecutable({ file, args: spec.args, cwd }, context.digests);
  if (!identity.ok) {
    const end = { kind: 'spawn-failed' as const, errno: 'EACCES', message: identity.failure };
    return ok(notStarted(environment, end));
  }
  const logs = ensureFolder(context.paths.logs, context.paths.outDir);
  if (!logs.ok) return logs;
  const script = identity.value.script?.path ?? null;
  const isolated = await isolate(context, document, { order, spec, file, script, env: environment.env });
  if (!isolated.ok) return isolated;
  const isolation = isolated.value;
  const names = { stdout: logName(order, 'stdout'), stderr: logName(order, 'stderr') };
  const { stage } = order;
  const { step } = order.run;
  const { observe } = context.ports;
  observe({ type: 'attempt-started', stage, step, attempt: order.attempt, command: context.mask.text(file) });
  const outcome = await runCommand({
    file,
    args: spec.args,
    cwd,
    env: environment.env,
    sandbox: isolation.sandbox,
    timeoutMs: spec.timeoutMs,
    graceMs: context.plan.killGraceMs,
    stdoutLog: join(context.paths.logs, names.stdout),
    stderrLog: join(context.paths.logs, names.stderr),
    maxLogBytes: context.plan.maxLogBytes,
    mask: context.mask,
    cookie: context.cookie,
    ...watching(context, order),
    digestStdout: (agentRole?.agent ?? null) !== null,
    cancellation: context.ports.cancellation,
    clock: context.ports.clock,
    reaper: context.reaper,
    sweepMemory: context.sweepMemory,
  });
  isolation.folder?.tidy(isolation.sandbox?.view.mounts.keys() ?? []);
  return ok(started(context, { environment, file, identity: identity.value, isolation, names, outcome }));
}

/** What the stage prints, told as it comes, as far as anybody looks. */
function watching(context: RunContext, order: RunOrder): Pick<CommandSpec, 'onLine' | 'lines'> {
  const { watchesOutput, ports } = context;
  if (watchesOutput === 'none') return { onLine: null };
  const { stage } = order;
  const { step } = order.run;
  return {
    onLine: (stream, line) => ports.observe({ type: 'attempt-output', stage, step, stream, line }),
    lines: watchesOutput,
  };
}

function notStarted(environment: ChildEnvironment, end: CommandEnd): StartedProcess {
  return {
    end,
    durationMs: 0,
    file: null,
    binary: null,
    script: null,
    envKeys: environment.keys,
    envWithheld: environment.withheld,
    stdout: null,
    stderr: null,
    stdoutSha256: null,
    tree: null,
    isolation: null,
    attemptFolder: null,
    logFailure: null,
  };
}

interface Started {
  readonly environment: ChildEnvironment;
  readonly file: string;
  readonly identity: ExecutableIdentity;
  readonly isolation: Isolation;
  readonly names: { readonly stdout: string; readonly stderr: string };
  readonly outcome: CommandOutcome;
}

function started(context: RunContext, what: Started): StartedProcess {
  const { environment, file, identity, isolation, names, outcome } = what;
  const stored = (one: ExecutableRecord): ExecutableRecord => ({
    ...one,
    path: context.mask.text(storePath(one.path, context.roots)),
  });
  const stream = (name: string, captured: CommandOutcome['stdout']): StreamRecord => ({
    log: `logs/${name}`,
    bytes: captured.bytes,
    kept_bytes: captured.keptBytes,
    truncated: captured.truncated,
  });
  return {
    end: outcome.end,
    durationMs: outcome.durationMs,
    file,
    binary: stored(identity.binary),
    script: identity.script === null ? null : stored(identity.script),
    envKeys: environment.keys,
    envWithheld: environment.withheld,
    stdout: stream(names.stdout, outcome.stdout),
    stderr: stream(names.stderr, outcome.stderr),
    stdoutSha256: outcome.stdout.sha256,
    tree: outcome.tree,
    isolation: isolation.record,
    attemptFolder: isolation.folder,
    logFailure: outcome.logFailure,
  };
}

/** `<stage>.<attempt>.<stream>.log`; a native validation command, one of several per attempt, adds its step. */
function logName(order: RunOrder, stream: 'stdout' | 'stderr'): string {
  const step = order.run.role === null ? `.${order.run.step}` : '';
  return `${order.stage}.${order.attempt}${step}.${stream}.log`;
}
