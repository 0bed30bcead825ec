import { strictestMode } from '../../core/asked-sandbox.ts';
import type { Finding } from '../../core/doctor/finding.ts';
import { refused } from '../../core/doctor/judge-plan.ts';
import { judgeSandboxTool } from '../../core/doctor/judge-sandbox.ts';
import { judgeGit } from '../../core/doctor/judge-tools.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { gitVersion } from '../../git/git-version.ts';
import { absoluteEntries, findTool } from '../../process/find-tool.ts';
import { bubblewrapVersion } from '../../process/sandbox/bubblewrap-version.ts';
import { findBubblewrap } from '../../process/sandbox/find-bubblewrap.ts';
import { probeSandbox } from '../../process/sandbox/probe-sandbox.ts';
import { findOnPath } from '../../process/shebang.ts';
import { realOrSame } from '../../store/real-path.ts';
import { sandboxGround } from '../run/sandbox/ground.ts';
import { judgeSandbox, type SandboxHere } from '../run/sandbox/prepare-sandbox.ts';
import type { Scene } from './scene.ts';

/** git as a run would find and start it. */
export async function probeGit(scene: Scene): Promise<Finding> {
  const { ports, workTree } = scene;
  const file = gitFile(scene);
  const inWorkTree = workTree !== null;
  if (file === null) {
    const where = inWorkTree ? ' outside of the work tree' : '';
    return judgeGit({ found: fail(`git was not found on PATH${where}`), inWorkTree });
  }
  const environment = { path: ports.env.PATH ?? '', home: ports.env.HOME ?? null };
  const version = await gitVersion(file, environment, scene.watch.abort);
  const found = version.ok ? ok({ file, version: version.value }) : fail(version.failure.message);
  return judgeGit({ found, inWorkTree });
}

/** Outside of a work tree any git will do. */
function gitFile({ ports, workTree }: Scene): string | null {
  const path = ports.env.PATH ?? '';
  if (workTree !== null) return findTool('git', path, workTree.topLevel);
  return findOnPath('git', absoluteEntries(path).join(':'));
}

/** Whether a sandbox can be had, found out by making one, and what it makes possible. */
export interface SandboxProbe {
  readonly findings: readonly Finding[];
  readonly here: SandboxHere;
}

/** Makes an empty sandbox; then what a run would refuse of its places. */
export function probeSandboxTool(scene: Scene): SandboxProbe {
  const { ports, plan, ground, request } = scene;
  const root = scene.workTree?.root ?? realOrSame(plan.repoRoot);
  const probed = probeSandbox(findBubblewrap(ports.env.PATH ?? '', root));
  const mode = strictestMode(plan);
  const made: Result<{ file: string; version: string }, string> = probed.ok
    ? ok({ file: probed.value, version: bubblewrapVersion(probed.value) })
    : probed;
  const tool = judgeSandboxTool({ mode, made });
  if (mode === 'off' || !probed.ok || !ground.ok) return { findings: [tool], here: hereOf(probed) };
  const judged = judgeSandbox(plan, sandboxGround(plan, ground.value, request), { mode, probed });
  if (judged.ok) return { findings: [tool], here: judged.value };
  const places = refused({ check: 'sandbox', means: 'a run is refused, exit 2' }, judged.failure);
  return { findings: [tool, places], here: { kind: 'unavailable', why: judged.failure.message } };
}

function hereOf(probed: Result<string, string>): SandboxHere {
  return probed.ok
    ? { kind: 'available', bubblewrap: probed.value }
    : { kind: 'unavailable', why: probed.failure };
}
