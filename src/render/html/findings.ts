import type { GateDetail, GateDocument } from '../../core/gates/gate-document.ts';
import { timeOf } from '../report-rows.ts';
import { html, Markup, type Part, short } from './markup.ts';
import { countedRows, facts, mono } from './parts.ts';
import { badge, type Sign } from './tone.ts';

const MAX_FINDINGS = 100;

const OPEN = Markup.own(' open');

/** What one source said of a gate: opened where it blocks, its findings by what is wrong, what blocks first. */
export function documentBlock(gate: string, one: GateDocument): Markup {
  const blocking = one.details.filter((detail) => detail.blocks);
  const all = [...blocking, ...one.details.filter((detail) => !detail.blocks)];
  const shown = all.slice(0, MAX_FINDINGS);
  return html`<details class="document"${blocking.length > 0 ? OPEN : null}><summary><b>${gate}</b> ${badge(signOf(one, blocking.length))} ${short(one.source, 300)} <span class="n">${countWords(all.length, blocking.length)}</span></summary>
${groups(shown)}${countedRows(all.length - shown.length, 'findings')}${facts([
  ['evaluated', timeOf(one.evaluated_at_unix_secs * 1000)],
  ['commit', mono(one.subject.head_sha)],
  ['base', mono(one.subject.base_sha?.slice(0, 12) ?? null)],
  ['tree', mono(one.subject.tree_digest?.slice(0, 12) ?? null)],
  ['inputs', mono(one.inputs_digest?.slice(0, 12) ?? null)],
  ['not looked at', one.not_evaluated.slice(0, 20).join('; ')],
])}</details>
`;
}

function signOf(one: GateDocument, blocking: number): Sign {
  const word = one.status.slice(0, 60);
  return one.passed && blocking === 0
    ? { tone: 'good', icon: 'ok', word }
    : { tone: 'warn', icon: 'bar', word };
}

function countWords(all: number, blocking: number): string {
  if (all === 0) return 'no findings';
  const findings = all === 1 ? '1 finding' : `${all} findings`;
  return blocking === 0
    ? `${findings}, none blocks`
    : `${findings}, ${blocking} block${blocking === 1 ? 's' : ''}`;
}

/** Findings of one kind together: forty paths out of scope are one thing that is wrong, with one remedy. */
function groups(all: readonly GateDetail[]): Part {
  const kinds = new Map<string, GateDetail[]>();
  for (const one of all) {
    const kind = `${one.blocks} ${one.code}`;
    const known = kinds.get(kind);
    if (known === undefined) kinds.set(kind, [one]);
    else known.push(one);
  }
  return [...kinds.values()].map(group);
}

function group(findings: readonly GateDetail[]): Part {
  const [first] = findings;
  if (first === undefined) return null;
  const sign: Sign = first.blocks
    ? { tone: 'warn', icon: 'bar', word: 'blocks' }
    : { tone: 'quiet', icon: 'dot', word: 'recorded' };
  const remedies = new Set(findings.map((one) => one.remedy));
  const common = remedies.size === 1 ? first.remedy : null;
  const times = findings.length === 1 ? null : html` <span class="n">${findings.length} times</span>`;
  return html`<section class="finding ${sign.tone}"><h4>${badge(sign)} ${short(inWords(first.code), 100)}${times} <code>${short(first.code, 100)}</code></h4>
<ul class="findings">${findings.map((one) => finding(one, common === null ? one.remedy : null))}</ul>${common === null ? null : remedyLine(common)}</section>
`;
}

function finding(one: GateDetail, remedy: string | null): Markup {
  const about = one.about === null ? null : html`<code class="about">${short(one.about, 300)}</code> `;
  return html`<li>${about}${short(one.message, 600)}${remedy === null ? null : remedyLine(remedy)}</li>\n`;
}

function remedyLine(remedy: string): Markup {
  return html`<span class="remedy"><b>Remedy:</b> ${short(remedy, 500)}</span>`;
}

/** `path_not_allowed` as it would be said. */
function inWords(code: string): string {
  return code.replaceAll('_', ' ');
}
