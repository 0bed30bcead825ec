import type { Failure } from '../../core/failure.ts';
import { compareGitSettings, type GitSetting } from '../../core/git-settings.ts';
import { ok, type Result } from '../../core/result.ts';
import type { RunDocument } from '../../core/run-document.ts';
import type { WorkTree } from '../../git/work-tree.ts';
import { compileNames, type NameMatcher } from '../../process/name-globs.ts';
import type { RunContext } from './context.ts';
import { gitScratch } from './paths.ts';

/** The settings of the run's repository as they are now; null outside git. */
export async function takeGitSettings(
  context: RunContext,
  workTree: WorkTree | null = context.workTree,
): Promise<Result<readonly GitSetting[] | null, Failure>> {
  if (workTree === null) return ok(null);
  const scratch = gitScratch(context.paths);
  if (!scratch.ok) return scratch;
  const { readGitSettings } = await import('../../git/git-settings.ts');
  const { env } = context.ports;
  return readGitSettings(workTree, {
    environment: { path: env.PATH ?? '', home: env.HOME ?? null },
    scratch: scratch.value,
    signal: context.abort,
  });
}

/** Changes of the settings in words, by whether the operator accepts them. */
export interface ChangedSettings {
  readonly refused: readonly string[];
  readonly accepted: readonly string[];
}

/**
 * What stages have changed of it since the run began. A done run that is only verified again is not asked: what was changed after it is not of its stages.
 */
export async function changedGitSettings(
  context: RunContext,
  document: RunDocument,
): Promise<Result<ChangedSettings, Failure>> {
  const before = document.git_settings;
  const verifying = document.state.status !== 'pending' && document.state.progress.closed !== null;
  if (verifying) return ok({ refused: [], accepted: [] });
  const { findWorkTree } = await import('../../git/work-tree.ts');
  const found = findWorkTree(context.plan.repoRoot);
  if (!found.ok) return found;
  const now = await takeGitSettings(context, found.value);
  if (!now.ok) return now;
  const accepted = await acceptedNames(context.plan.acceptGitChange);
  const changed = compareGitSettings(before ?? newRepository(now.value), now.value ?? []);
  const inWords = (meant: boolean) =>
    changed.filter((one) => accepted(one.name) === meant).map((one) => `${one.change} ${one.name}`);
  return ok({ refused: inWords(false), accepted: inWords(true) });
}

/** As people write them: git reads keys in any case, and `core.hooksPath` means the one in `config`. */
async function acceptedNames(patterns: readonly string[]): Promise<NameMatcher> {
  const matches = await compileNames(patterns.map((one) => one.toLowerCase()));
  return (name) => [name, name.replace(/^config /, '')].some((one) => matches(one.toLowerCase()));
}

/** A stage may make a repository where none was: that it is there is no setting, what is set in it is one. */
function newRepository(now: readonly GitSetting[] | null): readonly GitSetting[] {
  return (now ?? []).filter((one) => one.name === '.git');
}
