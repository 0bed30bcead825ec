import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { AGENT_NAMES, type AgentName } from '../../src/core/agents/agent-profile.ts';
import { OUTPUTS } from '../core/agents/outputs.ts';
import { startModelServer } from '../e2e/agents/model-server.ts';
import { REAL, type RealAgent, realAgentFlags, unlessFetched } from '../e2e/agents/real-agents.ts';
import { ALL_PASS, e2e, type Rig } from '../e2e/rig.ts';
import { outcomeOf, ROOT, runAs, shellBlocks, withExecutable } from './example.ts';

const EXAMPLE = join(ROOT, 'examples/agents');
const configOf = (agent: AgentName): string => join(EXAMPLE, agent, 'orchestrator.yaml');
const FILES = [join(EXAMPLE, 'orchestrator.yaml'), ...AGENT_NAMES.map(configOf)];
/** What a dry run must show of the command line: that nobody is asked, and the limits that the agent is told. */
const PLANNED: Readonly<Record<AgentName, readonly string[]>> = {
  'claude-code': ['"-p"', '"--output-format" "json"', '"--max-budget-usd" "2.5" "--max-turns" "40"'],
  codex: ['"exec" "--json"', '"--sandbox" "workspace-write"'],
  opencode: ['"run" "--format" "json"'],
  gemini: ['"--output-format" "json"', '"--approval-mode" "auto_edit"'],
  aider: ['"--message"', '"--yes-always"', '"service.conf"'],
};

/** The example's project as the repository of a rig. */
function project(rig: Rig): void {
  const read = (name: string) => readFileSync(join(EXAMPLE, 'project', name), 'utf8');
  rig.gitRepo({ Makefile: read('Makefile'), 'service.conf': read('service.conf') });
}

t.test('there is a config file for each agent that has a profile, and the README names it', async (t) => {
  const text = readFileSync(join(EXAMPLE, 'README.md'), 'utf8');
  for (const agent of AGENT_NAMES) {
    t.ok(existsSync(configOf(agent)), agent);
    t.match(text, `(${agent}/orchestrator.yaml)`);
    t.match(readFileSync(configOf(agent), 'utf8'), `agent: ${agent}\n`);
  }
});

withExecutable('every config file of the agents is valid', (t, base) => {
  for (const file of FILES) {
    const ended = runAs(base, base, ['orchestrator', 'config', 'validate', file]);
    t.equal(ended.code, 0, `${file}: ${ended.stderr}`);
  }
});

e2e('a dry run shows how each agent would be started, and starts nothing', async (t, rig) => {
  project(rig);
  for (const agent of AGENT_NAMES) {
    const run = await rig.run(['./out', '--config', configOf(agent), '--dry-run']);
    t.equal(run.code, 0, run.said);
    for (const words of PLANNED[agent]) t.match(run.stdout, words, agent);
    t.notOk(rig.exists('out'), agent);
  }
});

withExecutable('run.sh lets each agent mend the test, and says that it is a stand-in', (t, base) => {
  for (const agent of AGENT_NAMES) {
    const folder = join(base, agent);
    const ended = runAs(base, base, [join(EXAMPLE, 'run.sh'), agent, folder]);
    const outcome = outcomeOf(ended.code, join(folder, 'out'));
    t.match(outcome, { exit_code: 0, terminal_state: 'done' }, ended.stderr);
    t.strictSame(outcome.stage_executions.slice(1), [
      'execution executor 1 success',
      'validation command-1 1 success',
    ]);
    t.match(ended.stdout, `A STAND-IN for ${agent}, no model`);
    t.match(ended.stdout, /executor +1 +\S+ +900 +60 /, 'its use is in the report');
    t.match(ended.stdout, '+retries=3');
    t.match(readFileSync(join(folder, 'out/logs/execution.1.stderr.log'), 'utf8'), /no model was asked/);
  }
});

withExecutable('run.sh refuses an agent that it does not know and a folder that exists', (t, base) => {
  const run = join(EXAMPLE, 'run.sh');
  t.match(runAs(base, base, [run, 'another']), { code: 2, stderr: /usage/ });
  t.match(runAs(base, base, [run, 'codex', base]), { code: 2, stderr: /exists already/ });
});

withExecutable('with INSTALLED=1 run.sh starts what is on PATH, and calls nothing a stand-in', (t, base) => {
  const bin = join(base, 'bin');
  mkdirSync(bin);
  const program = `#!/bin/sh\nsed -i.bak s/=0/=3/ service.conf; rm service.conf.bak\ncat ${join(base, 'said')}\n`;
  writeFileSync(join(bin, 'codex'), program, { mode: 0o755 });
  writeFileSync(join(base, 'said'), OUTPUTS.codex.success);
  const script = `INSTALLED=1 PATH="${bin}:$PATH" exec '${join(EXAMPLE, 'run.sh')}' codex '${join(base, 'made')}'`;
  const ended = runAs(base, base, ['sh', '-c', script]);
  t.equal(ended.code, 0, ended.stdout + ended.stderr);
  t.notMatch(ended.stdout, /stand-in/i);
  t.match(ended.stdout, /executor +1 +.* 150 +40 /);
});

e2e('under the config of each agent an answer that says no success fails', async (t, rig) => {
  project(rig);
  for (const agent of AGENT_NAMES) {
    const said = rig.write(`${rig.base}/said-${agent}`, OUTPUTS[agent].error);
    const flags = ['--config', configOf(agent), '--executor-bin', rig.agent(agent, `cat '${said}'`)];
    const run = await rig.run([agent, ...flags, ...ALL_PASS]);
    t.equal(run.code, 1, run.said);
    t.equal(rig.report(join(rig.work, agent)).failure?.reason, 'stage_failed', agent);
  }
});

withExecutable('the commands that the README types are accepted', (t, base) => {
  const commands = (shellBlocks('agents')[1] ?? '').split('\n').filter((line) => line !== '');
  const folder = join(base, 'made');
  runAs(base, base, [join(EXAMPLE, 'run.sh'), 'codex', folder]);
  const setUp = `rm -rf out; git checkout -q .; cp '${configOf('codex')}' .; PATH='${EXAMPLE}/stand-ins:'$PATH`;
  const codes = commands.map((command) => `${command}\necho "code $?"`).join('\n');
  const ended = runAs(base, folder, ['sh', '-c', `${setUp}\n${codes}`]);
  const seen = [...ended.stdout.matchAll(/^code (\d+)$/gm)].map(([, code]) => Number(code));
  t.strictSame(seen, [0, 0, 0, 3, 0, 0], ended.stdout + ended.stderr);
});

for (const agent of ['codex', 'opencode'] as const satisfies readonly RealAgent[]) {
  e2e(
    `the real ${agent} runs from its config file`,
    async (t, rig) => {
      project(rig);
      const bin = join(rig.base, 'bin');
      mkdirSync(bin);
      symlinkSync(REAL[agent], join(bin, agent));
      const server = await startModelServer('success', "printf 'retries=3\\n' > service.conf");
      t.teardown(() => server.close());
      const prompt = ['--executor-bin', join(bin, agent)];
      const flags = realAgentFlags(rig, agent, server.url).slice(6);
      const given = ['--config', configOf(agent), ...prompt, ...flags, ...ALL_PASS];
      const run = await rig.run(['./out', ...given], { limitMs: 100_000 });
      t.equal(run.code, 0, run.said);
      const record = rig.report().stage_executions.find((one) => one.step === 'executor');
      t.match(record?.usage, { input_tokens: 200, output_tokens: 40 });
      t.match(record?.args.at(-1), 'Make "make test" pass.');
    },
    unlessFetched(agent),
  );
}
