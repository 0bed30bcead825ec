import t from 'tap';
import { loadScenario, scenarioNames } from '../forge/scenario.ts';
import { readPage, sectionsOf } from './pages.ts';

const ENTRIES = new Map(sectionsOf(readPage('gate-codes.md'), 3));

/** What an entry says that its code does to the gate: before what to do about it. */
function effectOf(code: string): string {
  return ENTRIES.get(code)?.split('**Do:**')[0] ?? '';
}

t.test('an entry says of a code what the forge scenarios show that it does', async (t) => {
  for (const name of scenarioNames()) {
    const { verdict } = loadScenario(name);
    for (const code of verdict.noted) t.match(effectOf(code), /\b(passes|recorded)\b/i, `${name}: ${code}`);
    for (const code of verdict.codes) t.match(effectOf(code), /\b(waits|blocks)\b/i, `${name}: ${code}`);
    const [only, ...others] = verdict.codes;
    if (only === undefined || others.length > 0) continue;
    t.match(effectOf(only), verdict.waits ? /\bwaits\b/i : /\bblocks\b/i, `${name}: ${only}`);
  }
});
