import type { GateName } from '../../../core/gates/gate.ts';
import { closedDocument, type GateDetail, type GateReading } from '../../../core/gates/gate-document.ts';
import type { GatePlan, GateSource } from '../../../core/gates/gate-plan.ts';
import type { GateQuestion } from '../../../core/gates/gate-question.ts';
import type { RunDocument } from '../../../core/run-document.ts';
import type { RunContext } from '../context.ts';
import type { JudgedChange } from './judged-change.ts';
import type { Purpose } from './settle.ts';

/** Which gates are asked, and when. */
export interface AskedGates {
  readonly moment: 'admission' | 'closure';
  readonly gates: readonly GateName[];
}

/** What one source is read with. */
export interface Asking {
  readonly context: RunContext;
  readonly document: RunDocument;
  readonly plan: GatePlan;
  readonly question: GateQuestion;
  readonly purpose: Purpose;
  readonly judged: JudgedChange;
}

/** A reading that closes its gate before the source was asked. */
export function refused(
  question: GateQuestion,
  source: GateSource,
  details: readonly GateDetail[],
): GateReading {
  const { gate, subject, nowSecs } = question;
  return { document: closedDocument(gate, source.text, details, subject, nowSecs), waitsFor: null };
}
