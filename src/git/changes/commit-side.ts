import type { Failure } from '../../core/failure.ts';
import { failure } from '../../core/failure.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import type { OpenRepository } from '../repository-question.ts';
import { type CommitTree, readCommitTree } from './commit-tree.ts';
import type { Difference } from './compare-sides.ts';
import { readObjects } from './object-stream.ts';
import { COUNTED_BYTES, COUNTED_TOTAL_BYTES, hasBytes, type Node, type Side } from './side.ts';

type Repository = Pick<OpenRepository, 'call' | 'folder'>;

/** Links of one commit; each is read to know where it leads. */
const MAX_LINKS = 50_000;

/** A commit's tree as one side of a comparison, without bytes. */
export function sideOfTree(tree: CommitTree): Side {
  return new Map([...tree].map(([key, { mode, id }]) => [key, { mode, id, size: null, bytes: null }]));
}

/** Fills in the bytes of what differs, where they are in the repository and are not too many. */
export async function withBytes(
  repository: Repository,
  differences: readonly Difference[],
): Promise<Result<readonly Difference[], Failure>> {
  const wanted = new Set<string>();
  for (const { before, after } of differences) {
    for (const node of [before, after]) if (isUnread(node)) wanted.add(node.id);
  }
  const blobs = new Map<string, Pick<Node, 'size' | 'bytes'>>();
  let room = COUNTED_TOTAL_BYTES;
  const read = await readObjects(repository, {
    ids: [...wanted],
    type: 'blob',
    maxBytes: COUNTED_BYTES,
    take: (id, { bytes, size }) => {
      const fits = bytes !== null && size <= room;
      if (fits) room -= size;
      blobs.set(id, { size, bytes: fits ? bytes : null });
    },
  });
  if (!read.ok) return read;
  const fill = (node: Node | null): Node | null =>
    isUnread(node) ? { ...node, ...blobs.get(node.id) } : node;
  return ok(differences.map((one) => ({ ...one, before: fill(one.before), after: fill(one.after) })));
}

/** Texts of all links in a commit's tree. */
export async function linksOfTree(
  repository: Repository,
  tree: CommitTree,
): Promise<Result<ReadonlyMap<string, string>, Failure>> {
  const links = [...tree].filter(([, { mode }]) => mode === 'symlink');
  if (links.length > MAX_LINKS) {
    return fail(
      failure('git_failed', `the commit holds ${links.length} links, expected at most ${MAX_LINKS}`),
    );
  }
  const texts = new Map<string, string>();
  const read = await readObjects(repository, {
    ids: [...new Set(links.map(([, { id }]) => id))],
    type: 'blob',
    maxBytes: 65_536,
    take: (id, { bytes }) => {
      if (bytes !== null) texts.set(id, bytes.toString('latin1'));
    },
  });
  if (!read.ok) return read;
  const found = new Map<string, string>();
  for (const [key, { id }] of links) {
    const text = texts.get(id);
    if (text !== undefined) found.set(key, text);
  }
  return ok(found);
}

/** Both ends of a comparison of commits, and nothing else of the repository. */
export async function readBothTrees(
  repository: Repository,
  base: string | null,
  head: string,
): Promise<Result<{ readonly before: CommitTree; readonly after: CommitTree }, Failure>> {
  const before = await readCommitTree(repository, base);
  if (!before.ok) return before;
  const after = await readCommitTree(repository, head);
  return after.ok ? ok({ before: before.value, after: after.value }) : after;
}

/** A blob of the repository that nobody has read; what a file on disk holds has a size already. */
function isUnread(node: Node | null): node is Node {
  return node !== null && hasBytes(node.mode) && node.size === null && node.bytes === null;
}
