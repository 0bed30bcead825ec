import { type Failure, failure } from '../../core/failure.ts';
import { bindToTree } from '../../core/gates/collect-signals.ts';
import type { Effect } from '../../core/machine/effect.ts';
import type { RunDocument } from '../../core/run-document.ts';
import type { RunContext } from './context.ts';
import { type Deed, readSignals, treeIdentity } from './gates.ts';

/** Takes the content tree that validation will judge. */
export async function takeTree(context: RunContext, document: RunDocument): Promise<Deed> {
  const taken = await context.treeWatch.take();
  if (!taken.ok) return { document, event: { type: 'broke', failure: inStage(taken.failure, document) } };
  const tree = taken.value;
  if (tree.kind === 'not-a-work-tree') {
    if (document.repo.is_git)
      return { document, event: { type: 'broke', failure: noMore(context, document) } };
    context.evidence.audit('tree-taken', { is_git: false });
    return {
      document: { ...document, repo: { ...document.repo, is_git: false, tree_digest: null } },
      event: { type: 'tree-taken', digest: null },
    };
  }
  const { digest, head, dirty, files } = tree;
  context.evidence.audit('tree-taken', { is_git: true, digest, head, dirty, files });
  const repo = {
    ...document.repo,
    is_git: true,
    head,
    dirty,
    tree_digest: digest,
    validated_commit: null,
  };
  return {
    document: await withValidatedCommit(context, { ...document, repo }),
    event: { type: 'tree-taken', digest },
  };
}

/** Only a signature names it, and only then it is worth the look. What cannot be compared is not named. */
async function withValidatedCommit(context: RunContext, document: RunDocument): Promise<RunDocument> {
  const { head } = document.repo;
  if (context.request.signKey === null || head === null) return document;
  const { judgedChange } = await import('./gate-sources/judged-change.ts');
  const match = await judgedChange(context, document).match(head);
  const holds = match.ok && match.value?.same === true;
  return { ...document, repo: { ...document.repo, validated_commit: holds ? head : null } };
}

/** Without git nothing could be compared any more: a stage that takes it away would be judged by nobody. */
function noMore(context: RunContext, document: RunDocument): Failure {
  const why = failure(
    'git_failed',
    `repo-root ${context.plan.repoRoot} was a git work tree when the run began and is none now`,
    { remedy: 'put its .git back as it was, then --resume; or start a fresh run without --resume' },
  );
  return inStage(why, document);
}

/** Compares the content tree with the one that was taken; a difference blocks, and names the first paths. */
export async function compareTree(
  context: RunContext,
  document: RunDocument,
  effect: Effect & { type: 'compare-tree' },
): Promise<Deed> {
  const compared = await context.treeWatch.compare(effect.tree.digest);
  if (!compared.ok)
    return { document, event: { type: 'broke', failure: inStage(compared.failure, document) } };
  const { same, count } = compared.value;
  const mask = context.mask.text;
  const summary = mask(compared.value.summary);
  const changed = compared.value.changed.map((one) => ({ ...one, path: mask(one.path) }));
  context.evidence.audit('tree-compared', { same, digest: effect.tree.digest, summary, changed, count });
  if (!same)
    context.observeCommitted({ type: 'notice', text: `the work tree changed since validation: ${summary}` });
  const tree = treeIdentity(document);
  const signals = readSignals(context, document, tree);
  // What was asserted was said of the tree that was taken: it does not hold for the one that is there now.
  const assertions = same || tree === null ? document.assertions : bindToTree(document.assertions, tree);
  return {
    document: {
      ...document,
      assertions,
      worktree_changes: changed.map((one) => `${one.change} ${one.path}`),
    },
    event: { type: 'tree-compared', same, signals },
  };
}

function inStage<Why extends { stage: string | null }>(why: Why, document: RunDocument): Why {
  if (document.state.status === 'pending' || why.stage !== null) return why;
  return { ...why, stage: document.state.progress.stage };
}
