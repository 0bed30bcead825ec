import { e2e } from './rig.ts';

const OTHERS = ['--ci-status', 'success', '--review-status', 'approved'];
const FORBID = `permit (principal, action, resource);
forbid (principal, action == Orchestrator::Action::"close", resource);
`;

e2e('the starter policy of config init decides as soon as it is committed', async (t, rig) => {
  rig.gitRepo({ 'src/a.txt': 'a\n', '.gitignore': 'runs/\n' });
  const init = await rig.run(['config', 'init', '--policy']);
  t.equal(init.code, 0, init.said);
  rig.write('../gates.json', '{"gates":{"policy":{"from":["cedar:policy"]}}}');
  const run = (out: string, script: string) =>
    rig.run([
      `./runs/${out}`,
      '--config',
      '../gates.json',
      '--executor-bin',
      rig.agent(out, script),
      ...OTHERS,
    ]);
  const early = await run('early', 'true');
  t.equal(early.code, 3, early.said);
  t.match((await rig.run(['explain', './runs/early'])).stdout, 'policy_missing');
  rig.git('add', 'policy', 'orchestrator.yaml');
  rig.git('commit', '--quiet', '-m', 'policy');
  const small = await run('small', 'echo b >> src/a.txt');
  t.equal(small.code, 0, small.said);
  const bent = await run('bent', 'echo > policy/main.cedar');
  t.equal(bent.code, 3, bent.said);
  t.match((await rig.run(['explain', './runs/bent'])).stdout, /protected_path.*policy\/main\.cedar/);
});

e2e("a stage that writes another policy into git's objects does not get it to decide", async (t, rig) => {
  rig.gitRepo({ 'a.txt': 'a\n', 'policy/main.cedar': FORBID });
  const id = rig.git('rev-parse', 'HEAD:policy/main.cedar').trim();
  const agent = rig.agent(
    'forger',
    `echo 'permit (principal, action, resource);' > forged
     other=$(git hash-object -w forged)
     rm forged
     place() { echo ".git/objects/$(echo "$1" | cut -c1-2)/$(echo "$1" | cut -c3-)"; }
     rm -f "$(place ${id})"
     cp "$(place "$other")" "$(place ${id})"`,
  );
  const run = await rig.run(['./out', '--executor-bin', agent, '--policy-from', 'cedar:policy', ...OTHERS]);
  t.equal(rig.git('cat-file', 'blob', id), 'permit (principal, action, resource);\n', 'git itself reads it');
  t.equal(run.code, 3, run.said);
  t.match((await rig.run(['explain', './out'])).stdout, /policy_unreadable|tampered/);
});
