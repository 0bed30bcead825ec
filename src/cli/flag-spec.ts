import { RANGES, type Range } from '../formats/limits.ts';

/**
 * What a flag takes. Only `argument` values may begin with dashes where they stand apart from their flag:
 * `--manager-bin --executor-bin` is a forgotten value, `--manager-arg --resume` is meant.
 */
export type FlagKind =
  | { readonly type: 'switch' }
  | { readonly type: 'argument' }
  | { readonly type: 'text' }
  | { readonly type: 'path' }
  | { readonly type: 'variable' }
  | { readonly type: 'duration' }
  | { readonly type: 'dollars' }
  | { readonly type: 'number'; readonly range: Range }
  | { readonly type: 'choice'; readonly choices: readonly string[] };

export interface FlagSpec {
  /** Without the dashes. */
  readonly name: string;
  readonly kind: FlagKind;
  readonly repeatable: boolean;
  /** What help shows in the value's place, null for a switch. */
  readonly placeholder: string | null;
  readonly group: string;
  readonly help: string;
  /** The default in words, null where there is none. */
  readonly byDefault: string | null;
  /** The key in a config file (`executor.timeout_ms`), null where a file may not say it. */
  readonly configKey: string | null;
  /** One letter after a single dash, only for help and version. */
  readonly letter: string | null;
}

type Details = Pick<FlagSpec, 'name' | 'group' | 'help'> &
  Partial<Pick<FlagSpec, 'repeatable' | 'byDefault' | 'configKey' | 'letter'>>;

/** A flag without a value. */
export function switchFlag(details: Details): FlagSpec {
  return { ...defaults(details), kind: { type: 'switch' }, placeholder: null };
}

/** A flag with a value; choices stand for their own placeholder. */
export function valueFlag(kind: FlagKind, placeholder: string, details: Details): FlagSpec {
  return { ...defaults(details), kind, placeholder };
}

function defaults(details: Details): Omit<FlagSpec, 'kind' | 'placeholder'> {
  return {
    name: details.name,
    group: details.group,
    help: details.help,
    repeatable: details.repeatable ?? false,
    byDefault: details.byDefault ?? null,
    configKey: details.configKey ?? null,
    letter: details.letter ?? null,
  };
}

/** Whether a flag is followed by a value. */
export function takesValue(spec: FlagSpec): boolean {
  return spec.kind.type !== 'switch';
}

/** A number within the range of a config key. */
export function numberKind(key: keyof typeof RANGES): FlagKind {
  return { type: 'number', range: RANGES[key] };
}
