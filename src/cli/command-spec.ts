import type { FlagSpec } from './flag-spec.ts';

/** One command, as the parser and the help know it. */
export interface CommandSpec {
  /** One line for the list of commands. */
  readonly summary: string;
  readonly usage: string;
  /** What the positionals are called, in order; a name in `[]` may be left out. */
  readonly positionals: readonly string[];
  readonly flags: () => readonly FlagSpec[];
  readonly examples: readonly (readonly [string, string])[];
}
