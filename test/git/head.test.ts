import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { findHead, readHead } from '../../src/git/head.ts';
import { startLimit } from '../../src/git/limit.ts';
import { ENVIRONMENT, pathWithGit, rig } from './rig.ts';

const ID = 'a'.repeat(40);

t.test('HEAD is followed through symbolic refs, loose and packed', (t) => {
  const { root, git } = rig(t);
  const dirs = { gitDir: join(root, '.git'), commonDir: join(root, '.git') };
  const commit = git('rev-parse', 'HEAD').trim();
  git('checkout', '-q', '-b', 'a/b');
  t.strictSame(readHead(dirs), { ok: true, value: { kind: 'head', commit, branch: 'a/b' } });
  git('symbolic-ref', 'refs/heads/alias', 'refs/heads/main');
  git('symbolic-ref', 'HEAD', 'refs/heads/alias');
  t.match(readHead(dirs), { value: { commit } });
  git('pack-refs', '--all', '--prune');
  git('symbolic-ref', 'HEAD', 'refs/heads/a/b');
  t.match(readHead(dirs), { value: { commit, branch: 'a/b' } });
  git('symbolic-ref', 'HEAD', 'refs/heads/a');
  t.match(readHead(dirs), { value: { commit: null, branch: 'a' } });
  t.end();
});

t.test('a HEAD or ref that git would not write fails', (t) => {
  const { root } = rig(t);
  const dirs = { gitDir: join(root, '.git'), commonDir: join(root, '.git') };
  const bad = [
    '',
    'nonsense',
    'ref: ../../etc/passwd',
    'ref: refs/../../x',
    `${ID}0`,
    'ref: refs/heads/loop',
  ];
  writeFileSync(join(root, '.git/refs/heads/loop'), 'ref: refs/heads/loop\n');
  for (const text of bad) {
    writeFileSync(join(root, '.git/HEAD'), text);
    t.match(readHead(dirs), { ok: false, failure: { reason: 'git_failed' } }, JSON.stringify(text));
  }
  writeFileSync(join(root, '.git/HEAD'), 'ref: refs/heads/packed');
  writeFileSync(join(root, '.git/packed-refs'), '--output=x refs/heads/packed\n');
  t.match(readHead(dirs), { ok: false });
  t.end();
});

t.test('refs that are kept in another format are asked of git', async (t) => {
  const { root, base } = rig(t);
  const dirs = { gitDir: join(root, '.git'), commonDir: join(root, '.git') };
  const limit = startLimit(10_000, undefined);
  t.teardown(() => limit.dispose());
  const ask = (git: string) => findHead(dirs, { git, environment: ENVIRONMENT, limit });
  writeFileSync(join(root, '.git/HEAD'), 'ref: refs/heads/.invalid\n');
  const answers: [string, unknown][] = [
    [`${ID}\\nrefs/heads/side\\n`, { ok: true, value: { commit: ID, branch: 'side' } }],
    [`${ID}\\nHEAD\\n`, { ok: true, value: { commit: ID, branch: null } }],
    ['', { ok: true, value: { commit: null, branch: null } }],
    ['--evil\\n', { ok: false }],
  ];
  for (const [answer, expected] of answers) {
    pathWithGit(base, `#!/bin/sh\nprintf '%b' '${answer}'\n`);
    t.match(await ask(join(base, 'bin/git')), expected);
  }
});

t.test('a branch whose name is not UTF-8 is asked of git, not taken for one without a commit', async (t) => {
  const { root, git, take } = rig(t);
  const commit = git('rev-parse', 'HEAD').trim();
  const name = Buffer.from([...Buffer.from('refs/heads/'), 0xff]);
  mkdirSync(join(root, '.git/refs/heads'), { recursive: true });
  writeFileSync(Buffer.concat([Buffer.from(`${root}/.git/`), name]), `${commit}\n`);
  writeFileSync(join(root, '.git/HEAD'), Buffer.concat([Buffer.from('ref: '), name, Buffer.from('\n')]));
  t.equal((await take()).head, commit);
});
