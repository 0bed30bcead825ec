import { rmSync, symlinkSync } from 'node:fs';
import { ALL_PASS, e2e, type Rig, until } from './rig.ts';

const CHANGED = 'WORKTREE_CHANGED_SINCE_VALIDATION';
const REVIEW = 'echo \'{"passed":true}\' > "$ORCHESTRATOR_OUT_DIR/review.json"';

function withReviewer(rig: Rig, body: string): readonly string[] {
  return [
    '--reviewer-bin',
    rig.agent('reviewer', `${REVIEW}\n${body}`),
    '--reviewer-expected-artifact',
    'out/review.json',
  ];
}

e2e('a validation step that changes the work tree blocks, and the first paths are named', async (t, rig) => {
  const changes = [
    ['content', 'echo more >> a.txt', 'a.txt'],
    ['a new file', 'echo new > new.txt', 'new.txt'],
    ['a file away', 'rm a.txt', 'a.txt'],
    ['the mode', 'chmod +x a.txt', 'a.txt'],
    ['assume-unchanged', 'git update-index --assume-unchanged a.txt; echo more >> a.txt', 'a.txt'],
    ['info/exclude', 'echo hidden.txt >> .git/info/exclude; echo x > hidden.txt', 'hidden.txt'],
  ] as const;
  rig.gitRepo();
  for (const [name, change, path] of changes) {
    const run = await rig.run(['./out', ...ALL_PASS, '--validation-bin', rig.agent('check', change)]);
    t.equal(run.code, 3, `${name}: ${run.said}`);
    t.ok(rig.report().blocked_reason_codes.includes(CHANGED), name);
    t.equal(rig.report().gate_decisions.length, 3, name);
    t.ok(run.said.includes(path), `${name}: ${run.said}`);
    t.match(run.said, /--rerun-from validation/, name);
    rig.git('update-index', '--no-assume-unchanged', 'a.txt');
    rig.write('.git/info/exclude', '');
    rig.git('checkout', '-q', '.');
    rig.git('clean', '-qfd', '-e', 'out');
  }
});

e2e(
  'a reviewer that mends what it reviews blocks; judged again, the mended tree can close',
  async (t, rig) => {
    rig.gitRepo();
    const once = `[ -e '${rig.base}/mended' ] || { echo mended > b.txt; : > '${rig.base}/mended'; }`;
    const blocked = await rig.run([
      './out',
      ...ALL_PASS,
      '--executor-bin',
      rig.agent('executor'),
      ...withReviewer(rig, once),
    ]);
    t.equal(blocked.code, 3, blocked.said);
    const stays = await rig.run(['./out', '--resume', ...ALL_PASS]);
    t.equal(stays.code, 3, 'a plain resume does not judge it');
    const again = await rig.run(['./out', '--resume', '--rerun-from', 'validation', ...ALL_PASS]);
    t.equal(again.code, 0, again.said);
    t.equal(rig.ledger().filter((line) => line.startsWith('start execution')).length, 1);
  },
);

e2e(
  'a change after the block is found on resume: approval of another tree does not count',
  async (t, rig) => {
    rig.gitRepo();
    const blocked = await rig.run([
      './out',
      '--policy-status',
      'allow',
      '--ci-status',
      'success',
      '--executor-bin',
      '/bin/true',
      '--validation-bin',
      '/bin/true',
    ]);
    t.equal(blocked.code, 3, blocked.said);
    t.strictSame(rig.report().blocked_reason_codes, ['GATE_REVIEW_NOT_APPROVED']);
    rig.write('a.txt', 'changed\n');
    const resumed = await rig.run(['./out', '--resume', '--review-status', 'approved']);
    t.equal(resumed.code, 3, resumed.said);
    t.ok(rig.report().blocked_reason_codes.includes(CHANGED));
    rig.write('a.txt', 'a\n');
    const back = await rig.run(['./out', '--resume', ...ALL_PASS]);
    t.equal(back.code, 0, `put back: ${back.said}`);
  },
);

e2e(
  'committing the validated content is no change, and a changed tree is not closed by committing it',
  async (t, rig) => {
    rig.gitRepo();
    const executor = rig.agent('executor', 'echo work > work.txt');
    const blocked = await rig.run([
      './out',
      '--policy-status',
      'allow',
      '--ci-status',
      'success',
      '--executor-bin',
      executor,
    ]);
    t.equal(blocked.code, 3, blocked.said);
    rig.git('add', '-A');
    rig.git('commit', '-q', '-m', 'work');
    const resumed = await rig.run(['./out', '--resume', '--review-status', 'approved']);
    t.equal(resumed.code, 0, resumed.said);
    t.match(rig.report().repo, { head: /^[0-9a-f]{40}$/, tree_digest: /^[0-9a-f]{40,64}$/ });
    rig.write('b.txt', 'b\n');
    rig.git('add', '-A');
    rig.git('commit', '-q', '-m', 'more');
    const later = await rig.run(['./out', '--resume']);
    t.not(later.code, 0, 'a done run whose tree is another now is not done');
    t.not(rig.report().terminal_state, 'done', 'the green report is withdrawn');
  },
);

e2e('a change that someone else makes during validation is found', async (t, rig) => {
  rig.gitRepo();
  const check = rig.agent('check', `until [ -e '${rig.base}/go' ]; do sleep 0.02; done`);
  const live = rig.start(['./out', ...ALL_PASS, '--validation-bin', check]);
  await until('the check runs', () => rig.ledger().length > 0);
  rig.write('sneaked.txt', 'x\n');
  rig.write(`${rig.base}/go`, '');
  const run = await live.finished;
  t.equal(run.code, 3, run.said);
  t.ok(rig.report().blocked_reason_codes.includes(CHANGED));
  t.match(run.said, /sneaked\.txt/);
});

e2e('--tree-ignore leaves out what it names and no more', async (t, rig) => {
  rig.gitRepo();
  const flags = ['./out', ...ALL_PASS, '--tree-ignore', '*.cache', '--tree-ignore', 'coverage/**'];
  const run = await rig.run([
    ...flags,
    '--validation-bin',
    rig.agent('check', 'mkdir coverage; echo x > coverage/x; echo x > y.cache'),
  ]);
  t.equal(run.code, 0, run.said);
  const other = await rig.run([...flags, '--validation-bin', rig.agent('check2', 'echo x > y.other')]);
  t.equal(other.code, 3, other.said);
});

e2e('an ignored file and the out_dir do not belong to the tree; a nested repository does', async (t, rig) => {
  rig.gitRepo({ '.gitignore': 'ignored/\n', 'a.txt': 'a\n' });
  const fine = await rig.run([
    './out',
    ...ALL_PASS,
    '--validation-bin',
    rig.agent('check', 'mkdir -p ignored; date > ignored/x; date > out/mine'),
  ]);
  t.equal(fine.code, 0, fine.said);
  rig.write('nested/x.txt', 'x\n');
  rig.git('init', '-q', 'nested');
  const nested = await rig.run([
    './out',
    ...ALL_PASS,
    '--validation-bin',
    rig.agent('check2', 'echo y >> nested/x.txt'),
  ]);
  t.equal(nested.code, 3, nested.said);
});

e2e('a folder that is no git work tree is recorded as such and can close', async (t, rig) => {
  const run = await rig.run(['./out', ...ALL_PASS, '--validation-bin', rig.agent('check', 'echo x > x.txt')]);
  t.equal(run.code, 0, run.said);
  t.match(rig.report().repo, { is_git: false, head: null, tree_digest: null });
});

e2e(
  'an out_dir inside the repository ignores itself; one with tracked files, or in .git, is refused',
  async (t, rig) => {
    rig.gitRepo({ 'tracked/x.txt': 'x\n', 'a.txt': 'a\n' });
    const run = await rig.run(['./out', ...ALL_PASS, '--executor-bin', '/bin/true']);
    t.equal(run.code, 0, run.said);
    t.match(rig.read('out/.gitignore'), /^\*$/m);
    t.equal(rig.git('status', '--porcelain'), '');
    symlinkSync('tracked', `${rig.work}/link`);
    rig.git('add', 'link');
    for (const bad of ['.', 'tracked', '.git', '.git/out', './link', rig.base]) {
      const refused = await rig.run([bad === '.' ? './' : bad, ...ALL_PASS, '--executor-bin', '/bin/true']);
      t.equal(refused.code, 2, `${bad}: ${refused.said}`);
    }
    for (const left of ['audit.jsonl', 'tracked/audit.jsonl', '.git/out', `${rig.base}/audit.jsonl`])
      t.notOk(rig.exists(left), left);
  },
);

e2e("git's configuration and hooks in the repository are never run", async (t, rig) => {
  rig.gitRepo({ 'a.txt': 'a\n', '.gitattributes': '*.txt filter=evil\n' });
  rig.write('evil.sh', `#!/bin/sh\ntouch '${rig.base}/owned'\ncat\n`, 0o755);
  for (const key of [
    'filter.evil.clean',
    'filter.evil.process',
    'core.fsmonitor',
    'core.pager',
    'diff.external',
  ]) {
    rig.git('config', key, `${rig.work}/evil.sh`);
  }
  const run = await rig.run([
    './out',
    ...ALL_PASS,
    '--planning-context-artifact',
    'out/c.json',
    '--executor-bin',
    rig.agent('e', 'echo b >> a.txt'),
  ]);
  t.equal(run.code, 0, run.said);
  t.notOk(rig.exists(`${rig.base}/owned`));
});

e2e('a git that fails fails the run; it is never taken for an unchanged tree', async (t, rig) => {
  rig.gitRepo();
  const breaks = rig.agent('check', 'rm -rf .git/objects .git/HEAD; : > .git/HEAD');
  const run = await rig.run(['./out', ...ALL_PASS, '--validation-bin', breaks]);
  t.ok(run.code === 1 || run.code === 3, `code ${run.code}: ${run.said}`);
  rmSync(`${rig.work}/.git`, { recursive: true });
  const gone = await rig.run(['./out', '--resume', ...ALL_PASS]);
  t.not(gone.code, 0, gone.said);
});
