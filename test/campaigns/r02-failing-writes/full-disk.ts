import { mkdirSync } from 'node:fs';
import { createRig, inParallel, type Rig } from '../../e2e/rig.ts';
import type { CampaignResult, CampaignSettings, Tier } from '../campaign.ts';
import { mount, unmount, whyNoMounts } from '../faults/mounts.ts';
import { resultOf, skipped, thrown } from '../faults/points.ts';
import { scenarioOf } from '../faults/scenario.ts';
import { createStand, type Stand } from '../faults/stand.ts';
import { goOn, inspectCrash, recordUndisturbed, type Undisturbed } from '../faults/try-point.ts';
import { wrongVerdict } from './try-failure.ts';

const WHAT = 'runs on a disk that is full';

/** Sizes in KiB: the smallest does not take the first commit, the largest takes the whole run. */
const SIZES: Readonly<Record<Tier, readonly number[]>> = {
  slice: [40, 88],
  fast: between(24, 144, 12),
  full: between(8, 160, 4),
};

function between(least: number, most: number, step: number): readonly number[] {
  return Array.from({ length: Math.floor((most - least) / step) + 1 }, (_, index) => least + index * step);
}

/** `disk of 40 KiB`, the point of one size. */
export function isDiskPoint(point: string): boolean {
  return /^disk of \d+ KiB$/.test(point);
}

/** Runs with out_dir on a disk of so few KiB, then makes room and resumes. */
export async function tryDisks(settings: CampaignSettings): Promise<CampaignResult> {
  const why = whyNoMounts();
  if (why !== null) return skipped(WHAT, why);
  const sizes = settings.point === null ? SIZES[settings.tier] : [Number(settings.point.split(' ')[2])];
  const found = await inParallel(sizes, (size) => tryDisk(size).catch(thrown), settings.width);
  const violations = sizes.flatMap((size, index) =>
    (found[index] ?? []).map((what) => ({ point: `disk of ${size} KiB`, what })),
  );
  return resultOf({ points: sizes.length, missed: [], violations });
}

async function tryDisk(kib: number): Promise<readonly string[]> {
  const { rig, dispose } = createRig();
  try {
    rig.gitRepo();
    const stand = createStand(rig, scenarioOf('plain'), '');
    const undisturbed = await recordUndisturbed(stand);
    await stand.reset();
    mkdirSync(rig.out);
    return await onDisk(rig, kib, () => tryRun(stand, undisturbed));
  } finally {
    dispose();
  }
}

async function onDisk<Out>(rig: Rig, kib: number, job: () => Promise<Out>): Promise<Out> {
  mount('-t', 'tmpfs', '-o', `size=${kib}k,mode=0755`, 'tmpfs', rig.out);
  try {
    return await job();
  } finally {
    await unmount(rig.out);
  }
}

async function tryRun(stand: Stand, undisturbed: Undisturbed): Promise<readonly string[]> {
  const { rig, scenario } = stand;
  const run = await stand.run(scenario.args(rig), null);
  const crash = await inspectCrash(stand, run);
  const verdict = await wrongVerdict({ stand, undisturbed }, run, crash);
  mount('-o', 'remount,size=8m', rig.out);
  return [...crash.problems, ...verdict, ...(await goOn(stand, crash, undisturbed))];
}
