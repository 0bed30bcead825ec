import { createHash } from 'node:crypto';
import {
  folderProblem,
  POLICY_FOLDER_LIMITS,
  type PolicyFolderProblem,
} from '../core/gates/policy-folder.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { runGit } from './git-command.ts';
import { isObjectId } from './head.ts';
import type { OpenRepository } from './repository-question.ts';

/** An object by its type and its full id. */
export interface ObjectName {
  readonly type: 'commit' | 'tree' | 'blob';
  readonly id: string;
}

/** Reads an object of the repository and holds it to its id. `policy_unreadable` where it is not there, or another. */
export async function readVerifiedObject(
  { folder, call }: OpenRepository,
  { type, id }: ObjectName,
): Promise<Result<Buffer, PolicyFolderProblem>> {
  if (!isObjectId(id))
    return fail(folderProblem('policy_unreadable', `expected an object id, got another text`));
  const chunks: Buffer[] = [];
  let length = 0;
  const run = await runGit({
    ...call,
    args: ['cat-file', type, id],
    repository: folder.withoutIndex,
    onChunk: (chunk) => {
      length += chunk.length;
      if (length <= POLICY_FOLDER_LIMITS.bytes) chunks.push(chunk);
    },
  });
  if (!run.ok) return fail(folderProblem('policy_unreadable', run.failure.message));
  if (length > POLICY_FOLDER_LIMITS.bytes) {
    return fail(
      folderProblem('policy_too_big', `expected at most ${POLICY_FOLDER_LIMITS.bytes} bytes, got more`),
    );
  }
  const bytes = Buffer.concat(chunks);
  const hash = createHash(id.length === 64 ? 'sha256' : 'sha1');
  const computed = hash.update(`${type} ${bytes.length}\0`).update(bytes).digest('hex');
  if (computed === id) return ok(bytes);
  return fail(folderProblem('policy_unreadable', `object ${id} of the repository was tampered with`));
}
