import { MOMENTS } from '../../e2e/delivery.ts';
import { inParallel } from '../../e2e/rig.ts';
import type { Campaign, CampaignSettings } from '../campaign.ts';
import { buildShim } from '../shim/build.ts';
import { countCommits, type Point, tryKill } from './try-kill.ts';

/** R17: kill -9 at every point of a delivery. */
export const r17: Campaign = {
  id: 'R17',
  folder: 'r17-delivery',
  promise: 'killed at any point of a delivery and resumed, a run pushes once and opens one pull request',
  run: async (settings) => {
    const shim = buildShim();
    const points = (await pointsOf(settings, shim.file)).filter(
      (one) => settings.point === null || nameOf(one) === settings.point,
    );
    const tried = await inParallel(
      points,
      async (point) => ({ point: nameOf(point), ...(await tryKill(point, shim.file)) }),
      settings.width,
    );
    for (const { point, pushes, posts, pullRequests, wrong } of tried) {
      settings.say(
        `| ${point} | ${pushes} | ${posts} | ${pullRequests} | ${wrong.length === 0 ? 'done' : wrong.join('; ')} |`,
      );
    }
    const most = (of: 'pushes' | 'posts' | 'pullRequests') => Math.max(0, ...tried.map((one) => one[of]));
    return {
      points: tried.length,
      violations: tried.flatMap(({ point, wrong }) => wrong.map((what) => ({ point, what }))),
      figures: [
        { name: 'pushes of one delivery', value: most('pushes'), unit: '', most: 1 },
        { name: 'requests to open one', value: most('posts'), unit: '', most: 1 },
        { name: 'pull requests of one delivery', value: most('pullRequests'), unit: '', most: 1 },
      ],
      skipped: shim.file === null ? [{ what: 'kills at commits', why: shim.missing }] : [],
    };
  },
};

/** What has been written is not written again: only these can come twice. */
const REPEATED = MOMENTS.filter((one) => one.endsWith(' before') || one === 'fast-import after');

async function pointsOf({ tier }: CampaignSettings, shim: string | null): Promise<readonly Point[]> {
  const moments = (times: number, of = MOMENTS) =>
    of.map((moment): Point => ({ at: 'moment', moment, times }));
  if (tier === 'slice') return moments(1);
  const commits = shim === null ? 0 : await countCommits(shim);
  return [
    ...moments(1),
    ...moments(2, REPEATED),
    ...Array.from({ length: commits }, (_, index) =>
      (['before', 'after'] as const).map((side): Point => ({ at: 'commit', nth: index + 1, side })),
    ).flat(),
  ];
}

function nameOf(point: Point): string {
  if (point.at === 'commit') return `${point.side} commit ${point.nth}`;
  return point.times === 1 ? point.moment : `${point.moment}, ${point.times} times`;
}
