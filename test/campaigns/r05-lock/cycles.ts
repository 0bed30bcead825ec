import { ALL_PASS, inParallel, type Rig, until } from '../../e2e/rig.ts';
import { chanceOf } from '../chance.ts';
import { seen } from '../seen.ts';
import { holderOf, lonelyAgent, overlapsOf } from './holding.ts';

export interface Cycles {
  readonly workers: number;
  readonly each: number;
  /** How many of a hundred runs are killed once they hold. */
  readonly crashes: number;
  readonly seed: number;
}

/** Workers that run again and again in one out_dir, now and then killed while they hold. */
export async function cycle(rig: Rig, cycles: Cycles): Promise<readonly string[]> {
  const chance = chanceOf(cycles.seed);
  const agent = lonelyAgent(rig, 'sleep 0.03');
  const turns = Array.from({ length: cycles.workers * cycles.each }, () => chance() * 100 < cycles.crashes);
  const problems = await inParallel(turns, async (isCrash) => turn(rig, agent, isCrash), cycles.workers);
  const last = await rig.run(['./out', ...ALL_PASS, '--manager-bin', agent]);
  const verified = await rig.run(['verify', './out']);
  return [
    ...problems.flat(),
    ...overlapsOf(rig),
    ...(last.code === 0 ? [] : [`alone at the end: ${seen(last)}`]),
    ...(verified.code === 0 ? [] : [`verify: ${seen(verified)}`]),
  ];
}

async function turn(rig: Rig, agent: string, isCrash: boolean): Promise<readonly string[]> {
  const live = rig.start(['./out', ...ALL_PASS, '--manager-bin', agent]);
  let isOver = false;
  void live.finished.then(() => {
    isOver = true;
  });
  if (isCrash) {
    await until('it holds, or has ended', () => isOver || holderOf(rig) === live.pid);
    live.signal('SIGKILL');
  }
  const run = await live.finished;
  const isExpected = run.code === 0 || run.code === 75 || (isCrash && run.signal === 'SIGKILL');
  return isExpected ? [] : [seen(run)];
}
