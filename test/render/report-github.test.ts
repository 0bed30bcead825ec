import t from 'tap';
import { MAX_ANNOTATIONS, reportGithub } from '../../src/render/report-github.ts';
import { workflowCommand } from '../../src/render/workflow-command.ts';
import { sampleReport } from '../fixtures/documents/sample-run.ts';
import { HOSTILE, hostileReport } from '../html/hostile.ts';
import { PLACE, scenarios } from '../html/scenarios.ts';
import { manyAttempts } from '../html/sizes.ts';

const github = (report = sampleReport(), doubts: readonly string[] = []) =>
  reportGithub(report, { place: PLACE, doubts });

t.test('a run that is done is one notice', async (t) => {
  t.equal(github(), '::notice title=orchestrator::done: closure-ready\n');
});

t.test('a blocked run has an error for itself and for each thing that blocks a gate', async (t) => {
  const lines = github(scenarios().blocked.report).split('\n');
  t.match(lines[0], /^::error title=orchestrator::blocked: .*next: orchestrator \.\/out --resume/);
  t.match(lines[1], '::error title=gate ci closed%3A GATE_CI_NOT_SUCCESS::check_failure: test (ubuntu): ');
  t.match(
    lines[2],
    '::error title=gate review closed%3A GATE_REVIEW_NOT_APPROVED::review says missing, source operator',
  );
  t.equal(lines.length, 4);
});

t.test('attempts that did not pass are warnings', async (t) => {
  t.match(
    github(scenarios().failed.report),
    '::warning title=execution executor attempt 3%3A failed::exited with code 7',
  );
});

t.test('text is escaped as the toolkit does, and cannot begin a command', async (t) => {
  const command = workflowCommand({ level: 'error', title: 'a:b,c%', message: '100% of\nit: x,y\r' });
  t.equal(command, '::error title=a%3Ab%2Cc%25::100%25 of\\x0ait: x,y\\x0d\n');
  for (const line of github(hostileReport(), [HOSTILE]).trimEnd().split('\n')) {
    t.match(line, /^::(error|warning|notice) title=[^:,]*::/);
    t.notMatch(line, /[\u0000-\u001f\u202e]/);
  }
});

t.test('there are at most 50, errors first, and the last says how many there are beyond', async (t) => {
  const lines = github(manyAttempts(700)).trimEnd().split('\n');
  t.equal(lines.length, MAX_ANNOTATIONS);
  t.match(lines.at(-1), /^::notice title=orchestrator::52 more: /);
});
