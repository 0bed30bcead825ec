const PLAIN = /^[A-Za-z0-9_@%+=:,./-]+$/;
const UNPRINTABLE =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|\p{Surrogate}|##(?=[a-z]*\[)/iu;

/** `#`, `'` and the backslash. */
const ESCAPED: ReadonlySet<number> = new Set([0x23, 0x27, 0x5c]);

/**
 * A word as it can be typed into a POSIX shell. What cannot be printed safely, in a CI log too (`##[…]`), is written in `$'…'` (POSIX
 * 2024, bash, zsh), so that the line can be shown, copied and still names the same file.
 */
export function shellWord(text: string): string {
  if (PLAIN.test(text)) return text;
  if (!UNPRINTABLE.test(text)) return `'${text.replaceAll("'", `'\\''`)}'`;
  // Octal, always three digits: what follows cannot be read into it.
  const escaped = [...Buffer.from(text, 'utf8')].map((byte) =>
    byte < 0x20 || byte > 0x7e || ESCAPED.has(byte)
      ? `\\${byte.toString(8).padStart(3, '0')}`
      : String.fromCharCode(byte),
  );
  return `$'${escaped.join('')}'`;
}
