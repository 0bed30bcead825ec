import { undecidedGates } from '../../../src/core/gates/undecided.ts';
import type { Finished } from '../../e2e/live-process.ts';
import type { Report } from '../../e2e/records.ts';
import type { Rig } from '../../e2e/rig.ts';
import type { Prediction } from './model.ts';
import type { World } from './world.ts';

/** What is compared of a run's evidence, as words. */
interface Shown {
  readonly terminal: string | null;
  readonly gates: string;
  readonly codes: string;
  readonly records: string;
  readonly entered: string;
}

/** Where an invocation is not as predicted: exit code, starts, report, `verify`. */
export async function compare(
  rig: Rig,
  { world, code, starts, refused }: Prediction,
  seen: { readonly ended: Finished; readonly starts: readonly string[] },
): Promise<readonly string[]> {
  const { ended } = seen;
  if (ended.hung) return ['it hung'];
  const wrong = differences('exit code', code, ended.code).map((one) => `${one}: ${lastLine(ended.stderr)}`);
  const started = seen.starts.filter((line) => line.startsWith('start '));
  wrong.push(...differences('starts', starts.join(', '), started.join(', ')));
  if (refused && world.state.status === 'pending') return wrong;
  const expected = expectedOf(world);
  const found = foundIn(rig.report());
  for (const key of ['terminal', 'gates', 'codes', 'records', 'entered'] as const) {
    wrong.push(...differences(key, expected[key], found[key]));
  }
  const verified = await rig.run(['verify', './out']);
  const verifies = { done: 0, blocked: 3 }[expected.terminal ?? ''] ?? 1;
  // A change of the tree since the closure is for `verify` to find as well: only 0 has to be right.
  if ((verified.code === 0) !== (verifies === 0) && !refused) {
    wrong.push(`verify: expected exit ${verifies}, got ${verified.code}: ${lastLine(verified.stdout)}`);
  }
  return wrong;
}

function differences(what: string, expected: unknown, found: unknown): string[] {
  return expected === found ? [] : [`${what}: expected ${expected}, got ${found}`];
}

function expectedOf({ state, records, entered }: World): Shown {
  const isDecided = state.status === 'done' || state.status === 'blocked';
  const isOver = isDecided || state.status === 'failed' || state.status === 'timeout';
  return {
    terminal: isOver ? state.status : null,
    gates: shownGates(isDecided ? state.decisions : undecidedGates()),
    codes: state.status === 'blocked' ? state.codes.join(', ') : '',
    records: records.join(', '),
    entered: entered.join(', '),
  };
}

function foundIn(report: Report): Shown {
  return {
    terminal: report.terminal_state,
    gates: shownGates(report.gate_decisions),
    codes: report.blocked_reason_codes.join(', '),
    records: report.stage_executions.map(({ stage, status }) => `${stage} ${status}`).join(', '),
    entered: report.transitions.map((one) => one.to_stage).join(', '),
  };
}

function shownGates(decisions: Report['gate_decisions']): string {
  return decisions.map(({ gate, status, passed }) => `${gate} ${status} ${passed}`).join(', ');
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)?.slice(0, 200) ?? '';
}
