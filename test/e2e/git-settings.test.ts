import { readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ALL_PASS, e2e, inParallel, type Rig } from './rig.ts';

const CODE = 'GIT_SETTINGS_CHANGED';

/** What a stage can plant for the next who works in the repository, and the name it is told by. */
const PLANTED: readonly (readonly [script: string, name: string])[] = [
  ['echo evil > .git/hooks/post-commit; chmod +x .git/hooks/post-commit', 'added hooks/post-commit'],
  ['git config core.hooksPath evil', 'added config core.hookspath'],
  ['git config core.fsmonitor ./evil', 'added config core.fsmonitor'],
  ['git config filter.x.clean ./evil', 'added config filter.x.clean'],
  ['git config diff.x.textconv ./evil', 'added config diff.x.textconv'],
  ['git config diff.external ./evil', 'added config diff.external'],
  ['git config core.pager ./evil', 'added config core.pager'],
  ['git config gpg.program ./evil', 'added config gpg.program'],
  ['git config include.path ./evil', 'added config include.path'],
  ['git config alias.st "!evil"', 'changed config alias.st'],
  ['mkdir -p .git/info; echo "* filter=x" > .git/info/attributes', 'added info/attributes'],
  ['git config gc.recentObjectsHook ./evil', 'added config gc.recentobjectshook'],
  ['git config tar.tar.gz.command ./evil', 'changed config tar.tar.gz.command'],
  ['git config http.proxy http://127.0.0.1:9', 'added config http.proxy'],
  ['git config remote.origin.pushurl ../evil', 'added config remote.origin.pushurl'],
  [`printf '[remote "o"]\\n url = e"x"t::sh\\n' >> .git/config`, 'added config remote.o.url'],
  ['cp -r .git/hooks moved; rm -rf .git/hooks; ln -s ../moved .git/hooks', 'added hooks'],
  ['cp -r .git moved; echo ../moved > .git/commondir', 'added commondir'],
  [
    'mkdir -p .git/worktrees/w; git config -f .git/worktrees/w/config.worktree core.fsmonitor ./evil',
    'added worktrees/w/config.worktree core.fsmonitor',
  ],
  [
    'mkdir -p .git/modules/a/b; git config -f .git/modules/a/b/config core.fsmonitor ./evil',
    'added modules/a/b/config core.fsmonitor',
  ],
  ['printf "[alias\\nbroken" > .git/config', 'added config'],
  ['rm .git/config; mkfifo .git/config', 'added config'],
  ['cp -r .git moved; rm -rf .git; echo "gitdir: moved" > .git', 'changed .git'],
];

function repository(rig: Rig): void {
  rig.gitRepo();
  rig.git('config', 'alias.st', 'status');
  rig.write('.git/info/exclude', 'moved\n');
}

e2e('what a stage plants in the git folder blocks the run, by name', async (t, rig) => {
  await inParallel(PLANTED, async ([script, name], index) => {
    const cwd = join(rig.base, `repo${index}`);
    rig.git('init', '-q', cwd);
    rig.git('-C', cwd, 'config', 'alias.st', 'status');
    rig.git('-C', cwd, 'config', 'tar.tar.gz.command', 'gzip');
    rig.git('-C', cwd, 'commit', '-q', '--allow-empty', '-m', 'first');
    const agent = rig.agent(`planter${index}`, `${script}; exit 0`);
    const run = await rig.run(['./out', ...ALL_PASS, '--tree-ignore', 'moved', '--executor-bin', agent], {
      cwd,
    });
    t.equal(run.code, 3, `${name}: ${run.said}`);
    const report = JSON.parse(readFileSync(join(cwd, 'out/orchestrator_run_report.json'), 'utf8'));
    t.strictSame(report.blocked_reason_codes, [CODE], name);
    t.ok(report.git_changes.includes(name), `${name}: ${report.git_changes.join(', ')}`);
    t.equal(report.gate_decisions.length, 3, name);
  });
});

e2e(
  'a run whose git folder is put back as it was goes on, and an accepted change does not block',
  async (t, rig) => {
    repository(rig);
    const agent = rig.agent('planter', 'git config core.hooksPath .husky');
    const run = await rig.run(['./out', ...ALL_PASS, '--executor-bin', agent]);
    t.equal(run.code, 3, run.said);
    const explained = await rig.run(['explain', './out']);
    t.match(explained.stdout, /added config core.hookspath[\s\S]*--resume/);
    const other = await rig.run(['./out', '--resume', '--accept-git-change', 'config core.fsmonitor']);
    t.equal(other.code, 3, 'another name accepts nothing');
    const accepted = await rig.run(['./out', '--resume', '--accept-git-change', 'core.hooksPath']);
    t.equal(accepted.code, 0, accepted.said);
    t.match(accepted.said, 'accepted git changes: added config core.hookspath');
    t.match(
      rig.read('out/audit.jsonl'),
      '"kind":"git-settings-accepted","changes":["added config core.hookspath"]',
    );
    const again = await rig.run([
      './out2',
      ...ALL_PASS,
      '--executor-bin',
      rig.agent('other', 'git config --unset alias.st'),
    ]);
    t.equal(again.code, 3, again.said);
    t.strictSame(JSON.parse(rig.read('out2/orchestrator_run_report.json')).git_changes, [
      'removed config alias.st',
    ]);
    rig.git('config', 'alias.st', 'status');
    t.equal((await rig.run(['./out2', '--resume'])).code, 0, 'put back');
  },
);

e2e('what was planted before the orchestrator was killed is found by the resume', async (t, rig) => {
  repository(rig);
  const body = `[ -e '${rig.base}/go' ] || { git config core.fsmonitor ./evil; kill -9 $PPID; sleep ${rig.nap}; }`;
  const live = rig.start(['./out', ...ALL_PASS, '--executor-bin', rig.agent('killer', body)]);
  await live.exited;
  rig.write(`${rig.base}/go`, '');
  const resumed = await rig.run(['./out', '--resume']);
  t.equal(resumed.code, 3, resumed.said);
  t.strictSame(rig.report().blocked_reason_codes, [CODE]);
});

e2e('a stage may make a repository where none was, but not set in it what git runs', async (t, rig) => {
  const plain = await rig.run(['./out', ...ALL_PASS, '--executor-bin', rig.agent('maker', 'git init -q .')]);
  t.equal(plain.code, 0, plain.said);
  rmSync(join(rig.work, '.git'), { recursive: true });
  const agent = rig.agent('planter', 'git init -q .; git config core.fsmonitor ./evil');
  const planted = await rig.run(['./out', ...ALL_PASS, '--executor-bin', agent]);
  t.equal(planted.code, 3, planted.said);
  t.match(rig.report(), { git_changes: ['added config core.fsmonitor'] });
  t.equal((await rig.run(['./out', '--resume', '--accept-git-change', 'config core.fsmonitor'])).code, 0);
});

e2e('neither naming the same repo-root again nor moving out_dir forgets what was planted', async (t, rig) => {
  repository(rig);
  const agent = rig.agent('planter', 'git config core.fsmonitor ./evil; exit 0');
  t.equal((await rig.run(['./out', ...ALL_PASS, '--executor-bin', agent])).code, 3);
  const named = await rig.run(['./out', '--resume', '--repo-root', '.']);
  t.equal(named.code, 3, named.said);
  renameSync(rig.out, join(rig.work, 'moved'));
  const moved = await rig.run(['./moved', '--resume']);
  t.equal(moved.code, 3, moved.said);
  t.match(rig.read('moved/orchestrator_run_report.json'), CODE);
});

e2e(
  'what was there before the run, and what changes after it is done, is nobody else’s affair',
  async (t, rig) => {
    repository(rig);
    rig.git('config', 'filter.lfs.clean', 'cat');
    rig.write('.git/hooks/pre-commit', '#!/bin/sh\nexit 0\n', 0o755);
    const agent = rig.agent(
      'worker',
      'git config user.name A; git config branch.main.remote origin; echo b > b.txt',
    );
    const run = await rig.run(['./out', ...ALL_PASS, '--executor-bin', agent]);
    t.equal(run.code, 0, run.said);
    rig.git('config', 'core.hooksPath', 'later');
    t.equal((await rig.run(['./out', '--resume'])).code, 0);
    t.equal((await rig.run(['verify', './out'])).code, 0);
  },
);

e2e(
  "what a stage plants in a submodule blocks the run, also where it replaces the submodule's .git",
  async (t, rig) => {
    rig.gitRepo();
    rig.git('init', '-q', join(rig.base, 'library'));
    rig.git('-C', join(rig.base, 'library'), 'commit', '-q', '--allow-empty', '-m', 'first');
    rig.git(
      '-c',
      'protocol.file.allow=always',
      'submodule',
      '--quiet',
      'add',
      join(rig.base, 'library'),
      'sub',
    );
    rig.git('commit', '-qm', 'with a submodule');
    const calm = await rig.run([
      './calm',
      ...ALL_PASS,
      '--executor-bin',
      rig.agent('calm', 'echo b > b.txt'),
    ]);
    t.equal(calm.code, 0, calm.said);
    const replace =
      'cp -r .git/modules/sub s && rm sub/.git && mv s sub/.git && git -C sub config --unset core.worktree';
    const planted: readonly (readonly [string, string])[] = [
      ['git -C sub config core.fsmonitor ./evil', 'added modules/sub/config core.fsmonitor'],
      [`${replace}; git -C sub config core.fsmonitor ./evil`, 'changed sub/.git'],
    ];
    for (const [index, [script, name]] of planted.entries()) {
      const agent = rig.agent(`planter${index}`, script);
      const run = await rig.run([`./out${index}`, ...ALL_PASS, '--executor-bin', agent]);
      t.equal(run.code, 3, `${name}: ${run.said}`);
      const report = JSON.parse(rig.read(`out${index}/orchestrator_run_report.json`));
      t.strictSame(report.blocked_reason_codes, [CODE], name);
      t.ok(report.git_changes.includes(name), report.git_changes.join(', '));
      if (index === 0) rig.git('-C', 'sub', 'config', '--unset', 'core.fsmonitor');
    }
  },
);
