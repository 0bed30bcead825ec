/**
 * The repositories in a work tree that its own index names (submodules): `git status` of the work tree around them
 * starts git in each, with that one's configuration.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Failure } from '../core/failure.ts';
import { ok, type Result } from '../core/result.ts';
import { readBounded } from './bounded-read.ts';
import { nulRecords, runGit } from './git-command.ts';
import type { Limit } from './limit.ts';
import { fsPathOf } from './path-bytes.ts';
import { askWithin, type RepositoryOptions } from './repository-question.ts';
import { findWorkTree, type WorkTree } from './work-tree.ts';

/** Submodules of submodules; more is a loop. */
const MAX_DEPTH = 16;
const INDEX_BYTES = 2 ** 31 - 1;

/** The mode of a gitlink as an index has it (gitformat-index(5)): without these bytes there is none. */
const GITLINK_MODE = Buffer.from([0x00, 0x00, 0xe0, 0x00]);

/** Their folders, absolute, those inside of them too. `git_failed` where git cannot list them. */
export async function gitlinksIn(
  tree: WorkTree,
  how: Pick<RepositoryOptions, 'environment' | 'scratch'> & { readonly limit: Limit },
  depth = 0,
): Promise<Result<readonly string[], Failure>> {
  if (depth > MAX_DEPTH || !mayHoldGitlinks(tree.gitDir)) return ok([]);
  const top = { ...tree, root: tree.topLevel, prefix: '' };
  const found = await askWithin(top, how, async ({ folder, call }) => {
    const folders: string[] = [];
    const take = nulRecords((record) => {
      if (!record.startsWith('160000 ')) return;
      folders.push(String(fsPathOf(record.slice(record.indexOf('\t') + 1))));
    });
    const run = await runGit({
      ...call,
      args: ['ls-files', '-z', '--stage'],
      repository: folder.withIndex,
      onChunk: take,
    });
    return run.ok ? ok(folders.map((path) => join(tree.topLevel, path))) : run;
  });
  if (!found.ok) return found;
  const all: string[] = [...found.value];
  for (const folder of found.value) {
    const inner = findWorkTree(folder);
    // One that is not checked out, or that leads nowhere, holds nothing of its own.
    if (!inner.ok || inner.value === null || inner.value.topLevel !== folder) continue;
    const deeper = await gitlinksIn(inner.value, how, depth + 1);
    if (!deeper.ok) return deeper;
    all.push(...deeper.value);
  }
  return ok(all);
}

/** What cannot be read is for git to complain about. */
function mayHoldGitlinks(gitDir: string): boolean {
  const shared = entriesOf(gitDir).filter((name) => name.startsWith('sharedindex.'));
  return ['index', ...shared].some((name) => {
    const read = readBounded(join(gitDir, name), INDEX_BYTES);
    return read.kind === 'bytes' ? read.bytes.includes(GITLINK_MODE) : read.kind !== 'absent';
  });
}

function entriesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
