import { mkdirSync } from 'node:fs';
import { ALL_PASS, type Rig, until } from '../../e2e/rig.ts';
import { chanceOf } from '../chance.ts';
import { seen } from '../seen.ts';
import { leftBehind, removeUp } from './left-behind.ts';

type Signal = 'SIGTERM' | 'SIGKILL';

/** What is counted over all points. */
export interface Tally {
  runs: number;
  leaks: number;
}

const KINDS = ['fresh', 'done', 'blocked', 'failed', 'timeout', 'interrupted', 'killed'] as const;
type Kind = (typeof KINDS)[number];

/** So many runs of kinds that chance picks, in one out_dir; stops at the first that is wrong. */
export async function soak(
  rig: Rig,
  what: { readonly runs: number; readonly seed: number; readonly tally: Tally },
): Promise<readonly string[]> {
  rig.gitRepo();
  mkdirSync(`${rig.base}/tmp`);
  const chance = chanceOf(what.seed);
  for (let run = 1; run <= what.runs; ) {
    const kind = KINDS[Math.floor(chance() * KINDS.length)] ?? 'fresh';
    const soaked = await soakOnce(rig, kind);
    what.tally.runs += soaked.runs;
    what.tally.leaks += soaked.leaks.length;
    run += soaked.runs;
    const problems = [...soaked.problems, ...soaked.leaks].map((one) => `${kind}, run ${run - 1}: ${one}`);
    if (problems.length > 0) return problems;
  }
  const left = await rig.survivorsAfter(10_000);
  what.tally.leaks += left.length;
  return left.map((one) => `still there: ${one}`);
}

interface Soaked {
  readonly runs: number;
  readonly problems: readonly string[];
  readonly leaks: readonly string[];
}

/** The first run of the kind and, where there is something to go on with, its resume. */
async function soakOnce(rig: Rig, kind: Kind): Promise<Soaked> {
  const options = { env: { TMPDIR: `${rig.base}/tmp` } };
  rig.write(`${rig.base}/kind`, kind);
  const work = `case $(cat '${rig.base}/kind') in failed) exit 3 ;; timeout | interrupted | killed) : > '${rig.base}/up'; sleep ${rig.nap} ;; esac`;
  const gates = kind === 'blocked' ? ALL_PASS.slice(0, -2) : ALL_PASS;
  const args = ['./out', ...gates, '--executor-bin', rig.agent('worker', work), '--kill-grace-ms', '100'];
  const limit = kind === 'timeout' ? ['--executor-timeout-ms', '150'] : [];
  const live = rig.start([...args, ...limit], options);
  const signal = signalOf(kind);
  if (signal !== null) {
    await until('the agent works', () => rig.exists(`${rig.base}/up`));
    live.signal(signal);
  }
  const first = await live.finished;
  rig.write(`${rig.base}/kind`, 'fresh');
  const leaks = signal === 'SIGKILL' ? [] : leftBehind(rig);
  const problems = first.code === CODES[kind] ? [] : [`expected ${CODES[kind]}: ${seen(first)}`];
  removeUp(rig);
  if (kind === 'fresh') return { runs: 1, problems, leaks };
  const next = await rig.run(['./out', '--resume', ...(kind === 'blocked' ? ALL_PASS : [])], options);
  return {
    runs: 2,
    problems: [...problems, ...(next.code === 0 ? [] : [`resumed: ${seen(next)}`])],
    leaks: [...leaks, ...leftBehind(rig)],
  };
}

const CODES: Readonly<Record<Kind, number | null>> = {
  ...{ fresh: 0, done: 0, blocked: 3, failed: 1, timeout: 124, interrupted: 143, killed: null },
};

function signalOf(kind: Kind): Signal | null {
  if (kind === 'killed') return 'SIGKILL';
  return kind === 'interrupted' ? 'SIGTERM' : null;
}
