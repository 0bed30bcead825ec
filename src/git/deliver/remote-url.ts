/** Where a remote leads, read before any stage has had a hand on the repository's configuration. */
import { isAbsolute, join } from 'node:path';
import { refuse } from '../../core/delivery/refusal.ts';
import { type Failure, failure } from '../../core/failure.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { runGit } from '../git-command.ts';
import { findGit } from '../git-environment.ts';
import { GIT_LIMIT_MS, startLimit } from '../limit.ts';
import { isWithin } from '../path-bytes.ts';
import type { RepositoryOptions } from '../repository-question.ts';
import { realpathOfNearest, type WorkTree } from '../work-tree.ts';

const MAX_CHARACTERS = 2000;
const SCP_LIKE = /^[^\s/:@-][^\s/:]*@?[^\s/:]*:(?!:)(?!\/\/)/;

/** Whether text is an address and not the name of a remote. */
export function isAddress(remote: string): boolean {
  return remote.includes('/') || SCP_LIKE.test(remote);
}

/**
 * The address of a remote by its name, or the address itself. `precondition` where it is not known here, holds a
 * password, or is none that a delivery may go to.
 */
export async function remoteUrl(
  workTree: WorkTree,
  remote: string,
  options: Pick<RepositoryOptions, 'environment' | 'signal'>,
): Promise<Result<string, Failure>> {
  const url = isAddress(remote) ? ok(remote) : await configured(workTree, remote, options);
  if (!url.ok) return url;
  const problem = addressProblem(url.value, workTree);
  return problem === null ? ok(absolute(url.value, workTree)) : fail(refused(remote, problem));
}

/** The repository's own file alone, includes left out: nothing is run for it. */
async function configured(
  workTree: WorkTree,
  remote: string,
  options: Pick<RepositoryOptions, 'environment' | 'signal'>,
): Promise<Result<string, Failure>> {
  const limit = startLimit(GIT_LIMIT_MS, options.signal);
  try {
    const git = findGit(options.environment.path, workTree.topLevel);
    if (!git.ok) return git;
    const call = { git: git.value, environment: options.environment, limit, cwd: workTree.topLevel };
    for (const key of ['pushurl', 'url']) {
      let said = '';
      const file = join(workTree.commonDir, 'config');
      const run = await runGit({
        ...call,
        args: ['config', '--file', file, '--no-includes', '-z', '--get', `remote.${remote}.${key}`],
        repository: {},
        onChunk: (chunk) => {
          said += chunk.toString('utf8', 0, 8192);
        },
      });
      if (run.ok && said.endsWith('\0') && said.length > 1) return ok(said.slice(0, -1));
      if (limit.signal.aborted && !run.ok) return run;
    }
    return fail(refused(remote, `is the name of no remote of ${workTree.topLevel}`));
  } finally {
    limit.dispose();
  }
}

function addressProblem(url: string, workTree: WorkTree): string | null {
  if (url.length > MAX_CHARACTERS || url.startsWith('-') || /[\x00-\x20\x7f]/.test(url))
    return 'is no address';
  const scheme = /^([a-z0-9+.-]+):(?:\/\/|:)/i.exec(url)?.[1]?.toLowerCase();
  if (scheme !== undefined && !['https', 'ssh', 'file'].includes(scheme)) {
    return `is reached by ${scheme}, expected https, ssh or a folder`;
  }
  // A token is often given as the user; the address stands in the evidence as it is.
  if (/^(?:https:\/\/[^/]*@|[a-z]+:\/\/[^/]*:[^/]*@)/i.test(url)) {
    return 'has a user or password in its address: leave it out, a credential helper gives it to git';
  }
  const folder = folderOf(url, workTree);
  if (folder === undefined) return 'is no address';
  const places = [workTree.topLevel, workTree.gitDir, workTree.commonDir];
  return folder !== null && places.some((place) => isWithin(place, realpathOfNearest(folder)))
    ? 'lies in the repository itself, where stages can write: what is pushed to runs its hooks'
    : null;
}

/** null where it is no folder; undefined where it cannot be decoded. */
function folderOf(url: string, workTree: WorkTree): string | null | undefined {
  if (/^file:\/\//i.test(url)) return decoded(url.slice('file://'.length));
  if (SCP_LIKE.test(url) || /^[a-z0-9+.-]+:\/\//i.test(url)) return null;
  return isAbsolute(url) ? url : join(workTree.topLevel, url);
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

/** A relative folder is the work tree's, as git has it; the private git folder lies elsewhere. */
function absolute(url: string, workTree: WorkTree): string {
  const folder = folderOf(url, workTree);
  return folder === null || folder === undefined || /^file:/i.test(url) ? url : folder;
}

function refused(remote: string, problem: string): Failure {
  const shown = remote.replace(/\/\/[^/]*@/, '//***@').slice(0, 200);
  return failure('precondition', `--delivery-remote ${shown}: it ${problem}`, {
    remedy: 'name a remote of the repository, or give an address: https, ssh or a folder outside of it',
  });
}

/** The same of an address that is on disk: somebody may have written it there. */
export function refuseAddress(url: string, workTree: WorkTree): Result<void, Failure> {
  const problem = addressProblem(url, workTree);
  return problem === null
    ? ok(undefined)
    : fail(refuse(`the remote ${problem}`, 'give another --delivery-remote'));
}
