/** What a remote has now, and the one push to it. */
import { refuse, trouble } from '../../core/delivery/refusal.ts';
import type { Failure } from '../../core/failure.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { type GitCall, runGit } from '../git-command.ts';
import { isObjectId } from '../head.ts';
import { displayKey } from '../path-bytes.ts';
import { askRepository, type OpenRepository, type RepositoryOptions } from '../repository-question.ts';
import type { Transport } from '../transport.ts';
import type { WorkTree } from '../work-tree.ts';
import { isAncestor } from './is-ancestor.ts';

/** For one question or one push, in ms: a remote that hangs must not hold a run for ever. */
const REMOTE_LIMIT_MS = 600_000;
const SAID_BYTES = 256 * 1024;

export interface RemoteRequest extends RepositoryOptions {
  readonly workTree: WorkTree;
  /** An address that `remoteUrl` has given. */
  readonly url: string;
  readonly branch: string;
  readonly transport: Transport;
}

export interface RemoteBranch {
  /** The commit that the branch has; null where there is no such branch. */
  readonly sha: string | null;
  /** The branch that the remote's HEAD names; null where it names none. */
  readonly defaultBranch: string | null;
}

/** Looks at the branch. Trouble (`delivery_failed`) where the remote does not answer. */
export function lookUpBranch(request: RemoteRequest): Promise<Result<RemoteBranch, Failure>> {
  return askRemote(request, (repository) => listRemote(request, repository));
}

export interface PushRequest extends RemoteRequest {
  readonly sha: string;
}

/**
 * Pushes exactly this commit to exactly this branch, forward only, and looks at the branch again afterwards: what counts
 * is what the remote has. Where it has the commit already nothing is pushed. A branch with a commit that is not before
 * ours, and a push that the remote turns down, are refused; all else is trouble.
 */
export function pushCommit(request: PushRequest): Promise<Result<'pushed' | 'was-there', Failure>> {
  return askRemote(request, async (repository) => {
    const { sha } = request;
    const before = await listRemote(request, repository);
    if (!before.ok) return before;
    if (before.value.sha === sha) return ok('was-there');
    const forward = await goesForward(request, repository, before.value.sha);
    if (!forward.ok) return forward;
    const pushed = await push(request, repository);
    const after = await listRemote(request, repository);
    if (after.ok && after.value.sha === sha) return ok('pushed');
    if (!pushed.ok) return pushed;
    return after.ok ? fail(notThere(request, after.value.sha)) : after;
  });
}

function askRemote<Answer>(
  request: RemoteRequest,
  ask: (repository: OpenRepository) => Promise<Result<Answer, Failure>>,
): Promise<Result<Answer, Failure>> {
  return askRepository(request.workTree, { ...request, limitMs: request.limitMs ?? REMOTE_LIMIT_MS }, ask);
}

async function listRemote(
  request: RemoteRequest,
  repository: OpenRepository,
): Promise<Result<RemoteBranch, Failure>> {
  const ref = `refs/heads/${request.branch}`;
  const args = ['ls-remote', '--symref', '--end-of-options', request.url, 'HEAD', ref];
  const run = await runRemote(request, repository, args);
  if (!run.ok) return fail(asTrouble(run.failure));
  const lines = run.value.split('\n').map((line) => line.split('\t'));
  const sha = lines.find(([, name]) => name === ref)?.[0] ?? null;
  const head = lines.find(([first, name]) => name === 'HEAD' && first?.startsWith('ref: '))?.[0];
  if (sha !== null && !isObjectId(sha)) {
    return fail(
      trouble(`${request.url} says ${displayKey(sha.slice(0, 80))} of ${ref}, expected a commit`, LATER),
    );
  }
  return ok({ sha, defaultBranch: head?.replace(/^ref: refs\/heads\//, '') ?? null });
}

/** A commit that is not known here cannot be before ours: somebody else has pushed it. */
async function goesForward(
  request: PushRequest,
  repository: OpenRepository,
  there: string | null,
): Promise<Result<void, Failure>> {
  if (there === null) return ok(undefined);
  const isBefore = await isAncestor(repository, there, request.sha);
  if (!isBefore.ok) return isBefore;
  if (isBefore.value) return ok(undefined);
  return fail(
    refuse(
      `the branch ${request.branch} has ${there} at the remote, which is not before the commit to be pushed: nothing is forced`,
      'give another --delivery-branch, or remove that branch at the remote if nobody needs it, then --resume',
    ),
  );
}

async function push(request: PushRequest, repository: OpenRepository): Promise<Result<void, Failure>> {
  const { url, sha, branch } = request;
  const args = ['push', '--porcelain', '--no-verify', '--end-of-options', url, `${sha}:refs/heads/${branch}`];
  let said = '';
  const run = await runRemote(request, repository, args, (text) => {
    said = text;
  });
  if (run.ok) return ok(undefined);
  const rejected = /^!\t[^\t]*\t(.*)$/m.exec(said)?.[1];
  if (rejected === undefined) return fail(asTrouble(run.failure));
  return fail(
    refuse(
      `the remote turned down the push to ${branch}: ${displayKey(rejected.slice(0, 300))}`,
      'allow it at the remote, or give another --delivery-branch, then --resume',
    ),
  );
}

async function runRemote(
  request: RemoteRequest,
  repository: OpenRepository,
  args: readonly string[],
  onEnd: (text: string) => void = () => undefined,
): Promise<Result<string, Failure>> {
  const chunks: Buffer[] = [];
  let kept = 0;
  const call: GitCall = {
    ...repository.call,
    args,
    transport: request.transport,
    repository: repository.folder.withoutIndex,
    onChunk: (chunk) => {
      if (kept < SAID_BYTES) chunks.push(chunk.subarray(0, SAID_BYTES - kept));
      kept += chunk.length;
    },
  };
  const run = await runGit(call);
  const text = Buffer.concat(chunks).toString('utf8');
  onEnd(text);
  return run.ok ? ok(text) : run;
}

const LATER = 'when the remote can be reached with these credentials, --resume';

function asTrouble(why: Failure): Failure {
  return why.reason === 'interrupted' ? why : trouble(why.message, LATER);
}

function notThere(request: PushRequest, sha: string | null): Failure {
  return refuse(
    `${request.branch} has ${sha ?? 'no commit'} at the remote right after ${request.sha} was pushed to it`,
    'find out who else writes to that branch, then --resume',
  );
}
