import { found, listed, type Route, refused } from '../answer.ts';
import { commitOf, deliveredBranch, type World } from '../world.ts';
import { account, app, idOf } from './people.ts';

/** Rules of branches, the repository itself, and how much may still be asked. */
export function branchRoutes(world: World): readonly Route[] {
  return [
    {
      name: 'rules',
      method: 'GET',
      path: /^\/repos\/([^/]+\/[^/]+)\/rules\/branches\/(.+)$/,
      answer: () => listed(rulesOf(world)),
    },
    {
      name: 'protection',
      method: 'GET',
      path: /^\/repos\/([^/]+\/[^/]+)\/branches\/(.+)\/protection\/required_status_checks$/,
      answer: () => {
        const { protection, strict } = world.scenario.github;
        if (protection === null) return refused(404, 'Branch not protected');
        const checks = protection.map(splitContext);
        return found({ strict, contexts: checks.map((one) => one.context), checks });
      },
    },
    {
      name: 'activity',
      method: 'GET',
      path: /^\/repos\/([^/]+\/[^/]+)\/activity$/,
      answer: (_, { url }) => listed(activityOf(world, url.searchParams.get('ref'))),
    },
    {
      name: 'repo',
      method: 'GET',
      path: /^\/repos\/([^/]+\/[^/]+)$/,
      answer: ([name = '']) =>
        found({
          ...{ id: idOf(name), full_name: name, private: true, default_branch: 'main' },
          ...{ owner: account(name.split('/')[0] ?? ''), permissions: { pull: true, push: true } },
        }),
    },
    {
      name: 'rate-limit',
      method: 'GET',
      path: /^\/rate_limit$/,
      answer: () => {
        const used = world.calls.get('*') ?? 0;
        const { perHour: limit } = world.scenario.limits;
        return found({ resources: { core: { limit, used, remaining: Math.max(0, limit - used) } } });
      },
    },
  ];
}

/** Who pushed what to the branch of the change. */
function activityOf(world: World, ref: string | null): readonly unknown[] {
  const { pusher } = world.scenario.github.pull;
  const branch = deliveredBranch(world);
  if (pusher === null || (ref !== null && ref !== `refs/heads/${branch}`)) return [];
  return [
    {
      ...{ id: 4000, before: commitOf(world, '@base', branch), after: commitOf(world, '@pushed', branch) },
      ...{ ref: `refs/heads/${branch}`, timestamp: '2026-01-02T12:00:00Z', activity_type: 'push' },
      actor: account(pusher),
    },
  ];
}

function rulesOf(world: World): readonly unknown[] {
  const { rules, strict } = world.scenario.github;
  if (rules.length === 0) return [];
  const checks = rules.map((text) => {
    const { context, app_id } = splitContext(text);
    return app_id === null ? { context } : { context, integration_id: app_id };
  });
  return [
    {
      type: 'non_fast_forward',
      ruleset_source_type: 'Repository',
      ruleset_source: 'acme/shop',
      ruleset_id: 1,
    },
    {
      ...{ type: 'required_status_checks', ruleset_source_type: 'Repository', ruleset_source: 'acme/shop' },
      ruleset_id: 1,
      parameters: { strict_required_status_checks_policy: strict, required_status_checks: checks },
    },
  ];
}

/** `build@github-actions` is the check of that app alone. */
function splitContext(text: string): { readonly context: string; readonly app_id: unknown } {
  const at = text.lastIndexOf('@');
  if (at <= 0) return { context: text, app_id: null };
  return { context: text.slice(0, at), app_id: app(text.slice(at + 1)).id };
}
