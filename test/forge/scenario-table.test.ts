import { readFileSync } from 'node:fs';
import t from 'tap';
import { loadScenario, scenarioNames } from './scenario.ts';
import { scenarioTable, TABLE_FILE } from './scenario-table.ts';

t.test('the page of scenarios is what the scenarios say: node test/forge/scenario-table.ts', async (t) => {
  t.equal(readFileSync(TABLE_FILE, 'utf8'), scenarioTable());
});

t.test(
  'a scenario that passes has no code that blocks, and every other one names at least one',
  async (t) => {
    t.ok(scenarioNames().length >= 40);
    for (const name of scenarioNames()) {
      const { verdict } = loadScenario(name);
      t.equal(verdict.passed, verdict.codes.length === 0, name);
      t.ok(name.startsWith(`${verdict.forge}-${verdict.gate}-`), name);
    }
  },
);
