import t from 'tap';
import { CLOSURE_DEFAULTS } from '../../../src/core/config/closure-settings.ts';
import { gatesDecidedAnew } from '../../../src/core/resume/decided-anew.ts';

const FORGE = { ...CLOSURE_DEFAULTS, ci_from: ['github:a/b#1'] };

t.test('nothing given and nothing changed leaves every decision', async (t) => {
  t.strictSame(gatesDecidedAnew(FORGE, FORGE, {}), []);
});

t.test('a source that is given is asked, if it is the same or not', async (t) => {
  const given = { ci_from: { value: FORGE.ci_from, origin: '--ci-from' } };
  t.strictSame(gatesDecidedAnew(FORGE, FORGE, given), ['ci']);
  t.strictSame(gatesDecidedAnew(CLOSURE_DEFAULTS, FORGE, {}), ['ci']);
  t.strictSame(gatesDecidedAnew(FORGE, CLOSURE_DEFAULTS, {}), ['ci'], 'a source that is gone as well');
});

t.test('a setting is for the gates that it decides, where they have more than the operator', async (t) => {
  const rows = [
    [{ scope: true }, ['policy']],
    [{ base: 'main' }, ['policy', 'ci']],
    [{ gate_commit: 'a'.repeat(40) }, ['policy', 'ci']],
    [{ github_url: 'https://other' }, ['ci']],
    [{ review_approvals: 2 }, []],
    [{ ci_accept_flaky: true }, ['ci']],
    [{ gate_wait_ms: 5, delivery_branch: 'x', github_token_env: 'T' }, []],
  ] as const;
  for (const [changed, gates] of rows) {
    t.strictSame(gatesDecidedAnew(FORGE, { ...FORGE, ...changed }, {}), gates, JSON.stringify(changed));
  }
});
