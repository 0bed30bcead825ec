import type { Failure } from '../../core/failure.ts';
import type { Result } from '../../core/result.ts';
import type { RunPlan, RunRequest } from '../../core/run-plan.ts';
import type { WorkTree } from '../../git/work-tree.ts';
import type { Ground } from '../run/prepare.ts';
import type { Secrecy } from '../run/secrets.ts';
import type { Watch } from '../run/watch.ts';
import type { DoctorPorts } from './ports.ts';

/** What every probe looks at. */
export interface Scene {
  readonly ports: DoctorPorts;
  readonly request: RunRequest;
  /** By real paths, where the ground is good. */
  readonly plan: RunPlan;
  readonly secrecy: Secrecy;
  readonly watch: Watch;
  /** null outside of git, and where it cannot be told. */
  readonly workTree: WorkTree | null;
  /** What a run would stand on, or what it would be refused for. */
  readonly ground: Result<Ground, Failure>;
}
