import t from 'tap';
import { reportJunit } from '../../src/render/report-junit.ts';
import { sampleReport, sampleRun } from '../fixtures/documents/sample-run.ts';
import { HOSTILE, hostileReport } from '../html/hostile.ts';
import { PLACE, scenarios } from '../html/scenarios.ts';

const junit = (report = sampleReport(), doubts: readonly string[] = []) =>
  reportJunit(report, { place: PLACE, doubts });

/** The case of this name, up to the next one. */
const caseOf = (xml: string, name: string) =>
  xml.split('<testcase ').find((one) => one.includes(` name="${name}"`)) ?? '';

t.test('a run that is done has no failure and nothing skipped', async (t) => {
  t.match(junit(), '<testsuites name="orchestrator" tests="9" failures="0" errors="0" skipped="0"');
});

t.test('a closed gate is a failure with its reason code and its findings', async (t) => {
  const text = junit(scenarios().blocked.report);
  t.match(caseOf(text, 'ci'), '<failure type="GATE_CI_NOT_SUCCESS"');
  t.match(caseOf(text, 'ci'), 'check_failure: test (ubuntu): ');
  t.match(caseOf(text, 'review'), '<failure type="GATE_REVIEW_NOT_APPROVED"');
  t.notMatch(caseOf(text, 'policy'), '<failure');
  t.match(caseOf(text, 'closure'), '<failure');
});

t.test('what was not run is skipped, and the run is a failure all the same', async (t) => {
  const text = junit(scenarios().failed.report);
  t.match(caseOf(text, 'execution'), '<failure type="stage_failed"');
  for (const name of ['validation', 'closure', 'policy', 'ci', 'review'])
    t.match(caseOf(text, name), '<skipped');
  t.match(caseOf(text, 'closure-ready'), /<failure type="stage_failed"[\s\S]*orchestrator \.\/out --resume/);
  t.match(
    caseOf(junit(sampleReport(sampleRun({ status: 'working' }))), 'closure-ready'),
    '<failure type="not_finished"',
  );
});

t.test('evidence in doubt fails a run that says done', async (t) => {
  t.match(
    caseOf(junit(sampleReport(), ['the audit log: gone']), 'closure-ready'),
    '<failure type="evidence_tampered"',
  );
});

t.test('hostile text adds no element and nothing that XML 1.0 cannot hold', async (t) => {
  const elements = (text: string) => [...text.matchAll(/<[^a-z/]?[a-z/]+/gi)].map(([name]) => name);
  const hostile = junit(hostileReport(), [HOSTILE]);
  t.strictSame(elements(hostile), elements(junit(hostileReport('x'), ['x'])));
  t.notMatch(hostile, /[^\n\x20-\ud7ff\ue000-\ufffd]/u);
  t.notMatch(hostile, ']]>');
  t.notMatch(junit(sampleReport(), ['x', '::error::x']), /^\s*::/m);
});
