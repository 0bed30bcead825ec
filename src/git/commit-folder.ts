/**
 * A folder of a commit, for policies: what decides must be what the commit's id stands for. Git does not compare an
 * object with its name when it reads one, and a stage may have written into the repository's objects; so every object
 * on the way, commit, trees and files, is hashed here.
 */
import { relative, resolve, sep } from 'node:path';
import type { Failure } from '../core/failure.ts';
import {
  folderProblem,
  isPlainName,
  POLICY_FOLDER_LIMITS,
  type PolicyFolder,
  type PolicyFolderProblem,
} from '../core/gates/policy-folder.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { folderDigest } from '../formats/folder-listing.ts';
import { isWithin, keyOf } from './path-bytes.ts';
import { askRepository, type OpenRepository, type RepositoryOptions } from './repository-question.ts';
import { isTreeMode, parseTreeObject, type TreeEntry, treeOfCommit } from './tree-object.ts';
import { readVerifiedObject } from './verified-object.ts';
import { findWorkTree, type WorkTree } from './work-tree.ts';

export interface CommitFolderRequest extends RepositoryOptions {
  /** Repo-root, absolute. */
  readonly root: string;
  /** Full object id. */
  readonly commit: string;
  /** Below repo-root, absolute or relative to it. */
  readonly dir: string;
}

type Read<Value> = Result<Value, PolicyFolderProblem>;

/** Reads all regular files of a folder of a commit. Links, submodules, odd names and too much of it are problems. */
export async function readCommitFolder(request: CommitFolderRequest): Promise<Read<PolicyFolder>> {
  const { root, dir, commit } = request;
  const tree = findWorkTree(root);
  if (!tree.ok) return fail(unreadable(tree.failure));
  if (tree.value === null) return fail(folderProblem('policy_missing', `${root} is in no git repository`));
  const parts = partsOf(tree.value, resolve(root, dir), root);
  if (parts === null) return fail(folderProblem('policy_unsafe', `${dir} is not below ${root}`));
  const asked = await askRepository<Read<PolicyFolder>>(tree.value, request, async (repository) =>
    ok(await readParts(repository, commit, parts)),
  );
  return asked.ok ? asked.value : fail(unreadable(asked.failure));
}

/** The folder's names from the top of the work tree on; null where it does not lie in repo-root. */
function partsOf(tree: WorkTree, folder: string, root: string): readonly string[] | null {
  const around = [resolve(root), tree.root].find((one) => isWithin(one, folder));
  if (around === undefined) return null;
  return [...tree.prefix.split('/'), ...relative(around, folder).split(sep)].filter((part) => part !== '');
}

async function readParts(
  repository: OpenRepository,
  commit: string,
  parts: readonly string[],
): Promise<Read<PolicyFolder>> {
  const bytes = await readVerifiedObject(repository, { type: 'commit', id: commit });
  if (!bytes.ok) return bytes;
  const top = treeOfCommit(bytes.value);
  if (top === null) return fail(BAD_OBJECT);
  let id = top;
  for (const [index, part] of parts.entries()) {
    const entries = await treeOf(repository, id);
    if (!entries.ok) return entries;
    const entry = entries.value.find(({ name }) => name === keyOf(part));
    const path = parts.slice(0, index + 1).join('/');
    if (entry === undefined) {
      return fail(folderProblem('policy_missing', `commit ${commit.slice(0, 12)} has no folder ${path}`));
    }
    if (!isTreeMode(entry.mode)) return fail(folderProblem('policy_unsafe', `${path}: ${NOT_A_FOLDER}`));
    id = entry.id;
  }
  const files = new Map<string, Uint8Array>();
  const problem = await addFiles(repository, { id, prefix: '', depth: 0 }, files);
  if (problem !== null) return fail(problem);
  if (files.size === 0) {
    return fail(
      folderProblem('policy_missing', `${parts.join('/')} is empty in commit ${commit.slice(0, 12)}`),
    );
  }
  return ok({ files, digest: folderDigest(files) });
}

interface Place {
  readonly id: string;
  /** Of the names in it, with `/` at the end. */
  readonly prefix: string;
  readonly depth: number;
}

async function addFiles(
  repository: OpenRepository,
  { id, prefix, depth }: Place,
  files: Map<string, Uint8Array>,
): Promise<PolicyFolderProblem | null> {
  const entries = await treeOf(repository, id);
  if (!entries.ok) return entries.failure;
  for (const entry of entries.value) {
    const path = `${prefix}${entry.name}`;
    if (!isPlainName(entry.name)) {
      return folderProblem('policy_unsafe', `${prefix}: expected names of letters, digits and ._@+- only`);
    }
    if (isTreeMode(entry.mode)) {
      if (depth === POLICY_FOLDER_LIMITS.depth) return folderProblem('policy_too_big', `${path} is too deep`);
      const inner = await addFiles(repository, { id: entry.id, prefix: `${path}/`, depth: depth + 1 }, files);
      if (inner !== null) return inner;
      continue;
    }
    const problem = await addFile(repository, { entry, path }, files);
    if (problem !== null) return problem;
  }
  return null;
}

async function addFile(
  repository: OpenRepository,
  { entry, path }: { readonly entry: TreeEntry; readonly path: string },
  files: Map<string, Uint8Array>,
): Promise<PolicyFolderProblem | null> {
  if (!/^100(?:644|755|664)$/.test(entry.mode)) {
    return folderProblem('policy_unsafe', `${path}: expected a regular file, got mode ${entry.mode}`);
  }
  if (files.size === POLICY_FOLDER_LIMITS.files) {
    return folderProblem('policy_too_big', `expected at most ${POLICY_FOLDER_LIMITS.files} files, got more`);
  }
  const bytes = await readVerifiedObject(repository, { type: 'blob', id: entry.id });
  if (!bytes.ok) return bytes.failure;
  files.set(path, bytes.value);
  const total = [...files.values()].reduce((sum, file) => sum + file.length, 0);
  return total <= POLICY_FOLDER_LIMITS.bytes
    ? null
    : folderProblem('policy_too_big', `expected at most ${POLICY_FOLDER_LIMITS.bytes} bytes, got more`);
}

async function treeOf(repository: OpenRepository, id: string): Promise<Read<readonly TreeEntry[]>> {
  const bytes = await readVerifiedObject(repository, { type: 'tree', id });
  if (!bytes.ok) return bytes;
  const entries = parseTreeObject(bytes.value, id.length / 2);
  return entries === null ? fail(BAD_OBJECT) : ok(entries);
}

const NOT_A_FOLDER = 'expected a folder, got a file, a link or a submodule';
const BAD_OBJECT = folderProblem(
  'policy_unreadable',
  'the repository holds an object that git did not write',
);

function unreadable({ message }: Failure): PolicyFolderProblem {
  return folderProblem('policy_unreadable', message);
}
