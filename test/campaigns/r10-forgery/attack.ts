import type { Finished } from '../../e2e/live-process.ts';
import type { Rig } from '../../e2e/rig.ts';
import { endingOf } from '../said.ts';

/** One way to a verdict that is not deserved, or to what is not the attacker's. */
export interface Attack {
  /** The row of the threat table (README.md). */
  readonly row: number;
  readonly name: string;
  /** What shows that this can fail: a control in the attack itself, or the defence whose removal turns it red. */
  readonly control: string;
  /** Performs it; the answer is everything that is not as it should be. */
  readonly attempt: (rig: Rig) => Promise<readonly string[]>;
}

/** A row that is not tried here, and why. */
export interface NotTried {
  readonly row: number;
  readonly name: string;
  readonly why: string;
}

/** Empty where the run ended with one of the codes and has said all of `said`. */
export function unlessEnded(
  run: Finished,
  codes: number | readonly number[],
  ...said: readonly string[]
): readonly string[] {
  const wanted = typeof codes === 'number' ? [codes] : codes;
  const missing = said.filter((one) => !run.said.includes(one)).map((one) => `did not say ${one}`);
  const fits = run.code !== null && wanted.includes(run.code) && !run.hung;
  return [...(fits ? [] : [`expected exit ${wanted.join(' or ')}: ${endingOf(run)}`]), ...missing];
}

/** A complaint where something is not as it has to be. */
export function unless(holds: boolean, complaint: string): readonly string[] {
  return holds ? [] : [complaint];
}
