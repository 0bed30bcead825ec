import { spawnSync } from 'node:child_process';

const VERSION_LIMIT_MS = 5_000;
const MAX_SHOWN = 80;

/** What `bwrap --version` says, bounded; for people. */
export function bubblewrapVersion(file: string): string {
  const { stdout, status } = spawnSync(file, ['--version'], {
    env: {},
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: VERSION_LIMIT_MS,
    killSignal: 'SIGKILL',
  });
  const line = status === 0 ? stdout.split('\n', 1)[0]?.trim().slice(0, MAX_SHOWN) : '';
  return line === undefined || line === '' ? 'bubblewrap of unknown version' : line;
}
