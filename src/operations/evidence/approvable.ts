import { pinnedCommit } from '../../core/document/pinned-commit.ts';
import { type Failure, failure } from '../../core/failure.ts';
import type { GateName } from '../../core/gates/gate.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import type { RunDocument } from '../../core/run-document.ts';
import { planDigest } from '../../formats/approval.ts';
import { displayPath, loadRepoRoot, type StoredRoots } from '../../formats/stored-path.ts';
import type { ExamineRequest } from '../examine-evidence.ts';
import { checksOf } from '../verify.ts';
import type { Check } from './check.ts';
import { findRepo } from './check-work-tree.ts';
import { examinePlace } from './locate-evidence.ts';
import { noRun } from './no-run.ts';
import type { OperationIo } from './operation-io.ts';

/** A run that somebody can say a word on, and what that word is bound to. */
export interface Approvable {
  readonly run: RunDocument;
  /** Real path. */
  readonly outDir: string;
  readonly roots: StoredRoots;
  /** The work tree that the run is about, where it is here; else null. */
  readonly workTree: string | null;
  readonly head: string | null;
  readonly tree: string | null;
  readonly plan: string | null;
  readonly shown: ShownRun;
}

/** What an approver is shown of a run. */
export interface ShownRun {
  /** `blocked: GATE_REVIEW_NOT_APPROVED`. */
  readonly state: string;
  readonly artifacts: readonly { readonly path: string; readonly sha256: string }[];
  readonly artifact_count: number;
  /** Whether the content that is there is what was validated, in words. */
  readonly work_tree: string;
}

const SHOWN_ARTIFACTS = 10;

/**
 * Reads and verifies the evidence of a run as `verify` does. `precondition` (exit 2) where there is no run, nothing
 * validated or nothing to bind to; exit 1 where the evidence does not hold.
 */
export async function readApprovable(
  request: ExamineRequest & { readonly gate: GateName },
  io: OperationIo,
): Promise<Result<Approvable, Failure>> {
  const examined = await examinePlace(request);
  if (examined.kind === 'unreadable') return fail(examined.failure);
  if (examined.kind === 'nothing') return fail(noRun(examined));
  const { run } = examined.checkpoint;
  const bound = boundTo(run, request.gate);
  if (!bound.ok) return bound;
  const { head, tree, plan } = bound.value;
  const checks = await checksOf(examined, {}, io);
  const refused = refuseChecks(checks);
  if (!refused.ok) return refused;
  const repo = findRepo(examined);
  return ok({
    run,
    outDir: examined.paths.outDir,
    roots: {
      outDir: examined.paths.outDir,
      repoRoot: loadRepoRoot(run.repo.root, examined.paths.outDir),
    },
    workTree: repo.absent === null ? (repo.workTree?.topLevel ?? repo.root) : null,
    head,
    tree,
    plan,
    shown: shownOf(run, checks),
  });
}

type Bound = Pick<Approvable, 'head' | 'tree' | 'plan'>;

/**
 * What a word is bound to: commit and content that were validated; or, where policy is asked before the execution, the
 * plan alone. Such a word admits, and does not close: at closure there is a content to be judged.
 */
function boundTo(run: RunDocument, gate: GateName): Result<Bound, Failure> {
  const plan = planDigest(run.artifacts);
  const admits = run.state.status === 'blocked' && run.state.progress.stage === 'policy_ingestion';
  if (gate === 'policy' && admits && plan !== null) return ok({ head: null, tree: null, plan });
  const validated = validatedTree(run);
  if (!validated.ok) return validated;
  const head = pinnedCommit(run);
  const tree = validated.value;
  if (head !== null || tree !== null) return ok({ head, tree, plan });
  const what = `${run.run_id}: outside git there is neither a commit nor a content tree to approve`;
  return fail(failure('precondition', what, { remedy: 'give the gate by its status flag' }));
}

/** The content tree that validation has judged, and passed. */
function validatedTree(run: RunDocument): Result<string | null, Failure> {
  const { state } = run;
  const progress = state.status === 'pending' ? null : state.progress;
  if (progress !== null && progress.tree !== null && progress.completed.includes('validation')) {
    return ok(progress.tree.digest);
  }
  const what = `${run.run_id}: nothing has been validated yet, so there is nothing to approve`;
  return fail(failure('precondition', what, { remedy: 'approve when the run has come to closure' }));
}

/** A repository that is not here is told; what is here and does not hold, or is missing, is not approved. */
function refuseChecks(checks: readonly Check[]): Result<void, Failure> {
  const open = checks.find(
    (one) => one.required && one.verdict !== 'ok' && !(one.verdict === 'not-checked' && mayBeAway(one)),
  );
  if (open === undefined) return ok(undefined);
  const message = `${open.name}: ${open.detail}`;
  return open.name === 'work tree'
    ? fail(
        failure('precondition', message, {
          remedy: 'what is there was not validated: --resume --rerun-from validation',
        }),
      )
    : fail(failure('evidence_tampered', message, { remedy: 'orchestrator verify says more' }));
}

function mayBeAway(check: Check): boolean {
  return ['work tree', 'artifact files'].includes(check.name);
}

function shownOf(run: RunDocument, checks: readonly Check[]): ShownRun {
  const codes = run.blocked_reason_codes;
  const workTree = checks.find((one) => one.name === 'work tree');
  return {
    state: codes.length === 0 ? run.state.status : `${run.state.status}: ${codes.join(', ')}`,
    artifacts: run.artifacts
      .slice(0, SHOWN_ARTIFACTS)
      .map(({ path, sha256 }) => ({ path: displayPath(path), sha256 })),
    artifact_count: run.artifacts.length,
    work_tree: workTree?.verdict === 'ok' ? workTree.detail : `not checked: ${workTree?.detail ?? ''}`,
  };
}
