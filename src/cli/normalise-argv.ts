import { type Failure, failure } from '../core/failure.ts';
import type { FlagSpec } from './flag-spec.ts';
import { lexArgv } from './lex-argv.ts';

/** One flag as given; `value` is null for a switch. */
export interface GivenFlag {
  readonly name: string;
  readonly value: string | null;
}

/** What was typed, in a form that no parser can read differently. */
export interface NormalisedArgv {
  /** In the order in which they were typed: yargs keeps none among different flags. */
  readonly flags: readonly GivenFlag[];
  readonly positionals: readonly string[];
  /** `--flag="value"` and `--switch` only, then `--`, then the positionals. */
  readonly argv: readonly string[];
  /** The first thing that cannot stand, or null. */
  readonly problem: Failure | null;
}

/** Brings argv into one form: every value joined to its flag, every scalar given at most once. Pure. */
export function normaliseArgv(argv: readonly string[], specs: readonly FlagSpec[]): NormalisedArgv {
  const flags: GivenFlag[] = [];
  const positionals: string[] = [];
  const seen = new Set<string>();
  const problems: string[] = [];
  for (const token of lexArgv(argv, specs)) {
    if (token.type === 'problem') problems.push(token.message);
    if (token.type === 'positional') positionals.push(token.text);
    if (token.type !== 'flag') continue;
    const { name, repeatable } = token.spec;
    if (seen.has(name) && !repeatable) problems.push(`--${name}: expected once, got twice`);
    seen.add(name);
    flags.push({ name, value: token.value });
  }
  return {
    flags,
    positionals,
    argv: [...flags.map(joined), '--', ...positionals],
    problem: problems[0] === undefined ? null : failure('usage', problems[0]),
  };
}

/** yargs takes one pair of quotes off a value: every value gets a pair, so that its own stay on. */
function joined({ name, value }: GivenFlag): string {
  return value === null ? `--${name}` : `--${name}="${value}"`;
}
