/**
 * Branches that a delivery never goes to: what a team builds on is written to by a merge, and by nothing of ours. Globs
 * with `*` inside a part of a name and `**` across parts; case does not count, as some file systems fold it.
 */
export const PROTECTED_BRANCHES: readonly string[] = [
  ...['main', 'master', 'trunk', 'develop', 'development', 'production', 'release', 'release/**'],
  ...['releases/**', 'hotfix/**', 'stable', 'stable/**', 'gh-pages'],
];

/** What else stands against a branch, from the repository and the remote; null where a name is not known. */
export interface BranchContext {
  /** The operator's own globs. */
  readonly protectedBranches: readonly string[];
  /** The branch that is checked out. */
  readonly headBranch: string | null;
  /** Where the pull request is to be merged into. */
  readonly pullRequestBase: string | null;
  /** Where the remote's HEAD leads. */
  readonly remoteDefault: string | null;
}

/** Why a branch cannot be delivered to, in words; null where it can. */
export function refuseBranch(branch: string, context: BranchContext): string | null {
  const form = branchProblem(branch);
  if (form !== null) return `the branch name "${branch.slice(0, 100)}" ${form}`;
  const glob = [...PROTECTED_BRANCHES, ...context.protectedBranches].find((one) => matches(one, branch));
  if (glob !== undefined) return `the branch ${branch} is protected (${glob})`;
  const named: readonly (readonly [string | null, string])[] = [
    [context.headBranch, 'is the one that is checked out'],
    [context.pullRequestBase, 'is the one that the pull request is to be merged into'],
    [context.remoteDefault, "is the remote's default"],
  ];
  const same = named.find(([name]) => name !== null && name.toLowerCase() === branch.toLowerCase());
  return same === undefined ? null : `the branch ${branch} ${same[1]}`;
}

/** Why text is no name of a branch (git-check-ref-format(1)), null where it is one. */
export function branchProblem(branch: string): string | null {
  if (branch === '' || branch.length > 200) return 'is empty or longer than 200 characters';
  if (/[\x00-\x20\x7f~^:?*[\\]/.test(branch)) return 'has a character that git does not allow';
  if (branch.startsWith('-') || branch.startsWith('refs/')) return 'begins with "-" or "refs/"';
  if (branch.includes('..') || branch.includes('@{') || branch === '@') return 'has "..", "@{" or is "@"';
  const parts = branch.split('/');
  const isPart = (one: string) => one !== '' && !one.startsWith('.') && !one.toLowerCase().endsWith('.lock');
  if (!parts.every(isPart) || branch.endsWith('.')) {
    return 'has a part that is empty, begins with ".", or ends with ".lock" or "."';
  }
  return branch.toUpperCase() === 'HEAD' ? 'is HEAD' : null;
}

function matches(glob: string, branch: string): boolean {
  const pattern = glob
    .split(/(\*\*|\*)/)
    .map((piece) => {
      if (piece === '**') return '.*';
      return piece === '*' ? '[^/]*' : piece.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
    })
    .join('');
  return new RegExp(`^${pattern}$`, 'i').test(branch);
}
