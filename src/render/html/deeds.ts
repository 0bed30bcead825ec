import type { ArtifactRecord, InvocationRecord } from '../../core/records.ts';
import type { RunReport } from '../../formats/report.ts';
import { displayPath } from '../../formats/stored-path.ts';
import { formatBytes } from '../duration.ts';
import { nextStepTable } from '../report-rows.ts';
import { shellWord } from '../shell-word.ts';
import { changeInWords, seenChanges } from './change-words.ts';
import { html, type Markup, type Part, short } from './markup.ts';
import { countedRows, facts, mono, toTheSecond } from './parts.ts';
import { timeScale } from './time-scale.ts';

const MAX_LISTED = 200;

/** The artifacts that count, with their digests in full. */
export function artifacts(report: RunReport): Part {
  const all = report.artifacts;
  if (all.length === 0) return null;
  return html`${countedRows(all.length - MAX_LISTED, 'earlier artifacts')}<ul class="list">${all.slice(-MAX_LISTED).map(artifact)}</ul>\n`;
}

function artifact(one: ArtifactRecord): Markup {
  const schema = one.schema === null ? null : html`, fits ${short(displayPath(one.schema), 300)}`;
  return html`<li><b class="path">${short(displayPath(one.path), 500)}</b> <span class="n">${formatBytes(one.bytes)}, made by ${short(one.stage, 64)} attempt ${one.attempt}${schema}</span><span class="text"><span class="n">sha256</span> ${mono(one.sha256)}</span></li>\n`;
}

/** What the reviewer asked for before it would pass. */
export function reviewerSteps(report: RunReport): Part {
  const { rows, omitted } = nextStepTable(report.reviewer_next_steps, MAX_LISTED);
  if (rows.length === 0) return null;
  return html`<ol class="list">${rows.map(
    ([priority = '', code = '', source = '', action = '']) =>
      html`<li><span class="n">${[priority, code, source].filter(Boolean).join(', ')}</span><span class="text">${action}</span></li>\n`,
  )}</ol>${countedRows(omitted, 'more')}`;
}

/** What was not as it had been validated, and what a stage did to git's settings. */
export function changes(report: RunReport): Part {
  const lists = [
    ['The work tree, since validation', report.worktree_changes],
    ['Git settings that a stage has changed', report.git_changes],
  ] as const;
  const shown = lists.filter(([, all]) => all.length > 0);
  if (shown.length === 0) return null;
  return html`${shown.map(
    ([title, all]) =>
      html`<h3>${title}</h3><ul class="list">${all
        .slice(0, MAX_LISTED)
        .map((one) => html`<li>${mono(one)}</li>\n`)}</ul>${countedRows(all.length - MAX_LISTED, 'more')}`,
  )}`;
}

const MAX_INVOCATIONS = 50;
const MAX_CHANGES = 50;

/** Who worked on the run, with what, and what that changed against the run so far. */
export function invocations(report: RunReport): Part {
  const { spans } = timeScale(report);
  const omitted = Math.max(0, spans.length - MAX_INVOCATIONS);
  return html`${countedRows(omitted, 'earlier invocations')}${spans.slice(omitted).map((span, at) => {
    const index = omitted + at;
    const recorded = span.invocation.changes.slice(0, MAX_CHANGES).map(changeInWords);
    return invocation(span.invocation, index + 1, [...recorded, ...seenChanges(spans, index)]);
  })}`;
}

function invocation(one: InvocationRecord, number: number, changes: readonly string[]): Markup {
  const command = ['orchestrator', ...one.argv.slice(0, 200)].map(shellWord).join(' ');
  const changed =
    changes.length === 0
      ? null
      : html`<ul class="changes">${changes.slice(0, MAX_CHANGES).map((change) => html`<li>${short(change, 500)}</li>`)}</ul>${countedRows(one.changes.length - MAX_CHANGES, 'changes')}`;
  return html`<article><h3>Invocation ${number} <small>${one.resumed ? 'resumed' : 'fresh'}, ended ${one.ended_by ?? 'not recorded'}</small></h3>
<pre class="command"><code>${short(command, 4000)}</code></pre>
${facts([
  ['started', toTheSecond(one.started_at)],
  ['ended', one.ended_at === null ? null : toTheSecond(one.ended_at)],
  ['host', `${one.host.user}@${one.host.hostname} (${one.host.platform} ${one.host.arch}), pid ${one.pid}`],
  ['out_dir there', mono(one.host.out_dir)],
])}${one.resumed ? html`<h4>Changed against the run so far</h4>${changed ?? html`<p>Nothing.</p>`}` : null}</article>
`;
}
