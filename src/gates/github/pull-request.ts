import * as z from 'zod';
import { fail, ok, type Result } from '../../core/result.ts';
import { parseAnswer } from '../../formats/github/parse.ts';
import { listedPullRequestSchema } from '../../formats/github/pull-request.schema.ts';
import { type CallFailure, untrusted } from './call-failure.ts';
import { judgeAnswer } from './judge-answer.ts';
import { notePause } from './memory.ts';
import type { GithubPorts } from './ports.ts';
import { readList } from './read-list.ts';
import { type ApiRequest, send } from './send.ts';

/** A repository that pull requests are opened in. */
export interface Repository {
  readonly owner: string;
  readonly repo: string;
}

/** A pull request that is there. */
export interface PullRequest {
  readonly number: number;
  /** For people. */
  readonly url: string;
  readonly headSha: string;
  readonly open: boolean;
}

/** What a new pull request says. `head` is a branch of the repository itself. */
export interface NewPullRequest {
  readonly head: string;
  readonly base: string;
  readonly title: string;
  readonly body: string;
  readonly draft: boolean;
}

const NEEDS_READ = 'Pull requests: read';

const NEEDS_WRITE = 'Pull requests: write';

type Listed = z.infer<typeof listedPullRequestSchema>;

type Written = Result<PullRequest, CallFailure>;

/** The open pull requests from one branch into another; at most one on GitHub, and always asked now. */
export async function findPullRequests(
  ports: GithubPorts,
  { owner, repo }: Repository,
  { head, base }: Pick<NewPullRequest, 'head' | 'base'>,
): Promise<Result<readonly PullRequest[], CallFailure>> {
  const listed = await readList(
    { ...ports, used: new Map() },
    {
      call: `pull requests of ${owner}/${repo}`,
      needs: NEEDS_READ,
      route: '/repos/{owner}/{repo}/pulls',
      parameters: { owner, repo, state: 'open', head: `${owner}:${head}`, base },
      schema: z.array(listedPullRequestSchema),
      freshness: 'now',
    },
    { page: (items) => ({ items, total: null }), idOf: (pull) => String(pull.number) },
  );
  if (!listed.ok) return listed;
  // The forge filters by words of ours; an entry that is none of them is not ours.
  return ok(listed.value.items.filter((one) => isOf(one, head, base)).map(pullOf));
}

/** A fork of the same owner can have a branch of that name as well: its pull request is somebody else's. */
function isOf(pull: Listed, head: string, base: string): boolean {
  const isOwn = pull.head.repo?.full_name === pull.base.repo.full_name;
  return isOwn && pull.head.ref === head && pull.base.ref === base;
}

/**
 * Opens a pull request. Where the forge says that there is one already, that one is looked up and given back: an answer
 * that was lost makes no second one.
 */
export async function openPullRequest(
  ports: GithubPorts,
  repository: Repository,
  wanted: NewPullRequest,
): Promise<Written> {
  const { owner, repo } = repository;
  const call = `opening a pull request in ${owner}/${repo}`;
  const { head, base, title, body, draft } = wanted;
  const sent = await send(ports, {
    call,
    method: 'POST',
    url: '/repos/{owner}/{repo}/pulls',
    parameters: { owner, repo, head, base, title, body, draft },
    etag: null,
  });
  if (!sent.ok) return sent;
  if (sent.value.status !== 422) {
    return takeWritten(ports, { call, isAsked: (pull) => isOf(pull, head, base) }, sent.value);
  }
  const found = await findPullRequests(ports, repository, wanted);
  if (!found.ok) return found;
  const [existing] = found.value;
  return existing === undefined ? fail(notAccepted(call)) : ok(existing);
}

/** Changes title and body. */
export async function updatePullRequest(
  ports: GithubPorts,
  { owner, repo }: Repository,
  wanted: Pick<NewPullRequest, 'title' | 'body'> & { readonly number: number },
): Promise<Written> {
  const { number, title, body } = wanted;
  const call = `changing pull request ${owner}/${repo}#${number}`;
  const request: ApiRequest = {
    call,
    method: 'PATCH',
    url: '/repos/{owner}/{repo}/pulls/{number}',
    parameters: { owner, repo, number, title, body },
    etag: null,
  };
  const sent = await send(ports, request);
  if (!sent.ok) return sent;
  if (sent.value.status === 422) return fail(notAccepted(call));
  return takeWritten(ports, { call, isAsked: (pull) => pull.number === number }, sent.value);
}

function takeWritten(
  { clock, memory }: GithubPorts,
  { call, isAsked }: { readonly call: string; readonly isAsked: (pull: Listed) => boolean },
  answer: Parameters<typeof judgeAnswer>[0],
): Written {
  if (answer.status !== 200 && answer.status !== 201) {
    const context = { call, needs: NEEDS_WRITE, nowMs: clock.now(), pausesBefore: memory.limitedTimes };
    const failure = judgeAnswer(answer, context);
    notePause(memory, failure);
    return fail(failure);
  }
  const parsed = parseAnswer(listedPullRequestSchema, answer.bytes);
  if (!parsed.ok) return fail(untrusted(call, parsed.failure));
  return isAsked(parsed.value)
    ? ok(pullOf(parsed.value))
    : fail(untrusted(call, 'is of another pull request'));
}

function notAccepted(call: string): CallFailure {
  return {
    kind: 'refused',
    message: `${call}: GitHub answered 422: it does not accept that`,
    remedy: 'look whether both branches are there, differ, and the base is right',
    status: 422,
    retryAtMs: null,
  };
}

function pullOf(pull: Listed): PullRequest {
  return { number: pull.number, url: pull.html_url, headSha: pull.head.sha, open: pull.state === 'open' };
}
