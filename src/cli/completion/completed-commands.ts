import { schemaNames } from '../../formats/published-schemas.ts';
import { COMMAND_NAMES, COMMANDS, CONFIG_WORDS, type CommandName, SHELLS } from '../commands.ts';
import { type FlagSpec, takesValue } from '../flag-spec.ts';

/** What a value, or a word that is no flag, can be completed to. */
export type Completed =
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'file' }
  | { readonly kind: 'folder' }
  | { readonly kind: 'nothing' };

/** A flag as a shell has to know it. */
export interface CompletedFlag {
  /** With its dashes. */
  readonly word: string;
  /** `-h`, or null. */
  readonly letter: string | null;
  readonly help: string;
  readonly repeatable: boolean;
  /** null for a switch. */
  readonly value: Completed | null;
}

/** A command as a shell has to know it. */
export interface CompletedCommand {
  /** `report`, `config init`. */
  readonly name: CommandName;
  readonly summary: string;
  readonly flags: readonly CompletedFlag[];
  readonly positional: Completed;
}

/** Every command from the tables that the parser and the help read; no script has a list of its own. */
export function completedCommands(): readonly CompletedCommand[] {
  return COMMAND_NAMES.map((name) => {
    const { summary, flags, positionals } = COMMANDS[name];
    return {
      name,
      summary,
      flags: flags().map(completedFlag),
      positional: completedPositional(name, positionals[0] ?? ''),
    };
  });
}

/** The words that can come first: `config` is one. */
export function firstWords(commands: readonly CompletedCommand[]): readonly string[] {
  return [...new Set(commands.map((one) => one.name.split(' ')[0] ?? ''))];
}

/** What the word after `config` can be. */
export const SECOND_WORDS = CONFIG_WORDS;

/** Flags of any command that are followed by a value; commands that share one agree on that. */
export function valuedWords(commands: readonly CompletedCommand[]): readonly string[] {
  const words = commands.flatMap((one) => one.flags.filter((flag) => flag.value !== null));
  return [...new Set(words.map((flag) => flag.word))].sort();
}

function completedFlag(spec: FlagSpec): CompletedFlag {
  return {
    word: `--${spec.name}`,
    letter: spec.letter === null ? null : `-${spec.letter}`,
    help: spec.help,
    repeatable: spec.repeatable,
    value: takesValue(spec) ? completedValue(spec) : null,
  };
}

function completedValue({ kind }: FlagSpec): Completed {
  switch (kind.type) {
    case 'choice':
      return { kind: 'words', words: kind.choices };
    case 'path':
    case 'argument':
      return { kind: 'file' };
    default:
      return { kind: 'nothing' };
  }
}

function completedPositional(name: CommandName, positional: string): Completed {
  if (name === 'schema') return { kind: 'words', words: schemaNames() };
  if (name === 'completion') return { kind: 'words', words: SHELLS };
  if (name === 'help') return { kind: 'words', words: [...new Set(COMMAND_NAMES.map(firstOf))] };
  return positional.includes('FILE') ? { kind: 'file' } : { kind: 'folder' };
}

function firstOf(name: CommandName): string {
  return name.split(' ')[0] ?? '';
}
