import { ALL_PASS, type Rig } from '../../e2e/rig.ts';
import type { Tier } from '../campaign.ts';
import { seen } from '../seen.ts';
import type { Point } from '../try-points.ts';
import { measure, outOfBound, type Peaks, tooLongLogs } from './peak.ts';

/** The promise, MB. */
export const MOST_FOR_OUTPUT = 150;
const LOG_BYTES = 1_000_000;

const WAYS: Readonly<Record<string, string>> = {
  lines: 'yes "a line of output" | head -c S',
  'no line end': 'head -c S /dev/zero',
  'both streams': 'yes "a line of output" | head -c S & yes "an error" | head -c S >&2; wait',
};
const FLAGS: readonly (readonly string[])[] = [[], ['--verbose'], ['--json'], ['--verbose', '--json']];

/** Every way to print so many MB, in every style; of the smaller tiers, the plain and the echoed one. */
export function outputPoints(tier: Tier, peaks: Peaks): readonly Point[] {
  const megabytes = tier === 'slice' ? 100 : 1000;
  const flags = { slice: FLAGS.slice(0, 1), fast: FLAGS.slice(0, 2), full: FLAGS }[tier];
  return Object.entries(WAYS).flatMap(([way, script]) =>
    flags.map((style) => ({
      name: [`${megabytes} MB`, way, ...style].join(', '),
      attempt: (rig: Rig) => print(rig, { script, style, megabytes, peaks }),
    })),
  );
}

async function print(
  rig: Rig,
  what: {
    readonly script: string;
    readonly style: readonly string[];
    readonly megabytes: number;
    readonly peaks: Peaks;
  },
): Promise<readonly string[]> {
  const agent = rig.agent('loud', what.script.replaceAll(/\bS\b/g, `${what.megabytes}000000`));
  const { run, megabytes } = await measure(rig, [
    ...['./out', ...ALL_PASS, '--manager-bin', agent, '--max-log-bytes', String(LOG_BYTES), ...what.style],
  ]);
  what.peaks.output.push(megabytes);
  const bytes = rig.report().stage_executions[0]?.stdout?.bytes ?? 0;
  return [
    ...(run.code === 0 ? [] : [`expected exit 0: ${seen(run)}`]),
    ...(bytes === what.megabytes * 1e6 ? [] : [`the record tells of ${bytes} bytes`]),
    ...outOfBound(megabytes, MOST_FOR_OUTPUT),
    ...tooLongLogs(rig, LOG_BYTES),
  ];
}
