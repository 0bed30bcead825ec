/** Real agents, head-less, against a model of our own on loopback: nothing of it leaves this machine. */
import type { StageExecution } from '../records.ts';
import { ALL_PASS, e2e, type Rig } from '../rig.ts';
import { INPUT_TOKENS, type Mood, OUTPUT_TOKENS, startModelServer } from './model-server.ts';
import { REAL, type RealAgent, realAgentFlags, unlessFetched } from './real-agents.ts';

const AGENTS: readonly RealAgent[] = ['codex', 'opencode'];

interface Ran {
  readonly code: number | null;
  readonly said: string;
  readonly record: StageExecution | undefined;
  readonly reason: string | undefined;
  readonly asked: number;
}

async function run(rig: Rig, agent: RealAgent, mood: Mood, more: readonly string[] = []): Promise<Ran> {
  if (!rig.exists('.git')) rig.gitRepo();
  const server = await startModelServer(mood, 'echo mended > mended.txt');
  try {
    const flags = [...ALL_PASS, ...realAgentFlags(rig, agent, server.url), ...more];
    const ended = await rig.run(['./out', ...flags], { limitMs: 120_000 });
    const report = rig.report();
    const record = report.stage_executions.find((one) => one.step === 'executor');
    const { code, said } = ended;
    return { code, said, record, reason: report.failure?.reason, asked: server.asked() };
  } finally {
    await server.close();
  }
}

/** An agent in an endless turn under a limit in which it gets that far: how long it takes to start is the machine's. */
async function endless(rig: Rig, agent: RealAgent, limitMs = 8000): Promise<Ran> {
  const limits = ['--executor-timeout-ms', String(limitMs), '--kill-grace-ms', '500'];
  const ran = await run(rig, agent, 'endless', limits);
  const patience = limitMs < 60_000 && ran.code === 124 && ran.asked <= 2;
  return patience ? endless(rig, agent, limitMs * 2.5) : ran;
}

/** Cost at 10 and 100 dollars for a million tokens, which is what opencode is told; codex tells none. */
const USED = {
  codex: { cost_usd: null, input_tokens: 2 * INPUT_TOKENS, output_tokens: 2 * OUTPUT_TOKENS, turns: null },
  opencode: { cost_usd: 0.006, input_tokens: 2 * INPUT_TOKENS, output_tokens: 2 * OUTPUT_TOKENS, turns: 2 },
};

for (const agent of AGENTS) {
  e2e(
    `the real ${agent} does its work, and what it used is recorded`,
    async (t, rig) => {
      const ran = await run(rig, agent, 'success', ['--executor-expected-artifact', 'mended.txt']);
      t.equal(ran.code, 0, ran.said);
      t.equal(rig.read('mended.txt'), 'mended\n');
      t.strictSame(ran.record?.usage, USED[agent]);
      t.equal(ran.asked, 2, 'every answer of the model is in what it used');
      t.notMatch(rig.read('out/orchestrator_run_report.json'), 'a-secret-of-loopback');
    },
    unlessFetched(agent),
  );

  e2e(
    `the real ${agent} that used more than its limit stops the run`,
    async (t, rig) => {
      const ran = await run(rig, agent, 'success', [
        '--executor-max-tokens',
        '239',
        '--execution-max-iterations',
        '3',
      ]);
      t.equal(ran.code, 1, ran.said);
      t.equal(ran.reason, 'budget_exceeded');
      t.match(ran.record?.error, /240 tokens, over --executor-max-tokens 239 \(BUDGET_EXCEEDED\)/);
      t.equal(rig.report().stage_executions.filter((one) => one.step === 'executor').length, 1, 'not again');
    },
    unlessFetched(agent),
  );

  for (const mood of ['refusal', 'error'] as const) {
    e2e(
      `the real ${agent} of which the model answers with ${mood} fails its stage`,
      async (t, rig) => {
        const ran = await run(rig, agent, mood);
        t.equal(ran.code, 1, ran.said);
        t.equal(ran.record?.status, 'failed');
        t.equal(ran.reason, 'stage_failed');
      },
      unlessFetched(agent),
    );
  }

  e2e(
    `the real ${agent} that never comes to an end is ended with all that it started`,
    async (t, rig) => {
      const ran = await endless(rig, agent);
      t.equal(ran.code, 124, ran.said);
      t.equal(ran.record?.status, 'timeout');
      t.ok(ran.asked > 2, `the model was asked ${ran.asked} times`);
      t.strictSame(await rig.survivorsAfter(5000), []);
    },
    unlessFetched(agent),
  );
}

e2e(
  'the real codex under a limit of cost fails: it never says what it cost',
  async (t, rig) => {
    const ran = await run(rig, 'codex', 'success', ['--executor-max-cost-usd', '5']);
    t.equal(ran.code, 1, ran.said);
    t.equal(ran.reason, 'budget_unknown');
    t.match(ran.record?.error, /BUDGET_UNKNOWN/);
    t.equal(ran.record?.binary?.path, REAL.codex);
  },
  unlessFetched('codex'),
);
