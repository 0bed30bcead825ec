import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Finished } from '../../e2e/live-process.ts';
import type { Report } from '../../e2e/records.ts';
import type { Rig } from '../../e2e/rig.ts';
import { endingOf } from '../said.ts';

/** What a run is expected to say, and a run that has said it. */
export interface Ending {
  readonly out: string;
  readonly run: Finished;
  readonly code: number;
}

/** The code that a run ends with, by the terminal state of its report; null where that alone does not say. */
const CODE_OF_STATE: Readonly<Record<string, number>> = { done: 0, blocked: 3, failed: 1, timeout: 124 };

const INTERRUPTED: readonly number[] = [129, 130, 143];

/** Where exit code, report, gates and verify do not say the same; empty where all agree with what was expected. */
export async function disagreements(rig: Rig, { out, run, code }: Ending): Promise<readonly string[]> {
  const wrong = run.code === code ? [] : [`expected exit ${code}: ${endingOf(run)}`];
  const folder = join(rig.work, out);
  if (!existsSync(join(folder, 'orchestrator_run_report.json'))) return [...wrong, 'there is no report'];
  const report = rig.report(folder);
  const verified = await rig.run(['verify', out], { limitMs: 10_000 });
  const expected = code === 0 || code === 3 ? code : 1;
  return [
    ...wrong,
    ...(verified.code === expected ? [] : [`expected verify to exit ${expected}: ${endingOf(verified)}`]),
    ...disagreementsOfReport(report, run.code),
  ];
}

function disagreementsOfReport(report: Report, code: number | null): readonly string[] {
  const state = report.terminal_state;
  const shown = `terminal_state ${state}, exit ${code}`;
  if (state === null) return INTERRUPTED.includes(code ?? 0) ? [] : [shown];
  const passed = report.gate_decisions.length === 3 && report.gate_decisions.every((one) => one.passed);
  return [
    ...(CODE_OF_STATE[state] === code ? [] : [shown]),
    ...(code === 0 && !passed ? ['exit 0 with a gate that has not passed'] : []),
    ...(code === 0 && report.blocked_reason_codes.length > 0 ? ['exit 0 with reason codes'] : []),
    ...(code === 3 && report.blocked_reason_codes.length === 0 ? ['blocked without a reason code'] : []),
  ];
}
