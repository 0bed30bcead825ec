import type { Result } from '../result.ts';
import { type Finding, fine, problem, warning } from './finding.ts';

/** git as it was found on PATH, outside of the work tree; the failure says in words why there is none. */
export interface GitFacts {
  readonly found: Result<{ readonly file: string; readonly version: string }, string>;
  /** Whether repo-root lies in a git work tree. */
  readonly inWorkTree: boolean;
}

const INSTALL_GIT = 'install git (apt-get install git), or put the folder that holds it on PATH';

/** git is needed in a work tree, and only there. */
export function judgeGit({ found, inWorkTree }: GitFacts): Finding {
  const check = 'git';
  if (found.ok) {
    const { file, version } = found.value;
    const means = inWorkTree
      ? 'the content of the work tree is watched by it'
      : 'repo-root is in no git work tree: its content is not watched';
    return fine({ check, seen: `${version}, ${file}`, means });
  }
  const seen = found.failure;
  return inWorkTree
    ? problem({
        check,
        seen,
        means: 'repo-root is a git work tree: a run fails without git',
        fix: INSTALL_GIT,
      })
    : warning({
        check,
        seen,
        means: 'no change of the work tree is noticed, and nothing is delivered',
        fix: INSTALL_GIT,
      });
}

/** The process that ends a stage's processes should the orchestrator be killed. */
export type ReaperFacts = Result<{ readonly marked: boolean }, string>;

/** Without a reaper no stage is started. */
export function judgeReaper(started: ReaperFacts): Finding {
  const check = 'reaper';
  if (!started.ok) {
    return problem({
      check,
      seen: started.failure,
      means: 'no stage is started without the process that ends it should the orchestrator be killed',
      fix: 'make /bin/sh, grep, ls and sleep available, and free processes and descriptors (ulimit -u, ulimit -n)',
    });
  }
  if (started.value.marked)
    return fine({ check, seen: 'it starts, and marks processes', means: 'nothing outlives a run' });
  return warning({
    check,
    seen: 'it starts, and cannot mark processes: prlimit does not work here',
    means: 'a process that clears its environment and leaves its session may outlive a run',
    fix: 'install util-linux (apt-get install util-linux), or use --sandbox required',
  });
}

/** Whether flock(1) is there, and whether the file system of out_dir locks. */
export type LockFacts = 'locks' | 'no-flock' | 'refused';

/** The kernel's lock lets other pid namespaces (containers) see whether a holder is alive. */
export function judgeFileLock(facts: LockFacts): Finding {
  const check = 'file-lock';
  if (facts === 'locks')
    return fine({ check, seen: 'flock works in out_dir', means: 'a dead holder is told from a live one' });
  const means = 'a lock that was left in another container has to be broken by hand (--break-lock)';
  return facts === 'no-flock'
    ? warning({
        check,
        seen: 'flock is not in /usr/bin or /bin',
        means,
        fix: 'apt-get install util-linux',
      })
    : warning({
        check,
        seen: 'the file system of out_dir does not lock files',
        means,
        fix: 'choose an out_dir on a local file system',
      });
}
