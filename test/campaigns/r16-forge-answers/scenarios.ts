import { loadScenario, scenarioNames } from '../../forge/scenario.ts';
import type { CampaignResult, Tier, Violation } from '../campaign.ts';
import { never } from '../measured.ts';
import { ask, opens } from './ask.ts';

/** Asks every scenario, or the one of a point (`scenario <name>`): none may open a gate that it should not. */
export async function tryScenarios(point: string | null, tier: Tier): Promise<CampaignResult> {
  const names = scenarioNames().filter((name) => point === null || point === `scenario ${name}`);
  const violations: Violation[] = [];
  let failedOpen = 0;
  for (const name of names) {
    const scenario = loadScenario(name);
    // A thousand suites take a thousand requests: `make test` asks those scenarios once, over loopback.
    if (tier === 'slice' && (scenario.github.moreSuites?.count ?? 0) > 1000) continue;
    const open = opens(await ask(scenario), scenario);
    if (open === scenario.verdict.passed) continue;
    if (open) failedOpen += 1;
    violations.push({ point: `scenario ${name}`, what: open ? 'failed open' : 'should have passed' });
  }
  const figures = [
    { name: 'scenarios', value: names.length, unit: '', ...(point === null ? { least: 40 } : {}) },
    never('fail-open verdicts', failedOpen),
  ];
  return { points: names.length, violations, figures, skipped: [] };
}
