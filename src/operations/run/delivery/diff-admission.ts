import { bindToTree } from '../../../core/gates/collect-signals.ts';
import { evaluateGate } from '../../../core/gates/decide-gates.ts';
import type { RunDocument } from '../../../core/run-document.ts';
import { cancellationEvent } from '../cancel.ts';
import type { RunContext } from '../context.ts';
import { type Deed, readDocuments, readSignals, treeIdentity } from '../gates.ts';

/**
 * The policy gate on the diff, before any of it leaves this machine. From now on its assertion belongs to this content:
 * another content is not delivered on the same word.
 */
export async function readDiffAdmission(context: RunContext, document: RunDocument): Promise<Deed> {
  const tree = treeIdentity(document);
  const documents = await readDocuments(context, document, { moment: 'closure', gates: ['policy'] });
  const signals = readSignals(context, document, tree, documents);
  const decision = evaluateGate('policy', signals.policy);
  context.evidence.audit('diff-admission-decided', { tree, decision });
  context.observeCommitted({ type: 'admission-decided', decision });
  const cancelled = cancellationEvent(context, document);
  if (cancelled !== null) return { document, event: cancelled };
  const assertions =
    tree === null
      ? document.assertions
      : document.assertions.flatMap((one) => (one.gate === 'policy' ? bindToTree([one], tree) : [one]));
  return { document: { ...document, assertions }, event: { type: 'diff-admission-read', signals } };
}
