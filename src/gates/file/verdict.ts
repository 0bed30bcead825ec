import type { GateDetail } from '../../core/gates/gate-document.ts';

/** What one file comes to. */
export interface FileVerdict {
  readonly details: readonly GateDetail[];
  /** Ids of the keys that open the gate with it; empty where it does not. */
  readonly approvedBy: readonly string[];
  /** Whether a trusted key closes the gate with it. */
  readonly refuses: boolean;
}

/** A file that opens nothing, and why. */
export function closed(details: readonly GateDetail[]): FileVerdict {
  return { details, approvedBy: [], refuses: false };
}
