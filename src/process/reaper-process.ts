import { execFileSync } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../core/clock.ts';
import { endTree } from './end-tree.ts';
import { findProcesses } from './process-tree.ts';

import { treeMark } from './tree-mark.ts';
import type { ProcessFinder, TreeScope } from './tree-scope.ts';

/** Looks in a row that must find nothing: a process between fork and exec shows nothing yet. */
const QUIET_LOOKS = 4;
const PAUSE_MS = 50;

export interface ReaperProcessOptions {
  /** What to mark the orchestrator with: the variable ORCHESTRATOR_REAPER of this process. */
  readonly mark: string;
  readonly input: Readable;
  readonly output: Writable;
  readonly clock: Clock;
}

interface Watched {
  /** The orchestrator: nobody to end, though it has the mark. */
  readonly parent: number;
  readonly cookies: string[];
  group: number | null;
  links: string[];
  strayed: Map<number, number>;
}

/**
 * The reaper as this program itself, for systems without a usable shell: `main` routes the hidden argument
 * here, and `startReaper` is told it as `self`. Speaks as `REAPER_SCRIPT` does. Resolves when nothing is left.
 */
export async function runReaperProcess(options: ReaperProcessOptions): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});
  const finder = findProcesses(options.clock);
  const watched: Watched = { parent: process.ppid, cookies: [], group: null, links: [], strayed: new Map() };
  markParent(watched.parent, options.mark);
  options.output.write('ready\n');
  if (await listen(options.input, watched)) return;
  for (let quiet = 0; quiet < QUIET_LOOKS; ) {
    const tree = await endTree({
      finder,
      scope: scopeOf(watched, finder),
      graceMs: 0,
      clock: options.clock,
      rootEnded: () => true,
      immediate: () => true,
      onWake: () => () => {},
    });
    if (tree.survivors > 0) return;
    quiet = tree.killed === 0 ? quiet + 1 : 0;
    await sleep(PAUSE_MS);
  }
}

/** Where there is no prlimit, there is no mark, and `Reaper.marked` says so. */
function markParent(parent: number, mark: string): void {
  try {
    execFileSync('prlimit', ['--pid', String(parent), `--rttime=${mark}:`], { stdio: 'ignore' });
  } catch {
    // Not there or not allowed.
  }
}

/** True when it was dismissed (`bye`), false when the orchestrator is gone. */
async function listen(input: Readable, watched: Watched): Promise<boolean> {
  let rest = '';
  for await (const chunk of input) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line === 'bye') return true;
      note(watched, line.split(' '));
    }
  }
  return false;
}

function note(watched: Watched, [word, ...rest]: readonly string[]): void {
  if (word === 'cookie') watched.cookies.push(...rest);
  if (word === 'track') {
    watched.group = Number(rest[0]);
    watched.links = rest.slice(1).map((link) => link.replace(/:(\d+)$/, ':[$1]'));
  }
  if (word === 'strayed') watched.strayed = new Map(rest.filter(Boolean).map(parseIdentity));
  if (word === 'release') Object.assign(watched, { group: null, links: [], strayed: new Map() });
}

function parseIdentity(text: string): [number, number] {
  const [pid, start] = text.split(':').map(Number);
  return [pid ?? 0, start ?? 0];
}

function scopeOf(watched: Watched, finder: ProcessFinder): TreeScope {
  const self = finder.identify(process.pid);
  return {
    // Its own start is not known here, nor needed: the group is.
    root: watched.group === null ? null : { pid: watched.group, start: 0 },
    since: finder.method === 'proc' ? (self?.start ?? 0) : 0,
    groups: new Set(watched.group === null ? [] : [watched.group]),
    members: new Map(watched.strayed),
    cookies: watched.cookies,
    links: new Set(watched.links),
    marks: watched.cookies.map(treeMark),
    spared: new Set([process.pid, watched.parent]),
  };
}
