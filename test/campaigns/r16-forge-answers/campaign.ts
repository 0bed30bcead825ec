import { loadScenario, scenarioNames } from '../../forge/scenario.ts';
import type { Campaign, CampaignSettings, Violation } from '../campaign.ts';
import { sumOf } from '../campaign.ts';
import { chanceOf } from '../chance.ts';
import { never } from '../measured.ts';
import { answersOf, ask, opens } from './ask.ts';
import { editsOf } from './edits.ts';
import { tryScenarios } from './scenarios.ts';
import { expectedOf, type Spoiled } from './unused-fields.ts';

/** How many spoiled answers are tried; all there are in the full tier. */
const CASES = { slice: 300, fast: 2500, full: Number.POSITIVE_INFINITY } as const;

interface Case extends Spoiled {
  readonly point: string;
  /** The address whose answer is spoiled, each time it is asked for. */
  readonly path: string;
}

/** R16: no scenario fails open, and no spoiled answer of a forge opens a gate. */
export const r16: Campaign = {
  id: 'R16',
  folder: 'r16-forge-answers',
  promise:
    'a gate that a forge has opened stays closed when any part of what the forge said is missing or wrong',
  run: async (settings) => {
    const { point } = settings;
    if (point?.startsWith('scenario ')) return tryScenarios(point, settings.tier);
    const spoiled = await trySpoiled(settings);
    return point === null ? sumOf([await tryScenarios(null, settings.tier), spoiled]) : spoiled;
  },
};

async function trySpoiled(settings: CampaignSettings): ReturnType<Campaign['run']> {
  const all = await casesOf();
  const cases = chosen(all, settings);
  const violations: Violation[] = [];
  let [closed, passed] = [0, 0];
  for (const one of cases) {
    const expected = expectedOf(one);
    const open = await opensWhenSpoiled(one);
    if (!open) closed += 1;
    if (open && expected === 'closed') passed += 1;
    const what = open ? 'the gate is open all the same' : 'listed as unused, and yet the gate is closed';
    if (open ? expected === 'closed' : expected === 'open') violations.push({ point: one.point, what });
  }
  settings.say(`${cases.length} of ${all.length} spoiled answers, ${closed} closed the gate`);
  const least = settings.point !== null ? {} : { least: settings.tier === 'slice' ? 300 : 2000 };
  return {
    points: cases.length,
    violations,
    figures: [
      { name: 'spoiled answers', value: cases.length, unit: '', ...least },
      never('passes with a used field spoiled', passed),
    ],
    skipped: [],
  };
}

/** Every spoiled answer of every scenario that passes. */
async function casesOf(): Promise<readonly Case[]> {
  const cases: Case[] = [];
  for (const name of scenarioNames()) {
    const scenario = loadScenario(name);
    if (!scenario.verdict.passed) continue;
    for (const { seen, wire } of await answersOf(scenario)) {
      for (const edit of editsOf(wire)) {
        const point = `${name} ${seen.path}: ${edit.name}`;
        cases.push({ scenario, route: seen.route, edit, path: seen.path, point });
      }
    }
  }
  return cases;
}

/** The seed draws which ones are tried. */
function chosen(all: readonly Case[], { tier, seed, point }: CampaignSettings): readonly Case[] {
  if (point !== null) return all.filter((one) => one.point === point);
  if (all.length <= CASES[tier]) return all;
  const chance = chanceOf(seed);
  return all
    .map((one) => ({ one, drawn: chance() }))
    .sort((a, b) => a.drawn - b.drawn)
    .slice(0, CASES[tier])
    .map(({ one }) => one);
}

async function opensWhenSpoiled({ scenario, edit, path }: Case): Promise<boolean> {
  const reading = await ask(scenario, (wire, seen) => (seen.path === path ? edit.apply(wire) : wire));
  return opens(reading, scenario);
}
