import { isUndecided } from '../../core/gates/undecided.ts';
import type { GateDecision } from '../../core/records.ts';
import type { RunReport } from '../../formats/report.ts';
import { timeOf } from '../report-rows.ts';
import { documentBlock } from './findings.ts';
import { html, type Markup, type Part, short } from './markup.ts';
import { countedRows, facts, mono } from './parts.ts';
import { badge, type Sign } from './tone.ts';

const MAX_DOCUMENTS = 20;

/** The three gates in the order they are decided, and below them everything they were decided from. */
export function gates(report: RunReport): Markup {
  const admission = report.policy_admission;
  const decided = report.gate_decisions;
  return html`<div class="gates">${decided.map((one) => gate(one, one.gate === 'policy' ? admission : null))}</div>
${admission === null || report.gate_decisions.some((one) => !isUndecided(one)) ? null : documents('policy at admission', admission)}${decided.map(
  (one) => documents(one.gate, one),
)}`;
}

function gate(one: GateDecision, admission: GateDecision | null): Markup {
  const sign = signOfGate(one);
  const admitted =
    admission === null
      ? ''
      : `${admission.passed ? 'passed' : 'closed'}: ${admission.status}, from ${admission.source}`;
  if (isUndecided(one)) {
    return html`<article class="gate ${sign.tone}"><h3>${one.gate} ${badge(sign)}</h3>
<p class="basis">The run did not come to its gates.</p>${facts([['admission', admitted]])}</article>
`;
  }
  return html`<article class="gate ${sign.tone}"><h3>${one.gate} ${badge(sign)}</h3>
${facts([
  ['says', html`<b>${short(one.status, 100)}</b>`],
  ['source', `${one.source}${one.carried_over ? ', carried over from an earlier invocation' : ''}`],
  ['asserted', one.asserted_at_unix_secs === null ? '' : timeOf(one.asserted_at_unix_secs * 1000)],
  ['reason', mono(one.reason_code)],
  ['details', one.details.slice(0, 20).join(', ')],
  ['admission', admitted],
])}<p class="basis">${basis(one)}</p></article>
`;
}

function basis(one: GateDecision): string {
  const count = one.documents.length;
  if (count > 0) return `Decided from ${count} document${count === 1 ? '' : 's'}, below.`;
  return `Decided from ${one.source === 'none' ? 'nothing: nobody said anything' : "the operator's word alone"}.`;
}

function signOfGate(one: GateDecision): Sign {
  if (one.passed) return { tone: 'good', icon: 'ok', word: 'passed' };
  if (isUndecided(one)) return { tone: 'quiet', icon: 'dash', word: 'not decided' };
  return { tone: 'warn', icon: 'bar', word: 'closed' };
}

function documents(name: string, one: GateDecision): Part {
  const shown = one.documents.slice(0, MAX_DOCUMENTS);
  return [
    ...shown.map((document) => documentBlock(name, document)),
    countedRows(one.documents.length - shown.length, 'documents'),
  ];
}
