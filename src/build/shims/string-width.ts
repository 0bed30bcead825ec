/**
 * Stands in for the `string-width` package in the bundle. The original builds an `Intl.Segmenter` and a
 * Unicode property expression when it is loaded, which costs a third of a start of the executable; the only
 * text that is measured here is help text, and that is ASCII.
 */
const ANSI_STYLE = /\u001b\[[0-9;]*m/g;

/** Columns that a text takes on a terminal: exact for ASCII, one column per code point otherwise. */
export default function stringWidth(text: string): number {
  const visible = text.includes('\u001b') ? text.replace(ANSI_STYLE, '') : text;
  return [...visible].length;
}
