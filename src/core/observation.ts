import type { DeliveryStep } from './delivery/delivery-step.ts';
import type { Failure } from './failure.ts';
import type { GateName } from './gates/gate.ts';
import type { GateDecision, StageExecution, TerminalState } from './records.ts';

/** What a run says about itself while it works: the source of progress lines and of `--json`. */
export type Observation =
  | {
      readonly type: 'run-started';
      readonly run_id: string;
      readonly out_dir: string;
      readonly resumed: boolean;
    }
  | { readonly type: 'notice'; readonly text: string }
  | { readonly type: 'stage-entered'; readonly stage: string }
  | { readonly type: 'stage-skipped'; readonly stage: string; readonly counts: string | null }
  | { readonly type: 'stage-not-configured'; readonly stage: string }
  | {
      readonly type: 'attempt-started';
      readonly stage: string;
      readonly step: string;
      readonly attempt: number;
      readonly command: string;
    }
  | {
      readonly type: 'attempt-output';
      readonly stage: string;
      readonly step: string;
      readonly stream: 'stdout' | 'stderr';
      readonly line: string;
    }
  | { readonly type: 'attempt-ended'; readonly execution: StageExecution }
  | { readonly type: 'remediation-asked'; readonly cycle: number; readonly steps: number }
  | {
      readonly type: 'gate-waiting';
      readonly gate: GateName;
      /** What is waited for, in words. */
      readonly for: readonly string[];
      /** Until the deadline. */
      readonly left_ms: number;
    }
  | { readonly type: 'admission-decided'; readonly decision: GateDecision }
  | { readonly type: 'delivered'; readonly step: DeliveryStep; readonly text: string }
  | { readonly type: 'gate-decided'; readonly decision: GateDecision }
  | {
      readonly type: 'run-ended';
      readonly run_id: string;
      readonly terminal_state: TerminalState | null;
      readonly failure: Failure | null;
      readonly blocked_reason_codes: readonly string[];
      readonly gate_decisions: readonly GateDecision[];
      readonly report: string;
      readonly checkpoint: string;
      readonly duration_ms: number;
      readonly exit_code: number;
    };

/** Receives observations in order. It must not throw: a closed or full stdout never ends a run (spec 8). */
export type Observe = (observation: Observation) => void;
