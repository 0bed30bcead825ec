import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ok } from '../../core/result.ts';
import { loadConfig } from '../../formats/stored-config.ts';
import { loadRepoRoot } from '../../formats/stored-path.ts';
import { findWorkTree, type WorkTree } from '../../git/work-tree.ts';
import { kindAt } from '../../store/file-kind.ts';
import { randomHex } from '../../system/ids.ts';
import type { ReadEvidence } from '../examine-evidence.ts';
import { type Check, remark, requiredCheck } from './check.ts';
import type { OperationIo } from './operation-io.ts';

const NAME = 'work tree';

/** repo-root as it is here and now. */
export interface RepoHere {
  /** Absolute. */
  readonly root: string;
  /** Why it is not the folder that the run was about; null where it can be. */
  readonly absent: string | null;
  readonly workTree: WorkTree | null;
}

/** Looks for the repository that the evidence names; evidence that was copied has often lost it. */
export function findRepo(evidence: ReadEvidence): RepoHere {
  const { repo } = evidence.checkpoint.run;
  const root = loadRepoRoot(repo.root, evidence.paths.outDir);
  if (kindAt(root) !== 'a folder') {
    return { root, absent: `repo-root ${root} is not here`, workTree: null };
  }
  const found = findWorkTree(root);
  if (!found.ok) return { root, absent: found.failure.message, workTree: null };
  if (repo.is_git && found.value === null) {
    return { root, absent: `repo-root ${root} is no git work tree here`, workTree: null };
  }
  return { root, absent: null, workTree: found.value };
}

/**
 * The content that is there against the content tree that validation judged. Outside git there is nothing to
 * compare: that is said, and recorded, and not held against the run (spec section 3).
 */
export async function checkWorkTree(evidence: ReadEvidence, repo: RepoHere, io: OperationIo): Promise<Check> {
  const { run } = evidence.checkpoint;
  const tree = run.state.status === 'pending' ? null : run.state.progress.tree;
  if (tree === null) return remark(NAME, 'not-checked', 'validation has not taken a content tree yet');
  if (repo.absent !== null) {
    return requiredCheck(NAME, 'not-checked', `${repo.absent}: what was validated cannot be compared`);
  }
  if (tree.digest === null && repo.workTree === null) {
    return remark(NAME, 'not-checked', 'repo-root is no git work tree: its content was never recorded');
  }
  const compared = await compareWith(tree.digest, evidence, repo, io);
  if (!compared.ok) return requiredCheck(NAME, 'not-checked', compared.failure.message);
  const { same, summary } = compared.value;
  return same
    ? requiredCheck(NAME, 'ok', `as it was validated, digest ${tree.digest?.slice(0, 12) ?? 'none'}`)
    : requiredCheck(NAME, 'failed', `WORKTREE_CHANGED_SINCE_VALIDATION: ${summary}`);
}

/** Git wants a folder for its private files: one outside the evidence, which may be read-only. */
async function compareWith(digest: string | null, evidence: ReadEvidence, repo: RepoHere, io: OperationIo) {
  const { paths, checkpoint } = evidence;
  const { createTreeWatch } = await import('../run/tree-watch.ts');
  const { ownFiles } = await import('../run/paths.ts');
  const { plan } = loadConfig(checkpoint.run.config, paths.outDir, repo.root);
  const scratch = mkdtempSync(join(io.tmpdir, 'orchestrator-verify-'));
  try {
    return await createTreeWatch({
      root: repo.root,
      workTree: repo.workTree,
      excludes: ownFiles(paths, plan),
      ignoreGlobs: plan.treeIgnore,
      env: io.env,
      marks: {},
      scratch: () => ok(scratch),
      artifacts: paths.artifacts,
      outDir: paths.outDir,
      random: () => randomHex(8),
      now: io.now,
      signal: new AbortController().signal,
    }).compare(digest);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
