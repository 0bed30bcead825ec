import type { Finished } from '../../e2e/live-process.ts';
import { differences } from '../faults/comparable.ts';
import { unparseable } from '../faults/evidence.ts';
import type { Point } from '../faults/fault.ts';
import type { Ground } from '../faults/points.ts';
import { type Crash, describeEnd, goOn, inspectCrash } from '../faults/try-point.ts';

/**
 * Lets one operation fail. The run ends with a code that says so, or the fault was harmless and everything is in
 * place; then a resume without faults ends as the undisturbed run does. Null where the fault did not come to pass.
 */
export async function tryFailure(ground: Ground, { faults }: Point): Promise<readonly string[] | null> {
  const { stand, undisturbed } = ground;
  const [fault] = faults;
  if (fault === undefined) return null;
  await stand.reset();
  const run = await stand.run(stand.scenario.args(stand.rig), fault);
  if (!stand.hasStruck()) return null;
  const crash = await inspectCrash(stand, run);
  return [
    ...crash.problems,
    ...(fault.deed === 'torn' ? wrongKill(run) : await wrongVerdict(ground, run, crash)),
    ...(await goOn(stand, crash, undisturbed)),
  ];
}

function wrongKill(run: Finished): readonly string[] {
  return run.signal === 'SIGKILL' ? [] : [`expected it to be killed, got ${describeEnd(run)}`];
}

/**
 * Code 1, 2 where nothing has begun, or 3 where git could not tell policy what was changed; 0 only for what `verify` finds whole,
 * with the undisturbed report.
 */
export async function wrongVerdict(
  { stand, undisturbed }: Ground,
  run: Finished,
  crash: Crash,
): Promise<readonly string[]> {
  if (run.code === 1) return run.stderr === '' && run.stdout === '' ? ['exit 1 without a word'] : [];
  if (run.code === 2) return crash.starts.size === 0 ? [] : [`a stage had begun: ${describeEnd(run)}`];
  if (run.code === 3 && run.said.includes('"code":"change_unreadable"')) return [];
  if (run.code !== 0) return [`expected exit 1, or 2 before anything begins, got ${describeEnd(run)}`];
  const verified = await stand.run(['verify', './out'], null);
  return [
    ...(verified.code === 0 ? [] : [`exit 0, and verify says ${describeEnd(verified)}`]),
    ...unparseable(stand.rig.out, true),
    ...differences(stand.rig, undisturbed.report),
  ];
}
