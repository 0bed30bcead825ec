import { inParallel } from '../../e2e/rig.ts';
import type { Campaign, CampaignResult, CampaignSettings, Tier, Violation } from '../campaign.ts';
import { keepFailing, readCorpus } from './corpus.ts';
import { generate, generateAgain, type NamedCase } from './inputs/all.ts';
import { makeStarts } from './starts.ts';
import { tryCase } from './try-case.ts';

const COUNT: Readonly<Record<Tier, number>> = { slice: 60, fast: 300, full: 5000 };

/** One seed for all tiers, so that a violation of one is found by all larger ones. */
function casesOf({ tier, seed, point }: CampaignSettings): readonly NamedCase[] {
  if (point === null) return [...readCorpus(), ...generate(seed, COUNT[tier])];
  const kept = readCorpus().find(({ name }) => name === point);
  return [kept ?? generateAgain(point)];
}

async function run(settings: CampaignSettings): Promise<CampaignResult> {
  const cases = casesOf(settings);
  const starts = await makeStarts();
  settings.say(`seed ${settings.seed}: ${cases.length} inputs`);
  let passed = 0;
  try {
    const found = await inParallel(
      cases,
      async (one, index): Promise<readonly Violation[]> => {
        if (index > 0 && index % 1000 === 0) settings.say(`${index} inputs tried`);
        const { code, complaints } = await tryCase(one.fuzz, starts);
        if (code === 0 && !one.fuzz.codes.includes(0)) passed += 1;
        if (complaints.length > 0) settings.say(`${one.name}: kept as ${keepFailing(one)}`);
        return complaints.map((what) => ({ point: one.name, what: `${one.fuzz.input}: ${what}` }));
      },
      settings.width,
    );
    const figures = [{ name: 'exits 0 that no input deserved', value: passed, unit: '', most: 0 }];
    return { points: cases.length, violations: found.flat(), figures, skipped: [] };
  } finally {
    starts.dispose();
  }
}

/** Fuzz: whatever comes in, what goes out is a code of the table and one clean line. */
export const r09: Campaign = {
  id: 'R9',
  folder: 'r09-fuzz',
  promise: 'any input ends with a documented code that fits it: no stack, no hang, nothing written elsewhere',
  run,
};
