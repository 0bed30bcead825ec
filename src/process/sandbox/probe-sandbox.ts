import { spawnSync } from 'node:child_process';
import { fail, ok, type Result } from '../../core/result.ts';
import { sandboxOptions } from './mounts.ts';
import { systemMounts } from './system-mounts.ts';

/** Making a sandbox takes some 10 ms; one that has not come up by then will not, ms. */
const PROBE_LIMIT_MS = 10_000;
const SHOWN_CHARACTERS = 200;

/**
 * Whether the bubblewrap that was found can make a sandbox here, found out by making one. The failure says in words
 * why not.
 */
export function probeSandbox(found: Result<string, string>): Result<string, string> {
  if (!found.ok) return found;
  const file = found.value;
  const view = { mounts: new Map(systemMounts(false)), network: false, cwd: '/', env: {} };
  const tried = spawnSync(file, [...sandboxOptions(view), '--', '/bin/sh', '-c', 'exit 0'], {
    env: {},
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: PROBE_LIMIT_MS,
    killSignal: 'SIGKILL',
  });
  if (tried.error !== undefined) return fail(`${file} could not be run: ${tried.error.message}`);
  if (tried.status === 0) return ok(file);
  const said = tried.stderr.toString('utf8').split('\n', 1)[0] ?? '';
  const how = tried.status === null ? `was ended by ${tried.signal}` : `exit ${tried.status}`;
  return fail(`${file} cannot make a sandbox here: ${said.slice(0, SHOWN_CHARACTERS).trim() || how}`);
}
