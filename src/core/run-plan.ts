/**
 * Everything that an operator can decide about a run, every default resolved. `cli/` builds it from flags and
 * config file; the checkpoint stores it as `config` with secrets withheld.
 */
import type { AgentSettings } from './agents/limits.ts';
import type { ClosureSettings } from './config/closure-settings.ts';
import type { GateName } from './gates/gate.ts';
import type { NetworkMode, SandboxMode } from './sandbox.ts';

/** The roles that can have a binary, in stage order. */
export const ROLES = ['manager', 'executor', 'reviewer'] as const;
export type Role = (typeof ROLES)[number];

/** A file that a stage must leave. `path` is absolute. */
export interface ArtifactPlan {
  readonly path: string;
  /** Absolute path of a JSON Schema that a `.json` artifact must satisfy, or null. */
  readonly schema: string | null;
}

/** A binary with all that it is started with. */
export interface CommandPlan {
  /** As typed when it has no slash (looked up on PATH when it starts), else absolute. */
  readonly bin: string;
  readonly args: readonly string[];
  /** The role's own variables, values in clear: never leaves memory, see `StoredConfig`. */
  readonly env: Readonly<Record<string, string>>;
}

/** With an agent, `args` are the operator's own: the profile builds the command line around them. */
export interface RolePlan extends CommandPlan, AgentSettings {
  readonly expectedArtifacts: readonly ArtifactPlan[];
  /** Milliseconds; null takes the run's `timeoutMs`. */
  readonly timeoutMs: number | null;
  /** null takes the run's `sandbox`. */
  readonly sandbox: SandboxMode | null;
  /** null takes the run's `sandboxNetwork`. */
  readonly sandboxNetwork: NetworkMode | null;
}

/** Budgets are what the operator set: nothing raises them (spec section 3). */
export interface RunPlan {
  readonly roles: Readonly<Record<Role, RolePlan | null>>;
  readonly validation: readonly CommandPlan[];
  readonly validationFromPlanningContext: boolean;
  readonly repoRoot: string;
  readonly planningContextArtifact: string | null;
  readonly executionMaxIterations: number;
  readonly remediationMaxCycles: number;
  /** Milliseconds, per invocation of a binary. */
  readonly timeoutMs: number;
  /** Milliseconds for the whole invocation of the orchestrator; null is no limit. */
  readonly runTimeoutMs: number | null;
  readonly killGraceMs: number;
  readonly gateMaxAgeMs: number;
  readonly passEnv: readonly string[];
  readonly inheritEnv: boolean;
  readonly redactEnv: readonly string[];
  readonly allowStaleArtifacts: boolean;
  readonly treeIgnore: readonly string[];
  /** Names, or globs, of git settings that stages may change. */
  readonly acceptGitChange: readonly string[];
  readonly sandbox: SandboxMode;
  readonly sandboxNetwork: NetworkMode;
  /** What a sandbox shows beside the work tree, read-only; absolute. */
  readonly sandboxRead: readonly string[];
  /** The same, writable. */
  readonly sandboxWrite: readonly string[];
  readonly maxArtifactBytes: number;
  readonly maxLogBytes: number;
  readonly closure: ClosureSettings;
}

/** What the operator asserts about the gates in this invocation; absent gates carry over (spec section 6). */
export type GateAssertions = Readonly<Partial<Record<GateName, string>>>;

/** Where a secret key is; never the key itself. */
export type KeySource =
  /** Absolute. */
  | { readonly from: 'file'; readonly path: string }
  /** A descriptor that the caller has opened; 3 or more. */
  | { readonly from: 'descriptor'; readonly fd: number };

/** Where the key is that checkpoint and audit log are authenticated with. */
export type StateKeySource = KeySource;

/** How talkative the command is. */
export interface OutputOptions {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly color: boolean | null;
}

/** The config file of an invocation, as it was read. */
export interface GivenConfigFile {
  /** Absolute. */
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Whether it says how gates are decided or what may change. */
  readonly rules: boolean;
}

/** What one `orchestrator [out_dir]` was asked to do. */
export interface RunRequest {
  /** Absolute. */
  readonly outDir: string;
  /** Absolute; null is the default name inside out_dir. */
  readonly checkpointPath: string | null;
  readonly resume: boolean;
  readonly rerunFrom: string | null;
  readonly acceptChangedBinary: readonly string[];
  readonly assertions: GateAssertions;
  readonly simulateBlocked: boolean;
  readonly breakLock: string | null;
  readonly stateKey: StateKeySource | null;
  /** What the report is signed with; null signs nothing. */
  readonly signKey: KeySource | null;
  /** Where the HTML report goes when the run has ended; absolute, null writes none. */
  readonly htmlReport: string | null;
  readonly output: OutputOptions;
  /** Left out where none was given. */
  readonly configFile?: GivenConfigFile;
  /** What flags and config file said; what they did not say is taken from the checkpoint or the defaults. */
  readonly given: GivenPlan;
}

/** One value with where it came from. */
export interface Given<Value> {
  readonly value: Value;
  /** A flag (`--timeout-ms`), or a config file and key (`orchestrator.yaml: timeout_ms`). */
  readonly origin: string;
}

type GivenFields<Fields> = { readonly [Key in keyof Fields]?: Given<Fields[Key]> };

/** A role as given: on resume, what is absent is kept from the run so far; else it takes its default. */
export type GivenRole = GivenFields<RolePlan> & {
  /** Absolute; read into `prompt` before the plan is resolved. */
  readonly promptFile?: Given<string>;
};

/** The part of a plan that was given, by flag or config file; a flag wins over the file, key by key. */
export interface GivenPlan extends GivenFields<Omit<RunPlan, 'roles' | 'closure'>> {
  readonly roles: Readonly<Record<Role, GivenRole>>;
  /** Setting by setting, as everything else. */
  readonly closure?: GivenClosure;
}

/** What was given of the settings that decide whether a run closes. */
export type GivenClosure = GivenFields<ClosureSettings>;

/** The defaults of spec section 1, in ms and bytes. */
export const DEFAULTS = {
  timeoutMs: 1_800_000,
  killGraceMs: 5_000,
  gateMaxAgeMs: 24 * 60 * 60 * 1000,
  executionMaxIterations: 1,
  remediationMaxCycles: 0,
  maxArtifactBytes: 16 * 1024 * 1024,
  maxLogBytes: 64 * 1024 * 1024,
} as const;
