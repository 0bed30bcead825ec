import type { Campaign, CampaignSettings, Figure, Tier } from '../campaign.ts';
import { never } from '../measured.ts';
import { type Point, selectPoints, tryPoints } from '../try-points.ts';
import { type Growth, longRun } from './long-run.ts';
import { soak, type Tally } from './short-runs.ts';

const RUNS_PER_POINT = 20;
/** MB per 100 attempts; the README says why it is not 1. */
const MOST_GROWTH = 20;

export const r14: Campaign = {
  id: 'R14',
  folder: 'r14-soak',
  promise: 'run after run leaves no process, temporary file, lock or descriptor behind',
  run: async (settings) => {
    const tally: Tally = { runs: 0, leaks: 0 };
    const growth: Growth = { megabytesPer100: [], descriptors: [] };
    const points = selectPoints(settings, (tier) => pointsOf(tier, { settings, tally, growth }));
    const tried = await tryPoints(settings, points);
    const runs = { name: 'runs', value: tally.runs, unit: '' };
    const isWhole = settings.tier === 'full' && settings.point === null;
    return {
      ...tried,
      figures: [
        isWhole ? { ...runs, least: 1000 } : runs,
        never('leaks', tally.leaks),
        ...grown('descriptors gained in a long run', '', growth.descriptors, 0),
        ...grown('memory gained per 100 attempts', 'MB', growth.megabytesPer100, MOST_GROWTH),
      ],
    };
  },
};

interface Soaking {
  readonly settings: CampaignSettings;
  readonly tally: Tally;
  readonly growth: Growth;
}

function pointsOf(tier: Tier, { settings, tally, growth }: Soaking): readonly Point[] {
  const points = { slice: 1, fast: 3, full: 51 }[tier];
  const attempts = { slice: 0, fast: 200, full: 800 }[tier];
  const short = Array.from({ length: points }, (_, index): Point => {
    const first = index * RUNS_PER_POINT + 1;
    const what = { runs: RUNS_PER_POINT, seed: settings.seed + index, tally };
    return { name: `runs ${first} to ${first + RUNS_PER_POINT - 1}`, attempt: (rig) => soak(rig, what) };
  });
  if (attempts === 0) return short;
  const long: Point = {
    name: `one run of ${attempts} attempts`,
    attempt: (rig) => longRun(rig, attempts, growth),
  };
  return [long, ...short];
}

function grown(name: string, unit: string, values: readonly number[], most: number): readonly Figure[] {
  return values.map((value) => ({ name, value: Math.round(value * 10) / 10, unit, most }));
}
