import { EXIT, exitCodeOfFailure } from '../core/exit-code.ts';
import { type Failure, failure } from '../core/failure.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { unreachable } from '../core/unreachable.ts';
import { didYouMean } from '../formats/nearest.ts';
import { printable, quote } from '../formats/printable.ts';
import { VERSION } from '../system/version.ts';
import { COMMAND_NAMES, COMMANDS, type CommandName } from './commands.ts';
import { findCommand, reservedName } from './find-command.ts';
import { type NormalisedArgv, normaliseArgv } from './normalise-argv.ts';
import type { CliContext, Operations } from './operations.ts';
import { readRunRequest } from './run-request.ts';

/** argv without the executable, and everything that a command can do. */
export interface Dispatch {
  readonly argv: readonly string[];
  readonly context: CliContext;
  readonly operations: Operations;
}

/**
 * One command line from argv to exit code. A refusal is one line on stderr, without a page of usage after it;
 * what it repeats of argv is harmless to a terminal, and no secret. Throws only what is a bug.
 */
export async function dispatch({ argv, context, operations }: Dispatch): Promise<number> {
  const result = await answer(argv, context, operations);
  if (result.ok) return result.value;
  const { maskRefusal } = await import('./mask-refusal.ts');
  const line = await maskRefusal(describeFailure(result.failure), { argv, env: context.env });
  context.stderr(`orchestrator: ${line}\n`);
  return exitCodeOfFailure(result.failure);
}

/** A failure as one line: what, and what to do about it. */
export function describeFailure({ message, remedy }: Failure): string {
  return printable(remedy === null ? message : `${message}; ${remedy}`);
}

async function answer(
  argv: readonly string[],
  context: CliContext,
  operations: Operations,
): Promise<Result<number, Failure>> {
  const found = findCommand(argv);
  if (!found.ok) return wantsHelp(argv) ? help('run', context) : found;
  const { name } = found.value;
  const normalised = normaliseArgv(found.value.argv, COMMANDS[name].flags());
  if (has(normalised, 'help')) return help(name, context);
  if (has(normalised, 'version')) {
    context.stdout(`${VERSION}\n`);
    return ok(EXIT.done);
  }
  if (name === 'run') return run(normalised, context, operations);
  if (normalised.problem !== null) return fail(normalised.problem);
  if (name === 'help') return helpOnTopic(normalised.positionals, context);
  const { beside } = await import('./beside.ts');
  return beside({ name, normalised, context, operations });
}

async function run(
  normalised: NormalisedArgv,
  context: CliContext,
  operations: Operations,
): Promise<Result<number, Failure>> {
  const read = await readRunRequest(normalised, context.cwd);
  if (!read.ok) return fail(hinted(read.failure, normalised.positionals[0]));
  const { mode, request } = read.value;
  switch (mode) {
    case 'run':
      return operations.run(request, context);
    case 'dry-run':
      return operations.dryRun(request, context);
    case 'print-config':
      return operations.printConfig(request, context);
    default:
      return unreachable(mode);
  }
}

/** A command that was misspelt is an out_dir, and then something else is wrong with the line. */
function hinted(why: Failure, word: string | undefined): Failure {
  if (why.reason !== 'usage' || word === undefined || !/^[a-z]+$/i.test(word)) return why;
  const meant = word === 'version' ? ' (did you mean --version?)' : didYouMean(word, COMMAND_NAMES);
  return meant === ''
    ? why
    : { ...why, message: `${why.message}; "${word}" is taken for an out_dir${meant}` };
}

async function help(name: CommandName, context: CliContext): Promise<Result<number, Failure>> {
  const { helpText } = await import('./help.ts');
  context.stdout(await helpText(name, context.columns));
  return ok(EXIT.done);
}

async function helpOnTopic(words: readonly string[], context: CliContext): Promise<Result<number, Failure>> {
  const topic = words.join(' ');
  if (topic === '' || topic === 'config') return help('run', context);
  const name = COMMAND_NAMES.find((one) => one === topic);
  if (name !== undefined) return help(name, context);
  if (topic === 'man') {
    const { manPage } = await import('./man-page.ts');
    context.stdout(manPage(VERSION));
    return ok(EXIT.done);
  }
  const reserved = reservedName(topic);
  if (reserved !== null) return fail(reserved);
  const { readHelpPages } = await import('../system/help-pages.ts');
  const { helpTopic, helpTopics } = await import('./help-topic.ts');
  const pages = readHelpPages(context.script);
  const entry = helpTopic(pages, topic);
  if (entry === null) {
    const got = `got ${quote(topic)}${didYouMean(topic, [...COMMAND_NAMES, ...helpTopics(pages)])}`;
    const some = `${COMMAND_NAMES.join(', ')}, man, a code, or one of the pages ${[...pages.keys()].join(', ')}`;
    return fail(failure('usage', `help: expected one of ${some}, ${got}`));
  }
  context.stdout(entry);
  return ok(EXIT.done);
}

function has(normalised: NormalisedArgv, name: string): boolean {
  return normalised.flags.some((flag) => flag.name === name);
}

/** Whether help is asked for on a line whose command could not be told. */
function wantsHelp(argv: readonly string[]): boolean {
  return has(normaliseArgv(argv, COMMANDS.run.flags()), 'help');
}
