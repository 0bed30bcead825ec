import { spawnSync } from 'node:child_process';

/** One thing to be timed. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
}

/** What every measured process gets: enough to work, and nothing that depends on who measures. */
export const BENCH_ENV: NodeJS.ProcessEnv = { PATH: '/usr/bin:/bin', LANG: 'C' };

/** Wall-clock time of one process from start to exit, in milliseconds. Throws when it fails. */
export function timeOnce({ file, args }: Command): number {
  const start = process.hrtime.bigint();
  const result = spawnSync(file, args, {
    env: BENCH_ENV,
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  });
  const elapsed = Number(process.hrtime.bigint() - start) / 1e6;
  if (result.status !== 0) {
    throw new Error(`${file} ${args.join(' ')}: exit ${result.status ?? result.signal}\n${result.stderr}`);
  }
  return elapsed;
}

/**
 * Times each of `commands` once in every round, one after the other, so that whatever else the machine does
 * disturbs all of them alike. `commands` is asked anew in each round.
 *
 * @returns milliseconds, one list for each command
 */
export function timeRoundRobin(rounds: number, commands: (round: number) => readonly Command[]): number[][] {
  const times: number[][] = [];
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, command] of commands(round).entries()) {
      const list = times[index] ?? [];
      times[index] = list;
      list.push(timeOnce(command));
    }
  }
  return times;
}

/** The middle value; NaN for an empty list. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1] ?? Number.NaN, sorted[Math.floor(middle)] ?? Number.NaN];
  return (low + high) / 2;
}

/** `values[i] / bases[i]`: the ratio of two that ran in the same round. */
export function pairedRatios(values: readonly number[], bases: readonly number[]): number[] {
  return values.map((value, round) => value / (bases[round] ?? Number.NaN));
}
