import { failure } from '../../core/failure.ts';
import { REASON_CODES } from '../../core/gates/gate.ts';
import type { ArtifactRecord } from '../../core/records.ts';
import type { RunDocument } from '../../core/run-document.ts';
import { displayPath, loadPath, type StoredRoots } from '../../formats/stored-path.ts';
import { verifyArtifacts } from '../../store/artifacts/verify-artifacts.ts';
import type { RunContext } from './context.ts';
import { type Deed, readSignals, treeIdentity } from './gates.ts';
import { changedGitSettings } from './git-settings.ts';

/** Closure: every artifact that counts is still what it was when it was judged. */
export async function checkEvidence(context: RunContext, document: RunDocument): Promise<Deed> {
  const [changed] = changedArtifacts(document.artifacts, context.roots);
  if (changed === undefined) {
    context.evidence.audit('artifacts-verified', { count: document.artifacts.length });
    return checkGitSettings(context, document);
  }
  return {
    document,
    event: {
      type: 'broke',
      failure: failure('artifact_changed', changed.message, { stage: changed.stage, remedy: changed.remedy }),
    },
  };
}

/** What a stage has planted in the repository would be run by the next who works there: it blocks, by name. */
async function checkGitSettings(context: RunContext, document: RunDocument): Promise<Deed> {
  const found = await changedGitSettings(context, document);
  if (!found.ok)
    return { document, event: { type: 'broke', failure: { ...found.failure, stage: 'closure' } } };
  const accepted = found.value.accepted.map(context.mask.text);
  if (accepted.length > 0) {
    context.evidence.audit('git-settings-accepted', { changes: accepted });
    context.observeCommitted({ type: 'notice', text: `accepted git changes: ${accepted.join(', ')}` });
  }
  const changes = found.value.refused.map(context.mask.text);
  if (changes.length === 0) return { document, event: { type: 'evidence-checked', changed: null } };
  context.evidence.audit('git-settings-changed', { changes });
  const signals = readSignals(context, document, treeIdentity(document));
  return {
    document: { ...document, git_changes: changes },
    event: { type: 'evidence-checked', changed: { code: REASON_CODES.git, signals } },
  };
}

export interface ChangedArtifact {
  readonly stage: string;
  readonly message: string;
  readonly remedy: string;
}

/** One per artifact that is not as it was, naming its stage and the way on. */
export function changedArtifacts(
  artifacts: readonly ArtifactRecord[],
  roots: StoredRoots,
): readonly ChangedArtifact[] {
  const recorded = artifacts.map((record) => ({
    record,
    path: loadPath(record.path, roots),
    copy: loadPath(`out:${record.copy}`, roots),
    sha256: record.sha256,
    bytes: record.bytes,
  }));
  return verifyArtifacts(recorded, [roots.outDir, roots.repoRoot]).map(
    ({ artifact: { record }, problem }) => ({
      stage: record.stage,
      message: `the artifact ${displayPath(record.path)} of the completed stage ${record.stage}: ${problem}`,
      remedy: `put it back as it was, or --resume --rerun-from ${record.stage}`,
    }),
  );
}
