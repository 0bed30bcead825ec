/**
 * What a git process of ours is started with. The tree it looks at may have been changed by an agent, so
 * nothing of the user's or the repository's configuration may decide which program runs: no hook, no fsmonitor,
 * no pager, no transport, no prompt. With those gone a checkout that another user owns is as harmless as our own,
 * which is why `safe.directory=*` is sound here (CI containers commonly see the checkout under a foreign uid).
 */
import { delimiter } from 'node:path';
import type { Failure } from '../core/failure.ts';
import { failure } from '../core/failure.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { absoluteEntries, findTool } from '../process/find-tool.ts';

/** What of the caller's environment git is given; nothing else reaches it, least of all the caller's `GIT_*`. */
export interface GitEnvironment {
  /** The caller's PATH. Relative entries, and entries inside the work tree, are not searched. */
  readonly path: string;
  readonly home: string | null;
  /** Variables that mark our processes for the reaper; names that start with `GIT_` are refused (a bug). */
  readonly marks?: Readonly<Record<string, string>>;
}

/** Before the subcommand, in every call. */
export const HARDENED_ARGS: readonly string[] = [
  ...['-c', 'core.hooksPath=/dev/null', '-c', 'core.fsmonitor=false', '-c', 'core.untrackedCache=false'],
  ...['-c', 'core.pager=cat', '-c', 'core.sshCommand=false', '-c', 'core.askPass=false'],
  ...['-c', 'commit.gpgSign=false', '-c', 'log.showSignature=false', '-c', 'submodule.recurse=false'],
  ...['-c', 'protocol.allow=never', '-c', 'protocol.ext.allow=never'],
  ...['-c', 'safe.bareRepository=explicit', '-c', 'safe.directory=*'],
  ...['--no-pager', '--no-optional-locks', '--no-replace-objects', '--literal-pathspecs'],
];

const HARDENED_VARIABLES: Readonly<Record<string, string>> = {
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
  GIT_ATTR_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_NO_LAZY_FETCH: '1',
  GIT_ALLOW_PROTOCOL: 'none',
  GIT_PROTOCOL_FROM_USER: '0',
  GIT_PAGER: 'cat',
  LC_ALL: 'C',
};

/** The whole environment of a git process; `repository` holds the `GIT_DIR` … of the call. */
export function gitVariables(
  environment: GitEnvironment,
  repository: Readonly<Record<string, string>>,
): Record<string, string> {
  for (const name of Object.keys(environment.marks ?? {})) {
    if (name.startsWith('GIT_')) throw new Error(`${name} cannot be a mark: git would act on it`);
  }
  return {
    ...environment.marks,
    PATH: absoluteEntries(environment.path).join(delimiter),
    ...(environment.home === null ? {} : { HOME: environment.home }),
    ...HARDENED_VARIABLES,
    ...repository,
  };
}

/**
 * The git that PATH names, as an absolute path. A `git` inside the work tree (say `node_modules/.bin`, which npm
 * puts first on PATH) is passed over: an agent could have put it there. `git_failed` when there is none.
 */
export function findGit(path: string, workTree: string): Result<string, Failure> {
  const name = process.platform === 'win32' ? 'git.exe' : 'git';
  const found = findTool(name, path, workTree);
  if (found !== null) return ok(found);
  return fail(
    failure(
      'git_failed',
      `${workTree} is a git work tree, expected git on PATH, found none outside the tree`,
      {
        remedy: 'install git, or put the folder that holds it on PATH',
      },
    ),
  );
}
