import { join } from 'node:path';
import type { Bench } from './bench-folder.ts';
import { median, pairedRatios, timeRoundRobin } from './measure.ts';
import type { Row } from './table.ts';

const CASES = [
  { name: 'node -e 0', bound: null },
  { name: '--version', bound: 1.4 },
  { name: '--help', bound: 2.2 },
  { name: 'run, two stages of /bin/true', bound: 3 },
  { name: 'the same in a git work tree', bound: null },
] as const;

/** How long the executable takes to start and to do little, as ratios to a bare start of the pinned Node. */
export function measureStartUp(
  { executable, folder, run, plainRepository, gitRepository }: Bench,
  rounds: number,
): readonly Row[] {
  const stages = ['--manager-bin', '/bin/true', '--executor-bin', '/bin/true'];
  const times = timeRoundRobin(rounds, (round) => [
    { file: process.execPath, args: ['-e', '0'] },
    { file: executable, args: ['--version'] },
    { file: executable, args: ['--help'] },
    run(join(folder, `plain-${round}`), plainRepository, stages),
    run(join(folder, `git-${round}`), gitRepository, stages),
  ]);
  const bare = times[0] ?? [];
  return CASES.map(({ name, bound }, index) => {
    const own = times[index] ?? [];
    return {
      name,
      min: `${Math.min(...own).toFixed(1)} ms`,
      median: `${median(own).toFixed(1)} ms`,
      figure: median(pairedRatios(own, bare)),
      unit: '×',
      bound,
    };
  });
}
