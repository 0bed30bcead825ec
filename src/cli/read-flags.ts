import { resolve } from 'node:path';
import type { Given } from '../core/run-plan.ts';
import { parseDuration } from '../formats/duration.ts';
import { DOLLARS_FORM, describeRange, isDollars } from '../formats/limits.ts';
import { didYouMean } from '../formats/nearest.ts';
import { quote } from '../formats/printable.ts';
import { resolveBin } from '../operations/given-plan.ts';
import type { FlagSpec } from './flag-spec.ts';
import type { ParsedFlags } from './parser.ts';

/**
 * Reads the values of flags by their kind. What cannot be read is noted in `problems`, one line that names the
 * flag and what was expected, and counts as not given; the caller asks for `problems` in the end.
 */
export interface FlagReader {
  readonly isOn: (name: string) => boolean;
  readonly text: (name: string) => string | undefined;
  readonly texts: (name: string) => readonly string[];
  /** Exactly as written, empty ones too. */
  readonly rawTexts: (name: string) => readonly string[];
  /** Absolute. */
  readonly path: (name: string) => string | undefined;
  readonly paths: (name: string) => readonly string[];
  readonly program: (name: string) => string | undefined;
  readonly number: (name: string) => number | undefined;
  readonly dollars: (name: string) => number | undefined;
  readonly choice: (name: string) => string | undefined;
  readonly choices: (name: string) => readonly string[];
  readonly duration: (name: string) => number | undefined;
  /** `K=V`, each name once. */
  readonly variables: (name: string) => Readonly<Record<string, string>>;
  readonly problems: () => readonly string[];
}

export interface FlagReaderRequest {
  readonly parsed: ParsedFlags;
  readonly specs: readonly FlagSpec[];
  readonly cwd: string;
}

/** A reader of what yargs has parsed. */
export function flagReader(request: FlagReaderRequest): FlagReader {
  const problems: string[] = [];
  const refuse: Refuse = (name, why) => {
    problems.push(`--${name}: ${why}`);
    return undefined;
  };
  return {
    isOn: request.parsed.has,
    ...textReaders(request, refuse),
    ...wordReaders(request, refuse),
    rawTexts: request.parsed.values,
    variables: (name) => variablesOf(request.parsed.values(name), (why) => refuse(name, why)),
    problems: () => problems,
  };
}

type Refuse = (name: string, why: string) => undefined;

/** Texts, paths and programs: what may be anything but empty. */
function textReaders({ parsed, cwd }: FlagReaderRequest, refuse: Refuse) {
  const filled = (name: string, value: string | undefined, what: string) => {
    if (value === undefined) return undefined;
    if (value === '') return refuse(name, `expected ${what}, got an empty one`);
    return value.includes('\u0000') ? refuse(name, `expected ${what} without NUL`) : value;
  };
  const text = (name: string, value: string | undefined) => filled(name, value, 'a text');
  const path = (name: string, value: string | undefined) => {
    const typed = filled(name, value, 'a path');
    return typed === undefined ? undefined : resolve(cwd, typed);
  };
  return {
    text: (name: string) => text(name, parsed.values(name)[0]),
    texts: (name: string) => parsed.values(name).flatMap((value) => text(name, value) ?? []),
    path: (name: string) => path(name, parsed.values(name)[0]),
    paths: (name: string) => parsed.values(name).flatMap((value) => path(name, value) ?? []),
    program: (name: string) => {
      const bin = filled(name, parsed.values(name)[0], 'the path or name of a program');
      return bin === undefined ? undefined : resolveBin(bin, cwd);
    },
  };
}

/** Numbers, choices and durations: what has a grammar. */
function wordReaders({ parsed, specs }: FlagReaderRequest, refuse: Refuse) {
  const choice = (name: string, value: string | undefined) => {
    if (value === undefined) return undefined;
    const problem = choiceProblem(value, choicesOf(specs, name));
    return problem === null ? value : refuse(name, problem);
  };
  return {
    number: (name: string) => {
      const [value] = parsed.values(name);
      if (value === undefined) return undefined;
      const number = wholeNumber(value, specs, name);
      return typeof number === 'number' ? number : refuse(name, number);
    },
    dollars: (name: string) => {
      const [value] = parsed.values(name);
      if (value === undefined) return undefined;
      const amount = /^[0-9]{1,7}(\.[0-9]{1,6})?$/.test(value) ? Number(value) : Number.NaN;
      return isDollars(amount) ? amount : refuse(name, `expected ${DOLLARS_FORM}, got ${quote(value)}`);
    },
    choice: (name: string) => choice(name, parsed.values(name)[0]),
    choices: (name: string) => parsed.values(name).flatMap((value) => choice(name, value) ?? []),
    duration: (name: string) => {
      const [value] = parsed.values(name);
      if (value === undefined) return undefined;
      const duration = parseDuration(value);
      return duration.ok ? duration.value : refuse(name, `expected ${duration.failure}, got ${quote(value)}`);
    },
  };
}

/** A value with the flag as its origin, undefined where the flag was not given. */
export function fromFlag<Value>(name: string, value: Value | undefined): Given<Value> | undefined {
  return value === undefined ? undefined : { value, origin: `--${name}` };
}

/** `NAME=VALUE` split at the first `=`, or what is wrong; a value is never repeated: it may be a secret. */
export function splitVariable(text: string): { readonly name: string; readonly value: string } | string {
  const equals = text.indexOf('=');
  if (equals === -1) return 'expected NAME=VALUE, got a text without "="';
  if (equals === 0) return 'expected NAME=VALUE, got an empty name';
  return text.includes('\u0000')
    ? 'expected NAME=VALUE without NUL'
    : { name: text.slice(0, equals), value: text.slice(equals + 1) };
}

/** Variables by name; `__proto__` is a name like any other. */
export function variablesOf(
  values: readonly string[],
  refuse: (why: string) => void,
): Readonly<Record<string, string>> {
  const variables = new Map<string, string>();
  for (const text of values) {
    const split = splitVariable(text);
    if (typeof split === 'string') refuse(split);
    else if (variables.has(split.name)) refuse(`expected each name once, got ${quote(split.name)} twice`);
    else variables.set(split.name, split.value);
  }
  return Object.fromEntries(variables);
}

/** What is wrong with a word that has to be one of a list, or null. */
export function choiceProblem(value: string, choices: readonly string[]): string | null {
  if (choices.includes(value)) return null;
  const list = choices.length === 1 ? choices[0] : `${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}`;
  return `expected ${list}, got ${quote(value)}${didYouMean(value, choices)}`;
}

function choicesOf(specs: readonly FlagSpec[], name: string): readonly string[] {
  const kind = specs.find((spec) => spec.name === name)?.kind;
  if (kind?.type !== 'choice') throw new Error(`--${name} is not a choice`);
  return kind.choices;
}

/** Digits only: no sign, no exponent, no other base, no space. */
function wholeNumber(text: string, specs: readonly FlagSpec[], name: string): number | string {
  const kind = specs.find((spec) => spec.name === name)?.kind;
  if (kind?.type !== 'number') throw new Error(`--${name} is not a number`);
  const value = /^[0-9]{1,16}$/.test(text) ? Number(text) : Number.NaN;
  const fits = value >= kind.range.min && value <= kind.range.max;
  return fits ? value : `expected ${describeRange(kind.range)}, got ${quote(text)}`;
}
