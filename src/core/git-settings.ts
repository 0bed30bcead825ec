/** One setting of a repository that can make git run something, and what it says, as a digest. */
export interface GitSetting {
  /** `config core.hookspath`, `hooks/post-commit`, `info/attributes`, `.git`. */
  readonly name: string;
  readonly sha256: string;
}

/** A setting that is not as it was before the first stage; `change` in a word. */
export interface ChangedSetting {
  readonly name: string;
  readonly change: 'added' | 'changed' | 'removed';
}

/** What differs, by name; both lists are in order. */
export function compareGitSettings(
  before: readonly GitSetting[],
  after: readonly GitSetting[],
): readonly ChangedSetting[] {
  const then = new Map(before.map((one) => [one.name, one.sha256]));
  const now = new Map(after.map((one) => [one.name, one.sha256]));
  const names = [...new Set([...then.keys(), ...now.keys()])].sort();
  return names
    .filter((name) => then.get(name) !== now.get(name))
    .map((name) => ({ name, change: !then.has(name) ? 'added' : now.has(name) ? 'changed' : 'removed' }));
}

const RUNNING_KEYS = [
  /^(alias|pager)\./,
  /^core\.(hookspath|fsmonitor|sshcommand|askpass|editor|pager|gitproxy|worktree|attributesfile)$/,
  /^core\.alternaterefscommand$/,
  /^(include|includeif\..*)\.path$/,
  /^filter\..*\.(clean|smudge|process|required)$/,
  /^diff\.external$/,
  /^diff\..*\.(command|textconv)$/,
  /^merge\..*\.driver$/,
  /^(difftool|mergetool|browser|man|guitool)\..*\.(cmd|path)$/,
  /^(gpg|gpg\..*)\.program$/,
  /^gpg\.ssh\.defaultkeycommand$/,
  /^credential(\..*)?\.helper$/,
  /^(sequence\.editor|interactive\.difffilter|web\.browser|init\.templatedir)$/,
  /^(uploadpack\.packobjectshook|receive\.procreceiverefs)$/,
  /^remote\..*\.(uploadpack|receivepack|vcs|proxy)$/,
  /^submodule\..*\.update$/,
  /^trailer\..*\.(command|cmd)$/,
  /^sendemail\./,
  /^(protocol\.|extensions\.worktreeconfig$)/,
  /^url\..*\.(insteadof|pushinsteadof)$/,
];

/** Remotes that git reaches by starting a program. */
const RUNS_BY_ADDRESS = /^ext::|^-/;

/**
 * Whether a configuration key, as `git config --list` names it, can make git run a program, read configuration or
 * attributes from elsewhere, or talk to another place than it says (git-config(1); the vectors of
 * "git in a tree an agent has touched").
 */
export function runsPrograms(key: string, value: string): boolean {
  const lower = key.toLowerCase();
  if (RUNNING_KEYS.some((pattern) => pattern.test(lower))) return true;
  return /^remote\..*\.(url|pushurl)$/.test(lower) && RUNS_BY_ADDRESS.test(value);
}
