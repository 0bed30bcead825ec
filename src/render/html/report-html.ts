import { isUndecided } from '../../core/gates/undecided.ts';
import { timeWorked } from '../../core/time-worked.ts';
import type { RunReport } from '../../formats/report.ts';
import { displayPath } from '../../formats/stored-path.ts';
import { formatWholeSeconds } from '../duration.ts';
import { nextCommandsOf } from '../next-command.ts';
import { claimedAuthenticity, type ReportOptions } from '../report-text.ts';
import { artifacts, changes, invocations, reviewerSteps } from './deeds.ts';
import { delivery } from './delivery.ts';
import { gates } from './gates.ts';
import { logTails, type ReportLog } from './logs.ts';
import { html, type Markup, type Part, short } from './markup.ts';
import { pageText } from './page.ts';
import { facts, mono, section, table, toTheSecond } from './parts.ts';
import { pipelinePicture } from './pipeline-picture.ts';
import { timeline } from './timeline.ts';
import { icon } from './tone.ts';
import { usage } from './usage.ts';
import { verdictWords } from './verdict-words.ts';

export interface ReportHtmlOptions extends ReportOptions {
  /** The ends of logs; empty where they cannot be read. */
  readonly logs: readonly ReportLog[];
  /** What has been signed of the run, in words; nothing is said where nobody has looked. */
  readonly signature?: string;
}

/** Id, title and content; null where there is nothing to show. */
type Section = readonly [string, string, Part];

/**
 * The report as one self-contained HTML file: a function of the report and the log tails alone. No network, no script;
 * every text from outside is escaped, made harmless and bounded, and what is left out is counted.
 */
export function reportHtml(report: RunReport, options: ReportHtmlOptions): string {
  const all: readonly Section[] = [
    ['pipeline', 'Pipeline', pipelinePicture(report, options.doubts)],
    ['failure', 'Why it stopped', failure(report)],
    ['next', 'Next', next(report, options)],
    ...inOrderOfInterest(report, [
      ['gates', 'Gates', gates(report)],
      ['timeline', 'Timeline', timeline(report)],
      ['logs', 'Logs', logTails(options.logs)],
    ]),
    ['usage', 'Used by agents', usage(report)],
    ['reviewer', 'The reviewer asks for', reviewerSteps(report)],
    ['changes', 'Changes that stopped it', changes(report)],
    ['delivery', 'Delivery', delivery(report)],
    ['artifacts', 'Artifacts', artifacts(report)],
    ['invocations', 'Invocations', invocations(report)],
    ['evidence', 'Evidence', evidence(report, options)],
  ];
  const shown = all.filter(([, , body]) => body !== null);
  return pageText({
    title: `${verdictWords(report, options.doubts).word} · ${report.run_id}`,
    contents: shown.map(([id, title]) => [id, title]),
    header: header(report, options.doubts),
    main: shown.map(([id, title, body]) => section(id, title, body)),
    footer: html`<p>Made by orchestrator ${short(report.version, 40)} from the committed evidence and the ends of its logs. This page proves nothing: <code>orchestrator verify</code> checks the evidence itself.</p>`,
  });
}

/** Gates that the run never came to say nothing about why it stopped: they stand last. */
function inOrderOfInterest(report: RunReport, [first, ...rest]: readonly Section[]): readonly Section[] {
  if (first === undefined) return [];
  return report.gate_decisions.every(isUndecided) ? [...rest, first] : [first, ...rest];
}

function header(report: RunReport, doubts: readonly string[]): Markup {
  const verdict = verdictWords(report, doubts);
  const codes = report.blocked_reason_codes.map((code) => html`<li>${mono(code)}</li>`);
  return html`<p class="product">orchestrator run <code>${short(report.run_id, 100)}</code></p>
<div class="verdict ${verdict.tone}">${icon(verdict.icon)}<div><h1>${verdict.word}</h1><p>${short(verdict.sentence, 1000)}</p>
${codes.length === 0 ? null : html`<ul class="codes" aria-label="Reason codes">${codes}</ul>`}${
  doubts.length === 0
    ? null
    : html`<ul class="doubts">${doubts.slice(0, 20).map((one) => html`<li>${one}</li>`)}</ul>`
}</div></div>
${facts([
  ['started', toTheSecond(report.started_at)],
  ['finished', report.finished_at === null ? 'not finished' : toTheSecond(report.finished_at)],
  ['worked', formatWholeSeconds(timeWorked(report, null))],
  ['attempts', report.stage_executions.filter((one) => one.command !== null).length],
  ['invocations', report.invocations.length],
  ['commit', mono(report.repo.head?.slice(0, 12) ?? null)],
])}`;
}

function failure({ failure: why }: RunReport): Part {
  if (why === null) return null;
  return html`<p><code>${why.reason}</code>${why.stage === null ? null : html` in <b>${short(why.stage, 64)}</b>`}: ${why.message}</p>
${why.remedy === null ? null : html`<p class="remedy">Remedy: ${why.remedy}</p>`}`;
}

function next(report: RunReport, options: ReportOptions): Markup {
  const all = nextCommandsOf(report, options);
  return html`${all.map((one, index) => {
    const when = html`<p class="when">${index === 0 ? null : 'Or: '}${one.when}</p>`;
    return one.command === null
      ? when
      : html`<pre class="command"><code>${short(one.command, 4000)}</code></pre>${when}`;
  })}`;
}

function evidence(report: RunReport, options: ReportHtmlOptions): Markup {
  const { repo, host } = report;
  const root = repo.is_git ? '' : ', no git work tree';
  const dirty = repo.dirty === true ? ' (with changes)' : '';
  return table([
    ['repository', html`${short(displayPath(repo.root), 1000)}${root}`],
    ['HEAD', repo.head === null ? null : html`${mono(repo.head)}${dirty}`],
    ['base', mono(repo.base)],
    ['content tree', mono(repo.tree_digest)],
    ['configuration', mono(report.config_digest)],
    ['audit log', html`${report.audit_head.seq} records, head ${mono(report.audit_head.sha256)}`],
    ['authenticity', options.authenticity ?? claimedAuthenticity(report)],
    ['signature', options.signature ?? null],
    ['isolation', report.isolation],
    ['host', `${host.user}@${host.hostname} (${host.platform} ${host.arch})`],
    ['report format', report.schema_version],
  ]);
}
