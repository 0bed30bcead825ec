import { cpSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Rig } from '../../e2e/rig.ts';

/** Sets a trap in the repository at `rig.work`: git that obeys it runs `program`. */
type Trap = (rig: Rig, program: string) => void;

const config =
  (...keys: readonly string[]): Trap =>
  (rig, program) => {
    for (const key of keys) rig.git('config', key, program);
  };

/** A commit that says it is signed, and the wish to see whether it is. */
function gpg(rig: Rig, program: string): void {
  config('gpg.program')(rig, program);
  rig.git('config', 'log.showSignature', 'true');
  const tree = rig.git('write-tree').trim();
  const who = 'A <a@example.org> 0 +0000';
  const signature = 'gpgsig -----BEGIN PGP SIGNATURE-----\n x\n -----END PGP SIGNATURE-----';
  const commit = `tree ${tree}\nauthor ${who}\ncommitter ${who}\n${signature}\n\nsigned\n`;
  const file = rig.write(join(rig.base, 'commit'), commit);
  const id = rig.git('hash-object', '-t', 'commit', '-w', file).trim();
  rig.git('update-ref', 'refs/heads/main', id);
}

/** The twelve ways of the threat table in which git in a foreign tree runs foreign code (README.md, row 19). */
export const VECTORS: Readonly<Record<string, Trap>> = {
  'core.fsmonitor': config('core.fsmonitor'),
  'the hooks folder': (rig, program) => {
    const hooks = [
      'pre-commit',
      'post-index-change',
      'post-checkout',
      'reference-transaction',
      'post-commit',
    ];
    for (const hook of hooks) symlinkSync(program, join(rig.work, '.git/hooks', hook));
  },
  'core.hooksPath': (rig, program) => {
    for (const hook of ['pre-commit', 'post-index-change'])
      rig.write(`hooks/${hook}`, `#!/bin/sh\n${program}\n`, 0o755);
    rig.git('config', 'core.hooksPath', 'hooks');
  },
  'a filter by .gitattributes': (rig, program) => {
    config('filter.evil.clean', 'filter.evil.smudge')(rig, program);
    rig.write('.gitattributes', '* filter=evil\n');
  },
  'a filter by info/attributes': (rig, program) => {
    config('filter.evil.clean', 'filter.evil.smudge')(rig, program);
    rig.write('.git/info/attributes', '* filter=evil\n');
  },
  'diff.external': config('diff.external'),
  textconv: (rig, program) => {
    config('diff.evil.textconv')(rig, program);
    rig.write('.gitattributes', '* diff=evil\n');
  },
  'a pager': config('core.pager', 'pager.log', 'pager.status', 'pager.ls-files'),
  gpg,
  'an included configuration': (rig, program) => {
    rig.write('evil.config', `[core]\n\tfsmonitor = ${program}\n`);
    rig.git('config', 'include.path', '../evil.config');
  },
  'a configuration of the work tree': (rig, program) => {
    rig.git('config', 'extensions.worktreeConfig', 'true');
    rig.git('config', '--worktree', 'core.fsmonitor', program);
  },
  'a .git that leads elsewhere': (rig, program) => {
    config('core.fsmonitor')(rig, program);
    renameSync(join(rig.work, '.git'), join(rig.base, 'evil'));
    rig.write('.git', 'gitdir: ../evil\n');
  },
};

/** Everything in `to` is replaced by what is in `from`, links and modes as they are. */
export function replaceTree(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true });
  cpSync(from, to, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
}
