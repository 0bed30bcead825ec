import type { CommandPlan } from '../core/run-plan.ts';
import { resolveBin } from '../operations/given-plan.ts';
import type { GivenFlag } from './normalise-argv.ts';
import { variablesOf } from './read-flags.ts';

/** The commands of `--validation-bin`, and what is wrong with them. */
export interface ValidationCommands {
  readonly commands: readonly CommandPlan[];
  readonly problems: readonly string[];
}

/** Binds each `--validation-arg` and `--validation-env` to the `--validation-bin` before it, in raw order. */
export function validationCommands(flags: readonly GivenFlag[], cwd: string): ValidationCommands {
  const drafts: { readonly bin: string; readonly args: string[]; readonly env: string[] }[] = [];
  const problems: string[] = [];
  for (const { name, value } of flags) {
    if (value === null) continue;
    const draft = drafts.at(-1);
    if (name === 'validation-bin') {
      if (value === '')
        problems.push('--validation-bin: expected the path or name of a program, got an empty one');
      drafts.push({ bin: resolveBin(value, cwd), args: [], env: [] });
    } else if (name === 'validation-arg' || name === 'validation-env') {
      if (draft === undefined) problems.push(`--${name}: expected a --validation-bin before it, got none`);
      else if (name === 'validation-arg') draft.args.push(value);
      else draft.env.push(value);
    }
  }
  const commands = drafts.map(({ bin, args, env }) => ({
    bin,
    args,
    env: variablesOf(env, (why) => problems.push(`--validation-env: ${why}`)),
  }));
  return { commands, problems };
}
