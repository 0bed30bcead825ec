import type { GateCode } from '../gate-codes.ts';
import { blocking, type GateDetail, noted } from '../gate-document.ts';

/**
 * What one rule says: `pass` and `note` are recorded, `block` closes the gate, `pending` closes it too but can still
 * change by itself.
 */
export interface Finding {
  readonly verdict: 'pass' | 'note' | 'block' | 'pending';
  readonly detail: GateDetail;
  /** For the progress line; only where the verdict is `pending`. */
  readonly waitsFor: string | null;
}

/** A rule that is met. */
export function passes(code: GateCode, about: string, message: string): Finding {
  return { verdict: 'pass', detail: noted(code, about, message), waitsFor: null };
}

/** Something to record that decides nothing. */
export function notes(code: GateCode, about: string | null, message: string): Finding {
  return { verdict: 'note', detail: noted(code, about, message), waitsFor: null };
}

/** A rule that is broken. */
export function blocks(code: GateCode, about: string | null, message: string, remedy: string): Finding {
  return { verdict: 'block', detail: blocking(code, about, message, remedy), waitsFor: null };
}

/** A rule that is not met yet; at the deadline the detail blocks as it stands. */
export function waits(
  waitsFor: string,
  detail: Omit<GateDetail, 'blocks' | 'code'> & { readonly code: GateCode },
): Finding {
  return { verdict: 'pending', detail: { ...detail, blocks: true }, waitsFor };
}
