import { execFile } from 'node:child_process';
import type { ProcessStat } from './process-stat.ts';
import type { ProcessFinder, Sighting, TreeScope } from './tree-scope.ts';

const PS = '/bin/ps';
const LIMIT = { timeout: 5_000, maxBuffer: 64 * 1024 * 1024, env: { LC_ALL: 'C', TZ: 'UTC' } } as const;

/**
 * macOS and the BSDs: no /proc, so one `ps` for relations and, where it shows environments, one for cookies.
 * Start times have seconds there, sessions and open files are not told.
 */
export function psProcesses(now: () => number): ProcessFinder {
  const signal = (target: number, name: NodeJS.Signals) => {
    try {
      return process.kill(target, name);
    } catch {
      return false;
    }
  };
  return {
    method: 'ps',
    // The second before: `ps` cuts the start time off.
    identify: (pid) => ({ pid, start: Math.floor(now() / 1000) - 1 }),
    find: async (scope, depth) => {
      const table = parsePsTable(await output(['-axo', 'pid=,ppid=,pgid=,stat=,lstart=']));
      const wanted = depth === 'full' && scope.cookies.length > 0;
      const marked = wanted ? withCookie(await output(['-axEww', '-o', 'pid=,command=']), scope.cookies) : [];
      return select(scope, table, new Set(marked));
    },
    signal: (identity, name) => signal(identity.pid, name),
    signalGroup: (group, name) => signal(-group, name),
  };
}

/** `ps -o pid=,ppid=,pgid=,stat=,lstart=` in the C locale and UTC; lines that are something else are left out. */
export function parsePsTable(text: string): ProcessStat[] {
  return text.split('\n').flatMap((line) => {
    const [pid, ppid, group, state, ...started] = line.trim().split(/\s+/);
    const start = Date.parse(`${started.join(' ')} UTC`) / 1000;
    if (pid === undefined || !/^\d+$/.test(pid) || !Number.isFinite(start)) return [];
    const dead = state?.startsWith('Z') ?? true;
    return [{ pid: Number(pid), ppid: Number(ppid), group: Number(group), session: 0, start, dead }];
  });
}

function withCookie(text: string, cookies: readonly string[]): number[] {
  return text
    .split('\n')
    .filter((line) => cookies.some((cookie) => line.includes(cookie)))
    .map((line) => Number.parseInt(line, 10));
}

function select(scope: TreeScope, table: readonly ProcessStat[], marked: ReadonlySet<number>): Sighting {
  const younger = table.filter((stat) => stat.start >= scope.since && !scope.spared.has(stat.pid));
  const found = new Set<number>();
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const stat of younger) {
      const known = scope.members.get(stat.pid) === stat.start || scope.groups.has(stat.group);
      if (known || marked.has(stat.pid) || found.has(stat.ppid)) found.add(stat.pid);
    }
  }
  const alive = younger.filter((stat) => found.has(stat.pid) && !stat.dead);
  for (const stat of alive) scope.members.set(stat.pid, stat.start);
  return { alive, vanished: 0, blind: table.length === 0 };
}

/** What `ps` prints; nothing when it fails, which the next sweep repeats. */
function output(args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(PS, args, LIMIT, (_error, stdout) => resolve(stdout));
  });
}
