import type { FlagSpec } from './flag-spec.ts';
import { takesValue } from './flag-spec.ts';

/** What yargs made of a normalised argv: every value a string, exactly as typed. */
export interface ParsedFlags {
  readonly has: (name: string) => boolean;
  /** Values of a flag in the order in which they were typed; empty where it was not given. */
  readonly values: (name: string) => readonly string[];
  readonly positionals: readonly string[];
}

/**
 * Parses with yargs, everything switched off by which it reads more into an argument than what is written
 * there: no numbers, no dots as paths, no camel case, no `--no-…`, no letters in a row. Only yargs' parser is
 * loaded: its command framework costs the start of a run twice as much, and is needed for help alone.
 */
export async function parseFlags(
  normalised: readonly string[],
  specs: readonly FlagSpec[],
): Promise<ParsedFlags> {
  const { Parser } = await import('yargs/helpers');
  const parsed: Readonly<Record<string, unknown>> & { readonly _: readonly (string | number)[] } = Parser(
    [...normalised],
    {
      string: specs.filter(takesValue).map((spec) => spec.name),
      boolean: specs.filter((spec) => !takesValue(spec)).map((spec) => spec.name),
      configuration: {
        'boolean-negation': false,
        'camel-case-expansion': false,
        'dot-notation': false,
        'duplicate-arguments-array': true,
        'greedy-arrays': false,
        'parse-numbers': false,
        'parse-positional-numbers': false,
        'short-option-groups': false,
      },
    },
  );
  return {
    has: (name) => parsed[name] !== undefined,
    values: (name) => texts(name, parsed[name]),
    positionals: parsed._.map(String),
  };
}

/** yargs gives one value bare and several as an array; anything but text means that it was not normalised. */
function texts(name: string, value: unknown): readonly string[] {
  if (value === undefined || value === true) return [];
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.map((one) => {
    if (typeof one !== 'string') throw new Error(`the value of --${name} is not a text`);
    return one;
  });
}
