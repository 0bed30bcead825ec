import t from 'tap';
import type { AgentUsage } from '../../../src/core/agents/agent-profile.ts';
import type { StageExecution } from '../../../src/core/records.ts';
import { changeInWords, seenChanges } from '../../../src/render/html/change-words.ts';
import { delivery } from '../../../src/render/html/delivery.ts';
import { documentBlock } from '../../../src/render/html/findings.ts';
import { html } from '../../../src/render/html/markup.ts';
import { reportHtml } from '../../../src/render/html/report-html.ts';
import { stopPieces, stopWords } from '../../../src/render/html/stop-time.ts';
import { timeScale } from '../../../src/render/html/time-scale.ts';
import { usage, usageLine } from '../../../src/render/html/usage.ts';
import { sampleExecution, sampleReport, sampleRun } from '../../fixtures/documents/sample-run.ts';
import { CEDAR, DELIVERY, SCOPE } from '../../html/scenario-details.ts';
import { PLACE, scenarios } from '../../html/scenarios.ts';

const text = (part: Parameters<typeof html>[1]) => html`${part ?? null}`.toString();

const attempt = (more: Partial<StageExecution>) => sampleExecution('run', { stage: 'execution', ...more });

const USED: AgentUsage = { cost_usd: 0.5, input_tokens: 1_234_567, output_tokens: 10, turns: 2 };

const usedBy = (...usages: readonly (AgentUsage | null)[]) =>
  sampleReport(
    sampleRun({
      change: (run) => ({
        ...run,
        stage_executions: usages.map((one, index) => attempt({ attempt: index + 1, usage: one })),
      }),
    }),
  );

t.test(
  'what agents used stands by attempt, by stage and for all; a part that is not reported says so',
  async (t) => {
    const shown = text(usage(usedBy(USED, { ...USED, cost_usd: null })));
    t.match(
      shown,
      /<b>execution<\/b> <span class="n">2 attempts<\/span><\/th><td data-label="cost" class="unknown">not reported/,
    );
    t.match(
      shown,
      /attempt 1<\/span><\/th><td data-label="cost">\$0\.5000<\/td><td data-label="input tokens">1,234,567</,
    );
    t.match(
      shown,
      /All stages<\/th><td data-label="cost" class="unknown">not reported<\/td><td data-label="input tokens">2,469,134</,
    );
    t.equal(
      usageLine({ ...USED, turns: null }),
      '$0.5000, 1,234,567 input tokens, 10 output tokens, turns not reported',
    );
  },
);

t.test('a run without agents has no section of use, and no row for what is no agent', async (t) => {
  t.equal(usage(usedBy(null)), null);
  t.equal(usageLine(null), null);
  t.notMatch(text(usage(usedBy(USED, null))), '2 attempts');
});

t.test('of many attempts of agents the last ones are listed, and all are in the sum', async (t) => {
  const shown = text(usage(usedBy(...Array.from({ length: 130 }, () => USED))));
  t.match(shown, '30 earlier attempts left out.');
  t.match(shown, '$65.00');
});

const TREE = { killed: 1, survivors: 0, clean_sweeps: 2, method: 'proc' } as const;

t.test('grace and kill are what the record says, also after the own end of an attempt', async (t) => {
  const stopped = { term_after_ms: 1000, kill_after_ms: 6000, gone_after_ms: 6200 };
  const both = stopPieces(attempt({ duration_ms: 900, process_tree: { ...TREE, stopped } }));
  t.strictSame(both, [
    { kind: 'grace', fromMs: 1000, toMs: 6000 },
    { kind: 'kill', fromMs: 6000, toMs: 6200 },
  ]);
  t.equal(stopWords(both), '5.0s in grace, 200ms in kill');
  const gentle = stopPieces(
    attempt({ process_tree: { ...TREE, stopped: { ...stopped, kill_after_ms: null } } }),
  );
  t.strictSame(gentle, [{ kind: 'grace', fromMs: 1000, toMs: 6200 }]);
});

t.test('evidence without that record shows the time past a limit, and nothing else', async (t) => {
  const old = {
    status: 'timeout',
    error: 'exceeded 5000 ms',
    duration_ms: 7000,
    process_tree: TREE,
  } as const;
  t.strictSame(stopPieces(attempt(old)), [{ kind: 'grace', fromMs: 5000, toMs: 7000 }]);
  t.strictSame(stopPieces(attempt({ ...old, status: 'failed' })), []);
  t.strictSame(stopPieces(attempt({ ...old, duration_ms: 4000 })), []);
});

t.test('changes are told in words, and what is unknown as it was recorded', async (t) => {
  t.equal(changeInWords('timeout: 1800000 is now 600000'), 'timeout was 30m00s, is now 10m00s');
  t.equal(changeInWords('execution attempts: 3 is now 5'), 'execution attempts was 3, is now 5');
  t.equal(changeInWords('gate max age: null is now 60000'), 'gate max age was not set, is now 1m00s');
  t.equal(
    changeInWords('ci sources: [] is now ["github:a/b","file:x"]'),
    'ci sources was none, is now github:a/b, file:x',
  );
  t.equal(
    changeInWords('inherited environment: false is now true'),
    'inherited environment was off, is now on',
  );
  t.equal(changeInWords('scope: {"a":1} is now {"a":2}'), 'scope was {"a":1}, is now {"a":2}');
  t.equal(changeInWords('executor: binary'), 'executor: other binary than before');
  t.equal(changeInWords('reviewer: added'), 'reviewer was added');
  t.equal(changeInWords('accepted: hooks/x'), 'accepted: hooks/x');
  t.equal(changeInWords(`x: ${'9'.repeat(5000)} is now {`).length, 400);
});

t.test('a binary with other content, another version and another host are seen in the records', async (t) => {
  const { spans } = timeScale(scenarios().resumed.report);
  t.strictSame(seenChanges(spans, 0), []);
  t.strictSame(seenChanges(spans, 1), [
    'bin/reviewer has other content: SHA-256 cccccccccccc then, dddddddddddd now',
  ]);
  const moved = spans.map((span, index) =>
    index === 0
      ? span
      : {
          ...span,
          invocation: { ...span.invocation, version: '9', host: { ...span.invocation.host, hostname: 'b' } },
        },
  );
  t.match(seenChanges(moved, 1).slice(1), [
    'orchestrator was 0.1.0, is now 9',
    'the host was build-1, is now b',
  ]);
});

t.test('breaches of one kind stand together with their one remedy', async (t) => {
  const shown = documentBlock('policy', SCOPE).toString();
  t.match(shown, '4 findings, 4 block');
  t.match(shown, /path not allowed <span class="n">3 times<\/span>/);
  t.equal(shown.split('undo the change').length, 2);
  t.match(shown, '<code class="about">deploy/production/values.yaml</code>');
  t.match(
    documentBlock('policy', CEDAR).toString(),
    /no-secrets<\/code> change of config[\s\S]*recorded[\s\S]*policy warning/,
  );
});

t.test('remedies that differ stand with their findings', async (t) => {
  const details = SCOPE.details.slice(0, 2).map((one, index) => ({ ...one, remedy: `way ${index}` }));
  const shown = documentBlock('policy', { ...SCOPE, details }).toString();
  t.match(shown, /way 0[\s\S]*way 1/);
});

t.test('a delivery shows where to, and each step with what is known of it', async (t) => {
  const shown = text(delivery({ ...scenarios().done.report, delivery: DELIVERY }));
  t.match(
    shown,
    /agent\/fix-42[\s\S]*commit[\s\S]*Fix the off-by-one[\s\S]*was not there[\s\S]*intended[\s\S]*acme\/shop #7/,
  );
  const refused = {
    ...DELIVERY,
    refused: 'the branch has moved',
    commit: null,
    push: null,
    pull_request: null,
  };
  t.match(
    text(delivery({ ...scenarios().done.report, delivery: refused })),
    /refused[\s\S]*the branch has moved[\s\S]*Nothing was delivered yet/,
  );
  t.equal(delivery(scenarios().failed.report), null);
});

t.test('a signature is told where one was looked for, and is never told to be checked', async (t) => {
  const { report } = scenarios().done;
  const page = reportHtml(report, {
    place: PLACE,
    doubts: [],
    logs: [],
    signature: 'signed by <k>; not checked here',
  });
  t.match(page, 'signed by &#60;k&#62;; not checked here');
  t.notMatch(reportHtml(report, { place: PLACE, doubts: [], logs: [] }), '<dt>signature');
});

t.test('gates that the run never came to stand behind what stopped it', async (t) => {
  const at = (page: string, id: string) => page.indexOf(`<section id="${id}"`);
  const of = (name: 'failed' | 'blocked') =>
    reportHtml(scenarios()[name].report, { place: PLACE, doubts: [], logs: scenarios()[name].logs });
  t.ok(at(of('failed'), 'gates') > at(of('failed'), 'logs'));
  t.ok(at(of('blocked'), 'gates') < at(of('blocked'), 'timeline'));
});
