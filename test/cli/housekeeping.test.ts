import t from 'tap';
import { COMMANDS } from '../../src/cli/commands.ts';
import { onRuns, type RunsLine } from '../../src/cli/housekeeping.ts';
import { normaliseArgv } from '../../src/cli/normalise-argv.ts';
import type { Operations } from '../../src/cli/operations.ts';
import { parseFlags } from '../../src/cli/parser.ts';
import { flagReader } from '../../src/cli/read-flags.ts';
import { ok } from '../../src/core/result.ts';

/** The request that an operation gets, or what is wrong with the line. */
async function asked(name: RunsLine['name'], ...argv: string[]): Promise<unknown> {
  let request: unknown = null;
  const note = async (one: unknown) => {
    request = one;
    return ok(0);
  };
  const never = async () => {
    throw new Error('not asked for');
  };
  const rest = {
    run: never,
    dryRun: never,
    printConfig: never,
    report: never,
    explain: never,
    verify: never,
  };
  const more = {
    approve: never,
    doctor: never,
    configValidate: never,
    configPrint: never,
    configInit: never,
    schema: never,
  };
  const operations: Operations = { ...rest, ...more, list: note, diff: note, clean: note };
  const specs = COMMANDS[name].flags();
  const parsed = await parseFlags(normaliseArgv(argv, specs).argv, specs);
  const context = { cwd: '/here', env: {}, columns: null, script: '', stdout: () => {}, stderr: () => {} };
  const flags = flagReader({ parsed, specs, cwd: context.cwd });
  const answer = await onRuns({ name, flags, positionals: parsed.positionals, context, operations });
  return answer.ok ? request : answer.failure.message;
}

t.test('list looks below the working directory, six folders deep, unless it is told', async (t) => {
  t.strictSame(await asked('list'), { dir: '/here', depth: 6, json: false });
  t.strictSame(await asked('list', '../r', '--depth', '0', '--json'), { dir: '/r', depth: 0, json: true });
  t.match(await asked('list', 'a', 'b'), /expected at most one folder, got "b" as well/);
});

t.test('diff takes two out_dirs', async (t) => {
  t.strictSame(await asked('diff', 'a', '/b', '--exit-code'), {
    ...{ a: '/here/a', b: '/b', exitCode: true, json: false },
  });
  t.equal(await asked('diff', 'a'), 'diff: expected two out_dirs, got 1');
});

t.test('clean needs a limit, and removes nothing unless it is told', async (t) => {
  const rule = { olderThanMs: null, keep: null, includeBlocked: false, includeResumable: false };
  const where = { dir: '/here', depth: 6, json: false, execute: false };
  t.strictSame(await asked('clean', '--keep', '3'), { ...where, ...rule, keep: 3 });
  t.strictSame(await asked('clean', '--older-than', '30d', '--include-blocked', '--execute'), {
    ...{ ...where, ...rule, olderThanMs: 30 * 86_400_000, includeBlocked: true, execute: true },
  });
  t.match(await asked('clean', '--execute', '--include-resumable'), /expected --older-than or --keep/);
  t.match(await asked('clean', '--older-than', '30'), /the unit is missing/);
});
