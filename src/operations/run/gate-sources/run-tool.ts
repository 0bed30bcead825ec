import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GateName } from '../../../core/gates/gate.ts';
import { unreachable } from '../../../core/unreachable.ts';
import type { RunTool, ToolCall, ToolEnd } from '../../../gates/run-tool.ts';
import { buildChildEnvironment } from '../../../process/child-environment.ts';
import type { CommandOutcome } from '../../../process/command.ts';
import { resolveExecutable } from '../../../process/executables.ts';
import { runCommand } from '../../../process/run-command.ts';
import { TREES_VARIABLE } from '../../../process/tree-scope.ts';
import { ensureFolder } from '../../../store/out-dir.ts';
import type { RunContext } from '../context.ts';

const NOTHING = new Uint8Array();

/**
 * Runs the executables of gate sources as stages are run: own session, bounded, the whole tree ended; what they print
 * is kept among the logs. `invocation` and a count make the names unique over the run.
 */
export function toolRunner(context: RunContext, gate: GateName, invocation: number): RunTool {
  let calls = 0;
  return async (call) => {
    calls += 1;
    const folder = ensureFolder(context.paths.logs, context.paths.outDir);
    if (!folder.ok) return notStarted(folder.failure.message);
    const name = `gate-${gate}.${invocation}.${context.ports.random(4)}.${calls}`;
    const logs = {
      stdout: join(context.paths.logs, `${name}.stdout.log`),
      stderr: join(context.paths.logs, `${name}.stderr.log`),
    };
    const env = environmentOf(context, call);
    const cwd = call.cwd ?? context.plan.repoRoot;
    const resolved = resolveExecutable(call.bin, { path: context.ports.env.PATH ?? '', cwd });
    if (!resolved.ok) return notStarted(resolved.failure.message);
    const outcome = await runCommand({
      file: resolved.value,
      args: call.args,
      stdin: Buffer.from(call.stdin),
      cwd,
      env,
      sandbox: null,
      timeoutMs: call.timeoutMs,
      graceMs: context.plan.killGraceMs,
      stdoutLog: logs.stdout,
      stderrLog: logs.stderr,
      maxLogBytes: call.maxBytes,
      mask: context.mask,
      cookie: context.cookie,
      onLine: null,
      cancellation: context.ports.cancellation,
      clock: context.ports.clock,
      reaper: context.reaper,
      sweepMemory: context.sweepMemory,
    });
    return endOf(outcome, logs);
  };
}

function environmentOf(context: RunContext, call: ToolCall): Readonly<Record<string, string>> {
  if (call.env !== null) return { ...call.env, [TREES_VARIABLE]: context.cookie };
  return buildChildEnvironment({
    callerEnv: context.ports.env,
    pass: context.secrecy.pass,
    inherit: context.plan.inheritEnv,
    withheld: context.secrecy.withheld,
    roleEnv: {},
    ownEnv: {},
    cookie: context.cookie,
    platform: process.platform,
  }).env;
}

function notStarted(why: string): ToolEnd {
  return { kind: 'spawn-failed', code: null, stdout: NOTHING, stderr: Buffer.from(why) };
}

function endOf(outcome: CommandOutcome, logs: { readonly stdout: string; readonly stderr: string }): ToolEnd {
  const outputs = { stdout: contentOf(logs.stdout), stderr: contentOf(logs.stderr) };
  const { end, logFailure, tree } = outcome;
  // What could not be kept whole cannot be judged, and a survivor could still change what was.
  if (logFailure !== null || tree.survivors > 0) return { kind: 'signalled', code: null, ...outputs };
  if (outcome.stdout.truncated || outcome.stderr.truncated) {
    return { kind: 'too-much', code: null, ...outputs };
  }
  switch (end.kind) {
    case 'exited':
      return { kind: 'exited', code: end.code, ...outputs };
    case 'signalled':
    case 'cancelled':
      return { kind: 'signalled', code: null, ...outputs };
    case 'timed-out':
      return { kind: 'timed-out', code: null, ...outputs };
    case 'spawn-failed':
      return { kind: 'spawn-failed', code: null, ...outputs, stderr: Buffer.from(end.message) };
    default:
      return unreachable(end);
  }
}

function contentOf(log: string): Uint8Array {
  try {
    return readFileSync(log);
  } catch {
    return NOTHING;
  }
}
