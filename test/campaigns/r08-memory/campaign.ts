import type { Campaign, Figure, Tier } from '../campaign.ts';
import { type Point, selectPoints, tryPoints } from '../try-points.ts';
import { artifactPoints, MOST_FOR_ARTIFACTS } from './artifacts.ts';
import { historyPoints, MOST_FOR_HISTORY } from './history.ts';
import { MOST_FOR_OUTPUT, outputPoints } from './output.ts';
import type { Peaks } from './peak.ts';

export const r08: Campaign = {
  id: 'R8',
  folder: 'r08-memory',
  promise: 'memory and logs are bounded, whatever an agent prints or leaves behind',
  run: async (settings) => {
    const peaks: Peaks = { output: [], artifacts: [], history: [] };
    const pointsOf = (tier: Tier): readonly Point[] => [
      ...outputPoints(tier, peaks),
      ...artifactPoints(peaks),
      ...historyPoints(tier, peaks),
    ];
    const tried = await tryPoints(settings, selectPoints(settings, pointsOf));
    return {
      ...tried,
      figures: [
        ...peakOf('output', peaks.output, MOST_FOR_OUTPUT),
        ...peakOf('artifacts and reports', peaks.artifacts, MOST_FOR_ARTIFACTS),
        ...peakOf('a long history', peaks.history, MOST_FOR_HISTORY),
      ],
    };
  },
};

function peakOf(name: string, megabytes: readonly number[], most: number): readonly Figure[] {
  if (megabytes.length === 0) return [];
  return [{ name: `highest peak, ${name}`, value: Math.round(Math.max(...megabytes)), unit: 'MB', most }];
}
