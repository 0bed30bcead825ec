import type { ProcessIdentity } from './process-stat.ts';
import type { ProcessFinder, Sighting, TreeScope } from './tree-scope.ts';

export interface WatchTreeOptions {
  readonly finder: ProcessFinder;
  readonly scope: TreeScope;
  /** Members outside the stage's own process group, each time they have changed. */
  readonly onStrayed: (members: readonly ProcessIdentity[]) => void;
}

const FIRST_LOOK_MS = 25;
const LONGEST_PAUSE_MS = 2_000;
/** Dead members are forgotten when there are more than this, so that an hour of compiling stays cheap. */
const MANY_MEMBERS = 1_000;

/**
 * Looks at a running tree now and then, first soon, then more rarely, so that a process which later leaves
 * everything behind that shows its origin has been seen as a descendant.
 */
export function watchTree(options: WatchTreeOptions): { readonly stop: () => void } {
  const { finder, scope } = options;
  // Without /proc a look starts a program: the sweep at the end has to do.
  if (finder.method !== 'proc') return { stop: () => {} };
  let told = '';
  let pauseMs = FIRST_LOOK_MS;
  const tell = (seen: Sighting) => {
    const strayed = seen.alive.filter((one) => one.group !== scope.root?.pid);
    const now = strayed.map((one) => one.pid).join(' ');
    if (now !== told) options.onStrayed(strayed);
    told = now;
  };
  const look = async () => {
    const seen = await finder.find(scope, 'quick');
    tell(seen);
    if (scope.members.size > MANY_MEMBERS) forgetDead(scope, seen);
  };
  const next = (): NodeJS.Timeout =>
    setTimeout(() => {
      void look();
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      timer = next();
    }, pauseMs);
  let timer = next();
  return { stop: () => clearTimeout(timer) };
}

function forgetDead(scope: TreeScope, seen: Sighting): void {
  const alive = new Set(seen.alive.map((one) => one.pid));
  for (const pid of scope.members.keys()) if (!alive.has(pid)) scope.members.delete(pid);
}
