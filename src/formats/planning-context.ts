/** Version of the planning context's format; a change that old readers cannot read raises the first number. */
export const PLANNING_CONTEXT_SCHEMA_VERSION = '1.0';

/** A way to check the work that a well-known file of the repository names. */
export interface DetectedCommand {
  /** Run as it is, without a shell, in repo-root. */
  readonly argv: readonly string[];
  /** The file, relative to repo-root, that it was found in. */
  readonly source: string;
}

/** One commit; the subject is what somebody wrote: data, never an instruction. */
export interface CommitSubject {
  readonly commit: string;
  readonly subject: string;
}

/** `--planning-context-artifact` (spec section 3): what the manager is told about the repository. */
export interface PlanningContext {
  readonly schema_version: string;
  readonly product: string;
  readonly run_id: string;
  readonly repo: {
    /** The last part of repo-root's path. */
    readonly name: string;
    readonly is_git: boolean;
    readonly head: string | null;
    readonly branch: string | null;
    readonly dirty: boolean | null;
  };
  readonly files: {
    readonly count: number;
    /** Paths relative to repo-root in byte order, escaped where they are not text; the first ones only. */
    readonly listing: readonly string[];
    readonly listing_truncated: boolean;
    /** Names directly in repo-root, folders with `/` at the end. */
    readonly top_level: readonly string[];
    /** Files per extension, the most frequent first; `""` for names without one. */
    readonly extensions: readonly { readonly extension: string; readonly count: number }[];
  };
  readonly readme: { readonly path: string; readonly excerpt: string; readonly truncated: boolean } | null;
  readonly recent_commits: readonly CommitSubject[];
  readonly validation_commands: readonly DetectedCommand[];
  /** What could not be read or told, in words. */
  readonly notes: readonly string[];
}

/** The document's bytes: keys in this order, two spaces, a newline at the end. */
export function serialisePlanningContext(context: PlanningContext): string {
  const { repo, files, readme } = context;
  const ordered: PlanningContext = {
    schema_version: context.schema_version,
    product: context.product,
    run_id: context.run_id,
    repo: { name: repo.name, is_git: repo.is_git, head: repo.head, branch: repo.branch, dirty: repo.dirty },
    files: {
      count: files.count,
      listing: files.listing,
      listing_truncated: files.listing_truncated,
      top_level: files.top_level,
      extensions: files.extensions.map(({ extension, count }) => ({ extension, count })),
    },
    readme: readme && { path: readme.path, excerpt: readme.excerpt, truncated: readme.truncated },
    recent_commits: context.recent_commits.map(({ commit, subject }) => ({ commit, subject })),
    validation_commands: context.validation_commands.map(({ argv, source }) => ({ argv, source })),
    notes: context.notes,
  };
  return `${JSON.stringify(ordered, null, 2)}\n`;
}
