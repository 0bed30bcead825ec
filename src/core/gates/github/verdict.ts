import type { GateDetail } from '../gate-document.ts';
import type { Finding } from './finding.ts';

/** Details that a document keeps; blocking ones first, so that the limit never cuts a reason. */
const DETAIL_LIMIT = 200;

/** What all findings together say. */
export interface Verdict {
  readonly verdict: 'pass' | 'block' | 'pending';
  readonly details: readonly GateDetail[];
  readonly waitsFor: string | null;
}

/**
 * A block outweighs what is pending, which outweighs a pass; a pass needs at least one rule that is met, so that
 * findings about nothing never open a gate.
 */
export function combineFindings(findings: readonly Finding[]): Verdict {
  const has = (verdict: Finding['verdict']) => findings.some((finding) => finding.verdict === verdict);
  const verdict =
    has('block') || !(has('pending') || has('pass')) ? 'block' : has('pending') ? 'pending' : 'pass';
  const details = findings.map((finding) => finding.detail);
  const ordered = [...details.filter((one) => one.blocks), ...details.filter((one) => !one.blocks)];
  return {
    verdict,
    details: ordered.slice(0, DETAIL_LIMIT),
    waitsFor: verdict === 'pending' ? waitsForOf(findings) : null,
  };
}

function waitsForOf(findings: readonly Finding[]): string {
  const names = [...new Set(findings.flatMap((finding) => finding.waitsFor ?? []))];
  const more = names.length - 3;
  return names.slice(0, 3).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
