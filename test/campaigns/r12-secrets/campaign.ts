import type { Campaign, CampaignResult, CampaignSettings } from '../campaign.ts';
import { everyNth, type NamedPoint, tryPoints } from '../named-points.ts';
import { CONTROL } from './control.ts';
import { CUTS, ENDINGS } from './endings.ts';
import { MESSAGES } from './messages.ts';

function pointsOf({ tier, point }: CampaignSettings): readonly NamedPoint[] {
  const all = [CONTROL, ...ENDINGS, ...CUTS, ...MESSAGES];
  return tier === 'slice' && point === null ? everyNth(all, 3) : all;
}

async function run(settings: CampaignSettings): Promise<CampaignResult> {
  const { points, violations } = await tryPoints(pointsOf(settings), settings);
  const figures = [{ name: 'hits', value: violations.length, unit: '', most: 0 }];
  return { points, violations, figures, skipped: [] };
}

/** Secrets: what is known as one is in no file of the evidence and on no terminal. */
export const r12: Campaign = {
  id: 'R12',
  folder: 'r12-secrets',
  promise: 'a secret is in no file of out_dir and on no terminal, in any of the promised encodings',
  run,
};
