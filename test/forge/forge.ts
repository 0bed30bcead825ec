import { createHash } from 'node:crypto';
import { type Answer, type ForgeRequest, type Route, refused } from './answer.ts';
import { spoil, type Wire } from './faults.ts';
import { githubAccess, githubLimitHeaders, githubRoutes } from './github/routes.ts';
import { gitlabAccess, gitlabLimitHeaders, gitlabRoutes } from './gitlab/routes.ts';
import { paged } from './paged.ts';
import type { Scenario } from './scenario.ts';
import { countCall, newWorld, type World } from './world.ts';

/** One request that came in, for counts. */
export interface Recorded {
  readonly method: string;
  readonly path: string;
  /** Name of the route, `none` where there is none. */
  readonly route: string;
  readonly status: number;
  /** Whether a condition was sent along (`if-none-match`). */
  readonly conditional: boolean;
}

/** Lets a test change an answer after everything else has: the campaign of mutated answers does. */
export type Tamper = (wire: Wire, seen: Seen) => Wire;

/** Which answer it is: its route, the how manieth call of that, and what was asked. */
export interface Seen {
  readonly route: string;
  readonly call: number;
  /** Path and query. */
  readonly path: string;
}

export interface ForgeOptions {
  readonly scenario: Scenario;
  /** Where the forge says that it is: `http://127.0.0.1:1234`. */
  readonly origin: string;
  readonly nowSecs: () => number;
  readonly tamper?: Tamper;
}

/** Both forges without a socket: what is asked, and what goes over the wire. */
export interface ForgeCore {
  readonly world: World;
  readonly requests: Recorded[];
  answer(request: ForgeRequest): Wire;
}

interface Side {
  readonly prefix: string;
  readonly style: 'github' | 'gitlab';
  readonly routes: readonly Route[];
  readonly access: typeof githubAccess;
  readonly limits: typeof githubLimitHeaders;
}

export function createForge({ scenario, origin, nowSecs, tamper }: ForgeOptions): ForgeCore {
  const world = newWorld(structuredClone(scenario));
  const requests: Recorded[] = [];
  const sides: readonly Side[] = [
    {
      ...{ prefix: '/api/v3', style: 'github', access: githubAccess, limits: githubLimitHeaders },
      routes: githubRoutes(world, `${origin}/api/v3`),
    },
    {
      ...{ prefix: '/api/v4', style: 'gitlab', access: gitlabAccess, limits: gitlabLimitHeaders },
      routes: gitlabRoutes(world, `${origin}/api/v4`),
    },
  ];
  const answer = (request: ForgeRequest): Wire => {
    const side = sides.find(({ prefix }) => request.url.pathname.startsWith(`${prefix}/`));
    const route = side === undefined ? undefined : routeOf(side, request);
    const call = countCall(world, route?.route.name ?? 'none');
    const wire =
      side === undefined
        ? textOf(refused(404, 'Not Found'), {})
        : serve(side, route, request, world, nowSecs());
    const spoiled = withFaults(wire, world, { request, route: route?.route.name ?? 'none', call }, nowSecs());
    const path = request.url.pathname + request.url.search;
    const last =
      tamper === undefined ? spoiled : tamper(spoiled, { route: route?.route.name ?? 'none', call, path });
    requests.push({
      ...{ method: request.method, path, status: last.status },
      ...{ route: route?.route.name ?? 'none', conditional: request.headers['if-none-match'] !== undefined },
    });
    return last;
  };
  return { world, requests, answer };
}

function routeOf(side: Side, request: ForgeRequest): { route: Route; parts: readonly string[] } | undefined {
  const path = request.url.pathname.slice(side.prefix.length);
  for (const route of side.routes) {
    const match = request.method === route.method ? route.path.exec(path) : null;
    if (match !== null) return { route, parts: match.slice(1) };
  }
  return undefined;
}

function serve(
  side: Side,
  found: ReturnType<typeof routeOf>,
  request: ForgeRequest,
  world: World,
  nowSecs: number,
): Wire {
  const headers = side.limits(world, nowSecs);
  const used = world.calls.get('*') ?? 0;
  if (used > world.scenario.limits.perHour) {
    return textOf(refused(side.style === 'github' ? 403 : 429, 'API rate limit exceeded'), headers);
  }
  if (found === undefined) return textOf(refused(404, 'Not Found'), headers);
  const stopped = side.access(world, found.route.name, request.headers) ?? foreign(side, found.parts, world);
  const answer = paged(stopped ?? found.route.answer(found.parts, request), request, side.style);
  return conditional(textOf(answer, headers), request, world);
}

/** Another repository or project than the scenario's is not there. */
function foreign(side: Side, parts: readonly string[], world: World): Answer | null {
  const { github, gitlab } = world.scenario;
  if (side.style === 'github') {
    const known = [undefined, github.repo, github.pull.fork ?? undefined];
    return known.includes(parts[0]) ? null : refused(404, 'Not Found');
  }
  return decodeURIComponent(parts[0] ?? '') === gitlab.project ? null : refused(404, '404 Project Not Found');
}

function textOf(answer: Answer, headers: Readonly<Record<string, string>>): Wire {
  return {
    status: answer.status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers, ...answer.headers },
    text: answer.body === null ? '' : JSON.stringify(answer.body),
    end: 'whole',
  };
}

/** An entity tag on everything that is read, and 304 for whoever has it; those are not counted against the limit. */
function conditional(wire: Wire, request: ForgeRequest, world: World): Wire {
  if (request.method !== 'GET' || wire.status !== 200) return wire;
  const link = wire.headers.link ?? '';
  const etag = `W/"${createHash('sha256').update(wire.text).update(link).digest('hex').slice(0, 32)}"`;
  const headers = { ...wire.headers, etag };
  if (request.headers['if-none-match'] !== etag) return { ...wire, headers };
  world.calls.set('*', (world.calls.get('*') ?? 1) - 1);
  return { status: 304, headers, text: '', end: 'whole' };
}

function withFaults(
  wire: Wire,
  world: World,
  seen: { readonly request: ForgeRequest; readonly route: string; readonly call: number },
  nowSecs: number,
): Wire {
  const page = Number(seen.request.url.searchParams.get('page') ?? 1);
  const due = world.scenario.faults.filter(
    (fault) =>
      (fault.route === seen.route || fault.route === '*') &&
      (fault.calls === null || fault.calls.includes(seen.call)) &&
      (fault.page === null || fault.page === page),
  );
  return due.reduce((spoiled, fault) => spoil(spoiled, fault, nowSecs), wire);
}
