import type { GitEnvironment } from '../git-environment.ts';
import { readHead } from '../head.ts';
import type { Limit } from '../limit.ts';
import { fsPathOf, keyOf } from '../path-bytes.ts';
import { askWithin } from '../repository-question.ts';
import type { TreeEntries } from '../tree-listing.ts';
import { dotGitOf } from '../work-tree.ts';
import { readCommitTree, type TreeNode } from './commit-tree.ts';
import { readFileNode } from './read-file.ts';
import { sameNode } from './side.ts';

/** Submodules of submodules; more is a loop. */
const MAX_DEPTH = 16;

/** Where the content of a submodule is found. */
export interface SubmoduleContent {
  /** Absolute: what the keys of `entries` start from. */
  readonly top: string;
  readonly entries: TreeEntries;
  readonly buffer: Buffer;
  readonly environment: GitEnvironment;
  readonly scratch: string;
  readonly limit: Limit;
}

export interface Submodule {
  readonly key: string;
  /** What the content tree has there: `repo -`, or `folder -` where it is not checked out. */
  readonly identity: string;
  /** What the tree around it records. */
  readonly commit: string;
}

/**
 * Whether a submodule is not checked out, or is at its recorded commit with exactly that commit's content. What cannot
 * be read is not.
 */
export async function holdsWhatIsRecorded(
  content: SubmoduleContent,
  at: Submodule,
  depth = 0,
): Promise<boolean> {
  const prefix = `${at.key}/`;
  const inside = new Map([...content.entries].filter(([key]) => key.startsWith(prefix)));
  if (at.identity === 'folder -') return inside.size === 0;
  if (at.identity !== 'repo -' || depth > MAX_DEPTH) return false;
  const recorded = await recordedTree(content, at);
  if (recorded === null) return false;
  for (const [key, node] of recorded) {
    const identity = inside.get(prefix + key) ?? 'absent -';
    if (!(await isRecorded(content, { key: prefix + key, identity }, node, depth))) return false;
  }
  const nested = [...recorded].filter(([, node]) => node.mode === 'submodule').map(([key]) => `${key}/`);
  return [...inside].every(([full, identity]) => {
    const key = full.slice(prefix.length);
    return identity === 'absent -' || recorded.has(key) || nested.some((deeper) => key.startsWith(deeper));
  });
}

async function recordedTree(
  content: SubmoduleContent,
  at: Submodule,
): Promise<ReadonlyMap<string, TreeNode> | null> {
  const folder = String(fsPathOf(`${keyOf(content.top)}/${at.key}`));
  const dotGit = dotGitOf(folder);
  if (dotGit.kind !== 'repository') return null;
  const head = readHead(dotGit);
  if (!head.ok || head.value.kind !== 'head' || head.value.commit !== at.commit) return null;
  const { gitDir, commonDir } = dotGit;
  const tree = { root: folder, topLevel: folder, prefix: '', gitDir, commonDir };
  const recorded = await askWithin(tree, content, (open) => readCommitTree(open, at.commit));
  return recorded.ok ? recorded.value : null;
}

async function isRecorded(
  content: SubmoduleContent,
  found: { readonly key: string; readonly identity: string },
  node: TreeNode,
  depth: number,
): Promise<boolean> {
  if (node.mode === 'submodule') {
    return holdsWhatIsRecorded(content, { ...found, commit: node.id }, depth + 1);
  }
  if (!/^(?:file|exec|link) /.test(found.identity)) return false;
  const read = await readFileNode({
    ...content,
    path: `${keyOf(content.top)}/${found.key}`,
    identity: found.identity,
    algorithm: node.id.length === 64 ? 'sha256' : 'sha1',
  });
  return read.ok && sameNode(read.value, { ...node, size: null, bytes: null });
}
