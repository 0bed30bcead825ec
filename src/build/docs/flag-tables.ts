import { COMMAND_NAMES, COMMANDS, type CommandName } from '../../cli/commands.ts';
import type { FlagSpec } from '../../cli/flag-spec.ts';
import { table } from './generated-part.ts';

/** A command with more flags than this has those of a run, and only what it has besides is listed. */
const MANY = 40;

/** What each command does, with a link to its flags. */
export function commandTable(): string {
  return table(
    ['command', 'does'],
    COMMAND_NAMES.map((name) => [
      `[\`${escapeCell(COMMANDS[name].usage)}\`](#${anchorOf(name)})`,
      escapeText(COMMANDS[name].summary),
    ]),
  );
}

/** Every flag of a run, by group. */
export function runFlagTables(): string {
  const flags = COMMANDS.run.flags();
  const groups = [...new Set(flags.map((flag) => flag.group))];
  return groups
    .map((group) => {
      const { heading, more } = headingOf(group);
      return [
        `### ${heading}`,
        ...(more === null ? [] : [`More: [${more}](${more}).`]),
        flagTable(flags.filter((flag) => flag.group === group)),
      ].join('\n\n');
    })
    .join('\n\n');
}

/** Every flag of each other command. */
export function otherFlagTables(): string {
  return COMMAND_NAMES.filter((name) => name !== 'run')
    .map((name) => [`### ${name}`, `\`${COMMANDS[name].usage}\``, flagsOf(name)].join('\n\n'))
    .join('\n\n');
}

function flagsOf(name: CommandName): string {
  const flags = COMMANDS[name].flags();
  if (flags.length <= MANY) return flagTable(flags);
  const ofRun = new Map(COMMANDS.run.flags().map((flag) => [flag.name, flag.help]));
  const here = new Set(flags.map((flag) => flag.name));
  const own = flags.filter((flag) => ofRun.get(flag.name) !== flag.help);
  const left = [...ofRun.keys()].filter((one) => !here.has(one));
  const except = left.length === 0 ? '' : `, except ${left.map((one) => `\`--${one}\``).join(', ')}`;
  return `${flagTable(own)}\n\nAnd every [flag of a run](#the-flags-of-a-run)${except}.`;
}

function flagTable(flags: readonly FlagSpec[]): string {
  return table(
    ['flag', 'meaning', 'default'],
    flags.map((flag) => [shownFlag(flag), meaningOf(flag), defaultOf(flag)]),
  );
}

function shownFlag({ name, placeholder, letter }: FlagSpec): string {
  const value = placeholder === null ? '' : ` ${escapeCell(placeholder)}`;
  return `\`--${name}${value}\`${letter === null ? '' : `, \`-${letter}\``}`;
}

function meaningOf(flag: FlagSpec): string {
  return [escapeText(flag.help), ...boundsOf(flag), ...(flag.repeatable ? ['repeatable'] : [])].join('; ');
}

function boundsOf({ kind, placeholder }: FlagSpec): readonly string[] {
  if (kind.type === 'number') return [`${kind.range.min} to ${kind.range.max}`];
  if (kind.type === 'dollars') return ['such as `2.5`, up to six decimals'];
  if (kind.type !== 'choice' || placeholder?.includes('|') === true) return [];
  return [kind.choices.map((one) => `\`${one}\``).join(', ')];
}

function defaultOf({ byDefault }: FlagSpec): string {
  if (byDefault === null) return '';
  return byDefault.includes(' ') ? escapeText(byDefault) : `\`${escapeCell(byDefault)}\``;
}

/** A group as help has it: `Agents (docs/agents.md)`. */
function headingOf(group: string): { readonly heading: string; readonly more: string | null } {
  const match = /^(.*?) \(docs\/([a-z-]+\.md)\)$/.exec(group);
  return { heading: match?.[1] ?? group, more: match?.[2] ?? null };
}

function anchorOf(name: CommandName): string {
  return name === 'run' ? 'the-flags-of-a-run' : name.replaceAll(' ', '-');
}

function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|');
}

/** What markdown would read in a text for a terminal. */
function escapeText(text: string): string {
  return escapeCell(text).replaceAll(/[*_<>]/g, (sign) => `\\${sign}`);
}
