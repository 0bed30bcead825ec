/** Characters of a foreign name that a detail repeats. */
const SHOWN_LIMIT = 120;

/** A foreign name as a detail repeats it: in quotes, bounded. What prints it makes it harmless. */
export function shown(name: string): string {
  const short = [...name.slice(0, SHOWN_LIMIT * 2)].slice(0, SHOWN_LIMIT).join('');
  return `"${short}${short.length < name.length ? '...' : ''}"`;
}

/** A commit as messages name it. */
export function shortSha(sha: string): string {
  return sha.slice(0, 12);
}
