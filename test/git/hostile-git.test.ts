/** Twelve ways in which git in a tree that an agent has touched runs the agent's code, and more; none may with us. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { compareGitSettings } from '../../src/core/git-settings.ts';
import { takeContentTree } from '../../src/git/content-tree.ts';
import { runGit } from '../../src/git/git-command.ts';
import { readGitSettings } from '../../src/git/git-settings.ts';
import { findHead } from '../../src/git/head.ts';
import { startLimit } from '../../src/git/limit.ts';
import { buildPlanningContext } from '../../src/git/planning-context.ts';
import { repositoryFacts } from '../../src/git/repository-facts.ts';
import { holdsTrackedFiles, trackedPaths } from '../../src/git/tracked-paths.ts';
import { findWorkTree } from '../../src/git/work-tree.ts';
import { ENVIRONMENT, type Rig, realGit, rig } from './rig.ts';

interface Trap {
  readonly rig: Rig;
  /** A program that leaves the marker file; prints nothing, succeeds. */
  readonly program: string;
}

const VECTORS: Readonly<Record<string, (trap: Trap) => void>> = {
  'core.fsmonitor': ({ rig, program }) => {
    rig.git('config', 'core.fsmonitor', program);
  },
  'the hooks folder': ({ rig, program }) => {
    for (const hook of [
      'post-index-change',
      'pre-auto-gc',
      'reference-transaction',
      'post-checkout',
      'fsmonitor',
    ]) {
      symlinkSync(program, join(rig.root, '.git/hooks', hook));
    }
  },
  'core.hooksPath': ({ rig, program }) => {
    rig.write('hooks/post-index-change', `#!/bin/sh\n${program}\n`, 0o755);
    rig.git('config', 'core.hooksPath', 'hooks');
  },
  'a filter by .gitattributes': ({ rig, program }) => {
    for (const key of ['clean', 'smudge', 'process']) rig.git('config', `filter.evil.${key}`, program);
    rig.write('.gitattributes', '* filter=evil\n');
  },
  'a filter by info/attributes': ({ rig, program }) => {
    rig.git('config', 'filter.evil.clean', program);
    rig.write('.git/info/attributes', '* filter=evil\n');
  },
  'diff.external': ({ rig, program }) => {
    rig.git('config', 'diff.external', program);
  },
  textconv: ({ rig, program }) => {
    rig.git('config', 'diff.evil.textconv', program);
    rig.git('config', 'diff.evil.command', program);
    rig.write('.gitattributes', '* diff=evil\n');
  },
  'a pager': ({ rig, program }) => {
    for (const key of ['core.pager', 'pager.log', 'pager.status', 'pager.ls-files'])
      rig.git('config', key, program);
  },
  gpg: ({ rig, program }) => {
    rig.git('config', 'gpg.program', program);
    rig.git('config', 'log.showSignature', 'true');
    const tree = rig.git('write-tree').trim();
    const lines = [`tree ${tree}`, 'author A <a@b> 0 +0000', 'committer A <a@b> 0 +0000'];
    const signed = [
      ...lines,
      'gpgsig -----BEGIN PGP SIGNATURE-----',
      ' x',
      ' -----END PGP SIGNATURE-----',
      '',
      'm',
      '',
    ];
    const commit = spawnSync('git', ['hash-object', '-t', 'commit', '-w', '--stdin'], {
      cwd: rig.root,
      input: signed.join('\n'),
      encoding: 'utf8',
    }).stdout.trim();
    writeFileSync(join(rig.root, '.git/HEAD'), `${commit}\n`);
  },
  'an included configuration': ({ rig, program }) => {
    rig.write('evil.config', `[core]\n\tfsmonitor = ${program}\n`);
    rig.git('config', 'include.path', '../evil.config');
  },
  'a configuration of the work tree': ({ rig, program }) => {
    rig.git('config', 'extensions.worktreeConfig', 'true');
    rig.git('config', '--worktree', 'core.fsmonitor', program);
  },
  'a .git that leads to a hostile repository': ({ rig, program }) => {
    rig.git('config', 'core.fsmonitor', program);
    renameSync(join(rig.root, '.git'), join(rig.base, 'evil'));
    writeFileSync(join(rig.root, '.git'), 'gitdir: ../evil\n');
  },
  'a hostile nested repository': ({ rig, program }) => {
    mkdirSync(join(rig.root, 'nested'));
    rig.gitIn(join(rig.root, 'nested'), 'init', '-q');
    rig.write('nested/x', 'x');
    rig.gitIn(join(rig.root, 'nested'), 'add', 'x');
    rig.gitIn(join(rig.root, 'nested'), 'config', 'core.fsmonitor', program);
    rig.gitIn(join(rig.root, 'nested'), 'config', 'filter.evil.clean', program);
    rig.write('nested/.gitattributes', '* filter=evil\n');
  },
  'a missing object and a remote that would be asked for it': ({ rig, program }) => {
    rig.git('config', 'remote.evil.url', rig.root);
    rig.git('config', 'remote.evil.uploadpack', program);
    rig.git('config', 'remote.evil.promisor', 'true');
    rig.git('config', 'extensions.partialClone', 'evil');
    const tree = rig.git('rev-parse', 'HEAD^{tree}').trim();
    rmSync(join(rig.root, '.git/objects', tree.slice(0, 2), tree.slice(2)));
  },
  'aliases, editors and an askpass': ({ rig, program }) => {
    for (const key of ['alias.ls-files', 'alias.status', 'alias.log']) rig.git('config', key, `!${program}`);
    for (const key of ['core.editor', 'core.askPass', 'credential.helper', 'core.sshCommand']) {
      rig.git('config', key, program);
    }
  },
  'a git in the tree, first on PATH': ({ rig, program }) => {
    rig.write('node_modules/.bin/git', `#!/bin/sh\n${program}\n`, 0o755);
  },
};

/** Everything that this room does with a repository. */
async function everything({ root, scratch, options }: Rig): Promise<void> {
  const path = `${root}/node_modules/.bin:./node_modules/.bin::${ENVIRONMENT.path}`;
  const environment = { path, home: root };
  const asked = { root, scratch, environment, excludes: [], ignoreGlobs: [] };
  await takeContentTree(options({ environment }));
  await repositoryFacts(asked);
  await trackedPaths({ ...asked, paths: [join(root, 'a.txt')] });
  await holdsTrackedFiles(join(root, 'out'), asked);
  await buildPlanningContext({ ...asked, runId: 'r' });
  const tree = findWorkTree(root);
  if (!tree.ok || tree.value === null) return;
  await readGitSettings(tree.value, asked);
  const limit = startLimit(10_000, undefined);
  writeFileSync(join(tree.value.gitDir, 'HEAD'), 'ref: refs/heads/.invalid\n');
  await findHead(tree.value, { git: realGit(), environment, limit });
  limit.dispose();
}

function trap(rig: Rig): { program: string; marker: string } {
  const marker = join(rig.base, 'marker');
  const program = join(rig.base, 'program');
  writeFileSync(program, `#!/bin/sh\necho ran "$@" >> ${marker}\n`, { mode: 0o755 });
  return { program, marker };
}

for (const [name, set] of Object.entries(VECTORS)) {
  t.test(`${name} runs no code`, async (t) => {
    const r = rig(t);
    const { program, marker } = trap(r);
    set({ rig: r, program });
    // A file whose times differ from the index: git has to look at its content, through any filter.
    if (existsSync(join(r.root, 'a.txt'))) r.write('a.txt', 'b\n');
    rmSync(marker, { force: true });
    await everything(r);
    t.notOk(existsSync(marker));
  });
}

t.test('the same traps do run code with git as it comes, so this file can fail', async (t) => {
  for (const name of ['core.fsmonitor', 'a filter by .gitattributes', 'an included configuration']) {
    const r = rig(t);
    const { program, marker } = trap(r);
    VECTORS[name]?.({ rig: r, program });
    r.write('a.txt', 'b\n');
    rmSync(marker, { force: true });
    spawnSync('git', ['status'], { cwd: r.root });
    t.ok(existsSync(marker), name);
  }
});

t.test('the flags alone, on the repository itself, stop fsmonitor, hooks and includes', async (t) => {
  for (const name of ['core.fsmonitor', 'core.hooksPath', 'the hooks folder', 'an included configuration']) {
    const r = rig(t);
    const { program, marker } = trap(r);
    VECTORS[name]?.({ rig: r, program });
    r.write('a.txt', 'a\n');
    rmSync(marker, { force: true });
    const limit = startLimit(10_000, undefined);
    const repository = { GIT_DIR: join(r.root, '.git'), GIT_WORK_TREE: r.root };
    const call = {
      git: realGit(),
      cwd: r.root,
      environment: ENVIRONMENT,
      limit,
      repository,
      onChunk: () => {},
    };
    t.equal((await runGit({ ...call, args: ['status', '--porcelain'] })).ok, true);
    t.equal((await runGit({ ...call, args: ['update-index', '--refresh'] })).ok, true);
    limit.dispose();
    t.notOk(existsSync(marker), name);
  }
});

t.test(
  'every trap in the repository itself is a setting that differs, so a run that set it is blocked',
  async (t) => {
    // In the tree or in its objects, where the content tree has them; not in the git folder.
    const elsewhere = ['a hostile nested repository', 'a git in the tree, first on PATH'];
    for (const [name, set] of Object.entries(VECTORS)) {
      if (elsewhere.includes(name)) continue;
      const r = rig(t);
      const before = await settingsOf(r);
      set({ rig: r, program: trap(r).program });
      t.not(compareGitSettings(before, await settingsOf(r)).length, 0, name);
    }
  },
);

async function settingsOf({ root, scratch }: Rig) {
  const tree = findWorkTree(root);
  if (!tree.ok || tree.value === null) throw new Error('no work tree');
  const settings = await readGitSettings(tree.value, { scratch, environment: ENVIRONMENT });
  if (!settings.ok) throw new Error(settings.failure.message);
  return settings.value;
}

t.test('the traps do not keep an honest tree from being taken', async (t) => {
  for (const name of [
    'core.fsmonitor',
    'a filter by .gitattributes',
    'a pager',
    'aliases, editors and an askpass',
  ]) {
    const r = rig(t);
    VECTORS[name]?.({ rig: r, program: trap(r).program });
    t.equal((await r.take()).entries.has('a.txt'), true, name);
  }
});

t.test('what the caller has in its GIT_ variables does not reach git', async (t) => {
  const r = rig(t);
  const before = await r.take();
  const elsewhere = rig(t, { 'other.txt': 'o\n' });
  process.env.GIT_DIR = join(elsewhere.root, '.git');
  process.env.GIT_INDEX_FILE = join(elsewhere.root, '.git/index');
  t.teardown(() => {
    delete process.env.GIT_DIR;
    delete process.env.GIT_INDEX_FILE;
  });
  t.equal((await r.take()).digest, before.digest);
  t.rejects(r.take({ environment: { ...ENVIRONMENT, marks: { GIT_DIR: '/x' } } }), /cannot be a mark/);
});
