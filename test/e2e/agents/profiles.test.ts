/** Every profile on programs that print what the agent is documented to print. */
import { AGENT_NAMES, type AgentName } from '../../../src/core/agents/agent-profile.ts';
import { OUTPUTS } from '../../core/agents/outputs.ts';
import { ALL_PASS, e2e, inParallel, type Rig } from '../rig.ts';

/** The flags of an executor that prints `text` and then does what `more` says. */
function agentFlags(rig: Rig, agent: AgentName, text: string, more = 'exit 0'): readonly string[] {
  const name = `${agent}-${text.length}-${more.length}`;
  const output = rig.write(`${rig.base}/output-${name}`, text);
  const bin = rig.agent(name, `cat '${output}'; ${more}`);
  return ['--executor-agent', agent, '--executor-bin', bin, '--executor-prompt', 'fix it'];
}

const record = (rig: Rig, out: string) =>
  rig.report(`${rig.work}/${out}`).stage_executions.find((one) => one.step === 'executor');

e2e('an agent that says success and exits 0 passes, and its use is recorded', async (t, rig) => {
  await inParallel(AGENT_NAMES, async (agent) => {
    const run = await rig.run([agent, ...ALL_PASS, ...agentFlags(rig, agent, OUTPUTS[agent].success)]);
    t.equal(run.code, 0, `${agent}: ${run.said}`);
    const usage = record(rig, agent)?.usage;
    t.type(usage?.input_tokens, 'number', agent);
    t.strictSame(
      JSON.parse(rig.read(`${agent}/orchestrator_run_report.json`)).usage,
      usage,
      'the sum of one',
    );
  });
  const text = await rig.run(['report', 'aider']);
  t.match(text.stdout, /usage +attempt +cost USD +input tokens/);
  t.match((await rig.run(['report', 'codex', '--format', 'markdown'])).stdout, /Usage of agents/);
  const page = (await rig.run(['report', 'codex', '--format', 'html'])).stdout;
  t.match(page, /Used by agents[\s\S]*<td data-label="cost" class="unknown">not reported<\/td>/);
});

e2e('an agent that exits 0 with an error, a refusal, a cap or no result fails its stage', async (t, rig) => {
  const cases = AGENT_NAMES.flatMap((agent) => {
    const { success, error, refusal, cap } = OUTPUTS[agent];
    const cut = agent === 'aider' ? 'Aider v0.86.1\n' : success.slice(0, -20);
    const texts = { error, refusal, cap, cut, garbage: '\u0007nothing of it}' };
    return Object.entries(texts).map(([kind, text]) => ({ agent, kind, text }));
  });
  await inParallel(cases, async ({ agent, kind, text }, index) => {
    const out = `out${index}`;
    const run = await rig.run([out, ...ALL_PASS, ...agentFlags(rig, agent, text)]);
    const what = `${agent} ${kind}`;
    t.equal(run.code, 1, `${what}: ${run.said}`);
    const reason = rig.report(`${rig.work}/${out}`).failure?.reason ?? '';
    const unread = kind === 'cut' || kind === 'garbage';
    const expected = unread ? ['agent_result_unreadable'] : ['stage_failed', 'budget_exceeded'];
    t.ok(expected.includes(reason), `${what}: ${reason}`);
    t.equal(record(rig, out)?.exit_code, 0, what);
  });
});

e2e('a success that an agent claims is nothing without its artifact', async (t, rig) => {
  const flags = agentFlags(rig, 'claude-code', OUTPUTS['claude-code'].success);
  const run = await rig.run(['out', ...ALL_PASS, ...flags, '--executor-expected-artifact', 'made.json']);
  t.equal(run.code, 1, run.said);
  t.equal(record(rig, 'out')?.status, 'artifact_missing');
});

e2e('attempts use one limit together, and a larger one on resume goes on', async (t, rig) => {
  const flags = agentFlags(rig, 'claude-code', OUTPUTS['claude-code'].success, '[ -e go ] || exit 1');
  const limits = ['--executor-max-cost-usd', '0.6', '--execution-max-iterations', '9'];
  const run = await rig.run(['out', ...ALL_PASS, ...flags, ...limits]);
  t.equal(run.code, 1, run.said);
  const report = rig.report();
  t.equal(report.failure?.reason, 'budget_exceeded');
  const runs = report.stage_executions.filter((one) => one.step === 'executor');
  const told = runs.map((one) => one.args[one.args.indexOf('--max-budget-usd') + 1]);
  t.strictSame(told, ['0.6', '0.35', '0.1'], 'each is told what is left');
  t.match(runs[2]?.error, /used 0.75 USD, over --executor-max-cost-usd 0.6 \(BUDGET_EXCEEDED\)/);
  t.equal(report.failure?.remedy, 'raise --executor-max-cost-usd if that is justified, then --resume');
  rig.write('go', '');
  const again = await rig.run(['out', '--resume', '--executor-max-cost-usd', '1', ...ALL_PASS]);
  t.equal(again.code, 0, again.said);
  t.equal(JSON.parse(rig.read('out/orchestrator_run_report.json')).usage.cost_usd, 1);
});

e2e('a limit on what an agent does not report fails, and so does output that was cut', async (t, rig) => {
  const codex = agentFlags(rig, 'codex', OUTPUTS.codex.success);
  const turns = await rig.run(['turns', ...ALL_PASS, ...codex, '--executor-max-turns', '9']);
  t.equal(turns.code, 1, turns.said);
  t.equal(rig.report(`${rig.work}/turns`).failure?.reason, 'budget_unknown');
  const cut = await rig.run(['cut', ...ALL_PASS, ...codex, '--max-log-bytes', '200']);
  t.equal(cut.code, 1, cut.said);
  t.equal(rig.report(`${rig.work}/cut`).failure?.reason, 'agent_result_unreadable');
});

e2e('only the role of the agent gets the variables that its agent needs', async (t, rig) => {
  const flags = agentFlags(rig, 'codex', OUTPUTS.codex.success, 'printenv OPENAI_API_KEY >&2');
  const env = { OPENAI_API_KEY: 'sk-never-to-be-seen', ANTHROPIC_API_KEY: 'sk-of-somebody-else' };
  const validation = ['--validation-bin', rig.agent('check', 'true')];
  const run = await rig.run(['out', ...ALL_PASS, ...flags, ...validation], { env });
  t.equal(run.code, 0, run.said);
  t.ok(record(rig, 'out')?.env_keys.includes('OPENAI_API_KEY'));
  t.notOk(record(rig, 'out')?.env_keys.includes('ANTHROPIC_API_KEY'));
  const check = rig.report().stage_executions.find((one) => one.step === 'command-1');
  t.notOk(check?.env_keys.includes('OPENAI_API_KEY'));
  t.equal(rig.read('out/logs/execution.1.stderr.log'), '***\n');
});

e2e('a prompt file is read once, and what cannot be a prompt is refused', async (t, rig) => {
  rig.write('prompt.md', 'first line\nsecond "line"\n');
  const [, , ...program] = agentFlags(rig, 'codex', OUTPUTS.codex.success);
  const bin = program.slice(0, 2);
  const agent = ['--executor-agent', 'codex', ...bin];
  const run = await rig.run(['out', ...ALL_PASS, ...agent, '--executor-prompt-file', 'prompt.md']);
  t.equal(run.code, 0, run.said);
  t.equal(record(rig, 'out')?.args.at(-1), 'first line\nsecond "line"\n');
  const refused = [
    [...agent],
    [...agent, '--executor-prompt', '-'],
    [...agent, '--executor-prompt-file', 'none.md'],
    [...agent, '--executor-prompt', 'a', '--executor-prompt-file', 'prompt.md'],
    [...bin, '--executor-max-turns', '1'],
    [...agent, '--executor-prompt', 'a', '--executor-max-cost-usd', '0'],
  ];
  for (const [index, words] of refused.entries()) {
    const wrong = await rig.run([`no${index}`, ...words]);
    t.equal(wrong.code, 2, `${words.join(' ')}: ${wrong.said}`);
    t.notOk(rig.exists(`no${index}`));
  }
});

e2e('a prompt that holds a secret is stored masked, and a resume asks for it again', async (t, rig) => {
  const env = { MY_API_TOKEN: 'a-secret-of-mine' };
  const flags = agentFlags(rig, 'codex', OUTPUTS.codex.success, '[ -e go ] || exit 1');
  const prompt = ['--executor-prompt', 'log in with a-secret-of-mine'];
  const given = [...ALL_PASS, ...flags.slice(0, 4)];
  t.equal((await rig.run(['out', ...given, ...prompt], { env })).code, 1);
  for (const file of ['orchestrator_run_report.json', 'orchestrator_checkpoint.json', 'audit.jsonl']) {
    t.notMatch(rig.read(`out/${file}`), 'a-secret-of-mine', file);
  }
  rig.write('go', '');
  const refused = await rig.run(['out', '--resume', ...ALL_PASS], { env });
  t.equal(refused.code, 2, refused.said);
  t.match(refused.said, /the prompt of the executor/);
  const other = await rig.run(['out', '--resume', ...ALL_PASS, ...prompt], { env });
  t.equal(other.code, 0, other.said);
  t.match(
    rig
      .report()
      .stage_executions.find((one) => one.status === 'success')
      ?.args.at(-1),
    /with \*\*\*$/,
  );
});

e2e('a completed stage keeps its agent, its prompt and its model; its limits may change', async (t, rig) => {
  const flags = agentFlags(rig, 'codex', OUTPUTS.codex.success);
  t.equal((await rig.run(['out', ...flags, '--policy-status', 'allow'])).code, 3);
  for (const change of [
    ['--executor-prompt', 'something else'],
    ['--executor-model', 'm'],
  ]) {
    const refused = await rig.run(['out', '--resume', ...ALL_PASS, ...change]);
    t.equal(refused.code, 2, refused.said);
  }
  const more = await rig.run(['out', '--resume', ...ALL_PASS, '--executor-max-tokens', '5']);
  t.equal(more.code, 0, more.said);
});

e2e(
  'the example of two agents is a valid config file, and a dry run shows their command lines',
  async (t, rig) => {
    const file = `${import.meta.dirname}/../../../examples/agents/orchestrator.yaml`;
    t.equal((await rig.run(['config', 'validate', file])).code, 0);
    rig.gitRepo();
    const { stdout } = await rig.run(['./out', '--config', file, '--dry-run']);
    t.match(stdout, '"exec" "--json" "--skip-git-repo-check"');
    t.match(stdout, '"--max-budget-usd" "1.5"');
  },
);
