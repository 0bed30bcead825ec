import { type Finding, fine, problem, warning } from './finding.ts';

/** Two looks at both clocks of this machine, in ms. */
export interface ClockFacts {
  readonly before: ClockLook;
  readonly after: ClockLook;
}

export interface ClockLook {
  /** Unix ms. */
  readonly wall: number;
  readonly monotonic: number;
}

/** This program did not exist before, and certificates and approvals of its time end long before the other. */
const EARLIEST = Date.UTC(2025, 0, 1);
const LATEST = Date.UTC(2100, 0, 1);
/** What a clock that is kept right by slewing never reaches, ms. */
const STEP_MS = 1_000;
/** Coarse file times, and file systems that keep whole or even seconds, ms. */
const FILE_TIME_MS = 3_000;

const SET_CLOCK = 'set the clock (timedatectl set-ntp true), then look again';

/** A wall clock that is wrong ages approvals and assertions wrongly. */
export function judgeClock({ before, after }: ClockFacts): Finding {
  const check = 'clock';
  const seen = isoOf(after.wall);
  if (!(after.wall >= EARLIEST && after.wall < LATEST)) {
    return problem({
      check,
      seen,
      means: 'the clock is wrong: signatures, approvals and assertions are aged by it',
      fix: SET_CLOCK,
    });
  }
  const step = Math.round(after.wall - before.wall - (after.monotonic - before.monotonic));
  if (Math.abs(step) > STEP_MS) {
    return warning({
      check,
      seen: `${seen}, and it was set by ${step} ms while this command looked`,
      means: 'times in evidence may run backwards; limits are measured by another clock and hold',
      fix: SET_CLOCK,
    });
  }
  return fine({
    check,
    seen,
    means: 'plausible, and it runs as fast as the one that limits are measured by',
  });
}

/** When a file was written: by this machine's clock around it, and by the file system's date on it, in Unix ms. */
export interface FileTimeFacts {
  readonly before: number;
  readonly after: number;
  readonly dated: number;
}

/** A share that is dated by another machine's clock confuses what tools make of file times. */
export function judgeFileTimes({ before, after, dated }: FileTimeFacts): Finding {
  const check = 'file-times';
  const off = Math.round(dated < before ? dated - before : Math.max(0, dated - after));
  if (Math.abs(off) <= FILE_TIME_MS)
    return fine({ check, seen: 'files are dated by the same clock', means: 'build tools can compare times' });
  return warning({
    check,
    seen: `a file that was written now is dated ${Math.abs(off)} ms ${off < 0 ? 'earlier' : 'later'}`,
    means: 'another clock dates the files of out_dir: tools that compare file times are misled',
    fix: 'set the clocks of both machines by NTP, or choose an out_dir on a local disk',
  });
}

function isoOf(unixMs: number): string {
  const date = new Date(unixMs);
  return Number.isNaN(date.getTime()) ? String(unixMs) : date.toISOString();
}
