import type { Failure, FailureReason } from './failure.ts';
import type { ReasonCode } from './gates/gate.ts';
import type { ExecutionStatus, TerminalState } from './records.ts';
import { unreachable } from './unreachable.ts';

/** Something that has an entry of its own in the documents. */
export type Documented =
  | { readonly kind: 'reason-code'; readonly code: ReasonCode }
  | { readonly kind: 'failure'; readonly code: FailureReason }
  | { readonly kind: 'stage-status'; readonly code: ExecutionStatus }
  | { readonly kind: 'terminal-state'; readonly code: TerminalState }
  /** The code of one finding in a gate document; it may come from outside and have no entry. */
  | { readonly kind: 'gate-code'; readonly code: string };

/** Which page has the entry, relative to `docs/`, and its anchor: `reason-codes.md#gate_ci_not_success`. */
export function docsPage(subject: Documented): string {
  return `${pageOf(subject.kind)}#${anchorOf(subject.code)}`;
}

/**
 * The one entry that tells most about how a run ended: its failure, else its first reason code, else null (done,
 * or not ended). The failure comes first because a run that has both stopped at the failure.
 */
export function docsPageOfEnding(ending: {
  readonly failure: Pick<Failure, 'reason'> | null;
  readonly blocked_reason_codes: readonly ReasonCode[];
}): string | null {
  if (ending.failure !== null) return docsPage({ kind: 'failure', code: ending.failure.reason });
  const [first] = ending.blocked_reason_codes;
  return first === undefined ? null : docsPage({ kind: 'reason-code', code: first });
}

function pageOf(kind: Documented['kind']): string {
  switch (kind) {
    case 'reason-code':
      return 'reason-codes.md';
    case 'failure':
      return 'failures.md';
    case 'stage-status':
      return 'stage-statuses.md';
    case 'terminal-state':
      return 'troubleshooting.md';
    case 'gate-code':
      return 'gate-codes.md';
    default:
      return unreachable(kind);
  }
}

/** As the forges make it of a heading that is the code: lower case, nothing but letters, digits, `_` and `-`. */
function anchorOf(code: string): string {
  return code.toLowerCase().replaceAll(/[^a-z0-9_-]/g, '');
}
