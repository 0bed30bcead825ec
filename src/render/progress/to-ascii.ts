/** For a terminal whose locale is not UTF-8: there a byte of a longer character can be a control character. */
export function toAscii(text: string): string {
  return text.replaceAll('…', '...').replace(/[^\x00-\x7f]/gu, '?');
}
