import { EXIT } from '../../core/exit-code.ts';
import { type Failure, failure } from '../../core/failure.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { unreachable } from '../../core/unreachable.ts';
import { didYouMean } from '../../formats/nearest.ts';
import { quote } from '../../formats/printable.ts';
import { SHELLS, type Shell } from '../commands.ts';
import type { CliContext } from '../operations.ts';

/** `orchestrator completion SHELL`: prints the script; `usage` for a shell that there is none for. */
export async function onCompletion(
  positionals: readonly string[],
  context: CliContext,
): Promise<Result<number, Failure>> {
  const [word, second] = positionals;
  const shell = SHELLS.find((one) => one === word);
  if (shell === undefined || second !== undefined) {
    const got = second ?? word;
    const shown = got === undefined ? 'none' : `${quote(got)}${didYouMean(got, SHELLS)}`;
    return fail(failure('usage', `completion: expected one of ${SHELLS.join(', ')}, got ${shown}`));
  }
  context.stdout(await scriptFor(shell));
  return ok(EXIT.done);
}

async function scriptFor(shell: Shell): Promise<string> {
  const { completedCommands } = await import('./completed-commands.ts');
  switch (shell) {
    case 'bash':
      return (await import('./bash.ts')).bashCompletion(completedCommands());
    case 'zsh':
      return (await import('./zsh.ts')).zshCompletion(completedCommands());
    case 'fish':
      return (await import('./fish.ts')).fishCompletion(completedCommands());
    default:
      return unreachable(shell);
  }
}
