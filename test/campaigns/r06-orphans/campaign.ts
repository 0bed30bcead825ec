import type { Campaign, Tier } from '../campaign.ts';
import { never, promised, timesOf } from '../measured.ts';
import { type Point, selectPoints, tryPoints } from '../try-points.ts';
import { killAfterSpawn, killAfterStart } from './early-kill.ts';
import { ENDS, type End } from './ends.ts';
import { TREES, type Tree } from './trees.ts';
import { type Tally, tryEnd } from './try-end.ts';

/** The promise: nothing is left so long after a kill, ms. */
const GONE_MS = 2_000;

export const r06: Campaign = {
  id: 'R6',
  folder: 'r06-orphans',
  promise: 'nothing that a stage has started outlives it, or the orchestrator',
  run: async (settings) => {
    const tally: Tally = { kills: 0, survivors: 0, goneMs: [] };
    const tried = await tryPoints(
      settings,
      selectPoints(settings, (tier) => pointsOf(tier, tally)),
    );
    const kills = { name: 'kills of the orchestrator', value: tally.kills, unit: '' };
    const enough = settings.tier === 'full' && settings.point === null;
    return {
      ...tried,
      figures: [
        never('survivors', tally.survivors),
        enough ? { ...kills, least: 300 } : kills,
        ...timesOf('gone after a kill', tally.goneMs, promised(settings.tier, GONE_MS)),
      ],
    };
  },
};

function pointsOf(tier: Tier, tally: Tally): readonly Point[] {
  switch (tier) {
    case 'slice':
      return [
        ...someEnds(tally, (tree, end) => (tree + 3 * end) % 10 === 0),
        ...earlyKills([0, 3, 8], 1, tally),
      ];
    case 'fast':
      return [
        ...someEnds(tally, (tree, end) => end === ENDS.length - 1 || (tree + end) % 2 === 0),
        ...earlyKills([0, 1, 2, 3, 5, 8, 10, 13, 16, 20], 1, tally),
      ];
    case 'full':
      return [
        ...someEnds(tally, () => true),
        ...repeat(9).flatMap((round) => eachTree(ENDS.slice(-1), round + 1, tally)),
        ...earlyKills(range(0, 20), 5, tally),
      ];
  }
}

/** Ends and trees that are picked, each once. */
function someEnds(tally: Tally, pick: (tree: number, end: number) => boolean): readonly Point[] {
  return ENDS.flatMap((end, place) => eachTree([end], 1, tally, (tree) => pick(tree, place)));
}

function eachTree(
  ends: readonly End[],
  round: number,
  tally: Tally,
  pick: (tree: number) => boolean = () => true,
): readonly Point[] {
  return ends.flatMap((end) =>
    TREES.filter((_, index) => pick(index)).map((tree: Tree) => ({
      name: `${end.name} × ${tree.name}, ${round}`,
      attempt: (rig) => tryEnd(rig, tree, end, tally),
    })),
  );
}

/** Both ways to strike early, at each delay, so many times. */
function earlyKills(delaysMs: readonly number[], times: number, tally: Tally): readonly Point[] {
  return repeat(times).flatMap((round) =>
    delaysMs.flatMap((delay) => [
      {
        name: `SIGKILL ${delay} ms after the spawn, ${round + 1}`,
        attempt: (rig) => killAfterSpawn(rig, delay, tally),
      },
      {
        name: `SIGKILL ${20 + 3 * delay} ms after the start, ${round + 1}`,
        attempt: (rig) => killAfterStart(rig, 20 + 3 * delay, tally),
      },
    ]),
  );
}

function repeat(times: number): readonly number[] {
  return range(0, times - 1);
}

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
