import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { ALL_PASS, type Rig, type Unless } from './rig.ts';

/** Why there is no sandbox here; false where there is one. */
const NO_SANDBOX = ((): string | false => {
  const args = '--unshare-all --unshare-user --disable-userns --ro-bind / / true'.split(' ');
  const tried = spawnSync('bwrap', args, { encoding: 'utf8' });
  if (tried.status === 0) return false;
  return `needs bubblewrap 0.8 and user namespaces: ${tried.error?.message ?? tried.stderr.trim()}`;
})();

/** For a test that makes one. */
export const unless: Unless = { skip: NO_SANDBOX };

/** A run whose gates are open and whose stages are sandboxed. */
export const SANDBOXED = [...ALL_PASS, '--sandbox', 'required', '--kill-grace-ms', '300'];

/** The ledger is outside of every sandbox: such an agent is a plain script, and speaks by its output. */
export function plain(rig: Rig, name: string, body: string): string {
  return rig.write(join(rig.base, 'agents', name), `#!/bin/sh\n${body}\n`, 0o755);
}

/** What a stage has printed. */
export const stdoutOf = (rig: Rig, stage = 'planning', attempt = 1): string =>
  rig.read(`out/logs/${stage}.${attempt}.stdout.log`);

/** A PATH with git and a bubblewrap that says no, or none at all. */
export function pathWith(rig: Rig, bwrap: string | null): string {
  const folder = join(rig.base, bwrap === null ? 'bare' : 'refusing');
  mkdirSync(folder);
  for (const tool of ['sh', 'git', 'grep', 'ls', 'sleep', 'cat', 'env', 'true', 'prlimit', 'flock']) {
    symlinkSync(`/usr/bin/${tool}`, join(folder, tool));
  }
  if (bwrap !== null) rig.write(join(folder, 'bwrap'), bwrap, 0o755);
  return folder;
}

/** A bubblewrap that cannot make a sandbox. */
export const REFUSING = '#!/bin/sh\necho "bwrap: setting up uid map: Permission denied" >&2\nexit 1\n';
