import t from 'tap';
import { forgeInProcess, type InProcessForge } from './in-process.ts';
import { githubReader } from './read-github.ts';
import { readGitlab } from './read-gitlab.ts';
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

t.test('on GitLab the ci gate costs two requests, the review gate five', async (t) => {
  const [, ci] = await askTwice('gitlab-ci-passes', readGitlab);
  t.strictSame(ci, ['merge-request', 'jobs']);
  const [, review] = await askTwice('gitlab-review-passes', readGitlab);
  t.equal(review?.length, 5);
  t.equal(review?.at(-1), 'merge-request');
});
