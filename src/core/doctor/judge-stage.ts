import { unreachable } from '../unreachable.ts';
import { type Finding, fine, problem, warning } from './finding.ts';

/** How a probe of a stage's binary ended. */
export type ProbeEnd =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'signalled'; readonly signal: string }
  | { readonly kind: 'not-started'; readonly message: string }
  /** It got SIGTERM; `signal` and `code` are how its own process ended then. */
  | {
      readonly kind: 'stopped';
      readonly code: number | null;
      readonly signal: string | null;
      /** From SIGTERM until nothing of it was left, ms. */
      readonly tookMs: number;
      readonly survivors: number;
    };

type Stopped = Extract<ProbeEnd, { readonly kind: 'stopped' }>;

/** One probe; times in ms. */
export interface ProbeFacts {
  readonly stage: string;
  /** What was typed, for messages: `agent --version`. */
  readonly command: string;
  readonly end: ProbeEnd;
  /** The last line that it printed; null where it said nothing. */
  readonly lastLine: string | null;
  readonly durationMs: number;
  /** Until it was told to end. */
  readonly limitMs: number;
  readonly graceMs: number;
  /** In a sandbox, or as it is. */
  readonly where: string;
}

/** Whether the binary can be started under the limits of its stage. */
export function judgeStart(facts: ProbeFacts): Finding {
  const { command, end, durationMs, limitMs, where } = facts;
  const said = { check: 'stage-start', subject: facts.stage } as const;
  const fix = 'give arguments that end at once and change nothing, with --probe-arg';
  switch (end.kind) {
    case 'exited':
      if (end.code === 0) return fine({ ...said, seen: exited(0, facts), means: 'it can be started' });
      return warning({
        ...said,
        seen: `${exited(end.code, facts)}; it said ${facts.lastLine === null ? 'nothing' : facts.lastLine.slice(0, 300)}`,
        means: 'it can be started, and failed at this',
        fix: `${fix}; with a sandbox, look whether it needs --sandbox-read`,
      });
    case 'signalled':
      return problem({
        ...said,
        seen: `${command}: ended by ${end.signal} after ${durationMs} ms, ${where}`,
        means: 'it was started and crashed',
        fix: `run ${command} by hand, then look again`,
      });
    case 'not-started':
      return problem({
        ...said,
        seen: end.message,
        means: 'the stage cannot start',
        fix: 'correct its -bin, make it executable, or show what it needs with --sandbox-read',
      });
    case 'stopped':
      return warning({
        ...said,
        seen: `${command}: still running after ${limitMs} ms, ${where}`,
        means: 'it can be started; it may have begun to work instead of answering',
        fix,
      });
    default:
      return unreachable(end);
  }
}

function exited(code: number, { command, durationMs, where }: ProbeFacts): string {
  return `${command}: exit ${code} after ${durationMs} ms, ${where}`;
}

const UNSEEN = 'not seen: what it does with SIGTERM; after the grace period it is killed in any case';

/**
 * Whether SIGTERM ends it within the grace period. `second` is a probe that was told to end half-way; null where the
 * first one ran into its limit, or could not start.
 */
export function judgeEnd(first: ProbeFacts, second: ProbeFacts | null): readonly Finding[] {
  const facts = first.end.kind === 'stopped' ? first : second;
  if (facts === null) return [];
  const { end, command, limitMs } = facts;
  const said = { check: 'stage-end', subject: facts.stage } as const;
  if (end.kind !== 'stopped') {
    const seen = `${command} had ended by itself before SIGTERM (${limitMs} ms)`;
    return [fine({ ...said, seen, means: UNSEEN })];
  }
  return [judgeStopped(facts, end, first)];
}

function judgeStopped(facts: ProbeFacts, end: Stopped, first: ProbeFacts): Finding {
  const { command, graceMs, limitMs } = facts;
  const said = { check: 'stage-end', subject: facts.stage } as const;
  if (end.survivors > 0) {
    return problem({
      ...said,
      seen: `${end.survivors} of its processes could not be killed`,
      means: 'a run that has to stop it fails with survivors',
      fix: 'end them by hand (they may hang in the kernel), and find out what they wait for',
    });
  }
  if (end.signal === 'SIGKILL' || end.tookMs >= graceMs) {
    return warning({
      ...said,
      seen: `it was still there ${graceMs} ms after SIGTERM, and was killed`,
      means: 'a timeout or an interrupt ends it by SIGKILL: it tidies nothing up',
      fix: 'make it end on SIGTERM, or give it longer with --kill-grace-ms',
    });
  }
  if (first.end.kind === 'exited' && end.signal === null && end.code === first.end.code) {
    const seen = `${command} ended as it had before (exit ${first.end.code}), ${end.tookMs} ms after SIGTERM`;
    return fine({ ...said, seen, means: UNSEEN });
  }
  const how = end.signal === null ? `exit ${end.code ?? 'unknown'}` : end.signal;
  const seen = `SIGTERM after ${limitMs} ms: ended by ${how} within ${end.tookMs} ms`;
  return fine({ ...said, seen, means: `it ends within --kill-grace-ms ${graceMs}, at that moment` });
}

/** A folder that the stage has to write to, and whether it can under its own limits. */
export interface WriteFacts {
  readonly stage: string;
  /** `the work tree`, or the artifact that belongs there. */
  readonly what: string;
  readonly path: string;
  /** `unknown` says in words why it could not be found out. */
  readonly writable: boolean | { readonly unknown: string };
  readonly where: string;
}

/** An artifact that cannot be written fails the stage after all its work. */
export function judgeWrite({ stage, what, path, writable, where }: WriteFacts): Finding {
  const said = { check: 'stage-write', subject: stage } as const;
  if (writable === true)
    return fine({ ...said, seen: `${path} can be written, ${where}`, means: `${what} can be left there` });
  if (writable === false) {
    return problem({
      ...said,
      seen: `${path} cannot be written, ${where}`,
      means: `${what} cannot be left there: the stage would fail`,
      fix: 'make the folder, give this user the right to write, or add it with --sandbox-write',
    });
  }
  return warning({
    ...said,
    seen: `${path}: ${writable.unknown}`,
    means: `not found out: whether ${what} can be left there`,
    fix: 'look at stage-start first, then look again',
  });
}
