import type { Clock } from '../core/clock.ts';
import type { ProcessTreeRecord } from '../core/records.ts';
import type { CancelCause, Cancellation } from './cancellation.ts';
import type { LinesWanted } from './line-splitter.ts';
import type { Mask } from './mask.ts';
import type { Reaper } from './reaper.ts';
import type { SandboxView } from './sandbox/mounts.ts';
import type { CapturedStream } from './stream-capture.ts';
import type { SweepMemory } from './sweep-memory.ts';

export type StreamName = 'stdout' | 'stderr';

/** A sandbox that is made for one invocation. */
export interface CommandSandbox {
  /** Absolute path of bubblewrap. */
  readonly bubblewrap: string;
  readonly view: SandboxView;
}

/** Everything that one invocation of a binary is started with. Paths are absolute. */
export interface CommandSpec {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** Complete: nothing else reaches the child. */
  readonly env: Readonly<Record<string, string>>;
  /** What it reads from stdin; left out, stdin is closed. */
  readonly stdin?: Buffer;
  /** Where it is to run; null runs it as it is, with all that this user can reach. */
  readonly sandbox: CommandSandbox | null;
  /** ms, at most 2^31 - 1. */
  readonly timeoutMs: number;
  /** Between SIGTERM and SIGKILL, ms. */
  readonly graceMs: number;
  /** Created exclusively, mode 0600. */
  readonly stdoutLog: string;
  readonly stderrLog: string;
  /** Bound of each log. */
  readonly maxLogBytes: number;
  readonly mask: Mask;
  /** What of `env` marks this invocation's processes (`ORCHESTRATOR_TREES` holds it). */
  readonly cookie: string;
  /** Masked lines of bounded length, for progress and echo, as long as they are kept; null when nobody looks. */
  readonly onLine: ((stream: StreamName, line: string) => void) | null;
  /** `every` where left out. */
  readonly lines?: LinesWanted;
  /** Whether what is kept of stdout is digested as it comes, for who reads the log later; no where left out. */
  readonly digestStdout?: boolean;
  readonly cancellation: Cancellation;
  readonly clock: Clock;
  /** What ends the tree if this process is killed; null does without (tests, `doctor`). */
  readonly reaper: Reaper | null;
  /** Shared by the invocations of one run. */
  readonly sweepMemory?: SweepMemory;
}

/** How an invocation ended: the first cause, whatever happened after it. */
export type CommandEnd =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'signalled'; readonly signal: string }
  /** `code` and `signal` are how the process ended when it was stopped; both null if it could not be. */
  | { readonly kind: 'timed-out'; readonly code: number | null; readonly signal: string | null }
  | {
      readonly kind: 'cancelled';
      readonly cause: CancelCause;
      readonly code: number | null;
      readonly signal: string | null;
    }
  /** Nothing was started. */
  | { readonly kind: 'spawn-failed'; readonly errno: string; readonly message: string };

export interface CommandOutcome {
  readonly end: CommandEnd;
  /** Unix ms. */
  readonly startedAtMs: number;
  /** Until the process had ended, ms; what its tree took after that does not count. */
  readonly durationMs: number;
  readonly stdout: CapturedStream;
  readonly stderr: CapturedStream;
  readonly tree: ProcessTreeRecord;
  /** A log that could not be created or written, in words: evidence is incomplete. */
  readonly logFailure: string | null;
}
