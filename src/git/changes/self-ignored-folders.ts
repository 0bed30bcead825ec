/**
 * Folders that hide themselves: their own `.gitignore` ignores what is in them, itself too, as the evidence of a run
 * does. Those that were there before a run are not what the run changes.
 */
import type { Failure } from '../../core/failure.ts';
import { ok, type Result } from '../../core/result.ts';
import { collect } from '../list-paths.ts';
import { askRepository, type RepositoryOptions } from '../repository-question.ts';
import { findWorkTree } from '../work-tree.ts';
import { isIgnoreFile } from './hidden-files.ts';
import { pathName } from './path-name.ts';

/** Their paths from repo-root, with `/`; empty outside git. A name that is no UTF-8 is left out. `git_failed` as git fails. */
export async function selfIgnoredFolders(
  root: string,
  options: RepositoryOptions,
): Promise<Result<readonly string[], Failure>> {
  const tree = findWorkTree(root);
  if (!tree.ok) return tree;
  if (tree.value === null) return ok([]);
  return askRepository(tree.value, options, async ({ folder, call }) => {
    const args = ['ls-files', '-z', '--others', '--ignored', '--exclude-per-directory=.gitignore'];
    const ignored = await collect(
      { ...call, args, repository: folder.withoutIndex },
      (key) => !isIgnoreFile(key),
    );
    if (!ignored.ok) return ignored;
    const folders = [...ignored.value].flatMap((key) => {
      const { name, isText } = pathName(key);
      const slash = name.lastIndexOf('/');
      return isText && slash > 0 ? [name.slice(0, slash)] : [];
    });
    return ok(folders.sort());
  });
}
