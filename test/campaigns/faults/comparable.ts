import type { Report } from '../../e2e/records.ts';
import type { Rig } from '../../e2e/rig.ts';

/** What two reports of one kind of run have in common, whatever came between: without times, ids, attempts. */
export function comparable(report: Report): unknown {
  return {
    ...{ ended: report.terminal_state, stage: report.current_stage, failure: report.failure },
    ...{ codes: report.blocked_reason_codes, steps: report.reviewer_next_steps },
    ...{ repo: report.repo, isolation: report.isolation, finished: report.finished_at !== null },
    gates: report.gate_decisions.map(({ gate, status, passed, reason_code }) => ({
      gate,
      status,
      passed,
      reason_code,
    })),
    entered: [...new Set(report.transitions.map(({ to_stage }) => to_stage))],
    artifacts: report.artifacts.map(({ path, sha256, copy, bytes }) => ({ path, sha256, copy, bytes })),
    steps_done: lastOutcomes(report),
  };
}

function lastOutcomes(report: Report): unknown {
  const last = new Map<string, unknown>();
  for (const one of report.stage_executions) {
    if (one.status === 'skipped') continue;
    const { stage, step, status, exit_code, command, args, binary, script } = one;
    last.set(`${stage}/${step}`, { stage, step, status, exit_code, command, args, binary, script });
  }
  return [...last.values()];
}

/** The fields in which the rig's report differs, with both values; empty where it says the same. */
export function differences(rig: Rig, undisturbed: unknown): readonly string[] {
  let report: Report;
  try {
    report = rig.report();
  } catch (error) {
    return [`the report cannot be read: ${error instanceof Error ? error.message : error}`];
  }
  const now = Object.entries(Object(comparable(report)));
  const then = new Map<string, unknown>(Object.entries(Object(undisturbed)));
  return now.flatMap(([name, value]) => {
    const [got, expected] = [JSON.stringify(value), JSON.stringify(then.get(name))];
    return got === expected ? [] : [`the report differs in ${name}: ${got}, undisturbed ${expected}`];
  });
}
