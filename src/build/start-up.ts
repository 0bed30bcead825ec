import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bundle } from './bundle.ts';
import { inRoot } from './repository.ts';
import type { LoadedByUse, ProductScript } from './scripts.ts';
import { useInWorkTree, uses } from './uses.ts';

/**
 * What a run loads when it has taken longer than a moment: the heartbeat's package. Whether a use comes to that is up to
 * the machine's speed, and must not decide what is packed with what.
 */
const LOADED_BY_TIME = /^proper-lockfile-/;

/** How long one use, or compiling one script, may take before the build gives up, in milliseconds. */
const PATIENCE_MS = 60_000;

/**
 * Tries the uses of the product, from its bundled modules, and says which modules each loads. Throws when one
 * does not end with 0: such a product is not packed.
 */
export function traceUses({ modules }: Bundle): LoadedByUse {
  // Not below the checkout: whether a folder lies in a work tree of git makes a difference.
  const folder = mkdtempSync(join(tmpdir(), 'orchestrator-build-'));
  const moduleFolder = join(folder, 'modules');
  const listFile = join(folder, 'loaded.json');
  mkdirSync(moduleFolder);
  for (const [name, text] of modules) writeFileSync(join(moduleFolder, name), text, 'latin1');
  try {
    const loadedByUse = new Map<string, Set<string>>();
    for (const { name, args } of [...uses(folder), useInWorkTree(folder)]) {
      runNode([inRoot('src/build/trace.ts'), moduleFolder, listFile, ...args], folder);
      const loaded: string[] = JSON.parse(readFileSync(listFile, 'utf8'));
      const counted = loaded.filter((module) => !LOADED_BY_TIME.test(module));
      loadedByUse.set(name, new Set([...(loadedByUse.get(name) ?? []), ...counted]));
    }
    return loadedByUse;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * Leaves a code cache `<name>.cache` beside each script in `folder`. They fit only this Node on this kind of
 * machine.
 */
export function compileScripts(folder: string, scripts: readonly ProductScript[]): void {
  const list = JSON.stringify(scripts.map(({ name, isHot }) => ({ name, isHot })));
  // The seed goes into the hash tables that a cache holds, and what the collector moves leaves traces.
  const flags = ['--random-seed=1', '--min-semi-space-size=64'];
  runNode([...flags, inRoot('src/build/compile-scripts.ts'), folder, list], folder);
}

/** An environment that says little: what comes out must not depend on who builds. */
function runNode(args: readonly string[], cwd: string): void {
  const { status, signal, stdout, stderr, error } = spawnSync(process.execPath, args, {
    cwd,
    env: { PATH: process.env.PATH, HOME: cwd, LANG: 'C' },
    encoding: 'utf8',
    timeout: PATIENCE_MS,
    killSignal: 'SIGKILL',
  });
  if (status === 0) return;
  throw new Error(
    `node ${args.join(' ')}: ${error?.message ?? `exit ${status ?? signal}`}\n${stdout}${stderr}`,
  );
}
