import t from 'tap';
import { branchProblem, refuseBranch } from '../../../src/core/delivery/branch.ts';

const NOTHING = { protectedBranches: [], headBranch: null, pullRequestBase: null, remoteDefault: null };

t.test('a branch that a team builds on is refused, whatever its case', async (t) => {
  for (const branch of 'main master trunk develop production release release/1.2 RELEASE/1 Main hotfix/a/b'.split(
    ' ',
  )) {
    t.match(refuseBranch(branch, NOTHING), 'is protected', branch);
  }
  for (const branch of ['agent/fix', 'maintenance', 'main-2', 'feature/release', 'x/main']) {
    t.equal(refuseBranch(branch, NOTHING), null, branch);
  }
});

t.test(
  "the project's own globs, HEAD's branch, the pull request's base and the remote's default are refused",
  async (t) => {
    t.match(refuseBranch('env/eu', { ...NOTHING, protectedBranches: ['env/*'] }), 'protected (env/*)');
    t.equal(refuseBranch('env/eu/1', { ...NOTHING, protectedBranches: ['env/*'] }), null);
    t.match(refuseBranch('env/eu/1', { ...NOTHING, protectedBranches: ['env/**'] }), 'protected');
    t.match(refuseBranch('work', { ...NOTHING, headBranch: 'work' }), 'checked out');
    t.match(refuseBranch('next', { ...NOTHING, pullRequestBase: 'Next' }), 'merged into');
    t.match(refuseBranch('next', { ...NOTHING, remoteDefault: 'next' }), "remote's default");
  },
);

t.test('a name that git would not take, or would take for something else, is none', async (t) => {
  const bad = [
    '',
    '-x',
    '--force',
    'a..b',
    'a b',
    'a~1',
    'a^',
    'a:b',
    'a?',
    'a*',
    'a[',
    'a\\b',
    '@',
    'a@{1}',
    '/a',
    'a/',
  ];
  const worse = [
    'a//b',
    '.a',
    'a/.b',
    'a.lock',
    'a.LOCK/b',
    'a.',
    'HEAD',
    'refs/heads/x',
    'a\u0000',
    'a\n',
    'x'.repeat(201),
  ];
  for (const branch of [...bad, ...worse]) t.not(branchProblem(branch), null, JSON.stringify(branch));
  for (const branch of ['a', 'a/b', 'a-b_c.d', 'ünï', 'a@b', '+x'])
    t.equal(branchProblem(branch), null, branch);
});
