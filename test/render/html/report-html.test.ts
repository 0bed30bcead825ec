import { createHash } from 'node:crypto';
import t from 'tap';
import { failure } from '../../../src/core/failure.ts';
import { escapeHtml } from '../../../src/render/html/markup.ts';
import { reportHtml } from '../../../src/render/html/report-html.ts';
import { sampleReport, sampleRun } from '../../fixtures/documents/sample-run.ts';
import { HOSTILE, hostileLogs, hostileReport } from '../../html/hostile.ts';
import { PLACE, scenarios } from '../../html/scenarios.ts';
import { fullLogs, manyAttempts } from '../../html/sizes.ts';

const page = (report = sampleReport(), more: { doubts?: readonly string[] } = {}) =>
  reportHtml(report, { place: PLACE, doubts: [], logs: [], ...more });

/** The names of all elements of a page, in order. */
const elements = (text: string) => [...text.matchAll(/<([a-z0-9!/-]+)/gi)].map(([, name]) => name);

t.test('the same report gives the same page', async (t) => {
  t.equal(page(), page());
});

t.test('the verdict is the first heading, in words', async (t) => {
  const titles = {
    done: 'Done: closure-ready',
    blocked: 'Blocked by gates ci, review',
    denied: 'Blocked by gates policy, ci',
    failed: 'Failed in execution',
    timeout: 'Timed out in execution',
    interrupted: 'Interrupted in execution',
    resumed: 'Done: closure-ready',
  };
  for (const [name, { report }] of Object.entries(scenarios())) {
    t.match(page(report), `<h1>${titles[name as keyof typeof titles]}</h1>`);
  }
  const cut = failure('interrupted', 'SIGINT', { stage: 'execution' });
  t.match(
    page(sampleReport(sampleRun({ status: 'interrupted', failure: cut }))),
    '<h1>Interrupted in execution</h1>',
  );
  t.match(page(sampleReport(sampleRun({ status: 'working' }))), '<h1>Not finished in execution</h1>');
});

t.test('evidence that is in doubt never looks done', async (t) => {
  const text = page(sampleReport(), { doubts: ['the audit log: <gone>'] });
  t.match(text, '<h1>Not to be trusted</h1>');
  t.match(text, 'the audit log: &#60;gone&#62;');
  t.notMatch(text, 'verdict good');
});

t.test('no text from outside adds an element, an attribute or a control character', async (t) => {
  const options = { place: PLACE, doubts: [HOSTILE] };
  const hostile = reportHtml(hostileReport(), { ...options, logs: hostileLogs() });
  const tame = reportHtml(hostileReport('x'), { ...options, logs: hostileLogs('x') });
  const lines = (text: string) => elements(text).filter((name) => name !== '/pre' && name !== 'pre');
  t.strictSame(lines(hostile), lines(tame));
  t.notMatch(hostile, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/);
  t.notMatch(hostile, /\p{Surrogate}/u);
  t.notMatch(hostile, '##[error]');
  t.notMatch(hostile, /^::error/m);
  t.match(hostile, '\\u{202e}', 'what would turn the text around is shown');
});

t.test('escaping leaves nothing that markup is made of, and keeps to its length', async (t) => {
  t.equal(escapeHtml('a<b>&"\'`'), 'a&#60;b&#62;&#38;&#34;&#39;&#96;');
  t.equal(escapeHtml('x'.repeat(50), 10), `${'x'.repeat(9)}…`);
});

t.test('the policy lets the page load nothing, and names the digest of its one style', async (t) => {
  const text = page();
  const style = /<style>([\s\S]*)<\/style>/.exec(text)?.[1] ?? '';
  const digest = createHash('sha256').update(style).digest('base64');
  t.match(
    text,
    `content="default-src 'none'; style-src 'sha256-${digest}'; base-uri 'none'; form-action 'none'"`,
  );
  t.notMatch(text, /<script| style=|https?:|url\(|@import| src=/);
});

t.test('the gates show what each was decided from', async (t) => {
  const text = page(scenarios().blocked.report);
  t.match(text, 'Decided from 1 document, below.');
  t.match(text, /check_failure[\s\S]*Remedy:<\/b> mend what it tests/);
  t.match(text, 'Decided from the operator&#39;s word alone.');
  t.match(page(scenarios().failed.report), 'The run did not come to its gates.');
});

t.test('the timeline shows time past a limit apart, and pauses as words', async (t) => {
  t.match(
    page(scenarios().timeout.report),
    /class="bar grace"[\s\S]*class="bar kill"[\s\S]*20\.0s in grace, 10\.0s in kill/,
  );
  const resumed = page(scenarios().resumed.report);
  t.match(resumed, /Invocation 2 <small>resumed, .*19h51m after the one before/);
  t.match(page(scenarios().interrupted.report), '7.1s in grace');
});

t.test('a clock that went back moves no bar out of the picture', async (t) => {
  const report = sampleReport(
    sampleRun({
      change: (run) => ({
        ...run,
        stage_executions: run.stage_executions.map((one) => ({ ...one, started_at_unix_ms: 0 })),
        invocations: run.invocations.map((one) => ({ ...one, started_at: 'never', ended_at: 'then' })),
      }),
    }),
  );
  for (const [, x, width] of page(report).matchAll(
    /class="bar [a-z]+" x="([^"]*)" y="\d+" width="([^"]*)"/g,
  )) {
    t.ok(Number(x) >= 0 && Number(x) + Number(width) <= 1000.1, `${x} + ${width}`);
  }
});

t.test('a run of ten stages with full logs stays under 150 kB', async (t) => {
  const report = manyAttempts(7);
  t.ok(Buffer.byteLength(reportHtml(report, { place: PLACE, doubts: [], logs: fullLogs(10) })) < 150_000);
});

t.test('5,000 attempts stay under 5 MB, and what is left out is counted', async (t) => {
  const text = reportHtml(manyAttempts(5000), { place: PLACE, doubts: [], logs: fullLogs(48) });
  t.ok(Buffer.byteLength(text) < 5_000_000);
  t.match(text, '4503 earlier records left out.');
  t.match(text, /\d+ tails left out\./);
});

t.test('colours of a log are left out, other control characters are shown', async (t) => {
  const { report } = scenarios().failed;
  const lines = ['\u001b[1;31mred\u001b[0m \u001b[2J\tend\r'];
  const log = {
    stage: 'execution',
    step: 'executor',
    attempt: 1,
    stream: 'stderr',
    lines,
    telling: true,
  } as const;
  const text = reportHtml(report, { place: PLACE, doubts: [], logs: [log] });
  t.match(text, '<details class="log" open>');
  t.match(text, '<pre>red \\x1b[2J    end');
});
