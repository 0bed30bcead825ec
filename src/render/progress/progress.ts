import type { Observe } from '../../core/observation.ts';
import type { EvidencePlace } from '../evidence-place.ts';

export const PROGRESS_MODES = ['plain', 'terminal', 'json', 'quiet'] as const;
export type ProgressMode = (typeof PROGRESS_MODES)[number];

export interface ProgressOptions {
  /** `terminal` only where stdout is one; CI and pipes get `plain`, so that no log holds a live line. */
  readonly mode: ProgressMode;
  /** May throw or fail: what cannot be told is lost, the run goes on (spec section 8). */
  readonly write: (text: string) => void;
  /** Whether what was written before is still to be taken: then nothing is drawn. Never where left out. */
  readonly isBehind?: () => boolean;
  /** Columns of the terminal now; 0 where it does not say. */
  readonly columns: () => number;
  /** Rows of the terminal now; 0 where it does not say. */
  readonly rows: () => number;
  readonly color: boolean;
  /** Whether the terminal shows more than ASCII. */
  readonly unicode: boolean;
  /** Unix ms. */
  readonly now: () => number;
  /** Echoes what the agents print, each line prefixed with its stage. */
  readonly verbose: boolean;
  /** Puts what is echoed in plain lines into groups of GitHub Actions. */
  readonly groups: boolean;
  /** What the commands that are suggested at the end have to name. */
  readonly place: EvidencePlace;
  /** The live block's clock; a timer that keeps no process alive where left out. */
  readonly startTimer?: StartTimer;
}

/** Calls `tick` every `ms` until the answer is called. */
export type StartTimer = (ms: number, tick: () => void) => () => void;

/** One way of telling a run. */
export interface Progress {
  readonly observe: Observe;
  /** Erases what is live and lets go of the timer; to be called once, whatever ended the run. */
  readonly close: () => void;
  /** Takes what is live off the terminal before this process is stopped; the next frame shows it again. */
  readonly hide: () => void;
  /** Draws what is live anew, when the terminal has another size or this process goes on. */
  readonly redraw: () => void;
}

/** Of progress that has nothing live. */
export const unmoved: Pick<Progress, 'hide' | 'redraw'> = { hide: () => {}, redraw: () => {} };
