import { inParallel } from '../../e2e/rig.ts';
import type { Campaign, CampaignSettings } from '../campaign.ts';
import { walk } from './walk.ts';

/** How many walks are made. */
const WALKS = { slice: 10, fast: 40, full: 150 } as const;

/** R15: the executable does what the pure core says, along random walks. */
export const r15: Campaign = {
  id: 'R15',
  folder: 'r15-random-walks',
  promise: 'whatever happens in whatever order, the executable ends as the stage machine says',
  run: async (settings) => {
    const walks = await inParallel(
      seedsOf(settings),
      async (seed) => ({ seed, ...(await walk(seed)) }),
      settings.width,
    );
    const codes = walks.flatMap((one) => one.codes);
    const kinds = [...new Set(codes)].sort();
    settings.say(kinds.map((code) => `${code}: ${codes.filter((one) => one === code).length}`).join(', '));
    return {
      points: walks.length,
      violations: walks.flatMap(({ seed, wrong }) => wrong.map((what) => ({ point: `walk ${seed}`, what }))),
      figures: [
        { name: 'invocations', value: walks.reduce((sum, one) => sum + one.invocations, 0), unit: '' },
        {
          name: 'kinds of end',
          value: kinds.length,
          unit: '',
          ...(settings.point === null ? { least: settings.tier === 'slice' ? 4 : 7 } : {}),
        },
      ],
      skipped: [],
    };
  },
};

function seedsOf({ tier, seed, point }: CampaignSettings): readonly number[] {
  if (point === null) return Array.from({ length: WALKS[tier] }, (_, index) => seed + index);
  const named = /^walk (\d+)$/.exec(point)?.[1];
  if (named === undefined) throw new Error(`a point is "walk <seed>", got "${point}"`);
  return [Number(named)];
}
