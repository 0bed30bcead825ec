import type { BegunState } from '../../core/machine/state.ts';
import type { RunRequest } from '../../core/run-plan.ts';
import type { SigningKey } from '../../formats/signing-key.ts';
import type { StateKey } from '../../formats/state-key.ts';
import type { ReadEvidence } from '../examine-evidence.ts';
import type { HeldGround } from './hold-ground.ts';
import type { RunPorts } from './ports.ts';
import type { ResumedPlan } from './resume-run.ts';
import type { SandboxHere } from './sandbox/prepare-sandbox.ts';
import type { Secrecy } from './secrets.ts';
import type { Watch } from './watch.ts';

/** What a resume is decided from: the evidence as it was read, and the plan that follows from it. */
export interface ResumeParts {
  readonly request: RunRequest;
  readonly ports: RunPorts;
  readonly evidence: ReadEvidence;
  readonly state: BegunState;
  readonly resumed: ResumedPlan;
  readonly secrecy: Secrecy;
  readonly stateKey: StateKey | null;
  readonly signKey: SigningKey | null;
  readonly held: HeldGround;
  readonly sandbox: SandboxHere;
  readonly watch: Watch;
  readonly startedMonotonic: number;
}
