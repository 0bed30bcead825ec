import type { Finished } from '../../e2e/live-process.ts';
import { comparable, differences } from './comparable.ts';
import { readCheckpoint, type SavedCheckpoint, unparseable } from './evidence.ts';
import type { Fault } from './fault.ts';
import { leftOver, outOfPlace } from './left-over.ts';
import { type Expected, lostOf, recordedIn, type Starts, secondStarts, startsIn } from './promises.ts';
import type { Recorded, Stand } from './stand.ts';

/** What a run that nothing disturbs is like. */
export interface Undisturbed extends Recorded, Expected {
  readonly report: unknown;
}

/** Runs the stand's scenario undisturbed. Throws where even that does not end as it should. */
export async function recordUndisturbed(stand: Stand): Promise<Undisturbed> {
  const { rig, scenario } = stand;
  await stand.reset();
  const recorded = await stand.record(scenario.args(rig));
  const ended = wrongEnd(recorded.run, scenario.code);
  const problems = ended.length > 0 ? ended : [...leftOver(rig.out), ...outOfPlace(rig.out)];
  if (problems.length > 0) throw new Error(`${scenario.name}, undisturbed: ${problems.join('; ')}`);
  const { failed } = recordedIn(readCheckpoint(rig.out));
  const expected = { starts: startsIn(rig.ledger()), failed };
  return { ...recorded, ...expected, report: comparable(rig.report()) };
}

/** The state in which a disturbed invocation has left everything. */
export interface Crash {
  readonly checkpoint: SavedCheckpoint | null;
  readonly starts: Starts;
  readonly problems: readonly string[];
}

/** Looks at what an invocation has left that was killed or has failed: nothing lost, nothing half written. */
export async function inspectCrash(stand: Stand, run: Finished): Promise<Crash> {
  const { rig } = stand;
  // Until the trees are gone, an agent could still note its start.
  const survivors = await rig.survivorsAfter(5000);
  const checkpoint = readCheckpoint(rig.out);
  return {
    checkpoint,
    starts: startsIn(rig.ledger()),
    problems: [
      ...survivors.map((one) => `outlived the kill: ${one}`),
      ...(run.hung ? ['it hung and was killed at its limit'] : []),
      ...stacksIn(run),
      ...unparseable(rig.out, false),
      ...lostOf(run.stdout, checkpoint),
    ],
  };
}

/** Goes on without faults, fresh where no checkpoint is yet, and holds the end against the undisturbed run. */
export async function goOn(stand: Stand, crash: Crash, undisturbed: Undisturbed): Promise<readonly string[]> {
  const { rig, scenario } = stand;
  const run = await stand.run(argsAfter(stand, crash), null);
  const ended = wrongEnd(run, scenario.code);
  if (ended.length > 0) return ended;
  const again = secondStarts({
    ...{ expected: undisturbed, checkpoint: crash.checkpoint },
    ...{ before: crash.starts, after: startsIn(rig.ledger()) },
  });
  const verified = await stand.run(['verify', './out'], null);
  return [
    ...again,
    ...unparseable(rig.out, true),
    ...leftOver(rig.out),
    ...outOfPlace(rig.out),
    ...differences(rig, undisturbed.report),
    ...wrongEnd(verified, scenario.code).map((problem) => `verify: ${problem}`),
  ];
}

/** Arguments of the invocation after `crash`, or of the first where there was none. */
export function argsAfter({ rig, scenario }: Stand, crash: Crash | null): readonly string[] {
  return crash === null || crash.checkpoint === null ? scenario.args(rig) : scenario.again;
}

/**
 * Kills one invocation after the other, each at its fault, then goes on to the end. Returns what was broken on the
 * way; `null` where a fault did not come to pass because the run before had already done what it stands at.
 */
export async function tryKills(
  stand: Stand,
  faults: readonly Fault[],
  undisturbed: Undisturbed,
): Promise<readonly string[] | null> {
  await stand.reset();
  let crash: Crash | null = null;
  const problems: string[] = [];
  for (const fault of faults) {
    const last: Crash | null = crash;
    const run = await stand.run(argsAfter(stand, last), fault);
    if (!stand.hasStruck()) return null;
    if (run.signal !== 'SIGKILL') problems.push(`expected it to be killed, got ${describeEnd(run)}`);
    crash = await inspectCrash(stand, run);
    problems.push(...crash.problems);
    if (last === null) continue;
    const { starts: before, checkpoint } = last;
    problems.push(...secondStarts({ expected: undisturbed, checkpoint, before, after: crash.starts }));
  }
  return crash === null ? null : [...problems, ...(await goOn(stand, crash, undisturbed))];
}

function wrongEnd(run: Finished, code: number): readonly string[] {
  const wrong = run.code === code ? [] : [`expected exit ${code}, got ${describeEnd(run)}`];
  return [...wrong, ...stacksIn(run)];
}

function stacksIn({ said }: Finished): readonly string[] {
  return /\n {4}at /.test(said) ? ['a stack trace'] : [];
}

/** `exit 1: <the first line of stderr, or the last of stdout>`. */
export function describeEnd(run: Finished): string {
  const [first = ''] = run.stderr.split('\n');
  const line = first === '' ? (run.stdout.trimEnd().split('\n').at(-1) ?? '') : first;
  return `${run.signal ?? `exit ${run.code}`}: ${line.slice(0, 600)}`;
}
