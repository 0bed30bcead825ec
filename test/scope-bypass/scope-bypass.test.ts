/** Every attempt is made in a real repository, and none passes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { BREACH_CODES } from '../../src/core/scope/breach-codes.ts';
import { PROTECTED_PATHS } from '../../src/core/scope/protected-paths.ts';
import { STARTER_SCOPE } from '../../src/core/scope/starter-scope.ts';
import { breachesOf, changeRig } from '../git/changes/rig.ts';
import type { Attempt } from './attempt.ts';
import { naiveRefuses } from './naive-guard.ts';
import { BASE_FILES, type Victim, victim } from './repository.ts';
import { ATTEMPTS, PAGE, withTable } from './table.ts';

const template = changeRig(t, BASE_FILES);
// Most of the time git is waited for.
t.jobs = 4;

t.test('an honest small change passes, as content and as a commit', async (t) => {
  const honest = victim(t, template);
  honest.write('src/main.ts', 'fixed\n');
  honest.write('src/new.ts', 'new\n');
  t.strictSame(await breachesOf(await honest.content(), STARTER_SCOPE), []);
  honest.commit();
  t.strictSame(await breachesOf(await honest.committed(), STARTER_SCOPE), []);
});

for (const attempt of ATTEMPTS) {
  t.test(`an agent that ${attempt.tries} is refused`, async (t) => {
    const scope = { ...STARTER_SCOPE, ...attempt.scope };
    const made = victim(t, template);
    attempt.act(made);
    t.ok((await refusals(made, attempt)).includes(attempt.refusedBy));
    t.equal(naiveRefuses(made, attempt, scope), attempt.naiveSees, 'what a reader of git diff makes of it');
  });
}

t.test(
  'the page holds the table of these attempts (node test/scope-bypass/table.ts writes it)',
  async (t) => {
    const page = readFileSync(PAGE, 'utf8');
    t.equal(page, withTable(page, ATTEMPTS));
    t.ok(ATTEMPTS.length >= 30);
    t.ok(ATTEMPTS.filter(({ naiveSees }) => !naiveSees).length >= 20, 'the control misses a good part');
  },
);

t.test('the page names every code and every protected path', async (t) => {
  const page = readFileSync(PAGE, 'utf8').toLowerCase();
  for (const code of BREACH_CODES) t.ok(page.includes(`\`${code}\``), code);
  for (const glob of PROTECTED_PATHS) {
    const name = glob.endsWith('codeowners') ? 'codeowners' : glob.replace('**/', '').replace('/**', '');
    t.ok(page.includes(name), glob);
  }
});

async function refusals(made: Victim, attempt: Attempt): Promise<readonly string[]> {
  const root = join(made.root, attempt.root ?? '');
  try {
    const changes =
      attempt.view === 'content' ? await made.content({ root }) : await made.committed({ root });
    const breaches = await breachesOf(changes, { ...STARTER_SCOPE, ...attempt.scope });
    return breaches.map(({ code }) => code);
  } catch (error) {
    // Only what the row says: any other failure is a bug.
    if (!/is not what its name says/.test(String(error))) throw error;
    return ['git_failed'];
  }
}
