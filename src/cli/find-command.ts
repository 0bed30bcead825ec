import { type Failure, failure } from '../core/failure.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { didYouMean } from '../formats/nearest.ts';
import { quote } from '../formats/printable.ts';
import { COMMAND_NAMES, COMMANDS, CONFIG_WORDS, type CommandName, RESERVED_NAMES } from './commands.ts';
import type { FlagSpec } from './flag-spec.ts';
import { lexArgv, type Token } from './lex-argv.ts';

/** The command, and argv without the words that named it. */
export interface FoundCommand {
  readonly name: CommandName;
  readonly argv: readonly string[];
}

/**
 * The first positional names the command if it is one of the reserved names; else it is an out_dir and the
 * command is `run`. After `--` nothing names a command. `config` needs a second word.
 */
export function findCommand(argv: readonly string[]): Result<FoundCommand, Failure> {
  const words = [...lexArgv(argv, everyFlag())].filter(isWord);
  const [first, second] = words;
  if (first === undefined) return ok({ name: 'run', argv });
  if (first.text === 'config') {
    const word = CONFIG_WORDS.find((one) => one === second?.text);
    if (word === undefined || second === undefined) return fail(configWord(second?.text));
    return ok({ name: `config ${word}`, argv: without(argv, [first.at, second.at]) });
  }
  const name = COMMAND_NAMES.find((one) => one === first.text);
  if (name !== undefined) return ok({ name, argv: without(argv, [first.at]) });
  const reserved = reservedName(first.text);
  return reserved === null ? ok({ name: 'run', argv }) : fail(reserved);
}

/** The refusal of a name that is kept for later, null for any other. */
export function reservedName(word: string): Failure | null {
  if (!RESERVED_NAMES.some((one) => one === word)) return null;
  return failure(
    'usage',
    `"${word}" is a reserved command name that this version does not have yet; to use an out_dir of that name write ./${word}`,
  );
}

/** Every flag of every command once: where two commands share a name, both agree on whether it takes a value. */
function everyFlag(): readonly FlagSpec[] {
  const byName = new Map<string, FlagSpec>();
  for (const command of Object.values(COMMANDS)) {
    for (const spec of command.flags()) byName.set(spec.name, byName.get(spec.name) ?? spec);
  }
  return [...byName.values()];
}

function isWord(token: Token): token is Token & { readonly type: 'positional' } {
  return token.type === 'positional' && !token.literal;
}

function without(argv: readonly string[], positions: readonly number[]): readonly string[] {
  return argv.filter((_, index) => !positions.includes(index));
}

function configWord(word: string | undefined): Failure {
  const got = word === undefined ? 'none' : `${quote(word)}${didYouMean(word, CONFIG_WORDS)}`;
  return failure(
    'usage',
    `config: expected ${CONFIG_WORDS.join(', ')} after it, got ${got}; to use an out_dir of that name write ./config`,
  );
}
