import { mkdtempSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { sandboxOf } from '../../core/asked-sandbox.ts';
import type { Finding } from '../../core/doctor/finding.ts';
import { judgeEnd, judgeStart, type ProbeFacts } from '../../core/doctor/judge-stage.ts';
import { ORCHESTRATE, stageOfRole } from '../../core/machine/pipeline.ts';
import type { Role, RolePlan } from '../../core/run-plan.ts';
import type { CommandSandbox } from '../../process/command.ts';
import { resolveExecutable } from '../../process/executables.ts';
import type { Reaper } from '../../process/reaper.ts';
import type { SandboxHere } from '../run/sandbox/prepare-sandbox.ts';
import { environmentOf } from './probe-plan.ts';
import { makeForNow, probeView } from './probe-sandbox-view.ts';
import { type ProbeRun, runProbe } from './run-probe.ts';
import type { Scene } from './scene.ts';
import { probeWrites } from './write-probe.ts';

/** Longer than any program needs to print its version, ms; a shorter limit of the stage wins. */
const PROBE_LIMIT_MS = 10_000;

/** The binary that is to be tried. */
export interface StageProbe {
  readonly role: Role;
  readonly args: readonly string[];
  readonly sandbox: SandboxHere;
}

/**
 * Starts the binary of a role under the limits of its stage: environment, working directory, sandbox. Whether it can
 * start, whether it could write where it has to, and whether SIGTERM ends it.
 */
export async function probeStage(scene: Scene, probe: StageProbe): Promise<readonly Finding[]> {
  const { plan, ports } = scene;
  const role = plan.roles[probe.role];
  if (role === null) throw new Error(`the ${probe.role} is not configured`);
  const reaper = await scene.watch.reaper();
  const env = environmentOf(scene, { env: role.env, role }, ownVariables(scene, probe.role)).env;
  const found = resolveExecutable(role.bin, { path: env.PATH ?? '', cwd: plan.repoRoot });
  if (!found.ok) return [notStarted(probe.role, found.failure.message)];
  if (!reaper.ok) return [notStarted(probe.role, reaper.failure.message)];
  const scratch = mkdtempSync(join(ports.tmpdir, 'orchestrator-doctor-'));
  const outDir = scene.ground.ok ? scene.ground.value.outDir.path : scene.request.outDir;
  const { mode } = sandboxOf(plan, { role: probe.role });
  const sandboxed = mode !== 'off' && probe.sandbox.kind === 'available';
  const undo = sandboxed ? makeForNow(outDir) : () => {};
  try {
    const start = { role, file: found.value, env, reaper: reaper.value, scratch };
    return await probeStarted(scene, probe, { ...start, outDir });
  } finally {
    undo();
    rmSync(scratch, { recursive: true, force: true });
  }
}

interface Start {
  readonly role: RolePlan;
  readonly file: string;
  readonly env: Readonly<Record<string, string>>;
  readonly reaper: Reaper;
  readonly scratch: string;
  readonly outDir: string;
}

async function probeStarted(scene: Scene, probe: StageProbe, start: Start): Promise<readonly Finding[]> {
  const { role, file, env, reaper, scratch } = start;
  const { mode } = sandboxOf(scene.plan, { role: probe.role });
  if (mode === 'required' && probe.sandbox.kind !== 'available') {
    return [notStarted(probe.role, 'its sandbox is required and cannot be had')];
  }
  const sandbox = sandboxFor(scene, probe, start);
  const where = sandbox === null ? 'as your user' : 'in its sandbox';
  const how = { env: sandbox?.view.env ?? env, sandbox, reaper, scratch };
  const writes = await probeWrites(scene, role, { ...how, stage: probe.role, where });
  const run: Omit<ProbeRun, 'name' | 'limitMs'> = { ...how, file, args: probe.args };
  const limitMs = Math.min(role.timeoutMs ?? scene.plan.timeoutMs, PROBE_LIMIT_MS);
  const look = async (name: string, limit: number): Promise<ProbeFacts> => {
    const { end, durationMs, lastLine } = await runProbe(scene, { ...run, name, limitMs: limit });
    const command = [basename(role.bin), ...probe.args].join(' ');
    const { killGraceMs: graceMs } = scene.plan;
    return { stage: probe.role, command, end, durationMs, lastLine, limitMs: limit, graceMs, where };
  };
  const first = await look('first', limitMs);
  // Half-way, so that it has begun and has not ended yet: a program that answers at once may still be too quick.
  const again = first.end.kind === 'exited';
  const second = again ? await look('second', Math.floor(first.durationMs / 2)) : null;
  return [judgeStart(first), ...judgeEnd(first, second), ...writes];
}

function sandboxFor(scene: Scene, probe: StageProbe, start: Start): CommandSandbox | null {
  const { mode, network } = sandboxOf(scene.plan, { role: probe.role });
  if (mode === 'off' || probe.sandbox.kind !== 'available') return null;
  const { role, file, env, scratch, outDir } = start;
  const shown = { role, file, env, scratch, args: probe.args, network: network === 'on' };
  return { bubblewrap: probe.sandbox.bubblewrap, view: probeView(scene, outDir, shown) };
}

/** By `doctor` in their place a script can tell that nothing is to be done. */
function ownVariables({ request }: Scene, role: Role): Readonly<Record<string, string>> {
  const stage = stageOfRole(ORCHESTRATE, role);
  return {
    ORCHESTRATOR_RUN_ID: 'doctor',
    ORCHESTRATOR_STAGE: stage,
    ORCHESTRATOR_ATTEMPT_ID: `doctor:${stage}:1`,
    ORCHESTRATOR_OUT_DIR: request.outDir,
    ORCHESTRATOR_EXECUTION_ATTEMPT: '0',
  };
}

function notStarted(stage: string, message: string): Finding {
  const end = { kind: 'not-started', message } as const;
  return judgeStart({
    stage,
    command: '',
    end,
    lastLine: null,
    durationMs: 0,
    limitMs: 0,
    graceMs: 0,
    where: '',
  });
}
