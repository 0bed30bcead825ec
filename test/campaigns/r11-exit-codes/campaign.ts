import type { Campaign, CampaignResult, CampaignSettings } from '../campaign.ts';
import { everyNth, type NamedPoint, tryPoints } from '../named-points.ts';
import { CODE_POINTS } from './codes.ts';
import { GATE_POINTS } from './gates.ts';
import { VERDICT_POINTS } from './verdicts.ts';

/** The only points that may end with 0: all gates open on a run that did what it should, and what only prints. */
function pointsOf({ tier, point }: CampaignSettings): readonly NamedPoint[] {
  const all = [...GATE_POINTS, ...VERDICT_POINTS, ...CODE_POINTS];
  if (tier !== 'slice' || point !== null) return all;
  return [...everyNth(GATE_POINTS, 7), ...everyNth(VERDICT_POINTS, 7), ...everyNth(CODE_POINTS, 2)];
}

async function run(settings: CampaignSettings): Promise<CampaignResult> {
  const { points, violations } = await tryPoints(pointsOf(settings), settings);
  const broken = new Set(violations.map(({ point }) => point)).size;
  const figures = [{ name: 'points with another code than promised', value: broken, unit: '', most: 0 }];
  return { points, violations, figures, skipped: [] };
}

/** Exit codes: one closed table, and 0 only for what is closure-ready. */
export const r11: Campaign = {
  id: 'R11',
  folder: 'r11-exit-codes',
  promise: 'exit 0 is given only for an all-pass; report, exit code and verify agree for every verdict',
  run,
};
