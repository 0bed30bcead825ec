import { COMMAND_NAMES, COMMANDS, type CommandName } from './commands.ts';
import type { FlagSpec } from './flag-spec.ts';
import { RUN_EXAMPLES, RUN_INTRODUCTION } from './help-text.ts';

/**
 * The manual page in roff (`man` macros), from the same tables and texts as `--help`. It has no date: the same
 * commit gives the same bytes.
 */
export function manPage(version: string): string {
  const others = COMMAND_NAMES.filter((name) => name !== 'run');
  return `${[
    `.TH ORCHESTRATOR 1 "" "orchestrator ${roff(version)}" "User Commands"`,
    '.SH NAME',
    `orchestrator \\- ${roff('run other programs as stages of a pipeline, fail-closed')}`,
    '.SH SYNOPSIS',
    ...COMMAND_NAMES.flatMap((name) => [bold(COMMANDS[name].usage), '.br']).slice(0, -1),
    '.SH DESCRIPTION',
    ...verbatim(RUN_INTRODUCTION),
    '.SH COMMANDS',
    ...COMMAND_NAMES.flatMap((name) => entry(bold(name), COMMANDS[name].summary)),
    '.SH OPTIONS',
    ...grouped(COMMANDS.run.flags()),
    '.SH OPTIONS OF THE OTHER COMMANDS',
    ...others.flatMap(commandSection),
    '.SH EXAMPLES',
    ...verbatim(RUN_EXAMPLES.replace(/^Examples\n+/, '')),
  ].join('\n')}\n`;
}

/** A text that roff sets as it is written: nothing in it is a request or an escape. */
export function roff(text: string): string {
  const escaped = text.replaceAll(/[^\x20-\x7e\n]|[\\\-'"`^~]/g, escapeOf);
  // A line that begins with a dot or an apostrophe would be a request.
  return escaped.replaceAll(/^(?=\.)/gm, '\\&');
}

const ESCAPES: Readonly<Record<string, string>> = {
  ...{ '\\': '\\(rs', '-': '\\-', "'": '\\(aq', '"': '\\(dq', '`': '\\(ga', '^': '\\(ha', '~': '\\(ti' },
};

function escapeOf(sign: string): string {
  const known = ESCAPES[sign];
  if (known !== undefined) return known;
  return `\\[u${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`;
}

function grouped(flags: readonly FlagSpec[]): readonly string[] {
  const groups = [...new Set(flags.map((flag) => flag.group))];
  return groups.flatMap((group) => [
    `.SS "${roff(group)}"`,
    ...flags.filter((flag) => flag.group === group).flatMap(flagEntry),
  ]);
}

function commandSection(name: CommandName): readonly string[] {
  const { flags, examples } = COMMANDS[name];
  const lines = examples.map(([line, what]) => (what === '' ? line : `${line}   # ${what}`));
  return [
    `.SS "${roff(name)}"`,
    ...flags().flatMap(flagEntry),
    ...(lines.length === 0 ? [] : ['.PP', ...verbatim(lines.join('\n'))]),
  ];
}

function flagEntry(spec: FlagSpec): readonly string[] {
  const letter = spec.letter === null ? '' : `${bold(`-${spec.letter}`)}, `;
  const value = spec.placeholder === null ? '' : ` \\fI${roff(spec.placeholder)}\\fR`;
  const notes = [
    ...(spec.repeatable ? ['may be given several times'] : []),
    ...(spec.byDefault === null ? [] : [`default ${spec.byDefault}`]),
  ];
  const more = notes.length === 0 ? '' : ` (${notes.join('; ')})`;
  return entry(`${letter}${bold(`--${spec.name}`)}${value}`, `${spec.help}${more}`);
}

function entry(term: string, text: string): readonly string[] {
  return ['.TP', term, roff(text)];
}

function bold(text: string): string {
  return `\\fB${roff(text)}\\fR`;
}

/** Set line by line, as it stands. */
function verbatim(text: string): readonly string[] {
  return ['.nf', ...roff(text).split('\n'), '.fi'];
}
