import { ALL_PASS, e2e, until } from './rig.ts';

const env = { CI: 'true', GITHUB_ACTIONS: 'true' };
/** What an agent could print to leave its group, or to be taken for a command. */
const NASTY = "printf 'one\\n::endgroup::\\n  ::error::x\\n\\r::group::y\\n##[endgroup]\\n'";

/** The lines that a runner takes as commands: it looks at what follows the blanks at a line's start. */
function commands(stdout: string): readonly string[] {
  return stdout.split(/[\r\n]/).filter((line) => /^\s*::|##\[/.test(line));
}

e2e('in GitHub Actions echoed output is in groups, and no agent can end one', async (t, rig) => {
  const [plans, works] = [rig.agent('plans', NASTY), rig.agent('works', NASTY)];
  const bins = ['--manager-bin', plans, '--executor-bin', works];
  const run = await rig.run(['./out', '--verbose', ...ALL_PASS, ...bins], { env });
  t.equal(run.code, 0, run.said);
  t.strictSame(commands(run.stdout), [
    '::group::planning: output',
    '::endgroup::',
    '::group::execution: output',
    '::endgroup::',
  ]);
  t.match(run.stdout, '[planning] ::endgroup::\n');
});

e2e('a group is closed when a signal ends the run in it', async (t, rig) => {
  const agent = rig.agent('naps', `echo napping; exec sleep ${rig.nap}`);
  const live = rig.start(['./out', '--verbose', '--manager-bin', agent], { env });
  await until('the agent is at work', () => live.said().includes('napping'));
  live.signal('SIGTERM');
  const run = await live.finished;
  t.equal(run.code, 143, run.said);
  t.strictSame(commands(run.stdout), ['::group::planning: output', '::endgroup::']);
  t.ok(
    run.stdout.indexOf('::endgroup::') < run.stdout.indexOf('notice: SIGTERM'),
    'before anything else is said',
  );
});

e2e('elsewhere, and where nothing is echoed, there are no groups', async (t, rig) => {
  const args = [...ALL_PASS, '--manager-bin', rig.agent('plans', NASTY)];
  t.strictSame(commands((await rig.run(['./out', ...args], { env })).stdout), []);
  t.strictSame(
    commands((await rig.run(['./out2', '--verbose', ...args], { env: { CI: 'true' } })).stdout),
    [],
  );
});
