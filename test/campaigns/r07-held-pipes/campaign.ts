import { ALL_PASS, type Rig } from '../../e2e/rig.ts';
import type { Campaign, Tier } from '../campaign.ts';
import { promised, timesOf } from '../measured.ts';
import { seen } from '../seen.ts';
import { type Point, selectPoints, tryPoints } from '../try-points.ts';
import { HOLDERS, type Holder } from './holders.ts';

const TIMEOUT_MS = 500;
const GRACE_MS = 300;
/** The promise, ms. */
const OVERSHOOT_MS = 1_000;
/** No load makes a machine so late, ms. */
const HANG_MS = 8_000;

/** How often each way is tried. */
const TIMES: Readonly<Record<Tier, number>> = { slice: 1, fast: 2, full: 10 };

export const r07: Campaign = {
  id: 'R7',
  folder: 'r07-held-pipes',
  promise: 'a stage ends with its process or at its limit, whoever holds its pipes',
  run: async (settings) => {
    const overshootsMs: number[] = [];
    const pointsOf = (tier: Tier): readonly Point[] =>
      Array.from({ length: TIMES[tier] }, (_, round) => round + 1).flatMap((round) =>
        HOLDERS.map((holder) => ({
          name: `${holder.name}, ${round}`,
          attempt: (rig) => tryHolder(rig, holder, overshootsMs),
        })),
      );
    const tried = await tryPoints(settings, selectPoints(settings, pointsOf));
    return { ...tried, figures: timesOf('overshoot', overshootsMs, promised(settings.tier, OVERSHOOT_MS)) };
  },
};

async function tryHolder(rig: Rig, holder: Holder, overshootsMs: number[]): Promise<readonly string[]> {
  const fill = (script: string): string =>
    script.replaceAll(/\bN\b/g, rig.nap).replaceAll(/\bB\b/g, rig.base);
  const bare = await rig.run(['./bare', ...ALL_PASS, '--manager-bin', '/bin/true']);
  const { outsider } = holder;
  if (outsider !== undefined) rig.start([], { through: ['/bin/sh', '-c', fill(outsider), 'sh'] });
  const run = await rig.run(
    [
      ...['./out', ...ALL_PASS, '--manager-bin', rig.agent('holder', fill(holder.script))],
      ...['--manager-timeout-ms', String(holder.isTimedOut ? TIMEOUT_MS : 60_000)],
      ...['--kill-grace-ms', String(GRACE_MS), ...(holder.flags ?? [])],
    ],
    { limitMs: 30_000, input: 'what a terminal would say' },
  );
  const dueMs = (holder.isTimedOut ? TIMEOUT_MS : 0) + (holder.ignoresTerm ? GRACE_MS : 0);
  const overshootMs = Math.max(0, run.ms - bare.ms - dueMs);
  overshootsMs.push(overshootMs);
  return [
    ...(run.code === holder.code ? [] : [`expected exit ${holder.code}: ${seen(run)}`]),
    ...(overshootMs < HANG_MS ? [] : [`${Math.round(overshootMs)} ms beyond limit and grace`]),
    // The outsider is nobody's to end.
    ...(outsider === undefined ? await rig.survivorsAfter(HANG_MS) : []),
  ];
}
