/** Version of the policy input's format; a change that old policies cannot read raises the first number. */
export const POLICY_INPUT_SCHEMA_VERSION = '1.0';

/** What happened to a path between the base commit and what is judged. */
export const CHANGE_KINDS = [
  'added',
  'deleted',
  'modified',
  'renamed',
  'type-changed',
  'mode-changed',
] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** What a path is: what a git tree can hold, and what only a work tree can. */
export const PATH_MODES = ['file', 'executable', 'symlink', 'submodule', 'repository', 'special'] as const;
export type PathMode = (typeof PATH_MODES)[number];

/** One changed path. A mode is null where there is nothing; counts are null where lines were not counted. */
export interface PolicyChange {
  readonly path: string;
  /** The source of a rename. */
  readonly old_path: string | null;
  readonly kind: ChangeKind;
  readonly old_mode: PathMode | null;
  readonly new_mode: PathMode | null;
  readonly lines_added: number | null;
  readonly lines_deleted: number | null;
  readonly binary: boolean;
  readonly symlink_target: string | null;
}

/** What changed, read from git: never what an agent says about it. */
export interface PolicyDiff {
  readonly base_sha: string | null;
  readonly head_sha: string | null;
  readonly tree_digest: string | null;
  /** A rename is two files: one that is gone and one that is new. */
  readonly files: number;
  readonly new_files: number;
  readonly deleted_files: number;
  readonly lines_added: number;
  readonly lines_deleted: number;
  /** Files whose lines are in no total. */
  readonly uncounted_files: number;
  /** How many changes there are. */
  readonly path_count: number;
  /** Whether `changes` is not all of them: no policy is asked about a part. */
  readonly truncated: boolean;
  readonly changes: readonly PolicyChange[];
}

/** One change that the plan declares; `kind` null where it does not say. */
export interface PlannedChange {
  readonly path: string;
  readonly kind: string | null;
}

/** The policy decision document, in (spec/gates.md section 4): all that a policy engine is told. */
export interface PolicyInput {
  readonly schema_version: string;
  readonly run_id: string;
  readonly moment: 'admission' | 'closure';
  /** How the orchestrator is operated; null where it has no such mode. */
  readonly mode: string | null;
  readonly anchor: null;
  /** `changes` null: the plan declares none. */
  readonly plan: { readonly digest: string | null; readonly changes: readonly PlannedChange[] | null };
  /** null where nothing was changed yet, at admission, or where there is no base commit to compare with. */
  readonly diff: PolicyDiff | null;
  readonly budget: { readonly attempts: number; readonly cycles: number; readonly elapsed_ms: number };
  readonly actor: { readonly user: string | null; readonly host: string; readonly ci: boolean };
  /** SHA-256 (hex) of the executables by role; a role that is not configured is null. */
  readonly agents: {
    readonly manager: string | null;
    readonly executor: string | null;
    readonly reviewer: string | null;
  };
  readonly versions: { readonly orchestrator: string; readonly node: string };
}

/** The document's text, as an engine reads it: the same input gives the same bytes. */
export function serialisePolicyInput(input: PolicyInput): string {
  return `${JSON.stringify(input)}\n`;
}
