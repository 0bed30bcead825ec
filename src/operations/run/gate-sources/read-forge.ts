import { join } from 'node:path';
import { blocking, type GateReading } from '../../../core/gates/gate-document.ts';
import type { GateSource } from '../../../core/gates/gate-plan.ts';
import type { RunContext } from '../context.ts';
import { type Asking, refused } from './asking.ts';

type ForgeSource = GateSource & { readonly kind: 'github' | 'gitlab' };

/** Reads a gate from a forge. */
export async function readForge(asking: Asking, source: ForgeSource): Promise<GateReading> {
  const number = source.number ?? deliveredNumber(asking, source);
  return source.kind === 'github'
    ? readGithub(asking, { ...source, number })
    : readGitlab(asking, { ...source, number });
}

/** A source without a number means what this run has opened there. */
function deliveredNumber({ document }: Asking, source: ForgeSource): number | null {
  const opened = document.delivery?.pull_request ?? null;
  if (opened === null || opened.on !== source.kind || opened.state !== 'done') return null;
  const project = source.kind === 'github' ? `${source.owner}/${source.repo}` : source.project;
  return opened.project === project ? opened.number : null;
}

async function readGithub(
  { context, plan, question, purpose }: Asking,
  source: ForgeSource & { readonly kind: 'github' },
): Promise<GateReading> {
  const { readGithubCi, readGithubReview } = await import('../../../gates/github/read-github.ts');
  const { githubCacheFile } = await import('../../../gates/github/shared-file.ts');
  const token = tokenOf(context, plan.github.tokenEnv);
  const folder = cacheFolder(context.ports.env);
  const ports = {
    fetch: globalThis.fetch,
    clock: context.ports.clock,
    token,
    baseUrl: plan.github.url,
    cacheFile: folder === null ? null : githubCacheFile(folder, plan.github.url, token),
    signal: context.abort,
    memory: await context.githubMemory(),
    pollMs: plan.pollMs,
  };
  const reading = {
    question,
    source,
    ports,
    purpose: purpose === 'decide' ? ('closing' as const) : ('waiting' as const),
  };
  return question.gate === 'ci' ? readGithubCi(reading, plan.ci) : readGithubReview(reading, plan.review);
}

async function readGitlab(
  { context, plan, question }: Asking,
  source: ForgeSource & { readonly kind: 'gitlab' },
): Promise<GateReading> {
  const token = tokenOf(context, plan.gitlab.tokenEnv);
  if (token === null) {
    const name = plan.gitlab.tokenEnv;
    const detail = blocking(
      'token_missing',
      name,
      'expected a token in this variable, got none',
      `set ${name}`,
    );
    return refused(question, source, [detail]);
  }
  const ports = {
    fetch: globalThis.fetch,
    clock: context.ports.clock,
    token,
    baseUrl: plan.gitlab.url,
    signal: context.abort,
    memory: await context.gitlabMemory(),
  };
  if (question.gate === 'ci') {
    const { readGitlabCi } = await import('../../../gates/gitlab/read-ci.ts');
    return readGitlabCi(question, source, plan.ci, ports);
  }
  const { readGitlabReview } = await import('../../../gates/gitlab/read-review.ts');
  return readGitlabReview(question, source, plan.review, ports);
}

/** The token of a forge; null where its variable is not set. It is sent to the forge and goes nowhere else. */
export function tokenOf(context: RunContext, name: string): string | null {
  const token = context.ports.env[name] ?? '';
  return token === '' ? null : token;
}

/** Where all runs of a user on this machine share what forges have told them (XDG base directories); null without a home. */
function cacheFolder(env: RunContext['ports']['env']): string | null {
  const cache = env.XDG_CACHE_HOME ?? '';
  if (cache.startsWith('/')) return join(cache, 'orchestrator');
  const home = env.HOME ?? '';
  return home === '' ? null : join(home, '.cache', 'orchestrator');
}
