import type { Campaign, CampaignSettings, Tier } from '../campaign.ts';
import { type Fault, type Operation, type Point, parsePoint } from '../faults/fault.ts';
import {
  killsAt,
  onThisDisk,
  placesAmong,
  placesOf,
  resultOf,
  skipped,
  spread,
  tryPoints,
  withGround,
} from '../faults/points.ts';
import { scenarioOf } from '../faults/scenario.ts';
import type { Stand } from '../faults/stand.ts';
import { argsAfter, inspectCrash, tryKills } from '../faults/try-point.ts';
import { buildShim } from '../shim/build.ts';

/** How many kills of a resume, and how many pairs: first kills, each with so many second ones. */
const TRIED: Readonly<
  Record<Tier, { readonly resumes: number; readonly first: number; readonly second: number }>
> = {
  slice: { resumes: 5, first: 2, second: 2 },
  fast: { resumes: 30, first: 4, second: 7 },
  full: { resumes: Number.POSITIVE_INFINITY, first: 20, second: 25 },
};

/** R4: kill -9 at the operations of `--resume`, also twice in a row. */
export const r04: Campaign = {
  id: 'R4',
  folder: 'r04-kills-in-resume',
  promise: 'killed at any file operation of --resume, also twice in a row, a run loses and repeats nothing',
  run: async (settings) => {
    const shim = buildShim();
    if (shim.file === null) return skipped('kills', shim.missing);
    const points =
      settings.point === null ? await pointsOf(settings, shim.file) : [parsePoint(settings.point)];
    const tried = await tryPoints(
      settings,
      { open: onThisDisk(shim.file), points },
      ({ stand, undisturbed }, { faults }) => tryKills(stand, faults, undisturbed),
    );
    return resultOf(tried);
  },
};

async function pointsOf(settings: CampaignSettings, shim: string): Promise<readonly Point[]> {
  const { resumes, first, second } = TRIED[settings.tier];
  const { seed } = settings;
  const places = await placesOf(scenarioOf('resumed'), shim);
  const single = places.flatMap((place) =>
    killsAt(place).map((fault) => ({ scenario: 'resumed', faults: [fault] })),
  );
  return [...spread(single, resumes, seed), ...(await pairsOf({ shim, seed, first, second }))];
}

/** Kills of a run, and for each the kills of the resume that follows it. */
function pairsOf(options: {
  readonly shim: string;
  readonly seed: number;
  readonly first: number;
  readonly second: number;
}): Promise<readonly Point[]> {
  const { shim, seed } = options;
  const scenario = scenarioOf('plain');
  return withGround({ scenario, shim }, async ({ stand, undisturbed }) => {
    const kills = placesAmong(scenario, undisturbed.operations).flatMap(killsAt);
    const points: Point[] = [];
    for (const [index, kill] of spread(kills, options.first, seed).entries()) {
      const then = placesAmong(scenario, await operationsAfter(stand, kill)).flatMap(killsAt);
      const chosen = spread(then, options.second, seed + index);
      points.push(...chosen.map((next) => ({ scenario: 'plain', faults: [kill, next] })));
    }
    return points;
  });
}

/** What the invocation after this kill does. */
async function operationsAfter(stand: Stand, kill: Fault): Promise<readonly Operation[]> {
  await stand.reset();
  const crash = await inspectCrash(stand, await stand.run(argsAfter(stand, null), kill));
  return (await stand.record(argsAfter(stand, crash))).operations;
}
