import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { inRoot } from './repository.ts';
import { warmRuns } from './warm-runs.ts';

/** How long the warm-up may take before the build gives up, in milliseconds. */
const PATIENCE_MS = 60_000;

/**
 * Makes V8's code cache for the product's text by running it. The cache fits only this version of Node on
 * this kind of machine. Throws when a run does not end as it must, or when V8 would not accept the result.
 */
export function makeCodeCache(productFile: string, work: string): string {
  const cacheFile = join(work, 'code-cache');
  const playground = join(work, 'warm-up');
  rmSync(cacheFile, { force: true });
  rmSync(playground, { recursive: true, force: true });
  mkdirSync(join(playground, 'repository'), { recursive: true });
  // The seed goes into the hash tables that the cache holds: without it no two caches are equal.
  runNode(
    ['--random-seed=1', 'warm-up.ts', productFile, cacheFile, JSON.stringify(warmRuns(playground))],
    playground,
  );
  runNode(['--disable-sigusr1', 'check-code-cache.ts', productFile, cacheFile], playground);
  rmSync(playground, { recursive: true, force: true });
  if (readFileSync(cacheFile).length === 0) throw new Error('the code cache is empty');
  return cacheFile;
}

/** An environment that says nothing: what the warm-up compiles must not depend on who builds. */
function runNode([flag = '', script = '', ...args]: readonly string[], cwd: string): void {
  const result = spawnSync(process.execPath, [flag, inRoot('src/build', script), ...args], {
    cwd,
    env: { PATH: '/usr/bin:/bin', HOME: cwd, LANG: 'C' },
    encoding: 'utf8',
    timeout: PATIENCE_MS,
    killSignal: 'SIGKILL',
  });
  if (result.status === 0) return;
  const end = result.error?.message ?? `exit ${result.status ?? result.signal}`;
  throw new Error(`${script} failed (${end})\n${result.stdout}${result.stderr}`);
}
