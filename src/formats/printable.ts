/** How much of a foreign text a message repeats, in characters. */
const QUOTE_LIMIT = 60;

/** The same for a path, of which the end says most. */
export const PATH_LIMIT = 300;

/**
 * Characters that change what a terminal shows: controls, line separators, bidirectional overrides, invisible
 * marks. They are shown by number, so that a message is one line and says what was really there.
 */
const UNPRINTABLE =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]|[\ud800-\udfff]/gu;

/** What CI systems take as a command anywhere in a line (`##[...]`, `##vso[...]`). */
const CI_COMMAND = /##(?=[a-z]*\[)/gi;

/** A text made harmless for a terminal and a log; its length is not bounded. */
export function printable(text: string): string {
  return text.replace(CI_COMMAND, '#\\x23').replace(UNPRINTABLE, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code <= 0xff ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
  });
}

/** A foreign text as a message repeats it: in quotes, harmless, and cut where it is long. */
export function quote(text: string, limit = QUOTE_LIMIT): string {
  const short = [...text.slice(0, limit * 2)].slice(0, limit).join('');
  return `"${printable(short)}${short.length < text.length ? '...' : ''}"`;
}
