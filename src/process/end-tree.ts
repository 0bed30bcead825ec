import type { Clock } from '../core/clock.ts';
import type { ProcessTreeRecord, StopRecord } from '../core/records.ts';
import { createSweepMemory, type SweepMemory } from './sweep-memory.ts';
import type { ProcessFinder, Sighting, TreeScope } from './tree-scope.ts';

/** Sweeps in a row that must find nothing. */
const CLEAN_SWEEPS = 2;
/** Sweeps that may be repeated only because unrelated processes came and went meanwhile. */
const UNSETTLED_SWEEPS = 5;
/** What still lives this long after the first SIGKILL cannot be killed, ms. */
const KILL_BOUND_MS = 10_000;
const LONGEST_PAUSE_MS = 50;

export interface EndTreeOptions {
  readonly finder: ProcessFinder;
  readonly scope: TreeScope;
  /** Between SIGTERM and SIGKILL, ms. */
  readonly graceMs: number;
  readonly clock: Clock;
  /** Monotonic ms that a stop is timed from; when this begins where left out. */
  readonly sinceMs?: number;
  /** Shared by stages that follow one another closely; one of its own where left out. */
  readonly memory?: SweepMemory;
  /** A pid of the tree that is ours and not the stage's (a sandbox's own): ended with it, not counted as killed. */
  readonly uncounted?: () => number | null;
  /** Whether the stage's own process has been waited for. */
  readonly rootEnded: () => boolean;
  /** True: no grace from now on. */
  readonly immediate: () => boolean;
  /** Calls back when `rootEnded` or `immediate` may have changed; the result unsubscribes. */
  readonly onWake: (listener: () => void) => () => void;
}

/**
 * Ends a process tree: SIGTERM, the grace period, SIGKILL, and sweeps until nothing is found (spec section 4).
 * The same loop serves a stage that has exited (then it usually costs two sweeps) and one that has to be
 * stopped. What is started meanwhile is found by the next sweep and gets the same.
 */
export async function endTree(options: EndTreeOptions): Promise<ProcessTreeRecord> {
  const { finder, scope, clock } = options;
  const sinceMs = options.sinceMs ?? clock.monotonic();
  const ending = { termed: new Set<string>(), killed: new Set<number>(), sinceMs, termAt: -1, killAt: -1 };
  const memory = options.memory ?? createSweepMemory(clock);
  let clean = 0;
  let unsettled = 0;
  let pauseMs = 1;
  for (;;) {
    const seen = await finder.find(scope, 'full', memory.elders());
    const now = clock.monotonic();
    if (seen.alive.length === 0 && !seen.blind && options.rootEnded()) {
      if (seen.vanished > 0 && unsettled < UNSETTLED_SWEEPS) {
        unsettled += 1;
        clean = 0;
        continue;
      }
      clean += 1;
      if (clean === CLEAN_SWEEPS) return record(options, ending, { survivors: 0, clean });
      continue;
    }
    clean = 0;
    if (ending.termAt < 0) ending.termAt = now;
    const graceLeft = options.immediate() ? 0 : ending.termAt + options.graceMs - now;
    if (graceLeft <= 0 && ending.killAt < 0) ending.killAt = now;
    signalAll(options, seen, ending, graceLeft <= 0);
    if (ending.killAt >= 0 && now - ending.killAt > KILL_BOUND_MS) {
      return record(options, ending, { survivors: Math.max(1, seen.alive.length), clean });
    }
    await pause(options, graceLeft > 0 ? Math.min(pauseMs, graceLeft) : pauseMs);
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  }
}

function record(
  options: EndTreeOptions,
  ending: Ending,
  sweeps: { readonly survivors: number; readonly clean: number },
): ProcessTreeRecord {
  return {
    killed: ending.killed.size,
    survivors: sweeps.survivors,
    clean_sweeps: sweeps.clean,
    method: options.finder.method,
    ...(ending.termAt < 0 ? {} : { stopped: stopOf(ending, options.clock.monotonic()) }),
  };
}

function stopOf({ sinceMs, termAt, killAt }: Ending, nowMs: number): StopRecord {
  const after = (ms: number): number => Math.max(0, Math.round(ms - sinceMs));
  return {
    term_after_ms: after(termAt),
    kill_after_ms: killAt < 0 ? null : after(killAt),
    gone_after_ms: after(nowMs),
  };
}

interface Ending {
  readonly termed: Set<string>;
  /** Pids other than the stage's own that were signalled. */
  readonly killed: Set<number>;
  /** Monotonic ms; -1 before there was one. */
  readonly sinceMs: number;
  readonly termAt: number;
  readonly killAt: number;
}

/** Groups first, so that one that forks cannot outrun the list; each process gets SIGTERM once. */
function signalAll(options: EndTreeOptions, seen: Sighting, ending: Ending, kill: boolean): void {
  const { finder, scope } = options;
  const fresh = seen.alive.filter((one) => kill || !ending.termed.has(`${one.pid}:${one.start}`));
  const groups = new Set(fresh.map((one) => one.group).filter((group) => scope.groups.has(group)));
  // Not waited for yet, its number can be nobody else's.
  if (seen.blind && scope.root !== null && !options.rootEnded()) groups.add(scope.root.pid);
  for (const group of groups) send(kill, (name) => finder.signalGroup(group, name));
  for (const one of fresh) {
    ending.termed.add(`${one.pid}:${one.start}`);
    if (one.pid !== scope.root?.pid && one.pid !== options.uncounted?.()) ending.killed.add(one.pid);
    if (!groups.has(one.group) || kill) send(kill, (name) => finder.signal(one, name));
  }
}

/** SIGCONT behind SIGTERM: a stopped process would otherwise never see it. */
function send(kill: boolean, signal: (name: NodeJS.Signals) => boolean): void {
  if (kill) signal('SIGKILL');
  else if (signal('SIGTERM')) signal('SIGCONT');
}

function pause(options: EndTreeOptions, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      unsubscribe();
      resolve();
    };
    const timer = setTimeout(done, Math.max(1, ms));
    const unsubscribe = options.onWake(done);
  });
}
