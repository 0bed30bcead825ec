import { type Answer, type Route, refused } from '../answer.ts';
import type { World } from '../world.ts';
import { branchRoutes } from './branches.ts';
import { checkRoutes } from './checks.ts';
import { pullRoutes } from './pulls.ts';
import { reviewRoutes } from './reviews.ts';

/** The used part of GitHub's REST API; paths are without the base URL's own. */
export function githubRoutes(world: World, base: string): readonly Route[] {
  return [...pullRoutes(world, base), ...checkRoutes(world), ...reviewRoutes(world), ...branchRoutes(world)];
}

/** What a request gets instead of an answer, for its token; null where it may go on. */
export function githubAccess(
  world: World,
  route: string,
  given: Readonly<Record<string, string>>,
): Answer | null {
  const { token } = world.scenario;
  const sent = given.authorization;
  // Private repositories are not there for whoever does not say who they are.
  if (sent === undefined) return refused(404, 'Not Found');
  if (sent !== `Bearer ${token.value}` && sent !== `token ${token.value}`)
    return refused(401, 'Bad credentials');
  const denied = token.denied[route];
  if (denied === undefined) return null;
  return denied === 404
    ? refused(404, 'Not Found')
    : refused(denied, 'Resource not accessible by personal access token');
}

/** The headers that say how much may still be asked. */
export function githubLimitHeaders(world: World, nowSecs: number): Record<string, string> {
  const { perHour, resetSecs } = world.scenario.limits;
  const used = world.calls.get('*') ?? 0;
  return {
    'x-ratelimit-limit': `${perHour}`,
    'x-ratelimit-remaining': `${Math.max(0, perHour - used)}`,
    'x-ratelimit-used': `${used}`,
    'x-ratelimit-reset': `${nowSecs + resetSecs}`,
    'x-ratelimit-resource': 'core',
  };
}
