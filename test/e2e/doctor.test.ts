import { chmodSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type Doctor, doctorOf, finding } from './doctor.ts';
import { e2e, PATH } from './rig.ts';
import { pathWith, REFUSING } from './sandboxed.ts';

const IS_ROOT = process.getuid?.() === 0;
const AS_NOBODY = IS_ROOT ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : [];
const UTF8 = { LC_ALL: 'C.UTF-8' };

e2e('a machine that is in order is exit 0, and nothing is written', async (t, rig) => {
  rig.gitRepo();
  const before = readdirSync(rig.work, { recursive: true });
  const run = await rig.run(['doctor', '--executor-bin', rig.agent('agent')], { env: UTF8 });
  t.equal(run.code, 0, run.said);
  t.notMatch(run.stdout, /^problem/m);
  t.match(run.stdout, /0 problems/);
  t.strictSame(readdirSync(rig.work, { recursive: true }), before);
  t.strictSame(rig.ledger(), [], 'no binary of a stage is started unless it is asked for');
  const { findings } = await doctorOf(rig, [], { env: UTF8 });
  for (const check of ['git', 'reaper', 'processes', 'hard-links', 'clock', 'out-dir', 'disk'])
    t.match(finding({ findings }, check), { severity: 'ok', fix: null }, check);
});

e2e('without git a work tree is a problem, and another folder is not', async (t, rig) => {
  const folder = pathWith(rig, null);
  const bare = join(rig.base, 'no-git');
  mkdirSync(bare);
  for (const tool of readdirSync(folder))
    if (tool !== 'git') symlinkSync(`/usr/bin/${tool}`, join(bare, tool));
  const env = { PATH: bare };
  const outside = await doctorOf(rig, [], { env });
  t.equal(outside.code, 0);
  t.match(finding(outside, 'git'), { severity: 'warning' });
  rig.gitRepo();
  const inside = await doctorOf(rig, [], { env });
  t.equal(inside.code, 1);
  t.match(finding(inside, 'git'), { severity: 'problem', fix: /install git/ });
  const said = await rig.run(['doctor'], { env });
  t.match(said.stdout, /^problem git: .*\n {2}.*\n {2}fix: install git/m);
});

e2e(
  'an out_dir that cannot be written is a problem, and so is an artifact in such a folder',
  async (t, rig) => {
    const closed = join(rig.work, 'closed');
    mkdirSync(closed);
    chmodSync(closed, 0o555);
    for (const folder of [rig.base, rig.work]) chmodSync(folder, 0o755);
    const through = AS_NOBODY;
    const there = await doctorOf(rig, ['./closed/out'], { through });
    t.equal(there.code, 1);
    t.match(finding(there, 'out-dir'), { severity: 'problem', seen: /permission denied/ });
    const flags = ['--executor-bin', '/bin/true', '--executor-expected-artifact', './closed/a.json'];
    const artifact = await doctorOf(rig, ['/tmp', ...flags, '--stage', 'executor'], { through });
    const writes = artifact.findings.filter((one) => one.check === 'stage-write');
    t.match(
      writes.find((one) => one.seen.includes(closed)),
      { severity: 'problem', means: /a\.json/ },
    );
  },
);

e2e(
  'a disk that is nearly full is a problem',
  async (t, rig) => {
    mkdirSync(rig.out);
    const script = `mount -t tmpfs -o size=1m,nr_inodes=20 none '${rig.out}' && exec "$@"`;
    const full = await doctorOf(rig, [], { through: ['unshare', '--mount', 'sh', '-c', script, 'sh'] });
    t.equal(full.code, 1);
    t.match(finding(full, 'disk'), { severity: 'problem' });
    t.match(finding(full, 'inodes'), { severity: 'problem' });
    const mount = `mount -t tmpfs -o ro none '${rig.out}' && exec "$@"`;
    const closed = await doctorOf(rig, [], { through: ['unshare', '--mount', 'sh', '-c', mount, 'sh'] });
    t.match(finding(closed, 'out-dir'), { severity: 'problem', seen: /read-only/ });
  },
  { skip: IS_ROOT ? false : 'needs root to mount' },
);

e2e(
  'processes that /proc hides are a warning',
  async (t, rig) => {
    const script = 'mount -o remount,hidepid=2 /proc && exec "$@"';
    const through = ['unshare', '--mount', '--pid', '--fork', '--mount-proc', 'sh', '-c', script, 'sh'];
    const hidden = await doctorOf(rig, [], { through });
    t.match(finding(hidden, 'processes'), { severity: 'warning', seen: /hidepid=/ });
    const container = await doctorOf(rig, [], { through: through.slice(0, 5) });
    t.match(finding(container, 'processes'), { severity: 'ok', seen: /container/ });
  },
  { skip: IS_ROOT ? false : 'needs root to mount' },
);

e2e('LANG=C is a warning, and UTF-8 is not', async (t, rig) => {
  const plain = await doctorOf(rig, [], { env: { LANG: 'C' } });
  t.equal(plain.code, 0);
  t.match(finding(plain, 'locale'), { severity: 'warning', fix: /C\.UTF-8/ });
  t.match(finding(await doctorOf(rig, [], { env: UTF8 }), 'locale'), { severity: 'ok' });
});

e2e('a sandbox that cannot be had matters as much as it is asked for', async (t, rig) => {
  const flags = ['--executor-bin', '/bin/true', '--sandbox'];
  for (const path of [pathWith(rig, null), pathWith(rig, REFUSING)]) {
    const seen = async (mode: string): Promise<Doctor> =>
      doctorOf(rig, [...flags, mode], { env: { PATH: path } });
    const required = await seen('required');
    t.equal(required.code, 1);
    t.match(finding(required, 'sandbox'), { severity: 'problem', fix: /bubblewrap 0\.8/ });
    const auto = await seen('auto');
    t.equal(auto.code, 0);
    t.match(finding(auto, 'sandbox'), { severity: 'warning' });
  }
});

e2e('what the configuration names and is not there is found, without starting it', async (t, rig) => {
  rig.gitRepo();
  const secret = 'correct-horse-battery';
  const key = rig.write(join(rig.base, 'keys/state.key'), `${'0123456789abcdef'.repeat(4)}\n`, 0o644);
  const flags = [
    ...['--executor-bin', `./${secret}`, '--executor-env', `API_TOKEN=${secret}`],
    ...[
      '--policy-from',
      'cedar:policy',
      '--review-from',
      'gitlab:acme/shop',
      '--ci-from',
      'github:acme/shop',
    ],
    ...['--state-key-file', key, '--pass-env', 'NOT_SET_HERE'],
  ];
  const env = { PATH, GITHUB_TOKEN: 'ghp_0123456789abcdefghij' };
  const seen = await doctorOf(rig, flags, { env });
  t.equal(seen.code, 1);
  t.match(finding(seen, 'executable'), { severity: 'problem', subject: 'executor' });
  t.match(finding(seen, 'key'), { severity: 'problem', fix: /chmod 600/ });
  t.match(finding(seen, 'policy'), { severity: 'problem', subject: 'cedar:policy' });
  t.match(finding(seen, 'token', 'GITLAB_TOKEN'), { severity: 'problem' });
  t.match(finding(seen, 'token', 'GITHUB_TOKEN'), { severity: 'ok' });
  t.match(finding(seen, 'stage-environment'), { severity: 'warning', seen: /NOT_SET_HERE/ });
  t.notMatch(seen.said, secret, 'a secret in a path is masked');
  t.notMatch(seen.said, /ghp_/);
  rig.write('policy/a.cedar', 'permit (principal, action, resource);\n');
  rig.git('add', '-A');
  rig.git('commit', '-qm', 'policy');
  chmodSync(key, 0o600);
  const again = await doctorOf(rig, flags, { env });
  t.match(finding(again, 'policy'), { severity: 'ok', seen: '1 files' });
  t.match(finding(again, 'key'), { severity: 'ok' });
});

e2e('a configuration that is wrong is exit 2 and one line', async (t, rig) => {
  rig.write('bad.yaml', 'executor:\n  binn: x\n');
  const lines: readonly (readonly string[])[] = [
    ['--config', 'bad.yaml'],
    ['--stage', 'executor'],
    ['--stage', 'planner', '--executor-bin', 'x'],
    ['--probe-arg', '--help'],
    ['--executor-arg', 'x', '--stage', 'executor'],
    ['--dry-run'],
  ];
  for (const line of lines) {
    const run = await rig.run(['doctor', ...line]);
    t.equal(run.code, 2, `${line.join(' ')}: ${run.said}`);
    t.match(run.stderr, /^orchestrator: [^\n]+\n$/);
    t.equal(run.stdout, '');
  }
});

e2e('what the agent of a stage needs of the environment is seen as the stage will see it', async (t, rig) => {
  const seen = `${rig.base}/seen`;
  const agent = rig.agent('agent', `env > '${seen}'`);
  const flags = ['--executor-agent', 'claude-code', '--executor-bin', agent, '--executor-prompt', 'x'];
  const env = { ...UTF8, ANTHROPIC_API_KEY: 'sk-of-an-agent-4711', OPENAI_API_KEY: 'sk-of-another-4711' };
  const looked = await doctorOf(rig, [...flags, '--stage', 'executor'], { env });
  t.match(finding(looked, 'stage-environment')?.seen, /\bANTHROPIC_API_KEY\b/);
  t.notMatch(finding(looked, 'stage-environment')?.seen, /OPENAI_API_KEY/);
  t.match(rig.read(seen), 'ANTHROPIC_API_KEY=sk-of-an-agent-4711');
  const inherited = finding(await doctorOf(rig, [...flags, '--inherit-env'], { env }), 'stage-environment');
  t.match(inherited, { severity: 'warning', seen: /OPENAI_API_KEY/ });
  t.notMatch(inherited?.seen, /ANTHROPIC_API_KEY/);
});
