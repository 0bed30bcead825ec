import t from 'tap';
import { forgeInProcess, type InProcessForge } from './in-process.ts';
import { githubReader } from './read-github.ts';
import { gitlabReader } from './read-gitlab.ts';
import { loadScenario } from './scenario.ts';
import { type Reader, saidBy } from './verdict.ts';

/** Asks twice, half a minute apart, as a run does that was waiting and now closes; gives the requests of each time. */
async function askTwice(name: string, read: Reader): Promise<readonly (readonly string[])[]> {
  const scenario = loadScenario(name);
  let time = Date.parse('2026-01-05T12:00:00Z');
  const now = (): number => time;
  const forge: InProcessForge = forgeInProcess(scenario, () => Math.floor(time / 1000));
  const reach = { ...forge, now, signal: new AbortController().signal };
  await read(scenario, reach);
  const first = forge.requests.length;
  time += 30_000;
  t.ok(saidBy(await read(scenario, reach)).passed, name);
  const routes = forge.requests.map((one) => one.route);
  return [routes.slice(0, first), routes.slice(first)];
}

t.test(
  'on GitHub the decision that closes costs three requests, the pull request and the checks last',
  async (t) => {
    const [first, closing] = await askTwice('github-ci-passes', githubReader());
    t.strictSame(closing, ['status', 'pull', 'check-runs']);
    t.strictSame(first?.slice(-2), ['pull', 'check-runs']);
    const [, review] = await askTwice('github-review-passes', githubReader());
    t.strictSame(review, ['reviews', 'pull']);
  },
);

t.test('on GitLab the decision that closes costs two requests for ci and three for review', async (t) => {
  const [, ci] = await askTwice('gitlab-ci-passes', gitlabReader());
  t.strictSame(ci, ['merge-request', 'jobs']);
  const [, review] = await askTwice('gitlab-review-passes', gitlabReader());
  t.strictSame(review, ['approvals', 'versions', 'merge-request']);
});
