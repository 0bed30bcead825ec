import type { Failure } from '../../core/failure.ts';
import type { Result } from '../../core/result.ts';
import type { RunRequest } from '../../core/run-plan.ts';
import { openFresh } from './open-fresh.ts';
import type { OpenedRun } from './opened-run.ts';
import type { RunPorts } from './ports.ts';
import type { RunKeys } from './run-keys.ts';

/** Opens the out_dir for a fresh run or a resume; a failure here has run nothing. */
export async function openRun(
  request: RunRequest,
  ports: RunPorts,
  keys: RunKeys,
): Promise<Result<OpenedRun, Failure>> {
  if (!request.resume) return openFresh(request, ports, keys);
  const { openResumed } = await import('./open-resumed.ts');
  return openResumed(request, ports, keys);
}
