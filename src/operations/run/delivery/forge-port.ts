import type { PullRequestPort, PullRequestWords } from '../../../core/delivery/pull-request-port.ts';
import { refuse, trouble } from '../../../core/delivery/refusal.ts';
import type { Failure } from '../../../core/failure.ts';
import type { PullRequestPlan } from '../../../core/gates/gate-plan.ts';
import { gatePlanOf } from '../../../core/gates/plan-of-settings.ts';
import { fail, type Result } from '../../../core/result.ts';
import type { RunContext } from '../context.ts';
import { tokenOf } from '../gate-sources/read-forge.ts';

/** The pull requests of the project that a plan names, on its forge. */
export function pullRequestsOf(context: RunContext, plan: PullRequestPlan): PullRequestPort {
  const gates = gatePlanOf(context.plan.closure);
  const forge = plan.on === 'github' ? gates.github : gates.gitlab;
  const token = tokenOf(context, forge.tokenEnv);
  if (token === null) {
    const none = async () =>
      fail(
        refuse(
          `expected a token for ${plan.on} in ${forge.tokenEnv}, got none`,
          `set ${forge.tokenEnv}, then --resume`,
        ),
      );
    return { find: none, open: none, update: none };
  }
  return plan.on === 'github'
    ? githubPort(context, plan, { baseUrl: forge.url, token })
    : gitlabPort(context, plan, { baseUrl: forge.url, token });
}

interface Access {
  readonly baseUrl: string;
  readonly token: string;
}

function githubPort(context: RunContext, plan: PullRequestPlan, access: Access): PullRequestPort {
  const slash = plan.project.indexOf('/');
  const repository = { owner: plan.project.slice(0, slash), repo: plan.project.slice(slash + 1) };
  const client = () => import('../../../gates/github/pull-request.ts');
  const ports = async () => ({
    ...wire(context, access),
    cacheFile: null,
    memory: await context.githubMemory(),
  });
  return {
    find: async (words) => judged(await (await client()).findPullRequests(await ports(), repository, words)),
    open: async (words) => judged(await (await client()).openPullRequest(await ports(), repository, words)),
    update: async (number, words) =>
      judged(await (await client()).updatePullRequest(await ports(), repository, { ...words, number })),
  };
}

function gitlabPort(context: RunContext, { project }: PullRequestPlan, access: Access): PullRequestPort {
  const client = () => import('../../../gates/gitlab/merge-request.ts');
  const ports = wire(context, access);
  const branches = ({ head, base }: Pick<PullRequestWords, 'head' | 'base'>) => ({ project, head, base });
  return {
    find: async (words) => judged(await (await client()).findMergeRequests(branches(words), ports)),
    open: async (words) => judged(await (await client()).openMergeRequest(branches(words), words, ports)),
    update: async (number, words) =>
      judged(await (await client()).updateMergeRequest({ project, number }, words, ports)),
  };
}

function wire(context: RunContext, access: Access) {
  return { fetch: globalThis.fetch, clock: context.ports.clock, signal: context.abort, ...access };
}

/** Statuses that say "no" to what was asked; a token that may not do it, or words that the forge does not take. */
const REFUSALS: readonly (number | null)[] = [400, 401, 403, 404, 405, 409, 410, 422];

/** What a client of a forge says, as a delivery fails: a rate limit passes, though its status is one of those. */
function judged<Value>(
  answer: Result<
    Value,
    {
      readonly status: number | null;
      readonly message: string;
      readonly remedy: string;
      readonly retryAtMs?: number | null;
      readonly retryAfterMs?: number | null;
    }
  >,
): Result<Value, Failure> {
  if (answer.ok) return answer;
  const { status, message, remedy, retryAtMs, retryAfterMs } = answer.failure;
  const passes = (retryAtMs ?? retryAfterMs ?? null) !== null;
  return fail(REFUSALS.includes(status) && !passes ? refuse(message, remedy) : trouble(message, remedy));
}
