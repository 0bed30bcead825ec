import type { Clock } from '../core/clock.ts';
import type { ProcessTreeRecord } from '../core/records.ts';
import { directProcesses } from './direct-processes.ts';
import { endTree } from './end-tree.ts';
import { linuxProcesses } from './linux-processes.ts';
import type { ProcessIdentity } from './process-stat.ts';
import { psProcesses } from './ps-processes.ts';
import { treeMark } from './tree-mark.ts';
import type { ProcessFinder, TreeScope } from './tree-scope.ts';

/** The best way this system has of finding processes; what it is ends up in the record as `method`. */
export function findProcesses(clock: Clock): ProcessFinder {
  const platform = process.platform;
  if (platform === 'linux') return linuxProcesses(process.pid) ?? directProcesses(platform);
  return platform === 'win32' ? directProcesses(platform) : psProcesses(clock.now);
}

export interface ScopeOptions {
  readonly root: ProcessIdentity;
  readonly cookie: string;
  readonly links: Iterable<string>;
  /** Whether this process, and so what it starts, has the cookie's mark (`Reaper.marked`). */
  readonly marked: boolean;
  readonly reaperPid: number | null;
}

/** The scope of a stage whose process has just been started as the leader of its own session. */
export function stageScope(options: ScopeOptions): TreeScope {
  const { root } = options;
  return {
    root,
    since: root.start,
    groups: new Set([root.pid]),
    members: new Map([[root.pid, root.start]]),
    cookies: [options.cookie],
    links: new Set(options.links),
    marks: options.marked ? [treeMark(options.cookie)] : [],
    spared: spared(options.reaperPid),
  };
}

export interface SweepCookiesOptions {
  readonly clock: Clock;
  /** Between SIGTERM and SIGKILL, ms. */
  readonly graceMs: number;
  /** This invocation's reaper, which is never swept. */
  readonly reaperPid: number | null;
}

/**
 * Ends whatever still carries a cookie of an earlier invocation (spec/orchestrate.md section 6): called on
 * resume, before any stage starts. `killed` counts what was found.
 */
export async function sweepCookies(
  cookies: readonly string[],
  options: SweepCookiesOptions,
): Promise<ProcessTreeRecord> {
  const finder = findProcesses(options.clock);
  const scope: TreeScope = {
    root: null,
    since: 0,
    groups: new Set(),
    members: new Map(),
    cookies,
    links: new Set(),
    marks: cookies.map(treeMark),
    spared: spared(options.reaperPid),
  };
  if (cookies.length === 0) return { killed: 0, survivors: 0, clean_sweeps: 0, method: finder.method };
  return endTree({
    finder,
    scope,
    graceMs: options.graceMs,
    clock: options.clock,
    rootEnded: () => true,
    immediate: () => false,
    onWake: () => () => {},
  });
}

function spared(reaperPid: number | null): ReadonlySet<number> {
  return new Set(reaperPid === null ? [process.pid] : [process.pid, reaperPid]);
}
