import type { Role, RunRequest } from '../../core/run-plan.ts';

/** What `orchestrator doctor` was asked to look at. */
export interface DoctorRequest {
  /** The run that is meant, as its own command line would have it. */
  readonly run: RunRequest;
  /** Whose binary is to be started; null starts none. */
  readonly stage: Role | null;
  /** What it is started with. */
  readonly probeArgs: readonly string[];
}
