import type { Clock } from '../../core/clock.ts';
import type { Observe } from '../../core/observation.ts';
import type { RunListener } from '../../core/telemetry/run-listener.ts';
import type { CancellationSource } from '../../process/cancellation.ts';
import type { LinesWanted } from '../../process/line-splitter.ts';

/** What a run needs of the outside: everything that `main` owns or that a test wants to hold. */
export interface RunPorts {
  readonly clock: Clock;
  /** `bytes` random bytes in hex. */
  readonly random: (bytes: number) => string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What was typed, without the executable. */
  readonly argv: readonly string[];
  /** The caller's working directory, absolute. */
  readonly cwd: string;
  readonly version: string;
  readonly pid: number;
  readonly hostname: string;
  /** How to start this program as its own reaper, where there is no shell. */
  readonly self: { readonly file: string; readonly args: readonly string[] };
  /** Closes what the caller has left open beside the standard streams; called before any stage is started. */
  readonly closeInherited: () => void;
  readonly observe: Observe;
  /** Only where telemetry is asked for. */
  readonly listener?: RunListener | null;
  /** Which lines that stages print are looked at: each (`--verbose`), the last (a live display), or none. */
  readonly watchesOutput: LinesWanted | 'none';
  /** Signals end up here, and so do the run's own limit and a lost lock. */
  readonly cancellation: CancellationSource;
}
