import type { Options } from 'yargs';
import { COMMAND_NAMES, COMMANDS, type CommandName } from './commands.ts';
import type { FlagSpec } from './flag-spec.ts';
import { RUN_EXAMPLES, RUN_INTRODUCTION } from './help-text.ts';

/** Help is never narrower or wider than this, in columns. */
const NARROWEST = 80;
const WIDEST = 100;

/**
 * The help of a command, made by yargs from the same tables that the parser reads. yargs only formats here: it
 * is given no arguments, reads no file, and neither prints nor exits.
 */
export async function helpText(name: CommandName, columns: number | null): Promise<string> {
  const { default: yargs } = await import('yargs');
  const command = COMMANDS[name];
  const specs = command.flags();
  const help = yargs([])
    .scriptName('')
    .locale('en')
    .detectLocale(false)
    .exitProcess(false)
    .help(false)
    .version(false)
    .parserConfiguration({ 'camel-case-expansion': false, 'dot-notation': false })
    .usage('')
    .wrap(Math.min(WIDEST, Math.max(NARROWEST, columns ?? NARROWEST)))
    .options(Object.fromEntries(specs.map((spec) => [shownFlag(spec), shownOption(spec)])));
  if (name === 'run') for (const one of COMMAND_NAMES) help.command(one, COMMANDS[one].summary);
  const introduction = name === 'run' ? RUN_INTRODUCTION : sentence(command.summary);
  const examples = name === 'run' ? RUN_EXAMPLES : ['Examples', ...command.examples.map(example)].join('\n');
  return `${[command.usage, introduction, (await help.getHelp()).trimStart(), examples].join('\n\n')}\n`;
}

/** A flag with its placeholder, `...` where it may be repeated; yargs puts the dashes before it. */
function shownFlag(spec: FlagSpec): string {
  if (spec.placeholder === null) return spec.name;
  // Its words follow the text; all of them here would push that to the edge.
  const placeholder = spec.kind.type === 'choice' ? 'WORD' : spec.placeholder;
  return `${spec.name} ${placeholder}${spec.repeatable ? '...' : ''}`;
}

function shownOption(spec: FlagSpec): Options {
  const words = spec.kind.type === 'choice' ? ` [${spec.kind.choices.join(', ')}]` : '';
  const byDefault = spec.byDefault === null ? '' : ` (default ${spec.byDefault})`;
  const option: Options = { describe: `${spec.help}${words}${byDefault}`, group: spec.group };
  return spec.letter === null ? option : { ...option, alias: spec.letter };
}

function example([line, what]: readonly [string, string]): string {
  return `  ${line}${what === '' ? '' : `   # ${what}`}`;
}

function sentence(summary: string): string {
  return `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`;
}
