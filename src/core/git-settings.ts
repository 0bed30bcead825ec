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
  /^core\.(hookspath|fsmonitor|askpass|editor|pager|gitproxy|worktree|attributesfile)$/,
  /^attr\.tree$/,
  /^(include|includeif\..*)\.path$/,
  /^filter\..*\.(clean|smudge|process|required)$/,
  /^diff\.external$/,
  /^diff\..*\.textconv$/,
  /^(difftool|mergetool|browser|man|guitool)\..*\.path$/,
  /^(sequence\.editor|interactive\.difffilter|web\.browser|init\.templatedir|imap\.tunnel)$/,
  /^receive\.procreceiverefs$/,
  /^remote\..*\.(uploadpack|receivepack|vcs|proxy)$/,
  /^submodule\..*\.update$/,
  /^(sendemail|instaweb|protocol|lfs\.(customtransfer|extension))\./,
  /^extensions\.worktreeconfig$/,
  /^url\..*\.(insteadof|pushinsteadof)$/,
  /^http\.(.*\.)?(proxy|curloptresolve|sslverify|sslcainfo|sslcapath)$/,
  // Whatever they belong to: gc.recentObjectsHook, hook.X.command, tar.X.command, gpg.X.program, credential.X.helper.
  /\.[a-z0-9-]*(command|cmd|hook|program|helper|driver)$/,
];

/** Each of the keys above has at least one of these in it. */
const RUNNING_WORDS = new RegExp(
  `alias pager hook fsmonitor command askpass editor proxy worktree attributesfile tree include filter external textconv
   driver cmd path program helper browser templatedir tunnel procreceiverefs uploadpack receivepack vcs submodule
   sendemail instaweb protocol lfs insteadof curloptresolve sslverify sslca`
    .split(/\s+/)
    .join('|'),
);

/** Addresses that are another machine's: fetching from and pushing to them starts nothing here. */
const ELSEWHERE = String.raw`(?:https?|ssh|git|ftps?):\/\/|(?!file:)[^\s\/:]+:(?!:)`;

/**
 * An address that is a folder runs its hooks as it is pushed to, one like `ext::` the program in it; keys that hold a
 * remote's name as a rule can hold an address as well.
 */
const RUNS_AS_ADDRESS = new RegExp(`^(?!${ELSEWHERE})`, 'i');
const RUNS_AS_NAME = /^(?:[a-z0-9.+-]+::|file:|~|\/|\.\.?\/)/i;

/** The same in a configuration's text. */
const ADDRESS_IN_TEXT = new RegExp(`url[ \\t]*=(?![ \\t]*(?:${ELSEWHERE}))`);
const NAME_IN_TEXT = /(remote|pushdefault)[ \t]*=[ \t]*(?:[a-z0-9.+-]+::|file:|~|\/|\.\.?\/)/;

/** What such a value is in the text only git can tell: quotes and escapes may stand anywhere in it. */
const QUOTED_VALUE = /=[^\n]*["\\]/;

/**
 * Whether a configuration file's text can hold anything of that. Names of sections and keys stand in it as they are
 * (git-config(1), "Syntax": letters, digits, dashes), so that one without these words needs no taking apart.
 */
export function mayRunPrograms(text: string): boolean {
  const lower = text.toLowerCase();
  return [RUNNING_WORDS, QUOTED_VALUE, ADDRESS_IN_TEXT, NAME_IN_TEXT].some((pattern) => pattern.test(lower));
}

/**
 * Whether a configuration key, as `git config --list` names it, can make git run a program, read configuration or
 * attributes from elsewhere, or talk to another place than it says (git-config(1); the vectors of
 * "git in a tree an agent has touched").
 */
export function runsPrograms(key: string, value: string): boolean {
  const lower = key.toLowerCase();
  if (RUNNING_KEYS.some((pattern) => pattern.test(lower))) return true;
  if (/^(remote|submodule)\..*\.(url|pushurl)$/.test(lower)) return RUNS_AS_ADDRESS.test(value);
  return /^(remote\.pushdefault|branch\..*\.(remote|pushremote))$/.test(lower) && RUNS_AS_NAME.test(value);
}
