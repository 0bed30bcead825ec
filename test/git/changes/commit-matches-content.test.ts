import { rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import {
  type CommitMatchRequest,
  commitMatchesContent,
} from '../../../src/git/changes/commit-matches-content.ts';
import { ENVIRONMENT, type Rig, rig } from '../rig.ts';

/** Whether HEAD holds what is there, as differing paths; the last ones given are compared where there are entries. */
async function differing(
  repository: Rig,
  more: Partial<CommitMatchRequest> = {},
): Promise<readonly string[]> {
  const { root = repository.root, ignoreGlobs = [] } = more;
  const { entries } = await repository.take({ root, ignoreGlobs });
  const match = await commitMatchesContent({
    ...{ root, entries, excludes: [], ignoreGlobs },
    ...{
      commit: repository.git('rev-parse', 'HEAD').trim(),
      environment: ENVIRONMENT,
      scratch: repository.scratch,
    },
    ...more,
  });
  if (!match.ok) throw new Error(match.failure.message);
  if (match.value === null) throw new Error('not a work tree');
  t.equal(match.value.same, match.value.count === 0);
  return match.value.differing;
}

t.test('a commit of everything that is there is the validated content', async (t) => {
  const repository = rig(t, { 'a.txt': 'a\n', 'b/c': 'c\n', '.gitignore': 'x\n' });
  repository.write('run', 'r\n', 0o755);
  repository.write('x', 'ignored\n');
  symlinkSync('a.txt', join(repository.root, 'link'));
  repository.commit();
  t.strictSame(await differing(repository), []);
});

t.test('a byte, a mode, a file too many, a file too few and another type differ', async (t) => {
  const repository = rig(t, { bytes: 'a\n', mode: 'a\n', few: 'a\n', type: 'bytes' });
  repository.write('bytes', 'b\n');
  repository.write('mode', 'a\n', 0o755);
  repository.write('many', 'a\n');
  rmSync(join(repository.root, 'few'));
  rmSync(join(repository.root, 'type'));
  symlinkSync('bytes', join(repository.root, 'type'));
  t.strictSame(await differing(repository), ['bytes', 'few', 'many', 'mode', 'type']);
});

t.test('what the index hides from git status differs all the same', async (t) => {
  const repository = rig(t, { 'a.txt': 'a\n' });
  repository.git('update-index', '--assume-unchanged', 'a.txt');
  repository.write('a.txt', 'b\n');
  t.strictSame(await differing(repository), ['a.txt']);
});

t.test('a commit that a line-end rule has changed is not what was validated', async (t) => {
  const repository = rig(t, { '.gitattributes': '*.txt text eol=crlf\n' });
  repository.write('a.txt', 'a\r\n');
  repository.commit();
  t.strictSame(await differing(repository), ['a.txt']);
});

t.test('what --tree-ignore leaves out is left out of the commit', async (t) => {
  const repository = rig(t, { 'a.txt': 'a\n', 'gen/x': 'x\n' });
  repository.write('gen/x', 'y\n');
  t.strictSame(await differing(repository, { ignoreGlobs: ['gen'] }), []);
});

t.test(
  'in a folder of a larger work tree only that folder counts, and the ignore files above it',
  async (t) => {
    const repository = rig(t, { 'pkg/a': 'a\n', 'other/b': 'b\n', '.gitignore': 'x\n' });
    repository.write('other/b', 'changed\n');
    const root = join(repository.root, 'pkg');
    t.strictSame(await differing(repository, { root }), []);
    repository.write('.gitignore', 'y\n');
    t.strictSame(await differing(repository, { root }), ['.gitignore']);
  },
);

t.test(
  'a submodule counts by its recorded commit and its content; a clone that nobody records differs',
  async (t) => {
    const inner = rig(t, { i: 'i\n' });
    const repository = rig(t);
    repository.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', inner.root, 'sub');
    repository.commit();
    t.strictSame(await differing(repository), []);
    repository.write('sub/i', 'j\n');
    t.strictSame(await differing(repository), ['sub']);
    repository.write('sub/i', 'i\n');
    repository.git('clone', '-q', inner.root, join(repository.root, 'clone'));
    t.strictSame(await differing(repository), ['clone', 'clone/i']);
  },
);

t.test('a commit that is not there is a failure', async (t) => {
  const repository = rig(t);
  await t.rejects(
    differing(repository, { commit: '1'.repeat(40) }),
    /expected a commit, got "1{40} missing"/,
  );
});

t.test('of many paths the first are named and all are counted', async (t) => {
  const repository = rig(t);
  for (let at = 0; at < 30; at += 1) repository.write(`new-${at}`, 'x\n');
  t.equal((await differing(repository)).length, 20);
});
