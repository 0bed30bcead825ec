import t from 'tap';
import { compareGitSettings, mayRunPrograms, runsPrograms } from '../../src/core/git-settings.ts';

t.test('what git runs by its configuration is told from what it does not', (t) => {
  const running: readonly (readonly [string, string])[] = [
    ...['core.hooksPath', 'core.fsmonitor', 'core.sshCommand', 'core.editor', 'core.pager', 'core.worktree'],
    ...['include.path', 'includeIf.gitdir:/x/.path', 'alias.st', 'pager.log', 'filter.lfs.clean'],
    ...['filter.a.b.smudge', 'diff.external', 'diff.pdf.textconv', 'merge.ours.driver', 'gpg.program'],
    ...['gpg.ssh.program', 'credential.helper', 'credential.https://x.example.helper', 'sequence.editor'],
    ...['mergetool.x.cmd', 'remote.origin.uploadpack', 'submodule.a.update', 'url.x.insteadOf'],
    ...['protocol.ext.allow', 'extensions.worktreeConfig', 'trailer.sign.command', 'sendemail.smtpserver'],
    ...['gc.recentObjectsHook', 'hook.x.command', 'tar.tar.xz.command', 'instaweb.httpd', 'imap.tunnel'],
    ...['lfs.customtransfer.x.path', 'http.proxy', 'http.https://x.example.proxy', 'http.sslVerify'],
    ...['http.curloptResolve', 'attr.tree', 'core.alternateRefsCommand', 'uploadpack.packObjectsHook'],
  ].map((key) => [key, 'x'] as const);
  const addressed: readonly (readonly [string, string])[] = [
    ['remote.origin.url', 'ext::sh -c x'],
    ['remote.origin.pushurl', '/evil'],
    ['remote.origin.pushurl', 'file:///evil'],
    ['remote.origin.url', 'sub/evil'],
    ['submodule.a.url', '../evil'],
    ['remote.pushDefault', 'ext::x'],
    ['branch.main.pushRemote', './evil'],
  ];
  for (const [key, value] of [...running, ...addressed]) {
    t.ok(runsPrograms(key, value), key);
    t.ok(mayRunPrograms(`${key} = ${value}`), `${key} is not passed over`);
  }
  const harmless: readonly (readonly [string, string])[] = [
    ['core.bare', 'false'],
    ['user.name', 'A'],
    ['branch.main.remote', 'origin'],
    ['remote.origin.url', 'https://example.org/r.git'],
    ['remote.origin.fetch', '+refs/heads/*:refs/remotes/origin/*'],
    ['remote.origin.url', 'git@example.org:r.git'],
    ['remote.origin.pushurl', 'ssh://git@example.org/r.git'],
    ['branch.topic.remote', '.'],
    ['http.https://example.org/.extraheader', 'AUTHORIZATION: basic xxx'],
  ];
  for (const [key, value] of harmless) t.notOk(runsPrograms(key, value), key);
  const usual = '[core]\n\tbare = false\n[remote "origin"]\n\turl = https://example.org/r.git\n';
  t.notOk(mayRunPrograms(usual));
  t.notOk(mayRunPrograms(`${usual}[branch "main"]\n\tremote = origin\n\tmerge = refs/heads/main\n`));
  t.end();
});

t.test('no quoting hides an address that runs a program from the first look at the text', (t) => {
  for (const value of ['e"x"t::sh', '"ext"::sh', 'ex\\\nt::sh', '\t /evil', 'EXT::sh']) {
    t.ok(mayRunPrograms(`[remote "o"]\n\turl = ${value}\n`), value);
  }
  t.end();
});

t.test('each difference has a name and a word', (t) => {
  const one = (name: string, sha256: string) => ({ name, sha256 });
  const before = [one('.git', 'a'), one('hooks/pre-commit', 'b'), one('config alias.x', 'c')];
  const after = [one('.git', 'a'), one('config alias.x', 'd'), one('hooks/post-commit', 'e')];
  t.strictSame(compareGitSettings(before, before), []);
  t.strictSame(compareGitSettings(before, after), [
    { name: 'config alias.x', change: 'changed' },
    { name: 'hooks/post-commit', change: 'added' },
    { name: 'hooks/pre-commit', change: 'removed' },
  ]);
  t.end();
});
