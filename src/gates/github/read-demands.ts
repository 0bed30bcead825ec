import * as z from 'zod';
import type { ForgeDemand } from '../../core/gates/github/facts.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { demandFact } from '../../formats/github/facts.ts';
import { checkShape } from '../../formats/github/parse.ts';
import {
  branchRuleSchema,
  classicProtectionSchema,
  requiredStatusChecksRuleSchema,
} from '../../formats/github/rules.schema.ts';
import { type CallFailure, untrusted } from './call-failure.ts';
import type { PullPlace } from './place.ts';
import { readIfAllowed, readList } from './read-list.ts';
import type { Freshness, ReadSession } from './reader.ts';

/** What the forge demands of a branch. */
export interface BranchDemands {
  readonly demands: readonly ForgeDemand[];
  /** Whether the branch must be up to date: then the test merge counts as well. */
  readonly strict: boolean;
  /** What could not be looked at, in words. */
  readonly notEvaluated: readonly string[];
}

type Found = Result<BranchDemands, CallFailure>;

/** Rules of every level, and classic protection where the token may see it. */
export async function readDemands(
  session: ReadSession,
  place: PullPlace,
  branch: string,
  freshness: Freshness,
): Promise<Found> {
  const rules = await readRules(session, place, branch, freshness);
  if (!rules.ok) return rules;
  const classic = await readClassic(session, place, branch, freshness);
  if (!classic.ok) return classic;
  return ok({
    demands: [...rules.value.demands, ...classic.value.demands],
    strict: rules.value.strict || classic.value.strict,
    notEvaluated: classic.value.notEvaluated,
  });
}

async function readRules(
  session: ReadSession,
  { owner, repo }: PullPlace,
  branch: string,
  freshness: Freshness,
): Promise<Found> {
  const call = `rules of branch ${branch.slice(0, 100)}`;
  const listed = await readList(
    session,
    {
      call,
      needs: 'Metadata: read',
      route: '/repos/{owner}/{repo}/rules/branches/{branch}',
      parameters: { owner, repo, branch },
      schema: z.array(branchRuleSchema),
      freshness,
    },
    // Rules have no id of their own; one that is listed twice demands the same twice.
    { page: (items) => ({ items, total: null }), idOf: (rule) => JSON.stringify(rule) },
  );
  if (!listed.ok) return listed;
  const demands: ForgeDemand[] = [];
  let strict = false;
  for (const rule of listed.value.items.filter((one) => one.type === 'required_status_checks')) {
    const parsed = checkShape(requiredStatusChecksRuleSchema, rule);
    if (!parsed.ok) return fail(untrusted(call, parsed.failure));
    const { required_status_checks: checks, strict_required_status_checks_policy: policy } =
      parsed.value.parameters;
    demands.push(...checks.map((check) => demandFact(check.context, check.integration_id, 'branch rules')));
    strict ||= policy;
  }
  return ok({ demands, strict, notEvaluated: [] });
}

async function readClassic(
  session: ReadSession,
  { owner, repo }: PullPlace,
  branch: string,
  freshness: Freshness,
): Promise<Found> {
  const classic = await readIfAllowed(
    session,
    {
      call: `protection of branch ${branch.slice(0, 100)}`,
      needs: 'Administration: read',
      route: '/repos/{owner}/{repo}/branches/{branch}/protection/required_status_checks',
      parameters: { owner, repo, branch },
      schema: classicProtectionSchema,
      freshness,
    },
    [403, 404],
  );
  if (!classic.ok) return classic;
  if (classic.value === null) {
    const unseen =
      'classic branch protection: there is none, or the token may not see it (Administration: read)';
    return ok({ demands: [], strict: false, notEvaluated: [unseen] });
  }
  const { checks, contexts, strict } = classic.value.value;
  const named = new Set(checks.map((check) => check.context));
  const demands = [
    ...checks.map((check) => demandFact(check.context, check.app_id, 'branch protection')),
    ...contexts.filter((name) => !named.has(name)).map((name) => demandFact(name, null, 'branch protection')),
  ];
  return ok({ demands, strict, notEvaluated: [] });
}
