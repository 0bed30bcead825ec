import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Bench } from './bench-folder.ts';
import { median, timeRoundRobin } from './measure.ts';
import type { Row } from './table.ts';

const EXTRA_STAGES = 10;
const NEIGHBOURS = 100;

/**
 * What one more trivial stage costs while 100 other processes are on the machine (a sweep looks at all of
 * them): the slope between runs with 0 and with 10 more validation commands.
 */
export function measureStageCost({ folder, run, plainRepository }: Bench, rounds: number): Row {
  const base = ['--manager-bin', '/bin/true', '--executor-bin', '/bin/true'];
  const extra = Array.from({ length: EXTRA_STAGES }, () => ['--validation-bin', '/bin/true']).flat();
  const neighbours: ChildProcess[] = Array.from({ length: NEIGHBOURS }, () =>
    spawn('sleep', ['3600'], { stdio: 'ignore' }),
  );
  try {
    const [short = [], long = []] = timeRoundRobin(rounds, (round) => [
      run(join(folder, `short-${round}`), plainRepository, base),
      run(join(folder, `long-${round}`), plainRepository, [...base, ...extra]),
    ]);
    const slopes = long.map((time, round) => (time - (short[round] ?? Number.NaN)) / EXTRA_STAGES);
    return {
      name: 'each further stage, 100 processes about',
      min: `${Math.min(...slopes).toFixed(1)} ms`,
      median: `${median(slopes).toFixed(1)} ms`,
      figure: median(slopes),
      unit: ' ms',
      bound: 10,
    };
  } finally {
    for (const neighbour of neighbours) neighbour.kill('SIGKILL');
  }
}
