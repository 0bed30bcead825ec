import { isUndecided } from '../core/gates/undecided.ts';
import type { StageExecution } from '../core/records.ts';
import { timeWorked } from '../core/time-worked.ts';
import { unreachable } from '../core/unreachable.ts';
import type { RunReport } from '../formats/report.ts';
import { oneLine } from './harmless.ts';
import { nextCommand } from './next-command.ts';
import { timeOf } from './report-rows.ts';
import type { ReportOptions } from './report-text.ts';
import { markStages } from './stage-line.ts';
import { describeVerdict } from './verdict.ts';

/** One test case; neither `failure` nor `skipped` is a pass. */
interface TestCase {
  readonly suite: string;
  readonly name: string;
  readonly seconds: number;
  readonly failure: { readonly type: string; readonly message: string; readonly text: string } | null;
  readonly skipped: string | null;
}

/** Findings that are listed in the text of a gate. */
const MAX_FINDINGS = 100;

/**
 * The report as JUnit XML (spec/gates.md section 6): gates and stages are test cases; blocked is a failure, what was
 * not run is skipped. A case of its own, `closure-ready`, passes only where the run is done and its evidence holds, so
 * that a run in which all the rest is skipped is not green. Valid XML 1.0, whatever the report holds.
 */
export function reportJunit(report: RunReport, options: ReportOptions): string {
  const cases = [runCase(report, options), ...gateCases(report), ...stageCases(report)];
  const suites = ['run', 'gates', 'stages'].map((name) => suite(name, cases, report));
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="orchestrator" ${counts(cases)}>
${suites.join('')}</testsuites>
`;
}

function runCase(report: RunReport, options: ReportOptions): TestCase {
  const verdict = describeVerdict(report);
  const [doubt] = options.doubts;
  const seconds = timeWorked(report, null) / 1000;
  const base = { suite: 'run', name: 'closure-ready', seconds, skipped: null };
  if (doubt !== undefined) {
    const text = options.doubts.slice(0, MAX_FINDINGS).join('\n');
    return { ...base, failure: { type: 'evidence_tampered', message: doubt, text } };
  }
  if (report.terminal_state === 'done' && report.failure === null) return { ...base, failure: null };
  const next = nextCommand(report, options.place);
  const type = report.blocked_reason_codes[0] ?? report.failure?.reason ?? 'not_finished';
  const remedy = report.failure?.remedy ?? null;
  const text = [verdict, ...(remedy === null ? [] : [`remedy: ${remedy}`]), next.command ?? '', next.when];
  return { ...base, failure: { type, message: verdict, text: text.filter(Boolean).join('\n') } };
}

function gateCases(report: RunReport): readonly TestCase[] {
  return report.gate_decisions.map((one) => {
    const base = { suite: 'gates', name: one.gate, seconds: 0 };
    if (one.passed) return { ...base, failure: null, skipped: null };
    if (isUndecided(one)) return { ...base, failure: null, skipped: 'not decided' };
    const found = one.documents.flatMap((document) => document.details.filter((detail) => detail.blocks));
    const said = `gate ${one.gate} is closed: ${one.status}, source ${one.source}`;
    const lines = found
      .slice(0, MAX_FINDINGS)
      .map(({ code, about, message, remedy }) => [code, about, message, remedy].filter(Boolean).join(': '));
    const text = [said, ...lines].join('\n');
    return { ...base, failure: { type: one.reason_code ?? 'blocked', message: said, text }, skipped: null };
  });
}

function stageCases(report: RunReport): readonly TestCase[] {
  return markStages(report).map(({ stage, mark }) => {
    const ran = report.stage_executions.filter((one) => one.stage === stage);
    const seconds = ran.reduce((sum, one) => sum + one.duration_ms, 0) / 1000;
    const base = { suite: 'stages', name: stage, seconds, failure: null, skipped: null };
    switch (mark) {
      case 'completed':
        return base;
      case 'empty':
        return { ...base, skipped: 'nothing configured' };
      case 'at':
        return { ...base, skipped: 'not finished' };
      case 'ahead':
        return { ...base, skipped: 'not reached' };
      case 'blocked':
      case 'broken': {
        const type = report.failure?.reason ?? report.blocked_reason_codes[0] ?? 'blocked';
        return { ...base, failure: { type, message: describeVerdict(report), text: attemptLines(ran) } };
      }
      default:
        return unreachable(mark);
    }
  });
}

function attemptLines(executions: readonly StageExecution[]): string {
  return executions
    .slice(-20)
    .map((one) => `${one.step} attempt ${one.attempt}: ${one.status} ${one.error ?? ''}`.trim())
    .join('\n');
}

function suite(name: string, cases: readonly TestCase[], report: RunReport): string {
  const own = cases.filter((one) => one.suite === name);
  const at = timeOf(Date.parse(report.started_at)).replace(/Z$/, '');
  return `  <testsuite name="${xml(name)}" ${counts(own)} timestamp="${xml(at)}" hostname="${xml(report.host.hostname)}">
${own.map(testCase).join('')}  </testsuite>
`;
}

function counts(cases: readonly TestCase[]): string {
  const failures = cases.filter((one) => one.failure !== null).length;
  const skipped = cases.filter((one) => one.skipped !== null).length;
  const seconds = cases.reduce((sum, one) => sum + one.seconds, 0);
  return `tests="${cases.length}" failures="${failures}" errors="0" skipped="${skipped}" time="${seconds.toFixed(3)}"`;
}

function testCase(one: TestCase): string {
  const open = `    <testcase classname="orchestrator.${xml(one.suite)}" name="${xml(one.name)}" time="${one.seconds.toFixed(3)}"`;
  if (one.skipped !== null) return `${open}><skipped message="${xml(one.skipped)}"/></testcase>\n`;
  if (one.failure === null) return `${open}/>\n`;
  const { type, message, text } = one.failure;
  // No line begins with what a CI takes as a command where the XML is printed into its log.
  const lines = text
    .split('\n')
    .map((line) => xml(line).replace(/^(\s*):/, '$1&#58;'))
    .join('\n');
  return `${open}><failure type="${xml(type)}" message="${xml(message)}">${lines}</failure></testcase>\n`;
}

/** XML 1.0 cannot hold most control characters, halves of pairs, U+FFFE and U+FFFF, not even as references. */
const NOT_XML = /[\ufffe\uffff]/g;

function xml(text: string): string {
  return oneLine(text, 2000)
    .replace(NOT_XML, (found) => `\\u{${found.charCodeAt(0).toString(16)}}`)
    .replace(/[&<>"']/g, (found) => `&#${found.charCodeAt(0)};`);
}
