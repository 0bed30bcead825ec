import { type Failure, failure } from '../../../core/failure.ts';
import { fail, ok, type Result } from '../../../core/result.ts';
import type { RunDocument } from '../../../core/run-document.ts';
import type { Change, ChangeSet } from '../../../core/scope/change.ts';
import type { CommitMatch } from '../../../git/changes/commit-matches-content.ts';
import type { TreeEntries } from '../../../git/tree-listing.ts';
import type { RunContext } from '../context.ts';
import { gitScratch, ownFiles } from '../paths.ts';

/** What was validated, against its base and against the commit that a forge attests. Each is read once and kept. */
export interface JudgedChange {
  /** null outside git. `git_failed` where the change cannot be read whole. */
  readonly change: () => Promise<Result<ChangeSet | null, Failure>>;
  /** Whether this commit holds exactly the validated content; null outside git. */
  readonly match: (commit: string) => Promise<Result<CommitMatch | null, Failure>>;
}

/** Everything is read from git trees and files, nothing from an agent's word. */
export function judgedChange(context: RunContext, document: RunDocument): JudgedChange {
  let change: Promise<Result<ChangeSet | null, Failure>> | null = null;
  const matches = new Map<string, Promise<Result<CommitMatch | null, Failure>>>();
  return {
    change: () => {
      change ??= readChange(context, document);
      return change;
    },
    match: (commit) => {
      const known = matches.get(commit) ?? readMatch(context, document, commit);
      matches.set(commit, known);
      return known;
    },
  };
}

async function readChange(
  context: RunContext,
  document: RunDocument,
): Promise<Result<ChangeSet | null, Failure>> {
  const asked = await requestOf(context, document);
  if (!asked.ok) return asked;
  if (asked.value === null) return ok(null);
  const { readContentChanges } = await import('../../../git/changes/read-content-changes.ts');
  const { base } = document.repo;
  const read = await readContentChanges({ ...asked.value, base, now: context.ports.clock.now });
  return read.ok && read.value !== null ? ok(withoutHiddenBefore(read.value, document.hidden_before)) : read;
}

/** What lies in a folder that hid itself before the first stage was hidden by no stage. */
function withoutHiddenBefore(set: ChangeSet, folders: readonly string[]): ChangeSet {
  const before = ({ name, isText }: Change) =>
    isText && folders.some((folder) => name.startsWith(`${folder}/`));
  return { ...set, changes: set.changes.filter((one) => !(one.hidden && before(one))) };
}

async function readMatch(
  context: RunContext,
  document: RunDocument,
  commit: string,
): Promise<Result<CommitMatch | null, Failure>> {
  const asked = await requestOf(context, document);
  if (!asked.ok) return asked;
  if (asked.value === null) return ok(null);
  const { commitMatchesContent } = await import('../../../git/changes/commit-matches-content.ts');
  return commitMatchesContent({ ...asked.value, commit });
}

interface Asked {
  readonly root: string;
  readonly entries: TreeEntries;
  readonly excludes: readonly string[];
  readonly ignoreGlobs: readonly string[];
  readonly environment: { readonly path: string; readonly home: string | null };
  readonly scratch: string;
  readonly signal: AbortSignal;
}

/** null outside git. A validated tree whose listing is gone can be compared with nothing. */
async function requestOf(context: RunContext, document: RunDocument): Promise<Result<Asked | null, Failure>> {
  const digest = document.repo.tree_digest;
  if (digest === null) return ok(null);
  const entries = await context.treeWatch.listing(digest);
  if (entries === undefined) {
    return fail(
      failure('evidence_tampered', `the listing of the validated content, artifacts/${digest}, is gone`, {
        remedy: '--resume --rerun-from validation',
      }),
    );
  }
  const scratch = gitScratch(context.paths);
  if (!scratch.ok) return scratch;
  const { env } = context.ports;
  return ok({
    root: context.plan.repoRoot,
    entries,
    excludes: ownFiles(context.paths, context.plan),
    ignoreGlobs: context.plan.treeIgnore,
    environment: { path: env.PATH ?? '', home: env.HOME ?? null },
    scratch: scratch.value,
    signal: context.abort,
  });
}
