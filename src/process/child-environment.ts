import type { NameMatcher } from './name-globs.ts';
import { looksLikeSecret } from './secrets.ts';
import { TREES_VARIABLE } from './tree-scope.ts';

/** What every child gets of the caller's environment (spec/orchestrate.md section 4). */
const BASE = new Set('PATH HOME USER LOGNAME SHELL LANG TZ TMPDIR TERM CI'.split(' '));
/** Without these hardly a program starts on Windows. */
const BASE_WINDOWS = new Set(
  'SYSTEMROOT SYSTEMDRIVE WINDIR COMSPEC PATHEXT TEMP TMP USERPROFILE USERNAME APPDATA LOCALAPPDATA PROGRAMDATA'.split(
    ' ',
  ),
);

/** What of the caller's environment never reaches a child: it would run code, or speak for us, inside it. */
const NEVER = new Set(
  `BASH_ENV ENV PROMPT_COMMAND NODE_OPTIONS NODE_DEBUG NODE_DEBUG_NATIVE NODE_INSPECT_RESUME_ON_START
   NODE_REPL_EXTERNAL_MODULE NODE_V8_COVERAGE NODE_CHANNEL_FD NODE_UNIQUE_ID NODE_PENDING_DEPRECATION
   GITHUB_ENV GITHUB_PATH GITHUB_OUTPUT GITHUB_STATE GITHUB_STEP_SUMMARY`.split(/\s+/),
);
const NEVER_PREFIXES = ['LD_', 'DYLD_', 'GIT_', 'ORCHESTRATOR_', 'BASH_FUNC_'];

export interface ChildEnvironmentOptions {
  readonly callerEnv: Readonly<Record<string, string | undefined>>;
  /** `--pass-env`. */
  readonly pass: NameMatcher;
  /** `--inherit-env`: everything but what never reaches a child. */
  readonly inherit: boolean;
  /** The orchestrator's own secrets by name: no glob and no inheritance hands them on. */
  readonly withheld: ReadonlySet<string>;
  /** The role's own variables; the only way for one of the never-list. */
  readonly roleEnv: Readonly<Record<string, string>>;
  /** ORCHESTRATOR_RUN_ID and its like; they win over everything. */
  readonly ownEnv: Readonly<Record<string, string>>;
  /** Marks this invocation's processes. */
  readonly cookie: string;
  readonly platform: string;
}

export interface ChildEnvironment {
  readonly env: Readonly<Record<string, string>>;
  /** The names in `env`, sorted. */
  readonly keys: readonly string[];
  /** How many of the caller's variables the child does not have. */
  readonly withheld: number;
  /** Names of secret-looking variables that came from the caller by `--pass-env`, sorted. */
  readonly passedSecrets: readonly string[];
}

/** The complete environment of a child; nothing else reaches it. Pure. */
export function buildChildEnvironment(options: ChildEnvironmentOptions): ChildEnvironment {
  const env: Record<string, string> = {};
  const passedSecrets: string[] = [];
  const caller = Object.entries(options.callerEnv).filter((entry) => entry[1] !== undefined);
  for (const [name, value] of caller) {
    if (value === undefined || isNever(name) || options.withheld.has(name)) continue;
    const passed = options.pass(name);
    if (!passed && !options.inherit && !isBase(name, options.platform)) continue;
    env[name] = value;
    if (passed && looksLikeSecret(name) && !Object.hasOwn(options.roleEnv, name)) passedSecrets.push(name);
  }
  const outer = outerCookies(options.callerEnv[TREES_VARIABLE]);
  Object.assign(env, options.roleEnv, options.ownEnv, {
    [TREES_VARIABLE]: [...outer, options.cookie].join(':'),
  });
  return {
    env,
    keys: Object.keys(env).sort(),
    withheld: caller.filter(([name]) => !Object.hasOwn(env, name)).length,
    passedSecrets: passedSecrets.sort(),
  };
}

function isBase(name: string, platform: string): boolean {
  if (platform === 'win32' && (BASE_WINDOWS.has(name.toUpperCase()) || BASE.has(name.toUpperCase())))
    return true;
  return BASE.has(name) || name.startsWith('LC_');
}

function isNever(name: string): boolean {
  const upper = name.toUpperCase();
  return NEVER.has(upper) || NEVER_PREFIXES.some((prefix) => upper.startsWith(prefix));
}

/** The marks of the orchestrators that we ourselves run under: they must find our children too. */
function outerCookies(value: string | undefined): string[] {
  return (value ?? '').split(':').filter((cookie) => /^[A-Za-z0-9-]{16,64}$/.test(cookie));
}
