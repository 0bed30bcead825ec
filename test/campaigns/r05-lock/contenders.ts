import type { Finished, Live } from '../../e2e/live-process.ts';
import { type Rig, until } from '../../e2e/rig.ts';
import { seen } from '../seen.ts';
import { holderOf, leaveStaleLock, letGo, notRefused, overlapsOf } from './holding.ts';

export interface Contest {
  readonly contenders: number;
  /** The winner is killed while it holds, with half of the contenders still to come. */
  readonly withCrash: boolean;
}

const LIMIT_MS = 120_000;

/**
 * Lets contenders race for the lock of a dead holder. The winner holds until all others have ended: exactly one
 * may be left, and each of the others is refused. After a crash it may be none: one that had read what the killed
 * winner then changed takes the lock and gives it back, and one more has to get it.
 */
export async function contest(rig: Rig, { contenders, withCrash }: Contest): Promise<readonly string[]> {
  await leaveStaleLock(rig);
  const dead = holderOf(rig);
  const ended: Finished[] = [];
  const begin = (): Live => {
    const live = rig.start(['./out', '--resume', '--kill-grace-ms', '100'], { limitMs: LIMIT_MS });
    void live.finished.then((run) => ended.push(run));
    return live;
  };
  const half = withCrash ? Math.floor(contenders / 2) : contenders;
  const lives = Array.from({ length: half }, begin);
  if (withCrash) {
    await until('somebody has won', () => holderOf(rig) !== dead, LIMIT_MS);
    const winner = lives.find((one) => one.pid === holderOf(rig));
    winner?.signal('SIGKILL');
    await winner?.exited;
    lives.push(...Array.from({ length: contenders - half }, begin));
  }
  const isDecided = (): boolean => ended.length >= contenders - 1 || overlapsOf(rig).length > 0;
  await until('all but one have ended', isDecided, LIMIT_MS);
  letGo(rig);
  const runs = await Promise.all(lives.map((one) => one.finished));
  if (withCrash && !runs.some((run) => run.code === 0)) runs.push(await begin().finished);
  return [...overlapsOf(rig), ...(await judge(rig, runs, withCrash ? 3 : 2))];
}

async function judge(rig: Rig, runs: readonly Finished[], holders: number): Promise<readonly string[]> {
  const winners = runs.filter((run) => run.code === 0).length;
  const losers = runs.filter((run) => run.code !== 0 && run.signal !== 'SIGKILL');
  const starts = rig.ledger().filter((line) => line.startsWith('start')).length;
  const invocations = rig.report().invocations.length;
  const verified = await rig.run(['verify', './out']);
  return [
    ...losers.flatMap(notRefused),
    ...(winners === 1 ? [] : [`${winners} runs ended with 0`]),
    ...(starts === holders ? [] : [`${starts} agents were started by ${holders} holders`]),
    ...(invocations === holders ? [] : [`the report tells of ${invocations} invocations, not ${holders}`]),
    ...(verified.code === 0 ? [] : [`verify: ${seen(verified)}`]),
  ];
}
