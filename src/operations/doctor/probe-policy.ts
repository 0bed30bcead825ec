import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding } from '../../core/doctor/finding.ts';
import { judgePolicy, refused } from '../../core/doctor/judge-plan.ts';
import type { GateSource } from '../../core/gates/gate-plan.ts';
import { gatePlanOf } from '../../core/gates/plan-of-settings.ts';
import type { PolicyFolder, PolicyFolderProblem } from '../../core/gates/policy-folder.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { takeBase } from '../run/base.ts';
import type { Scene } from './scene.ts';

type PolicySource = Extract<GateSource, { readonly kind: 'cedar' | 'opa' | 'conftest' }>;

/** Whether the policy's folder can be read from the base commit, or is what its digest says. */
export async function probePolicies(scene: Scene): Promise<readonly Finding[]> {
  const { plan, workTree, ports, watch } = scene;
  const sources = gatePlanOf(plan.closure).sources.policy.filter(isFolder);
  if (sources.length === 0 && plan.closure.base === null) return [];
  const base = await takeBase(ports, plan, workTree, watch.abort);
  if (!base.ok) return [refused({ check: 'policy', means: 'a run does not start' }, base.failure)];
  const findings: Finding[] = [];
  for (const source of sources) {
    const folder = await readFolder(scene, source, base.value);
    findings.push(
      judgePolicy({
        source: source.text,
        read: folder.ok ? ok(folder.value.files.size) : fail(folder.failure.message),
      }),
    );
  }
  return findings;
}

function isFolder(source: GateSource): source is PolicySource {
  return source.kind === 'cedar' || source.kind === 'opa' || source.kind === 'conftest';
}

async function readFolder(
  { plan, ports, watch }: Scene,
  source: PolicySource,
  base: string | null,
): Promise<Result<PolicyFolder, Pick<PolicyFolderProblem, 'message'>>> {
  if (source.digest !== null) {
    const { readPinnedFolder } = await import('../../store/pinned-folder.ts');
    return readPinnedFolder(source.dir, source.digest);
  }
  if (base === null) return fail({ message: 'there is no base commit to read the policy from' });
  const { readCommitFolder } = await import('../../git/commit-folder.ts');
  const scratch = mkdtempSync(join(ports.tmpdir, 'orchestrator-doctor-'));
  try {
    return await readCommitFolder({
      ...{ root: plan.repoRoot, commit: base, dir: source.dir, scratch, signal: watch.abort },
      environment: { path: ports.env.PATH ?? '', home: ports.env.HOME ?? null },
    });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
