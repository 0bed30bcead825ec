import { existsSync, mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Finished } from '../../e2e/live-process.ts';
import { ALL_PASS, type Rig, until } from '../../e2e/rig.ts';
import type { NamedPoint } from '../named-points.ts';
import { endingOf } from '../said.ts';
import { disagreements } from './agreement.ts';

/** A way for a run to end, and what a resume of it with nothing else changed ends with. */
interface Verdict {
  readonly name: string;
  readonly code: number | null;
  readonly resumed: number;
  readonly run: (rig: Rig) => Promise<Finished>;
}

const EXECUTOR = ['--executor-bin', '/bin/true'] as const;

const ended =
  (...flags: readonly string[]) =>
  (rig: Rig): Promise<Finished> =>
    rig.run(['./out', ...EXECUTOR, ...flags]);

/** A manager that sleeps the first time, and a signal for the orchestrator meanwhile. */
const signalled =
  (signal: NodeJS.Signals) =>
  async (rig: Rig): Promise<Finished> => {
    const once = `[ -e '${rig.base}/once' ] || { : > '${rig.base}/once'; sleep ${rig.nap}; }`;
    const manager = rig.agent('manager', once);
    const live = rig.start(['./out', ...ALL_PASS, ...EXECUTOR, '--manager-bin', manager]);
    await until('the manager sleeps', () => existsSync(`${rig.base}/once`));
    live.signal(signal);
    return live.finished;
  };

const VERDICTS: readonly Verdict[] = [
  { name: 'done', code: 0, resumed: 0, run: ended(...ALL_PASS) },
  { name: 'blocked at admission', code: 3, resumed: 3, run: ended() },
  { name: 'blocked at closure', code: 3, resumed: 3, run: ended('--policy-status', 'allow') },
  { name: 'failed', code: 1, resumed: 1, run: ended(...ALL_PASS, '--manager-bin', '/bin/false') },
  { name: 'not started', code: 1, resumed: 1, run: ended(...ALL_PASS, '--manager-bin', './none') },
  {
    name: 'timeout',
    code: 124,
    resumed: 124,
    run: (rig) =>
      ended(
        ...[...ALL_PASS, '--manager-bin', '/bin/sleep', '--manager-arg', rig.nap],
        ...['--manager-timeout-ms', '200'],
      )(rig),
  },
  { name: 'interrupted by SIGINT', code: 130, resumed: 0, run: signalled('SIGINT') },
  { name: 'interrupted by SIGTERM', code: 143, resumed: 0, run: signalled('SIGTERM') },
  { name: 'interrupted by SIGHUP', code: 129, resumed: 0, run: signalled('SIGHUP') },
  { name: 'killed', code: null, resumed: 0, run: signalled('SIGKILL') },
];

/** What becomes of the report between the run and its resume. */
const DAMAGE: Readonly<Record<string, (report: string) => void>> = {
  present: () => undefined,
  absent: (report) => rmSync(report),
  empty: (report) => truncateSync(report),
  corrupted: (report) => writeFileSync(report, '{"terminal_state": "done"'),
  'a forged done': (report) => writeFileSync(report, '{"terminal_state": "done", "gate_decisions": []}\n'),
  'a folder': (report) => {
    rmSync(report);
    mkdirSync(report);
  },
};

/** Every verdict with every state of its report before it is looked at again. */
export const VERDICT_POINTS: readonly NamedPoint[] = VERDICTS.flatMap((verdict) =>
  Object.keys(DAMAGE).map((damage) => ({
    name: `${verdict.name}, report ${damage}`,
    attempt: (rig) => tryVerdict(rig, verdict, damage),
  })),
);

async function tryVerdict(rig: Rig, verdict: Verdict, damage: string): Promise<readonly string[]> {
  const run = await verdict.run(rig);
  const first =
    verdict.code === null
      ? run.signal === 'SIGKILL'
        ? []
        : [endingOf(run)]
      : await disagreements(rig, { out: 'out', run, code: verdict.code });
  DAMAGE[damage]?.(join(rig.out, 'orchestrator_run_report.json'));
  const damaged = damage === 'present' ? [] : await looksDamaged(rig, verdict);
  return [...first, ...damaged, ...(await tryResume(rig, verdict, damage))];
}

/** The checkpoint is the truth: a blocked run stays blocked whatever its report says, a done one is not passed. */
async function looksDamaged(rig: Rig, verdict: Verdict): Promise<readonly string[]> {
  const expected = verdict.code === 3 ? 3 : 1;
  const verified = await rig.run(['verify', './out'], { limitMs: 10_000 });
  if (verified.code === expected) return [];
  return [`verify of a damaged report, expected exit ${expected}: ${endingOf(verified)}`];
}

/** Until `done` is committed the report is made again from the checkpoint; after it, a mismatch is tampering. */
async function tryResume(rig: Rig, verdict: Verdict, damage: string): Promise<readonly string[]> {
  const resumed = await rig.run(['./out', '--resume']);
  if (damage === 'a folder') return resumed.code === 1 ? [] : [`a folder: ${endingOf(resumed)}`];
  if (verdict.code !== 0 || damage === 'present') {
    return disagreements(rig, { out: 'out', run: resumed, code: verdict.resumed });
  }
  const verified = await rig.run(['verify', './out'], { limitMs: 10_000 });
  return [
    ...(resumed.code === 1 ? [] : [`resume of a done with a damaged report: ${endingOf(resumed)}`]),
    ...(verified.code === 1 ? [] : [`verify after it: ${endingOf(verified)}`]),
  ];
}
