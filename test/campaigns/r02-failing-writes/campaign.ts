import { type Campaign, type CampaignSettings, sumOf, type Tier } from '../campaign.ts';
import { type Deed, type Operation, type Point, parsePoint } from '../faults/fault.ts';
import { onThisDisk, placesOf, resultOf, skipped, spread, tryPoints } from '../faults/points.ts';
import { scenarioOf } from '../faults/scenario.ts';
import { buildShim } from '../shim/build.ts';
import { isDiskPoint, tryDisks } from './full-disk.ts';
import { tryFailure } from './try-failure.ts';

/** How many points of each scenario, over all faults. */
const TRIED: Readonly<Record<Tier, Readonly<Record<string, number>>>> = {
  slice: { plain: 21 },
  fast: { plain: 90 },
  full: { plain: Number.POSITIVE_INFINITY, guarded: Number.POSITIVE_INFINITY },
};

/** What can go wrong with an operation of this name. */
const ALWAYS: readonly Deed[] = ['eio'];
const WHERE_ROOM_IS_NEEDED: readonly Deed[] = ['erofs', 'enospc-once', 'enospc-forever'];
const WHERE_BYTES_ARE_WRITTEN: readonly Deed[] = ['torn', 'short', 'full-partial'];

/** R2: a file operation fails. */
export const r02: Campaign = {
  id: 'R2',
  folder: 'r02-failing-writes',
  promise:
    'whatever file operation fails, a run ends with a documented code, is not green, and can be resumed',
  run: async (settings) => {
    if (settings.point !== null && isDiskPoint(settings.point)) return tryDisks(settings);
    const shim = buildShim();
    if (shim.file === null)
      return sumOf([skipped('failing operations', shim.missing), await tryDisks(settings)]);
    const points =
      settings.point === null ? await pointsOf(settings, shim.file) : [parsePoint(settings.point)];
    const tried = resultOf(await tryPoints(settings, { open: onThisDisk(shim.file), points }, tryFailure));
    return settings.point === null ? sumOf([tried, await tryDisks(settings)]) : tried;
  },
};

async function pointsOf(settings: CampaignSettings, shim: string): Promise<readonly Point[]> {
  const points: Point[] = [];
  for (const [name, count] of Object.entries(TRIED[settings.tier])) {
    const places = await placesOf(scenarioOf(name), shim);
    const all = places.flatMap((place) =>
      deedsAt(place).map((deed) => ({ scenario: name, faults: [{ ...place, deed }] })),
    );
    points.push(...spread(all, count, settings.seed));
  }
  return points;
}

function deedsAt({ op }: Operation): readonly Deed[] {
  if (op === 'write') return [...ALWAYS, ...WHERE_ROOM_IS_NEEDED, ...WHERE_BYTES_ARE_WRITTEN];
  if (op === 'fsync') return ALWAYS;
  return ['unlink', 'rmdir', 'truncate'].includes(op)
    ? [...ALWAYS, 'erofs']
    : [...ALWAYS, ...WHERE_ROOM_IS_NEEDED];
}
