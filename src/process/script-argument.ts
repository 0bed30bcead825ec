import { basename } from 'node:path';

/** What an interpreter's command line looks like, as far as it takes to find the script in it. */
interface Interpreter {
  /** Options that take the next argument as their value. */
  readonly withValue: readonly string[];
  /** Options after which there is no script: inline code, a module, standard input. */
  readonly inline: readonly string[];
  /** Words before the script (`deno run`); null where the script comes at once. */
  readonly commands: readonly string[] | null;
}

const SHELL: Interpreter = {
  withValue: ['-o', '+o', '-O', '+O', '--rcfile', '--init-file'],
  inline: ['-c', '-s'],
  commands: null,
};
const NODE: Interpreter = {
  withValue:
    '-r --require --import -C --conditions --loader --experimental-loader --env-file --input-type --title --icu-data-dir --openssl-config --redirect-warnings --trace-event-categories --disable-warning --max-http-header-size --stack-trace-limit --watch-path'.split(
      ' ',
    ),
  inline: ['-e', '--eval', '-p', '--print', '-pe', '-i', '--interactive'],
  commands: null,
};
const DENO: Interpreter = {
  withValue: '-c --config --import-map -L --log-level --cert --lock --seed --env-file --location'.split(' '),
  inline: ['-'],
  commands: ['run'],
};
const BUN: Interpreter = {
  withValue: '-r --preload -c --config --cwd --env-file --tsconfig-override'.split(' '),
  inline: ['-e', '--eval', '-p', '--print'],
  commands: ['run'],
};
const PYTHON: Interpreter = {
  withValue: ['-W', '-X', '--check-hash-based-pycs'],
  inline: ['-c', '-m'],
  commands: null,
};
const RUBY: Interpreter = { withValue: ['-I', '-r', '-C', '-E'], inline: ['-e'], commands: null };
const PERL: Interpreter = { withValue: ['-I', '-M', '-m'], inline: ['-e', '-E'], commands: null };
const PHP: Interpreter = {
  withValue: ['-c', '-d', '-z'],
  inline: ['-r', '-B', '-R', '-E', '-F'],
  commands: null,
};

/** The interpreter that this file name means, null for any other program. */
function interpreterNamed(name: string): Interpreter | null {
  if (/^(sh|dash|bash|zsh|ksh\w*|mksh|ash|fish)$/.test(name)) return SHELL;
  if (/^(node|nodejs)(-?\d+(\.\d+)*)?$/.test(name)) return NODE;
  if (name === 'deno') return DENO;
  if (name === 'bun') return BUN;
  if (/^(python|pypy)(\d+(\.\d+)*)?$/.test(name)) return PYTHON;
  if (/^ruby(\d+(\.\d+)*)?$/.test(name)) return RUBY;
  if (/^perl(\d+(\.\d+)*)?$/.test(name)) return PERL;
  if (/^php(\d+(\.\d+)*)?$/.test(name)) return PHP;
  return null;
}

/**
 * The script that an interpreter is given (spec section 4): the first argument that is no option and no value
 * of one, as it was written. Null for inline code, for no script, and for a binary that is no interpreter.
 */
export function scriptArgument(file: string, args: readonly string[]): string | null {
  const name = basename(file).replace(/\.exe$/i, '');
  if (name === 'env') return behindEnv(args);
  if (name === 'busybox') return args[0] === undefined ? null : scriptArgument(args[0], args.slice(1));
  const interpreter = interpreterNamed(name);
  return interpreter === null ? null : firstScript(interpreter, args);
}

function firstScript(interpreter: Interpreter, args: readonly string[]): string | null {
  let commands = interpreter.commands;
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    if (arg === '--') return args[at + 1] ?? null;
    if (isInline(interpreter, arg)) return null;
    if (takesNext(interpreter, arg)) at += 1;
    else if (arg.startsWith('-') || (interpreter === SHELL && arg.startsWith('+'))) continue;
    else if (commands?.includes(arg)) commands = null;
    else return arg;
  }
  return null;
}

/** `-c`, `--eval=…`, and short options written together (`-ec`, `-Bc`); `-rtime` is `-r` with its value. */
function isInline(interpreter: Interpreter, arg: string): boolean {
  const together = /^-[A-Za-z]+$/.test(arg) && !interpreter.withValue.includes(arg.slice(0, 2));
  return interpreter.inline.some((option) => {
    if (arg === option || (option.startsWith('--') && arg.startsWith(`${option}=`))) return true;
    if (!together || option.length !== 2) return false;
    return interpreter === SHELL ? arg.includes(option.slice(1)) : arg.endsWith(option.slice(1));
  });
}

/** `--require x`; of a shell also `-euo pipefail`. */
function takesNext(interpreter: Interpreter, arg: string): boolean {
  return interpreter.withValue.includes(arg) || (interpreter === SHELL && /^[-+][a-zA-Z]*[oO]$/.test(arg));
}

/** `env [-i] [-u NAME] [-C DIR] [A=B…] PROGRAM [ARG…]` */
function behindEnv(args: readonly string[]): string | null {
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    if (['-u', '--unset', '-C', '--chdir'].includes(arg)) at += 1;
    else if (!arg.startsWith('-') && !arg.includes('=')) return scriptArgument(arg, args.slice(at + 1));
  }
  return null;
}
