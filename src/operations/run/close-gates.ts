import { allPassed, decideGates } from '../../core/gates/decide-gates.ts';
import { GATE_ORDER, REASON_CODES } from '../../core/gates/gate.ts';
import { deliveryPlanOf, gatePlanOf } from '../../core/gates/plan-of-settings.ts';
import type { RunEvent } from '../../core/machine/event.ts';
import type { RunDocument } from '../../core/run-document.ts';
import type { RunPlan } from '../../core/run-plan.ts';
import { checkEvidence } from './check-evidence.ts';
import type { RunContext } from './context.ts';
import { type Deed, readGates } from './gates.ts';
import { compareTree } from './trees.ts';

type GatesRead = RunEvent & { readonly type: 'gates-read' };

/**
 * The gates, and the ground they stand on once more: a source that was waited for, a gate's command or a delivery takes
 * its time, and what changed meanwhile is nothing that anybody has said a word on.
 */
export async function closeGates(context: RunContext, document: RunDocument): Promise<Deed> {
  const read = await readGates(context, document);
  const { event } = read;
  if (event.type !== 'gates-read' || !takesTime(context.plan)) return read;
  return allPassed(decideGates(event.signals)) ? checkGround(context, read.document, event) : read;
}

function takesTime({ closure }: RunPlan): boolean {
  const { sources } = gatePlanOf(closure);
  const isRead = GATE_ORDER.some((gate) => sources[gate].some((one) => one.kind !== 'operator'));
  return isRead || deliveryPlanOf(closure) !== null;
}

async function checkGround(context: RunContext, document: RunDocument, read: GatesRead): Promise<Deed> {
  const checked = await checkEvidence(context, document);
  if (checked.event.type !== 'evidence-checked') return checked;
  const { changed } = checked.event;
  if (changed !== null) return { document: checked.document, event: { ...read, changed: changed.code } };
  const { state } = document;
  const tree = state.status === 'pending' ? null : state.progress.tree;
  if (tree === null) throw new Error('gates were read before a content tree was taken');
  const compared = await compareTree(context, checked.document, { type: 'compare-tree', tree });
  if (compared.event.type !== 'tree-compared') return compared;
  if (compared.event.same) return { document: compared.document, event: read };
  return { document: compared.document, event: { ...read, changed: REASON_CODES.worktree } };
}
