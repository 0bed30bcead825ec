import type { GateName } from '../../../src/core/gates/gate.ts';
import { BEHAVIOURS, type Behaviour } from './behaviours.ts';
import { type Configuration, stepsOf } from './configuration.ts';

/** The stages in their order. */
export const STAGES = ['planning', 'policy_ingestion', 'execution', 'validation', 'closure'];

/** Passing words come up more often, so that walks get beyond the gates. */
const WORDS = {
  policy: [...repeated('allow'), 'deny', 'unknown'],
  ci: [...repeated('success'), 'pending', 'failure', 'missing'],
  review: [...repeated('approved'), 'changes_requested', 'missing'],
};

function repeated(word: string): readonly string[] {
  return Array.from({ length: 10 }, () => word);
}

/** What one invocation is given, and what happens to it. */
export interface Invocation {
  readonly resume: boolean;
  readonly rerunFrom: string | null;
  readonly asserted: Readonly<Partial<Record<GateName, string>>>;
  readonly simulateBlocked: boolean;
  /** Null leaves what it was. */
  readonly attempts: number | null;
  readonly cycles: number | null;
  /** Gives the executor another argument than before. */
  readonly changesExecutor: boolean;
  /** Somebody changes the work tree before it. */
  readonly treeChangedBefore: boolean;
  /** What each step does at its first, second, … start. */
  readonly plans: Readonly<Record<string, readonly Behaviour[]>>;
  /** What is sent to the orchestrator when an agent hangs. */
  readonly signal: 'SIGTERM' | 'SIGINT' | 'SIGHUP' | 'SIGKILL';
}

/** More than a step can be started in one invocation. */
const STARTS = 12;

/** Draws an invocation: the first of a walk is fresh, most others resume. */
export function drawInvocation(chance: () => number, of: Configuration, isFirst: boolean): Invocation {
  const pick = <One>(list: readonly One[]): One => {
    const one = list[Math.floor(chance() * list.length)];
    if (one === undefined) throw new Error('nothing to pick from');
    return one;
  };
  const maybe = (probability: number): boolean => chance() < probability;
  const resume = !isFirst && maybe(0.93);
  const asserted = (['policy', 'ci', 'review'] as const).filter(() => maybe(resume ? 0.5 : 0.95));
  return {
    resume,
    rerunFrom: resume && maybe(0.2) ? pick(STAGES) : null,
    asserted: Object.fromEntries(asserted.map((gate) => [gate, pick(WORDS[gate])])),
    simulateBlocked: maybe(0.08),
    attempts: !resume || maybe(0.3) ? 1 + Math.floor(chance() * 3) : null,
    cycles: !resume || maybe(0.3) ? Math.floor(chance() * 3) : null,
    changesExecutor: resume && of.roles.includes('executor') && maybe(0.12),
    treeChangedBefore: !isFirst && maybe(0.2),
    plans: Object.fromEntries(stepsOf(of).map((step) => [step, drawPlan(chance, step)])),
    signal: pick(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGKILL', 'SIGKILL']),
  };
}

const OF_ROLES = 'leaves nothing, leaves garbage, times out'.split(', ');
const OF_REVIEWER = ['rejects', 'asks'];

/** A step that times out has a short limit in that invocation, and so does nothing else in it. */
function drawPlan(chance: () => number, step: string): readonly Behaviour[] {
  const possible = BEHAVIOURS.filter((one) => {
    if (OF_REVIEWER.includes(one)) return step === 'reviewer';
    return !OF_ROLES.includes(one) || !step.startsWith('command-');
  });
  possible.push('hangs');
  const plan = Array.from({ length: STARTS }, () =>
    chance() < 0.65 ? 'succeeds' : (possible[Math.floor(chance() * possible.length)] ?? 'succeeds'),
  );
  if (plan[0] === 'times out') return plan.map(() => 'times out');
  return plan.map((one) => (one === 'times out' ? 'fails' : one));
}

/** Milliseconds: one limit that is meant to be exceeded, and one that is not. */
const SHORT_MS = '700';
const LONG_MS = '120000';

/** The command line; `argument` is the executor's own, which counts up with each change. */
export function argvOf(
  { roles, delivers }: Configuration,
  invocation: Invocation,
  { fresh, argument }: { readonly fresh: readonly string[]; readonly argument: number },
): readonly string[] {
  const { resume, rerunFrom, asserted, attempts, cycles, plans } = invocation;
  const isChanged = !resume || invocation.changesExecutor;
  return [
    ...['./out', ...(resume ? ['--resume'] : fresh)],
    ...(rerunFrom === null ? [] : ['--rerun-from', rerunFrom]),
    ...Object.entries(asserted).flatMap(([gate, word]) => [`--${gate}-status`, word]),
    ...(invocation.simulateBlocked ? ['--simulate-blocked'] : []),
    // Each run of its own: a branch is never forced.
    ...(delivers && !resume ? ['--delivery-branch', `agent/${argument}`] : []),
    ...(attempts === null ? [] : ['--execution-max-iterations', String(attempts)]),
    ...(cycles === null ? [] : ['--reviewer-remediation-max-cycles', String(cycles)]),
    ...(roles.includes('executor') && isChanged ? ['--executor-arg', String(argument)] : []),
    ...roles.flatMap((role) => [
      `--${role}-timeout-ms`,
      plans[role]?.[0] === 'times out' ? SHORT_MS : LONG_MS,
    ]),
  ];
}
