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
const RUNS_BY_ADDRESS = /^ext::/;

/** Each of the keys above, and such an address, has at least one of these in it. */
const RUNNING_WORDS = new RegExp(
  [
    ...['alias', 'pager', 'hookspath', 'fsmonitor', 'command', 'askpass', 'editor', 'proxy', 'worktree'],
    ...['attributesfile', 'include', 'filter', 'external', 'textconv', 'driver', 'cmd', 'path', 'program'],
    ...[
      'helper',
      'browser',
      'templatedir',
      'packobjectshook',
      'procreceiverefs',
      'uploadpack',
      'receivepack',
    ],
    ...['vcs', 'submodule', 'sendemail', 'protocol', 'insteadof', 'ext::'],
  ].join('|'),
);

/**
 * Whether a configuration file's text can hold any such key. Names of sections and keys stand in it as they are
 * (git-config(1), "Syntax": letters, digits, dashes), so that one without these words needs no taking apart.
 */
export function mayRunPrograms(text: string): boolean {
  return RUNNING_WORDS.test(text.toLowerCase());
}

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
