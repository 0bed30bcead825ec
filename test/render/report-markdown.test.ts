import t from 'tap';
import { failure } from '../../src/core/failure.ts';
import { code, fenced } from '../../src/render/markdown.ts';
import { MAX_MARKDOWN_BYTES, reportMarkdown } from '../../src/render/report-markdown.ts';
import { sampleExecution, sampleReport, sampleRun } from '../fixtures/documents/sample-run.ts';

const options = { place: { outDir: './out', checkpointPath: null }, doubts: [] };
const HOSTILE =
  'a|b`c``d<img src=x onerror=1>\n# h @user #12 https://evil.example [l](javascript:1) \\| ![i](x)';

t.test('a blocked run shows verdict, gates and next command', async (t) => {
  const text = reportMarkdown(
    sampleReport(sampleRun({ status: 'blocked', gates: { review: 'missing' } })),
    options,
  );
  t.match(text, /^## ⛔ orchestrator: `blocked: GATE_REVIEW_NOT_APPROVED`\n/);
  t.match(text, '| `review` | `closed` | `missing` |');
  t.match(text, '```sh\norchestrator ./out --resume --review-status approved\n```');
});

t.test('only a run that is done and not in doubt gets the green mark', async (t) => {
  t.match(reportMarkdown(sampleReport(), options), /^## ✅ orchestrator: `done: closure-ready`/);
  t.match(
    reportMarkdown(sampleReport(), { ...options, doubts: ['x'] }),
    /^## ⛔ orchestrator: evidence not to be trusted/,
  );
});

t.test('hostile text is inert: no markup, no HTML, no cell, no mention', async (t) => {
  const shown = code(HOSTILE, 1000);
  t.match(shown, /^<code>[A-Za-z0-9 /,;=+&#-]*<\/code>$/);
  t.equal(code('plain @user <b> #1'), '`plain @user <b> #1`', 'a code span shows it as it is');
  t.equal(code('  '), '');
  t.notMatch(code('a\\`b'), /^`/);
});

t.test('a table row stays a row, whatever is in it', async (t) => {
  const run = sampleRun({
    status: 'failed',
    failure: failure('stage_failed', HOSTILE, { stage: HOSTILE, remedy: HOSTILE }),
    change: (one) => ({
      ...one,
      worktree_changes: [HOSTILE],
      stage_executions: [sampleExecution('r', { stage: HOSTILE, error: HOSTILE })],
    }),
  });
  const text = reportMarkdown(sampleReport(run), options);
  const tables = text.split('\n\n').filter((block) => block.startsWith('| '));
  t.equal(tables.length, 4);
  for (const table of tables) {
    const widths = table
      .trimEnd()
      .split('\n')
      .map((row) => row.split('|').length);
    t.equal(new Set(widths).size, 1, 'every row has the cells of its head');
  }
  t.notMatch(text, '<img');
  for (const line of text.split('\n')) {
    const outside = line.replaceAll(/`[^`]*`/g, '').replaceAll(/<code>[^<]*<\/code>/g, '');
    t.notMatch(outside, /@user|https:|<img|javascript/, 'only inside code');
  }
});

t.test('a fence is longer than any in the command', async (t) => {
  t.strictSame(fenced('a ``` b'), ['````sh', 'a ``` b', '````']);
});

t.test('it stays below 1 MiB, and below less where there is less room', async (t) => {
  const executions = Array.from({ length: 5000 }, (_, index) =>
    sampleExecution('r', { attempt: index + 1, error: '|'.repeat(5000), stage: '`'.repeat(300) }),
  );
  const report = sampleReport(sampleRun({ change: (one) => ({ ...one, stage_executions: executions }) }));
  for (const maxBytes of [MAX_MARKDOWN_BYTES, 100_000, 2_000]) {
    const text = reportMarkdown(report, { ...options, maxBytes });
    t.ok(Buffer.byteLength(text) <= maxBytes, `${maxBytes}`);
    t.match(text, /^## ✅ orchestrator/);
  }
  t.equal(reportMarkdown(report, { ...options, maxBytes: 10 }), '');
});
