/**
 * Whether a commit is before another one, by commits that were proved by their hashes. Git believes the objects and the
 * commit graph that it finds: a parent that somebody has written into an old commit would make a push that overwrites
 * look like one that goes forward.
 */
import { type Failure, failure } from '../../core/failure.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { readObjects } from '../changes/object-stream.ts';
import { runGit } from '../git-command.ts';
import { isObjectId } from '../head.ts';
import type { OpenRepository } from '../repository-question.ts';

/** A branch that is further behind is not brought forward by a delivery. */
const MAX_COMMITS = 100_000;
const COMMIT_BYTES = 1024 * 1024;

/** False as well where `ancestor` is not known here. `git_failed` where a commit between them was written over. */
export async function isAncestor(
  repository: OpenRepository,
  ancestor: string,
  commit: string,
): Promise<Result<boolean, Failure>> {
  if (ancestor === commit) return ok(true);
  const between = await commitsBetween(repository, ancestor, commit);
  if (!between.ok) return repository.call.limit.signal.aborted ? between : ok(false);
  if (between.value.length > MAX_COMMITS) {
    return fail(failure('git_failed', `${commit} is more than ${MAX_COMMITS} commits after ${ancestor}`));
  }
  const parents = await provedParents(repository, between.value);
  return parents.ok ? ok(isReached(parents.value, ancestor, commit)) : parents;
}

/** What git says lies on the way; none where it says that there is no way. */
async function commitsBetween(
  repository: OpenRepository,
  ancestor: string,
  commit: string,
): Promise<Result<readonly string[], Failure>> {
  let said = '';
  const run = await runGit({
    ...repository.call,
    repository: repository.folder.withoutIndex,
    args: ['rev-list', '--ancestry-path', `--max-count=${MAX_COMMITS + 1}`, commit, `^${ancestor}`],
    onChunk: (chunk) => {
      said += chunk.toString('latin1');
    },
  });
  return run.ok ? ok(said.split('\n').filter(isObjectId)) : run;
}

async function provedParents(
  repository: OpenRepository,
  ids: readonly string[],
): Promise<Result<ReadonlyMap<string, readonly string[]>, Failure>> {
  const parents = new Map<string, readonly string[]>();
  const read = await readObjects(repository, {
    ...{ ids, type: 'commit', maxBytes: COMMIT_BYTES },
    take: (id, { bytes }) => void parents.set(id, parentsIn(bytes)),
  });
  return read.ok ? ok(parents) : read;
}

/** Headers end at the first empty line; the message after it can say anything. */
function parentsIn(bytes: Buffer | null): readonly string[] {
  const [headers = ''] = (bytes?.toString('latin1') ?? '').split('\n\n', 1);
  return [...headers.matchAll(/^parent ([0-9a-f]{40,64})$/gm)].map(([, id = '']) => id);
}

function isReached(
  parents: ReadonlyMap<string, readonly string[]>,
  ancestor: string,
  commit: string,
): boolean {
  const seen = new Set([commit]);
  for (const id of seen) for (const parent of parents.get(id) ?? []) seen.add(parent);
  return seen.has(ancestor);
}
