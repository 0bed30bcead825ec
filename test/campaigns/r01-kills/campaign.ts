import type { Campaign, CampaignSettings, Tier } from '../campaign.ts';
import { type Point, parsePoint } from '../faults/fault.ts';
import { killsAt, onThisDisk, placesOf, resultOf, skipped, spread, tryPoints } from '../faults/points.ts';
import { scenarioOf } from '../faults/scenario.ts';
import { tryKills } from '../faults/try-point.ts';
import { buildShim } from '../shim/build.ts';

const ALL = Number.POSITIVE_INFINITY;

/** Which runs are killed, and at how many of their points; before and after each operation there is one. */
const TRIED: Readonly<Record<Tier, Readonly<Record<string, number>>>> = {
  slice: { plain: 12 },
  fast: { plain: 60, guarded: 20 },
  full: { plain: ALL, guarded: ALL, blocked: ALL, remediated: ALL, approved: ALL },
};

/** R1: kill -9 at the operations of a run. */
export const r01: Campaign = {
  id: 'R1',
  folder: 'r01-kills',
  promise:
    'killed at any file operation, a run loses nothing it has acknowledged and repeats nothing recorded',
  run: async (settings) => {
    const shim = buildShim();
    if (shim.file === null) {
      return skipped('kills', shim.missing);
    }
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
  const points: Point[] = [];
  for (const [name, count] of Object.entries(TRIED[settings.tier])) {
    const places = await placesOf(scenarioOf(name), shim);
    const all = places.flatMap((place) =>
      killsAt(place).map((fault) => ({ scenario: name, faults: [fault] })),
    );
    points.push(...spread(all, count, settings.seed));
  }
  return points;
}
