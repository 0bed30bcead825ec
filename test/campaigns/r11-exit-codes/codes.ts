import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ALL_PASS, type Rig, until } from '../../e2e/rig.ts';
import type { NamedPoint } from '../named-points.ts';
import { endingOf } from '../said.ts';
import { disagreements } from './agreement.ts';

const EXECUTOR = ['--executor-bin', '/bin/true'] as const;

/** Command lines that are refused before anything is run or written, or that only print. */
const UNTOUCHED: Readonly<Record<string, readonly [code: number, argv: readonly string[]]>> = {
  'an unknown flag': [2, ['./out', ...EXECUTOR, '--bogus']],
  'an unknown gate value': [2, ['./out', ...EXECUTOR, '--ci-status', 'succes']],
  'nothing to run': [2, ['./out']],
  'a resume without a checkpoint': [2, ['./out', '--resume']],
  'a config file that is not there': [2, ['./out', ...EXECUTOR, '--config', 'none.json']],
  'a repo-root that is not there': [2, ['./out', ...EXECUTOR, '--repo-root', './none']],
  'a reserved name': [2, ['autopilot', ...EXECUTOR]],
  'verify without a run': [1, ['verify', './out']],
  'help, which only prints': [0, ['--help']],
  'a dry run, which only prints': [0, ['./out', ...EXECUTOR, '--dry-run']],
  'a configuration, which is only printed': [0, ['./out', ...EXECUTOR, '--print-config']],
};

const untouched: readonly NamedPoint[] = Object.entries(UNTOUCHED).map(([name, [code, argv]]) => ({
  name: `exit ${code}, ${name}`,
  attempt: async (rig) => {
    const run = await rig.run(argv);
    const written = existsSync(rig.out) ? ['something was written'] : [];
    return run.code === code ? written : [`expected exit ${code}: ${endingOf(run)}`, ...written];
  },
}));

const reached: readonly NamedPoint[] = [
  {
    name: 'exit 3, simulated',
    attempt: async (rig) => {
      const run = await rig.run(['./out', ...ALL_PASS, ...EXECUTOR, '--simulate-blocked']);
      return disagreements(rig, { out: 'out', run, code: 3 });
    },
  },
  {
    name: 'exit 3, the work tree changed after it was validated',
    attempt: async (rig) => {
      rig.gitRepo();
      const first = await rig.run(['./out', ...EXECUTOR, '--policy-status', 'allow']);
      rig.write('a.txt', 'other\n');
      const run = await rig.run(['./out', '--resume', ...ALL_PASS]);
      const wrong = first.code === 3 ? [] : [endingOf(first)];
      return [...wrong, ...(await disagreements(rig, { out: 'out', run, code: 3 }))];
    },
  },
  {
    name: 'exit 124, the limit of the run',
    attempt: async (rig) => {
      const nap = ['--manager-bin', '/bin/sleep', '--manager-arg', rig.nap, '--run-timeout-ms', '500'];
      const run = await rig.run(['./out', ...ALL_PASS, ...EXECUTOR, ...nap]);
      return disagreements(rig, { out: 'out', run, code: 124 });
    },
  },
  {
    name: 'exit 1, CHECKPOINT_TAMPERED',
    attempt: async (rig) => {
      const vandal = rig.agent('vandal', 'echo {} > "$ORCHESTRATOR_OUT_DIR/orchestrator_checkpoint.json"');
      const run = await rig.run(['./out', ...ALL_PASS, '--executor-bin', vandal]);
      const verified = await rig.run(['verify', './out']);
      const named = run.said.includes('CHECKPOINT_TAMPERED');
      return [
        ...(run.code === 1 && named ? [] : [`expected exit 1 by name: ${endingOf(run)}`]),
        ...(verified.code === 1 ? [] : [`verify: ${endingOf(verified)}`]),
      ];
    },
  },
  { name: 'exit 1, an out_dir that becomes a file', attempt: tryUnwritable },
  { name: 'exit 75, another process holds the out_dir', attempt: tryHeld },
];

/** An agent that puts a file in the place of out_dir: nothing of it can be written any more. */
async function tryUnwritable(rig: Rig): Promise<readonly string[]> {
  const vandal = rig.agent('vandal', `mv '${rig.out}' '${rig.base}/away' && : > '${rig.out}'`);
  const run = await rig.run(['./out', ...ALL_PASS, '--executor-bin', vandal]);
  const state = rig.report(join(rig.base, 'away')).terminal_state;
  return [
    ...(run.code === 1 ? [] : [`expected exit 1: ${endingOf(run)}`]),
    ...(state === 'done' ? ['the report says done'] : []),
  ];
}

async function tryHeld(rig: Rig): Promise<readonly string[]> {
  const manager = rig.agent('manager', `sleep ${rig.nap}`);
  const holder = rig.start(['./out', ...ALL_PASS, '--manager-bin', manager]);
  await until('the manager sleeps', () => rig.ledger().length > 0);
  const before = rig.read('out/orchestrator_checkpoint.json');
  const runs = [
    await rig.run(['./out', ...ALL_PASS, ...EXECUTOR]),
    await rig.run(['./out', '--resume', ...ALL_PASS]),
  ];
  const touched = rig.read('out/orchestrator_checkpoint.json') !== before;
  holder.signal('SIGTERM');
  const run = await holder.finished;
  return [
    ...runs.filter((one) => one.code !== 75).map((one) => `expected exit 75: ${endingOf(one)}`),
    ...(touched ? ['the checkpoint of the holder was touched'] : []),
    ...(await disagreements(rig, { out: 'out', run, code: 143 })),
  ];
}

/** Every code of the table by a run of its own; 129, 130 and 143 are among the verdicts. */
export const CODE_POINTS: readonly NamedPoint[] = [...untouched, ...reached];
