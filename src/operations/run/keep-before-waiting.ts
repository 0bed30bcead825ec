import { gatePlanOf } from '../../core/gates/plan-of-settings.ts';
import type { RunDocument } from '../../core/run-document.ts';
import type { RunContext } from './context.ts';
import type { Deed } from './gates.ts';

/**
 * Closure can wait for hours: what has been judged until then is on disk before, so that no kill makes a stage run again
 * and whoever is waited for finds what there is to approve. A run that was done stays as it is until it is decided.
 */
export async function keepBeforeWaiting(
  context: RunContext,
  document: RunDocument,
  read: (context: RunContext, document: RunDocument) => Promise<Deed>,
): Promise<Deed> {
  const { state } = document;
  const isOpen = state.status === 'working' && state.progress.closed === null;
  if (isOpen && gatePlanOf(context.plan.closure).waitMs > 0) {
    const kept = context.commit(document);
    if (!kept.ok) return { document, event: { type: 'broke', failure: kept.failure } };
  }
  return read(context, document);
}
