import type { Operation } from './fault.ts';

/** What is random in the names that a run gives: temporary files, git's private folder, run ids. */
const RANDOM: readonly (readonly [RegExp, string])[] = [
  [/\.[0-9a-f]{16}\.tmp$/, '.*.tmp'],
  [/\/git-\w{6}(?=\/|$)/, '/git-*'],
  [/\/superseded\/[^/]+/, '/superseded/*'],
];

/** Reads the shim's log: each operation by a name that it has in every such run. */
export function readOperations(log: string): readonly Operation[] {
  const counts = new Map<string, number>();
  return log
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      const space = line.indexOf(' ');
      const op = line.slice(0, space);
      const path = RANDOM.reduce((text, [what, by]) => text.replace(what, by), line.slice(space + 1));
      const nth = (counts.get(`${op} ${path}`) ?? 0) + 1;
      counts.set(`${op} ${path}`, nth);
      return { op, path, nth };
    });
}

/** Heartbeat and kernel lock come a moment after the start: in a short run they may or may not be there. */
export function isGuard({ path }: Operation): boolean {
  return /\/\.lock\/(?:heartbeat|\d+\.kernel|\.kernel\.)/.test(path);
}
