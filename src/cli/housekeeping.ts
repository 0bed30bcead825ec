import { resolve } from 'node:path';
import { type Failure, failure } from '../core/failure.ts';
import { fail, type Result } from '../core/result.ts';
import { unreachable } from '../core/unreachable.ts';
import { quote } from '../formats/printable.ts';
import { DEFAULT_DEPTH } from './housekeeping-flags.ts';
import type { CliContext, Operations } from './operations.ts';
import type { FlagReader } from './read-flags.ts';

/** A command line about many runs, its flags read. */
export interface RunsLine {
  readonly name: 'list' | 'diff' | 'clean';
  readonly flags: FlagReader;
  readonly positionals: readonly string[];
  readonly context: CliContext;
  readonly operations: Operations;
}

/** Starts `list`, `diff` or `clean`; a command line that cannot stand is `usage`, exit 2. */
export async function onRuns(line: RunsLine): Promise<Result<number, Failure>> {
  const { name, flags, positionals, context, operations } = line;
  const wrong = positionals.find((one) => one === '' || one.includes('\0'));
  if (wrong !== undefined) return usage(`${name}: expected a folder, got ${quote(wrong)}`);
  const json = flags.isOn('json');
  if (name === 'diff') {
    const [a, b, more] = positionals;
    if (a === undefined || b === undefined || more !== undefined) {
      return usage(`diff: expected two out_dirs, got ${positionals.length}`);
    }
    const [problem] = flags.problems();
    if (problem !== undefined) return usage(problem);
    const places = { a: resolve(context.cwd, a), b: resolve(context.cwd, b) };
    return operations.diff({ ...places, exitCode: flags.isOn('exit-code'), json }, context);
  }
  const [dir = '.', second] = positionals;
  if (second !== undefined)
    return usage(`${name}: expected at most one folder, got ${quote(second)} as well`);
  const where = { dir: resolve(context.cwd, dir), depth: flags.number('depth') ?? DEFAULT_DEPTH };
  switch (name) {
    case 'list': {
      const [problem] = flags.problems();
      return problem === undefined ? operations.list({ ...where, json }, context) : usage(problem);
    }
    case 'clean':
      return onClean(line, where, json);
    default:
      return unreachable(name);
  }
}

async function onClean(
  { flags, context, operations }: RunsLine,
  where: { readonly dir: string; readonly depth: number },
  json: boolean,
): Promise<Result<number, Failure>> {
  const rule = {
    olderThanMs: flags.duration('older-than') ?? null,
    keep: flags.number('keep') ?? null,
    includeBlocked: flags.isOn('include-blocked'),
    includeResumable: flags.isOn('include-resumable'),
  };
  const [problem] = flags.problems();
  if (problem !== undefined) return usage(problem);
  if (rule.olderThanMs === null && rule.keep === null) {
    return usage('clean: expected --older-than or --keep, or both, got neither');
  }
  return operations.clean({ ...where, ...rule, execute: flags.isOn('execute'), json }, context);
}

function usage(message: string): Result<never, Failure> {
  return fail(failure('usage', message));
}
