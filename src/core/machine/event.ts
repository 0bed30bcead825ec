import type { Failure } from '../failure.ts';
import type { GateSignals } from '../gates/decide-gates.ts';
import type { GateName, ReasonCode } from '../gates/gate.ts';
import type { NextStep } from '../records.ts';

/** How one invocation of a binary ended, everything that belongs to it checked. */
export type CommandEnd =
  | { readonly ended: 'success' }
  | {
      readonly ended: 'failed' | 'timeout';
      readonly failure: Failure;
      /** Whether another attempt within the budget can help. */
      readonly again: boolean;
      /** What the reviewer wants done; empty where it asked for nothing. */
      readonly nextSteps: readonly NextStep[];
    };

/** What closes a run that no gate sees: a stage has changed it, or a delivery was refused. The signals are for the decisions that are recorded with it. */
export interface ChangedBesides {
  readonly code: ReasonCode;
  readonly signals: GateSignals;
}

/** Everything that can happen to a run. */
export type RunEvent =
  /** A fresh run may begin. */
  | { readonly type: 'started' }
  /**
   * A later invocation takes the run up; `from` is the stage to run again from, null to go on. `anew` are the gates whose
   * decision does not stand where the run was done.
   */
  | { readonly type: 'resumed'; readonly from: string | null; readonly anew?: readonly GateName[] }
  /** The repository context is written and holds this many validation commands. */
  | { readonly type: 'context-written'; readonly commands: number }
  /** A binary has ended and its tree is gone. */
  | { readonly type: 'command-ended'; readonly end: CommandEnd }
  /** The gates were read for admission. */
  | { readonly type: 'admission-read'; readonly signals: GateSignals }
  /** The content tree was taken. */
  | { readonly type: 'tree-taken'; readonly digest: string | null }
  /** The content tree was compared with the one that was taken; the signals count if it differs. */
  | { readonly type: 'tree-compared'; readonly same: boolean; readonly signals: GateSignals }
  /** Every artifact is as it was when it was judged; `changed` is what closes the run all the same. */
  | { readonly type: 'evidence-checked'; readonly changed: ChangedBesides | null }
  /** The policy gate has seen the diff, before any of it leaves this machine. */
  | { readonly type: 'diff-admission-read'; readonly signals: GateSignals }
  /** A step of the delivery is done, or `refused` by a rule; nothing of either is done twice. */
  | { readonly type: 'delivered'; readonly refused: ChangedBesides | null }
  /** The gates were read for closure. */
  | {
      readonly type: 'gates-read';
      readonly signals: GateSignals;
      /** What changed while they were read, which closes the run whatever they say. */
      readonly changed?: ReasonCode;
    }
  /** A signal, or the limit of the whole run. */
  | { readonly type: 'interrupted'; readonly failure: Failure }
  /** Evidence, git or the lock cannot be trusted any more. */
  | { readonly type: 'broke'; readonly failure: Failure };
