import type { GateDetail, GateDocument } from '../../core/gates/gate-document.ts';
import type { GateDecision } from '../../core/records.ts';
import type { RunReport } from '../../formats/report.ts';
import { timeOf } from '../report-rows.ts';
import { html, Markup, type Part, short } from './markup.ts';
import { countedRows, facts, mono } from './parts.ts';
import { badge, type Sign } from './tone.ts';

const MAX_FINDINGS = 100;
const MAX_DOCUMENTS = 20;

const OPEN = Markup.own(' open');

/** The three gates in the order they are decided, each with everything it was decided from. */
export function gates(report: RunReport): Markup {
  const admission = report.policy_admission;
  return html`<div class="gates">${report.gate_decisions.map((one) =>
    gate(one, one.gate === 'policy' ? admission : null),
  )}</div>\n`;
}

function gate(one: GateDecision, admission: GateDecision | null): Markup {
  const sign = signOfGate(one);
  const admitted = admission === null ? '' : `${admission.status} from ${admission.source}`;
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
])}${documents(one)}</article>
`;
}

/** Whether a gate was decided at all: one that the run never came to has not refused anything. */
export function isUndecided(one: GateDecision): boolean {
  return one.details.includes('not_decided');
}

function signOfGate(one: GateDecision): Sign {
  if (one.passed) return { tone: 'good', icon: 'ok', word: 'passed' };
  if (isUndecided(one)) return { tone: 'quiet', icon: 'dash', word: 'not decided' };
  return { tone: 'warn', icon: 'bar', word: 'closed' };
}

function documents(one: GateDecision): Part {
  if (one.documents.length === 0) {
    return html`<p class="basis">Decided from ${one.source === 'none' ? 'nothing: nobody said anything' : "the operator's word alone"}.</p>`;
  }
  const shown = one.documents.slice(0, MAX_DOCUMENTS);
  return html`<p class="basis">Decided from ${one.documents.length} document${one.documents.length === 1 ? '' : 's'}:</p>
${shown.map(documentBlock)}${countedRows(one.documents.length - shown.length, 'documents')}`;
}

function documentBlock(one: GateDocument): Markup {
  const blocking = one.details.filter((detail) => detail.blocks);
  const all = [...blocking, ...one.details.filter((detail) => !detail.blocks)];
  const word = one.status.slice(0, 60);
  const sign: Sign =
    one.passed && blocking.length === 0
      ? { tone: 'good', icon: 'ok', word }
      : { tone: 'warn', icon: 'bar', word };
  return html`<details class="document"${blocking.length > 0 ? OPEN : null}><summary>${badge(sign)} ${short(one.source, 300)}</summary>
${facts([
  ['evaluated', timeOf(one.evaluated_at_unix_secs * 1000)],
  ['commit', mono(one.subject.head_sha)],
  ['base', mono(one.subject.base_sha?.slice(0, 12) ?? null)],
  ['tree', mono(one.subject.tree_digest?.slice(0, 12) ?? null)],
  ['inputs', mono(one.inputs_digest?.slice(0, 12) ?? null)],
  ['not looked at', one.not_evaluated.slice(0, 20).join('; ')],
])}${all.length === 0 ? html`<p>No findings.</p>` : html`<ul class="findings">${all.slice(0, MAX_FINDINGS).map(finding)}</ul>`}${countedRows(all.length - MAX_FINDINGS, 'findings')}</details>
`;
}

function finding(one: GateDetail): Markup {
  const about = one.about === null ? null : html` <code>${short(one.about, 200)}</code>`;
  const remedy =
    one.remedy === null ? null : html`<span class="remedy">Remedy: ${short(one.remedy, 500)}</span>`;
  const sign: Sign = one.blocks
    ? { tone: 'warn', icon: 'bar', word: 'blocks' }
    : { tone: 'quiet', icon: 'dot', word: 'recorded' };
  return html`<li>${badge(sign)} <code>${short(one.code, 100)}</code>${about}<span class="text">${short(one.message, 600)}</span>${remedy}</li>\n`;
}
