import type { Failure } from '../../core/failure.ts';
import type { Result } from '../../core/result.ts';
import type { RunPlan, RunRequest } from '../../core/run-plan.ts';
import { refuseKeyIn } from '../state-key.ts';
import type { Ground } from './prepare.ts';

/** Exit 2 for a key file in out_dir or in the repository. */
export function refuseKeyPlace(
  request: Pick<RunRequest, 'outDir' | 'stateKey' | 'signKey'>,
  ground: Ground,
  plan: RunPlan,
): Result<void, Failure> {
  const { workTree, outDir } = ground;
  const folders = {
    out_dir: [request.outDir, outDir.path],
    'repo-root': [plan.repoRoot],
    'what a sandbox shows': [...plan.sandboxRead, ...plan.sandboxWrite],
    "repo-root's work tree":
      workTree === null ? [] : [workTree.topLevel, workTree.gitDir, workTree.commonDir],
  };
  const stateKey = refuseKeyIn(request.stateKey, '--state-key', folders);
  return stateKey.ok ? refuseKeyIn(request.signKey, '--sign-key', folders) : stateKey;
}
