import { REASON_CODES, reasonCodeOf } from '../../core/gates/gate.ts';
import type { GateDecision } from '../../core/records.ts';
import type { RunReport } from '../../formats/report.ts';

/** More lines would push the next command out of the ten; the report has them all. */
const MAX_LINES = 6;
const MAX_DETAILS = 4;
const MAX_CHANGES = 5;

/** A line for each gate that is closed, one for what the gates cannot see, then findings as far as there is room. */
export function whyBlocked(report: RunReport): readonly string[] {
  const closed = report.gate_decisions.filter((one) => !one.passed);
  const beside = besideGates(report);
  const first = [...closed.map(describeGate), ...(beside.length === 0 ? [] : [beside.join('; ')])];
  const all = closed.flatMap(findingsOf);
  const room = MAX_LINES - first.length;
  const shown = all.length <= room ? all : all.slice(0, room - 1);
  const more = all.length - shown.length;
  return [...first, ...shown, ...(more > 0 ? [`and ${more} more: orchestrator report lists them`] : [])];
}

function besideGates(report: RunReport): readonly string[] {
  const codes = new Set<string>(report.blocked_reason_codes);
  return [
    ...(codes.has(REASON_CODES.worktree)
      ? [`the work tree changed since validation: ${listed(report.worktree_changes)}`]
      : []),
    ...(codes.has(REASON_CODES.git)
      ? [
          `a stage changed what git runs in this repository: ${listed(report.git_changes)}; where it is meant to, --accept-git-change NAME`,
        ]
      : []),
    ...(codes.has(REASON_CODES.delivery)
      ? [`the delivery was refused: ${report.delivery?.refused ?? 'see the audit log'}`]
      : []),
    ...(codes.has(REASON_CODES.simulated) ? ['the block was asked for with --simulate-blocked'] : []),
  ];
}

function listed(changes: readonly string[]): string {
  if (changes.length === 0) return 'see the audit log';
  const more = changes.length - MAX_CHANGES;
  return `${changes.slice(0, MAX_CHANGES).join(', ')}${more > 0 ? `, and ${more} more` : ''}`;
}

function describeGate(decision: GateDecision): string {
  const isTold = findingsOf(decision).length > 0;
  const first = isTold ? '' : decision.details.slice(0, MAX_DETAILS).join(', ');
  const rest = decision.details.length > MAX_DETAILS ? ', …' : '';
  const details = first === '' ? '' : ` (${first}${rest})`;
  const source = decision.source === 'none' ? 'nobody said anything' : `source ${decision.source}`;
  // The code comes before what somebody else has written: a long line is cut at its end.
  return `gate ${decision.gate} is closed: ${reasonCodeOf(decision.gate)}, ${decision.status}, ${source}${details}`;
}

/** Which check, review or rule it is, what was seen, and what would help. */
function findingsOf(decision: GateDecision): readonly string[] {
  return decision.documents.flatMap((document) =>
    document.details
      .filter((one) => one.blocks)
      .map((one) => {
        const about = one.about === null ? '' : ` ${one.about}`;
        const remedy = one.remedy === null ? '' : `; ${one.remedy}`;
        return `${decision.gate}, ${document.source}: ${one.code}${about}: ${one.message}${remedy}`;
      }),
  );
}
