import type { Failure } from '../failure.ts';
import type { ReasonCode } from '../gates/gate.ts';
import type { GateDecision, NextStep } from '../records.ts';

/** The content tree that validation judges; `digest` is null where repo-root is no git work tree. */
export interface TakenTree {
  readonly digest: string | null;
}

/** How far a run has come. Kept by every state, so that any of them can be resumed. */
export interface Progress {
  readonly stage: string;
  /** Index into the stage's tasks. */
  readonly task: number;
  /** Checks that resume put before the task at hand. */
  readonly before: readonly ('admit' | 'compare-tree')[];
  /** The last attempt number given out, per stage; numbers only go up over the whole run. */
  readonly attempts: Readonly<Record<string, number>>;
  /** Attempts of the task at hand that this invocation has charged. */
  readonly charged: number;
  /** Remediation cycle over the whole run; the first pass is 0. */
  readonly cycle: number;
  /** Remediation cycles that this invocation has used. */
  readonly cyclesUsed: number;
  /** What the reviewer asked for, while the remediation that answers it is under way. */
  readonly nextSteps: readonly NextStep[];
  readonly completed: readonly string[];
  readonly tree: TakenTree | null;
  /** Validation commands that the planning context holds. */
  readonly contextCommands: number;
  /** The decisions a run was closed with, while it is only being verified again; else null. */
  readonly closed: readonly GateDecision[] | null;
}

/**
 * Where a run is.
 *
 * ```text
 * pending ──started──▶ working ──gates-read, all pass──▶ done
 *                       │  ▲ ├──a gate, a changed tree──▶ blocked
 *                       │  │ ├──command-ended, broke────▶ failed
 *                       │  │ ├──command-ended, run limit▶ timeout
 *                       │  │ └──interrupted─────────────▶ interrupted (terminal_state null)
 *                       └──┘ every other event                any of them ──resumed──▶ working
 * ```
 */
export type RunState =
  | { readonly status: 'pending' }
  | { readonly status: 'working'; readonly progress: Progress }
  | { readonly status: 'done'; readonly progress: Progress; readonly decisions: readonly GateDecision[] }
  | {
      readonly status: 'blocked';
      readonly progress: Progress;
      readonly decisions: readonly GateDecision[];
      readonly codes: readonly ReasonCode[];
    }
  | { readonly status: 'failed'; readonly progress: Progress; readonly failure: Failure }
  | { readonly status: 'timeout'; readonly progress: Progress; readonly failure: Failure }
  | { readonly status: 'interrupted'; readonly progress: Progress; readonly failure: Failure };

/** A run that has begun: every state but `pending`. */
export type BegunState = Exclude<RunState, { status: 'pending' }>;
