import type { DeliveryStep } from '../delivery/delivery-step.ts';
import type { NextStep } from '../records.ts';
import type { TakenTree } from './state.ts';
import type { Run } from './tasks.ts';

/** One start of a binary, with everything the core decides about it. */
export interface RunOrder {
  readonly stage: string;
  readonly run: Run;
  readonly attempt: number;
  readonly cycle: number;
  readonly nextSteps: readonly NextStep[];
}

/**
 * What the driver has to do, in order. `commit` stands before every deed that cannot be taken back: the intent
 * is on disk before the deed, the outcome with the next intent. The last effect of a list is the only one that
 * brings an event back; `finish` brings none.
 */
export type Effect =
  | { readonly type: 'enter-stage'; readonly from: string | null; readonly to: string }
  | { readonly type: 'record-skipped'; readonly stages: readonly string[] }
  | { readonly type: 'record-not-configured'; readonly stage: string; readonly attempt: number }
  | { readonly type: 'commit' }
  | { readonly type: 'write-context' }
  | { readonly type: 'run'; readonly order: RunOrder }
  | { readonly type: 'read-admission' }
  | { readonly type: 'take-tree' }
  | { readonly type: 'compare-tree'; readonly tree: TakenTree }
  | { readonly type: 'check-evidence' }
  | { readonly type: 'read-diff-admission' }
  | { readonly type: 'deliver'; readonly step: DeliveryStep }
  | { readonly type: 'read-gates' }
  | { readonly type: 'finish' };
