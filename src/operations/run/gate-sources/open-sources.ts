import type { GateName } from '../../../core/gates/gate.ts';
import { blocking, closedDocument, type GateReading } from '../../../core/gates/gate-document.ts';
import type { GateSource } from '../../../core/gates/gate-plan.ts';
import type { GateQuestion } from '../../../core/gates/gate-question.ts';
import { gatePlanOf } from '../../../core/gates/plan-of-settings.ts';
import type { RunDocument } from '../../../core/run-document.ts';
import type { RunContext } from '../context.ts';
import type { AskedGates } from './ask-gates.ts';
import { questionOf } from './question.ts';
import type { Purpose } from './settle.ts';

/** The sources of a run's gates, opened for one moment of it. */
export interface OpenSources {
  /** Every source of a gate but the operator. Never rejects: what breaks is a document that blocks. */
  readonly read: (gate: GateName, purpose: Purpose) => Promise<readonly GateReading[]>;
}

/** Opens what the sources of these gates need. */
export async function openSources(
  context: RunContext,
  document: RunDocument,
  asked: AskedGates,
): Promise<OpenSources> {
  const plan = gatePlanOf(context.plan.closure);
  return {
    read: async (gate) => {
      const question = questionOf(context, document, gate, asked.moment);
      const sources = plan.sources[gate].filter((one) => one.kind !== 'operator');
      return sources.map((source) => unreadable(question, source));
    },
  };
}

function unreadable(question: GateQuestion, source: GateSource): GateReading {
  const detail = blocking('source_unreadable', source.text, 'it cannot be read');
  const { gate, subject, nowSecs } = question;
  return { document: closedDocument(gate, source.text, [detail], subject, nowSecs), waitsFor: null };
}
