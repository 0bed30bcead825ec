import { execFileSync } from 'node:child_process';
import type { ProcessFinder } from './tree-scope.ts';

/**
 * The last resort, where nothing tells which processes there are: the stage's own process and its group, on
 * Windows what `taskkill /T` reaches. The record says `none`.
 */
export function directProcesses(platform: string): ProcessFinder {
  const windows = platform === 'win32';
  const signal = (pid: number, name: NodeJS.Signals) => {
    try {
      if (windows && name !== 'SIGKILL') return false;
      if (windows) execFileSync('taskkill', ['/T', '/F', '/PID', String(pid)], { stdio: 'ignore' });
      else process.kill(pid, name);
      return true;
    } catch {
      return false;
    }
  };
  const exists = (target: number) => {
    try {
      return process.kill(target, 0);
    } catch {
      return false;
    }
  };
  return {
    method: 'none',
    identify: (pid) => ({ pid, start: 0 }),
    find: (scope) => {
      const root = scope.root;
      if (root === null || !exists(windows ? root.pid : -root.pid))
        return { alive: [], vanished: 0, blind: false };
      return { alive: [{ ...root, group: root.pid }], vanished: 0, blind: false };
    },
    // The group is signalled as a group; its leader may be gone and its number somebody else's.
    signal: (identity, name) => (windows ? signal(identity.pid, name) : false),
    signalGroup: (group, name) => (windows ? false : signal(-group, name)),
  };
}
