/** What an agent prints is held to what decides a run is held to; what it cannot report is said before it costs. */
import { OUTPUTS } from '../../core/agents/outputs.ts';
import { ALL_PASS, e2e, inParallel, type Rig } from '../rig.ts';

const CODEX = OUTPUTS.codex.success;
const CLAUDE = OUTPUTS['claude-code'].success;

function agentFlags(rig: Rig, agent: string, text: string, exit = 0): readonly string[] {
  const name = `${agent}-${rig.work.length}-${text.length}-${exit}`;
  const bin = rig.agent(name, `cat '${rig.write(`${rig.base}/output-${name}`, text)}'; exit ${exit}`);
  return ['--executor-agent', agent, '--executor-bin', bin, '--executor-prompt', 'fix it'];
}

const failureOf = (rig: Rig, out: string) => rig.report(`${rig.work}/${out}`).failure;

e2e(
  'a result that holds a key twice is no result: two readers would understand two things',
  async (t, rig) => {
    const cases: readonly (readonly [out: string, agent: string, text: string])[] = [
      ['subtype', 'claude-code', CLAUDE.replace('"subtype"', '"subtype":"error_max_turns","subtype"')],
      ['error', 'claude-code', CLAUDE.replace('"is_error"', '"is_error":true,"is_error"')],
      ['cost', 'claude-code', CLAUDE.replace('"total_cost_usd"', '"total_cost_usd":99,"total_cost_usd"')],
      ['escaped', 'claude-code', CLAUDE.replace('"num_turns"', '"num_t\\u0075rns":900,"num_turns"')],
      [
        'turn',
        'codex',
        CODEX.replace('"type":"turn.completed"', '"type":"turn.failed","type":"turn.completed"'),
      ],
      ['hidden', 'claude-code', `{"type":"resul\\u0074","x":1,"x":2,"is_error":true}\n${CLAUDE}`],
      ['hidden-turn', 'codex', CODEX.replace(/^/m, '{"type":"turn.f\\u0061iled","x":1,"x":2}\n')],
      ['tokens', 'codex', CODEX.replace('"input_tokens"', '"input_tokens":900000,"input_tokens"')],
    ];
    await inParallel(cases, async ([out, agent, text]) => {
      t.notOk([CLAUDE, CODEX].includes(text), `${out}: something was put in`);
      const run = await rig.run([out, ...ALL_PASS, ...agentFlags(rig, agent, text)]);
      t.equal(run.code, 1, `${out}: ${run.said}`);
      t.equal(failureOf(rig, out)?.reason, 'agent_result_unreadable', out);
    });
  },
);

e2e('a turn that failed stays failed, whatever is printed after it', async (t, rig) => {
  const failed = '{"type":"turn.failed","error":{"message":"the rate limit"}}\n';
  const text = CODEX.replace(/^(?=.*"turn\.completed")/m, failed);
  const run = await rig.run(['out', ...ALL_PASS, ...agentFlags(rig, 'codex', text)]);
  t.equal(run.code, 1, run.said);
  t.match(failureOf(rig, 'out')?.message, 'says that it failed: the rate limit');
});

e2e('an agent that fails by itself is told as that, and not as a matter of its budget', async (t, rig) => {
  const limits = ['--executor-max-cost-usd', '1', '--execution-max-iterations', '3'];
  const login = agentFlags(rig, 'claude-code', 'Invalid API key · Please run /login\n', 1);
  const run = await rig.run(['out', ...ALL_PASS, ...login, ...limits]);
  t.equal(run.code, 1, run.said);
  const failure = failureOf(rig, 'out');
  t.equal(failure?.reason, 'stage_failed');
  t.match(failure?.message, /exited with code 1; not tried again: .*--executor-max-cost-usd.*BUDGET_UNKNOWN/);
  t.match(failure?.remedy, /^read its log, mend the cause/);
  t.equal(rig.ledger().filter((line) => line.startsWith('start')).length, 1);
});

e2e('a limit that an agent never reports on is told before the work is paid for', async (t, rig) => {
  const flags = [
    ...agentFlags(rig, 'codex', CODEX),
    '--executor-max-cost-usd',
    '1',
    '--executor-max-turns',
    '2',
  ];
  const run = await rig.run(['out', ...ALL_PASS, ...flags]);
  const [notice] = run.said.split('\n').filter((line) => line.includes('notice: codex never says how much'));
  t.match(
    notice,
    '--executor-max-cost-usd and --executor-max-turns: its stage can only end as BUDGET_UNKNOWN',
  );
  t.equal(failureOf(rig, 'out')?.reason, 'budget_unknown');
  const doctor = await rig.run(['doctor', './fresh', ...flags, '--json'], { env: { OPENAI_API_KEY: 'x' } });
  t.equal(doctor.code, 1);
  const found = JSON.parse(doctor.stdout).findings.find((one: { check: string }) => one.check === 'agent');
  t.match(found, { severity: 'problem', subject: 'executor', fix: /leave --executor-max-cost-usd out/ });
});

e2e('a limit that nobody can hold is taken back on a resume', async (t, rig) => {
  const flags = [...agentFlags(rig, 'codex', CODEX), '--executor-max-cost-usd', '1'];
  t.equal((await rig.run(['./out', ...ALL_PASS, ...flags])).code, 1);
  t.equal((await rig.run(['./out', '--resume'])).code, 1, 'the limit is that of the run');
  const refused = await rig.run(['./out', '--resume', '--executor-max-cost-usd', 'nothing']);
  t.match(refused, { code: 2, stderr: /--executor-max-cost-usd: expected/ });
  const resumed = await rig.run(['./out', '--resume', '--executor-max-cost-usd', 'none']);
  t.equal(resumed.code, 0, resumed.said);
  t.match(resumed.said, /changed: executor: .*cost/);
});

e2e('doctor tells of an agent that has no key, or no network', async (t, rig) => {
  const agentFinding = async (...flags: readonly string[]) => {
    const run = await rig.run(
      ['doctor', './fresh', ...agentFlags(rig, 'codex', CODEX), '--json', ...flags],
      flags.length === 0 ? {} : { env: { OPENAI_API_KEY: 'sk-somebody' } },
    );
    return JSON.parse(run.stdout).findings.find((one: { check: string }) => one.check === 'agent');
  };
  t.match(await agentFinding(), { severity: 'warning', seen: /none of OPENAI_API_KEY, CODEX_API_KEY/ });
  const cut = await agentFinding('--executor-sandbox', 'auto');
  t.match(cut, { severity: 'warning', fix: '--executor-sandbox-network on' });
  t.match(await agentFinding('--executor-sandbox', 'off'), { severity: 'ok' });
});

e2e('the exit code of an agent is no review: its report has to be asked for', async (t, rig) => {
  const reviewer = ['--reviewer-agent', 'codex', '--reviewer-prompt', 'review it'];
  const run = await rig.run(['out', ...ALL_PASS, '--executor-bin', '/bin/true', ...reviewer]);
  t.equal(run.code, 2, run.said);
  t.match(
    run.stderr,
    '--reviewer-agent: expected --reviewer-expected-artifact REPORT.json as well, got none',
  );
  t.equal((await rig.run(['./out2', '--executor-bin', '/bin/true'])).code, 3);
  const resumed = await rig.run(['./out2', '--resume', ...reviewer]);
  t.equal(resumed.code, 2, resumed.said);
});

e2e(
  'another agent on a resume is not started with the model and arguments of the one before',
  async (t, rig) => {
    const first = [...agentFlags(rig, 'claude-code', 'x', 1), '--executor-model', 'opus'];
    await rig.run([
      'out',
      ...ALL_PASS,
      ...first,
      '--executor-arg',
      '--permission-mode',
      '--executor-arg',
      'plan',
    ]);
    const run = await rig.run(['./out', '--resume', ...ALL_PASS, ...agentFlags(rig, 'codex', CODEX)]);
    t.equal(run.code, 0, run.said);
    const last = rig.report().stage_executions.findLast((one) => one.step === 'executor');
    t.strictSame(last?.args, ['exec', '--json', '--skip-git-repo-check', '--', 'fix it']);
  },
);

e2e(
  'the command after a passed limit names that limit, and typed as it is spends nothing',
  async (t, rig) => {
    const flags = [...agentFlags(rig, 'claude-code', CLAUDE), '--executor-max-cost-usd', '0.01'];
    const run = await rig.run(['./out', ...ALL_PASS, ...flags]);
    t.match(run.said, 'next: orchestrator ./out --resume --executor-max-cost-usd LARGER\n');
    const typed = await rig.run(['./out', '--resume', '--executor-max-cost-usd', 'LARGER']);
    t.equal(typed.code, 2);
    const slow = rig.agent('slow', `sleep ${rig.nap}`);
    const late = await rig.run([
      './late',
      ...ALL_PASS,
      '--executor-bin',
      slow,
      '--executor-timeout-ms',
      '300',
    ]);
    t.match(late.said, 'next: orchestrator ./late --resume --executor-timeout-ms LARGER\n');
  },
);
