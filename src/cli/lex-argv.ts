import { didYouMean } from '../formats/nearest.ts';
import { quote } from '../formats/printable.ts';
import { type FlagSpec, takesValue } from './flag-spec.ts';

/** One thing that was typed, with the position in argv where it begins. */
export type Token =
  | { readonly type: 'flag'; readonly at: number; readonly spec: FlagSpec; readonly value: string | null }
  | { readonly type: 'positional'; readonly at: number; readonly text: string; readonly literal: boolean }
  | { readonly type: 'problem'; readonly at: number; readonly message: string };

/**
 * Reads argv from left to right without looking into values. `--flag value` and `--flag=value` are the same;
 * `--` ends the flags; there are no abbreviations, no clusters of letters and no `--no-…` twins (spec section 1).
 */
export function* lexArgv(argv: readonly string[], specs: readonly FlagSpec[]): Generator<Token> {
  const byName = new Map(specs.map((spec) => [spec.name, spec]));
  for (let at = 0; at < argv.length; at += 1) {
    const word = argv[at] ?? '';
    if (word === '--') {
      yield* argv.slice(at + 1).map((text, index) => positional(text, at + 1 + index, true));
      return;
    }
    if (!word.startsWith('-')) {
      yield positional(word, at, false);
      continue;
    }
    const equals = word.indexOf('=');
    const typed = equals === -1 ? word : word.slice(0, equals);
    const spec = typed.startsWith('--')
      ? byName.get(typed.slice(2))
      : specs.find((one) => one.letter !== null && `-${one.letter}` === typed);
    if (spec === undefined) {
      const value = equals === -1 ? argv[at + 1] : word.slice(equals + 1);
      yield problem(unknownFlag({ typed, value }, specs), at);
      continue;
    }
    const token = flagToken({
      spec,
      at,
      inline: equals === -1 ? null : word.slice(equals + 1),
      next: argv[at + 1],
    });
    yield token;
    if (token.type === 'flag' && token.value !== null && equals === -1) at += 1;
  }
}

interface Flag {
  readonly spec: FlagSpec;
  readonly at: number;
  /** What follows `=`, null where there is none. */
  readonly inline: string | null;
  readonly next: string | undefined;
}

function flagToken({ spec, at, inline, next }: Flag): Token {
  if (!takesValue(spec)) {
    return inline === null
      ? { type: 'flag', at, spec, value: null }
      : problem(`--${spec.name}: expected no value, got ${quote(inline)}`, at);
  }
  if (inline !== null) return { type: 'flag', at, spec, value: inline };
  if (next === undefined) return problem(`--${spec.name}: expected a value, got none`, at);
  if (spec.kind.type !== 'argument' && next.startsWith('--')) {
    const hint = next === '--' ? '' : `; if ${quote(next)} is meant, write --${spec.name}=...`;
    return problem(`--${spec.name}: expected a value, got none${hint}`, at);
  }
  return { type: 'flag', at, spec, value: next };
}

function unknownFlag(
  { typed, value }: { readonly typed: string; readonly value: string | undefined },
  specs: readonly FlagSpec[],
): string {
  const shown = quote(typed).slice(1, -1);
  if (typed === '-') return '-: expected a flag or a path; for a folder of that name write ./-';
  const word = typed.replace(/^-+/, '');
  const format = specs.find(
    ({ name, kind }) => name === 'format' && kind.type === 'choice' && kind.choices.includes(word),
  );
  if (format !== undefined) return `${shown}: unknown flag (did you mean --format ${word}?)`;
  const names = specs.map((spec) => spec.name);
  if (word === 'format' && value === 'json' && names.includes('json'))
    return `${shown}: unknown flag (did you mean --json?)`;
  return `${shown}: unknown flag${didYouMean(word, names, '--')}`;
}

function positional(text: string, at: number, literal: boolean): Token {
  return { type: 'positional', at, text, literal };
}

function problem(message: string, at: number): Token {
  return { type: 'problem', at, message };
}
