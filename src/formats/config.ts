import { CLOSURE_CONFIG_KEYS } from '../core/config/closure-settings.ts';
import { fail, ok, type Result } from '../core/result.ts';
import type { ConfigDocument } from './config.schema.ts';
import { DURATION_FORM } from './duration.ts';
import { didYouMean } from './nearest.ts';
import { quote } from './printable.ts';

export type { ConfigArtifact, ConfigCommand, ConfigDocument, ConfigRole } from './config.schema.ts';

/** Where in a document, as keys and positions from its top. */
export type ConfigPath = readonly (string | number)[];

/** One thing that is wrong: where, and what was expected there. No value is repeated: it may be a secret. */
export interface ConfigProblem {
  readonly path: ConfigPath;
  readonly problem: string;
}

const ASSERTION =
  'a gate assertion is made by the operator, on the command line only: a file that a stage could write must not open a gate';
const ONE_INVOCATION = 'it belongs to one invocation: give it on the command line';

/** Keys that a file may not have although there is a flag of that name, and why. */
const COMMAND_LINE_ONLY: Readonly<Record<string, string>> = {
  policy_status: ASSERTION,
  ci_status: ASSERTION,
  review_status: ASSERTION,
  resume: ONE_INVOCATION,
  rerun_from: ONE_INVOCATION,
  accept_changed_binary: ONE_INVOCATION,
  break_lock: ONE_INVOCATION,
  state_key_fd: ONE_INVOCATION,
  state_key: 'a key is kept in a file of its own: name that with state_key_file',
  sign_key_fd: ONE_INVOCATION,
  sign_key: 'a key is kept in a file of its own: name that with sign_key_file',
  simulate_blocked: ONE_INVOCATION,
  dry_run: ONE_INVOCATION,
  print_config: ONE_INVOCATION,
  out_dir: ONE_INVOCATION,
  gate_commit: ONE_INVOCATION,
  config: 'a config file cannot name another one',
  json: ONE_INVOCATION,
  quiet: ONE_INVOCATION,
  verbose: ONE_INVOCATION,
  no_color: ONE_INVOCATION,
};

/** Holds a value read from JSON or YAML to the config format; every problem is returned, in document order. */
export async function checkConfig(value: unknown): Promise<Result<ConfigDocument, readonly ConfigProblem[]>> {
  const { configSchema } = await import('./config.schema.ts');
  const checked = configSchema.safeParse(value);
  return checked.success
    ? ok(checked.data)
    : fail(checked.error.issues.flatMap((issue) => explain(issue, [], value)));
}

/** A path as a message writes it: `executor.env.PORT`, `validation[0].bin`. */
export function describePath(path: ConfigPath): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    const shown = quote(key).slice(1, -1);
    return text === '' ? shown : `${text}.${shown}`;
  }, '');
}

/** The part of a zod issue that is read here. */
interface Issue {
  readonly code?: string | undefined;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly expected?: string;
  readonly keys?: readonly string[];
  readonly errors?: readonly (readonly Issue[])[];
}

function explain(issue: Issue, above: ConfigPath, root: unknown): readonly ConfigProblem[] {
  const path = [...above, ...issue.path.map((key) => (typeof key === 'number' ? key : String(key)))];
  if (issue.code === 'unrecognized_keys') {
    return (issue.keys ?? []).map((key) => ({ path: [...path, key], problem: unknownKey(key, path) }));
  }
  const got = valueAt(root, path);
  if (issue.code === 'invalid_union') {
    const deeper = typeof got === 'object' && got !== null ? issue.errors?.at(-1) : undefined;
    if (deeper !== undefined) return deeper.flatMap((one) => explain(one, path, root));
  }
  if (issue.code === 'invalid_key') {
    return [{ path, problem: 'expected the name of a variable: not empty, without "=" or NUL' }];
  }
  const quotes = issue.expected === 'string' && issue.message !== DURATION_FORM && isBare(got);
  return [
    {
      path,
      problem: `expected ${issue.message}, got ${describeValue(got)}${quotes ? ': put it in quotes' : ''}`,
    },
  ];
}

/** A value that YAML reads as something else than the text that may have been meant. */
function isBare(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'boolean';
}

function unknownKey(key: string, path: ConfigPath): string {
  const plain = key.replaceAll('-', '_');
  if (path.length === 0 && Object.hasOwn(COMMAND_LINE_ONLY, plain)) {
    return `cannot stand in a file: ${COMMAND_LINE_ONLY[plain]}`;
  }
  return `not a key of this format${didYouMean(key, keysAt(path))}`;
}

function describeValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  switch (typeof value) {
    case 'string':
      return value === '' ? 'an empty text' : 'a text';
    case 'number':
      return `the number ${value}`;
    case 'boolean':
      return String(value);
    default:
      return 'a mapping';
  }
}

function valueAt(root: unknown, path: ConfigPath): unknown {
  return path.reduce<unknown>((value, key) => {
    if (typeof value !== 'object' || value === null) return undefined;
    return Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
  }, root);
}

/** The keys that a mapping can have, for a suggestion. */
function keysAt(path: ConfigPath): readonly string[] {
  if (path.length === 0) return CONFIG_KEYS;
  if (path.includes('expected_artifacts')) return ['path', 'schema'];
  if (path[0] === 'validation') return COMMAND_KEYS;
  return CLOSURE_SECTIONS.includes(String(path[0])) ? closureKeysAt(path) : ROLE_KEYS;
}

const CLOSURE_SECTIONS = ['gates', 'scope', 'delivery'];

/** The keys of a mapping below `gates`, `scope` or `delivery`. */
function closureKeysAt(path: ConfigPath): readonly string[] {
  if (path.includes('required')) return ['name', 'app', 'accept'];
  const above = `${path.join('.')}.`;
  const below = Object.values(CLOSURE_CONFIG_KEYS).flatMap((key) =>
    key?.startsWith(above) === true ? [key.slice(above.length).split('.')[0] ?? ''] : [],
  );
  return [...new Set(below)];
}

const COMMAND_KEYS = ['bin', 'args', 'env'];
const ROLE_KEYS = [
  ...COMMAND_KEYS,
  ...['expected_artifacts', 'timeout_ms', 'sandbox', 'sandbox_network'],
  ...['agent', 'prompt', 'prompt_file', 'model', 'max_cost_usd', 'max_tokens', 'max_turns'],
];

/** The keys of a config file, in the order in which the documentation and the starter file have them. */
export const CONFIG_KEYS = [
  '$schema',
  'manager',
  'executor',
  'reviewer',
  'validation',
  'validation_from_planning_context',
  'repo_root',
  'planning_context_artifact',
  'checkpoint_path',
  'state_key_file',
  'sign_key_file',
  'html_report',
  'tree_ignore',
  'allow_stale_artifacts',
  'accept_git_change',
  'sandbox',
  'sandbox_network',
  'sandbox_read',
  'sandbox_write',
  'timeout_ms',
  'run_timeout_ms',
  'kill_grace_ms',
  'execution_max_iterations',
  'reviewer_remediation_max_cycles',
  'max_artifact_bytes',
  'max_log_bytes',
  'gate_max_age',
  'pass_env',
  'inherit_env',
  'redact_env',
  'base',
  'gates',
  'scope',
  'delivery',
] as const;
