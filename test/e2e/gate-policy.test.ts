import { e2e, type Rig } from './rig.ts';

const OTHERS = ['--ci-status', 'success', '--review-status', 'approved'];
const ALLOW = '@id("all") permit (principal, action, resource);\n';

function detailsOf(rig: Rig, gate: string, outDir?: string): string {
  const decision = rig.report(outDir).gate_decisions.find((one) => one.gate === gate);
  return (decision?.details ?? []).join(' ');
}

e2e('a Cedar policy of the base commit decides, and forbid wins', async (t, rig) => {
  rig.gitRepo({
    'a.txt': 'a\n',
    'policy/main.cedar': `${ALLOW}forbid (principal, action == Orchestrator::Action::"change", resource) when { resource.path like "secret/*" };\n`,
  });
  const good = rig.agent('good', 'echo b >> a.txt');
  const bad = rig.agent('bad', 'mkdir -p secret && echo b > secret/x');
  const run = await rig.run(['./good', '--executor-bin', good, '--policy-from', 'cedar:policy', ...OTHERS]);
  t.equal(run.code, 0, `${run.said} ${detailsOf(rig, 'policy', `${rig.work}/good`)}`);
  const blocked = await rig.run(['./bad', '--executor-bin', bad, '--policy-from', 'cedar:policy', ...OTHERS]);
  t.equal(blocked.code, 3, blocked.said);
  t.match(detailsOf(rig, 'policy', `${rig.work}/bad`), /policy_denied/);
  const told = await rig.run(['explain', './bad']);
  t.match(told.stdout, /secret\/x/, 'explain names the path');
});

e2e('a policy that a stage rewrites in the work tree is not the one that decides', async (t, rig) => {
  rig.gitRepo({
    'a.txt': 'a\n',
    'policy/main.cedar':
      'forbid (principal, action == Orchestrator::Action::"close", resource);\npermit (principal, action == Orchestrator::Action::"admit", resource);\n',
  });
  const agent = rig.agent(
    'rewrites',
    `echo '${ALLOW}' > policy/main.cedar && git add -A && git -c user.name=x -c user.email=x@x commit -qm x`,
  );
  const run = await rig.run(['./out', '--executor-bin', agent, '--policy-from', 'cedar:policy', ...OTHERS]);
  t.equal(run.code, 3, run.said);
  t.match(detailsOf(rig, 'policy'), /policy_denied/);
});

e2e('a policy that does not admit keeps the executor from starting', async (t, rig) => {
  rig.gitRepo({
    'a.txt': 'a\n',
    'policy/main.cedar': 'permit (principal, action == Orchestrator::Action::"close", resource);\n',
  });
  const run = await rig.run([
    './out',
    '--executor-bin',
    rig.agent('never'),
    '--policy-from',
    'cedar:policy',
    ...OTHERS,
  ]);
  t.equal(run.code, 3, run.said);
  t.strictSame(rig.ledger(), []);
  const missing = await rig.run([
    './missing',
    '--executor-bin',
    rig.agent('neither'),
    '--policy-from',
    'cedar:nowhere',
    ...OTHERS,
  ]);
  t.equal(missing.code, 3);
  t.match(detailsOf(rig, 'policy', `${rig.work}/missing`), /policy_missing/);
});

e2e('the scope guard blocks what it does not allow, by code, path and rule', async (t, rig) => {
  rig.gitRepo({ 'src/a.ts': 'a\n', 'src/b.ts': 'b\n', '.github/workflows/ci.yml': 'on: push\n' });
  const rows: readonly (readonly [
    name: string,
    script: string,
    flags: readonly string[],
    code: RegExp | null,
  ])[] = [
    ['inside', 'echo x >> src/a.ts', ['--scope-allow', 'src/**'], null],
    ['outside', 'echo x > other', ['--scope-allow', 'src/**'], /path_not_allowed: other/],
    [
      'workflow',
      'echo x >> .github/workflows/ci.yml',
      ['--scope'],
      /path_protected: \.github\/workflows\/ci\.yml/,
    ],
    ['workflow that may', 'echo x >> .github/workflows/ci.yml', ['--scope-unprotect', '.github/**'], null],
    ['env file', 'echo x > .env.local', ['--scope'], /path_protected: \.env\.local/],
    ['deleted', 'rm src/b.ts', ['--scope-max-deleted-files', '0'], /too_many_deleted_files/],
    ['lines', 'seq 100 >> src/a.ts', ['--scope-max-lines', '50'], /too_many_lines/],
    [
      'hidden by a rule of its own',
      'mkdir d && echo "*" > d/.gitignore && echo x > d/x',
      ['--scope'],
      /path_hidden: d\//,
    ],
    ['link', 'ln -s /etc/passwd src/link', ['--scope'], /symlink_escapes: src\/link/],
    ['no scope, link into .git', 'ln -s ../.git/config src/link', [], /path_in_git_dir/],
  ];
  for (const [index, [name, script, flags, code]] of rows.entries()) {
    rig.git('reset', '-q', '--hard');
    rig.git('clean', '-fdxq', '-e', 'out*');
    const executor = rig.agent(`agent${index}`, script);
    const out = `./out${index}`;
    const run = await rig.run([
      out,
      '--executor-bin',
      executor,
      '--policy-status',
      'allow',
      ...OTHERS,
      ...flags,
    ]);
    t.equal(run.code, code === null ? 0 : 3, `${name}: ${run.said}`);
    if (code !== null) t.match(detailsOf(rig, 'policy', `${rig.work}/out${index}`), code, name);
  }
});

e2e(
  'a plan that declares more than the scope allows is not admitted, and one that declares less binds',
  async (t, rig) => {
    rig.gitRepo({ 'src/a.ts': 'a\n' });
    const plan = (changes: string) =>
      rig.agent(
        `plan${changes.length}`,
        `mkdir -p "$ORCHESTRATOR_OUT_DIR/plan" && printf '%s' '{"changes": ${changes}}' > "$ORCHESTRATOR_OUT_DIR/plan/p.json"`,
      );
    const executor = rig.agent('executor', 'echo x > src/new.ts');
    const args = (out: string, changes: string) => [
      ...[`./${out}`, '--manager-bin', plan(changes), '--manager-expected-artifact', `./${out}/plan/p.json`],
      ...['--executor-bin', executor, '--policy-status', 'allow', ...OTHERS, '--scope-allow', 'src/**'],
    ];
    const refused = await rig.run(args('refused', '[{"path": "lib/x.ts"}]'));
    t.equal(refused.code, 3, refused.said);
    t.notMatch(rig.ledger().join('\n'), /execution/, 'the executor was not started');
    const narrow = await rig.run(args('narrow', '[{"path": "src/a.ts"}]'));
    t.equal(narrow.code, 3, narrow.said);
    t.match(detailsOf(rig, 'policy', `${rig.work}/narrow`), /path_not_planned: src\/new\.ts/);
    rig.git('clean', '-fdxq', '-e', 'narrow', '-e', 'refused');
    const fits = await rig.run(args('fits', '[{"path": "src/new.ts", "kind": "added"}]'));
    t.equal(fits.code, 0, fits.said);
  },
);

e2e('opa is asked with a policy of the base commit, and its exit code opens nothing', async (t, rig) => {
  rig.gitRepo({ 'a.txt': 'a\n', 'rego/gate.rego': 'package orchestrator\n' });
  const opa = (name: string, value: string) =>
    rig.nodeAgent(
      name,
      `if (process.argv[2] === 'capabilities') process.stdout.write('{"builtins": [{"name": "count", "decl": {"type": "function", "args": [], "result": {"type": "number"}}}], "features": []}');
       else process.stdout.write(JSON.stringify(${value}));`,
    );
  const decision = '{ allow: true, deny: [], policy_version: "1", rules_evaluated: 2 }';
  const rows: readonly (readonly [name: string, value: string, code: number])[] = [
    [
      'allows',
      `{ result: [{ expressions: [{ value: ${decision}, text: 'x', location: {row: 1, col: 1} }] }] }`,
      0,
    ],
    ['is undefined', '{}', 3],
    [
      'is false',
      "{ result: [{ expressions: [{ value: false, text: 'x', location: {row: 1, col: 1} }] }] }",
      3,
    ],
  ];
  for (const [index, [name, value, code]] of rows.entries()) {
    const run = await rig.run([
      `./opa${index}`,
      '--executor-bin',
      '/bin/true',
      '--policy-from',
      'opa:rego',
      '--opa-bin',
      opa(`opa${index}`, value),
      ...OTHERS,
    ]);
    t.equal(run.code, code, `${name}: ${run.said} ${detailsOf(rig, 'policy', `${rig.work}/opa${index}`)}`);
  }
});

e2e(
  'a base that a stage moves is not looked up again, with the same flags on a resume either',
  async (t, rig) => {
    rig.gitRepo({ 'a.txt': 'a\n' });
    rig.git('branch', 'trunk');
    const agent = rig.agent(
      'moves',
      'echo SECRET > .env && git add -A && git -c user.name=x -c user.email=x@x commit -qm x && git branch -qf trunk HEAD',
    );
    const args = [
      './out',
      '--executor-bin',
      agent,
      '--policy-status',
      'allow',
      ...OTHERS,
      '--scope',
      '--base',
      'trunk',
    ];
    for (const more of [[], ['--resume']]) {
      const run = await rig.run([...args, ...more]);
      t.equal(run.code, 3, run.said);
      t.match(detailsOf(rig, 'policy'), /path_protected: \.env/);
    }
  },
);

e2e('a base that names no commit is refused before anything runs', async (t, rig) => {
  rig.gitRepo({ 'a.txt': 'a\n' });
  for (const base of ['nowhere', '--all', 'HEAD:a.txt', 'f'.repeat(40)]) {
    const run = await rig.run(['./out', '--executor-bin', rig.agent('never'), `--base=${base}`]);
    t.equal(run.code, 2, `${base}: ${run.said}`);
    t.match(run.stderr, /--base: expected a commit or branch/, base);
  }
  t.strictSame(rig.ledger(), []);
});

e2e('a config file that a stage has changed does not say how gates are decided', async (t, rig) => {
  const config = (text: string) => `executor: { bin: ./agent }\n${text}`;
  rig.gitRepo({ 'a.txt': 'a\n', 'o.yaml': config('scope: { allow: [src/**] }\n') });
  rig.write(
    'agent',
    `#!/bin/sh\nprintf '${config('scope: { enabled: false }').replaceAll('\n', '\\n')}' > o.yaml\necho x > b.txt\n`,
    0o755,
  );
  rig.git('add', 'agent');
  rig.git('commit', '-qm', 'agent');
  const args = ['../ev', '--config', 'o.yaml', '--policy-status', 'allow', ...OTHERS];
  const first = await rig.run(args);
  t.equal(first.code, 3, first.said);
  const resumed = await rig.run(['../ev', '--resume', '--config', 'o.yaml', '--policy-status', 'allow']);
  t.equal(resumed.code, 2, resumed.said);
  t.match(resumed.stderr, /--config .*is not the file that this run began with/);
  const fresh = await rig.run(['../ev2', ...args.slice(1)]);
  t.equal(fresh.code, 2, fresh.said);
  t.match(fresh.stderr, /--config .*says gates or scope otherwise than the base commit/);
  t.equal((await rig.run(['../ev', '--resume'])).code, 3, 'without it the checkpoint knows what it said');
});

e2e('a scope without git is refused, and no resume takes another base', async (t, rig) => {
  const plain = await rig.run([
    './out',
    '--executor-bin',
    rig.agent('never'),
    '--scope',
    '--policy-status',
    'allow',
    ...OTHERS,
  ]);
  t.equal(plain.code, 2, plain.said);
  t.match(plain.stderr, /--scope: expected a git work tree/);
  t.strictSame(rig.ledger(), []);
  rig.gitRepo({ 'a.txt': 'a\n' });
  const agent = rig.agent(
    'commits',
    'echo S > .env && git add -A && git -c user.name=x -c user.email=x@x commit -qm x',
  );
  const args = ['../ev', '--executor-bin', agent, '--scope', '--policy-status', 'allow', ...OTHERS];
  t.equal((await rig.run(args)).code, 3);
  const based = await rig.run(['../ev', '--resume', '--base', 'HEAD']);
  t.equal(based.code, 2, based.said);
  t.match(based.stderr, /--base: expected the base that the run began with/);
});

e2e('a scope that is switched off beside its own rules is refused', async (t, rig) => {
  rig.gitRepo({ 'a.txt': 'a\n' });
  rig.write('o.yaml', 'executor: { bin: /bin/true }\nscope: { enabled: false, allow: [src/**] }\n');
  const run = await rig.run(['./out', '--config', 'o.yaml']);
  t.equal(run.code, 2, run.said);
  t.match(run.stderr, /scope.enabled: expected true, or no other rules of a scope/);
});
