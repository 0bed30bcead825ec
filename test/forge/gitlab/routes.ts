import { type Answer, type Route, refused } from '../answer.ts';
import type { World } from '../world.ts';
import { factRoutes } from './facts.ts';
import { mergeRequestRoutes } from './merge-requests.ts';

/** The used part of GitLab's API v4; paths are without the base URL's own. */
export function gitlabRoutes(world: World, base: string): readonly Route[] {
  return [...mergeRequestRoutes(world, base), ...factRoutes(world)];
}

/** What a request gets instead of an answer, for its token; null where it may go on. */
export function gitlabAccess(
  world: World,
  route: string,
  given: Readonly<Record<string, string>>,
): Answer | null {
  const { token } = world.scenario;
  const sent = given['private-token'] ?? given.authorization?.replace(/^Bearer /, '');
  // Private projects are not there for whoever does not say who they are.
  if (sent === undefined) return refused(404, '404 Project Not Found');
  if (sent !== token.value) return refused(401, '401 Unauthorized');
  const denied = token.denied[route];
  if (denied === undefined) return null;
  if (denied === 404) return refused(404, '404 Not found');
  return { status: denied, headers: {}, body: { error: 'insufficient_scope', scope: 'api read_api' } };
}

/** The headers that say how much may still be asked. */
export function gitlabLimitHeaders(world: World, nowSecs: number): Record<string, string> {
  const { perHour, resetSecs } = world.scenario.limits;
  const used = world.calls.get('*') ?? 0;
  return {
    'ratelimit-limit': `${perHour}`,
    'ratelimit-observed': `${used}`,
    'ratelimit-remaining': `${Math.max(0, perHour - used)}`,
    'ratelimit-reset': `${nowSecs + resetSecs}`,
  };
}
