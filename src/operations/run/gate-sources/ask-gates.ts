import { gatePlanOf } from '../../../core/gates/plan-of-settings.ts';
import type { RunDocument } from '../../../core/run-document.ts';
import type { RunContext } from '../context.ts';
import type { AskedGates } from './asking.ts';
import { openSources } from './open-sources.ts';
import { pauseUntilAborted } from './pause.ts';
import { type Documents, settle } from './settle.ts';

/** Asks every source of these gates; at closure what is pending is waited for. Never rejects for what a source does. */
export async function askGates(
  context: RunContext,
  document: RunDocument,
  asked: AskedGates,
): Promise<Documents> {
  const plan = gatePlanOf(context.plan.closure);
  const sources = openSources(context, document, asked);
  return settle({
    gates: asked.gates,
    read: sources.read,
    waitMs: asked.moment === 'closure' ? plan.waitMs : 0,
    pollMs: plan.pollMs,
    clock: context.ports.clock,
    pause: (ms) => pauseUntilAborted(ms, context.abort),
    cancelled: () => context.abort.aborted,
    observe: context.ports.observe,
  });
}
