import { type Dirent, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  folderProblem,
  isPlainName,
  POLICY_FOLDER_LIMITS,
  type PolicyFolder,
  type PolicyFolderProblem,
} from '../core/gates/policy-folder.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { folderDigest } from '../formats/folder-listing.ts';
import { describeKind } from './file-kind.ts';
import { describeErrno, errnoOf } from './io-failure.ts';
import { readRegularFile } from './read-regular-file.ts';

/** Reads a policy folder that lies anywhere, and holds it to its digest: another content is `policy_moved`. */
export function readPinnedFolder(dir: string, digest: string): Result<PolicyFolder, PolicyFolderProblem> {
  const folder = readPolicyFolder(dir);
  if (!folder.ok || folder.value.digest === digest) return folder;
  const message = `expected the folder's digest to be ${digest}, got ${folder.value.digest}`;
  return fail(folderProblem('policy_moved', message));
}

/** Reads all regular files of a folder, absolute, with their digest. Links, odd names and too much of it are problems. */
export function readPolicyFolder(dir: string): Result<PolicyFolder, PolicyFolderProblem> {
  const files = new Map<string, Uint8Array>();
  try {
    const stats = lstatSync(dir);
    if (!stats.isDirectory()) {
      return fail(folderProblem('policy_unsafe', `${dir}: expected a folder, got ${describeKind(stats)}`));
    }
    const problem = addFolder({ dir, prefix: '', depth: 0 }, files);
    if (problem !== null) return fail(problem);
  } catch (error) {
    const errno = errnoOf(error);
    const code = errno === 'ENOENT' || errno === 'ENOTDIR' ? 'policy_missing' : 'policy_unreadable';
    return fail(folderProblem(code, `${dir}: ${describeErrno(errno)}`));
  }
  if (files.size === 0) return fail(folderProblem('policy_missing', `${dir} is empty`));
  return ok({ files, digest: folderDigest(files) });
}

interface Place {
  readonly dir: string;
  /** Of the names in it, with `/` at the end. */
  readonly prefix: string;
  readonly depth: number;
}

function addFolder(
  { dir, prefix, depth }: Place,
  files: Map<string, Uint8Array>,
): PolicyFolderProblem | null {
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    const path = `${prefix}${entry.name}`;
    if (!isPlainName(entry.name)) {
      return folderProblem('policy_unsafe', `${dir}: expected names of letters, digits and ._@+- only`);
    }
    const problem = entry.isDirectory()
      ? addInner({ dir: join(dir, entry.name), prefix: `${path}/`, depth: depth + 1 }, files)
      : addFile(join(dir, entry.name), { path, entry }, files);
    if (problem !== null) return problem;
  }
  return null;
}

function addInner(place: Place, files: Map<string, Uint8Array>): PolicyFolderProblem | null {
  if (place.depth > POLICY_FOLDER_LIMITS.depth) {
    return folderProblem('policy_too_big', `${place.dir} is too deep`);
  }
  return addFolder(place, files);
}

function addFile(
  file: string,
  { path, entry }: { readonly path: string; readonly entry: Dirent },
  files: Map<string, Uint8Array>,
): PolicyFolderProblem | null {
  if (!entry.isFile()) {
    return folderProblem('policy_unsafe', `${file}: expected a regular file, got ${describeKind(entry)}`);
  }
  if (files.size === POLICY_FOLDER_LIMITS.files) {
    return folderProblem('policy_too_big', `expected at most ${POLICY_FOLDER_LIMITS.files} files, got more`);
  }
  const held = [...files.values()].reduce((sum, bytes) => sum + bytes.length, 0);
  const found = readRegularFile(file, POLICY_FOLDER_LIMITS.bytes);
  if (found.kind === 'missing') return folderProblem('policy_unreadable', `${file} has gone`);
  if (found.kind === 'unreadable') return folderProblem('policy_unreadable', `${file}: ${found.problem}`);
  const bytes = found.kind === 'empty' ? new Uint8Array() : found.bytes;
  if (held + bytes.length > POLICY_FOLDER_LIMITS.bytes) {
    return folderProblem('policy_too_big', `expected at most ${POLICY_FOLDER_LIMITS.bytes} bytes, got more`);
  }
  files.set(path, bytes);
  return null;
}
