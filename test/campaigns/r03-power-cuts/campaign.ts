import { createRig } from '../../e2e/rig.ts';
import { type Campaign, type CampaignSettings, type Skipped, sumOf, type Tier } from '../campaign.ts';
import { type Point, parsePoint } from '../faults/fault.ts';
import { whyNoMounts } from '../faults/mounts.ts';
import { placesOf, resultOf, skipped, spread, tryPoints } from '../faults/points.ts';
import { scenarioOf } from '../faults/scenario.ts';
import { buildShim } from '../shim/build.ts';
import { FILE_SYSTEMS, type FileSystem, whyNoImage } from './image.ts';
import { onImages, placeName, tryPowerCut } from './power-cut.ts';

/** On which file systems, and at how many operations. */
const TRIED: Readonly<Record<Tier, Readonly<Partial<Record<FileSystem, number>>>>> = {
  slice: { ext4: 6 },
  fast: { ext4: 50 },
  full: { ext4: Number.POSITIVE_INFINITY, xfs: Number.POSITIVE_INFINITY, btrfs: Number.POSITIVE_INFINITY },
};

/** R3: the power is cut at the operations of a run. */
export const r03: Campaign = {
  id: 'R3',
  folder: 'r03-power-cuts',
  promise: 'when the power fails at any file operation, nothing that was acknowledged is lost or repeated',
  run: async (settings) => {
    const shim = buildShim();
    const why = shim.missing ?? whyNoMounts();
    if (shim.file === null || why !== null) return skipped('power cuts', why ?? '');
    const missing = settings.point === null ? await missingHere(settings.tier) : [];
    const points =
      settings.point === null
        ? await pointsOf(settings, { shim: shim.file, missing: missing.map(({ what }) => what) })
        : [parsePoint(settings.point)];
    const tried = await tryPoints(settings, { open: onImages(shim.file), points }, tryPowerCut);
    return sumOf([resultOf(tried), { points: 0, figures: [], violations: [], skipped: missing }]);
  },
};

/** File systems of this tier that cannot be had here. */
async function missingHere(tier: Tier): Promise<readonly Skipped[]> {
  const { rig, dispose } = createRig();
  try {
    const missing: Skipped[] = [];
    for (const kind of FILE_SYSTEMS.filter((one) => TRIED[tier][one] !== undefined)) {
      const why = await whyNoImage(kind, rig.base, rig.work);
      if (why !== null) missing.push({ what: nameOf(kind), why });
    }
    return missing;
  } finally {
    dispose();
  }
}

function nameOf(kind: FileSystem): string {
  return `power cuts on ${kind}`;
}

async function pointsOf(
  settings: CampaignSettings,
  { shim, missing }: { readonly shim: string; readonly missing: readonly string[] },
): Promise<readonly Point[]> {
  const places = await placesOf(scenarioOf('plain'), shim);
  const last = places.slice(-1).map((place) => ({ ...place, deed: 'stop-after' as const }));
  const faults = [...places.map((place) => ({ ...place, deed: 'stop-before' as const })), ...last];
  return FILE_SYSTEMS.filter((kind) => !missing.includes(nameOf(kind))).flatMap((kind) =>
    spread(faults, TRIED[settings.tier][kind] ?? 0, settings.seed).map((fault) => ({
      scenario: placeName('plain', kind),
      faults: [fault],
    })),
  );
}
