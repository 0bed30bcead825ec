import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import {
  createProcReader,
  missing,
  type ProcessIdentity,
  type ProcessStat,
  type ProcReader,
  readStat,
} from './process-stat.ts';
import { hasMark } from './tree-mark.ts';
import type { ProcessFinder, Sighting, SweepDepth, TreeScope } from './tree-scope.ts';

/** Null where /proc is missing, or shows another pid namespace than ours: its numbers would be somebody else's. */
export function linuxProcesses(pid: number): ProcessFinder | null {
  const reader = createProcReader();
  const self = unlessBlind(() => readStat(reader, pid), null);
  if (self === null || unlessBlind(() => readLink('/proc/self'), null) !== String(pid)) return null;
  const isSame = (identity: ProcessIdentity) => readStat(reader, identity.pid)?.start === identity.start;
  return {
    method: 'proc',
    identify: (child) => unlessBlind(() => readStat(reader, child), null),
    find: (scope, depth, elders = new Set()) =>
      unlessBlind(() => sweep(reader, scope, { depth, ownSession: self.session, elders }), BLIND),
    signal: (identity, name) => unlessBlind(() => isSame(identity), false) && send(identity.pid, name),
    signalGroup: (group, name) => send(-group, name),
  };
}

const BLIND: Sighting = { alive: [], vanished: 0, blind: true };

/** Out of descriptors or memory, a look says nothing. */
function unlessBlind<Seen>(look: () => Seen, otherwise: Seen): Seen {
  try {
    return look();
  } catch {
    return otherwise;
  }
}

function send(target: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(target, name);
  } catch {
    return false;
  }
}

interface SweepOptions {
  readonly depth: SweepDepth;
  readonly ownSession: number;
  readonly elders: Set<number>;
}

/** One pass over /proc. Most processes are older than the stage and cost one small read. */
function sweep(reader: ProcReader, scope: TreeScope, options: SweepOptions): Sighting {
  const table = readTable(reader, scope, options.elders);
  const found = new Set<number>();
  const strangers: ProcessStat[] = [];
  for (const stat of table.younger) {
    if (isKnown(scope, stat)) found.add(stat.pid);
    else strangers.push(stat);
  }
  let rest = addDescendants(found, strangers);
  if (options.depth === 'full' && rest.length > 0) {
    const evidence = rest.filter((stat) => carriesEvidence(reader, scope, stat));
    for (const stat of evidence) found.add(stat.pid);
    if (evidence.length > 0) rest = addDescendants(found, rest);
  }
  const alive = table.younger.filter((stat) => found.has(stat.pid) && !stat.dead);
  for (const stat of alive) remember(scope, stat, options.ownSession);
  return { alive, vanished: table.vanished, blind: false };
}

function readTable(
  reader: ProcReader,
  scope: TreeScope,
  elders: Set<number>,
): { younger: ProcessStat[]; vanished: number } {
  const younger: ProcessStat[] = [];
  let vanished = 0;
  for (const name of readdirSync('/proc')) {
    const first = name.charCodeAt(0);
    if (first < 0x31 || first > 0x39) continue;
    const pid = Number(name);
    if (scope.spared.has(pid) || elders.has(pid)) continue;
    const stat = readStat(reader, pid);
    if (stat === null) vanished += 1;
    else if (stat.start >= scope.since) younger.push(stat);
    else elders.add(pid);
  }
  return { younger, vanished };
}

function isKnown(scope: TreeScope, stat: ProcessStat): boolean {
  return (
    scope.members.get(stat.pid) === stat.start ||
    scope.groups.has(stat.group) ||
    scope.groups.has(stat.session)
  );
}

/** Adds to `found` whatever descends from it; the rest are the strangers that remain. */
function addDescendants(found: Set<number>, strangers: readonly ProcessStat[]): ProcessStat[] {
  let rest = strangers.filter((stat) => !found.has(stat.pid));
  for (;;) {
    const next = rest.filter((stat) => {
      if (!found.has(stat.ppid)) return true;
      found.add(stat.pid);
      return false;
    });
    if (next.length === rest.length) return next;
    rest = next;
  }
}

/** What a stranger to the tree can still carry of it: the cookie, the mark, an end of its output. */
function carriesEvidence(reader: ProcReader, scope: TreeScope, stat: ProcessStat): boolean {
  if (stat.dead) return false;
  return carriesCookie(scope, stat.pid) || isMarked(reader, scope, stat.pid) || holdsLink(scope, stat.pid);
}

function isMarked(reader: ProcReader, scope: TreeScope, pid: number): boolean {
  return scope.marks.length > 0 && hasMark(reader.text(`/proc/${pid}/limits`), scope.marks);
}

function carriesCookie(scope: TreeScope, pid: number): boolean {
  if (scope.cookies.length === 0) return false;
  try {
    const environment = readFileSync(`/proc/${pid}/environ`);
    return scope.cookies.some((cookie) => environment.includes(cookie));
  } catch (error) {
    return missing(error) ?? false;
  }
}

function holdsLink(scope: TreeScope, pid: number): boolean {
  if (scope.links.size === 0) return false;
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => {
      const link = readLink(`/proc/${pid}/fd/${fd}`);
      return link !== null && scope.links.has(link);
    });
  } catch (error) {
    return missing(error) ?? false;
  }
}

/**
 * A member's session was made inside the tree, unless it is ours: whoever is in it belongs to the tree, also
 * after its parents are gone. A scope without a root (cookies of an earlier run) does not grow in this way.
 */
function remember(scope: TreeScope, stat: ProcessStat, ownSession: number): void {
  scope.members.set(stat.pid, stat.start);
  if (scope.root === null || stat.session === ownSession) return;
  if (stat.session === scope.root.pid || scope.members.get(stat.session) !== undefined) {
    scope.groups.add(stat.session);
  }
}

function readLink(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch (error) {
    return missing(error);
  }
}
