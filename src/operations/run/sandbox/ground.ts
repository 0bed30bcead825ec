import type { RunPlan, RunRequest } from '../../../core/run-plan.ts';
import { digestOfFile } from '../../../store/artifacts/freshness.ts';
import { evidencePaths } from '../../../store/layout.ts';
import { realOrSame } from '../../../store/real-path.ts';
import type { RunPorts } from '../ports.ts';
import type { Ground } from '../prepare.ts';
import type { SandboxGround, SandboxHere } from './prepare-sandbox.ts';

/** Where the run is, as far as a sandbox has to keep clear of it. */
export function sandboxGround(plan: RunPlan, ground: Ground, request: RunRequest): SandboxGround {
  const { path: outDir } = ground.outDir;
  return {
    repoRoot: ground.workTree?.root ?? realOrSame(plan.repoRoot),
    outDir,
    checkpoint: realOrSame(evidencePaths(outDir, request.checkpointPath).checkpoint),
  };
}

/** What the audit log keeps of the sandbox: which program made it, too. */
export function sandboxFact(sandbox: SandboxHere): Readonly<Record<string, unknown>> {
  if (sandbox.kind !== 'available') return sandbox;
  return { ...sandbox, sha256: digestOfFile(sandbox.bubblewrap) };
}

/** Said once: a sandbox that was wanted and cannot be had, or that is spoken of and was not asked for. */
export function noticeSandbox(ports: RunPorts, plan: RunPlan, sandbox: SandboxHere): void {
  const spoken = plan.sandboxRead.length + plan.sandboxWrite.length > 0 || plan.sandboxNetwork === 'on';
  if (sandbox.kind === 'not-asked' && spoken) {
    const text = 'no stage is sandboxed (--sandbox): --sandbox-read, -write and -network do nothing';
    ports.observe({ type: 'notice', text });
  }
  if (sandbox.kind !== 'unavailable') return;
  ports.observe({ type: 'notice', text: `stages run without a sandbox: ${sandbox.why}` });
}
