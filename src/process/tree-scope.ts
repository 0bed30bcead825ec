import type { ProcessIdentity } from './process-stat.ts';

/**
 * What makes a process one of ours. It grows while the stage runs: a process that was seen once stays a member
 * when it leaves the group, the session and its environment behind.
 */
export interface TreeScope {
  /** The stage's own process; null when only cookies count. */
  readonly root: ProcessIdentity | null;
  /** Processes that started before this (same unit as `start`) cannot belong to the tree. */
  readonly since: number;
  /** Ids of process groups and sessions that only this tree can be in. */
  readonly groups: Set<number>;
  readonly members: Map<number, number>;
  /** What to look for in a process's environment. */
  readonly cookies: readonly string[];
  /** `pipe:[1]`, `socket:[2]`: the stage's ends of its output. */
  readonly links: ReadonlySet<string>;
  /** See `tree-mark.ts`; empty where nothing could be marked. */
  readonly marks: readonly string[];
  /** Never members, whatever they look like: this process and the reaper. */
  readonly spared: ReadonlySet<number>;
}

/** Everything alive that a sweep found. */
export interface Sighting {
  readonly alive: readonly (ProcessIdentity & { readonly group: number })[];
  /** Processes that went away while the sweep looked: one of them may have left a child behind. */
  readonly vanished: number;
  /** The sweep could not look (no descriptors left): it says nothing about what there is. */
  readonly blind: boolean;
}

/** `quick` looks at relations only and is for now and then; `full` also reads environments and open files. */
export type SweepDepth = 'quick' | 'full';

/** How processes are found and signalled on this system. */
export interface ProcessFinder {
  readonly method: 'proc' | 'ps' | 'none';
  /** The identity of a process that was just started; null when it is gone already or cannot be told. */
  readonly identify: (pid: number) => ProcessIdentity | null;
  /** Finds what is alive and adds it to the scope's members. */
  /**
   * `elders` spares sweeps that follow one another closely: pids that were older than the scope a moment ago
   * are not looked at again. Whoever keeps it empties it before a number could have been given out anew.
   */
  readonly find: (scope: TreeScope, depth: SweepDepth, elders?: Set<number>) => Sighting | Promise<Sighting>;
  /** Signals a process if it is still the same one. False when it is not there, or not ours to signal. */
  readonly signal: (identity: ProcessIdentity, signal: NodeJS.Signals) => boolean;
  /** Signals all of a group; false when there is none. */
  readonly signalGroup: (group: number, signal: NodeJS.Signals) => boolean;
}

/** The name under which a process tree is marked in the environment: `<cookie>[:<cookie>…]`, ours last. */
export const TREES_VARIABLE = 'ORCHESTRATOR_TREES';
