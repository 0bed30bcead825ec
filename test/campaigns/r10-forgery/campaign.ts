import type { Campaign, CampaignResult, CampaignSettings } from '../campaign.ts';
import { everyNth, type NamedPoint, tryPoints } from '../named-points.ts';
import { ARTIFACTS } from './artifacts.ts';
import type { Attack } from './attack.ts';
import { BETWEEN_RUNS } from './between-runs.ts';
import { CONTROL_FILES } from './control-files.ts';
import { ENVIRONMENT } from './environment.ts';
import { GIT } from './git.ts';
import { HTML, HTML_NOT_TRIED } from './html.ts';
import { OUTPUT } from './output.ts';
import { RESUME } from './resume.ts';
import { NOT_TRIED, SANDBOX } from './sandbox.ts';
import { SQUATTING } from './squatting.ts';
import { WITH_KEY } from './with-key.ts';

/** Every attack, in the order of the threat table's rows. */
const ATTACKS: readonly Attack[] = [
  ...[
    ...CONTROL_FILES,
    ...BETWEEN_RUNS,
    ...SQUATTING,
    ...RESUME,
    ...ARTIFACTS,
    ...ENVIRONMENT,
    ...OUTPUT,
    ...GIT,
    ...WITH_KEY,
    ...SANDBOX,
    ...HTML,
  ],
].sort((one, other) => one.row - other.row);

function pointsOf({ tier, point }: CampaignSettings): readonly NamedPoint[] {
  const attacks = tier === 'slice' && point === null ? everyNth(ATTACKS, 5) : ATTACKS;
  return attacks.map(({ row, name, control, attempt }) => ({
    name: `${row} ${name}`,
    attempt: async (rig) => (await attempt(rig)).map((what) => `${what} (control: ${control})`),
  }));
}

async function run(settings: CampaignSettings): Promise<CampaignResult> {
  const { points, violations } = await tryPoints(pointsOf(settings), settings);
  const rows = new Set(ATTACKS.map(({ row }) => row)).size;
  const skipped = [...NOT_TRIED, ...HTML_NOT_TRIED].map(({ row, name, why }) => ({
    what: `row ${row}: ${name}`,
    why,
  }));
  return {
    ...{ points, violations, skipped },
    figures: [
      {
        name: 'attacks that came to something',
        value: new Set(violations.map(({ point }) => point)).size,
        unit: '',
        most: 0,
      },
      { name: 'rows of the threat table with an attack', value: rows, unit: '' },
    ],
  };
}

/** Forgery: each attack of the threat table comes to nothing, in the way that the specification says. */
export const r10: Campaign = {
  id: 'R10',
  folder: 'r10-forgery',
  promise: 'every attack of the threat table comes to nothing, and ends as the specification says',
  run,
};
