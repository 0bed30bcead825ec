import { readdirSync, statSync } from 'node:fs';
import type { Finished } from '../../e2e/live-process.ts';
import { peakOf } from '../../e2e/peak-memory.ts';
import type { Rig } from '../../e2e/rig.ts';

/** What is counted over all points, MB (10⁶ bytes). */
export interface Peaks {
  readonly output: number[];
  readonly artifacts: number[];
  readonly history: number[];
}

/** Runs the executable with its output thrown away; its peak in MB. */
export async function measure(
  rig: Rig,
  args: readonly string[],
): Promise<{ readonly run: Finished; readonly megabytes: number }> {
  const live = rig.start(args, {
    limitMs: 300_000,
    through: ['/bin/bash', '-c', 'exec "$@" > /dev/null', 'bash'],
  });
  const megabytes = ((await peakOf(live)) * 1024) / 1e6;
  return { run: await live.finished, megabytes };
}

/** Logs that are larger than they may be, in words. */
export function tooLongLogs(rig: Rig, mostBytes: number): readonly string[] {
  return readdirSync(`${rig.out}/logs`).flatMap((name) => {
    const { size } = statSync(`${rig.out}/logs/${name}`);
    return size <= mostBytes ? [] : [`${name} has ${size} bytes, more than ${mostBytes}`];
  });
}

/** A peak that could not be read is none that held. */
export function outOfBound(megabytes: number, most: number): readonly string[] {
  if (megabytes === 0) return ['the peak could not be read'];
  return megabytes <= most ? [] : [`a peak of ${Math.round(megabytes)} MB, more than ${most}`];
}
