/**
 * Runs the bundle as the executable will, several uses one after the other in this one process, and writes
 * the code cache of what V8 has compiled by then. A process of its own, started by code-cache.ts:
 *
 *     node --random-seed=1 warm-up.ts <product text> <code cache to write> <JSON list of WarmRun>
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Script } from 'node:vm';
import type { WarmRun } from './warm-runs.ts';

const [productFile = '', cacheFile = '', runsJson = '[]'] = process.argv.slice(2);
const runs: WarmRun[] = JSON.parse(runsJson);
const require = createRequire(import.meta.url);
const script = new Script(readFileSync(productFile, 'latin1'), { filename: '/orchestrator.js' });
let current: WarmRun | undefined;

// A run ends when it has nothing more to wait for: `process.exit` would end the runs after it as well.
process.exit = ((code?: number) => {
  if (code !== undefined) process.exitCode = code;
}) as typeof process.exit;
process.on('beforeExit', next);
process.on('exit', finish);
next();

function next(): void {
  assertAsExpected();
  current = runs.shift();
  process.exitCode = current === undefined ? 0 : undefined;
  if (current === undefined) return;
  // Without something to wait for, `beforeExit` does not come a second time.
  setImmediate(() => {});
  process.argv = [process.execPath, process.execPath, ...current.args];
  const productModule = { exports: {} };
  script.runInThisContext()(require, productModule, productModule.exports, process.execPath, '/');
}

/** Without this a product that fails would be shipped with the cache of its failure. */
function assertAsExpected(): void {
  if (current === undefined || process.exitCode === current.exitCode) return;
  const { args, exitCode } = current;
  throw new Error(`warm-up: ${args.join(' ')}: expected exit code ${exitCode}, got ${process.exitCode}`);
}

function finish(code: number): void {
  if (current === undefined && runs.length === 0 && code === 0) {
    writeFileSync(cacheFile, script.createCachedData());
  }
}
