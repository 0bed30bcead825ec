import { join } from 'node:path';

/** One use of the product that the code cache is to know: its arguments, and the exit code that it must end with. */
export interface WarmRun {
  readonly args: readonly string[];
  readonly exitCode: number;
}

/** The uses whose start `make bench` measures. `work` is a folder that may be written to. */
export function warmRuns(work: string): readonly WarmRun[] {
  return [
    { args: ['--help'], exitCode: 0 },
    {
      args: [
        join(work, 'out'),
        '--repo-root',
        join(work, 'repository'),
        ...['--manager-bin', '/bin/true', '--executor-bin', '/bin/true'],
        ...['--policy-status', 'allow', '--ci-status', 'success', '--review-status', 'approved'],
      ],
      exitCode: 0,
    },
  ];
}
