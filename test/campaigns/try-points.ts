import { createRig, inParallel, type Rig } from '../e2e/rig.ts';
import type { CampaignResult, CampaignSettings, Tier, Violation } from './campaign.ts';

/** One point of a campaign, tried with a rig of its own. */
export interface Point {
  /** What `POINT=` takes; one name means the same in every tier. */
  readonly name: string;
  /** Says in words what must not be; empty where the promise held. What it throws is a violation too. */
  readonly attempt: (rig: Rig) => Promise<readonly string[]>;
}

/** The points of a tier. */
export type PointsOf = (tier: Tier) => readonly Point[];

const TIERS: readonly Tier[] = ['slice', 'fast', 'full'];

/** Everything of the tier, or the one point that is asked for, in whichever tier it is. Throws where none is. */
export function selectPoints(settings: CampaignSettings, pointsOf: PointsOf): readonly Point[] {
  if (settings.point === null) return pointsOf(settings.tier);
  const found = TIERS.flatMap(pointsOf).find((one) => one.name === settings.point);
  if (found === undefined) throw new Error(`no point is called ${settings.point}`);
  return [found];
}

/** Tries the points, `settings.width` at a time, and tells of each that broke as soon as it has. */
export async function tryPoints(
  settings: CampaignSettings,
  points: readonly Point[],
): Promise<CampaignResult> {
  const broken = await inParallel(points, (point) => tryPoint(settings, point), settings.width);
  return { points: points.length, figures: [], violations: broken.flat(), skipped: [] };
}

async function tryPoint(settings: CampaignSettings, point: Point): Promise<readonly Violation[]> {
  const { rig, dispose } = createRig();
  try {
    const problems = await point.attempt(rig).catch((error: unknown) => [String(error)]);
    for (const what of problems) settings.say(`${point.name}: ${what}`);
    return problems.map((what) => ({ point: point.name, what }));
  } finally {
    dispose();
  }
}
