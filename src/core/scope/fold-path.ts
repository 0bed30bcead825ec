/**
 * Names that are different bytes and the same file somewhere. Case is folded (macOS, Windows), code points that HFS+
 * skips are dropped, and what NTFS drops is dropped: a stream (`.env::$DATA`), dots and blanks at the end of a name.
 * Rules are matched on the folded path, so that no spelling of a protected path is another path.
 */
const HFS_IGNORED = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g;
/** Nothing here folds, but for case. */
const PLAIN = /^[\w\-/.+@]*$/;
/** A glob's `.` would stop at a line break. */
const BREAKS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;
const DEVICE =
  /^(?:con|prn|aux|nul|com[0-9\u00b9\u00b2\u00b3]|lpt[0-9\u00b9\u00b2\u00b3]|conin\$|conout\$)(?:\.|$)/;

/** The path that all spellings of one file share; for comparing only, never for opening. */
export function foldPath(path: string): string {
  if (PLAIN.test(path) && !/\.(?:\/|$)/.test(path)) return path.toLowerCase();
  const text = path.replace(HFS_IGNORED, '').replace(/\\/g, '/').replace(BREAKS, '\ufffd');
  const parts = text.split('/').map((part) => {
    if (part === '.' || part === '..') return part;
    return part.replace(/(?!^):.*$/, '').replace(/(?!^)[. ]+$/, '');
  });
  // Upper case first: `ſ` has no lower case of its own, and `ß` is `ss`.
  return parts.join('/').normalize('NFC').toUpperCase().toLowerCase().normalize('NFC');
}

/** Whether some part of the path is a git folder on some file system: `.git`, `.GIT`, `git~1`, `.git::$INDEX_ALLOCATION`. */
export function isInGitDir(path: string): boolean {
  return foldPath(path)
    .split('/')
    .some((part) => part === '.git' || /^git~\d+$/.test(part));
}

/** Whether the path is absolute (a drive letter too) or climbs. */
export function isOutside(path: string): boolean {
  return /^(?:[\\/]|[a-z]:[\\/])/i.test(path) || path.split(/[\\/]/).includes('..');
}

/** Why a name is not the same on every system, in words; null where it is. */
export function whyNotPortable({ name, isText }: { name: string; isText: boolean }): string | null {
  if (!isText) return 'it is not UTF-8';
  if (/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(name)) return 'it holds a control character';
  if (name.search(HFS_IGNORED) !== -1) return 'it holds a code point that some systems skip';
  if (/[<>:"|?*\\]/.test(name)) return 'it holds a character that Windows does not have in names';
  if (name.normalize('NFC') !== name) return 'it is not in Unicode normal form C';
  const parts = name.split('/');
  if (parts.some((part) => /[. ]$/.test(part))) return 'a part of it ends with a dot or a blank';
  if (parts.some((part) => part === '' || /~\d/.test(part))) return 'a part of it is empty or a short name';
  if (parts.some((part) => DEVICE.test(part.toLowerCase()))) return 'a part of it is a device on Windows';
  return parts.some((part) => new TextEncoder().encode(part).length > 255) ? 'it is too long' : null;
}
