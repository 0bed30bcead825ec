/**
 * Text that somebody else wrote (agents, file names, a repository), made safe for a terminal and for a CI log.
 * Taken out of action: control characters and escape sequences, overwriting by CR and BS, invisible changes of
 * direction, and what CI systems take as commands inside a line (`##[…]`, `##vso[…]`).
 */

/** C0 but tab and newline, DEL, C1, bidirectional marks and overrides, line and paragraph separators. */
const UNSAFE =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|\p{Surrogate}/gu;

const TAB_OR_NEWLINE = /[\t\n]/g;

/** GitHub and Azure look for these anywhere in a line, not only at its start. */
const CI_COMMAND = /##(?=[a-z]*\[)/gi;

export interface HarmlessOptions {
  /** Also shows tab and newline as `\x09` and `\x0a`; off keeps them. */
  readonly oneLine?: boolean;
  /** Length of the answer in UTF-16 units; longer text is cut, the cut shown as `…`. */
  readonly maxLength?: number;
}

/** Shows what is unsafe as `\xNN` or `\u{NNNN}`; everything else stays as it is. */
export function harmless(text: string, options: HarmlessOptions = {}): string {
  const { maxLength } = options;
  // What cannot be shown anyway need not be read: a line of an agent may be megabytes long.
  const read = maxLength === undefined ? text : text.slice(0, maxLength + 1);
  const shown = read.replace(UNSAFE, escapeOf).replace(CI_COMMAND, '#\\x23');
  const line = options.oneLine === true ? shown.replace(TAB_OR_NEWLINE, escapeOf) : shown;
  return maxLength === undefined ? line : cut(line, maxLength);
}

/** One line of at most `maxLength` UTF-16 units, whatever `text` holds. */
export function oneLine(text: string, maxLength = 1000): string {
  return harmless(text, { oneLine: true, maxLength });
}

/**
 * Output of an agent, each line under the name of its stage, so that no line begins with what a CI system takes
 * as a command (`::error::`, `::add-mask::`).
 */
export function agentLines(stage: string, text: string, maxLength = 4096): readonly string[] {
  const lines = text.endsWith('\n') ? text.slice(0, -1).split('\n') : text.split('\n');
  return lines.map((line) => `[${oneLine(stage, 64)}] ${oneLine(withoutCarriageReturn(line), maxLength)}`);
}

/** CRLF is how some programs end a line; a CR anywhere else overwrites what was there. */
function withoutCarriageReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

function escapeOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code < 0x100
    ? `\\x${code.toString(16).padStart(2, '0')}`
    : `\\u{${code.toString(16).padStart(4, '0')}}`;
}

function cut(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const kept = text.slice(0, Math.max(0, maxLength - 1));
  const last = kept.charCodeAt(kept.length - 1);
  return `${last >= 0xd800 && last <= 0xdbff ? kept.slice(0, -1) : kept}…`;
}
